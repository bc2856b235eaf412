"""The door of a practice home says so on every page, in the reader's language, and where help is."""

import pytest
from django.test import override_settings

from tests.public.visitor import Visitor

SAID = {
    "en": "This is a test. Nobody reads what is sent here.",
    "fr": "Ceci est un test. Personne ne lit ce qui est envoyé ici.",
    "nb": "Dette er en test. Ingen leser det som sendes her.",
    "pl": "To jest test. Nikt nie czyta tego, co tu trafia.",
}
PAGES = ("/", "/help", "/u/", "/embed?item=post:1", "/nowhere")


@pytest.mark.parametrize("code", SAID)
def test_every_page_of_a_practice_door_says_that_it_is_a_test(visitor: Visitor, code: str) -> None:
    with override_settings(IS_PRACTICE=True):
        pages = [visitor.client.get(path, HTTP_ACCEPT_LANGUAGE=code).content.decode() for path in PAGES]
    assert [path for path, page in zip(PAGES, pages, strict=True) if SAID[code] not in page] == []
    assert 'role="note"' in pages[0]
    assert pages[0].index('href="/help"') < pages[0].index("<main>")


def test_the_questions_and_the_receipt_say_so_too(visitor: Visitor, post: str) -> None:
    with override_settings(IS_PRACTICE=True):
        assert SAID["en"] in visitor.report(post).content.decode()
        assert SAID["en"] in visitor.report_and_send(f"{post}1").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_real_door_says_nothing_of_tests(visitor: Visitor, path: str) -> None:
    assert SAID["en"] not in visitor.client.get(path).content.decode()
