"""Nothing is hidden or gone until it was seen so; what comes back is ordered away again."""

import pytest

from amparo.cases.actor import System
from amparo.cases.case_commands import RecordTrouble
from amparo.cases.case_events import CaseClosed, ReportersTold
from amparo.cases.clock_events import AlarmRaised, ClockStopped
from amparo.cases.effects import EffectName, effects_of
from amparo.cases.platform_events import CameBack, LookDue, Observed, OrderRepeated
from amparo.cases.refs import NoticeId
from amparo.cases.stages.visibility import FORGETS_KEYS, UNDONE, UNKNOWN_SUBJECT
from amparo.cases.words import Age, Alarm, Seen, Told, Wanted
from tests.cases.given import (
    CHILD,
    LEAD,
    NINE,
    OTHER_LEAD,
    REVIEWER,
    SECOND,
    Given,
    days,
    hidden,
    hours,
    kinds,
    minutes,
    refused,
    removed,
)

AWAY = (Told.HIDDEN, Told.GONE)


def _told(events: tuple[object, ...]) -> list[Told]:
    return [event.what for event in events if isinstance(event, ReportersTold)]


def _trouble(given: Given, code: str, permanent: bool = False) -> RecordTrouble:
    return RecordTrouble(given.case.id, EffectName.HIDE.value, code, permanent, System("workers"))


def _effect_keys(given: Given) -> list[str]:
    return [effect.key for entry in given.entries for effect in effects_of(given.case.id, entry)]


def test_hidden_is_told_only_when_it_was_seen() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    assert given.case.hidden_at is None
    assert not set(_told(tuple(entry.event for entry in given.entries))) & set(AWAY)
    events = given.seen(Seen.HIDDEN, after=minutes(0.02))
    assert Observed(Seen.HIDDEN, True) in events
    assert _told(events) == [Told.HIDDEN]
    assert given.case.hidden_at == given.books.now


def test_a_page_that_could_not_be_looked_at_says_neither_hidden_nor_gone() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    events = given.seen(Seen.UNKNOWN)
    assert kinds(events) == [Observed]
    assert (given.case.hidden_at, given.case.seen, given.case.is_confirmed) == (None, Seen.UNKNOWN, False)
    assert given.case.running("hidden")


def test_a_page_that_could_not_be_looked_at_takes_nothing_back_that_was_seen() -> None:
    given = hidden(age=Age.CHILD)
    before = given.case
    given.seen(Seen.UNKNOWN)
    assert (given.case.seen, given.case.is_confirmed, given.case.hidden_at) == (Seen.HIDDEN, True, before.hidden_at)


@pytest.mark.parametrize("seen", [Seen.HIDDEN, Seen.GONE])
def test_seeing_it_twice_tells_it_once(seen: Seen) -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    assert _told(given.seen(seen)) == [Told.HIDDEN]
    assert _told(given.seen(seen)) == []


def test_only_hidden_is_not_gone_where_the_page_tells_them_apart() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER)
    assert _told(given.seen(Seen.HIDDEN, tells_gone=True)) == []
    assert given.case.gone_at is None
    assert given.case.running("gone")
    assert _told(given.seen(Seen.GONE)) == [Told.GONE]


def test_hidden_is_gone_where_the_page_cannot_tell_them_apart() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER)
    assert _told(given.seen(Seen.HIDDEN, tells_gone=False)) == [Told.GONE]


def test_a_platform_that_does_not_hide_raises_an_alarm_within_a_minute_and_the_reporter_reads_so_once() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    events = given.clocks_run(minutes(1))
    assert AlarmRaised(Alarm.NOT_HIDDEN) in events
    assert _told(events) == [Told.NOT_HIDDEN_YET]
    later = given.clocks_run(minutes(14))
    assert later.count(AlarmRaised(Alarm.NOT_HIDDEN)) == 2
    assert Told.NOT_HIDDEN_YET not in _told(later)


def test_a_platform_that_does_not_remove_raises_an_alarm_until_it_does() -> None:
    given = hidden(age=Age.CHILD)
    given.removes(REVIEWER)
    assert AlarmRaised(Alarm.NOT_GONE) in given.clocks_run(minutes(1))
    given.clocks_run(days(120))
    assert given.case.is_open
    assert given.case.running("gone")
    given.seen(Seen.GONE)
    assert given.case.running("gone") == ()
    assert given.case.running("watch")[0].due_at == given.books.now + days(90)


def test_what_came_back_raises_an_alarm_and_is_ordered_away_under_a_new_key() -> None:
    given = hidden(age=Age.CHILD)
    before = set(_effect_keys(given))
    events = given.seen(Seen.SHOWN, after=hours(2))
    assert {CameBack, OrderRepeated} <= set(kinds(events))
    assert AlarmRaised(Alarm.CAME_BACK) in events
    assert _told(events) == [Told.CAME_BACK]
    new = [key for key in _effect_keys(given) if key not in before and key.endswith(":enforce")]
    assert len(new) == 1
    assert given.case.hidden_at is None
    assert given.case.running("hidden")
    assert len(_effect_keys(given)) == len(set(_effect_keys(given)))


def test_what_came_back_is_ordered_away_once_until_it_was_seen_away() -> None:
    given = hidden(age=Age.CHILD)
    given.seen(Seen.SHOWN, after=hours(2))
    assert kinds(given.seen(Seen.SHOWN, after=minutes(1))) == [Observed]
    assert _told(given.seen(Seen.HIDDEN, after=minutes(1))) == [Told.HIDDEN]
    assert OrderRepeated in kinds(given.seen(Seen.SHOWN, after=hours(2)))


