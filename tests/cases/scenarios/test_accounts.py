"""An account is a case of its own: its media wait for review; one person suspends it for a time, two for good."""

import pytest

from amparo.cases.actor import System
from amparo.cases.case_commands import JoinFromAccount
from amparo.cases.case_events import (
    CaseClosed,
    GroundRaised,
    GroundUpheld,
    RemovalDecided,
    RoundOpened,
    SuspensionForGoodAsked,
)
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.effects import EffectName, effects_of
from amparo.cases.platform_events import (
    AccountMediaRequested,
    HideRequested,
    HideWithheld,
    RemoveRequested,
    RestoreRequested,
    SuspensionEnded,
    SuspensionRequested,
)
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Alarm, Relation, Seen, Suspend, Told, Wanted, WhyHide
from amparo.policies.policy import Topic
from tests.cases.given import (
    ACCOUNT,
    ADULT,
    CHILD,
    EVERYBODY,
    LEAD,
    OTHER_LEAD,
    OTHER_POST,
    REVIEWER,
    SECOND,
    SPAM,
    THIRD,
    Given,
    days,
    hidden,
    hours,
    kinds,
    longer_suspension,
    refused,
    removed,
    voter,
)


def _account(**report: object) -> Given:
    given = Given(subject=ACCOUNT)
    given.reported(**report)  # type: ignore[arg-type]
    return given


def _suspended() -> Given:
    """Return an installation where one person suspended the reported account for 30 days, and it was seen gone."""
    given = _account(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_A_TIME)
    given.seen(Seen.GONE)
    return given


