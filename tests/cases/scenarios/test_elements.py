"""What is told after sending: facts only raise priority; a complete notice brings a law's clock and lengthens none."""

from datetime import timedelta

import pytest

from amparo.cases.actor import Reporter
from amparo.cases.case_events import SignalsNoted
from amparo.cases.elements import present
from amparo.cases.notice_commands import AddLinks, GiveElements, PlacedLink, TellFacts, UnplacedLink
from amparo.cases.notice_events import ElementsGiven, FactsTold, NoticeCompleted
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation
from amparo.policies.elements import Element
from amparo.policies.signal import Signal
from tests.cases.given import OTHER_POST, Given, kinds

N1 = NoticeId("notice_1")
CONTACT = SealedRef("sealed_contact")
ASKED = frozenset({Element.GOOD_FAITH, Element.NO_CONSENT, Element.SIGNATURE, Element.CONTACT})
NO_LINK = UnplacedLink(None, LinkProblem.NO_LINK)


def give(elements: frozenset[Element] = ASKED, sealed: SealedRef | None = CONTACT) -> GiveElements:
    return GiveElements(N1, elements, sealed, frozenset(), True, Reporter(N1))


def clocks_of(given: Given) -> dict[str, object]:
    return {clock.key: clock.due_at for clock in given.case.clocks}


def test_a_ticked_fact_is_noted_on_the_case_once() -> None:
    given = Given()
    given.reported(age=Age.ADULT)
    tell = TellFacts(N1, frozenset({Signal.POLICE}), Reporter(N1))
    assert given.when(tell) == (FactsTold((Signal.POLICE,)), SignalsNoted((Signal.POLICE,)))
    assert given.when(tell) == ()


def test_the_door_itself_gives_half_of_the_list() -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=Age.ADULT)
    assert present(given.notice(N1)) == {Element.LOCATION, Element.EXPLANATION, Element.TRUTH, Element.STANDING}


def test_a_complete_notice_brings_the_clocks_that_the_policy_binds_and_lengthens_none() -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=Age.ADULT)
    before = clocks_of(given)
    assert not any("/US" in key or "/GB" in key for key in before)
    events = given.when(give())
    assert NoticeCompleted(("US", "GB")) in events
    after = clocks_of(given)
    assert {key.rpartition("/")[2] for key in after if key not in before} == {"US", "GB"}
    assert {key: after[key] for key in before} == before
    assert given.when(give()) == (ElementsGiven(tuple(e for e in Element if e in ASKED), CONTACT),)


def test_an_incomplete_one_changes_no_clock_and_hides_nothing_later_or_sooner() -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=Age.ADULT)
    before = clocks_of(given)
    events = given.when(give(ASKED - {Element.CONTACT}))
    assert kinds(events) == [ElementsGiven]
    assert clocks_of(given) == before


def test_what_a_stranger_signs_lacks_standing_until_it_is_given() -> None:
    given = Given()
    given.reported(who=Relation.STRANGER, age=Age.ADULT)
    assert NoticeCompleted not in kinds(given.when(give()))
    assert NoticeCompleted in kinds(given.when(give(frozenset({Element.STANDING}), None)))


def test_a_link_that_comes_last_completes_the_notice_and_is_bound_by_it() -> None:
    given = Given()
    given.reported(NO_LINK, who=Relation.DEPICTED, age=Age.ADULT)
    given.when(give())
    link = PlacedLink(OTHER_POST, UNKNOWN_YET)
    events = given.when(AddLinks(N1, (link,), frozenset(), True, Reporter(N1)))
    assert NoticeCompleted(("US", "GB")) in events
    assert any("/US" in clock.key for clock in given.books.case_of(OTHER_POST).clocks)


def test_completed_long_after_the_report_a_law_counts_from_then() -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=Age.ADULT)
    given.when(give(), after=timedelta(hours=3))
    due = next(clock.due_at for clock in given.case.clocks if clock.key.endswith("/US"))
    assert due == given.books.now + timedelta(hours=48)


@pytest.mark.parametrize("age", [Age.CHILD, Age.NOT_SURE, None])
def test_where_it_may_be_about_a_child_no_name_is_taken(age: Age | None) -> None:
    given = Given()
    given.reported(who=Relation.DEPICTED, age=age)
    with pytest.raises(Refused, match="We do not need a name"):
        given.when(give())
    assert given.notice(N1).contact is None


def test_a_report_without_a_link_waits_for_a_person_under_a_clock() -> None:
    given = Given()
    given.reported(NO_LINK, age=Age.CHILD)
    assert {"placed", "answered"} <= {clock.name for clock in given.notice(N1).clocks}
    assert set(given.books.states) == {N1}
    assert given.notice(N1).waits
