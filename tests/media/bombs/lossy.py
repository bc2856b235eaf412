"""Pictures that do not keep every pixel: JPEG, WebP, AVIF."""

import struct

import numpy as np
from PIL import Image

from tests.media.bombs.fate import DAMAGED, FRAMES, LONG, OPENED, PIXELS, Bombs, becoming
from tests.media.boxes import (
    AVIF_FTYP,
    box,
    jpeg_segment,
    riff,
    riff_chunk,
)
from tests.media.drawn import encoded, pattern

BOMBS: Bombs = {}
becomes = becoming(BOMBS)


# JPEG


def _jpeg_with_size(width: int, height: int, mark: bytes = b"\xff\xc0") -> bytes:
    whole = bytearray(encoded(pattern(), "JPEG"))
    place = whole.index(mark) + 5
    whole[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(whole)


@becomes(PIXELS)
def jpeg_of_65500_by_65500() -> bytes:
    return _jpeg_with_size(65_500, 65_500)


@becomes(DAMAGED, OPENED)
def jpeg_that_claims_a_hundred_megapixels() -> bytes:
    return _jpeg_with_size(10_000, 9_900)


@becomes(DAMAGED)
def jpeg_without_a_height() -> bytes:
    return _jpeg_with_size(320, 0)


@becomes(DAMAGED)
def jpeg_cut_in_half() -> bytes:
    whole = encoded(pattern(), "JPEG")
    return whole[: len(whole) // 2]


@becomes(DAMAGED)
def jpeg_of_three_bytes() -> bytes:
    return b"\xff\xd8\xff"


@becomes(LONG, DAMAGED)
def progressive_jpeg_of_a_hundred_thousand_scans() -> bytes:
    picture = Image.new("L", (6_000, 6_000))
    whole = encoded(picture, "JPEG", progressive=True)
    start = whole.rindex(b"\xff\xda")
    return whole[:start] + whole[start:-2] * 2_000 + whole[-2:]


@becomes(OPENED, DAMAGED)
def jpeg_whose_exif_points_at_itself() -> bytes:
    loop = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    return encoded(pattern(), "JPEG", exif=b"Exif\0\0" + loop)


@becomes(OPENED, DAMAGED)
def jpeg_whose_exif_claims_four_gigabytes() -> bytes:
    entry = struct.pack("<HHII", 0x0112, 3, 2**32 - 1, 26)
    return encoded(pattern(), "JPEG", exif=b"Exif\0\0" + b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + bytes(4))


@becomes(OPENED, DAMAGED)
def jpeg_that_claims_a_million_further_pictures() -> bytes:
    whole = encoded(pattern(), "JPEG")
    index = b"MPF\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + struct.pack("<HHII", 0xB001, 4, 1, 1_000_000)
    index += struct.pack("<HHII", 0xB002, 7, 16_000_000, 50) + bytes(20)
    return whole[:2] + jpeg_segment(0xE2, index) + whole[2:]


@becomes(OPENED, DAMAGED)
def jpeg_of_noise_for_pixels() -> bytes:
    whole = encoded(pattern(), "JPEG")
    start = whole.index(b"\xff\xda") + 20
    return whole[:start] + np.random.default_rng(5).bytes(20_000).replace(b"\xff", b"\0") + b"\xff\xd9"


# WebP


def _webp_size(width: int, height: int, flags: int = 0) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sizes)


@becomes(PIXELS)
def webp_of_the_largest_canvas() -> bytes:
    return riff(b"WEBP", _webp_size(2**24, 2**8))


@becomes(PIXELS)
def webp_of_16383_by_16383() -> bytes:
    pixel = bytearray(_lossless_pixel())
    pixel[1:5] = (16_382 | 16_382 << 14).to_bytes(4, "little")
    return riff(b"WEBP", riff_chunk(b"VP8L", bytes(pixel)))


@becomes(FRAMES, LONG)
def webp_of_twenty_thousand_frames() -> bytes:
    one = riff_chunk(b"VP8L", _lossless_pixel())
    frame = riff_chunk(b"ANMF", bytes(12) + (20).to_bytes(3, "little") + b"\2" + one)
    return riff(b"WEBP", _webp_size(1, 1, flags=2), riff_chunk(b"ANIM", bytes(6)), frame * 100_000)


def _lossless_pixel() -> bytes:
    whole = encoded(Image.new("RGB", (1, 1)), "WEBP", lossless=True)
    start = whole.index(b"VP8L")
    return whole[start + 8 : start + 8 + int.from_bytes(whole[start + 4 : start + 8], "little")]


@becomes(DAMAGED)
def webp_cut_in_half() -> bytes:
    whole = encoded(pattern(), "WEBP")
    return whole[: len(whole) // 2]


@becomes(DAMAGED, OPENED)
def webp_that_claims_four_gigabytes() -> bytes:
    whole = encoded(pattern(), "WEBP")
    return whole[:4] + b"\xfe\xff\xff\xff" + whole[8:]


@becomes(DAMAGED)
def webp_of_noise() -> bytes:
    return riff(b"WEBP", riff_chunk(b"VP8L", b"\x2f" + np.random.default_rng(3).bytes(2000)))


# AVIF


@becomes(DAMAGED)
def avif_cut_in_half() -> bytes:
    whole = encoded(pattern(), "AVIF", speed=10)
    return whole[: len(whole) // 2]


@becomes(PIXELS, DAMAGED)
def avif_that_claims_to_be_giant() -> bytes:
    whole = bytearray(encoded(pattern(), "AVIF", speed=10))
    place = whole.index(b"ispe") + 8
    whole[place : place + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(whole)


@becomes(DAMAGED)
def avif_of_noise() -> bytes:
    return AVIF_FTYP + np.random.default_rng(4).bytes(5000)


@becomes(DAMAGED)
def avif_whose_pixels_are_beyond_its_end() -> bytes:
    whole = bytearray(encoded(pattern(), "AVIF", speed=10))
    place = whole.index(b"iloc")
    whole[place + 12 : place + 30] = b"\x7f" * 18
    return bytes(whole)


@becomes(DAMAGED)
def avif_of_a_hundred_thousand_boxes_in_boxes() -> bytes:
    inner = b""
    for _ in range(2_000):
        inner = box(b"meta", bytes(4), inner)
    return AVIF_FTYP + inner
