"""The twenty ways in which `./run bench clips` changes a clip before it hides it, done by FFmpeg's own filters."""

from collections.abc import Iterator
from dataclasses import dataclass

import av
import av.filter
import numpy as np

from benchmarks.footage import HEIGHT, WIDTH

_SIZE = f"{WIDTH}:{HEIGHT}"
LIGHT_EDITS = ("re-encode", "grey", "brightness", "aspect")


@dataclass(frozen=True)
class Transform:
    """`filters` of FFmpeg, after which a frame is made WIDTH x HEIGHT. `crf`: encoded so coarsely on its own first."""

    name: str
    filters: tuple[tuple[str, str], ...] = ()
    speed: float = 1.0
    crf: int | None = None
    has_banner: bool = False


def _crop(name: str, keeps: float) -> Transform:
    return Transform(name, (("crop", f"{int(WIDTH * keeps)}:{int(HEIGHT * keeps)}"), ("scale", _SIZE)))


TRANSFORMS = (
    Transform("re-encode"),
    Transform("grey", (("hue", "s=0"),)),
    Transform("brightness", (("lutyuv", "y=clip(val*1.15+12\\,16\\,235)"),)),
    Transform("aspect", (("scale", f"{WIDTH}:{HEIGHT * 3 // 4}"), ("scale", _SIZE))),
    Transform("contrast", (("lutyuv", "y=clip((val-125)*1.5+125\\,16\\,235)"),)),
    Transform("blur", (("gblur", "sigma=2.5"),)),
    Transform("crf 42", crf=42),
    Transform("down 4x", (("scale", f"{WIDTH // 4}:{HEIGHT // 4}"), ("scale", _SIZE))),
    Transform("speed 1.25x", speed=1.25),
    Transform("speed 0.75x", speed=0.75),
    Transform("mirror", (("hflip", ""),)),
    Transform(
        "turned by 90°", (("transpose", "1"), ("scale", f"{HEIGHT * 3 // 4}:{HEIGHT}"), ("pad", f"{_SIZE}:-1:-1"))
    ),
    Transform("letterbox", (("scale", f"{WIDTH}:{HEIGHT * 3 // 4}"), ("pad", f"{_SIZE}:-1:-1"))),
    Transform("border", (("scale", f"{WIDTH * 4 // 5}:{HEIGHT * 4 // 5}"), ("pad", f"{_SIZE}:-1:-1:color=white"))),
    Transform("half size on grey", (("scale", f"{WIDTH // 2}:{HEIGHT // 2}"), ("pad", f"{_SIZE}:100:40:color=gray"))),
    _crop("crop 10 %", 0.9),
    _crop("crop 25 %", 0.75),
    _crop("crop 50 %", 0.5),
    Transform("text banner", has_banner=True),
    Transform("turned by 5°", (("rotate", "5*PI/180"),)),
)

BESIDES = (
    Transform("crop 25 %, a corner", (("crop", f"{WIDTH * 3 // 4}:{HEIGHT * 3 // 4}:0:0"), ("scale", _SIZE))),
    Transform(
        "mirror, border, 1.25x",
        (("hflip", ""), ("scale", f"{WIDTH * 4 // 5}:{HEIGHT * 4 // 5}"), ("pad", f"{_SIZE}:-1:-1:color=white")),
        speed=1.25,
    ),
)
"""Not of the twenty and not in their figures: nothing was made for these."""


def changed(frames: list[av.VideoFrame], transform: Transform) -> Iterator[av.VideoFrame]:
    """Yield the frames of a clip, changed: more or fewer where its speed is another. Each is yuv420p."""
    if transform.speed != 1.0:
        kept = np.arange(0, len(frames) - 0.5, transform.speed)
        frames = [frames[min(round(at), len(frames) - 1)] for at in kept.tolist()]
    chain = _chain(transform, frames[0])
    for number, frame in enumerate(frames):
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = number, frames[0].time_base
        if chain is not None:
            chain.vpush(frame)
            frame = chain.vpull().reformat(WIDTH, HEIGHT, "yuv420p")
        yield _with_banner(frame) if transform.has_banner else frame


def _chain(transform: Transform, frame: av.VideoFrame) -> av.filter.Graph | None:
    if not transform.filters:
        return None
    graph = av.filter.Graph()
    last = graph.add_buffer(
        width=frame.width, height=frame.height, format=av.VideoFormat("yuv420p"), time_base=frame.time_base
    )
    for name, options in (*transform.filters, ("buffersink", "")):
        added = graph.add(name, options) if options else graph.add(name)
        last.link_to(added)
        last = added
    graph.configure()
    return graph


def _with_banner(frame: av.VideoFrame) -> av.VideoFrame:
    """Lay a white bar over the lowest sixth, with dark words in it."""
    planes = frame.to_ndarray()
    top = HEIGHT * 5 // 6
    planes[top:HEIGHT] = 225
    chance = np.random.default_rng(5)
    for left in range(20, WIDTH - 20, 9):
        if chance.random() < 0.8:
            planes[top + 12 : top + 28, left : left + 5] = 30
    quarter = HEIGHT // 4  # Rows of colour, each two of half the width in one of the array.
    for first in (HEIGHT, HEIGHT + quarter):
        planes[first + quarter * 5 // 6 : first + quarter] = 128
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")
