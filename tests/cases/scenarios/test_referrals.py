"""Whether the police are told of a danger: asked by words, answered by a person, and never forgotten."""

import pytest

from amparo.cases.actor import Reviewer
from amparo.cases.clock_events import AlarmRaised, EscalatedToLead
from amparo.cases.notice_events import NoticeClosed
from amparo.cases.office_commands import DecideReferral, OpenReferral
from amparo.cases.office_events import ReferralDecided, ReferralOpened
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.refused import Refused
from amparo.cases.words import Alarm
from amparo.policies.signal import Signal
from tests.cases.given import NEWCOMER, NINE, REVIEWER, Given, Voter, days, hours, minutes

N1 = NoticeId("notice_1")
SAID = SealedRef("sealed_answer")


def asked() -> Given:
    """Return an installation where somebody wrote that they cannot go on."""
    given = Given(staff=(*Given().staff, NEWCOMER))
    given.reported()
    given.said(N1, Signal.SELF_HARM)
    return given


def answer(who: Voter, *, told: bool, number: int = 1) -> DecideReferral:
    return DecideReferral(N1, number, SAID, NINE if told else None, Reviewer(who.id))


@pytest.mark.parametrize("signal", [Signal.SELF_HARM, Signal.THREAT])
def test_words_of_danger_ask_people_whether_the_police_are_told(signal: Signal) -> None:
    given = Given()
    given.reported()
    events = given.said(N1, signal, Signal.MINOR)
    assert ReferralOpened(1, (signal,)) in events
    assert AlarmRaised(Alarm.REFERRAL_DUE) in events
    assert not [event for event in events if isinstance(event, ReferralDecided)]


@pytest.mark.parametrize("signal", sorted(set(Signal) - {Signal.SELF_HARM, Signal.THREAT}, key=lambda s: s.value))
def test_other_words_ask_nobody(signal: Signal) -> None:
    given = Given()
    given.reported()
    assert not [event for event in given.said(N1, signal) if isinstance(event, ReferralOpened)]


def test_nobody_stops_its_clock_by_doing_nothing() -> None:
    given = asked()
    events = given.clocks_run(hours(6))
    rung = [event for event in events if event == AlarmRaised(Alarm.REFERRAL_DUE)]
    # Once at half of its half hour, then at its end and every quarter of an hour after it.
    assert len(rung) == 1 + 1 + 22
    assert EscalatedToLead("referral") in events
    assert given.notice(N1).open_referral is not None
    assert [clock for clock in given.notice(N1).clocks if clock.name == "referral"]


def test_a_report_is_not_closed_while_it_is_asked() -> None:
    given = asked()
    given.fetched()
    given.removes(REVIEWER)
    given.news_arrives()
    assert given.notice(N1).is_answered
    given.when(answer(REVIEWER, told=False))
    given.when(OpenReferral(N1, Reviewer(REVIEWER.id)))
    for _ in range(5):
        given.books.wait(days(40))
        for command in given.books.due():
            given.when(command)
    assert given.notice(N1).is_open
    given.when(answer(REVIEWER, told=True, number=2))
    assert NoticeClosed() in given.clocks_run(days(2))


def test_that_they_were_told_is_written_down_with_when_and_ends_the_clock() -> None:
    given = asked()
    assert ReferralDecided(1, True, SAID, NINE) in given.when(answer(REVIEWER, told=True), after=minutes(5))
    (referral,) = given.notice(N1).referrals
    assert (referral.refers, referral.told_at, referral.by, referral.sealed) == (True, NINE, REVIEWER.id, SAID)
    assert not [clock for clock in given.notice(N1).clocks if clock.name == "referral"]


def test_nobody_can_write_down_a_call_that_is_still_to_come() -> None:
    given = asked()
    later = DecideReferral(N1, 1, SAID, NINE + minutes(1), Reviewer(REVIEWER.id))
    with pytest.raises(Refused, match="still to come"):
        given.when(later)


def test_not_telling_takes_somebody_whose_enrolment_is_approved() -> None:
    given = asked()
    with pytest.raises(Refused, match="approve your enrolment"):
        given.when(answer(NEWCOMER, told=False))
    given.when(answer(NEWCOMER, told=True))
    assert given.notice(N1).open_referral is None


def test_an_answer_stands_until_the_words_come_again() -> None:
    given = asked()
    given.when(answer(REVIEWER, told=False))
    with pytest.raises(Refused, match="answered this meanwhile"):
        given.when(answer(REVIEWER, told=True))
    assert ReferralOpened(2, (Signal.SELF_HARM,)) in given.said(N1, Signal.SELF_HARM)


def test_it_is_asked_once_at_a_time() -> None:
    given = asked()
    assert not [event for event in given.said(N1, Signal.THREAT) if isinstance(event, ReferralOpened)]
    with pytest.raises(Refused, match="open already"):
        given.when(OpenReferral(N1, Reviewer(REVIEWER.id)))
