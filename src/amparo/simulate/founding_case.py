"""The founding case as data, and how its reporters act in a world: each step a command that the door would give."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from amparo.cases.actor import Reporter
from amparo.cases.notice_commands import AnswerAge, AnswerRelation, OpenNotice, PlacedLink, ReceiveWords, SendNotice
from amparo.cases.office_commands import NameOffice
from amparo.cases.refs import NoticeId, SealedRef, Subject, SubjectKind
from amparo.cases.sender import OfficeKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Relation
from amparo.policies.policy import Topic
from amparo.policies.table import Table, read_toml
from amparo.simulate.world import World

PLATFORM = "simulated"
POST = Subject(PLATFORM, SubjectKind.POST, "post-1")
ACCOUNT = Subject(PLATFORM, SubjectKind.ACCOUNT, "account-1")
_NAMED = {"post": POST, "account": ACCOUNT}


@dataclass(frozen=True)
class Step:
    """One published step. `history`: what became of it then. `named` is what a report names, `of` whose reply it is."""

    id: str
    at: datetime
    does: str
    said: str
    history: str
    named: Subject | None
    relation: Relation | None
    age: Age | None
    of: str | None


@dataclass(frozen=True)
class FoundingCase:
    """What is published of it, and the assumptions that the file names as such."""

    views: int
    reshares: int
    posted: datetime
    removed: datetime
    ends: datetime
    case_numbers: int
    victim: str
    officer: str
    officer_waited_at_most: timedelta
    regimes: frozenset[str]
    worker_takes_up: timedelta
    order_takes: timedelta
    steps: tuple[Step, ...]

    def step(self, step: str) -> Step:
        return next(each for each in self.steps if each.id == step)

    @property
    def reports(self) -> tuple[Step, ...]:
        return tuple(each for each in self.steps if each.does == "reports")

    @property
    def refusal(self) -> Step:
        return next(each for each in self.steps if each.does == "refuses")

    def beginning_with(self, first: str) -> tuple[Step, ...]:
        """Return the steps of a world in which nobody reported before that one did."""
        return self.steps[[each.id for each in self.steps].index(first) :]


def founding_case() -> FoundingCase:
    """Return the case as `founding_case.toml` has it."""
    name = "founding_case.toml"
    root = read_toml((files("amparo.simulate") / name).read_text(encoding="utf-8"), name, "founding case")
    case = FoundingCase(
        views=root.number("views"),
        reshares=root.number("reshares"),
        posted=root.moment("posted"),
        removed=root.moment("removed"),
        ends=root.moment("ends"),
        case_numbers=root.number("case_numbers"),
        victim=root.text("victim"),
        officer=root.text("officer"),
        officer_waited_at_most=root.length("officer_waited_at_most"),
        regimes=frozenset(root.texts("regimes")),
        worker_takes_up=root.length("worker_takes_up"),
        order_takes=root.length("order_takes"),
        steps=tuple(_step(table) for table in root.tables("step")),
    )
    root.refuse_unknown()
    return case


def _step(table: Table) -> Step:
    return Step(
        id=table.text("id"),
        at=table.moment("at"),
        does=table.choice("does", {word: word for word in ("reports", "refuses", "replies")}),
        said=table.text("said"),
        history=table.text("history"),
        named=table.choice("names", _NAMED, absent=None),
        relation=table.choice("relation", {each.value: each for each in Relation}, absent=None),
        age=table.choice("age", {each.value: each for each in Age}, absent=None),
        of=table.text("of", absent=None),
    )


class Reporters:
    """Those who report in one world. What they write is not needed here; that they wrote is.

    The step called `officer` is of somebody who writes as an office, which nobody has confirmed.
    """

    def __init__(self, world: World, officer: str) -> None:
        self._world, self._officer = world, officer
        self.notices: dict[str, NoticeId] = {}

    def act(self, step: Step) -> None:
        """Report or reply, as the step says. The answers come with the report: no time passes between the presses."""
        if step.does == "replies":
            self._reply(step)
        elif step.named is not None:
            self._report(step, step.named)

    def _report(self, step: Step, named: Subject) -> None:
        world, topic = self._world, Topic.SEXUAL_PICTURE
        policy = world.casebook.policies.for_notice(topic, is_adult=False)
        notice = self.notices[step.id] = world.casebook.new_notice_id()
        regimes, actor, link = world.regimes, Reporter(notice), PlacedLink(named, UNKNOWN_YET)
        world.execute(OpenNotice(notice, topic, policy.ref, None, (link,), regimes, world.is_within(policy), actor))
        if step.relation is not None:
            world.execute(AnswerRelation(notice, step.relation, regimes, world.is_within(policy), actor))
        if step.age is not None:
            world.execute(AnswerAge(notice, step.age, regimes, world.is_within(policy), actor))
        world.execute(SendNotice(notice, regimes, world.is_within(policy), actor))
        if step.id == self._officer:
            sealed, police, within = (
                SealedRef(f"sealed_office_of_{step.id}"),
                OfficeKind.POLICE,
                world.is_within(policy),
            )
            world.execute(NameOffice(notice, police, "US", sealed, True, True, False, within, actor))

    def _reply(self, step: Step) -> None:
        """Reply on the page of an earlier report, with what was not known before."""
        notice = self.notices[step.of or ""]
        sealed = SealedRef(f"sealed_words_of_{step.id}")
        self._world.execute(
            ReceiveWords(notice, sealed, asks_again=True, brings_new_facts=True, actor=Reporter(notice))
        )
