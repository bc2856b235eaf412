"""No refusal is the last word, and no appeal shows anything by itself."""

import pytest

from amparo.cases.actor import Reviewer
from amparo.cases.case_events import CaseClosed, KeepDecided, ReportersTold, RoundOpened, VotesVoided
from amparo.cases.clock_events import ClockStarted
from amparo.cases.platform_events import ContentRequested, HideRequested, LookDue, RemoveRequested, RestoreRequested
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age, GroundStatus, Relation, Told, Wanted, WhyHide, WhyRound
from tests.cases.given import (
    ADULT,
    CHILD,
    LEAD,
    NEW,
    OTHER_LEAD,
    REVIEWER,
    SECOND,
    THIRD,
    Given,
    days,
    hidden,
    hours,
    kinds,
    minutes,
    refused,
    removed,
)

N1 = NoticeId("notice_1")


def test_a_reply_to_a_refusal_opens_a_round_for_somebody_new_and_hides_again() -> None:
    given = refused(age=Age.CHILD)
    events = given.wrote(N1, after=hours(1))
    assert RoundOpened(2, WhyRound.REPLY, frozenset({REVIEWER.id, LEAD.id})) in events
    assert HideRequested(WhyHide.REPLY) in events
    assert ReportersTold(Told.REOPENED, 2, None) in events
    assert ContentRequested() in events
    assert {"first_look", "decided", "hidden"} <= {clock.name for clock in given.case.clocks}


def test_whoever_refused_before_does_not_refuse_again() -> None:
    given = refused(age=Age.CHILD)
    given.wrote(N1)
    with pytest.raises(Refused) as refusal:
        given.when(given.vote(Reviewer(LEAD.id)))
    assert refusal.value.code == "needs_somebody_new"
    given.keeps(SECOND)
    assert KeepDecided in kinds(given.keeps(OTHER_LEAD))


def test_a_second_refusal_is_looked_at_first_when_it_is_replied_to() -> None:
    given = refused(age=Age.CHILD)
    given.wrote(N1)
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    events = given.wrote(N1)
    assert HideRequested not in kinds(events)
    assert RoundOpened in kinds(events)
    assert given.case.running("first_look")


def test_new_facts_hide_again_after_a_second_refusal() -> None:
    given = refused(age=Age.CHILD)
    given.wrote(N1)
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    assert HideRequested in kinds(given.wrote(N1, new_facts=True))


def test_a_reply_in_an_open_round_voids_the_votes_cast_before_it() -> None:
    given = hidden(age=Age.CHILD)
    given.keeps(REVIEWER)
    assert VotesVoided in kinds(given.wrote(N1))
    assert KeepDecided not in kinds(given.keeps(LEAD))
    assert KeepDecided in kinds(given.keeps(REVIEWER))


def test_a_reply_in_an_open_round_without_votes_changes_nothing_of_the_case() -> None:
    given = hidden(age=Age.CHILD)
    before = given.case
    given.wrote(N1)
    assert given.case == before


def test_a_reply_by_a_stranger_hides_nothing_that_a_strangers_report_could_not() -> None:
    given = Given()
    given.reported(age=Age.ADULT, who=Relation.STRANGER, within_budget=False)
    given.fetched()
    given.keeps(REVIEWER, ADULT)
    given.keeps(SECOND, ADULT)
    events = given.wrote(N1, new_facts=True)
    assert RoundOpened in kinds(events)
    assert given.case.wanted is Wanted.SHOWN


def test_a_reply_after_a_removal_has_the_platform_looked_at() -> None:
    given = removed(age=Age.CHILD)
    events = given.wrote(N1, after=hours(30))
    assert LookDue() in events
    assert given.case.round is None


def test_a_reply_long_after_the_case_was_closed_opens_it_again() -> None:
    given = refused(age=Age.CHILD)
    events = given.clocks_run(days(184))
    assert CaseClosed() in events
    assert not given.case.is_open
    given.wrote(N1)
    assert given.case.is_open
    assert given.case.running("decided")


def test_a_new_report_of_what_was_refused_opens_a_round_and_hides_once() -> None:
    given = refused(age=Age.CHILD)
    given.reported(age=Age.CHILD)
    assert (given.case.rounds, given.case.wanted) == (2, Wanted.HIDDEN)
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    given.reported(age=Age.CHILD)
    assert (given.case.rounds, given.case.wanted) == (3, Wanted.SHOWN)


def test_the_person_shown_is_a_new_fact_however_often_it_was_refused() -> None:
    given = refused(age=Age.CHILD)
    given.reported(age=Age.CHILD)
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    given.reported(age=Age.CHILD, who=Relation.DEPICTED)
    assert given.case.wanted is Wanted.HIDDEN


def test_the_country_of_a_new_report_sets_its_clock_on_the_ground_it_reopens() -> None:
    given = refused(age=Age.ADULT, who=Relation.DEPICTED)
    given.reported(age=Age.ADULT, who=Relation.DEPICTED, country="IN")
    assert "IN" in [clock.key.rsplit("/", 1)[1] for clock in given.case.running("decided")]


