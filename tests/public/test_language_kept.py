"""The language of a reporter's pages is kept with the report, so that whoever writes to them later can speak it."""

import pytest
from django.utils.translation import gettext, override

from amparo.cases.notice import Notice
from amparo.cases.words import Seen
from amparo.plugins import certificate_keys, installation
from amparo.records import models
from amparo.signed_note import open_note, read_keys
from tests.public.staff import Staff
from tests.public.test_certificate import _works
from tests.public.visitor import Visitor


def _notice() -> Notice:
    notice = installation().casebook.notice(models.Notice.objects.get().id)
    assert notice is not None
    return notice


def _times_answered() -> int:
    return models.Event.objects.filter(type="LanguageAnswered").count()


@pytest.mark.parametrize("language", ["en", "fr", "nb", "pl"])
def test_a_report_keeps_the_language_that_its_pages_stood_in(visitor: Visitor, post: str, language: str) -> None:
    visitor.client.cookies["amparo_language"] = language
    visitor.report_and_send(post)
    assert _notice().language == language
    assert _times_answered() == 1, "each form says it, and only what is new is written down"


def test_a_form_in_another_language_changes_it_and_looking_does_not(visitor: Visitor, post: str) -> None:
    visitor.client.cookies["amparo_language"] = "pl"
    visitor.report_and_send(post)
    visitor.client.cookies["amparo_language"] = "nb"
    visitor.look("/u/page")
    assert _notice().language == "pl"
    visitor.send("/u/answers", country="NO")
    assert _notice().language == "nb"


def test_a_language_that_nobody_speaks_here_is_not_kept(visitor: Visitor, post: str) -> None:
    visitor.client.cookies["amparo_language"] = "<script>"
    visitor.report_and_send(post)
    assert _notice().language == "en"


@pytest.mark.parametrize("language", ["en", "fr", "nb", "pl"])
def test_a_certificate_speaks_the_reporters_language(visitor: Visitor, staff: Staff, post: str, language: str) -> None:
    visitor.client.cookies["amparo_language"] = language
    visitor.report_and_send(post)
    staff.sees(post, Seen.HIDDEN)
    staff.removes(post)
    staff.sees(post, Seen.GONE)
    _works()
    text = open_note(visitor.client.get("/u/certificate.txt").content, read_keys(certificate_keys()))[0]
    with override(language):
        assert gettext("Besides its links it names nobody.") in text
