"""What a certificate says: each own link with its times, only what was seen, and nothing of anybody else."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from amparo.cases.events import Entry
from amparo.cases.refs import NoticeId
from amparo.cases.words import Age, Seen, Suspend
from amparo.letters.certificate import HEADING, TOLD, Certificate, Placed, certificate, is_gone
from tests.cases.given import ACCOUNT, LEAD, NINE, OTHER_LEAD, OTHER_POST, POST, Given, days, hours, minutes

ADDRESS = {
    POST: "https://plaza.example/post/post-1",
    OTHER_POST: "https://plaza.example/post/post-2",
    ACCOUNT: "https://plaza.example/user/account-1",
}


def _reported(*subjects: object) -> Given:
    given = Given()
    given.reported(*subjects, age=Age.CHILD)  # type: ignore[arg-type]
    return given


def _hidden(given: Given) -> Given:
    given.seen(Seen.HIDDEN, after=minutes(1))
    given.fetched()
    return given


def _gone(given: Given) -> Given:
    """Hidden after a minute, taken down after ten, seen gone a minute later."""
    _hidden(given).removes(LEAD, after=minutes(9))
    given.seen(Seen.GONE, after=minutes(1))
    return given


def _placed(given: Given, since: datetime, *, tells_gone: bool = True) -> Placed:
    entries = tuple(e for e in given.entries if isinstance(e.event, TOLD) and e.at >= since)
    return Placed(given.case, ADDRESS[given.subject], tells_gone, entries)


def _certificate(
    given: Given, notice: str = "notice_1", *others: Placed | None, tells_gone: bool = True
) -> Certificate | None:
    since = given.notice(NoticeId(notice)).opened_at
    links = [_placed(given, since, tells_gone=tells_gone), *others]
    return certificate("Plaza", since, links, given.books.now)


def _text(given: Given, notice: str = "notice_1", *others: Placed | None, tells_gone: bool = True) -> str:
    made = _certificate(given, notice, *others, tells_gone=tells_gone)
    assert made is not None
    assert made.text.endswith("\n")
    assert made.text.splitlines()[0] == HEADING
    return made.text


def test_it_says_when_it_was_asked_for_seen_hidden_seen_gone_and_seen_gone_again() -> None:
    given = _gone(_reported())
    given.seen(Seen.GONE, after=hours(1))
    text = _text(given)
    assert "1 of 1 link was seen gone." in text
    assert "Link 1: A post\nhttps://plaza.example/post/post-1\nCertified: it was seen gone" in text
    assert "First seen hidden: 2026-11-23 09:01:00 UTC" in text
    assert "First seen gone: 2026-11-23 09:11:00 UTC" in text
    assert "Last seen gone: 2026-11-23 10:11:00 UTC" in text
    assert "Times it was seen gone: 2" in text
    assert text.endswith(
        "  2026-11-23 09:00:00 UTC  The report came.\n"
        "  2026-11-23 09:00:00 UTC  We asked the site to hide it.\n"
        "  2026-11-23 09:01:00 UTC  We looked: it did not open.\n"
        "  2026-11-23 09:10:00 UTC  We asked the site to take it down.\n"
        "  2026-11-23 09:11:00 UTC  We looked: it was gone.\n"
        "  2026-11-23 10:11:00 UTC  We looked: it was gone.\n"
    )


@pytest.mark.parametrize("seen", [Seen.SHOWN, Seen.UNKNOWN, Seen.HIDDEN, None])
def test_there_is_none_before_it_was_seen_gone(seen: Seen | None) -> None:
    """A decision to remove is none, and a page that still opens, that could not be looked at or only hides is none."""
    given = _hidden(_reported())
    assert _certificate(given) is None
    given.removes(LEAD)
    if seen is not None:
        given.seen(seen, after=minutes(1))
    assert not is_gone(given.case)
    assert _certificate(given) is None


def test_where_a_site_does_not_tell_gone_from_hidden_it_says_that_it_did_not_open() -> None:
    """And counts no look from before the site was asked to take it down: then it was only hidden."""
    given = _hidden(_reported())
    given.removes(LEAD, after=minutes(9))
    given.seen(Seen.HIDDEN, tells_gone=False, after=minutes(1))
    given.seen(Seen.HIDDEN, tells_gone=False, after=hours(1))
    text = _text(given, tells_gone=False)
    assert "gone" not in text
    assert "1 of 1 link did not open after we asked for removal.\n" in text
    assert "Certified: after the site was asked to take it down, it did not open. No later look saw it open.\n" in text
    assert "First seen hidden: 2026-11-23 09:01:00 UTC" in text
    assert "First seen not to open after the request: 2026-11-23 09:11:00 UTC" in text
    assert "Last seen not to open after the request: 2026-11-23 10:11:00 UTC" in text
    assert "Times it was seen not to open after the request: 2\n" in text


def test_a_site_whose_page_answers_gone_to_what_is_hidden_is_never_quoted_with_it() -> None:
    """Its card says that its page does not tell; so whatever the page answers, only "it did not open" is said."""
    given = _hidden(_reported())
    given.removes(LEAD, after=minutes(9))
    given.seen(Seen.GONE, tells_gone=False, after=minutes(1))
    text = _text(given, tells_gone=False)
    assert "gone" not in text
    assert "Times it was seen not to open after the request: 1\n" in text


def test_what_is_seen_away_after_the_removal_was_asked_for_is_certified_and_nothing_seen_before_it() -> None:
    given = _hidden(_reported())
    given.removes(LEAD, after=minutes(9))
    given.seen(Seen.HIDDEN, tells_gone=False, after=minutes(1))
    given.seen(Seen.SHOWN, tells_gone=False, after=hours(1))
    assert _certificate(given, tells_gone=False) is None
    given.seen(Seen.HIDDEN, tells_gone=False, after=minutes(1))
    assert "First seen not to open after the request: 2026-11-23 10:12:00 UTC" in _text(given, tells_gone=False)


@pytest.mark.parametrize(
    ("locked", "for_good", "said"),
    [
        pytest.param(Seen.HIDDEN, Seen.HIDDEN, "seen not to open after the request: 1\n", id="a-page-that-never-tells"),
        pytest.param(Seen.HIDDEN, Seen.GONE, "seen gone: 1\n", id="a-page-that-tells"),
        pytest.param(Seen.GONE, Seen.GONE, "seen gone: 1\n", id="a-page-that-says-gone-to-every-lock"),
    ],
)
def test_an_account_that_was_locked_for_a_time_first_is_certified_from_when_it_was_to_be_locked_for_good(
    locked: Seen, for_good: Seen, said: str
) -> None:
    given = Given(subject=ACCOUNT)
    given.reported(age=Age.CHILD)
    given.removes(LEAD, suspend=Suspend.FOR_GOOD)
    given.seen(locked, after=minutes(1))
    tells_gone = for_good is Seen.GONE
    assert _certificate(given, tells_gone=tells_gone) is None
    given.removes(OTHER_LEAD, suspend=Suspend.FOR_GOOD, after=minutes(8))
    assert _certificate(given, tells_gone=tells_gone) is None
    given.seen(for_good, tells_gone=tells_gone, after=minutes(1))
    text = _text(given, tells_gone=tells_gone)
    assert f"Times it was {said}" in text
    assert "2026-11-23 09:01:00 UTC  We looked: it did not open.\n" in text
    assert ("gone" in text) is tells_gone
    assert text.count(" gone: 2026-11-23 09:10:00 UTC") == 2 * tells_gone


def test_links_of_a_site_that_tells_and_of_one_that_does_not_are_counted_apart() -> None:
    given = _reported(POST, OTHER_POST)
    _gone(given)
    given.subject = OTHER_POST
    given.removes(LEAD)
    given.seen(Seen.HIDDEN, tells_gone=False)
    second, other = _placed(given, NINE, tells_gone=False), given.case.id
    given.subject = POST
    made = _certificate(given, "notice_1", second)
    assert made is not None
    assert "1 of 2 links were seen gone.\n1 of 2 links did not open after we asked for removal.\n" in made.text
    assert made.gone == (given.case.id, other)


def test_a_link_of_a_site_that_is_not_connected_any_more_is_said_not_to_be_certified() -> None:
    given = _reported(POST, OTHER_POST)
    _gone(given)
    given.subject = OTHER_POST
    _gone(given)
    apart = replace(_placed(given, NINE), address=None)
    given.subject = POST
    made = _certificate(given, "notice_1", apart)
    assert made is not None
    assert made.gone == (given.case.id,)
    assert "Link 2: A post\nNot certified: its site is not connected any more, so we cannot look.\n" in made.text
    assert certificate("Plaza", NINE, [apart, None], given.books.now) is None


def test_a_look_that_could_not_be_made_is_told_and_counts_for_nothing() -> None:
    given = _gone(_reported())
    given.seen(Seen.UNKNOWN, after=hours(1))
    text = _text(given)
    assert "10:11:00 UTC  We could not look." in text
    assert "Times it was seen gone: 1" in text
    assert "Last seen gone: 2026-11-23 09:11:00 UTC" in text


def test_once_it_was_seen_again_there_is_none_until_it_is_seen_gone_anew() -> None:
    given = _gone(_reported())
    given.seen(Seen.SHOWN, after=days(1))
    assert _certificate(given) is None
    given.seen(Seen.GONE, after=minutes(5))
    text = _text(given)
    assert "2026-11-24 09:11:00 UTC  We looked: it opened." in text
    assert "First seen gone: 2026-11-24 09:16:00 UTC" in text
    assert "Times it was seen gone: 1" in text


def test_a_link_that_is_not_gone_is_listed_as_not_certified() -> None:
    given = _reported(POST, OTHER_POST)
    _gone(given)
    second = Placed(given.books.case_of(OTHER_POST), ADDRESS[OTHER_POST], True, tuple(_log(given, OTHER_POST)))
    made = _certificate(given, "notice_1", second, None)
    assert made is not None
    assert made.gone == (given.case.id,)
    assert "1 of 3 links were seen gone." in made.text
    assert "https://plaza.example/post/post-2\nNot certified: it was not seen gone.\n" in made.text
    assert "Link 3\nNot certified: we could not find what it leads to.\n" in made.text
    assert made.text.count("\nCertified:") == 1


def test_a_link_that_can_be_opened_is_said_to() -> None:
    given = _reported(POST, OTHER_POST)
    _gone(given)
    given.subject = OTHER_POST
    given.seen(Seen.SHOWN)
    second = _placed(given, NINE)
    given.subject = POST
    assert "post-2\nNot certified: it could be opened when we last looked." in _text(given, "notice_1", second)


def test_what_happened_before_a_report_is_not_told_to_whoever_made_it() -> None:
    """It would tell of another report. What was seen since may be told."""
    given = _gone(_reported())
    given.reported(age=Age.CHILD, after=hours(2))
    assert _certificate(given, "notice_2") is None
    given.seen(Seen.GONE, after=minutes(1))
    text = _text(given, "notice_2")
    times = re.findall(r"\d\d:\d\d:\d\d UTC", text)
    assert times
    assert min(times) == "11:11:00 UTC"
    assert "hide it" not in text
    assert "Times it was seen gone: 1" in text


def test_it_holds_no_id_of_a_report_a_case_or_a_person_and_no_rule() -> None:
    given = _gone(_reported())
    given.reported(age=Age.CHILD, after=hours(1))
    given.seen(Seen.GONE, after=minutes(1))
    text = _text(given)
    for word in ("notice_", "case_", "staff_", "child", "account", "@", "lead"):
        assert word not in text
    assert text.count("The report came.") == 1


def test_a_page_that_comes_and_goes_for_weeks_fills_no_book() -> None:
    given = _gone(_reported())
    for _ in range(150):
        given.seen(Seen.SHOWN, after=minutes(1))
        given.seen(Seen.GONE, after=minutes(1))
    text = _text(given)
    assert len(text.splitlines()) < 230
    left_out = re.search(r"\n  Lines left out here: (\d+)\. At (\d+) of them it opened\.\n", text)
    assert left_out is not None
    assert text.count("it opened.\n") - 1 + int(left_out[2]) == 150
    assert text.rstrip().endswith("We looked: it was gone.")


def test_a_sites_name_cannot_break_the_form() -> None:
    given = _gone(_reported())
    made = certificate("Pla\r\n\nza\x00", NINE, [_placed(given, NINE)], given.books.now)
    assert made is not None
    assert made.text.splitlines()[2] == "Plaza"
    assert "\x00" not in made.text


def _log(given: Given, subject: object) -> list[Entry]:
    return given.books.log[given.books.case_of(subject).id]  # type: ignore[arg-type]
