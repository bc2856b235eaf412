"""Honest files of every kind that is opened, each made when it is first asked for."""

from collections.abc import Callable
from functools import cache

from amparo.media.wire import Format
from tests.media.drawn import encoded, pattern, video

Made = Callable[[], bytes]

PICTURES: dict[str, tuple[Format, Made]] = {
    "jpeg": (Format.JPEG, lambda: encoded(pattern(641, 479), "JPEG", quality=90)),
    "jpeg-progressive-444": (Format.JPEG, lambda: encoded(pattern(), "JPEG", progressive=True, subsampling=0)),
    "jpeg-grey": (Format.JPEG, lambda: encoded(pattern().convert("L"), "JPEG")),
    "jpeg-cmyk": (Format.JPEG, lambda: encoded(pattern().convert("CMYK"), "JPEG")),
    "png": (Format.PNG, lambda: encoded(pattern(33, 7), "PNG")),
    "png-palette": (Format.PNG, lambda: encoded(pattern().convert("P"), "PNG")),
    "png-transparent": (Format.PNG, lambda: encoded(pattern().convert("RGBA"), "PNG")),
    "png-grey": (Format.PNG, lambda: encoded(pattern().convert("L"), "PNG")),
    "png-black-and-white": (Format.PNG, lambda: encoded(pattern().convert("1"), "PNG")),
    "png-one-pixel": (Format.PNG, lambda: encoded(pattern(1, 1), "PNG")),
    "png-in-several-strips": (Format.PNG, lambda: encoded(pattern(2100, 2100), "PNG", compress_level=1)),
    "gif": (Format.GIF, lambda: encoded(pattern(), "GIF")),
    "webp": (Format.WEBP, lambda: encoded(pattern(), "WEBP")),
    "webp-lossless-transparent": (Format.WEBP, lambda: encoded(pattern().convert("RGBA"), "WEBP", lossless=True)),
    "avif": (Format.AVIF, lambda: encoded(pattern(), "AVIF", speed=10)),
    "bmp": (Format.BMP, lambda: encoded(pattern(), "BMP")),
}
VIDEOS: dict[str, tuple[Format, Made]] = {
    "h264-mp4": (Format.MP4, lambda: video("libx264", "mp4")),
    "h264-mov": (Format.MP4, lambda: video("libx264", "mov")),
    "h264-3gp": (Format.MP4, lambda: video("libx264", "3gp")),
    "h264-mkv-444": (Format.MATROSKA, lambda: video("libx264", "matroska", pix_fmt="yuv444p")),
    "h265-mp4": (Format.MP4, lambda: video("libx265", "mp4")),
    "h265-ten-bits": (Format.MP4, lambda: video("libx265", "mp4", pix_fmt="yuv420p10le")),
    "vp8-webm": (Format.MATROSKA, lambda: video("libvpx", "webm")),
    "vp9-webm": (Format.MATROSKA, lambda: video("libvpx-vp9", "webm")),
    "av1-mp4": (Format.MP4, lambda: video("libsvtav1", "mp4")),
    "mpeg4-mp4": (Format.MP4, lambda: video("mpeg4", "mp4")),
    "odd-size": (Format.MP4, lambda: video("libx264", "mp4", size=(182, 98))),
}


@cache
def honest(name: str) -> bytes:
    """Return the bytes of the file of that name."""
    _, make = {**PICTURES, **VIDEOS}[name]
    return make()
