"""How a reported subject stands, as the one word that every sentence about it follows from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from amparo.cases.case import Case, Ground
from amparo.cases.refs import CaseId, PolicyRef, Subject, SubjectKind
from amparo.cases.words import GroundStatus
from amparo.connectors.connector import Capabilities
from amparo.letters.link_state import LinkState, state_of
from amparo.letters.states import headline
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
