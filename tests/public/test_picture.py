"""The page for a picture that is not posted yet, without scripts: what it takes, what it says, and whose code it is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from amparo.cases.words import Age, Relation, WhyClaimEnded
from amparo.plugins import installation
from amparo.records import models
from amparo.records.picture_claims import PIPELINE
from tests.letters.pages import hard
from tests.public.staff import Staff
from tests.public.visitor import Visitor

CODE = "0f" * 32
GOOD = {"pdq": CODE, "quality": "93", "pipeline": PIPELINE}


def test_a_code_opens_a_report_with_a_clock_and_a_way_back(visitor: Visitor, staff: Staff) -> None:
    visitor.look("/picture")
    visitor.send("/picture", **GOOD, relation="me", age="no")
    assert "We have the code of the picture" in visitor.page
    assert "If we find it, a person looks at it." in visitor.page
    assert "hide it" not in visitor.page
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert (notice.relation, notice.age, notice.links) == (Relation.DEPICTED, Age.ADULT, ())
    assert [claim.works for claim in notice.claims] == [True]
    assert {clock.name for clock in notice.clocks} >= {"claimed", "closing"}
    visitor.open(visitor.code)
    assert "We use the code until" in visitor.page
    assert "We may hide it first." in visitor.page
    assert hard(visitor.text_of(visitor.last)) == []


def test_the_code_is_in_no_event_and_on_no_page(visitor: Visitor, staff: Staff) -> None:
    visitor.look("/picture")
    visitor.send("/picture", **GOOD)
    assert CODE not in visitor.text_of(visitor.last)
    assert CODE not in str(list(models.Event.objects.values_list("body", flat=True)))
    assert CODE not in str(list(models.Notice.objects.values_list("state", flat=True)))
    assert models.PictureClaim.objects.get().pdq == CODE


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"pdq": ""}, "We did not get a code", id="no code, as a form without scripts sends it"),
        pytest.param({"pdq": "xyz"}, "We did not get a code", id="no hash"),
        pytest.param({"pdq": "0" * 64}, "We did not get a code", id="what no picture has"),
        pytest.param({"quality": "101"}, "We did not get a code", id="a quality that there is not"),
        pytest.param({"quality": "٣"}, "We did not get a code", id="a digit of another script"),
        pytest.param({"quality": "49"}, "This picture is too plain", id="too plain"),
        pytest.param({"pipeline": "pdq-wasm-0"}, "This page was old", id="made by something else"),
    ],
)
def test_what_is_no_code_is_refused_with_a_sentence(visitor: Visitor, fields: dict[str, str], sentence: str) -> None:
    visitor.look("/picture")
    visitor.send("/picture", **{**GOOD, **fields})
    assert sentence in visitor.page
    assert not models.PictureClaim.objects.exists()


def test_the_same_form_again_is_one_claim_and_gives_a_further_code(visitor: Visitor, staff: Staff) -> None:
    visitor.look("/picture")
    key = "11111111-2222-3333-4444-555555555555"
    visitor.send("/picture", **GOOD, key=key)
    first = visitor.code
    visitor.look("/picture")
    visitor.send("/picture", **GOOD, key=key)
    assert visitor.code != first
    assert models.PictureClaim.objects.count() == models.Notice.objects.count() == 1


def test_a_code_is_added_to_an_open_report_and_stopped_there(visitor: Visitor, post: str, staff: Staff) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/picture")
    visitor.send("/u/picture", **GOOD)
    assert "Code 1" in visitor.page
    (claim,) = models.PictureClaim.objects.all()
    visitor.send("/u/picture/code", claim=claim.id, do="withdraw")
    assert "You stopped this code" in visitor.page
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert [each.ended for each in notice.claims] == [WhyClaimEnded.WITHDRAWN]
    assert not models.PictureClaim.objects.exists()
    assert hard(visitor.text_of(visitor.last)) == []


def test_letting_a_code_go_on_lets_the_way_back_go_on(visitor: Visitor, staff: Staff) -> None:
    visitor.look("/picture")
    visitor.send("/picture", **GOOD)
    code, (claim,) = visitor.code, models.PictureClaim.objects.all()
    models.NoticeCode.objects.update(expires_at=installation().casebook.now() + timedelta(days=1))
    visitor.open(code)
    visitor.send("/u/picture/code", claim=claim.id, do="renew")
    assert models.NoticeCode.objects.get().expires_at > installation().casebook.now() + timedelta(days=180)


def test_nobody_stops_the_code_of_somebody_else(new_visitor: Callable[[], Visitor], staff: Staff) -> None:
    one, other = new_visitor(), new_visitor()
    for each in (one, other):
        each.look("/picture")
        each.send("/picture", **GOOD)
    theirs = models.PictureClaim.objects.order_by("made_at").first()
    assert theirs is not None
    other.open(other.code)
    other.send("/u/picture/code", claim=theirs.id, do="withdraw")
    assert other.last.status_code == 409
    assert models.PictureClaim.objects.count() == 2


def test_without_scripts_the_page_says_so_and_leads_to_the_other_ways(visitor: Visitor) -> None:
    visitor.look("/picture")
    page = visitor.text_of(visitor.last)
    assert "This needs scripts. They are off in your browser." in visitor.page
    for way in ('href="/help-me"', "https://takeitdown.ncmec.org", "https://stopncii.org"):
        assert way in page
    assert re.search(r'<section id="make" hidden', page)
    assert re.search(r'<form id="send"[^>]* hidden', page)


def test_the_page_for_help_and_threats_leads_there(visitor: Visitor) -> None:
    visitor.look("/help")
    assert visitor.text_of(visitor.last).count('href="/picture"') == 2


@pytest.mark.parametrize("path", ["/help", "/picture"])
def test_the_page_and_what_leads_there_is_easy_to_read(visitor: Visitor, path: str) -> None:
    visitor.look(path)
    assert hard(visitor.text_of(visitor.last)) == []


def test_only_this_page_and_its_worker_may_compile_and_the_worker_connects_to_nothing(visitor: Visitor) -> None:
    rules = {path: visitor.look(path).headers["Content-Security-Policy"] for path in ("/help-me", "/help", "/u/")}
    assert not any("wasm" in rule or "worker" in rule for rule in rules.values())
    page = visitor.look("/picture").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in page
    assert "worker-src 'self'" in page
    worker = visitor.look("/picture/worker.mjs").headers["Content-Security-Policy"]
    assert sorted(worker.split("; ")) == ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'"]
