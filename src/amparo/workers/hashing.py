"""Hashes files for matching: those of cases, from the vault, and those of suspected copies, from their platform."""

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import Subject
from amparo.connectors.connector import ConnectorError
from amparo.matching.copies import Match, compare, hits_between
from amparo.matching.fingerprint import Fingerprint, MediaKind
from amparo.media.errors import NoSandbox, Refused
from amparo.media.fingerprint import digests_alone, fingerprint
from amparo.plugins import Installation, sandbox, vault
from amparo.records import media_files
from amparo.records.matcher import Copy

log = logging.getLogger(__name__)

_ACTOR = "system:matching"


def of_part(part: ContentPart) -> Fingerprint:
    """Return what a file of a case shows, all of it. What cannot be opened has its digests and nothing more.

    Raises VaultError and SandboxFailed, after which it may be tried again.
    """
    with vault("worker").stream_for(_ACTOR, "match", part.sealed) as pieces, _in_memory(pieces) as file:
        try:
            return fingerprint(sandbox(), file, is_whole=True, is_work=True)
        except (Refused, NoSandbox) as error:
            log.warning("a file of a case is known by its digests alone: %s", error)
            is_video = part.media_type.startswith("video/")
            return digests_alone(file, MediaKind.VIDEO if is_video else MediaKind.PICTURE)


def looked_closer(here: Installation, work: Fingerprint, copy: Copy) -> Match | None:
    """Hash the whole of a video of which key frames hit; return the match, or None where it is none.

    A video that cannot be had or opened now stays suspected: then what its key frames showed counts.
    """
    try:
        item = whole_of(here, copy.subject, copy.sha256)
    except ConnectorError as error:
        log.info("a suspected copy could not be looked at more closely: %s", error.code)
        return copy.match
    if item is None:
        return copy.match
    media_files.keep(item, here.casebook.now())
    return compare(work, item, hits_between(work, item))


def whole_of(here: Installation, subject: Subject, sha256: str) -> Fingerprint | None:
    """Return what all of a file shows; None where the subject shows it no more, or it cannot be opened.

    Raises ConnectorError where the platform does not give it, SandboxFailed where it may be opened later.
    """
    for part in here.connectors[subject.platform].fetch(subject).parts:
        if hashlib.sha256(part.body).hexdigest() == sha256:
            try:
                return fingerprint(sandbox(), part.body, is_whole=True)
            except (Refused, NoSandbox) as error:
                log.info("a suspected copy could not be looked at more closely: %s", error)
    return None


@contextmanager
def _in_memory(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """Give a file that lies on no disk, open for reading only: what was sealed is never written down open."""
    with os.fdopen(os.memfd_create("media", os.MFD_CLOEXEC), "wb") as memory:
        for piece in pieces:
            memory.write(piece)
        memory.flush()
        with open(f"/proc/self/fd/{memory.fileno()}", "rb") as file:
            yield file