def test_time_that_runs_out_on_a_silent_reporter_is_no_reply_to_a_refusal() -> None:
    given = Given()
    given.reported(sent=False)
    given.fetched()
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    given.clocks_run(minutes(31))
    assert given.notice(N1).is_settled
    assert (given.case.round, given.case.wanted) == (None, Wanted.SHOWN)


def test_a_country_answered_after_a_refusal_is_no_reply() -> None:
    given = refused(age=Age.CHILD)
    given.adds_country(N1, "US")
    assert given.case.round is None


def test_that_the_reporter_is_shown_is_a_reply_to_a_refusal() -> None:
    given = refused(age=Age.CHILD)
    events = given.answers(N1, Relation.DEPICTED)
    assert RoundOpened in kinds(events)
    assert given.case.wanted is Wanted.HIDDEN


def test_that_an_adult_is_a_child_after_all_is_a_reply_to_a_refusal() -> None:
    given = refused(age=Age.ADULT, who=Relation.DEPICTED)
    given.sent(N1, Age.CHILD)
    assert given.case.ground(CHILD).status is GroundStatus.OPEN  # type: ignore[union-attr]
    assert given.case.wanted is Wanted.HIDDEN


def test_content_that_changed_since_a_refusal_is_hidden_when_it_is_looked_at_again() -> None:
    given = refused(age=Age.CHILD)
    given.wrote(N1)
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    given.wrote(N1)
    assert given.case.wanted is Wanted.SHOWN
    assert HideRequested in kinds(given.fetched(NEW, version=2))


def test_a_report_on_another_ground_long_after_a_refusal_has_the_content_fetched_anew() -> None:
    given = refused(age=Age.ADULT, who=Relation.DEPICTED)
    given.clocks_run(days(184))
    given.reported(age=Age.CHILD)
    assert ContentRequested() in [entry.event for entry in given.entries]


def test_content_is_not_asked_of_a_platform_that_has_removed_it() -> None:
    given = removed(age=Age.CHILD)
    assert ContentRequested() not in given.appeals(after=days(3))


def test_a_window_is_stopped_while_somebody_looks_again_and_begins_anew_after_the_next_refusal() -> None:
    given = refused(age=Age.CHILD)
    assert given.case.running("window")
    given.wrote(N1, after=days(100))
    assert given.case.running("window") == ()
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    assert given.case.running("window")[0].due_at == given.books.now + days(183)


def test_an_appeal_shows_nothing() -> None:
    given = removed(age=Age.CHILD)
    before = (given.case.wanted, given.case.wanted_since, given.case.gone_at)
    events = given.appeals(after=days(3))
    assert RoundOpened(2, WhyRound.APPEAL, frozenset({REVIEWER.id})) in events
    assert not {RestoreRequested, HideRequested, RemoveRequested} & set(kinds(events))
    assert (given.case.wanted, given.case.wanted_since, given.case.gone_at) == before


def test_two_new_people_restore_on_appeal() -> None:
    given = removed(age=Age.CHILD)
    given.appeals(after=days(3))
    given.keeps(SECOND)
    assert RestoreRequested in kinds(given.keeps(LEAD))
    assert (given.case.gone_at, given.case.hidden_at, given.case.removed_for) == (None, None, None)


def test_an_appeal_that_is_turned_down_leaves_it_removed_and_watched() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(89))
    given.appeals()
    given.clocks_run(days(3))
    events = given.removes(THIRD)
    assert RemoveRequested not in kinds(events)
    assert given.case.wanted is Wanted.REMOVED
    assert {"watch", "recheck"} <= {clock.name for clock in given.case.clocks}
    assert CaseClosed() in given.clocks_run(days(91))


def test_an_appeal_after_the_watch_has_ended_opens_the_case_with_its_clocks() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(91))
    assert not given.case.is_open
    given.appeals()
    assert given.case.running("decided")
    given.removes(SECOND)
    assert given.case.is_open
    assert {"watch", "recheck"} <= {clock.name for clock in given.case.clocks}


@pytest.mark.parametrize("state", [hidden, refused], ids=["in-review", "refused"])
def test_there_is_nothing_to_appeal_where_nothing_is_decided_against_the_account(state) -> None:  # type: ignore[no-untyped-def]
    given = state(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.appeals()
    assert refusal.value.code == "nothing_to_appeal"


def test_a_new_ground_on_a_closed_removed_post_leaves_no_open_case_without_a_clock_when_it_is_refused() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(91))
    given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.reported(age=Age.CHILD)
    assert ClockStarted in [type(entry.event) for entry in given.entries]
    given.keeps(SECOND, ADULT)
    given.keeps(THIRD, ADULT)
    assert given.case.wanted is Wanted.REMOVED
    assert not given.case.is_open or given.case.clocks
