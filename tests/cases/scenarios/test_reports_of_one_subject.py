"""Several reports, one case: what hides, which clocks run, and what a reporter's silence means."""

import pytest

from amparo.cases.case_events import CaseOpened, GroundWithdrawn
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.notice_events import NoticeOpened
from amparo.cases.platform_events import HideRequested, HideWithheld, RestoreRequested
from amparo.cases.refused import Refused
from amparo.cases.words import Age, Alarm, GroundStatus, Relation, Seen, Wanted, WhyHide
from amparo.policies.policy import Lane, Topic
from tests.cases.given import (
    ADULT,
    CHILD,
    FOREIGN,
    LEAD,
    NINE,
    POST,
    REVIEWER,
    SECOND,
    SPAM,
    Given,
    hidden,
    hours,
    kinds,
    minutes,
    newer_version,
    post,
)


def _ground(given: Given, policy: str) -> GroundStatus | None:
    ground = given.case.ground(policy)
    return None if ground is None else ground.status


def test_an_adult_report_and_then_a_childs_make_one_case_that_stays_hidden_on_the_childs_clocks() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED)
    assert given.case.lane is Lane.ADULT
    given.reported(age=Age.CHILD, after=minutes(30))
    assert given.case.id == "case_1"
    assert (given.case.lane, given.case.wanted, given.case.notices) == (Lane.CHILD, Wanted.HIDDEN, 2)
    assert given.case.running("first_look")[0].due_at == NINE + minutes(45)
    assert given.case.running("decided")[0].policy == ADULT
    assert CHILD in [clock.policy for clock in given.case.running("decided")]


def test_refusing_the_first_ground_restores_nothing_while_the_second_is_open() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED)
    given.reported(age=Age.CHILD, after=minutes(30))
    given.keeps(REVIEWER, ADULT)
    events = given.keeps(SECOND, ADULT)
    assert RestoreRequested not in kinds(events)
    assert _ground(given, ADULT) is GroundStatus.REFUSED
    assert (given.case.wanted, given.case.seen) == (Wanted.HIDDEN, Seen.HIDDEN)
    assert given.case.round is not None
    assert {clock.policy for clock in given.case.running("decided")} == {CHILD}


def test_only_with_the_last_ground_refused_is_the_post_shown_again() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED)
    given.reported(age=Age.CHILD, after=minutes(30))
    given.keeps(REVIEWER, ADULT)
    given.keeps(SECOND, ADULT)
    given.keeps(REVIEWER, CHILD)
    assert RestoreRequested in kinds(given.keeps(LEAD, CHILD))
    assert given.case.round is None


def test_a_graver_ground_is_looked_at_anew_although_somebody_looked_at_the_first() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED)
    given.looks(REVIEWER, after=minutes(5))
    given.reported(age=Age.CHILD, after=hours(3))
    assert [clock.policy for clock in given.case.running("first_look")] == [CHILD]
    given.looks(SECOND, after=minutes(5))
    assert given.case.running("first_look") == ()


def test_a_second_report_of_what_was_looked_at_starts_no_first_look_again() -> None:
    given = hidden(age=Age.CHILD)
    given.looks(REVIEWER, after=minutes(5))
    given.reported(age=Age.CHILD)
    assert given.case.running("first_look") == ()


def test_a_stranger_does_not_hide_an_adult_picture_and_the_person_shown_does() -> None:
    given = Given()
    notice = given.reported(age=Age.ADULT, who=Relation.STRANGER, within_budget=False)
    assert given.case.wanted is Wanted.SHOWN
    assert given.notice(notice).is_settled
    given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    assert given.case.wanted is Wanted.HIDDEN


def test_silence_about_the_age_counts_as_a_child() -> None:
    given = Given()
    given.reported(sent=False)
    assert (given.case.lane, given.case.wanted) == (Lane.CHILD, Wanted.HIDDEN)
    given.clocks_run(minutes(31))
    assert given.case.grounds[0].is_settled


def test_an_adult_answered_on_sending_withdraws_only_what_that_silence_raised() -> None:
    given = Given()
    notice = given.reported(who=Relation.DEPICTED, sent=False)
    events = given.sent(notice, Age.ADULT)
    assert GroundWithdrawn in kinds(events)
    assert RestoreRequested not in kinds(events)
    assert (given.case.lane, given.case.wanted) == (Lane.ADULT, Wanted.HIDDEN)
    assert [clock.policy for clock in given.case.running("first_look")] == [ADULT]


def test_an_adults_answer_withdraws_nothing_that_another_report_stands_for() -> None:
    given = Given()
    silent = given.reported(sent=False)
    given.reported(age=Age.CHILD)
    assert GroundWithdrawn not in kinds(given.sent(silent, Age.ADULT))
    assert given.case.lane is Lane.CHILD


def test_two_silent_reports_are_withdrawn_only_when_both_have_said_adult() -> None:
    given = Given()
    first, second = given.reported(sent=False), given.reported(sent=False)
    assert GroundWithdrawn not in kinds(given.sent(first, Age.ADULT))
    assert given.case.lane is Lane.CHILD
    assert GroundWithdrawn in kinds(given.sent(second, Age.ADULT))
    assert given.case.lane is Lane.ADULT


