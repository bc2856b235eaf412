"""Pictures and videos for tests: shapes and noise that we draw ourselves."""

import contextlib
import io
import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from PIL import Image


def pattern(width: int = 320, height: int = 240, seed: int = 1) -> Image.Image:
    """Return a picture with flat parts, edges and noise, the same for the same numbers."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.stack([rows * 255 // height, columns * 255 // width, (rows // 16 + columns // 16) % 2 * 200], axis=2)
    pixels[height // 4 : height // 2, width // 4 : width // 2] = draw.integers(0, 255, 3)
    pixels[height // 2 :, : width // 3] = draw.integers(0, 255, (height - height // 2, width // 3, 3))
    return Image.fromarray(pixels.astype(np.uint8))


def encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def animation(form: str, frames: int = 12, milliseconds: int = 300) -> bytes:
    pictures = [pattern(seed=seed) for seed in range(frames)]
    more = {"lossless": True} if form == "WEBP" else {}
    return encoded(pictures[0], form, save_all=True, append_images=pictures[1:], duration=milliseconds, **more)


@contextlib.contextmanager
def _not_as_root() -> Iterator[None]:
    """Be nobody for a while. SVT-AV1, run by root, takes real-time priority for the whole process, for good."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def video(
    codec: str, container: str, *, seconds: float = 3, size: tuple[int, int] = (320, 240), **stream: Any
) -> bytes:
    """Return a really encoded video of a bar that moves over a pattern, with a key frame every half second."""
    file = io.BytesIO()
    options = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}.get(codec, {})
    ground = np.asarray(pattern(*size))
    with _not_as_root(), av.open(file, "w", format=container) as muxer:
        track: Any = muxer.add_stream(codec, rate=24, options=options)
        track.width, track.height = size
        track.pix_fmt, track.gop_size = "yuv420p", 12
        for name, value in stream.items():
            setattr(track, name, value)
        for number in range(int(seconds * 24)):
            pixels = ground.copy()
            left = number * 5 % size[0]
            pixels[:, left : left + size[0] // 8] = (255, 255 - number % 200, number % 256)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            muxer.mux(track.encode(frame))
        muxer.mux(track.encode(None))
    return file.getvalue()
