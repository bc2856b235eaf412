"""Whether a file is known, in the time that somebody waits for it.

1. Its digests: a file that is known byte for byte needs no look into it.
2. What it shows, in the sandbox; of a video the key frames, which are quick to read.
3. The whole of a video, only where its key frames are suspicious.

"No match" is said only of what was looked at. What nothing can be told of, for want of time or of detail, is called
that.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from amparo.api.matching import MD5, PDQ, SHA256, Known, Matching, May
from amparo.matching.align import Piece
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint
from amparo.media.errors import Refused
from amparo.media.wire import Reason


class Answer(Enum):
    """What is said of an upload."""

    MATCH = "match"
    NO_MATCH = "no_match"
    NOT_HASHABLE = "not_hashable"
    UNKNOWN = "unknown"


class Depth(Enum):
    """How much was looked at."""

    DIGESTS = "digests"
    HASHES = "hashes"
    KEY_FRAMES = "key_frames"
    WHOLE = "whole"


@dataclass(frozen=True)
class Found:
    """An item of a bank that was found, and the most that this may do. `distance` 0 of exact ones."""

    bank: str
    item: int
    may: May
    is_exact: bool
    distance: int
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Looked:
    """What came of it. `file` is what is kept of one that was hashed, and None of one that was not."""

    answer: Answer
    sentence: str
    depth: Depth
    found: tuple[Found, ...] = ()
    file: Fingerprint | None = None

    @property
    def may(self) -> May | None:
        """The most that any of what was found may do."""
        return max((found.may for found in self.found), default=None)


class Deadline:
    """A moment at which somebody stops waiting."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        return self._ends - time.monotonic()


class _Late(Exception):
    pass


def look_at(matching: Matching, file: bytes, deadline: Deadline) -> Looked:
    """Return whether a file is known. Raises NotReady, NoSandbox and SandboxFailed: then nothing was looked at."""
    digests = {SHA256: hashlib.sha256(file).hexdigest(), MD5: hashlib.md5(file, usedforsecurity=False).hexdigest()}
    exact = _by_signals(matching, digests)
    if any(found.may >= May.HIDE for found in exact):
        return _match(exact, Depth.DIGESTS)
    try:
        return _look_into(matching, file, exact, deadline)
    except _Late:
        if exact:
            return _match(exact, Depth.DIGESTS)
        return Looked(Answer.UNKNOWN, "There was not enough time to look at it. Ask again with more.", Depth.DIGESTS)
    except Refused as refused:
        if exact:
            return _match(exact, Depth.DIGESTS)
        sentence = f"{refused} Its bytes are those of no known file, and that is all that can be said."
        return Looked(Answer.NOT_HASHABLE, sentence, Depth.DIGESTS)


def look_up(matching: Matching, signals: Mapping[str, str], quality: int | None) -> Looked:
    """Return whether a file is known by hashes that somebody else made of it. `quality` is that of its PDQ hash.

    Raises NotReady.
    """
    is_too_plain = PDQ in signals and quality is not None and quality < LEAST_QUALITY
    asked = {name: value for name, value in signals.items() if not (name == PDQ and is_too_plain)}
    found = _by_signals(matching, asked)
    if found:
        return _match(found, Depth.HASHES)
    if is_too_plain:
        sentence = f"A hash of quality {quality} says too little of the picture: it takes {LEAST_QUALITY}."
        return Looked(Answer.NOT_HASHABLE, sentence, Depth.HASHES)
    return Looked(Answer.NO_MATCH, "None of these hashes is known.", Depth.HASHES)


def _look_into(matching: Matching, file: bytes, exact: tuple[Found, ...], deadline: Deadline) -> Looked:
    hashed = _hash(matching, file, deadline, is_whole=False)
    known = matching.known(hashed)
    if not _certain(known) and any(each.is_suspicion for each in known) and not hashed.is_whole:
        hashed = _hash(matching, file, deadline, is_whole=True)
        known = matching.known(hashed)
    depth = Depth.WHOLE if hashed.is_whole else Depth.KEY_FRAMES
    # What is known byte for byte may have come in between; both ways name it, and once is enough.
    found = {(each.bank, each.item): each for each in (*_certain(known), *exact)}
    if found:
        return _match(tuple(found.values()), depth, hashed)
    if not hashed.is_hashable:
        sentence = "It shows too little detail to be told from others. Its bytes are those of no known file."
        return Looked(Answer.NOT_HASHABLE, sentence, depth, file=hashed)
    if not hashed.is_whole and deadline.seconds_left <= 0:
        # A video that was broken off has a fingerprint of what came before: that is not what it shows.
        raise _Late
    if any(each.is_suspicion for each in known):
        return Looked(
            Answer.UNKNOWN, "It may show something known, and that could not be made sure of.", depth, file=hashed
        )
    return Looked(Answer.NO_MATCH, "It shows nothing that is known.", depth, file=hashed)


def _hash(matching: Matching, file: bytes, deadline: Deadline, *, is_whole: bool) -> Fingerprint:
    left = deadline.seconds_left
    if left <= 0:
        raise _Late
    try:
        return matching.fingerprint(file, is_whole=is_whole, within_seconds=left)
    except Refused as refused:
        if refused.reason is Reason.TOO_LONG:
            raise _Late from None
        raise


def _certain(known: Sequence[Known]) -> tuple[Found, ...]:
    return tuple(_found(each) for each in known if not each.is_suspicion)


def _found(known: Known) -> Found:
    match = known.match
    # What only looks alike is never more than hidden, whatever its bank allows.
    may = known.may if match.is_exact else min(known.may, May.HIDE)
    return Found(known.bank, known.item, may, match.is_exact, match.distance, match.pieces)


def _by_signals(matching: Matching, signals: Mapping[str, str]) -> tuple[Found, ...]:
    """Return what each signal finds; of an item that several find, the strongest."""
    best: dict[tuple[str, int], Found] = {}
    may: dict[str, May] = {}
    for signal_type, signal in signals.items():
        hits = matching.lookup(signal_type, signal, banks=None)
        if hits and not may:
            may = {bank.name: bank.may for bank in matching.banks()}
        for hit in hits:
            # Whoever wants to can make two files of one MD5, so it does no more than a likeness.
            is_exact = signal_type == SHA256
            most = may.get(hit.bank, May.REVIEW)
            found = Found(hit.bank, hit.item, most if is_exact else min(most, May.HIDE), is_exact, hit.distance)
            before = best.get((hit.bank, hit.item))
            if before is None or (found.is_exact, found.may) > (before.is_exact, before.may):
                best[hit.bank, hit.item] = found
    return tuple(best.values())


def _match(found: tuple[Found, ...], depth: Depth, file: Fingerprint | None = None) -> Looked:
    ordered = tuple(sorted(found, key=lambda each: (-each.may, not each.is_exact, each.distance, each.bank, each.item)))
    sentence = {
        May.REVIEW: "It looks like something known that a person has to judge.",
        May.HIDE: "It is known. Do not show it.",
        May.REMOVE: "It is known, byte for byte. Do not show it.",
    }[ordered[0].may]
    return Looked(Answer.MATCH, sentence, depth, ordered, file)
