"""Copies are hidden with what they show; the very same bytes go with the decision, the rest wait for one key each."""

import hashlib

import pytest

from amparo.cases.actor import Connector as Platform
from amparo.cases.actor import Reporter, Reviewer, System, Voter
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    DecideRemoval,
    ReceiveAppeal,
    ReceiveReply,
    RecordContent,
    RecordMatch,
    VoteToKeep,
    WithdrawMatches,
)
from amparo.cases.case_events import (
    GroundMatched,
    MatchesWithdrawn,
    MatchRecorded,
    RemovalDecided,
    ReportersTold,
    RoundOpened,
)
from amparo.cases.effects import EffectName, effects_of
from amparo.cases.events import Event
from amparo.cases.likeness import Likeness, Range
from amparo.cases.platform_events import ContentPart, HideRequested, HideWithheld, RestoreRequested
from amparo.cases.refs import Digest, NoticeId, PolicyRef, SealedRef, Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, GroundStatus, Relation, Seen, Suspend, Told, Wanted, WhyHide, WhyRound
from tests.cases.given import (
    ACCOUNT,
    ADULT,
    CHILD,
    LEAD,
    NEW,
    OLD,
    OTHER_POST,
    REASON,
    REVIEWER,
    SECOND,
    Given,
    days,
    hidden,
    kinds,
    refused,
    removed,
)

HALF = (Range(40_000, 50_000, 0, 10_000, 100, 40),)


def _matched(
    given: Given,
    *,
    exact: bool = False,
    subject: Subject = OTHER_POST,
    found: bool = False,
    star: str | None = None,
    within_budget: bool = True,
) -> tuple[Event, ...]:
    """Have the worker find that another subject shows what the scenario's subject shows."""
    likeness = Likeness(star or given.case.id, OLD, OLD if exact else NEW, exact, 0 if exact else 12, HALF, found)
    hides = given.case.wanted is not Wanted.SHOWN
    command = RecordMatch(UNKNOWN_YET, subject, likeness, CHILD, frozenset(), hides, within_budget, System("matching"))
    return given.when(command)


def _fetched(given: Given, *digests: Digest, subject: Subject = OTHER_POST) -> tuple[Event, ...]:
    """Have the worker take down which pictures a copy shows."""
    parts = tuple(ContentPart(SealedRef("sealed"), digest, "image/jpeg", 1) for digest in digests)
    whole = Digest(hashlib.sha256("".join(digests).encode()).hexdigest())
    command = RecordContent(_copy(given, subject).id, whole, 1, ACCOUNT, parts, None, Platform("plaza"))
    return given.when(command)


def _released(given: Given, *, by: tuple[Voter, ...] = (REVIEWER, LEAD), star: str | None = None) -> tuple[Event, ...]:
    """Have the worker bring to the copy that people kept what it is like."""
    kept_by, is_lead = tuple(each.id for each in by), any(each.is_lead for each in by)
    last = Reviewer(by[-1].id)
    return given.when(WithdrawMatches(_copy(given).id, star or given.case.id, 9, kept_by, is_lead, last))


def _copy(given: Given, subject: Subject = OTHER_POST) -> Case:
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
    _matched(given, exact=True, found=True)
    assert _copy(given).wanted is Wanted.HIDDEN
    events = _fetched(given, OLD)
    decided = next(event for event in events if isinstance(event, RemovalDecided))
    assert decided.by is None
    copy = _copy(given)
    assert (copy.wanted, copy.round) == (Wanted.REMOVED, None)
    assert copy.ground(CHILD).status is GroundStatus.UPHELD  # type: ignore[union-attr]
    assert copy.running("gone")
    names = [e.name for entry in given.books.log[copy.id] for e in effects_of(copy.id, entry)]
    assert EffectName.BANK not in names


def test_a_copy_found_before_the_decision_goes_with_it_when_its_bytes_are_the_same() -> None:
    given = hidden()
    _matched(given, exact=True)
    _fetched(given, OLD)
    assert _copy(given).wanted is Wanted.HIDDEN
    given.removes(REVIEWER)
    _matched(given, exact=True, found=True)
    assert _copy(given).wanted is Wanted.REMOVED


def test_a_near_copy_never_goes_by_itself_and_one_key_removes_it() -> None:
    given = removed()
    _matched(given)
    _fetched(given, NEW)
    copy = _copy(given)
    assert copy.wanted is Wanted.HIDDEN
    assert copy.content is not None
    given.when(DecideRemoval(copy.id, 1, CHILD, copy.content.digest, Suspend.NO, Reviewer(SECOND.id)))
    assert _copy(given).wanted is Wanted.REMOVED


def test_a_post_does_not_go_for_one_of_its_files_or_for_one_that_it_shows_no_more() -> None:
    for shown in [(OLD, NEW), (NEW,)]:
        given = removed()
        _matched(given, exact=True, found=True)
        _fetched(given, *shown)
        assert _copy(given).wanted is Wanted.HIDDEN


