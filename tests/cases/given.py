"""Words for writing scenarios: a small installation whose clock, staff and platform the test plays."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from amparo.cases.actor import Actor, Reporter, Reviewer, Staffing, System, Voter
from amparo.cases.actor import Connector as Platform
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    CaseCommand,
    DecideRemoval,
    JoinFromAccount,
    ReceiveAppeal,
    RecordContent,
    RecordObservation,
    StartLook,
    VoteToKeep,
)
from amparo.cases.commands import Command
from amparo.cases.events import Entry, Event
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerRelation,
    Link,
    OpenNotice,
    PlacedLink,
    ReceiveWords,
    SendNotice,
    UnplacedLink,
)
from amparo.cases.refs import Digest, NoticeId, PolicyRef, SealedRef, StaffId, Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Seen, Suspend
from amparo.policies.parse import parse_policy
from amparo.policies.policy import PolicyBook, Topic
from amparo.policies.signal import Signal
from tests.cases.books import SHIPPED, MemoryBooks

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHILD, ENTICEMENT = SHIPPED["child-imagery"].ref, SHIPPED["child-enticement"].ref
ADULT, SPAM = SHIPPED["adult-intimate"].ref, SHIPPED["spam"].ref
REASON = {CHILD: "not_sexual", ENTICEMENT: "no_threat", ADULT: "not_intimate", SPAM: "not_spam"}

ACCOUNT = Subject("plaza", SubjectKind.ACCOUNT, "account-1")
POST = Subject("plaza", SubjectKind.POST, "post-1")
OTHER_POST = Subject("plaza", SubjectKind.POST, "post-2")
FOREIGN = UnplacedLink(SealedRef("sealed_link"), LinkProblem.FOREIGN)
OLD, NEW = Digest("a" * 64), Digest("b" * 64)


def voter(name: str, *, lead: bool = False, approved: bool = True, accounts: tuple[Subject, ...] = ()) -> Voter:
    return Voter(StaffId(f"staff_{name}"), lead, approved, frozenset(accounts))


REVIEWER, SECOND, THIRD = voter("reviewer"), voter("second"), voter("third")
LEAD, OTHER_LEAD = voter("lead", lead=True), voter("other_lead", lead=True)
NEWCOMER = voter("newcomer", approved=False)
EVERYBODY = (REVIEWER, SECOND, THIRD, LEAD, OTHER_LEAD)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def post(number: int) -> Subject:
    return Subject("plaza", SubjectKind.POST, f"post-{number}")


@dataclass
class Given:
    """An installation at nine o'clock, with everybody there and nothing reported. `told` keeps every event."""

    staff: tuple[Voter, ...] = EVERYBODY
    subject: Subject = POST
    books: MemoryBooks = field(init=False)
    notices: int = 0

    def __post_init__(self) -> None:
        self.books = MemoryBooks(NINE, Staffing(self.staff))

    @property
    def case(self) -> Case:
        """The case of the scenario's subject as it is now."""
        return self.books.case_of(self.subject)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self.books.log[self.case.id])

    def notice(self, notice: NoticeId) -> Notice:
        found = self.books.states[notice]
        assert isinstance(found, Notice)
        return found

    def when(self, command: Command, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Let time pass, carry a command out and return every event it led to, of whatever case or notice."""
        self.books.wait(after)
        return tuple(entry.event for change in self.books.execute(command) for entry in change.entries)

    def clocks_run(self, length: timedelta = timedelta()) -> tuple[Event, ...]:
        """Let time pass with a worker that acts on every clock when it is due; return the events."""
        until, found = self.books.now + length, list[Event]()
        while True:
            wakes = [c.wakes_at for state in self.books.states.values() for c in state.clocks if c.wakes_at <= until]
            if not wakes:
                break
            self.books.now = max(self.books.now, min(wakes))
            for command in self.books.due():
                found += self.when(command)
        self.books.now = until
        return tuple(found)

    def news_arrives(self) -> None:
        """Bring what cases had to tell to the notices."""
        while self.books.news:
            for letter in self.books.letters(*self.books.news.pop(0)):
                self.when(letter)

    def reported(
        self,
        *links: Subject | Link,
        topic: Topic = Topic.SEXUAL_PICTURE,
        who: Relation | None = None,
        age: Age | None = None,
        country: str | None = None,
        by: StaffId | None = None,
        within_budget: bool = True,
        sent: bool = True,
        after: timedelta = timedelta(),
    ) -> NoticeId:
        """Have somebody report; unless `sent` is false, through to the last screen."""
        self.books.wait(after)
        self.notices += 1
        notice = NoticeId(f"notice_{self.notices}")
        named = links or (self.subject,)
        placed = tuple(PlacedLink(each, UNKNOWN_YET) if isinstance(each, Subject) else each for each in named)
        policy = self.books.policies.for_notice(topic, is_adult=False).ref
        regimes, actor = frozenset({country} if country else ()), Reporter(notice)
        self.when(OpenNotice(notice, topic, policy, None, placed, frozenset(), within_budget, actor, by))
        if who is not None:
            self.when(AnswerRelation(notice, who, frozenset(), within_budget, actor))
        if age is not None:
            self.when(AnswerAge(notice, age, frozenset(), within_budget, actor))
        if country is not None:
            self.when(AnswerCountry(notice, country, regimes, within_budget, actor))
        if sent:
            self.when(SendNotice(notice, regimes, within_budget, actor))
        return notice

    def sent(self, notice: NoticeId, age: Age | None = None) -> tuple[Event, ...]:
        """Have the reporter press "Send", with an answer to the age or without."""
        actor = Reporter(notice)
        found = () if age is None else self.when(AnswerAge(notice, age, frozenset(), True, actor))
        return found + self.when(SendNotice(notice, frozenset(), True, actor))

    def wrote(self, notice: NoticeId, *, new_facts: bool = False, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Have a reporter write again."""
        words = SealedRef(f"sealed_words_{len(self.notice(notice).words)}")
        return self.when(ReceiveWords(notice, words, True, new_facts, Reporter(notice)), after)

    def said(self, notice: NoticeId, *signals: Signal) -> tuple[Event, ...]:
        """Have a reporter write, without asking anything, what gives these signals."""
        words, actor = SealedRef(f"sealed_words_{len(self.notice(notice).words)}"), Reporter(notice)
        return self.when(ReceiveWords(notice, words, False, False, actor, signals=frozenset(signals)))

    def adds_country(self, notice: NoticeId, country: str) -> tuple[Event, ...]:
        return self.when(AnswerCountry(notice, country, frozenset({country}), True, Reporter(notice)))

    def answers(self, notice: NoticeId, who: Relation) -> tuple[Event, ...]:
        return self.when(AnswerRelation(notice, who, frozenset(), True, Reporter(notice)))

    def adds(self, notice: NoticeId, *links: Link, country: str | None = None) -> tuple[Event, ...]:
        regimes = frozenset({country} if country else ())
        return self.when(AddLinks(notice, links, regimes, True, Reporter(notice)))

    def fetched(self, digest: Digest = OLD, version: int = 1, account: Subject | None = ACCOUNT) -> tuple[Event, ...]:
        """Have the worker take down what the subject shows."""
        return self.when(RecordContent(self.case.id, digest, version, account, (), None, Platform("plaza")))

    def seen(self, seen: Seen, *, tells_gone: bool = True, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Have the worker look at the logged-out page."""
        return self.when(RecordObservation(self.case.id, seen, tells_gone, Platform("plaza")), after)

    def looks(self, who: Voter, after: timedelta = timedelta()) -> tuple[Event, ...]:
        return self.when(StartLook(self.case.id, Reviewer(who.id)), after)

    def removes(
        self, who: Voter, ground: PolicyRef = CHILD, suspend: Suspend = Suspend.NO, after: timedelta = timedelta()
    ) -> tuple[Event, ...]:
        """Have one person decide to remove (or, for an account, to suspend)."""
        command = DecideRemoval(self.case.id, self.case.rounds, ground, self._digest, suspend, Reviewer(who.id))
        return self.when(command, after)

    def keeps(self, who: Voter, *grounds: PolicyRef, after: timedelta = timedelta()) -> tuple[Event, ...]:
        """Have one person vote to keep, on every open ground unless some are named."""
        return self.when(self.vote(Reviewer(who.id), *grounds), after)

    def vote(self, actor: Actor, *grounds: PolicyRef) -> CaseCommand:
        named = grounds or tuple(ground.policy for ground in self.case.open_grounds)
        reason = REASON.get(named[0], "not_sexual") if named else "not_sexual"
        return VoteToKeep(self.case.id, self.case.rounds, named, reason, self._digest, actor)

    def appeals(self, after: timedelta = timedelta()) -> tuple[Event, ...]:
        return self.when(ReceiveAppeal(self.case.id, System("appeals")), after)

    def joins_from_account(self, subject: Subject, ground: PolicyRef = CHILD) -> tuple[Event, ...]:
        """Have the worker list a subject among the media of the reported account."""
        command = JoinFromAccount(UNKNOWN_YET, subject, ACCOUNT, ground, frozenset(), System("workers"))
        return self.when(command)

    @property
    def _digest(self) -> Digest | None:
        return None if self.case.content is None else self.case.content.digest


def hidden(**report: object) -> Given:
    """Return an installation where the post was reported, fetched, hidden and seen hidden."""
    given = Given()
    given.reported(**report)  # type: ignore[arg-type]
    given.fetched()
    given.seen(Seen.HIDDEN)
    return given


def refused(**report: object) -> Given:
    """Return an installation where two people refused that report, and the post was seen shown again."""
    given = hidden(**report)
    given.looks(REVIEWER, after=minutes(5))
    given.keeps(REVIEWER, after=minutes(1))
    given.keeps(LEAD, after=minutes(10))
    given.seen(Seen.SHOWN, after=minutes(0.1))
    return given


def removed(**report: object) -> Given:
    """Return an installation where one person removed that report's post, and it was seen gone."""
    given = hidden(**report)
    given.removes(REVIEWER, after=minutes(5))
    given.seen(Seen.GONE, after=minutes(0.1))
    return given


def placed(post_id: str) -> PlacedLink:
    return PlacedLink(Subject("plaza", SubjectKind.POST, post_id), UNKNOWN_YET)


def kinds(events: tuple[Event, ...]) -> list[type]:
    return [type(event) for event in events]


def newer_version(name: str) -> PolicyBook:
    """Return the policies after that one was replaced by a newer version of the same text."""
    newer = parse_policy((files("amparo.policies") / "shipped" / f"{name}.toml").read_text() + "# read again\n", name)
    return PolicyBook([p for p in SHIPPED.values() if p.name != name] + [newer], superseded=[SHIPPED[name]])


def longer_suspension(length: str) -> PolicyBook:
    """Return a book of one child's policy whose suspensions for a time last so long."""
    text = (files("amparo.policies") / "shipped" / "child-imagery.toml").read_text()
    return PolicyBook([parse_policy(text.replace('suspend_for = "30d"', f'suspend_for = "{length}"'), "longer.toml")])
