"""A platform in memory: it shows posts and accounts until it is told otherwise, and keeps what it showed when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from amparo.cases.refs import Subject
from amparo.cases.words import LinkProblem, Seen
from amparo.connectors.connector import Answer, Capabilities, ConnectorError, Fetched, Listed, ListedFile, Part, Reach
from amparo.simulate.virtual_time import VirtualTime


@dataclass
class Held:
    """What the platform holds of one subject. `changes`: what a stranger saw from when on, oldest first."""

    account: Subject | None
    posted_at: datetime
    changes: list[tuple[datetime, Seen]] = field(default_factory=list)


class SimulatedPlatform:
    """Keeps the connector's protocol. An order is carried out `takes` after it was given, and once for each key."""

    capabilities = Capabilities(
        hides=True,
        restores=True,
        removes=True,
        suspends=True,
        demonetises=True,
        lists_media=True,
        lists_all=True,
        counts_views=False,
        tells_gone=True,
        remembers_keys=True,
    )

    def __init__(self, platform: str, time: VirtualTime, takes: timedelta) -> None:
        self.platform, self._time, self._takes = platform, time, takes
        self._held: dict[Subject, Held] = {}
        self._keys: set[str] = set()
        self.demonetised: set[Subject] = set()

    def post(self, subject: Subject, account: Subject | None, at: datetime) -> None:
        """Let something be shown from then on; an account belongs to none."""
        self._held[subject] = Held(account, at, [(at, Seen.SHOWN)])

    def shown_between(self, subject: Subject, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the spans, within these two moments, in which a stranger could see the subject."""
        changes = self._held[subject].changes
        ends = [at for at, _ in changes[1:]] + [end]
        spans = [
            (max(since, start), min(until, end))
            for (since, seen), until in zip(changes, ends, strict=True)
            if seen is Seen.SHOWN
        ]
        return [(since, until) for since, until in spans if since < until]

    def subject_of(self, link: str) -> Subject | LinkProblem:
        return next((each for each in self._held if self.page_of(each) == link), LinkProblem.UNKNOWN_PLACE)

    def page_of(self, subject: Subject) -> str:
        return f"https://{subject.platform}.example/{subject.kind.value}/{subject.id}"

    def fetch(self, subject: Subject) -> Fetched:
        held = self._of(subject)
        return Fetched(1, held.account, (Part(f"shapes and noise of {subject}".encode(), "image/x-noise"),), None, None)

    def reach(self, subject: Subject) -> Reach | None:
        """Tell nothing: how often something is seen in a simulation is assumed, and stands beside its assumption."""
        return None

    def hide(self, subject: Subject, *, key: str) -> Answer:
        return self._order(subject, Seen.HIDDEN, key)

    def remove(self, subject: Subject, *, key: str) -> Answer:
        return self._order(subject, Seen.GONE, key)

    def restore(self, subject: Subject, *, key: str) -> Answer:
        return self._order(subject, Seen.SHOWN, key)

    def suspend(self, account: Subject, *, until: datetime | None, key: str) -> Answer:
        """Take the account's page away, for good or until then. Its posts are left as they are."""
        answer = self._order(account, Seen.GONE if until is None else Seen.HIDDEN, key)
        if until is not None and not answer.is_replay:
            self._time.at(until, lambda: self._end_suspension(account))
        return answer

    def demonetise(self, subject: Subject, *, key: str) -> Answer:
        is_replay = key in self._keys
        self._keys.add(key)
        self.demonetised.add(subject)
        return Answer(is_replay)

    def observe(self, subject: Subject) -> Seen:
        return self._of(subject).changes[-1][1]

    def media_of(self, account: Subject) -> Iterator[Subject]:
        mine = [(held.posted_at, each) for each, held in self._held.items() if held.account == account]
        yield from (each for _, each in sorted(mine, key=lambda one: one[0], reverse=True))

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        shown = [
            (held.posted_at, subject, held.account)
            for subject, held in self._held.items()
            if not subject.is_account and self.observe(subject) is Seen.SHOWN
        ]
        for at, subject, account in sorted(shown, key=lambda one: (one[0], one[1].id), reverse=True):
            place = f"{at.isoformat()} {subject.id}"
            if cursor is None or place < cursor:
                yield Listed(subject, account, at, (ListedFile("only", "image/x-noise", None, None),), place)

    def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
        yield self.fetch(subject).parts[0].body

    def _order(self, subject: Subject, seen: Seen, key: str) -> Answer:
        held = self._of(subject)
        if key in self._keys:
            return Answer(is_replay=True)
        self._keys.add(key)
        self._time.after(self._takes, lambda: held.changes.append((self._time(), seen)))
        return Answer(is_replay=False)

    def _end_suspension(self, account: Subject) -> None:
        if self.observe(account) is Seen.HIDDEN:
            self._held[account].changes.append((self._time(), Seen.SHOWN))

    def _of(self, subject: Subject) -> Held:
        if subject not in self._held:
            raise ConnectorError("The platform does not know that subject.", permanent=True, code="unknown_subject")
        return self._held[subject]