def test_over_the_budget_nothing_goes_by_its_bytes() -> None:
    given = removed()
    _matched(given, exact=True, found=True, within_budget=False)
    _fetched(given, OLD)
    assert _copy(given).wanted is Wanted.SHOWN


def test_at_a_hard_limit_a_likeness_alone_removes_nothing() -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=Age.ADULT, country="US")
    given.fetched()
    given.seen(Seen.HIDDEN)
    likeness = Likeness(given.case.id, OLD, NEW, False, 9)
    given.when(RecordMatch(UNKNOWN_YET, OTHER_POST, likeness, ADULT, frozenset({"US"}), True, True, System("matching")))
    given.clocks_run(days(3))
    assert given.case.wanted is Wanted.REMOVED
    assert _copy(given).wanted is Wanted.HIDDEN


def test_when_two_people_keep_what_it_is_like_a_copy_is_shown_again() -> None:
    given = hidden()
    _matched(given)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    events = _released(given)
    assert {MatchesWithdrawn, RestoreRequested} <= set(kinds(events))
    copy = _copy(given)
    assert copy.wanted is Wanted.SHOWN
    assert copy.clocks
    assert _released(given) == ()
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
    _released(given)
    assert _copy(given).wanted is Wanted.HIDDEN
    assert _copy(given).round is not None


def test_a_reporter_who_says_adult_does_not_lift_what_likeness_holds() -> None:
    given = hidden()
    _matched(given)
    notice = given.reported(OTHER_POST, sent=False)
    given.sent(notice, Age.ADULT)
    assert _copy(given).ground(CHILD).is_open  # type: ignore[union-attr]
    assert _copy(given).wanted is Wanted.HIDDEN


def _like_elsewhere(
    given: Given, *, star: str = "case_elsewhere", found: bool, policy: PolicyRef = CHILD
) -> tuple[Event, ...]:
    """Have the worker find the scenario's subject to be like something else."""
    likeness = Likeness(star, OLD, OLD if found else NEW, found, 0 if found else 9, (), found)
    command = RecordMatch(UNKNOWN_YET, given.subject, likeness, policy, frozenset(), True, True, System("matching"))
    return given.when(command)


def test_what_two_people_kept_is_not_hidden_again_for_a_likeness() -> None:
    given = refused()
    assert kinds(_like_elsewhere(given, found=False)) == [MatchRecorded]
    _like_elsewhere(given, found=False, policy=ADULT)
    assert given.case.wanted is Wanted.SHOWN


def test_what_two_people_kept_is_looked_at_anew_when_its_very_bytes_were_removed_elsewhere() -> None:
    given = refused()
    given.fetched(OLD)
    events = _like_elsewhere(given, found=True)
    assert [event.why for event in events if isinstance(event, HideRequested)] == [WhyHide.MATCH]
    assert [event.what for event in events if isinstance(event, ReportersTold)] == [Told.REOPENED]
    assert given.case.round is not None
    assert REVIEWER.id in given.case.round.excluded
    again = [*_like_elsewhere(given, found=True), *_like_elsewhere(given, star="case_other", found=True)]
    assert not any(isinstance(event, RemovalDecided) for event in again)


def test_the_same_bytes_reported_twice_kept_here_and_removed_there_are_looked_at_anew() -> None:
    given = hidden()
    _like_elsewhere(given, found=False)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    _like_elsewhere(given, found=True)
    assert given.case.round is not None


def test_a_likeness_answers_no_appeal() -> None:
    given = removed()
    _matched(given, exact=True, found=True)
    _fetched(given, OLD)
    given.when(ReceiveAppeal(_copy(given).id, System("appeals")))
    events = _matched(given, exact=True, found=True)
    assert RemovalDecided not in kinds(events)
    assert _copy(given).round is not None


def test_what_went_by_its_bytes_comes_back_when_the_decision_is_reversed() -> None:
    given = removed()
    _matched(given, exact=True, found=True)
    _fetched(given, OLD)
    given.appeals()
    given.keeps(SECOND)
    given.keeps(LEAD)
    _released(given, by=(SECOND, LEAD))
    assert _copy(given).wanted is Wanted.SHOWN


def test_what_a_person_removed_is_not_shown_again_by_its_star() -> None:
    given = hidden()
    _matched(given)
    copy = _copy(given)
    given.when(DecideRemoval(copy.id, 1, CHILD, None, Suspend.NO, Reviewer(SECOND.id)))
    given.when(ReceiveAppeal(copy.id, System("appeals")))
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    _released(given)
    assert _copy(given).wanted is Wanted.REMOVED


@pytest.mark.parametrize("by", [(REVIEWER,), (REVIEWER, REVIEWER, LEAD)[:2], (REVIEWER, SECOND)])
def test_no_fewer_people_set_a_copy_free_than_could_keep_it(by: tuple[Voter, ...]) -> None:
    given = hidden()
    _matched(given)
    with pytest.raises(Refused):
        _released(given, by=by)
    assert _copy(given).wanted is Wanted.HIDDEN


