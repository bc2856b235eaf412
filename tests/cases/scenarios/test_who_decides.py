"""Taking down needs one person; keeping up needs two who are free to judge, and never a machine."""

import pytest

from amparo.cases.actor import Actor, Admin, Connector, Reporter, Reviewer, Rule, System
from amparo.cases.case_commands import DecideRemoval, StartLook, VoteToKeep
from amparo.cases.case_events import GroundRefused, KeepDecided, KeepVoted, PeopleLacking, RemovalDecided
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.facts import Facts
from amparo.cases.platform_events import RemoveRequested, RestoreRequested
from amparo.cases.refs import NoticeId, StaffId
from amparo.cases.refused import Refused
from amparo.cases.stages.people import lacks_people
from amparo.cases.words import Age, Alarm, GroundStatus, Relation, Seen, Suspend, Told, Wanted
from amparo.policies.policy import Topic
from tests.cases.given import (
    ACCOUNT,
    ADULT,
    CHILD,
    EVERYBODY,
    LEAD,
    NEW,
    NEWCOMER,
    OTHER_LEAD,
    REVIEWER,
    SECOND,
    SPAM,
    THIRD,
    Given,
    hidden,
    hours,
    kinds,
    placed,
    refused,
    voter,
)

CHILD_REPORT = {"age": Age.CHILD}
ADULT_REPORT = {"age": Age.ADULT, "who": Relation.DEPICTED}


def _code(given: Given, command: object) -> str:
    with pytest.raises(Refused) as refusal:
        given.when(command)  # type: ignore[arg-type]
    assert refusal.value.sentence.endswith(".")
    return refusal.value.code


def _vote(given: Given, who: StaffId) -> str:
    return _code(given, given.vote(Reviewer(who)))


@pytest.mark.parametrize(
    "actor",
    [
        Admin(LEAD.id),
        Rule(CHILD),
        Connector("plaza"),
        Reporter(NoticeId("notice_1")),
        System("api"),
    ],
    ids=lambda actor: type(actor).__name__,
)
def test_nothing_but_a_person_who_reviews_can_refuse(actor: Actor) -> None:
    given = hidden(**CHILD_REPORT)
    assert _code(given, given.vote(actor)) == "only_people_refuse"


def test_somebody_who_is_not_on_the_staff_cannot_refuse() -> None:
    given = hidden(**CHILD_REPORT)
    assert _vote(given, StaffId("staff_stranger")) == "not_a_reviewer"


@pytest.mark.parametrize("who", [REVIEWER, LEAD], ids=["reviewer", "lead"])
@pytest.mark.parametrize("report", [CHILD_REPORT, ADULT_REPORT], ids=["child", "adult"])
def test_one_person_alone_refuses_nothing(who, report) -> None:  # type: ignore[no-untyped-def]
    given = hidden(**report)
    assert kinds(given.keeps(who)) == [KeepVoted]
    assert _vote(given, who.id) == "voted_already"
    assert (given.case.wanted, given.case.round is None) == (Wanted.HIDDEN, False)


def test_one_person_takes_it_down() -> None:
    given = hidden(**CHILD_REPORT)
    events = given.removes(REVIEWER)
    assert {RemovalDecided, RemoveRequested} <= set(kinds(events))
    assert (given.case.wanted, given.case.round) == (Wanted.REMOVED, None)
    assert given.case.running("gone")


def test_two_reviewers_refuse_an_adults_report() -> None:
    given = hidden(**ADULT_REPORT)
    given.keeps(REVIEWER)
    assert {KeepDecided, GroundRefused, RestoreRequested} <= set(kinds(given.keeps(SECOND)))


def test_two_reviewers_without_a_lead_do_not_refuse_in_the_child_lane() -> None:
    given = hidden(**CHILD_REPORT)
    given.keeps(REVIEWER)
    assert KeepDecided not in kinds(given.keeps(SECOND))
    assert KeepDecided in kinds(given.keeps(LEAD))


def test_one_reviewer_keeps_up_what_was_reported_as_spam() -> None:
    given = Given()
    given.reported(topic=Topic.SPAM)
    given.fetched()
    assert KeepDecided in kinds(given.keeps(REVIEWER, SPAM))


def test_a_vote_tells_nobody_anything_until_it_decides() -> None:
    given = hidden(**CHILD_REPORT)
    before = given.case
    given.keeps(REVIEWER)
    after = given.case
    assert (after.clocks, after.last_told, after.wanted) == (before.clocks, before.last_told, before.wanted)


