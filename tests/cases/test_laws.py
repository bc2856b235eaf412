"""The laws of the work over random histories, more than 2,000 in all. A failing history is printed, shortened."""

import pytest
from hypothesis import HealthCheck, given, settings

from amparo.cases.actor import Voter
from amparo.cases.case_commands import RecordObservation
from amparo.cases.case_events import GroundRaised, GroundRefused
from amparo.cases.commands import Command, ExpireClock
from amparo.cases.notice_commands import TellReporter
from amparo.cases.platform_events import Observed, RestoreRequested
from amparo.cases.refused import Refused
from amparo.cases.transaction import Change
from amparo.policies.policy import Lane
from tests.cases.books import POLICIES
from tests.cases.given import ACCOUNT, LEAD, NEWCOMER, OTHER_LEAD, REVIEWER, SECOND, THIRD, voter
from tests.cases.histories import CLOCKS_RUN, HISTORY, History
from tests.cases.laws import Laws

OWNER = voter("owner", lead=True, accounts=(ACCOUNT,))
STAFF: dict[str, tuple[Voter, ...]] = {
    "enough-people": (REVIEWER, SECOND, THIRD, LEAD, OTHER_LEAD),
    "few-people-one-of-them-the-uploader": (REVIEWER, LEAD, OWNER, NEWCOMER),
    "no-lead": (REVIEWER, SECOND, THIRD),
    "nobody": (),
}
ALONE: dict[str, tuple[Voter, ...]] = {
    "one-lead": (LEAD,),
    "newcomers": (NEWCOMER, voter("another", lead=True, approved=False)),
    "one-lead-and-newcomers": (LEAD, NEWCOMER, voter("another", lead=True, approved=False)),
}
HISTORIES_EACH = 450
HISTORIES_ALONE = 150

Steps = list[tuple[str, int]]


def _many(count: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count, deadline=None, suppress_health_check=slow, database=None)


def _ask(history: History, laws: Laws, command: Command) -> tuple[Change, ...]:
    before = dict(history.books.states)
    refusal: Refused | None = None
    changes: tuple[Change, ...] = ()
    try:
        changes = history.books.execute(
            command
        )  # Whatever else is raised here ends the test: only refusals are expected.
    except Refused as refused:
        refusal = refused
    if refusal is not None:
        assert refusal.code
        assert refusal.sentence.endswith(".")
        assert history.books.states == before
    laws.check(before, changes)
    return changes


def _once_is_enough(history: History, laws: Laws, command: Command) -> None:
    """Assert that what workers repeat after a crash changes nothing the second time."""
    again = _ask(history, laws, command)
    if isinstance(command, ExpireClock | TellReporter):
        assert again == (), "repeating it changes nothing"
    elif isinstance(command, RecordObservation):
        assert {type(e.event) for change in again for e in change.entries} <= {Observed}, "repeating it changes nothing"


def _act_on_clocks(history: History, laws: Laws) -> None:
    for _ in range(5):
        due = history.books.due()
        if not due:
            return
        for command in due:
            _ask(history, laws, command)
            _once_is_enough(history, laws, command)
    raise AssertionError("The clocks never come to rest.")


def _live(steps: Steps, staff: tuple[Voter, ...]) -> History:
    """Run a history with every law checked at every step."""
    history = History(staff)
    laws = Laws(history.books)
    for action, number in steps:
        if action == CLOCKS_RUN:
            assert list(history.commands("wait", number)) == []
            _act_on_clocks(history, laws)
            continue
        for command in history.commands(action, number):
            _ask(history, laws, command)
            _once_is_enough(history, laws, command)
    laws.check_whole()
    return history


@pytest.mark.parametrize("staff", STAFF.values(), ids=STAFF)
def test_the_laws_hold_over_random_histories(staff: tuple[Voter, ...]) -> None:
    @_many(HISTORIES_EACH)
    @given(HISTORY)
    def check(steps: Steps) -> None:
        _live(steps, staff)

    check()


@pytest.mark.parametrize("staff", ALONE.values(), ids=ALONE)
def test_no_path_leads_one_account_to_a_refusal(staff: tuple[Voter, ...]) -> None:
    @_many(HISTORIES_ALONE)
    @given(HISTORY)
    def check(steps: Steps) -> None:
        history = _live(steps[:30], staff)
        for log in history.books.log.values():
            refused = [e.event for e in log if isinstance(e.event, GroundRefused)]
            assert all(POLICIES.get(event.policy).lane is Lane.ORDINARY for event in refused)
            shown_again = max((e.seq for e in log if isinstance(e.event, RestoreRequested)), default=0)
            raised = [e.event for e in log[:shown_again] if isinstance(e.event, GroundRaised)]
            assert all(event.lane is Lane.ORDINARY for event in raised), "one person shows again what is ordinary only"

    check()


def test_histories_do_reach_what_the_laws_are_about() -> None:
    """A law over histories in which nothing happens holds by itself; so the rare ends are looked for."""
    seen: set[str] = set()

    @settings(_many(700), derandomize=True)
    @given(HISTORY)
    def collect(steps: Steps) -> None:
        for log in _live(steps, STAFF["no-lead" if len(steps) % 3 else "enough-people"]).books.log.values():
            seen.update(type(entry.event).__name__ for entry in log)

    collect()
    assert {"RestoreRequested", "RemoveRequested", "CameBack", "ReachRead", "VotesVoided", "GroundWithdrawn"} <= seen
    assert {"MatchRecorded", "GroundMatched", "MatchesWithdrawn"} <= seen
    assert {"SuspensionRequested", "SuspensionForGoodAsked", "PeopleLacking", "CaseClosed", "NoticeReopened"} <= seen
