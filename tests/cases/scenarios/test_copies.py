"""Copies are hidden with what they show; the very same bytes go with the decision, the rest wait for one key each."""

import pytest

from amparo.cases.actor import Reviewer, Rule, System
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, RecordMatch, VoteToKeep, WithdrawMatches
from amparo.cases.case_events import (
    GroundMatched,
    HideRequested,
    HideWithheld,
    Likeness,
    MatchesWithdrawn,
    MatchRecorded,
    Range,
    RemovalDecided,
    RestoreRequested,
    RoundOpened,
)
from amparo.cases.effects import EffectName, effects_of
from amparo.cases.events import Event
from amparo.cases.refs import Digest, StaffId
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, GroundStatus, Seen, Suspend, Wanted, WhyHide, WhyRound
from tests.cases.given import (
    CHILD,
    LEAD,
    NEW,
    OLD,
    OTHER_POST,
    REASON,
    REVIEWER,
    SECOND,
    Given,
    hidden,
    kinds,
    post,
    refused,
    removed,
)

HALF = (Range(40_000, 50_000, 0, 10_000, 100, 40),)


def _matched(
    given: Given,
    *,
    exact: bool = False,
    subject=OTHER_POST,  # type: ignore[no-untyped-def]
    by: StaffId | None = None,
    star: str | None = None,
    within_budget: bool = True,
) -> tuple[Event, ...]:
    """Have the worker find that another subject shows what the scenario's subject shows."""
    likeness = Likeness(star or given.case.id, OLD, OLD if exact else NEW, exact, 0 if exact else 12, HALF)
    actor = System("matching") if by is None else Reviewer(by)
    hides, removes = given.case.wanted is not Wanted.SHOWN, given.case.wanted is Wanted.REMOVED
    command = RecordMatch(UNKNOWN_YET, subject, likeness, CHILD, frozenset(), hides, removes, by, within_budget, actor)
    return given.when(command)


def _copy(given: Given, subject=OTHER_POST) -> Case:  # type: ignore[no-untyped-def]
    return given.books.case_of(subject)


def test_a_copy_of_what_is_hidden_is_hidden_and_waits_for_a_person() -> None:
    given = hidden()
    events = _matched(given)
    assert {MatchRecorded, GroundMatched, RoundOpened, HideRequested} <= set(kinds(events))
    copy = _copy(given)
    assert (copy.wanted, copy.round and copy.round.why) == (Wanted.HIDDEN, WhyRound.MATCH)
    assert copy.likenesses[0].ranges == HALF
    assert copy.running("decided")
    assert copy.running("hidden")


def test_a_copy_of_what_is_not_hidden_yet_is_not_hidden() -> None:
    given = Given()
    given.reported(within_budget=False)
    assert given.case.wanted is Wanted.SHOWN
    assert HideRequested not in kinds(_matched(given))
    assert _copy(given).round is not None


def test_the_same_match_twice_changes_nothing() -> None:
    given = hidden()
    _matched(given)
    assert _matched(given) == ()


def test_copies_are_not_sought_of_copies() -> None:
    given = hidden()
    _matched(given)
    copy = _copy(given)
    effects = {e.name for entry in given.books.log[copy.id] for e in effects_of(copy.id, entry)}
    assert EffectName.HIDE in effects
    assert EffectName.FIND_COPIES not in effects
    assert copy.is_only_like
    assert not given.case.is_only_like


def test_over_the_budget_a_person_is_called_and_nothing_is_dropped() -> None:
    given = hidden()
    events = _matched(given, within_budget=False)
    assert HideWithheld in kinds(events)
    assert _copy(given).wanted is Wanted.SHOWN
    assert _copy(given).round is not None


def test_the_very_same_bytes_go_with_the_decision() -> None:
    given = removed()
    events = _matched(given, exact=True, by=REVIEWER.id)
    decided = next(event for event in events if isinstance(event, RemovalDecided))
    assert (decided.by, decided.digest) == (REVIEWER.id, OLD)
    copy = _copy(given)
    assert copy.wanted is Wanted.REMOVED
    assert copy.round is None
    assert copy.ground(CHILD).status is GroundStatus.UPHELD  # type: ignore[union-attr]
    assert copy.running("gone")


