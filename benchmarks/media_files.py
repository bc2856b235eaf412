"""The pictures and videos that `./run bench media` opens: shapes and noise, drawn here, encoded for real."""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
from PIL import Image


def files() -> dict[str, bytes]:
    """Return each file by its name in the table."""
    return {
        "jpeg 640x640": _picture(640, 640, "JPEG"),
        "jpeg 1280x960": _picture(1280, 960, "JPEG"),
        "jpeg 4000x3000": _picture(4000, 3000, "JPEG"),
        "png 1280x960": _picture(1280, 960, "PNG"),
        "webp 1280x960": _picture(1280, 960, "WEBP"),
        "h264 1280x720, 20 s, key frames": _video(1280, 720, 20),
    }


def _ground(width: int, height: int) -> "np.ndarray[Any, Any]":
    """Return something between a drawing and a photo: flat parts, edges, and soft noise all over."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = 60 * np.sin(columns / 37) + 60 * np.cos(rows / 53)
    noise = np.random.default_rng(1).normal(0, 6, (height, width))
    grey = 128 + waves + noise
    colours = [grey, grey * 0.8 + columns * 50 / width, grey * 0.6 + rows * 90 / height]
    ground: np.ndarray[Any, Any] = np.clip(np.stack(colours, axis=2), 0, 255).astype(np.uint8)
    return ground


def _picture(width: int, height: int, form: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(_ground(width, height)).save(file, form, quality=88)
    return file.getvalue()


def _video(width: int, height: int, seconds: int) -> bytes:
    """Return a video at 24 frames a second with a key frame every two seconds."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as muxer:
        track: Any = muxer.add_stream("libx264", rate=24, options={"preset": "veryfast"})
        track.width, track.height, track.pix_fmt, track.gop_size = width, height, "yuv420p", 48
        ground = _ground(width, height)
        for number in range(seconds * 24):
            frame = av.VideoFrame.from_ndarray(np.roll(ground, number * 3, axis=1), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            muxer.mux(track.encode(frame))
        muxer.mux(track.encode(None))
    return file.getvalue()
