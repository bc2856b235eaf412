"""A notice keeps its own clock: until every link has its answer, and then for as long as a reply is heard."""

import pytest

from amparo.cases.actor import Reporter, Reviewer, System
from amparo.cases.case_events import CaseOpened
from amparo.cases.clock_events import AlarmRaised, EscalatedToLead, PersonPaged
from amparo.cases.notice import Outcome
from amparo.cases.notice_commands import AnswerLink, OpenNotice, PlaceLink, SendLetter, SendNotice, TellReporter
from amparo.cases.notice_events import (
    LetterSent,
    LinkPlaced,
    NoticeAnswered,
    NoticeClosed,
    NoticeReopened,
    ReporterTold,
    WordsReceived,
)
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.refused import Refused
from amparo.cases.words import Age, Alarm, Relation, Seen, Told
from amparo.policies.policy import Topic
from tests.cases.given import (
    CHILD,
    FOREIGN,
    LEAD,
    NINE,
    OTHER_POST,
    POST,
    REVIEWER,
    SECOND,
    Given,
    days,
    hidden,
    hours,
    kinds,
    minutes,
    placed,
    post,
    refused,
    removed,
)

N1 = NoticeId("notice_1")
STAFF = Reviewer(REVIEWER.id)


def _clocks(given: Given, notice: NoticeId = N1) -> set[str]:
    return {clock.name for clock in given.notice(notice).clocks}


def _answer(position: int, answer: Told = Told.LINK_NOT_FOUND) -> AnswerLink:
    return AnswerLink(N1, position, answer, STAFF)


def _tell(given: Given, what: Told, minute: float, key: str) -> tuple[object, ...]:
    return given.when(TellReporter(N1, given.case.id, what, NINE + minutes(minute), None, key, System("workers")))


def test_the_first_link_opens_the_notice_and_the_case_before_anything_is_answered() -> None:
    given = Given()
    given.reported(sent=False)
    assert given.notice(N1).sent_at is None
    assert _clocks(given) == {"answered", "settled"}
    assert CaseOpened(POST) in [entry.event for entry in given.entries]


def test_a_notice_with_no_link_at_all_is_refused() -> None:
    given = Given()
    with pytest.raises(Refused) as refusal:
        given.when(
            OpenNotice(N1, Topic.SEXUAL_PICTURE, CHILD, None, (), frozenset(), True, Reporter(N1)),
        )
    assert refusal.value.code == "no_links"


def test_fifty_links_are_taken_and_the_next_is_refused_without_losing_any() -> None:
    given = Given()
    given.reported(*[post(number) for number in range(50)])
    with pytest.raises(Refused) as refusal:
        given.adds(N1, placed("post-51"))
    assert refusal.value.code == "too_many_links"
    assert len(given.notice(N1).links) == 50


def test_a_code_that_names_no_report_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        Given().when(SendNotice(NoticeId("notice_9"), frozenset(), True, Reporter(NoticeId("notice_9"))))
    assert refusal.value.code == "no_such_notice"


def test_a_link_nobody_can_place_keeps_the_notice_open_under_a_persons_clock() -> None:
    given = Given()
    given.reported(FOREIGN)
    assert _clocks(given) == {"answered", "placed"}
    events = given.clocks_run(minutes(8))
    assert PersonPaged("placed") in events
    assert AlarmRaised(Alarm.LINK_WAITS) in events
    late = given.clocks_run(minutes(8))
    assert EscalatedToLead in kinds(late)
    told = next(event for event in late if isinstance(event, ReporterTold))
    assert (told.what, told.by) == (Told.LATE, NINE + minutes(45))


def test_a_person_places_a_link_and_its_case_opens() -> None:
    given = Given()
    given.reported(FOREIGN, age=Age.CHILD)
    events = given.when(PlaceLink(N1, 0, placed("post-7"), frozenset(), True, STAFF))
    assert {LinkPlaced, CaseOpened} <= set(kinds(events))
    assert _clocks(given) == {"answered"}
    assert given.notice(N1).news[-1].what is Told.LINK_FOUND


def test_a_person_finds_nothing_at_a_link_and_the_notice_is_answered() -> None:
    given = Given()
    given.reported(FOREIGN)
    events = given.when(_answer(0, Told.LINK_ELSEWHERE))
    assert NoticeAnswered in kinds(events)
    assert _clocks(given) == {"closing"}


def test_a_link_is_answered_once() -> None:
    given = Given()
    given.reported(FOREIGN)
    given.when(_answer(0))
    with pytest.raises(Refused) as refusal:
        given.when(_answer(0))
    assert refusal.value.code == "link_has_an_answer"


@pytest.mark.parametrize("answer", [Told.KEPT, Told.GONE, Told.REMOVED])
def test_a_link_cannot_be_answered_with_an_outcome(answer: Told) -> None:
    given = Given()
    given.reported(FOREIGN)
    with pytest.raises(Refused) as refusal:
        given.when(_answer(0, answer))
    assert refusal.value.code == "no_such_answer"