def test_the_reasons_of_both_voters_are_kept_with_the_decision() -> None:
    given = refused(**CHILD_REPORT)
    decided = next(e.event for e in given.entries if isinstance(e.event, KeepDecided))
    assert (decided.by, decided.reasons, decided.policies) == ((REVIEWER.id, LEAD.id), ("not_sexual",), (CHILD,))


def test_a_newcomer_whose_enrolment_nobody_approved_removes_and_does_not_keep() -> None:
    given = Given(staff=(*EVERYBODY, NEWCOMER))
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    given.fetched()
    assert _vote(given, NEWCOMER.id) == "enrolment_not_approved"
    assert RemovalDecided in kinds(given.removes(NEWCOMER))


def test_staff_who_reported_it_neither_look_nor_decide() -> None:
    given = hidden(age=Age.CHILD, by=REVIEWER.id)
    look = StartLook(given.case.id, Reviewer(REVIEWER.id))
    removal = DecideRemoval(given.case.id, 1, CHILD, given.case.content.digest, Suspend.NO, Reviewer(REVIEWER.id))  # type: ignore[union-attr]
    assert _code(given, look) == "not_your_own"
    assert _code(given, removal) == "not_your_own"
    assert _vote(given, REVIEWER.id) == "not_your_own"


def test_staff_who_report_stay_reporters_for_links_added_later() -> None:
    given = Given()
    notice = given.reported(by=REVIEWER.id)
    given.adds(notice, placed("post-9"))
    assert all(
        REVIEWER.id in state.reported_by  # type: ignore[union-attr]
        for aggregate, state in given.books.states.items()
        if aggregate.startswith("case_")
    )


def test_staff_whose_own_account_posted_it_do_not_decide() -> None:
    owner = voter("owner", accounts=(ACCOUNT,))
    given = Given(staff=(*EVERYBODY, owner))
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    given.fetched(account=ACCOUNT)
    assert _vote(given, owner.id) == "not_your_own"


def test_nobody_refuses_what_could_not_be_fetched_and_one_person_may_remove_it() -> None:
    given = Given()
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    assert _vote(given, REVIEWER.id) == "content_not_seen"
    assert RemovalDecided in kinds(given.removes(REVIEWER))


def test_a_vote_on_what_has_changed_meanwhile_is_refused() -> None:
    given = hidden(**CHILD_REPORT)
    stale = given.vote(Reviewer(LEAD.id))
    given.fetched(NEW, version=2)
    assert _code(given, stale) == "content_changed"


def test_changed_content_voids_the_votes_cast_on_the_old() -> None:
    given = hidden(**CHILD_REPORT)
    given.keeps(REVIEWER)
    given.fetched(NEW, version=2)
    assert KeepDecided not in kinds(given.keeps(LEAD))
    assert KeepDecided in kinds(given.keeps(REVIEWER))


def test_a_counter_that_changed_voids_no_vote() -> None:
    given = hidden(**CHILD_REPORT)
    given.keeps(REVIEWER)
    given.fetched(version=2)
    assert KeepDecided in kinds(given.keeps(LEAD))


def test_a_vote_in_a_round_that_is_over_is_refused() -> None:
    given = hidden(**CHILD_REPORT)
    late = given.vote(Reviewer(LEAD.id))
    given.removes(REVIEWER)
    assert _code(given, late) == "round_is_over"


@pytest.mark.parametrize(
    ("policies", "reason", "code"),
    [
        ((), "not_sexual", "no_ground"),
        ((ADULT,), "not_intimate", "no_such_ground"),
        (("child-imagery@0000",), "not_sexual", "no_such_ground"),
        ((CHILD,), "because", "no_rule_cited"),
    ],
    ids=["no-ground", "a-ground-not-open", "a-ground-nobody-knows", "no-rule"],
)
def test_a_vote_names_an_open_ground_and_cites_a_rule(policies, reason, code) -> None:  # type: ignore[no-untyped-def]
    given = hidden(**CHILD_REPORT)
    digest = given.case.content.digest  # type: ignore[union-attr]
    assert _code(given, VoteToKeep(given.case.id, 1, policies, reason, digest, Reviewer(LEAD.id))) == code


