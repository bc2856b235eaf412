"""Moving pictures that we draw: ten seconds of shapes, copies that were changed, cards, and the videos they make."""

import io
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

RATE = 12
WIDTH, HEIGHT = 192, 144

Picture = npt.NDArray[np.uint8]


@cache
def moving(seed: int) -> list[Picture]:
    """Return ten seconds of a window that moves over clouds and shapes; another seed, another scene."""
    chance = np.random.default_rng(seed)
    few = Image.fromarray(chance.integers(0, 256, (8, 10, 3), dtype=np.uint8))
    scene = few.resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(scene)
    for _ in range(60):
        x, y = chance.integers(0, [WIDTH * 2, HEIGHT * 2]).tolist()
        wide, high = chance.integers(8, 50, 2).tolist()
        red, green, blue = chance.integers(0, 256, 3).tolist()
        pen.rectangle((x, y, x + wide, y + high), fill=(red, green, blue))
    pixels = np.asarray(scene)
    steps = [(number * HEIGHT // (10 * RATE), number * WIDTH // (10 * RATE)) for number in range(10 * RATE)]
    return [pixels[y : y + HEIGHT, x : x + WIDTH] for y, x in steps]


def card(seconds: int) -> list[Picture]:
    """Return a title card, shown for so long."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (20, 20, 60))
    pen = ImageDraw.Draw(image)
    for number, (left, right) in enumerate([(20, 150), (40, 110), (30, 170), (60, 90)]):
        pen.rectangle((left, 20 + 30 * number, right, 36 + 30 * number), fill=(240, 220 - 40 * number, 90))
    return [np.asarray(image)] * (seconds * RATE)


def blank(seconds: int) -> list[Picture]:
    return [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * (seconds * RATE)


def changed(pictures: list[Picture], name: str) -> list[Picture]:
    """Return the pictures as one who hides a copy changes them, of the same size as before."""
    return [_changed(Image.fromarray(each), name) for each in pictures]


def _changed(picture: Image.Image, name: str) -> Picture:
    ground = Image.new("RGB", (WIDTH, HEIGHT), (128, 128, 128) if name == "small on grey" else (0, 0, 0))
    match name:
        case "mirrored":
            return np.asarray(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        case "turned":
            return np.asarray(picture.transpose(Image.Transpose.ROTATE_90).resize((WIDTH, HEIGHT)))
        case "letterboxed":
            ground.paste(picture.resize((WIDTH, HEIGHT * 2 // 3)), (0, HEIGHT // 6))
        case "small on grey":
            ground.paste(picture.resize((WIDTH // 2, HEIGHT // 2)), (60, 20))
        case "cropped":
            return np.asarray(picture.crop((24, 18, WIDTH - 24, HEIGHT - 18)).resize((WIDTH, HEIGHT)))
        case "dimmed":
            return np.asarray(picture.point(lambda value: value * 3 // 4))
    return np.asarray(ground)


def as_video(pictures: list[Picture], *, container: str = "mp4") -> bytes:
    """Return a really encoded video of the pictures."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as muxer:
        track: Any = muxer.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        track.width, track.height, track.pix_fmt, track.gop_size = WIDTH, HEIGHT, "yuv420p", 60
        for number, pixels in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            muxer.mux(track.encode(frame))
        muxer.mux(track.encode(None))
    return file.getvalue()