def _for_good() -> Given:
    given = _account(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    given.removes(SECOND, suspend=Suspend.FOR_GOOD)
    given.seen(Seen.GONE)
    return given


def test_a_report_of_an_account_asks_for_its_media_and_suspends_nobody() -> None:
    given = _account(age=Age.CHILD)
    assert AccountMediaRequested(CHILD) in [entry.event for entry in given.entries]
    assert given.case.wanted is Wanted.SHOWN
    assert {"first_look", "decided"} <= {clock.name for clock in given.case.clocks}


def test_a_report_of_a_spamming_account_asks_for_no_media() -> None:
    given = _account(topic=Topic.SPAM)
    assert AccountMediaRequested not in [type(entry.event) for entry in given.entries]


def test_a_second_report_of_an_account_in_review_asks_for_no_media_again() -> None:
    given = _account(age=Age.CHILD)
    given.reported(age=Age.CHILD)
    assert [type(entry.event) for entry in given.entries].count(AccountMediaRequested) == 1


def test_an_unreviewed_post_of_a_reported_account_waits_hidden_for_review() -> None:
    given = _account(age=Age.CHILD)
    events = given.joins_from_account(OTHER_POST)
    assert HideRequested(WhyHide.ACCOUNT_REPORTED) in events
    waiting = given.books.case_of(OTHER_POST)
    assert (waiting.wanted, waiting.round is None) == (Wanted.HIDDEN, False)
    assert waiting.running("decided")


def test_listing_the_media_twice_changes_nothing() -> None:
    given = _account(age=Age.CHILD)
    given.joins_from_account(OTHER_POST)
    assert given.joins_from_account(OTHER_POST) == ()


def test_over_budget_a_listed_post_waits_for_review_and_a_person_is_called() -> None:
    given = _account(age=Age.CHILD)
    actor = System("workers")
    events = given.when(JoinFromAccount(UNKNOWN_YET, OTHER_POST, ACCOUNT, CHILD, frozenset(), actor, False))
    assert {HideWithheld, RoundOpened} <= set(kinds(events))
    assert AlarmRaised(Alarm.OVER_BUDGET) in events


@pytest.mark.parametrize("state", [refused, removed], ids=["kept", "removed"])
def test_a_post_that_people_reviewed_is_left_as_they_decided(state) -> None:  # type: ignore[no-untyped-def]
    given = state(age=Age.CHILD)
    before = given.case
    assert given.joins_from_account(given.subject) == ()
    assert given.case == before


def test_a_post_that_was_kept_as_no_spam_was_not_reviewed_for_a_child() -> None:
    given = Given()
    given.reported(topic=Topic.SPAM)
    given.fetched()
    given.keeps(REVIEWER, SPAM)
    assert GroundRaised in kinds(given.joins_from_account(given.subject))
    assert given.case.wanted is Wanted.HIDDEN


def test_one_person_suspends_an_account_for_a_time() -> None:
    given = _suspended()
    assert given.case.suspended_until is not None
    assert (given.case.wanted, given.case.round) == (Wanted.HIDDEN, None)
    assert given.case.last_told is Told.GONE


def test_one_person_who_wants_it_for_good_suspends_it_for_a_time_until_a_second_agrees() -> None:
    given = _account(age=Age.CHILD)
    events = given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    assert {SuspensionForGoodAsked, SuspensionRequested} <= set(kinds(events))
    assert not {GroundUpheld, RemovalDecided} & set(kinds(events))
    assert (given.case.wanted, given.case.round is None) == (Wanted.HIDDEN, False)
    assert given.case.running("decided")
    events = given.removes(SECOND, suspend=Suspend.FOR_GOOD)
    assert SuspensionRequested(None) in events
    assert (given.case.wanted, given.case.suspended_until, given.case.round) == (Wanted.REMOVED, None, None)
    assert given.case.running("decided") == ()


def test_the_same_person_twice_is_not_two_people() -> None:
    given = _account(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    with pytest.raises(Refused) as refusal:
        given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    assert refusal.value.code == "second_reviewer_must_differ"


def test_removing_an_account_says_for_how_long() -> None:
    given = _account(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.removes(REVIEWER)
    assert refusal.value.code == "say_how_long"


def test_with_the_removal_of_a_post_its_account_is_suspended() -> None:
    given = hidden(age=Age.CHILD)
    events = given.removes(REVIEWER, suspend=Suspend.FOR_A_TIME)
    assert {RemoveRequested, SuspensionRequested} <= set(kinds(events))
    account = given.books.case_of(ACCOUNT)
    assert (account.wanted, account.round) == (Wanted.HIDDEN, None)
    assert account.running("gone")


def test_a_wish_for_good_with_a_removal_opens_the_accounts_case_for_a_second_person() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    given.subject = ACCOUNT
    assert given.case.round is not None
    assert given.case.running("decided")
    given.removes(SECOND, suspend=Suspend.FOR_GOOD)
    assert given.case.wanted is Wanted.REMOVED


def test_wanting_the_account_gone_for_good_over_a_second_post_stops_no_removal() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    given.subject = OTHER_POST
    given.reported(age=Age.CHILD)
    given.fetched()
    events = given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    assert RemoveRequested in kinds(events)
    assert given.case.wanted is Wanted.REMOVED
    assert given.books.case_of(ACCOUNT).wanted is Wanted.HIDDEN


def test_a_wish_for_good_for_an_account_that_one_person_suspended_before_leaves_no_clock_behind() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_A_TIME)
    given.subject = OTHER_POST
    given.reported(age=Age.CHILD)
    given.fetched()
    given.removes(SECOND, suspend=Suspend.FOR_GOOD)
    given.subject = ACCOUNT
    given.removes(THIRD, suspend=Suspend.FOR_GOOD)
    assert given.case.round is None
    assert given.case.running("decided") == ()
    assert given.case.running("gone")


def test_an_account_that_is_not_known_yet_is_not_suspended_in_silence() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.removes(REVIEWER, suspend=Suspend.FOR_A_TIME)
    assert refusal.value.code == "account_not_known"
    assert RemovalDecided in kinds(given.removes(REVIEWER))


def test_nobody_suspends_an_account_of_their_own() -> None:
    owner = voter("owner", accounts=(ACCOUNT,))
    given = Given(staff=(*EVERYBODY, owner), subject=ACCOUNT)
    given.reported(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.removes(owner, suspend=Suspend.FOR_A_TIME)
    assert refusal.value.code == "not_your_own"


def test_a_suspension_ends_when_its_time_is_over_and_the_account_is_shown_again() -> None:
    given = _suspended()
    given.clocks_run(days(29))
    assert SuspensionEnded not in kinds(given.seen(Seen.GONE))
    given.clocks_run(days(1))
    events = given.seen(Seen.GONE)
    assert SuspensionEnded in kinds(events)
    ended = next(entry for entry in given.entries if isinstance(entry.event, SuspensionEnded))
    assert [effect.name for effect in effects_of(given.case.id, ended)] == [EffectName.RESTORE]
    assert (given.case.wanted, given.case.gone_at, given.case.hidden_at) == (Wanted.SHOWN, None, None)
    assert given.case.running("restored")
    given.seen(Seen.SHOWN)
    assert given.case.running("restored") == ()
    assert given.case.clocks
    assert CaseClosed() in given.clocks_run(days(100))


def test_a_suspension_that_the_platform_never_carried_out_ends_too_and_leaves_a_clock() -> None:
    given = _account(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_A_TIME)
    given.clocks_run(days(31))
    given.seen(Seen.SHOWN)
    assert (given.case.wanted, given.case.is_confirmed) == (Wanted.SHOWN, True)
    assert [clock.name for clock in given.case.clocks] == ["watch"]


def test_an_account_that_was_hidden_again_when_its_time_was_over_rings_no_more() -> None:
    given = _suspended()
    given.clocks_run(days(29))
    given.seen(Seen.SHOWN)
    assert given.case.running("hidden")
    given.clocks_run(days(2))
    given.seen(Seen.SHOWN)
    assert {clock.name for clock in given.case.clocks} <= {"watch", "recheck"}


def test_a_report_of_an_account_that_is_back_is_looked_at_by_somebody_new() -> None:
    given = _suspended()
    given.clocks_run(days(31))
    given.seen(Seen.SHOWN)
    given.reported(age=Age.CHILD)
    assert given.case.round is not None
    assert given.case.running("decided")
    assert [type(entry.event) for entry in given.entries].count(AccountMediaRequested) == 2


def test_a_report_of_an_account_that_is_suspended_is_answered() -> None:
    given = _suspended()
    given.reported(age=Age.CHILD)
    assert given.case.round is None
    assert given.case.last_told is Told.REMOVED


def test_a_reply_is_heard_although_the_account_was_suspended_once_for_another_ground() -> None:
    given = _suspended()
    given.clocks_run(days(31))
    given.seen(Seen.SHOWN)
    notice = given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.clocks_run()
    for ground in given.case.open_grounds:
        given.keeps(SECOND, ground.policy)
        given.keeps(LEAD, ground.policy)
    assert given.case.last_told is Told.KEPT
    given.wrote(notice)
    assert given.case.round is not None


def test_a_wish_for_a_time_makes_a_suspension_for_good_no_shorter() -> None:
    given = _for_good()
    given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.removes(THIRD, ADULT, suspend=Suspend.FOR_A_TIME)
    assert (given.case.wanted, given.case.suspended_until) == (Wanted.REMOVED, None)


def test_a_shorter_suspension_after_a_longer_one_was_lifted_counts() -> None:
    given = _suspended()
    given.appeals()
    given.keeps(SECOND)
    assert RestoreRequested in kinds(given.keeps(LEAD))
    assert given.case.suspended_until is None
    given.reported(topic=Topic.SPAM)
    events = given.removes(OTHER_LEAD, SPAM, suspend=Suspend.FOR_A_TIME)
    assert SuspensionRequested(given.books.now + days(7)) in events


def test_a_watch_does_not_close_a_case_whose_suspension_lasts_longer() -> None:
    given = Given(subject=ACCOUNT)
    given.books.policies = longer_suspension("1y")
    given.reported(age=Age.CHILD)
    given.removes(REVIEWER, given.case.grounds[0].policy, suspend=Suspend.FOR_A_TIME)
    given.seen(Seen.GONE)
    given.clocks_run(days(364))
    assert given.case.is_open
    given.clocks_run(days(1))
    given.seen(Seen.GONE)
    assert given.case.wanted is Wanted.SHOWN


def test_an_appeal_against_a_suspension_does_not_lengthen_it() -> None:
    given = _suspended()
    given.appeals(after=days(29))
    given.clocks_run(days(2))
    given.seen(Seen.SHOWN)
    assert given.case.wanted is Wanted.SHOWN
    assert given.case.round is not None


def test_a_suspended_account_that_was_kept_is_shown_again() -> None:
    given = _account(age=Age.CHILD)
    given.removes(REVIEWER, suspend=Suspend.FOR_GOOD)
    given.keeps(SECOND, after=hours(1))
    assert RestoreRequested in kinds(given.keeps(LEAD))
    assert given.case.round is None
    assert NoticeId("notice_1") in given.books.states
