"""A platform in memory of which a test says what it lists, what it refuses and what of it cannot be had."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.connector import ConnectorError, Fetched, Listed, ListedFile, Part
from amparo.simulate.platform import SimulatedPlatform
from amparo.simulate.virtual_time import VirtualTime

PAGE_LENGTH = 10


@dataclass
class File:
    """`id` is the platform's own. `is_told`: whether the list tells digest and size."""

    id: str
    body: bytes
    is_told: bool = True

    def listed(self) -> ListedFile:
        digest = hashlib.sha256(self.body).hexdigest() if self.is_told else None
        return ListedFile(self.id, "image/png", len(self.body) if self.is_told else None, digest)


AWAY = ConnectorError("Nobody answers.", permanent=False, code="timeout")
STRANGE = ConnectorError("An answer that is no list.", permanent=False, code="strange_answer")
KEY_REFUSED = ConnectorError("The key is refused.", permanent=True, code="key_refused")
GONE = ConnectorError("That is not known.", permanent=True, code="unknown_subject")
TOO_LARGE = ConnectorError("The answer is too long.", permanent=True, code="too_large")


class ListingPlatform(SimulatedPlatform):
    """Lists what was posted last first, ten at a time."""

    def __init__(self, start: datetime) -> None:
        super().__init__("listing", VirtualTime(start), timedelta(0))
        self._start = start
        self.posts: list[tuple[Subject, list[File]]] = []
        """Oldest first."""
        self.fetched: list[str] = []
        """The id of each file that was asked for, in that order."""
        self.pages = 0
        self.list_fails: ConnectorError | None = None
        self.fails_from_page = 0
        self.asked_whole = 0
        self.whole_fails: ConnectorError | None = None
        self.file_fails: dict[str, ConnectorError] = {}
        """What is raised for a file, by its id."""

    def publish(self, name: str, *files: File, kind: SubjectKind = SubjectKind.POST) -> Subject:
        subject = Subject(self.platform, kind, name)
        self.post(subject, None, self._start)
        self.posts.append((subject, list(files) or [File(name, name.encode())]))
        return subject

    def replace(self, subject: Subject, *files: File) -> None:
        self.posts = [(each, list(files) if each == subject else held) for each, held in self.posts]

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        newest_first = list(reversed(self.posts))
        behind = 0
        if cursor is not None:
            behind = 1 + next(place for place, (each, _) in enumerate(newest_first) if each.id == cursor)
        for place in range(behind, max(len(newest_first), behind + 1)):
            if (place - behind) % PAGE_LENGTH == 0:
                self.pages += 1
                if self.list_fails is not None and (place - behind) // PAGE_LENGTH >= self.fails_from_page:
                    raise self.list_fails
            if place < len(newest_first):
                subject, files = newest_first[place]
                yield Listed(subject, None, self._start, tuple(file.listed() for file in files), subject.id)

    def fetch(self, subject: Subject) -> Fetched:
        """Give all of a subject, as a closer look asks for it."""
        self.asked_whole += 1
        if self.whole_fails is not None:
            raise self.whole_fails
        held = next(files for each, files in self.posts if each == subject)
        return Fetched(1, None, tuple(Part(each.body, "image/png") for each in held), None, None)

    def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
        self.fetched.append(file.reference)
        if file.reference in self.file_fails:
            raise self.file_fails[file.reference]
        held = next(files for each, files in self.posts if each == subject)
        yield next(each.body for each in held if each.id == file.reference)
