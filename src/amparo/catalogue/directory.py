"""The files of a directory and of all below it. No link is followed, and nothing is opened but plain files.

Each is named by its path below the directory, its bytes written as in a web address, since a name may be no text.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from amparo.catalogue.holding import LARGEST_BYTES, too_large
from amparo.catalogue.item import Closed, Item, Unreadable


class Directory:
    """The files of a directory, by name, each directory where its name stands, so that a path says where to go on."""

    def __init__(self, path: Path) -> None:
        self._path = os.fsencode(path.resolve())
        self.name = f"directory:{quote_from_bytes(self._path)}"

    def items(self, cursor: str | None) -> Iterator[Item]:
        """Yield every file behind `cursor`. Raises Closed for a directory that cannot be read at all."""
        try:
            top = self._entries(b"", unquote_to_bytes(cursor).split(b"/") if cursor else [])
        except OSError as error:
            raise Closed(f"The directory cannot be read: {error.strerror}.", code="unreadable") from None
        # Not by a function that calls itself: directories may be nested more deeply than calls.
        levels = [iter(top)]
        while levels:
            entry = next(levels[-1], None)
            if entry is None:
                levels.pop()
            elif not entry.is_directory:
                yield self._item(entry.path)
            else:
                try:
                    levels.append(iter(self._entries(entry.path, entry.done)))
                except OSError:
                    yield self._item(entry.path)

    def _entries(self, place: bytes, done: list[bytes]) -> list["_Entry"]:
        """Return what is in one directory and not done. `done`: the path below it of the last file that is done."""
        with os.scandir(os.path.join(self._path, place)) as entries:
            found = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
        return [
            _Entry(os.path.join(place, name), is_directory, done[1:] if done and name == done[0] else [])
            for name, is_directory in found
            if not done or name > done[0] or (name == done[0] and is_directory)
        ]

    def _item(self, path: bytes) -> Item:
        name = quote_from_bytes(path)
        return Item(name, lambda: _opened(os.path.join(self._path, path)), None, None, None, name)


class _Entry(NamedTuple):
    """Below the directory that is looked through. `done`: of a directory, the path below it of what is done there."""

    path: bytes
    is_directory: bool
    done: list[bytes]


@contextlib.contextmanager
def _opened(path: bytes) -> Iterator[IO[bytes]]:
    try:
        # A device may do something only because it is opened.
        _check(os.lstat(path))
        # Not to wait for a pipe, and not to be led elsewhere by a link, that was put there meanwhile.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"This cannot be read: {error.strerror}.", code="unreadable") from None
    with os.fdopen(handle, "rb") as file:
        _check(os.fstat(handle))
        yield file


def _check(found: os.stat_result) -> None:
    """Raise Unreadable for what is no plain file, Refused for what is larger than is opened: it is not read first."""
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("This is no plain file.", code="no_file")
    if found.st_size > LARGEST_BYTES:
        raise too_large()
