"""Draw the pictures and videos that people on Plaza post: shapes and noise, nothing else.

The same seed gives the same bytes, so that a test can publish exact copies.
"""

import io
import random

import av
import numpy
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from plaza.media import Upload

PICTURE_SIZE = (480, 360)
VIDEO_SIZE = (240, 180)
VIDEO_FRAMES, VIDEO_RATE = 24, 12


def picture(seed: int, size: tuple[int, int] = PICTURE_SIZE) -> Upload:
    """Return a JPEG of this seed: a gradient, a handful of shapes, and noise over all of it."""
    buffer = io.BytesIO()
    canvas = _noisy(_shapes(random.Random(seed), size, shift=0), seed)
    Image.fromarray(canvas).save(buffer, "JPEG", quality=85)
    return Upload(buffer.getvalue(), "image/jpeg")


def video(seed: int) -> Upload:
    """Return a two-second H.264 MP4 of this seed: the shapes of a picture, drifting across."""
    buffer = io.BytesIO()
    # One thread and no clock in the file: otherwise the same seed would give other bytes.
    with av.open(buffer, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(
            "libx264", rate=VIDEO_RATE, options={"preset": "ultrafast", "crf": "30", "threads": "1"}
        )
        stream.width, stream.height = VIDEO_SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(VIDEO_FRAMES):
            canvas = _noisy(_shapes(random.Random(seed), VIDEO_SIZE, shift=number * 4), seed)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(canvas, format="rgb24")))
        container.mux(stream.encode())
    return Upload(buffer.getvalue(), "video/mp4")


def _shapes(chance: random.Random, size: tuple[int, int], shift: int) -> Image.Image:
    width, height = size
    start, end = (numpy.array([chance.randrange(60, 256) for _ in range(3)]) for _ in range(2))
    slope = numpy.linspace(0.0, 1.0, width)[None, :, None]
    gradient = numpy.broadcast_to(start + (end - start) * slope, (height, width, 3))
    canvas = Image.fromarray(gradient.astype(numpy.uint8))
    pen = ImageDraw.Draw(canvas)
    for _ in range(chance.randrange(5, 12)):
        left, top = (chance.randrange(width) + shift) % width, chance.randrange(height)
        box = (left, top, left + chance.randrange(20, width // 2), top + chance.randrange(20, height // 2))
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        draw = chance.choice((pen.rectangle, pen.ellipse))
        draw(box, fill=colour)
    return canvas


def _noisy(canvas: Image.Image, seed: int) -> NDArray[numpy.uint8]:
    pixels = numpy.asarray(canvas, dtype=numpy.int16)
    noise = numpy.random.default_rng(seed).integers(-12, 13, size=pixels.shape, dtype=numpy.int16)
    return (pixels + noise).clip(0, 255).astype(numpy.uint8)
