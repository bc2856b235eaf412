"""The files of a directory and of all below it. No link is followed, and nothing is opened but plain files.

Each is named by its path below the directory, its bytes written as in a web address, since a name may be no text.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote_from_bytes, unquote_to_bytes

from amparo.catalogue.item import Closed, Item, Unreadable


class Directory:
    """Sorted by name, each directory where its name stands, so that a path says where to go on."""

    def __init__(self, path: Path) -> None:
        self._path = os.fsencode(path.resolve())
        self.name = f"directory:{quote_from_bytes(self._path)}"

    def items(self, cursor: str | None) -> Iterator[Item]:
        """Yield every file behind `cursor`."""
        try:
            with os.scandir(self._path):
                pass
        except OSError as error:
            raise Closed(f"The directory cannot be read: {error.strerror}.", code="unreadable") from None
        yield from self._below(b"", unquote_to_bytes(cursor).split(b"/") if cursor else [])

    def _below(self, place: bytes, done: list[bytes]) -> Iterator[Item]:
        """Yield what is in one directory. `done`: the path below it of the last file that is done."""
        try:
            with os.scandir(os.path.join(self._path, place)) as entries:
                found = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in entries)
        except OSError:
            yield self._item(place)
            return
        for name, is_directory in found:
            if done and (name < done[0] or (name == done[0] and not is_directory)):
                continue
            path = os.path.join(place, name)
            if is_directory:
                yield from self._below(path, done[1:] if done and name == done[0] else [])
            else:
                yield self._item(path)

    def _item(self, path: bytes) -> Item:
        name = quote_from_bytes(path)
        return Item(name, lambda: _opened(os.path.join(self._path, path)), None, None, None, name)


@contextlib.contextmanager
def _opened(path: bytes) -> Iterator[IO[bytes]]:
    try:
        # Not to wait for a pipe, and not to be led elsewhere by a link that was put there meanwhile.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(path):
            raise _no_file() from None
        raise Unreadable(f"This cannot be read: {error.strerror}.", code="unreadable") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _no_file()
    with os.fdopen(handle, "rb") as file:
        yield file


def _no_file() -> Unreadable:
    return Unreadable("This is no plain file.", code="no_file")
