"""What a reporter's own words say sorts a case further to the front, and changes nothing else."""

from dataclasses import replace
from itertools import combinations

import pytest

from amparo.cases.actor import Reporter
from amparo.cases.case_events import SignalsNoted
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.notice_commands import PlacedLink, VouchForSender
from amparo.cases.notice_events import SenderVouched, SignalsHeard, WordsReceived
from amparo.cases.refs import NoticeId
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Alarm
from amparo.policies.signal import Signal, raised
from tests.cases.given import OTHER_POST, REVIEWER, SECOND, Given

N1, N2 = NoticeId("notice_1"), NoticeId("notice_2")


def kinds(events: tuple[object, ...]) -> list[type]:
    return [type(event) for event in events]


def test_what_is_said_is_noted_once_on_report_and_case() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    events = given.said(N1, Signal.THREAT, Signal.POLICE)
    assert SignalsHeard((Signal.THREAT, Signal.POLICE)) in events
    assert SignalsNoted((Signal.THREAT, Signal.POLICE)) in events
    assert given.case.signals == {Signal.THREAT, Signal.POLICE}
    again = given.said(N1, Signal.THREAT, Signal.SELF_HARM)
    assert SignalsNoted((Signal.SELF_HARM,)) in again
    assert kinds(given.said(N1, Signal.SELF_HARM)) == [WordsReceived]


def test_a_person_is_called_once_to_whoever_may_hurt_themself() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    assert AlarmRaised(Alarm.MAY_HURT_THEMSELF) not in given.said(N1, Signal.THREAT)
    assert AlarmRaised(Alarm.MAY_HURT_THEMSELF) in given.said(N1, Signal.SELF_HARM)
    assert AlarmRaised(Alarm.MAY_HURT_THEMSELF) not in given.said(N1, Signal.SELF_HARM)


def test_what_another_reporter_said_before_is_not_noted_twice() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    given.reported(age=Age.ADULT)
    given.said(N1, Signal.THREAT)
    events = given.said(N2, Signal.THREAT)
    assert SignalsHeard in kinds(events)
    assert SignalsNoted not in kinds(events)


def test_a_link_that_comes_later_is_about_what_was_said_before() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    given.said(N1, Signal.THREAT)
    given.adds(N1, PlacedLink(OTHER_POST, UNKNOWN_YET))
    case = given.books.case_of(OTHER_POST)
    assert case.signals == {Signal.THREAT}


def test_what_a_key_says_of_its_sender_is_noted_once_and_ticked_by_nobody() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    vouch = VouchForSender(N1, frozenset({Signal.TRUSTED_FLAGGER}), Reporter(N1))
    noted = (Signal.TRUSTED_FLAGGER,)
    assert given.when(vouch) == (SenderVouched(noted), SignalsNoted(noted))
    assert given.when(vouch) == ()
    assert given.notice(N1).facts_told == frozenset()


def test_nothing_but_the_order_changes() -> None:
    silent, told = Given(), Given()
    for given in (silent, told):
        given.reported(age=Age.ADULT)
        given.fetched()
    silent.said(N1)
    told.said(N1, *Signal)
    for given in (silent, told):
        given.keeps(REVIEWER)
    assert silent.case.round == told.case.round
    for given in (silent, told):
        given.keeps(SECOND)
    assert replace(told.case, signals=frozenset(), seq=0) == replace(silent.case, seq=0)


@pytest.mark.parametrize("harm", [1, 3, 60, 100])
def test_whatever_is_said_more_never_counts_less(harm: int) -> None:
    assert raised(harm, ()) == harm
    for count in range(len(Signal)):
        for said in combinations(Signal, count):
            for more in set(Signal) - set(said):
                assert raised(harm, {*said, more}) >= raised(harm, said)
                assert raised(max(harm, 10), {*said, more}) > raised(max(harm, 10), said)
