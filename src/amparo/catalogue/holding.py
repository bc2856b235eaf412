"""Holds a file that comes over the network for as long as it is looked at: in memory, never on a disk.

What is looked through may be what nobody may keep, and a deleted file can be read from a disk for years.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import IO

from amparo.media.errors import Refused
from amparo.media.wire import Reason

LARGEST_BYTES = 2 * 1024**3
"""The sandbox opens none that is larger."""
_LARGE_BYTES = 64 * 1024**2


def too_large() -> Refused:
    """Return what the sandbox would say of it: such a file is not even given to it."""
    return Refused(Reason.TOO_MANY_BYTES)


class Holding:
    """The memory of one run: any number of small files, and of large ones one at a time."""

    def __init__(self) -> None:
        self._one_large = Lock()

    @contextlib.contextmanager
    def of(self, pieces: Iterable[bytes], size_bytes: int | None) -> Iterator[IO[bytes]]:
        """Give a file with these bytes, open for reading only. Raises Refused for too many."""
        with contextlib.ExitStack() as stack:
            memory = stack.enter_context(os.fdopen(os.memfd_create("catalogue", os.MFD_CLOEXEC), "wb"))
            is_large, size = False, 0
            for piece in pieces:
                if not is_large and max(size_bytes or 0, size) > _LARGE_BYTES:
                    stack.enter_context(self._one_large)
                    is_large = True
                size += len(piece)
                if size > LARGEST_BYTES:
                    raise too_large()
                memory.write(piece)
            memory.flush()
            yield stack.enter_context(open(f"/proc/self/fd/{memory.fileno()}", "rb"))