def test_a_removed_post_that_is_only_hidden_is_not_called_gone_any_more() -> None:
    given = removed(age=Age.CHILD)
    given.seen(Seen.HIDDEN, after=hours(2))
    assert given.case.gone_at is None
    assert given.case.running("gone")


def test_what_comes_back_after_the_case_was_closed_opens_it_again() -> None:
    given = removed(age=Age.CHILD)
    assert CaseClosed() in given.clocks_run(days(91))
    events = given.seen(Seen.SHOWN)
    assert OrderRepeated(Wanted.REMOVED) in events
    assert given.case.is_open
    given.seen(Seen.GONE)
    assert {"watch", "recheck"} <= {clock.name for clock in given.case.clocks}


def test_a_closed_case_that_is_looked_at_stays_closed_without_a_clock() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(91))
    given.seen(Seen.GONE)
    assert not given.case.is_open
    assert given.case.clocks == ()


def test_a_watch_does_not_end_while_what_was_removed_is_there_again() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(89))
    given.seen(Seen.SHOWN)
    given.clocks_run(days(3))
    assert given.case.is_open
    assert given.case.running("gone")
    given.seen(Seen.GONE)
    given.clocks_run(days(2))
    assert not given.case.is_open


def test_a_new_report_of_what_was_removed_long_ago_has_the_platform_looked_at() -> None:
    given = removed(age=Age.CHILD)
    given.clocks_run(days(91))
    given.reported(age=Age.CHILD)
    assert LookDue() in [entry.event for entry in given.entries]
    given.seen(Seen.SHOWN)
    assert given.case.is_open
    assert given.case.running("gone")


def test_many_reports_of_a_removed_post_do_not_have_it_looked_at_each_time() -> None:
    given = removed(age=Age.CHILD)
    for _ in range(5):
        given.reported(age=Age.CHILD)
    assert [entry.event for entry in given.entries].count(LookDue()) == 0


def test_the_platform_is_looked_at_on_schedule_while_it_is_hidden() -> None:
    given = hidden(age=Age.CHILD)
    assert given.case.running("recheck")[0].due_at == NINE + minutes(0.25)
    events = given.clocks_run(minutes(16))
    assert events.count(LookDue()) == 4


def test_a_look_that_was_lost_is_followed_by_the_next() -> None:
    given = hidden(age=Age.CHILD)
    given.clocks_run(hours(3))
    assert given.case.running("recheck")[0].due_at > given.books.now


def test_a_platform_that_does_not_show_again_what_was_kept_raises_an_alarm_ever_more_rarely() -> None:
    given = hidden(age=Age.CHILD)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    events = given.clocks_run(days(20))
    count = events.count(AlarmRaised(Alarm.NOT_RESTORED))
    assert 20 < count < 60
    assert ClockStopped("restored") in given.seen(Seen.SHOWN)


def test_no_alarm_rings_for_showing_again_what_a_reply_has_hidden_meanwhile() -> None:
    given = refused(age=Age.CHILD)
    given.wrote(NoticeId("notice_1"))
    assert given.case.running("restored") == ()


def test_a_limit_that_hides_ends_the_wait_for_showing_it_again() -> None:
    given = hidden(age=Age.CHILD)
    given.keeps(REVIEWER)
    given.keeps(LEAD)
    given.wrote(NoticeId("notice_1"))
    given.keeps(SECOND)
    given.keeps(OTHER_LEAD)
    given.wrote(NoticeId("notice_1"))
    assert given.case.running("restored")
    given.clocks_run(days(1))
    assert given.case.wanted is Wanted.HIDDEN
    assert given.case.running("restored") == ()


def test_trouble_on_the_platform_calls_a_person_and_says_nothing_of_the_post() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    events = given.when(_trouble(given, "timed_out"))
    assert AlarmRaised(Alarm.PLATFORM_TROUBLE) in events
    assert _told(events) == []
    assert given.case.troubles == 1


def test_a_platform_that_forgets_keys_has_an_alarm_of_its_own() -> None:
    given = hidden(age=Age.CHILD)
    assert AlarmRaised(Alarm.FORGETS_KEYS) in given.when(_trouble(given, FORGETS_KEYS))


def test_an_order_that_was_undone_behind_its_key_goes_out_under_a_new_one() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    events = given.when(_trouble(given, UNDONE))
    assert OrderRepeated(Wanted.HIDDEN) in events
    assert AlarmRaised(Alarm.CAME_BACK) in events


def test_trouble_that_is_heard_of_late_repeats_no_order_that_was_seen_carried_out() -> None:
    given = hidden(age=Age.CHILD)
    assert OrderRepeated not in kinds(given.when(_trouble(given, UNDONE)))
    closed = refused(age=Age.CHILD)
    closed.clocks_run(days(184))
    closed.when(_trouble(closed, UNDONE))
    assert not closed.case.is_open


def test_a_subject_that_the_platform_does_not_know_is_told_and_looked_for_again() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    events = given.when(_trouble(given, UNKNOWN_SUBJECT, permanent=True))
    assert _told(events) == [Told.LINK_NOT_FOUND]
    assert given.case.running("hidden") == ()
    assert given.case.running("recheck")
    assert given.case.running("first_look")


def test_a_subject_that_turns_up_after_all_is_ordered_away() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    given.when(_trouble(given, UNKNOWN_SUBJECT, permanent=True))
    events = given.seen(Seen.SHOWN, after=minutes(1))
    assert OrderRepeated(Wanted.HIDDEN) in events
    assert CameBack not in kinds(events)
    assert given.case.running("hidden")


def test_nothing_is_held_against_what_was_never_to_be_hidden() -> None:
    given = Given()
    given.reported(age=Age.CHILD, within_budget=False)
    assert kinds(given.seen(Seen.SHOWN)) == [Observed]
    assert given.case.grounds[0].policy == CHILD
