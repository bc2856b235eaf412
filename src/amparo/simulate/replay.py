"""The founding case, lived again under these policies by this staff. Every figure is measured in a run of its own.

Three worlds: the whole timeline; one in which the boy's own notice is the first; one in which the officer's is. All
are lived with the given staff and again with nobody. A last one has nobody but the person who refuses alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from amparo.cases.actor import Staffing
from amparo.policies.parse import parse_policy
from amparo.policies.policy import Policy, PolicyBook, Topic
from amparo.simulate import refusal
from amparo.simulate.crew import Crew
from amparo.simulate.founding_case import ACCOUNT, PLATFORM, POST, FoundingCase, Reporters, Step
from amparo.simulate.lived import Lived
from amparo.simulate.platform import SimulatedPlatform
from amparo.simulate.refusal import LoneRefusal
from amparo.simulate.staffing import NOBODY, Staff
from amparo.simulate.views import Curve, curves
from amparo.simulate.worker import SimulatedWorker
from amparo.simulate.world import World


@dataclass(frozen=True)
class Worlds:
    """The case as lived with one staff: whole, and where the victim or the officer was the first to report."""

    whole: Lived
    victim_first: Lived
    officer_first: Lived


@dataclass(frozen=True)
class Replay:
    """What was lived, by whom and under what: with the given staff, and with nobody."""

    case: FoundingCase
    staff: Staff
    policies: PolicyBook
    staffed: Worlds
    nobody: Worlds
    lone_refusal: LoneRefusal

    @property
    def curves(self) -> tuple[Curve, ...]:
        return curves(self.case.posted, self.case.removed, self.case.views)

    @property
    def policy(self) -> Policy:
        """The policy under which the case is taken."""
        return self.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)


def replay(case: FoundingCase, policies: PolicyBook, staff: Staff, *, seed: int = 0) -> Replay:
    """Live the case in every world. `seed` draws ids and nothing else, so the figures are the same for each."""

    def worlds(staff: Staff) -> Worlds:
        begin = (case.steps[0].id, case.victim, case.officer)
        return Worlds(*(_live(case, policies, staff, case.beginning_with(first), seed) for first in begin))

    return Replay(case, staff, policies, worlds(staff), worlds(NOBODY), _refuse_alone(case, policies, staff, seed))


def shipped_policies() -> list[Policy]:
    """Return the policies that come with Amparo."""
    folder = files("amparo.policies") / "shipped"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return [parse_policy(each.read_text(encoding="utf-8"), each.name) for each in found]


def with_policy(policies: Sequence[Policy], policy: Policy) -> PolicyBook:
    """Return the policies with one in place of that of its name.

    Raises ValueError where there is none of that name, or where two would claim one matter.
    """
    names = [each.name for each in policies]
    if policy.name not in names:
        raise ValueError(f"No shipped policy is called {policy.name}, so it would replace none of {', '.join(names)}.")
    return PolicyBook(policy if each.name == policy.name else each for each in policies)


def _live(case: FoundingCase, policies: PolicyBook, staff: Staff, steps: tuple[Step, ...], seed: int) -> Lived:
    lived, reporters = _begin(case, policies, staff, staff.staffing, steps, seed)
    for step in steps:
        lived.world.time.run_until(step.at)
        reporters.act(step)
    lived.world.time.run_until(case.ends)
    return lived


def _refuse_alone(case: FoundingCase, policies: PolicyBook, staff: Staff, seed: int) -> LoneRefusal:
    """Live the case with nobody at work until the day of the refusal, and then one person who refuses."""
    staffing = refusal.with_one_more(staff.staffing)
    lived, reporters = _begin(case, policies, NOBODY, staffing, case.steps, seed)
    found = LoneRefusal()
    for step in case.steps:
        lived.world.time.run_until(step.at)
        if step is case.refusal:
            found = refusal.press(lived.world, POST)
            found.is_hidden_after = lived.is_hidden()
        reporters.act(step)
        if step.does == "replies":
            found.is_void_after_reply = refusal.is_void(lived.world, POST)
    return found


def _begin(
    case: FoundingCase, policies: PolicyBook, staff: Staff, staffing: Staffing, steps: tuple[Step, ...], seed: int
) -> tuple[Lived, Reporters]:
    world = World(policies, staffing, case.posted, seed, case.regimes)
    platform = SimulatedPlatform(PLATFORM, world.time, case.order_takes)
    platform.post(ACCOUNT, None, case.posted)
    platform.post(POST, ACCOUNT, case.posted)
    crew = Crew(world, staff)
    SimulatedWorker(world, platform, case.worker_takes_up, crew.page)
    return Lived(world, platform, crew, POST, steps[0].at), Reporters(world, case.officer)
