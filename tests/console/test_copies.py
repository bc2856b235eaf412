"""Copies on the console: behind their star in the queue, with ranges on its page, one key each after it."""

from amparo.cases.actor import Reviewer, System
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, RecordMatch
from amparo.cases.likeness import Likeness, Range
from amparo.cases.refs import CaseId, Digest, Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Suspend, Wanted
from amparo.policies.policy import Topic
from amparo.records import models, queues
from tests.console.desk import Desk

WORK, ITEM = Digest("a" * 64), Digest("b" * 64)
HALF = (Range(100_000, 110_000, 0, 10_000, 100, 40),)


def found(desk: Desk, centre: CaseId, number: str, *, exact: bool = False) -> CaseId:
    """Have the worker find a copy of what a case is about, and fetch it."""
    case = desk.case(centre)
    likeness = Likeness(centre, WORK, WORK if exact else ITEM, exact, 0 if exact else 7, () if exact else HALF)
    subject = Subject("plaza", SubjectKind.POST, number)
    policy = case.open_grounds[0].policy
    command = RecordMatch(UNKNOWN_YET, subject, likeness, policy, frozenset(), True, True, System("matching"))
    desk.here.casebook.execute(command)
    copy = CaseId(models.Case.objects.get(subject_id=number).id)
    desk.fetch(copy)
    return copy


def removed(desk: Desk, case: Case) -> None:
    digest = None if case.content is None else case.content.digest
    command = DecideRemoval(
        case.id, case.rounds, case.open_grounds[0].policy, digest, Suspend.NO, Reviewer(desk.staff["reviewer"])
    )
    desk.here.casebook.execute(command)


def waiting(desk: Desk) -> list[str]:
    return [each.case.subject.id for each in queues.waiting_for(desk.staff["reviewer"], desk.clock[0])]


def test_a_copy_waits_behind_what_it_is_like_and_comes_forward_after_it(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    centre = desk.report("reported")
    found(desk, centre, "copy")
    assert waiting(desk) == ["reported"]
    removed(desk, desk.case(centre))
    assert waiting(desk) == ["copy"]


def test_a_copy_whose_own_time_is_over_does_not_wait_any_longer(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    found(desk, desk.report("reported"), "copy")
    desk.pass_time(minutes=16)
    assert set(waiting(desk)) == {"reported", "copy"}


def test_a_copy_that_somebody_reported_waits_behind_nothing(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    found(desk, desk.report("reported"), "copy")
    desk.report("copy")
    assert set(waiting(desk)) == {"reported", "copy"}


def test_the_page_lists_copies_with_their_times_and_removes_one_by_one_key(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    centre = desk.report("reported")
    copy = found(desk, centre, "copy")
    browser = desk.browser("reviewer")
    page = browser.get(f"/cases/{centre}").content.decode()
    assert "1:40 to 1:50 shows 0:00 to 0:10 of the known video" in page
    assert "Remove it, too" not in page
    removed(desk, desk.case(centre))
    page = browser.get(f"/cases/{centre}").content.decode()
    assert page.count("Remove it, too") == 1
    case = desk.case(copy)
    assert case.content is not None
    form = {"round": 1, "digest": case.content.digest, "policy": case.open_grounds[0].policy, "suspend": "no"}
    assert f'value="{case.content.digest}"' in page
    assert browser.send(f"/cases/{copy}/remove", form).status_code == 302
    assert desk.case(copy).wanted is Wanted.REMOVED
    assert "Remove it, too" not in browser.get(f"/cases/{centre}").content.decode()


def test_the_page_of_a_copy_says_what_it_is_like(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    centre = desk.report("reported")
    near, same = found(desk, centre, "near"), found(desk, centre, "same", exact=True)
    browser = desk.browser("reviewer")
    page = browser.get(f"/cases/{near}").content.decode()
    assert f'<a href="/cases/{centre}">another case</a>: looks the same (distance 7 of 256)' in page
    assert "None: it was found by what it shows." in page
    assert "the same file" in browser.get(f"/cases/{same}").content.decode()


def test_of_what_nobody_reported_no_report_is_spoken_of(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    copy = found(desk, desk.report("reported"), "copy")
    desk.count(copy, 1)
    page = desk.browser("reviewer").get(f"/cases/{copy}").content.decode()
    assert "<dt>Said by</dt><dd>nobody: no report of it came</dd>" in page
    assert "1 view before it was found, 0 after it, 0 after it was hidden" in page
    assert " after it was found; last at " in page
    assert "the report" not in page.partition("</section>")[0]


def test_what_a_bank_only_asks_about_waits_in_the_queue_and_says_why(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    likeness = Likeness("bank:ours", WORK, ITEM, False, 7, only_asks=True)
    policy = desk.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    subject = Subject("plaza", SubjectKind.POST, "asked")
    desk.here.casebook.execute(
        RecordMatch(UNKNOWN_YET, subject, likeness, policy.ref, frozenset(), False, True, System("matching"))
    )
    browser = desk.browser("reviewer")
    queue = browser.get("/").content.decode()
    assert "like something known" in queue
    assert "stays shown until you decide: its bank only asks" in queue
    assert "opened by its likeness to something known" in queue
    assert "opened again" not in queue
    case = models.Case.objects.get(subject_id="asked")
    page = browser.get(f"/cases/{case.id}").content.decode()
    assert "the bank ours, which hides nothing and asks a person: looks the same (distance 7 of 256)" in page
    assert "found to look like something known; its bank hides nothing and asks a person" in page
