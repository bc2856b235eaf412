"""Videos: MP4 and Matroska."""

import io
from fractions import Fraction

import av
import numpy as np

from tests.media.bombs.fate import DAMAGED, FRAMES, LONG, MEMORY, NOTHING, OPENED, PIXELS, Bombs, becoming
from tests.media.boxes import (
    FTYP,
    box,
)
from tests.media.drawn import video

BOMBS: Bombs = {}
becomes = becoming(BOMBS)


def _patched(place_of: bytes, offset: int, new: bytes) -> bytes:
    whole = bytearray(video("libx264", "mp4", seconds=1))
    place = whole.index(place_of) + offset
    whole[place : place + len(new)] = new
    return bytes(whole)


@becomes(DAMAGED)
def mp4_cut_before_its_index() -> bytes:
    whole = video("libx264", "mp4", seconds=1)
    return whole[: whole.index(b"moov") - 100]


@becomes(DAMAGED, NOTHING, LONG)
def mp4_of_a_million_boxes() -> bytes:
    return FTYP + box(b"free") * 1_000_000


@becomes(DAMAGED, NOTHING)
def mp4_of_boxes_in_boxes() -> bytes:
    inner = b""
    for _ in range(10_000):
        inner = box(b"moov", inner)
    return FTYP + inner


@becomes(DAMAGED, NOTHING, MEMORY)
def mp4_that_claims_four_billion_samples() -> bytes:
    return _patched(b"stsz", 12, b"\xff\xff\xff\xff")


@becomes(DAMAGED, NOTHING, MEMORY, OPENED)
def mp4_that_claims_four_billion_chunks() -> bytes:
    return _patched(b"stco", 8, b"\xff\xff\xff\xff")


@becomes(DAMAGED, NOTHING, OPENED)
def mp4_whose_samples_are_beyond_its_end() -> bytes:
    return _patched(b"stco", 12, b"\x7f\xff\xff\xff")


@becomes(PIXELS, DAMAGED, NOTHING, OPENED)
def mp4_that_claims_65535_by_65535() -> bytes:
    return _patched(b"avc1\0\0\0\0\0\0", 28, b"\xff\xff\xff\xff")


@becomes(NOTHING)
def mp4_of_sound_alone() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as muxer:
        track = muxer.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        muxer.mux(track.encode(frame))
        muxer.mux(track.encode(None))
    return file.getvalue()


@becomes(NOTHING)
def mp4_of_a_codec_that_is_not_opened() -> bytes:
    return video("mjpeg", "mp4", seconds=1, pix_fmt="yuvj420p")


@becomes(NOTHING)
def mkv_of_a_codec_that_is_not_opened() -> bytes:
    return video("ffv1", "matroska", seconds=1)


@becomes(DAMAGED, NOTHING, OPENED)
def mp4_that_says_its_pixels_are_in_another_file() -> bytes:
    whole = video("libx264", "mp4", seconds=1)
    place = whole.index(b"url \0\0\0\1")
    named = whole[:place] + b"url \0\0\0\0" + whole[place + 8 :]
    return named.replace(b"mdat", b"free")


@becomes(FRAMES)
def mp4_of_more_key_frames_than_are_opened() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as muxer:
        track = muxer.add_stream("libx264", rate=2, options={"preset": "ultrafast"})
        track.width, track.height, track.pix_fmt, track.gop_size = 16, 16, "yuv420p", 1
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        for number in range(5_000):
            frame.pts, frame.time_base = number, Fraction(1, 2)
            muxer.mux(track.encode(frame))
        muxer.mux(track.encode(None))
    return file.getvalue()


@becomes(DAMAGED, NOTHING, OPENED)
def mkv_cut_in_its_head() -> bytes:
    return video("libvpx", "webm", seconds=1)[:300]


@becomes(DAMAGED, NOTHING)
def mkv_of_noise() -> bytes:
    return b"\x1a\x45\xdf\xa3" + np.random.default_rng(6).bytes(100_000)


@becomes(DAMAGED, NOTHING)
def mkv_whose_element_claims_all_there_is() -> bytes:
    return video("libvpx", "webm", seconds=1)[:40] + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xfe" + bytes(500)
