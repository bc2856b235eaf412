"""What pages say while the database is away: nothing of any report, and the same to everybody."""

import pytest

from tests.letters.catalogues import TRANSLATED
from tests.letters.leftovers import left_in_english
from tests.letters.pages import hard
from tests.public.visitor import Visitor
from tests.spool.machine import Machine, Outage


def test_the_private_page_claims_nothing_in_an_outage(visitor: Visitor, outage: Outage, post: str) -> None:
    visitor.report_and_send(post)
    visitor.open(visitor.code)
    with outage.away():
        answer = visitor.look("/u/page")
        assert answer.status_code == 503
        assert "Our books are away." in visitor.page
        assert "findahelpline.com" in visitor.page
        for claim in ("hidden", "gone", "removed", post):
            assert claim not in visitor.page
        for address in ("/u/certificate", "/u/certificate.txt"):
            assert visitor.look(address).status_code == 503
            assert "Our books are away." in visitor.page


def test_a_right_and_a_wrong_code_get_the_same_page_in_an_outage(
    visitor: Visitor, outage: Outage, empty_spool: object, post: str
) -> None:
    visitor.report_and_send(post)
    right = visitor.code
    pages = set()
    with outage.away():
        for code in (right, "ABCD-" * 6 + "AB", "nonsense"):
            answer = visitor.open(code)
            assert answer.status_code == 503
            pages.add(visitor.page)
    assert len(pages) == 1


def test_a_code_is_not_called_wrong_while_its_report_may_wait_and_every_unknown_one_is_told_the_same(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
        right = visitor.code
    pages = set()
    for code in (right, "ABCD-" * 6 + "AB", "nonsense"):
        assert visitor.open(code).status_code == 503
        assert "This code opens no page." not in visitor.page
        assert "We have not yet taken in everything that came" in visitor.page
        pages.add(visitor.page)
    assert len(pages) == 1
    assert machine.taking_in.look() == 0
    visitor.open(right)
    assert "We received it at" in visitor.page
    assert visitor.open("nonsense").status_code == 400


def test_whoever_has_no_draft_gets_no_question_in_an_outage(visitor: Visitor, machine: Machine, outage: Outage) -> None:
    with outage.away():
        for path in ("/report/who", "/report/check", "/u/page"):
            assert visitor.look(path).status_code == 403
        assert machine.names() == []


def test_the_first_page_and_the_help_lines_stand_in_an_outage(visitor: Visitor, outage: Outage) -> None:
    with outage.away():
        assert visitor.look("/help-me").status_code == 200
        assert visitor.look("/help").status_code == 200
        assert visitor.look("/healthz").status_code == 503


def test_what_is_said_in_an_outage_is_easy_to_read(
    visitor: Visitor, outage: Outage, empty_spool: object, post: str
) -> None:
    with outage.away():
        visitor.report(post)
        assert "We have what you sent." in visitor.page
        assert hard(visitor.text_of(visitor.last)) == []
        visitor.look("/report/who")
        assert hard(visitor.text_of(visitor.last)) == []
        visitor.look("/report/check")
        assert hard(visitor.text_of(visitor.last)) == []
        visitor.open("nonsense")
        assert hard(visitor.text_of(visitor.last)) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_an_outage_is_told_in_each_language_and_choosing_one_loses_nothing(
    visitor: Visitor, outage: Outage, empty_spool: object, post: str, code: str
) -> None:
    def wrong() -> list[str]:
        page = visitor.text_of(visitor.last)
        assert f'<html lang="{code}">' in page
        return [*left_in_english(page, code), *hard(page, code)]

    visitor.look(f"/language?language={code}&back=start")
    with outage.away():
        visitor.report(post)
        own = visitor.code
        assert wrong() == []
        visitor.send("/language/kept", language="en", code=own, next_page="who")
        assert (visitor.code, "Go on to the questions" in visitor.page) == (own, True)
        visitor.send("/language/receipt", language=code, code=own, next_page="who")
        assert (visitor.code, wrong()) == (own, [])
        for path in ("/report/who", "/report/age", "/report/how", "/report/check"):
            visitor.look(path)
            assert wrong() == []
        visitor.send("/language/check", language=code, country="GB")
        assert '<option value="GB" selected>' in visitor.text_of(visitor.last)
        visitor.send("/report/check")
        visitor.look("/u/page")
        assert wrong() == []
        visitor.send("/language/page", language=code, words="He said so.")
        assert (wrong(), "He said so.</textarea>" in visitor.text_of(visitor.last)) == ([], True)


def test_an_office_is_taken_in_as_anybody_in_an_outage_and_what_it_said_of_itself_as_words(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    said = {
        "kind": "police",
        "office": "City police",
        "case_number": "K 9",
        "asks": "remove",
        "topic": "sexual_picture",
    }
    with outage.away():
        visitor.look("/officials")
        assert "Nobody gets data here." in visitor.page
        visitor.send("/officials", links=post, send="yes", country="", **said)
        assert "We have what you sent." in visitor.page
        code = visitor.code
    assert machine.taking_in.look() == 0
    visitor.open(code)
    assert "We received it at" in visitor.page
    assert "You wrote to us at" in visitor.page