def test_a_reply_after_one_person_found_nothing_at_a_link_has_it_looked_at_again() -> None:
    given = Given()
    given.reported(FOREIGN)
    given.when(_answer(0))
    events = given.wrote(N1, after=hours(1))
    assert NoticeReopened in kinds(events)
    assert _clocks(given) == {"answered", "placed"}
    given.when(PlaceLink(N1, 0, placed("post-7"), frozenset(), True, STAFF))
    assert given.notice(N1).link(0).case is not None  # type: ignore[union-attr]


def test_a_notice_is_answered_when_its_last_case_is_decided() -> None:
    given = hidden(age=Age.CHILD)
    given.adds(N1, placed(OTHER_POST.id))
    given.removes(REVIEWER)
    given.news_arrives()
    assert not given.notice(N1).is_answered
    given.subject = OTHER_POST
    given.removes(SECOND)
    given.news_arrives()
    assert given.notice(N1).is_answered
    assert _clocks(given) == {"closing"}


def test_a_missed_answer_calls_the_lead_and_goes_on() -> None:
    given = hidden(age=Age.CHILD)
    events = given.clocks_run(hours(25))
    assert AlarmRaised(Alarm.DECISION_DUE) in events
    assert _clocks(given) == {"answered"}


def test_news_that_arrives_twice_is_told_once() -> None:
    given = hidden(age=Age.CHILD)
    assert _tell(given, Told.HIDDEN, 1, "case_1:9") != ()
    assert _tell(given, Told.HIDDEN, 1, "case_1:9") == ()


def test_a_reply_to_a_refusal_opens_the_notice_again() -> None:
    given = refused(age=Age.CHILD)
    given.news_arrives()
    assert given.notice(N1).is_answered
    given.wrote(N1)
    given.news_arrives()
    assert not given.notice(N1).is_answered
    assert _clocks(given) == {"answered"}


def test_old_news_that_arrives_late_does_not_answer_what_was_opened_again() -> None:
    given = hidden(age=Age.CHILD)
    _tell(given, Told.REOPENED, 20, "reopened")
    _tell(given, Told.KEPT, 10, "kept")
    assert given.notice(N1).outcomes == ()
    assert not given.notice(N1).is_answered


def test_news_from_before_a_report_is_not_told_to_its_reporter() -> None:
    given = refused(age=Age.CHILD)
    second = given.reported(age=Age.ADULT, who=Relation.DEPICTED)
    given.news_arrives()
    assert Told.KEPT not in [news.what for news in given.notice(second).news]
    assert not given.notice(second).is_answered


def test_what_came_back_opens_the_notice_and_what_is_gone_again_answers_it() -> None:
    given = removed(age=Age.CHILD)
    given.news_arrives()
    assert given.notice(N1).outcomes == (Outcome(given.case.id, Told.REMOVED),)
    given.seen(Seen.SHOWN, after=hours(1))
    given.news_arrives()
    assert not given.notice(N1).is_answered
    given.seen(Seen.GONE, after=minutes(1))
    given.news_arrives()
    assert given.notice(N1).is_answered
    assert _clocks(given) == {"closing"}


def test_a_notice_closes_half_a_year_after_its_answer_and_not_before() -> None:
    given = removed(age=Age.CHILD)
    given.news_arrives()
    given.clocks_run(days(182))
    assert given.notice(N1).is_open
    assert NoticeClosed() in given.clocks_run(days(2))
    with pytest.raises(Refused) as refusal:
        given.wrote(N1)
    assert refusal.value.code == "notice_closed"


def test_the_time_of_a_reply_starts_anew_with_each_answer() -> None:
    given = refused(age=Age.CHILD)
    given.news_arrives()
    given.wrote(N1, after=days(100))
    given.news_arrives()
    given.removes(SECOND)
    given.news_arrives()
    closing = given.notice(N1).clocks[0]
    assert (closing.name, closing.due_at) == ("closing", given.books.now + days(183))


def test_staff_and_reporter_write_to_each_other_by_reference_only() -> None:
    given = hidden(age=Age.CHILD)
    letter = given.when(SendLetter(N1, SealedRef("sealed_letter"), STAFF))
    assert letter == (LetterSent(SealedRef("sealed_letter")),)
    assert WordsReceived in kinds(given.wrote(N1))
    assert [each.sealed for each in given.notice(N1).letters] == ["sealed_letter"]


def test_sending_twice_changes_nothing() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    before = given.case
    assert given.sent(N1) == ()
    assert given.case == before


def test_a_spam_report_is_not_asked_for_an_age() -> None:
    given = Given()
    given.reported(topic=Topic.SPAM, sent=False)
    assert given.notice(N1).is_settled
    assert _clocks(given) == {"answered"}


def test_one_person_cannot_end_a_childs_report_by_answering_it() -> None:
    given = hidden(age=Age.CHILD)
    given.keeps(LEAD)
    given.news_arrives()
    assert not given.notice(N1).is_answered
