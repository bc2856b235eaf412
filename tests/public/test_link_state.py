"""How a reported subject stands, as the one word that every sentence about it follows from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from amparo.cases.case import Case, Ground
from amparo.cases.notice import News
from amparo.cases.refs import CaseId, PolicyRef, Subject, SubjectKind
from amparo.cases.words import GroundStatus, Seen, Told, Wanted
from amparo.connectors.connector import Capabilities
from amparo.letters.link_state import LinkState, state_of
from amparo.letters.states import headline, more_of
from amparo.letters.timeline import timeline
from amparo.policies.policy import Lane

AT = datetime(2026, 3, 1, tzinfo=UTC)
ALL = Capabilities(
    hides=True,
    restores=True,
    removes=True,
    suspends=True,
    demonetises=True,
    lists_media=True,
    lists_all=True,
    counts_views=True,
    tells_gone=True,
    remembers_keys=True,
)


def ground(policy: str, status: GroundStatus) -> Ground:
    return Ground(PolicyRef(policy), Lane.ADULT, status, frozenset(), by_depicted=False, is_settled=True)


@pytest.fixture
def kept() -> Case:
    """A post that two people kept on one ground and that was never hidden."""
    case = Case(CaseId("case_1"), 9, Subject("plaza", SubjectKind.POST, "1"), AT)
    return replace(case, grounds=(ground("spam@1", GroundStatus.REFUSED),), decided_at=AT, kept_for=("not_spam",))


def test_what_two_people_kept_may_stay(kept: Case) -> None:
    assert state_of(kept, (), ALL) is LinkState.KEPT


def test_what_was_kept_on_one_ground_only_still_waits_for_a_person(kept: Case) -> None:
    other = ground("adult-intimate@1", GroundStatus.OPEN)
    case = replace(kept, grounds=(*kept.grounds, other), looked_at=AT)
    assert state_of(case, (), ALL) is LinkState.WAITING
    assert [step.how for step in timeline(case, LinkState.WAITING, AT, AT)][:4] == ["done", "next", "now", "next"]


def test_an_account_whose_lock_has_ended_is_said_to_be_so_and_not_to_wait() -> None:
    account = Case(CaseId("case_2"), 9, Subject("plaza", SubjectKind.ACCOUNT, "a"), AT)
    account = replace(account, grounds=(ground("adult@1", GroundStatus.UPHELD),), decided_at=AT)
    state = state_of(account, (), ALL)
    assert state is LinkState.LOCK_ENDED
    assert headline(state, SubjectKind.ACCOUNT) == "The account was locked. The time for that is over."
    assert [step.how for step in timeline(account, state, AT, AT)][-1] == "done"


def reported(kind: SubjectKind = SubjectKind.POST, **more: object) -> Case:
    case = Case(CaseId("case_3"), 9, Subject("site", kind, "1"), AT)
    return replace(case, grounds=(ground("adult@1", GroundStatus.OPEN),), **more)  # type: ignore[arg-type]


def said_of(case: Case, card: Capabilities) -> str:
    state = state_of(case, (), card)
    steps = timeline(case, state, AT, AT, shows_removal=card.shows_removal)
    can_tell_site = card.reaches(case.wanted, is_account=case.subject.is_account)
    more = more_of(state, seen_at="15:40 UTC", can_tell_site=can_tell_site)
    return " ".join([headline(state, case.subject.kind), *more, *(step.text for step in steps)])


def test_a_site_that_cannot_hide_is_said_to_be_so_and_not_to_be_asked() -> None:
    said = said_of(reported(wanted=Wanted.HIDDEN, hide_asked_at=AT), replace(ALL, hides=False))
    assert "We have not hidden the post yet, because this site does not let us. A person has to help here." in said
    assert "We are asking the site" not in said


def test_what_is_to_go_on_a_site_that_can_neither_hide_nor_remove_is_done_there_by_a_person() -> None:
    case = reported(wanted=Wanted.REMOVED, removed_for="adult@1", decided_at=AT)
    said = said_of(case, replace(ALL, hides=False, removes=False))
    assert "We decided: the post must go. This site does not let us do that. A person has to do it there." in said
    assert "We are asking the site" not in said


def test_an_account_is_not_said_to_be_asked_for_on_a_site_that_locks_none() -> None:
    case = reported(SubjectKind.ACCOUNT, wanted=Wanted.HIDDEN, removed_for="adult@1", decided_at=AT)
    assert "This site does not let us do that." in said_of(case, replace(ALL, suspends=False))


@pytest.mark.parametrize(
    ("card", "words", "never"),
    [
        pytest.param(ALL, "The post is gone from this site.", "Taken down", id="tells-gone"),
        pytest.param(replace(ALL, tells_gone=False), "The post is taken down.", "one from this site", id="same-page"),
        pytest.param(replace(ALL, removes=False), "The post is taken down.", "one from this site", id="only-hides"),
    ],
)
def test_gone_is_said_only_where_the_sites_page_tells_it_from_hidden(
    card: Capabilities, words: str, never: str
) -> None:
    seen = Seen.GONE if card.shows_removal else Seen.HIDDEN
    case = reported(wanted=Wanted.REMOVED, removed_for="adult@1", decided_at=AT, hidden_at=AT, gone_at=AT, seen=seen)
    said = said_of(case, card)
    assert words in said
    assert never not in said


def test_what_came_back_on_a_site_that_takes_no_such_order_is_for_a_person() -> None:
    case = reported(wanted=Wanted.REMOVED, removed_for="adult@1", decided_at=AT, hidden_at=AT, seen=Seen.SHOWN)
    news = (News(Told.CAME_BACK, case.id, AT, None),)
    card = replace(ALL, hides=False, removes=False)
    assert state_of(case, news, card) is LinkState.CAME_BACK
    assert more_of(LinkState.CAME_BACK, seen_at=None, can_tell_site=False) == ["We have called a person."]
