"""Makes a fingerprint of a file: its digests, and the hashes of what it shows, seen in the sandbox.

1. Read the bytes once for both digests.
2. Have the sandbox open them: key frames only, or four frames a second of everything.
3. Hash each frame in its eight turns, and again without its border where it has one; of known works, in parts, too.
   A picture that a camera noted how to turn is hashed as viewers turn it, too: a code made on a phone is of that one.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray

from amparo import _kernel
from amparo.matching.border import trimmed
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint, MediaKind, no_frames
from amparo.matching.parts import parts
from amparo.matching.turns import turned
from amparo.media.errors import Refused
from amparo.media.samples import Hashed, Samples
from amparo.media.sandbox import Media, Sandbox
from amparo.media.wire import Depth, Frame, Kind, Limits, Reason

EVERY_MS = 250
"""Half a second apart, as is usual, a copy at another speed has too few frames near enough in time to one of ours."""
KEY_FRAMES_APART_MS = 500
_PIECE_BYTES = 1024**2
_AS_VIEWERS: dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    2: np.fliplr,
    3: lambda picture: np.rot90(picture, 2),
    4: np.flipud,
    5: lambda picture: np.swapaxes(picture, 0, 1),
    6: lambda picture: np.rot90(picture, -1),
    7: lambda picture: np.rot90(np.swapaxes(picture, 0, 1), 2),
    8: np.rot90,
}
"""What viewers do with a picture for each note of Exif (tag 0x0112); 1 is as it is stored."""
# What came before is as it is in the file, and players show it.
_ENDS_EARLY = frozenset({Reason.TOO_MANY_FRAMES, Reason.TOO_LONG, Reason.TOO_MUCH_MEMORY, Reason.DAMAGED})


def fingerprint(
    sandbox: Sandbox,
    file: bytes | IO[bytes],
    *,
    is_whole: bool = False,
    is_work: bool = False,
    limits: Limits | None = None,
) -> Fingerprint:
    """Return the fingerprint of a picture or video: its bytes, or a file that is open for reading only.

    Of what moves only key frames are looked at, some ten times cheaper; with `is_whole`, or of a known work
    (`is_work`), everything. Of a known work what a cropped, covered or leant copy may show is hashed as well, as
    further frames that are trimmed, every half second. A video that breaks off or takes too long has a fingerprint of
    what came before, and is then not whole. Raises media's Refused, NoSandbox or SandboxFailed. May be repeated.
    """
    sha256, md5 = _digests(file)
    depth, apart_ms = (Depth.FULL, EVERY_MS) if is_whole or is_work else (Depth.KEY_FRAMES, KEY_FRAMES_APART_MS)
    samples = Samples(apart_ms)
    with sandbox.opened(file, depth, apart_ms=apart_ms, limits=limits) as media:
        is_all = _take(media, samples, is_work=is_work)
    moves = media.header.kind is not Kind.PICTURE
    is_whole = is_all and (depth is Depth.FULL or not moves)
    return Fingerprint(
        sha256=sha256,
        md5=md5,
        kind=MediaKind.VIDEO if moves else MediaKind.PICTURE,
        duration_ms=_duration_ms(media, samples, is_all=is_whole) if moves else 0,
        every_ms=samples.every_ms if moves else 0,
        is_whole=is_whole,
        frames=samples.frames(),
    )


def digests_alone(file: bytes | IO[bytes], kind: MediaKind = MediaKind.PICTURE) -> Fingerprint:
    """Return the fingerprint of a file that nobody here can open: it is found by equal bytes and by nothing else."""
    sha256, md5 = _digests(file)
    return Fingerprint(sha256, md5, kind, 0, 0, True, no_frames())


def pixels(frame: Frame) -> NDArray[np.uint8]:
    """Return a view of a frame: (height, width), or (height, width, 3) where it has colours."""
    if frame.channels == 1:
        return np.ndarray((frame.height, frame.width), np.uint8, frame.pixels, strides=(frame.stride, 1))
    return np.ndarray((frame.height, frame.width, 3), np.uint8, frame.pixels, strides=(frame.stride, 3, 1))


def _digests(file: bytes | IO[bytes]) -> tuple[str, str]:
    """Return SHA-256 and MD5, which older lists are made of; nothing here relies on MD5 alone."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    for piece in _read(file):
        sha256.update(piece)
        md5.update(piece)
    return sha256.hexdigest(), md5.hexdigest()


def _read(file: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(file, bytes):
        yield file
        return
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _take(media: Media, samples: Samples, *, is_work: bool) -> bool:
    """Hash what is shown; return whether that is all of it. Raises Refused where nothing could be seen."""
    try:
        for frame in media.frames:
            at_ms = frame.at_us // 1000
            if samples.wants(at_ms):
                hashed = _hashed(pixels(frame), is_work=is_work, with_parts=len(samples) % 2 == 0)
                samples.add(at_ms, hashed + _upright(pixels(frame), media.header.orientation))
    except Refused as refused:
        if refused.reason not in _ENDS_EARLY or len(samples) == 0:
            raise
        return False
    return True


def _hashed(picture: NDArray[np.uint8], *, is_work: bool, with_parts: bool) -> list[Hashed]:
    """Return the hashes of a picture and of what is inside its border; of a work, of the parts of that as well."""
    inner = trimmed(picture)
    views = [picture] if inner is None else [picture, inner]
    if not is_work:
        return [(*_kernel.pdq_turns(view), number > 0) for number, view in enumerate(views)]
    hashed: list[Hashed] = [(*turned(view), number > 0) for number, view in enumerate(views)]
    # The black corners of a leant blank would pass for a picture.
    if with_parts and hashed[-1][1] >= LEAST_QUALITY:
        hashed += [(*turned(part), True) for part in parts(views[-1])]
    return hashed


def _upright(picture: NDArray[np.uint8], orientation: int) -> list[Hashed]:
    """Return the hashes of a picture as viewers turn it; none where it is shown as it is stored.

    The turns that are made of one hash are not exact, and of a small photo up to 48 bits away.
    """
    turn = _AS_VIEWERS.get(orientation)
    return [] if turn is None else [(*_kernel.pdq_turns(np.ascontiguousarray(turn(picture))), True)]


def _duration_ms(media: Media, samples: Samples, *, is_all: bool) -> int:
    """Return how long it is: to the end of the last frame, or as it claims where that can be."""
    seen, claimed = samples.last_ms + samples.every_ms, min(media.header.duration_ms, 2**32 - 1)
    if is_all:
        return claimed if samples.last_ms <= claimed <= seen else seen
    return max(claimed, seen)
