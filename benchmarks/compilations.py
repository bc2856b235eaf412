"""Videos of four minutes in which clips are hidden among other things, encoded for real."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np

from benchmarks.footage import HEIGHT, RATE, WIDTH, Footage, Pixels, card, filler
from benchmarks.transforms import Transform, changed

LEAST_SECONDS = 240
_CARD_SECONDS = 3
_CRF, _CLIP_CRF = 26, 20


@dataclass(frozen=True)
class Hidden:
    """One clip in a compilation: which one, how it was changed, and where it is."""

    clip: int
    transform: Transform
    from_seconds: float
    to_seconds: float


@dataclass(frozen=True)
class Compilation:
    file: bytes
    seconds: float
    hidden: tuple[Hidden, ...]


class Encoder:
    """Writes an H.264 video as sites do: key frames at cuts, and at least every 250 frames."""

    def __init__(self, crf: int) -> None:
        self._file = io.BytesIO()
        self._muxer = av.open(self._file, "w", format="mp4")
        self._track: Any = self._muxer.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": str(crf)})
        self._track.width, self._track.height, self._track.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._track.codec_context.thread_count = 1
        self.frames = 0

    def add(self, frame: av.VideoFrame) -> None:
        frame.pts, frame.time_base = self.frames, Fraction(1, RATE)
        frame.pict_type = 0
        self._muxer.mux(self._track.encode(frame))
        self.frames += 1

    def done(self) -> bytes:
        self._muxer.mux(self._track.encode(None))
        self._muxer.close()
        return self._file.getvalue()


def encoded(footage: Footage) -> bytes:
    """Return a clip as a file: what is known of it."""
    encoder = Encoder(_CLIP_CRF)
    for pixels in footage.frames():
        encoder.add(_frame(pixels))
    return encoder.done()


def compilation(
    clips: Sequence[bytes],
    hide: Sequence[tuple[int, Transform]],
    seed: int,
    number: int,
    least_seconds: int = LEAST_SECONDS,
) -> Compilation:
    """Return a video that begins with a title card and shows these clips, other things and darkness in between."""
    chance, encoder = np.random.default_rng([seed, number]), Encoder(_CRF)
    between = filler(seed, number)
    for _ in range(_CARD_SECONDS * RATE):
        encoder.add(_frame(card("THE BEST OF")))
    hidden = []
    gaps = chance.uniform(2, 8, len(hide) + 1)
    for (clip, transform), gap in zip(hide, gaps.tolist(), strict=False):
        _fill(encoder, between, int(gap * RATE))
        begun = encoder.frames
        for frame in changed(decoded(_coarse(clips[clip], transform.crf)), transform):
            encoder.add(frame)
        hidden.append(Hidden(clip, transform, begun / RATE, encoder.frames / RATE))
    _fill(encoder, between, max(least_seconds * RATE - encoder.frames, int(gaps[-1] * RATE)))
    seconds = encoder.frames / RATE
    return Compilation(encoder.done(), seconds, tuple(hidden))


def decoded(file: bytes) -> list[av.VideoFrame]:
    """Return all frames of a clip."""
    with av.open(io.BytesIO(file), "r") as container:
        container.streams.video[0].codec_context.thread_count = 1
        return list(container.decode(video=0))


@cache
def _coarse(clip: bytes, crf: int | None) -> bytes:
    if crf is None:
        return clip
    encoder = Encoder(crf)
    for frame in decoded(clip):
        encoder.add(frame)
    return encoder.done()


def _fill(encoder: Encoder, between: Iterator[Pixels], count: int) -> None:
    dark = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for number in range(count):
        encoder.add(_frame(dark if number < RATE // 2 else next(between)))


def _frame(pixels: Pixels) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
