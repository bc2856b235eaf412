"""A notice of police, a regulator or a court: hidden as anybody's, believed only by two ways and two people."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from amparo.cases.actor import Reporter, Reviewer
from amparo.cases.case_events import HoldEnded, HoldPlaced
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.notice_commands import PlacedLink
from amparo.cases.office_commands import GiveOfficeLink, NameOffice, OpenOfficeLink, RecordOfficeCall, SetOfficeAside
from amparo.cases.office_events import OfficeVerified
from amparo.cases.platform_events import HideRequested
from amparo.cases.refs import ContactId, NoticeId, OfficeId, SealedRef, StaffId
from amparo.cases.refused import Refused
from amparo.cases.sender import ContactOnFile, OfficeKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Alarm, Relation, Seen, WhyHide
from amparo.policies.policy import PolicyBook, Who
from tests.cases.books import SHIPPED
from tests.cases.given import (
    LEAD,
    NEWCOMER,
    NINE,
    OTHER_LEAD,
    OTHER_POST,
    POST,
    REVIEWER,
    SECOND,
    THIRD,
    Given,
    Voter,
    days,
    hours,
    minutes,
)

N1 = NoticeId("notice_1")
OFFICE = OfficeId("office_a")
PHONE = ContactOnFile(ContactId("contact_p"), OFFICE, REVIEWER.id, SECOND.id, NINE - days(7))
MAIL = replace(PHONE, id=ContactId("contact_m"))


def names(
    kind: OfficeKind = OfficeKind.POLICE,
    country: str = "PL",
    *,
    notice: NoticeId = N1,
    preserves: bool = True,
    in_danger: bool = False,
    within_budget: bool = True,
) -> NameOffice:
    sealed = SealedRef("sealed_office")
    return NameOffice(notice, kind, country, sealed, True, preserves, in_danger, within_budget, Reporter(notice))


def sent(kind: OfficeKind = OfficeKind.POLICE, country: str = "PL", age: Age | None = None, **more: bool) -> Given:
    """Return an installation where somebody who says to be an office has reported the post."""
    given = Given(staff=(*Given().staff, NEWCOMER))
    given.reported(age=age)
    given.when(names(kind, country, **more))
    given.fetched()
    return given


def link(given: Given, who: Voter = REVIEWER, contact: ContactOnFile = MAIL, sha256: str = "one") -> GiveOfficeLink:
    return GiveOfficeLink(N1, contact, sha256, given.books.now + days(1), Reviewer(who.id))


def call(who: Voter = SECOND, contact: ContactOnFile = PHONE) -> RecordOfficeCall:
    return RecordOfficeCall(N1, contact, Reviewer(who.id))


def opens(sha256: str = "one") -> OpenOfficeLink:
    return OpenOfficeLink(N1, sha256, Reporter(N1))


def verified(**more: object) -> Given:
    given = sent(**more)  # type: ignore[arg-type]
    given.when(link(given))
    given.when(opens())
    given.when(call())
    return given


# ---- the same way as anybody's


@pytest.mark.parametrize("age", [None, *Age])
def test_it_is_hidden_at_once_although_nobody_knows_who_it_is(age: Age | None) -> None:
    given = Given()
    given.reported(age=age)
    given.when(names())
    hides = [entry.event for entry in given.entries if isinstance(entry.event, HideRequested)]
    assert hides == [HideRequested(WhyHide.REPORT)]
    sender = given.notice(N1).sender
    assert sender is not None
    assert not sender.is_verified


def test_an_officer_and_a_victim_are_taken_in_alike() -> None:
    victim, officer = Given(), Given()
    for given in (victim, officer):
        given.reported(who=Relation.DEPICTED)
    officer.when(names(in_danger=True, preserves=False))
    for given in (victim, officer):
        given.fetched()
        given.clocks_run(minutes(5))
    assert officer.case.clocks == victim.case.clocks
    assert officer.case.hide_asked_at == victim.case.hide_asked_at == NINE
    assert (officer.case.lane, officer.case.signals, officer.case.round) == (
        victim.case.lane,
        victim.case.signals,
        victim.case.round,
    )


def test_over_the_budget_a_person_is_called_and_nothing_is_hidden() -> None:
    given = Given()
    given.reported(age=Age.ADULT, within_budget=False)
    before = len(given.entries)
    given.when(names(within_budget=False))
    assert AlarmRaised(Alarm.OVER_BUDGET) in [entry.event for entry in given.entries[before:]]
    assert given.case.hide_asked_at is None


def test_what_two_people_kept_is_not_hidden_because_somebody_says_police() -> None:
    given = Given()
    given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.fetched()
    given.seen(Seen.HIDDEN)
    given.keeps(REVIEWER)
    given.keeps(SECOND)
    given.reported(age=Age.ADULT)
    hidden = given.case.wanted_since
    given.when(names(notice=NoticeId("notice_2")))
    assert given.case.wanted_since == hidden


def test_danger_calls_a_person_and_moves_nothing() -> None:
    calm, danger = sent(), sent(in_danger=True)
    alarms = [e.event for e in danger.books.log[N1] if isinstance(e.event, AlarmRaised)]
    assert alarms == [AlarmRaised(Alarm.OFFICE_SAYS_DANGER)]
    assert danger.case == calm.case


def test_a_rule_that_believes_only_who_is_verified_hides_once_the_office_is() -> None:
    strict = replace(SHIPPED["child-imagery"], on_report=replace(SHIPPED["child-imagery"].on_report, who=Who.VERIFIED))
    others = [policy for name, policy in SHIPPED.items() if name != "child-imagery"]
    given = Given()
    given.books.policies = PolicyBook([strict, *others])
    given.reported()
    given.when(names())
    assert given.case.hide_asked_at is None
    given.when(link(given))
    given.when(opens())
    given.when(call())
    assert given.case.hide_asked_at == NINE


# ---- a clock of its own


@pytest.mark.parametrize(
    ("kind", "country", "length"),
    [
        pytest.param(OfficeKind.REGULATOR, "AU", hours(24), id="eSafety"),
        pytest.param(OfficeKind.COURT, "IN", hours(3), id="an-order-in-india"),
        pytest.param(OfficeKind.REGULATOR, "FR", None, id="no-law-of-its-own-known"),
        pytest.param(OfficeKind.POLICE, "AU", None, id="police-order-nothing"),
    ],
)
def test_a_regulators_notice_runs_under_the_clock_of_its_law(
    kind: OfficeKind, country: str, length: timedelta | None
) -> None:
    given = sent(kind, country)
    due = [clock.due_at for clock in given.case.running("ordered")]
    assert due == ([] if length is None else [NINE + length])


def test_the_shortest_clock_wins_and_hides_at_its_end_even_where_a_budget_withheld_it() -> None:
    given = Given()
    given.reported(within_budget=False)
    given.when(names(OfficeKind.COURT, "IN", within_budget=False))
    given.fetched()
    assert given.case.hide_asked_at is None
    given.clocks_run(hours(3))
    assert given.case.hide_asked_at == NINE + hours(3)
    assert given.case.running("ordered")[0].due_at == NINE + hours(3.5)


def test_a_decision_ends_it_and_it_tells_no_reporter_of_any_delay() -> None:
    given = sent(OfficeKind.COURT, "IN")
    given.seen(Seen.HIDDEN)
    given.looks(REVIEWER)
    told = [event for event in given.clocks_run(hours(4)) if type(event).__name__ == "ReportersTold"]
    assert told == []
    given.removes(REVIEWER)
    assert not given.case.running("ordered")


# ---- who it is


def test_a_link_and_a_call_by_two_people_confirm_the_office() -> None:
    given = sent()
    given.when(link(given))
    assert OfficeVerified(OFFICE) not in given.when(opens())
    assert OfficeVerified(OFFICE) in given.when(call())
    sender = given.notice(N1).sender
    assert sender is not None
    assert (sender.office, sender.verified_at) == (OFFICE, NINE)
    assert not [clock for clock in given.notice(N1).clocks if clock.name == "sender"]


def test_the_order_of_link_and_call_is_open() -> None:
    given = sent()
    given.when(call())
    given.when(link(given))
    assert OfficeVerified(OFFICE) in given.when(opens())


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        pytest.param(replace(PHONE, on_file_since=NINE), "contact_too_new", id="put-there-today"),
        pytest.param(
            replace(PHONE, on_file_since=NINE - days(7) + minutes(1)), "contact_too_new", id="a-minute-too-new"
        ),
        pytest.param(replace(PHONE, confirmed_by=None), "contact_not_confirmed", id="one-person-alone"),
        pytest.param(replace(PHONE, confirmed_by=REVIEWER.id), "contact_not_confirmed", id="confirmed-by-its-author"),
    ],
)
def test_a_contact_that_does_not_count_confirms_nobody(contact: ContactOnFile, code: str) -> None:
    given = sent()
    for command in (link(given, contact=contact), call(THIRD, contact)):
        with pytest.raises(Refused) as refused:
            given.when(command)
        assert refused.value.code == code


def test_a_lone_insider_confirms_nobody() -> None:
    given = sent()
    given.when(link(given, SECOND))
    given.when(opens())
    with pytest.raises(Refused, match="handed out the link"):
        given.when(call(SECOND))
    with pytest.raises(Refused, match="put this contact on file"):
        given.when(call(REVIEWER))
    called = sent()
    called.when(call(SECOND))
    with pytest.raises(Refused, match="called them back"):
        called.when(link(called, SECOND))


def test_nobody_whose_enrolment_is_not_approved_takes_part() -> None:
    given = sent()
    for command in (link(given, NEWCOMER), call(NEWCOMER), SetOfficeAside(N1, Reviewer(NEWCOMER.id))):
        with pytest.raises(Refused, match="approve your enrolment"):
            given.when(command)


def test_link_and_call_have_to_be_of_one_office() -> None:
    given = sent()
    given.when(link(given))
    given.when(opens())
    with pytest.raises(Refused, match="another office"):
        given.when(call(contact=replace(PHONE, office=OfficeId("office_b"))))
    late = sent()
    late.when(call(contact=replace(PHONE, office=OfficeId("office_b"))))
    late.when(link(late))
    assert OfficeVerified(OFFICE) not in late.when(opens())


@pytest.mark.parametrize(
    ("wait", "sha256"),
    [
        pytest.param(days(1), "one", id="its-time-is-over"),
        pytest.param(timedelta(), "two", id="another-one"),
    ],
)
def test_a_link_that_is_over_or_not_the_last_opens_nothing(wait: timedelta, sha256: str) -> None:
    given = sent()
    given.when(link(given))
    with pytest.raises(Refused, match="does not work any more"):
        given.when(opens(sha256), after=wait)


def test_a_new_link_ends_the_one_before_it() -> None:
    given = sent()
    given.when(link(given))
    given.when(link(given, sha256="two"))
    with pytest.raises(Refused):
        given.when(opens("one"))
    given.when(opens("two"))


def test_nobody_hands_out_a_link_for_longer_than_the_policy_says() -> None:
    given = sent()
    with pytest.raises(Refused, match="longer than the policy"):
        given.when(replace(link(given), expires_at=NINE + days(2)))


def test_who_it_is_is_asked_until_somebody_says() -> None:
    given = sent()
    rung = given.clocks_run(days(3)).count(AlarmRaised(Alarm.OFFICE_WAITS))
    assert rung == 1 + 3
    given.when(SetOfficeAside(N1, Reviewer(THIRD.id)))
    assert AlarmRaised(Alarm.OFFICE_WAITS) not in given.clocks_run(days(3))
    assert given.case.is_open


# ---- what is kept


def held_until(given: Given) -> datetime | None:
    return given.case.held_until


def test_what_is_sealed_is_kept_for_a_short_time_until_the_office_is_confirmed() -> None:
    given = sent()
    assert held_until(given) == NINE + days(21)
    given.when(link(given))
    given.when(opens())
    given.when(call())
    assert HoldPlaced(N1, NINE + days(365), True) in [entry.event for entry in given.entries]
    assert held_until(given) == NINE + days(365)
    assert [clock.due_at for clock in given.case.running("hold")] == [NINE + days(365)]


def test_an_office_that_asks_for_nothing_to_be_kept_has_nothing_kept() -> None:
    assert held_until(verified(preserves=False)) is None


def test_of_two_offices_the_longest_hold_counts() -> None:
    given = verified()
    given.reported(after=days(2))
    given.when(names(notice=NoticeId("notice_2")))
    assert held_until(given) == NINE + days(365)
    assert [hold.notice for hold in given.case.holds] == [N1, "notice_2"]


def test_a_link_that_comes_later_is_kept_too() -> None:
    given = verified()
    given.adds(N1, PlacedLink(OTHER_POST, UNKNOWN_YET))
    assert given.books.case_of(OTHER_POST).held_until == NINE + days(365)


def test_a_case_stays_open_until_its_hold_ends_and_then_closes() -> None:
    given = verified()
    given.seen(Seen.HIDDEN)
    given.removes(REVIEWER)
    given.seen(Seen.GONE)
    given.clocks_run(days(364))
    assert given.case.is_open
    events = given.clocks_run(days(2))
    assert HoldEnded() in events
    assert given.case.held_until is None
    assert not given.case.is_open


def test_a_hold_on_a_closed_case_opens_it_for_as_long() -> None:
    given = Given(subject=POST)
    given.reported()
    given.fetched()
    given.seen(Seen.HIDDEN)
    given.removes(LEAD)
    given.seen(Seen.GONE)
    given.clocks_run(days(200))
    assert not given.case.is_open
    given.reported()
    given.when(names(notice=NoticeId("notice_2")))
    assert given.case.is_open
    given.clocks_run(days(22))
    assert not given.case.is_open


def test_staff_ids_of_the_scenarios_are_different_people() -> None:
    people = {REVIEWER.id, SECOND.id, THIRD.id, LEAD.id, OTHER_LEAD.id, NEWCOMER.id, StaffId("staff_else")}
    assert len(people) == 7