def test_a_removal_on_a_policy_nobody_knows_is_refused_in_a_sentence() -> None:
    given = hidden(**CHILD_REPORT)
    removal = DecideRemoval(given.case.id, 1, "nonsense", given.case.content.digest, Suspend.NO, Reviewer(LEAD.id))  # type: ignore[union-attr]
    assert _code(given, removal) == "no_such_policy"


def test_who_voted_on_one_ground_may_vote_on_one_that_is_raised_later() -> None:
    given = Given(staff=(REVIEWER, LEAD))
    given.reported(**ADULT_REPORT)  # type: ignore[arg-type]
    given.fetched()
    given.keeps(REVIEWER, ADULT)
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    given.keeps(LEAD, ADULT)
    given.keeps(REVIEWER, CHILD)
    assert KeepDecided in kinds(given.keeps(LEAD, CHILD))


def test_a_report_that_asks_a_refused_ground_anew_leaves_no_old_vote_to_count() -> None:
    given = hidden(**ADULT_REPORT)
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    given.keeps(REVIEWER, ADULT)
    given.keeps(SECOND, ADULT)
    given.reported(age=Age.ADULT, who=Relation.DEPICTED, sent=True)
    assert KeepDecided not in kinds(given.keeps(THIRD, ADULT))
    assert _vote(given, REVIEWER.id) == "needs_somebody_new"


def test_a_removal_on_one_ground_leaves_a_graver_one_open() -> None:
    given = hidden(**CHILD_REPORT)
    given.removes(REVIEWER, ADULT)
    assert given.case.wanted is Wanted.REMOVED
    assert [ground.policy for ground in given.case.open_grounds] == [CHILD]
    assert {clock.policy for clock in given.case.running("decided")} == {CHILD}


def test_refusing_the_graver_ground_restores_nothing_that_one_person_removed() -> None:
    given = hidden(**CHILD_REPORT)
    given.removes(REVIEWER, ADULT)
    given.seen(Seen.GONE)
    given.keeps(SECOND)
    events = given.keeps(LEAD)
    assert RestoreRequested not in kinds(events)
    assert (given.case.wanted, given.case.round, given.case.last_told) == (Wanted.REMOVED, None, Told.REMOVED)
    assert given.case.clocks


def test_a_removal_on_a_ground_that_was_refused_before_stands_against_a_later_refusal_of_another() -> None:
    given = hidden(**ADULT_REPORT)
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    given.keeps(REVIEWER, ADULT)
    given.keeps(SECOND, ADULT)
    given.removes(THIRD, ADULT)
    given.keeps(REVIEWER, CHILD)
    events = given.keeps(LEAD, CHILD)
    assert RestoreRequested not in kinds(events)
    assert given.case.ground(ADULT).status is GroundStatus.UPHELD  # type: ignore[union-attr]


def test_with_one_person_there_it_stays_hidden_and_the_lead_is_called() -> None:
    given = Given(staff=(LEAD,))
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    assert PeopleLacking(1) in [entry.event for entry in given.entries]
    assert AlarmRaised(Alarm.NOT_ENOUGH_PEOPLE) in [entry.event for entry in given.entries]
    given.fetched()
    given.seen(Seen.HIDDEN)
    # Said when the round opened; said again at a vote, it would tell of the vote.
    assert not {PeopleLacking, AlarmRaised} & set(kinds(given.keeps(LEAD)))
    assert given.case.wanted is Wanted.HIDDEN


def test_without_a_lead_the_child_lane_lacks_people() -> None:
    given = Given(staff=(REVIEWER, SECOND, THIRD))
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    assert PeopleLacking(1) in [entry.event for entry in given.entries]


def test_people_who_came_meanwhile_are_no_longer_lacking() -> None:
    given = Given(staff=(LEAD,))
    given.reported(**CHILD_REPORT)  # type: ignore[arg-type]
    assert lacks_people(given.case, Facts(given.books.policies, given.books.staffing))
    given.books.staffing = Given(staff=(LEAD, REVIEWER)).books.staffing
    assert not lacks_people(given.case, Facts(given.books.policies, given.books.staffing))


def test_the_second_persons_card_is_as_good_as_the_first_ones() -> None:
    given = hidden(**CHILD_REPORT)
    given.keeps(OTHER_LEAD, after=hours(1))
    assert KeepDecided in kinds(given.keeps(LEAD, after=hours(20)))