def test_a_ground_that_has_a_vote_is_not_withdrawn() -> None:
    given = Given()
    silent = given.reported(sent=False)
    given.fetched()
    given.keeps(REVIEWER, CHILD)
    assert GroundWithdrawn not in kinds(given.sent(silent, Age.ADULT))
    assert given.case.lane is Lane.CHILD


def test_a_withdrawal_that_leaves_only_a_removed_ground_ends_the_round_and_the_watch_goes_on() -> None:
    given = Given()
    silent = given.reported(sent=False)
    given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.removes(REVIEWER, ADULT)
    given.seen(Seen.GONE)
    assert given.case.round is not None
    assert GroundWithdrawn in kinds(given.sent(silent, Age.ADULT))
    assert given.case.round is None
    assert given.case.wanted is Wanted.REMOVED
    assert {"watch", "recheck"} <= {clock.name for clock in given.case.clocks}


def test_not_sure_counts_as_a_child() -> None:
    given = Given()
    given.reported(age=Age.NOT_SURE)
    assert given.case.lane is Lane.CHILD


def test_a_settled_child_cannot_become_an_adult() -> None:
    given = Given()
    notice = given.reported(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.sent(notice, Age.ADULT)
    assert refusal.value.code == "lanes_only_rise"


def test_a_settled_adult_can_become_a_child() -> None:
    given = Given()
    notice = given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.sent(notice, Age.CHILD)
    assert given.case.lane is Lane.CHILD
    assert _ground(given, ADULT) is GroundStatus.OPEN


def test_twenty_links_with_three_foreign_ones_make_one_notice_and_seventeen_cases() -> None:
    given = Given()
    before = len(given.books.states)
    notice = given.reported(*[post(number) for number in range(17)], FOREIGN, FOREIGN, FOREIGN)
    assert len(given.notice(notice).links) == 20
    assert len(given.notice(notice).cases) == 17
    assert len(given.books.states) - before == 18
    opened = [e for log in given.books.log.values() for e in log if isinstance(e.event, NoticeOpened | CaseOpened)]
    assert len(opened) == 18
    assert {clock.name for clock in given.notice(notice).clocks} == {"answered", "placed"}


def test_a_link_given_twice_joins_once() -> None:
    given = Given()
    given.reported(POST, POST)
    assert given.case.notices == 1


def test_over_budget_a_report_is_accepted_and_a_person_is_called() -> None:
    given = Given()
    notice = given.reported(within_budget=False)
    assert given.case.wanted is Wanted.SHOWN
    assert HideWithheld in [type(entry.event) for entry in given.entries]
    assert AlarmRaised(Alarm.OVER_BUDGET) in [entry.event for entry in given.entries]
    assert given.notice(notice).is_open
    assert given.case.running("first_look")[0].due_at == NINE + minutes(15)


def test_what_was_withheld_over_budget_is_hidden_by_the_next_report() -> None:
    given = Given()
    given.reported(within_budget=False)
    given.reported()
    assert given.case.wanted is Wanted.HIDDEN


def test_what_was_withheld_over_budget_is_hidden_at_the_hard_limit() -> None:
    given = Given()
    given.reported(within_budget=False)
    given.clocks_run(hours(25))
    assert HideRequested(WhyHide.LIMIT) in [entry.event for entry in given.entries]


def test_spam_is_never_hidden_by_a_report_a_reply_or_a_limit() -> None:
    given = Given(staff=(REVIEWER, SECOND))
    notice = given.reported(topic=Topic.SPAM)
    given.fetched()
    given.clocks_run(hours(24 * 8))
    given.keeps(REVIEWER, SPAM)
    given.wrote(notice, new_facts=True)
    given.reported(topic=Topic.SPAM)
    assert given.case.wanted is Wanted.SHOWN
    assert HideRequested not in [type(entry.event) for entry in given.entries]


def test_a_countrys_clock_counts_from_receipt() -> None:
    given = Given()
    given.reported(age=Age.ADULT, who=Relation.DEPICTED, country="IN", after=minutes(40))
    running = given.case.running("decided")
    assert [clock.key.rsplit("/", 1)[1] for clock in running] == ["IN", "house"]
    assert running[0].due_at == NINE + minutes(40) + hours(2)


def test_a_country_answered_late_still_counts_from_receipt() -> None:
    given = Given()
    notice = given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.books.wait(hours(1))
    given.adds_country(notice, "IN")
    assert given.case.running("decided")[0].due_at == NINE + hours(2)


def test_an_answer_after_a_missed_promise_does_not_miss_it_again() -> None:
    given = Given()
    notice = given.reported(sent=False)
    given.clocks_run(minutes(16))
    renewed = given.case.running("first_look")[0].due_at
    assert renewed == NINE + minutes(45)
    given.sent(notice, Age.CHILD)
    assert given.case.running("first_look")[0].due_at == renewed


def test_a_case_stays_under_the_version_of_a_policy_that_it_was_opened_under() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER)
    given.seen(Seen.GONE)
    given.books.policies = newer_version("child-imagery")
    notice = given.reported(sent=False)
    given.answers(notice, Relation.DEPICTED)
    given.sent(notice, Age.CHILD)
    assert [ground.policy for ground in given.case.grounds] == [CHILD]
