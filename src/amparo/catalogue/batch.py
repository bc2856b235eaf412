"""Hashes through Daft on Ray, on all the machines of a Ray cluster: the extra `[batch]`.

This process lists, fetches, asks which digests are known, and keeps. The others only open what they are sent, each in
a sandbox of its own, so they need no key and no database. What is kept is what a plain run keeps. Files go there in
batches; after a kill, the files of one batch may be opened again.
"""

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from typing import Any

from amparo.catalogue.hashing import Hashing, Opener, digest_of
from amparo.catalogue.item import Closed, Item, SourceError
from amparo.catalogue.run import Hashed, Stop
from amparo.catalogue.tally import Outcome
from amparo.matching.fingerprint import Fingerprint
from amparo.media.errors import NoSandbox, Refused, SandboxFailed
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Reason

_BATCH = 256
_SENT_AT_ONCE = 8
_FETCHED_AT_ONCE = 16
_LARGEST_BYTES = 4 * 1024**2
"""What is larger is opened here: a batch of such would fill the memory of this machine and of Ray."""

Fingerprinter = Callable[[Sandbox, bytes], Fingerprint]


@dataclass(frozen=True)
class Trouble:
    """Why a file was not opened there; it is no fault of the file's."""

    says: str
    is_lasting: bool


Opened = Fingerprint | Reason | Trouble
"""What comes back: media's own errors do not survive the way between two processes."""


def in_batches(hashing: Hashing, fingerprint: Fingerprinter, *, accepts_less: bool) -> Hashed:
    """Return the way of hashing on Ray: the cluster that RAY_ADDRESS names, or one of this machine's cores.

    `fingerprint` and the files travel to the other machines. Raises Closed where Daft is not installed.
    """
    daft = _daft()

    def there(files: Any) -> list[Opened]:
        return [_opened_there(fingerprint, body, accepts_less=accepts_less) for body in files.to_pylist()]

    send = daft.func.batch(return_dtype=daft.DataType.python(), batch_size=_SENT_AT_ONCE)(there)

    def opened(bodies: Sequence[bytes]) -> list[Opened]:
        if not bodies:
            return []
        frame = daft.from_pydict({"file": list(bodies)}).into_partitions(-(-len(bodies) // _SENT_AT_ONCE))
        return list(frame.select(send(daft.col("file")).alias("opened")).to_pydict()["opened"])

    def hashed(items: Iterator[Item], stopped: Stop) -> Iterator[tuple[Item, Callable[[], Outcome]]]:
        with ThreadPoolExecutor(_FETCHED_AT_ONCE, "fetching") as pool:
            while not stopped.is_set() and (batch := list(islice(items, _BATCH))):
                bodies = list(pool.map(partial(_unknown, hashing), batch))
                wanted = {each[0]: each[1] for each in bodies if each is not None}
                found = dict(zip(wanted, opened(list(wanted.values())), strict=True))
                for item, body in zip(batch, bodies, strict=True):
                    # Whatever is large, known or not to be had goes the plain way, with its second tries.
                    yield (
                        item,
                        partial(hashing, item) if body is None else _taken(hashing, item, body[1], found[body[0]]),
                    )

    return hashed


def _unknown(hashing: Hashing, item: Item) -> tuple[str, bytes] | None:
    """Return digest and bytes of a file that is to be sent, or None."""
    if hashing.knows(item.sha256) or (item.size_bytes or 0) > _LARGEST_BYTES:
        return None
    try:
        with item.open() as file:
            sha256, size_bytes = digest_of(file)
            return None if size_bytes > _LARGEST_BYTES or hashing.knows(sha256) else (sha256, file.read())
    except (SourceError, Refused):
        return None  # It is asked for once more, and then it says what is wrong.


def _taken(hashing: Hashing, item: Item, body: bytes, opened: Opened) -> Callable[[], Outcome]:
    """Return what takes the answer of another process, without asking for the file again."""
    held = replace(item, open=lambda: contextlib.nullcontext(io.BytesIO(body)))
    return lambda: hashing.tried(held, _answering(opened))


def _answering(opened: Opened) -> Opener:
    def answer(file: object) -> Fingerprint:
        match opened:
            case Reason():
                raise Refused(opened)
            case Trouble():
                raise (NoSandbox if opened.is_lasting else SandboxFailed)(opened.says)
            case _:
                return opened

    return answer


def _opened_there(fingerprint: Fingerprinter, body: bytes, *, accepts_less: bool) -> Opened:
    """Open a file in the process that Ray chose."""
    try:
        return fingerprint(_sandbox(accepts_less), body)
    except Refused as refused:
        return refused.reason
    except (NoSandbox, SandboxFailed) as error:
        return Trouble(str(error), is_lasting=isinstance(error, NoSandbox))


@cache
def _sandbox(accepts_less: bool) -> Sandbox:
    """Return the sandbox of a process of Ray's, which lives as long as it."""
    return Sandbox(accepts_less=accepts_less)


def _daft() -> Any:
    # Both tell their makers that they are used, unless they are told not to.
    for name, value in _SILENCE.items():
        os.environ[name] = value
    try:
        import daft
        import ray
    except ImportError:
        raise Closed(
            "Hashing in batches needs the extra [batch], some 600 MB: .venv/bin/uv pip install 'daft[ray]'",
            code="no_batch",
        ) from None
    if not ray.is_initialized():
        # A file that Ray has no memory for would be written to this machine's disk; a cluster of one's own is told so
        # where it is started.
        own = {} if "RAY_ADDRESS" in os.environ else {"_system_config": {"automatic_object_spilling_enabled": False}}
        ray.init(log_to_driver=False, include_dashboard=False, **own)
    daft.set_runner_ray(noop_if_initialized=True)
    return daft


_SILENCE = {
    "DAFT_ANALYTICS_ENABLED": "0",
    "DO_NOT_TRACK": "true",
    "SCARF_NO_ANALYTICS": "true",
    "RAY_USAGE_STATS_ENABLED": "0",
}