def test_a_round_ends_with_its_last_ground_although_another_one_holds_it() -> None:
    given = hidden()
    given.reported(OTHER_POST, who=Relation.DEPICTED, age=Age.ADULT)
    copy = _copy(given)
    given.when(DecideRemoval(copy.id, 1, ADULT, None, Suspend.NO, Reviewer(SECOND.id)))
    _matched(given)
    assert _copy(given).round is not None
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    _released(given)
    assert _copy(given).round is None or _copy(given).open_grounds
    assert _copy(given).wanted is Wanted.REMOVED


def test_the_media_of_a_reported_account_stay_away_when_a_star_lets_go() -> None:
    given = hidden()
    _matched(given)
    given.joins_from_account(OTHER_POST)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    _released(given)
    assert _copy(given).wanted is Wanted.HIDDEN


def test_a_copy_that_was_set_free_is_hidden_for_a_likeness_once_more_and_then_by_people_only() -> None:
    given, hides = hidden(), 0
    for number in range(4):
        _matched(given, star=f"case_{number}")
        hides += _copy(given).wanted is Wanted.HIDDEN
        if _copy(given).wanted is Wanted.HIDDEN:
            _released(given, star=f"case_{number}")
        assert _copy(given).is_only_like
    assert hides == 2


def test_copies_of_a_copy_are_sought_once_it_is_reported_itself() -> None:
    given = hidden()
    _matched(given)
    given.reported(OTHER_POST)
    copy = _copy(given)
    names = [e.name for entry in given.books.log[copy.id] for e in effects_of(copy.id, entry)]
    assert names.count(EffectName.FIND_COPIES) == 1
    given.reported(OTHER_POST)
    names = [e.name for entry in given.books.log[copy.id] for e in effects_of(copy.id, entry)]
    assert names.count(EffectName.FIND_COPIES) == 1


def test_the_same_match_over_the_budget_rings_once() -> None:
    given = hidden()
    _matched(given, within_budget=False)
    assert _matched(given, within_budget=False) == ()


def test_not_the_same_takes_two_people_like_every_refusal() -> None:
    given = removed()
    _matched(given)
    copy = _copy(given)
    given.subject = OTHER_POST
    given.fetched(NEW)
    given.seen(Seen.HIDDEN)
    for who in (SECOND, LEAD):
        assert _copy(given).wanted is Wanted.HIDDEN
        given.when(VoteToKeep(copy.id, 1, (CHILD,), REASON[CHILD], Digest(NEW), Reviewer(who.id)))
    assert _copy(given).wanted is Wanted.SHOWN


def _asked(given: Given, *, hides: bool = False) -> tuple[Event, ...]:
    """Have the worker find what a bank knows that only asks, or by now hides."""
    likeness = Likeness("bank:ours", OLD, NEW, False, 12, HALF, only_asks=not hides)
    return given.when(
        RecordMatch(UNKNOWN_YET, OTHER_POST, likeness, CHILD, frozenset(), hides, True, System("matching"))
    )


def test_what_a_bank_only_asks_about_waits_for_a_person_and_is_never_hidden_by_a_rule() -> None:
    given = Given()
    events = _asked(given)
    assert {MatchRecorded, GroundMatched, RoundOpened} <= set(kinds(events))
    _fetched(given, OLD)
    _fetched(given, NEW)
    given.clocks_run(days(9))
    copy = _copy(given)
    assert copy.wanted is Wanted.SHOWN
    assert copy.round is not None
    assert copy.running("decided")


def test_a_reply_hides_nothing_that_a_bank_only_asked_about_and_that_two_people_kept() -> None:
    given = Given()
    _asked(given)
    copy = _copy(given)
    given.subject = OTHER_POST
    given.fetched(NEW)
    for who in (SECOND, LEAD):
        given.when(VoteToKeep(copy.id, 1, (CHILD,), REASON[CHILD], Digest(NEW), Reviewer(who.id)))
    stranger = NoticeId("notice_elsewhere")
    events = given.when(ReceiveReply(copy.id, stranger, True, True, Reporter(stranger)))
    assert RoundOpened in kinds(events), "somebody new looks at it"
    assert _copy(given).wanted is Wanted.SHOWN


def test_what_a_bank_only_asked_about_is_hidden_when_it_hides_or_when_somebody_reports_it() -> None:
    given = Given()
    _asked(given)
    assert HideRequested in kinds(_asked(given, hides=True))
    given = Given()
    _asked(given)
    given.reported(OTHER_POST)
    assert _copy(given).wanted is Wanted.HIDDEN


def test_what_was_hidden_stays_hidden_when_its_bank_only_asks_from_now_on() -> None:
    given = Given()
    _asked(given, hides=True)
    _asked(given)
    assert _copy(given).wanted is Wanted.HIDDEN
    assert _asked(given) == ()
