"""Signals that are PDQ hashes as others write them: of one picture, and of the frames of a video."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint, Frames, MediaKind
from amparo.matching.hamming import any_near
from amparo.matching.signal import BadSignal, Example

_HASH = re.compile(r"[0-9a-f]{64}")
_PIPELINE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_MOST_FRAMES = 60_000
_SHARE = 0.8
_ONE, _FAR = "0f" * 32, "f0" * 32
_NEAR = "f0" + "0f" * 31  # 8 bits away.


@dataclass(frozen=True)
class Frame:
    """One hashed picture: of a video, at so many seconds. A hash of which no quality is told counts as a good one."""

    hash: bytes
    quality: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.hash.hex()},{self.quality},{self.seconds:.3f}"


class Pdq:
    """A PDQ hash: 64 hexadecimal digits; `@` and the pipeline that made it may follow, as in `…0f@pdq-full-1`.

    Hashes of two pipelines are compared like others: that they differ by a few bits is part of the distance.
    """

    name = "pdq"
    is_opaque = False
    examples: Sequence[Example] = (
        Example(_ONE, _ONE.upper(), matches=True),
        Example(_ONE, f"{_ONE}@pdq-full-1", matches=True),
        Example(_ONE, _NEAR, matches=True),
        Example(_ONE, _FAR, matches=False),
    )
    wrong: Sequence[str] = ("", _ONE[1:], _ONE + "0", "g" * 64, _ONE + "@", _ONE + "@Über", _ONE + " " + _ONE)

    def normal(self, text: str) -> str:
        digits, at, pipeline = text.strip().lower().partition("@")
        if not _HASH.fullmatch(digits) or (at and not _PIPELINE.fullmatch(pipeline)):
            raise BadSignal(
                "A signal of the type pdq is 64 hexadecimal digits, or these, @ and the name of a pipeline."
            )
        return digits + at + pipeline

    def compare(self, one: str, other: str, distance: int) -> bool:
        return _bits(_hash(one) ^ _hash(other)) <= distance

    def frames(self, text: str) -> list[Frame]:
        """Return the hash of a signal in its normal form, as the only frame of a picture."""
        return [Frame(bytes.fromhex(text.partition("@")[0]), 100, 0.0)]


class VideoFrames:
    """Hashes of frames of one video: a JSON list of texts `hash,quality,seconds`, the form of ThreatExchange's vPDQ.

    Two match if four fifths of the good frames of each are near one of the other: both videos as a whole, as with
    vPDQ. Where a clip is part of a longer video is found by the index and `copies.compare`, not here.
    """

    name = "video_frames"
    is_opaque = False
    examples: Sequence[Example] = (
        Example(f'["{_ONE},80,0.000", "{_FAR},90,1.000"]', f'["{_FAR},90,5", "{_NEAR},70,6.5"]', matches=True),
        Example(f'["{_ONE},80,0"]', f'["{_ONE},80,0", "{_FAR},80,1"]', matches=False),
        # Bad frames say nothing, not even when they are equal.
        Example(f'["{_ONE},20,0"]', f'["{_ONE},20,0"]', matches=False),
    )
    wrong: Sequence[str] = (
        "",
        "[]",
        "{}",
        "[1]",
        f'["{_ONE}"]',
        f'["{_ONE},101,0"]',
        f'["{_ONE},80,-1"]',
        f'["{_ONE},80,nan"]',
        f'["{_ONE[1:]},80,0"]',
        "[" * 100_000,
    )

    def normal(self, text: str) -> str:
        try:
            read = json.loads(text)
            frames = [_frame(each) for each in read] if isinstance(read, list) else []
        except (ValueError, TypeError, RecursionError):
            frames = []
        if not 0 < len(frames) <= _MOST_FRAMES:
            raise BadSignal(
                "A signal of the type video_frames is a JSON list of texts: 64 hexadecimal digits, a quality of 0 to "
                f"100 and the second, with commas between; at most {_MOST_FRAMES} of them."
            )
        return json.dumps([str(frame) for frame in sorted(frames, key=lambda each: each.seconds)])

    def compare(self, one: str, other: str, distance: int) -> bool:
        ours, theirs = (_good(self.frames(text)) for text in (one, other))
        if not len(ours) or not len(theirs):
            return False
        return all(near.mean() >= _SHARE for near in any_near(ours, theirs, distance))

    def frames(self, text: str) -> list[Frame]:
        """Return the frames of a signal in its normal form."""
        return [_frame(each) for each in json.loads(text)]


def fingerprint_of(some: Sequence[Frame], kind: MediaKind, pipeline: str = "") -> Fingerprint:
    """Return a fingerprint of which nothing is known but hashes. Its turns are the plain hash."""
    hashes = np.frombuffer(b"".join(frame.hash for frame in some), np.uint8).reshape(-1, 1, 32)
    at_ms = np.array([round(frame.seconds * 1000) for frame in some], np.uint32)
    every_ms = int(np.median(np.diff(at_ms))) if len(some) > 1 else 0
    frames = Frames(
        at_ms,
        np.broadcast_to(hashes, (len(some), 8, 32)),
        np.array([frame.quality for frame in some], np.uint8),
        np.zeros(len(some), np.bool_),
    )
    duration_ms = int(at_ms.max()) + every_ms if kind is MediaKind.VIDEO else 0
    return Fingerprint("", "", kind, duration_ms, every_ms, True, frames, pipeline)


def _frame(text: object) -> Frame:
    digits, quality, seconds = str(text).strip().lower().split(",")
    frame = Frame(bytes.fromhex(digits), int(quality), float(seconds))
    if not _HASH.fullmatch(digits) or not 0 <= frame.quality <= 100 or not 0 <= frame.seconds <= 4_000_000:
        raise ValueError("no frame")
    return frame


def _hash(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(text.partition("@")[0]), np.uint8)


def _good(frames: Iterable[Frame]) -> NDArray[np.uint8]:
    good = b"".join(frame.hash for frame in frames if frame.quality >= LEAST_QUALITY)
    return np.frombuffer(good, np.uint8).reshape(-1, 32)


def _bits(differing: NDArray[np.uint8]) -> int:
    return int(np.bitwise_count(differing).sum())
