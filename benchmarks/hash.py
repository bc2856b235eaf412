"""How fast bytes become PDQ hashes, beside threatexchange's `pdq_from_bytes`, which HMA calls, in one run.

Ours: simplejpeg decodes, the kernel hashes every pixel. One thread each. The hashes have to be the same.
"""

import importlib.util
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

import av
import numpy as np
import simplejpeg
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from amparo import _kernel
from benchmarks import machine
from benchmarks.bench import Effort
from benchmarks.pictures import as_jpeg, drawn, video
from benchmarks.rows import Result, Row

Say = Callable[[str], None]
Hash = tuple[str, int]

# (width, height) → how many times the rate of threatexchange it has to be.
SIZES = {(640, 640): 10.0, (1280, 960): 6.0, (4000, 3000): 10.0}
VIDEO = (1280, 720, 20)
_PICTURES = 6
_LEAST_TURNS = 5


def ours(jpeg: bytes) -> Hash:
    """Return the hash in hexadecimal and its quality."""
    hashed, quality = _kernel.pdq(simplejpeg.decode_jpeg(jpeg, colorspace="RGB"))
    return hashed.hex(), quality


def measure(effort: Effort, say: Say) -> Result:
    """Measure JPEGs of three sizes, the kernel alone on each choice of instructions, and a video."""
    before = _kernel.instructions_in_use()
    rows: list[Row] = []
    try:
        for (width, height), bar in SIZES.items():
            say(f"JPEGs of {width} x {height}")
            rows += _jpegs(width, height, bar, effort)
    finally:
        _kernel.use_instructions(before)
    say("a video")
    rows += _video(effort)
    return Result("hash", rows, machine.facts(), _notes())


def _jpegs(width: int, height: int, bar: float, effort: Effort) -> list[Row]:
    chance = np.random.default_rng([width, height])
    pixels = [drawn(chance, width, height) for _ in range(_PICTURES)]
    jpegs = [as_jpeg(each) for each in pixels]
    choices = _kernel.instructions()
    turns, seconds = max(effort.repeats, _LEAST_TURNS), min(effort.seconds, 0.5)
    mine: list[float] = []
    theirs: list[float] = []
    bare: dict[str, list[float]] = {choice: [] for choice in choices}
    for _ in range(turns):
        _kernel.use_instructions(choices[0])
        mine.append(_rate(ours, jpegs, seconds))
        theirs.append(_rate(pdq_from_bytes, jpegs, seconds))
        for choice in choices:
            _kernel.use_instructions(choice)
            bare[choice].append(_rate(_kernel.pdq, pixels, seconds / 2))
    _kernel.use_instructions(choices[0])
    same = [(ours(jpeg), pdq_from_bytes(jpeg)) for jpeg in jpegs]
    farthest = max((int(mine[0], 16) ^ int(its[0], 16)).bit_count() for mine, its in same)
    what, peer = f"jpeg {width}x{height}", "threatexchange"
    its_rate = _median(theirs)
    return [
        Row(what, "rate", _median(mine), "/s a core", peer, its_rate, bar * its_rate),
        Row(what, "distance", farthest, "bits at most", bar=0, is_better_high=False),
        Row(what, "quality differs", sum(mine[1] != its[1] for mine, its in same), "of 6", bar=0, is_better_high=False),
        *(Row(f"pixels {width}x{height}, {choice}", "rate", _median(bare[choice]), "/s a core") for choice in choices),
    ]


def _video(effort: Effort) -> list[Row]:
    width, height, seconds = VIDEO
    file = video(np.random.default_rng(7), width, height, seconds)
    turns = max(min(effort.repeats, 3), 1)
    every, keys, theirs = [], [], []
    for _ in range(turns):
        every.append(seconds / _seconds_of(lambda: frames_of(file, keys_only=False)))
        keys.append(seconds / _seconds_of(lambda: frames_of(file, keys_only=True)))
        if has_vpdq():
            theirs.append(seconds / _seconds_of(lambda: _vpdq(file)))
    what, unit = f"video {width}x{height}", "x real time"
    peer, its = ("vpdq", _median(theirs)) if theirs else (None, None)
    return [
        Row(what, "rate, a frame a second", _median(every), unit, peer, its),
        Row(what, "rate, key frames only", _median(keys), unit, peer, its),
    ]


def frames_of(file: bytes, *, keys_only: bool) -> list[tuple[bytes, int]]:
    """Return the hashes of the brightness of a frame a second, or of each key frame, without mixing colours first."""
    hashes = []
    with av.open(io.BytesIO(file), "r") as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        if keys_only:
            stream.codec_context.skip_frame = "NONKEY"
        due = 0.0
        for frame in container.decode(stream):
            if keys_only or (frame.time or 0.0) >= due:
                plane = frame.planes[0]
                lines = np.frombuffer(bytes(plane), np.uint8).reshape(frame.height, plane.line_size)
                hashes.append(_kernel.pdq(lines[:, : frame.width]))
                due += 1.0
    return hashes


def has_vpdq() -> bool:
    """Whether vpdq is installed. It has no wheel: pip builds it where the development files of FFmpeg are."""
    return importlib.util.find_spec("vpdq") is not None


def _vpdq(file: bytes) -> None:
    vpdq = importlib.import_module("vpdq")
    with tempfile.NamedTemporaryFile(suffix=".mp4") as kept:
        kept.write(file)
        kept.flush()
        vpdq.computeHash(kept.name, seconds_per_hash=1, thread_count=1)


def _rate(hash_it: Callable[[Any], object], things: Sequence[Any], seconds: float) -> float:
    done, begun = 0, time.process_time()
    for thing in cycle(things):
        hash_it(thing)
        done += 1
        took = time.process_time() - begun
        if took >= seconds and done >= len(things):
            break
    return done / took


def _seconds_of(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _median(figures: Sequence[float]) -> float:
    return float(f"{statistics.median(figures):.4g}")


def _notes() -> list[str]:
    has = "vpdq is measured beside it." if has_vpdq() else "vpdq is not installed, so nobody stands beside it."
    return [
        f"Ours uses {_kernel.instructions()[0]} where nothing else is said. One thread each, medians of the turns.",
        "Seconds are of the processor: other programs take part of the time and not of the figure.",
        "Six pictures a size, drawn by chance, JPEG of quality 85 with halved colours; the bytes are in memory.",
        "Bars of the rate are times the rate of threatexchange in the same run: 10, 6 and 10.",
        "Distance: the farthest that a hash is from threatexchange's; in exact mode it has to be 0.",
        "Pixels: the kernel alone, from RGB in memory.",
        f"Video: 20 s of H.264 by PyAV, one thread, brightness only; nearly all of it is the decoder. {has}",
    ]
