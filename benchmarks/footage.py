"""The ten-second clips that `./run bench clips` hides: drawn here, or a slow ride over an openly licensed picture.

The pictures are those that scikit-image ships and states a free licence for (docs/reference/benchmarks.md lists them).
They are read as files; scikit-image itself is not imported.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from benchmarks.pictures import drawn

Pixels = npt.NDArray[np.uint8]
WIDTH, HEIGHT, RATE, SECONDS = 320, 240, 12, 10
FRAMES = RATE * SECONDS

PHOTOS = (
    "brick.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png", "coins.png", "grass.png", "gravel.png",
    "hubble_deep_field.jpg", "ihc.png", "retina.jpg", "rocket.jpg", "text.png",
)  # fmt: skip


@dataclass(frozen=True)
class Footage:
    """A clip to be: its name, and what draws its frames, RGB of (HEIGHT, WIDTH, 3)."""

    name: str
    frames: Callable[[], Iterator[Pixels]]


def footage(seed: int) -> list[Footage]:
    """Return all clips: a ride over each picture, and drawn ones of seven kinds. Another seed, other clips."""
    kinds: list[tuple[str, int, Callable[[np.random.Generator], Iterator[Pixels]]]] = [
        ("shapes", 9, _shapes), ("balls", 6, _balls), ("clouds", 5, _clouds), ("waves", 3, _waves),
        ("blocks", 3, _blocks), ("scenes", 3, _scenes), ("fog", 2, _fog),
    ]  # fmt: skip
    rides = [Footage(name, _late(_ride, name, seed)) for name in PHOTOS]
    draws = [
        Footage(f"{kind} {number}", _late(_drawn, draw, seed, number))
        for kind, count, draw in kinds
        for number in range(count)
    ]
    return rides + draws


def filler(seed: int, number: int) -> Iterator[Pixels]:
    """Draw what stands between the clips of a compilation, without an end."""
    chance = np.random.default_rng([seed, number, 77])
    while True:
        yield from _pan(chance, FRAMES, drawn(chance, WIDTH + 160, HEIGHT + 120))


def card(word: str) -> Pixels:
    """Return a title card, as compilations begin with."""
    image = Image.new("RGB", (WIDTH // 4, HEIGHT // 4), (20, 20, 60))
    pen = ImageDraw.Draw(image)
    pen.rectangle((6, 8, WIDTH // 4 - 6, 14), fill=(200, 160, 40))
    pen.text((14, 22), word, fill=(240, 240, 240))
    return np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST))


def _late(draw: Callable[..., Iterator[Pixels]], *words: object) -> Callable[[], Iterator[Pixels]]:
    return lambda: draw(*words)


def _drawn(draw: Callable[[np.random.Generator], Iterator[Pixels]], seed: int, number: int) -> Iterator[Pixels]:
    return draw(np.random.default_rng([seed, number, len(draw.__name__), ord(draw.__name__[1])]))


def _ride(name: str, seed: int) -> Iterator[Pixels]:
    """Move a window over a picture, from one place and size to another."""
    chance = np.random.default_rng([seed, *name.encode()])
    with Image.open(str(distribution("scikit-image").locate_file(f"skimage/data/{name}"))) as opened:
        picture = opened.convert("RGB")
    widest = min(picture.width, picture.height * WIDTH / HEIGHT)
    ends = []
    for _ in range(2):
        width = widest * chance.uniform(0.55, 0.95)
        height = width * HEIGHT / WIDTH
        ends.append((chance.uniform(0, picture.width - width), chance.uniform(0, picture.height - height), width))
    for number in range(FRAMES):
        share = number / (FRAMES - 1)
        left, top, width = (a + (b - a) * share for a, b in zip(*ends, strict=True))
        box = (left, top, left + width, top + width * HEIGHT / WIDTH)
        yield np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=box))


def _pan(chance: np.random.Generator, count: int, scene: Pixels) -> Iterator[Pixels]:
    height, width = scene.shape[0] - HEIGHT, scene.shape[1] - WIDTH
    (x0, y0), (x1, y1) = chance.integers(0, [width, height], (2, 2)).tolist()
    for number in range(count):
        x, y = x0 + (x1 - x0) * number // count, y0 + (y1 - y0) * number // count
        yield np.ascontiguousarray(scene[y : y + HEIGHT, x : x + WIDTH])


def _shapes(chance: np.random.Generator) -> Iterator[Pixels]:
    """Pan over shapes on clouds."""
    yield from _pan(chance, FRAMES, drawn(chance, WIDTH + 200, HEIGHT + 150))


def _scenes(chance: np.random.Generator) -> Iterator[Pixels]:
    """Pan over four scenes, one after another."""
    for _ in range(4):
        yield from _pan(chance, FRAMES // 4, drawn(chance, WIDTH + 60, HEIGHT + 40))


def _balls(chance: np.random.Generator) -> Iterator[Pixels]:
    """Move balls over a ground that stays."""
    ground = Image.fromarray(drawn(chance, WIDTH, HEIGHT))
    places, steps = chance.uniform(0, [WIDTH, HEIGHT], (6, 2)), chance.uniform(-3, 3, (6, 2))
    sizes, colours = chance.integers(20, 60, 6), chance.integers(0, 256, (6, 3))
    for _ in range(FRAMES):
        image = ground.copy()
        pen = ImageDraw.Draw(image)
        for (x, y), size, colour in zip(places % [WIDTH, HEIGHT], sizes.tolist(), colours.tolist(), strict=True):
            pen.ellipse((x - size, y - size, x + size, y + size), fill=tuple(colour))
        places += steps
        yield np.asarray(image)


def _clouds(chance: np.random.Generator) -> Iterator[Pixels]:
    """Turn one soft noise into another, every two seconds."""
    few = chance.integers(0, 256, (SECONDS // 2 + 1, 9, 12, 3)).astype(np.float32)
    for number in range(FRAMES):
        step, share = divmod(number / (RATE * 2), 1)
        mixed = few[int(step)] * (1 - share) + few[int(step) + 1] * share
        yield np.asarray(Image.fromarray(mixed.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def _waves(chance: np.random.Generator) -> Iterator[Pixels]:
    """Let five waves run through each other."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lengths, speeds = chance.uniform(-0.12, 0.12, (5, 2)), chance.uniform(-0.3, 0.3, 5)
    for number in range(FRAMES):
        heights = [
            np.sin(x * columns + y * rows + speed * number) for (x, y), speed in zip(lengths, speeds, strict=True)
        ]
        grey = np.clip(128 + 45 * sum(heights), 0, 255).astype(np.uint8)
        yield np.ascontiguousarray(np.stack([grey, grey, 255 - grey], axis=2))


def _blocks(chance: np.random.Generator) -> Iterator[Pixels]:
    """Show coarse noise, another every second."""
    for _ in range(SECONDS):
        few = Image.fromarray(chance.integers(0, 256, (12, 16, 3), dtype=np.uint8))
        yield from [np.asarray(few.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST))] * RATE


def _fog(chance: np.random.Generator) -> Iterator[Pixels]:
    """Show a slope of brightness with hardly anything in it, which no PDQ hash says enough of."""
    columns = np.mgrid[0:HEIGHT, 0:WIDTH][1]
    for number in range(FRAMES):
        grey = (70 + columns * 40 / WIDTH + 10 * np.sin(number / 20) + chance.normal(0, 2, columns.shape)).astype(
            np.uint8
        )
        yield np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
