"""The pictures that `./run bench device` hashes twice: drawn here, encoded in every way a phone or a site does.

Each form is one way of writing a picture down. Some ways lose what the browser and the server each take differently:
colours at half the resolution, transparency, a colour profile, the turn that a camera notes instead of turning.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageCms, ImageEnhance

from benchmarks.pictures import Pixels, drawn

Encode = Callable[[Pixels], bytes]
ORIENTATION = 0x0112
# Sides of what is sent to and fro, from an icon to a photo of today; large ones are few, because they take long.
SIZES = (
    *[(256, 192), (320, 240), (480, 640), (640, 640), (641, 479), (800, 600), (1080, 1350), (1280, 960)] * 5,
    *[(1600, 1200), (2048, 1536)] * 2,
    (3024, 4032),
)


@dataclass(frozen=True)
class File:
    """One encoded picture. `group` is the line of the table it counts in. `posted`: what the server gets instead."""

    group: str
    form: str
    content: bytes
    posted: bytes | None = None


def files(number: int, *, seed: int = 27, largest: int = 4096) -> Iterator[File]:
    """Yield that many pictures, each in every group once, by a form of the group that changes from one to the next."""
    sizes = [size for size in SIZES if max(size) <= largest]
    for turn in range(number):
        width, height = sizes[turn % len(sizes)]
        pixels = (drawn, _rough)[turn % 2](np.random.default_rng([seed, turn]), width, height)
        for group, forms in FORMS.items():
            name = list(forms)[(turn // len(sizes) + turn) % len(forms)]
            yield File(group, name, forms[name](pixels))
        name = list(CHANGES)[turn % len(CHANGES)]
        changed = CHANGES[name](Image.fromarray(pixels))
        yield File(POSTED, name, FORMS["jpeg"][_ON_DEVICE](pixels), changed)


def _rough(chance: np.random.Generator, width: int, height: int) -> Pixels:
    """Return a picture that has detail of every size, as foliage has: the waves in it are near one another."""
    grey = np.zeros((height, width))
    for cells in (4, 8, 16, 32, 64):
        few = chance.normal(0, 1, (cells, cells)).astype(np.float32)
        grey += np.asarray(Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)) * 40 / cells**0.5
    grain = chance.normal(0, 12, (height, width, 3))
    return np.clip(128 + grey[..., None] + grain, 0, 255).astype(np.uint8)


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def _jpeg(quality: int, subsampling: str, **options: object) -> Encode:
    return lambda pixels: _saved(Image.fromarray(pixels), "JPEG", quality=quality, subsampling=subsampling, **options)


def _turned(orientation: int) -> Encode:
    def encode(pixels: Pixels) -> bytes:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        return _saved(Image.fromarray(pixels), "JPEG", quality=88, exif=exif.tobytes())

    return encode


@cache
def _profile() -> bytes:
    """Return the profile of sRGB, which most cameras write."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _swapped_profile() -> bytes:
    """Return the profile of sRGB with its red and blue swapped: no viewer that obeys it shows the stored colours."""
    content = bytearray(_profile())
    red, blue = content.find(b"rXYZ"), content.find(b"bXYZ")
    content[red : red + 4], content[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(content)


def _mode(mode: str, form: str, **options: object) -> Encode:
    return lambda pixels: _saved(Image.fromarray(pixels).convert(mode), form, **options)


def _with_alpha(form: str, least: int, **options: object) -> Encode:
    """Return a way that lets a corner fade to `least` of 255, as cut-out pictures have it."""

    def encode(pixels: Pixels) -> bytes:
        height, width = pixels.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width]
        fades = 255 - (255 - least) * np.clip(1.5 - 3 * (rows / height + columns / width), 0, 1)
        return _saved(Image.fromarray(np.dstack([pixels, fades.astype(np.uint8)])), form, **options)

    return encode


def _png_16_bit(pixels: Pixels) -> bytes:
    """Return a grey PNG of 16 bits: Pillow writes no coloured one."""
    grey = np.asarray(Image.fromarray(pixels).convert("L")).astype(np.uint16) * 257
    return _saved(Image.fromarray(grey), "PNG")


def _changed(scale: float, quality: int, *, crop: float = 0.0, light: float = 1.0) -> Callable[[Image.Image], bytes]:
    """Return a way in which sites and people change a picture before it is posted again."""

    def change(picture: Image.Image) -> bytes:
        width, height = picture.size
        inner = picture.crop((int(width * crop), int(height * crop), int(width * (1 - crop)), int(height * (1 - crop))))
        small = inner.resize((max(int(width * scale), 96), max(int(height * scale), 96)), Image.Resampling.LANCZOS)
        return _saved(ImageEnhance.Brightness(small).enhance(light), "JPEG", quality=quality)

    return change


POSTED = "posted again"
_ON_DEVICE = "quality 85, 4:2:0"
CHANGES: dict[str, Callable[[Image.Image], bytes]] = {
    "quality 40": _changed(1, 40),
    "half as large": _changed(0.5, 75),
    "a quarter as large": _changed(0.25, 75),
    "lighter": _changed(1, 75, light=1.15),
    "1 % cut off each side": _changed(1, 85, crop=0.01),
    "smaller, lighter, 1 % cut off": _changed(0.6, 60, crop=0.01, light=1.1),
}
FORMS: dict[str, dict[str, Encode]] = {
    "jpeg": {
        "quality 95, 4:4:4": _jpeg(95, "4:4:4"),
        "quality 85, 4:2:0": _jpeg(85, "4:2:0"),
        "quality 75, 4:2:2": _jpeg(75, "4:2:2"),
        "quality 50, 4:2:0": _jpeg(50, "4:2:0"),
        "quality 20, 4:2:0": _jpeg(20, "4:2:0"),
        "quality 80, progressive": _jpeg(80, "4:2:0", progressive=True),
        "grey": _mode("L", "JPEG", quality=85),
    },
    "jpeg with a profile": {
        "of sRGB": lambda pixels: _jpeg(85, "4:2:0", icc_profile=_profile())(pixels),
        "of other colours": lambda pixels: _jpeg(85, "4:2:0", icc_profile=_swapped_profile())(pixels),
    },
    "jpeg, cmyk": {"quality 85": _mode("CMYK", "JPEG", quality=85)},
    "jpeg, a note to turn it": {str(number): _turned(number) for number in range(1, 9)},
    "png": {
        "colours": _mode("RGB", "PNG", compress_level=1),
        "grey": _mode("L", "PNG", compress_level=1),
        "256 colours": _mode("P", "PNG", compress_level=1),
        "grey, 16 bits": _png_16_bit,
        "with a profile": lambda pixels: _mode("RGB", "PNG", compress_level=1, icc_profile=_swapped_profile())(pixels),
    },
    "webp": {
        "quality 80": _mode("RGB", "WEBP", quality=80, method=0),
        "quality 40": _mode("RGB", "WEBP", quality=40, method=0),
        "lossless": _mode("RGB", "WEBP", lossless=True, method=0, quality=0),
    },
    "fading to half": {
        "png": _with_alpha("PNG", 128, compress_level=1),
        "webp": _with_alpha("WEBP", 128, quality=80, method=0),
    },
    "fading to nothing": {
        "png": _with_alpha("PNG", 0, compress_level=1),
        "webp": _with_alpha("WEBP", 0, quality=80, method=0, exact=True),
    },
}