def test_posted_again_later_the_very_same_bytes_go_by_the_rule() -> None:
    given = removed()
    likeness = Likeness("bank:removed", OLD, OLD, True, 0)
    command = RecordMatch(
        UNKNOWN_YET, post(3), likeness, CHILD, frozenset(), True, True, REVIEWER.id, True, System("matching")
    )
    given.when(command)
    entries = given.books.log[given.books.case_of(post(3)).id]
    entry = next(e for e in entries if isinstance(e.event, RemovalDecided))
    assert isinstance(entry.actor, Rule)
    assert given.books.case_of(post(3)).wanted is Wanted.REMOVED


def test_a_near_copy_never_goes_by_itself_and_one_key_removes_it() -> None:
    given = removed()
    events = _matched(given, by=REVIEWER.id)
    assert RemovalDecided not in kinds(events)
    copy = _copy(given)
    assert copy.wanted is Wanted.HIDDEN
    given.when(DecideRemoval(copy.id, 1, CHILD, None, Suspend.NO, Reviewer(SECOND.id)))
    assert _copy(given).wanted is Wanted.REMOVED


def test_a_copy_found_before_the_decision_goes_with_it_when_its_bytes_are_the_same() -> None:
    given = hidden()
    _matched(given, exact=True)
    assert _copy(given).wanted is Wanted.HIDDEN
    given.removes(REVIEWER)
    _matched(given, exact=True, by=REVIEWER.id)
    assert _copy(given).wanted is Wanted.REMOVED


def test_when_two_people_keep_what_it_is_like_a_copy_is_shown_again() -> None:
    given = hidden()
    _matched(given)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    events = given.when(WithdrawMatches(_copy(given).id, given.case.id, Reviewer(LEAD.id)))
    assert {MatchesWithdrawn, RestoreRequested} <= set(kinds(events))
    copy = _copy(given)
    assert copy.wanted is Wanted.SHOWN
    assert copy.clocks
    given.when(WithdrawMatches(copy.id, given.case.id, Reviewer(LEAD.id)))
    assert _copy(given) == copy


@pytest.mark.parametrize("other", ["star", "report"])
def test_a_copy_that_something_else_holds_stays_away(other: str) -> None:
    given = hidden()
    _matched(given)
    if other == "star":
        _matched(given, star="case_of_somebody_else")
    else:
        given.reported(OTHER_POST)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    given.when(WithdrawMatches(_copy(given).id, given.case.id, Reviewer(LEAD.id)))
    assert _copy(given).wanted is Wanted.HIDDEN
    assert _copy(given).round is not None


def test_a_reporter_who_says_adult_does_not_lift_what_likeness_holds() -> None:
    given = hidden()
    _matched(given)
    notice = given.reported(OTHER_POST, sent=False)
    given.sent(notice, Age.ADULT)
    assert _copy(given).ground(CHILD).is_open  # type: ignore[union-attr]
    assert _copy(given).wanted is Wanted.HIDDEN


def test_what_two_people_kept_is_not_hidden_again_for_a_likeness() -> None:
    given = refused()
    other = hidden()
    likeness = Likeness(other.case.id, OLD, NEW, False, 9)
    command = RecordMatch(
        UNKNOWN_YET, given.subject, likeness, CHILD, frozenset(), True, True, REVIEWER.id, True, System("matching")
    )
    assert kinds(given.when(command)) == [MatchRecorded]
    assert given.case.wanted is Wanted.SHOWN


def test_what_two_people_kept_is_looked_at_anew_when_its_very_bytes_were_removed_elsewhere() -> None:
    given = refused()
    likeness = Likeness("case_elsewhere", OLD, OLD, True, 0)
    command = RecordMatch(
        UNKNOWN_YET, given.subject, likeness, CHILD, frozenset(), True, True, SECOND.id, True, System("matching")
    )
    events = given.when(command)
    assert RemovalDecided not in kinds(events)
    assert [event.why for event in events if isinstance(event, HideRequested)] == [WhyHide.MATCH]
    assert given.case.round is not None
    assert REVIEWER.id in given.case.round.excluded


def test_not_the_same_takes_two_people_like_every_refusal() -> None:
    given = removed()
    _matched(given, by=REVIEWER.id)
    copy = _copy(given)
    given.subject = OTHER_POST
    given.fetched(NEW)
    given.seen(Seen.HIDDEN)
    for who in (SECOND, LEAD):
        assert _copy(given).wanted is Wanted.HIDDEN
        given.when(VoteToKeep(copy.id, 1, (CHILD,), REASON[CHILD], Digest(NEW), Reviewer(who.id)))
    assert _copy(given).wanted is Wanted.SHOWN
