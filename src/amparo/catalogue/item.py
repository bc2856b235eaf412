"""What is to be hashed, one file at a time, and what can be wrong with the place it comes from.

SourceError
 ├─ Unreadable  this file cannot be had, now or later: it is counted, and the run goes on
 ├─ Away        not this time: whoever holds the files did not answer
 └─ Closed      nothing can be had as things are: the text says what to do
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol

from amparo.cases.refs import Subject
from amparo.connectors.connector import ListedFile


class SourceError(Exception):
    """A file, or all of a source, cannot be had.

    `code` is a stable word by which files are counted. The text names no file, no link and no person."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Unreadable(SourceError):
    """This file cannot be had, now or later."""


class Away(SourceError):
    """Not this time; later it may be had."""


class Closed(SourceError):
    """Nothing can be had before somebody does what the text says."""


@dataclass(frozen=True)
class Showing:
    """Where a file can be seen: without it a file is known, and no copy of it can be hidden.

    `file` is how the platform lists it.
    """

    subject: Subject
    account: Subject | None
    since: datetime
    file: ListedFile

    @property
    def file_key(self) -> str:
        """Tells the file from the subject's others, and from one that takes its place, before it is fetched.

        64 letters: the digest that the platform tells, or else one of its own name for the file and of the size. A
        file that takes another's place under the same name, with the same size and no digest, cannot be told.
        """
        if self.file.sha256 is not None:
            return self.file.sha256
        return hashlib.sha256(f"{self.file.reference} {self.file.size_bytes}".encode()).hexdigest()


@dataclass(frozen=True)
class Item:
    """One file. `open` gives it, open for reading only; it raises SourceError and may be repeated.

    `name` is for the operator's own report. `sha256`: what the source says of the bytes, None where it does not say.
    `cursor`: where to go on once this file is done; None is the beginning.
    """

    name: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    size_bytes: int | None
    sha256: str | None
    showing: Showing | None
    cursor: str | None


class Source(Protocol):
    """Files in an order that holds, so that a list that was broken off can go on. `name` is the same in every run."""

    name: str

    def items(self, cursor: str | None) -> Iterator[Item]:
        """Yield every file from there on; some before it may come again. Raises SourceError. May be repeated."""
