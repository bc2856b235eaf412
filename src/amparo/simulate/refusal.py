"""The lone refusal of 28 January, pressed again in a world that has the rules: what the core itself answers."""

from dataclasses import dataclass

from amparo.cases.actor import Reviewer, Staffing, Voter
from amparo.cases.case import Case
from amparo.cases.case_commands import VoteToKeep
from amparo.cases.case_events import KeepDecided, KeepVoted, VotesVoided
from amparo.cases.platform_events import RestoreRequested
from amparo.cases.refs import StaffId, Subject
from amparo.cases.refused import Refused
from amparo.policies.policy import PolicyBook
from amparo.simulate.world import World

ALONE = Reviewer(StaffId("reviewer-of-28-january"))


@dataclass
class LoneRefusal:
    """What became of it. `answers`: what one person got for pressing, and for pressing a second time.

    `was_refused`: nothing was kept or shown again by it and the matter stayed open. `is_hidden_after`: a stranger saw
    nothing of the post after the press. `is_void_after_reply`: the boy's reply took the vote away.
    """

    answers: tuple[str, ...] = ()
    was_refused: bool = False
    is_hidden_after: bool = False
    is_void_after_reply: bool = False


def with_one_more(staffing: Staffing) -> Staffing:
    """Return the staff with the person who refuses: approved, no lead, as one person then was."""
    return Staffing((*staffing.voters, Voter(ALONE.id, False, True)))


def press(world: World, subject: Subject) -> LoneRefusal:
    """Have one person find "no violation", twice, and take down what the core answers."""
    case = _case_of(world, subject)
    answers = (_vote(world, case), _vote(world, case))
    after = _case_of(world, subject)
    kept = [e for e in world.casebook.entries(case.id) if isinstance(e.event, KeepDecided | RestoreRequested)]
    return LoneRefusal(answers, was_refused=not kept and after.round is not None and bool(after.open_grounds))


def is_void(world: World, subject: Subject) -> bool:
    """Whether a vote that was cast has been taken away."""
    entries = world.casebook.entries(_case_of(world, subject).id)
    voted = [e.seq for e in entries if isinstance(e.event, KeepVoted)]
    return bool(voted) and any(isinstance(e.event, VotesVoided) and e.seq > max(voted) for e in entries)


def _vote(world: World, case: Case) -> str:
    """Return what the core says to a vote to keep on every open ground."""
    now = world.casebook.case(case.id)
    if now is None or now.round is None:
        return "There is no open round to vote in."
    refs = tuple(ground.policy for ground in now.open_grounds)
    digest = None if now.content is None else now.content.digest
    reason = _policies(world).get(refs[0]).reasons[0].id
    try:
        done = world.execute(VoteToKeep(now.id, now.round.number, refs, reason, digest, ALONE))
    except Refused as refusal:
        return refusal.sentence
    return ", ".join(type(entry.event).__name__ for entry in done.entries(now.id))


def _policies(world: World) -> PolicyBook:
    return world.casebook.policies


def _case_of(world: World, subject: Subject) -> Case:
    return next(case for case in world.casebook.cases() if case.subject == subject)
