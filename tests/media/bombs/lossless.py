"""Pictures that keep every pixel: PNG, GIF, BMP."""

import struct

import numpy as np

from tests.media.bombs.fate import DAMAGED, FRAMES, LONG, MEMORY, OPENED, PIXELS, Bombs, becoming
from tests.media.boxes import (
    PNG_START,
    bmp,
    gif,
    gif_frame,
    png,
    png_chunk,
    png_size,
    zeros,
)
from tests.media.drawn import animation, encoded, pattern

BOMBS: Bombs = {}
becomes = becoming(BOMBS)


# PNG


@becomes(PIXELS)
def png_of_30000_by_30000() -> bytes:
    return png(30_000, 30_000, png_chunk(b"IDAT", zeros(1024**3)[:900_000]))


@becomes(PIXELS)
def png_of_the_largest_size() -> bytes:
    return png(2**31 - 1, 2**31 - 1, png_chunk(b"IDAT", zeros(1000)))


@becomes(DAMAGED)
def png_without_a_height() -> bytes:
    return png(1000, 0, png_chunk(b"IDAT", zeros(1000)))


@becomes(OPENED, DAMAGED)
def png_that_unpacks_to_a_gigabyte() -> bytes:
    return png(100, 100, png_chunk(b"IDAT", zeros(1024**3)))


@becomes(OPENED, DAMAGED)
def png_with_a_text_that_unpacks_to_a_gigabyte() -> bytes:
    return png(10, 10, png_chunk(b"zTXt", b"Comment\0\0" + zeros(1024**3)), png_chunk(b"IDAT", zeros(310)))


@becomes(OPENED, DAMAGED)
def png_with_a_translated_text_that_unpacks_to_a_gigabyte() -> bytes:
    text = b"Comment\0\1\0en\0Comment\0" + zeros(1024**3)
    return png(10, 10, png_chunk(b"iTXt", text), png_chunk(b"IDAT", zeros(310)))


@becomes(OPENED, DAMAGED)
def png_with_a_colour_profile_that_unpacks_to_a_gigabyte() -> bytes:
    return png(10, 10, png_chunk(b"iCCP", b"name\0\0" + zeros(1024**3)), png_chunk(b"IDAT", zeros(310)))


@becomes(DAMAGED)
def png_cut_in_half() -> bytes:
    whole = encoded(pattern(), "PNG")
    return whole[: len(whole) // 2]


@becomes(DAMAGED)
def png_cut_in_its_first_chunk() -> bytes:
    return PNG_START + png_size(10, 10)[:12]


@becomes(DAMAGED)
def png_with_a_wrong_checksum() -> bytes:
    whole = bytearray(encoded(pattern(), "PNG"))
    whole[29] ^= 0xFF
    return bytes(whole)


@becomes(DAMAGED, MEMORY)
def png_whose_chunk_claims_two_gigabytes() -> bytes:
    return PNG_START + png_size(10, 10) + struct.pack(">I", 2**31 - 1) + b"IDAT" + bytes(100)


@becomes(OPENED, LONG, DAMAGED)
def png_of_half_a_million_chunks() -> bytes:
    return png(10, 10, png_chunk(b"tEXt", b"a\0b") * 500_000, png_chunk(b"IDAT", zeros(310)))


@becomes(OPENED, DAMAGED, FRAMES)
def animated_png_that_claims_a_million_frames() -> bytes:
    control = png_chunk(b"acTL", struct.pack(">II", 1_000_000, 0))
    frame = png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 10, 10, 0, 0, 1, 10, 0, 0))
    return png(10, 10, control, frame, png_chunk(b"IDAT", zeros(310)))


@becomes(FRAMES)
def animated_png_of_twenty_thousand_frames() -> bytes:
    count, pixels = 20_000, zeros(4)
    parts = [png_chunk(b"acTL", struct.pack(">II", count, 0))]
    for number in range(count):
        order = max(number * 2 - 1, 0)
        parts.append(png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", order, 1, 1, 0, 0, 1, 1, 0, 0)))
        parts.append(
            png_chunk(b"fdAT", struct.pack(">I", order + 1) + pixels) if number else png_chunk(b"IDAT", pixels)
        )
    return png(1, 1, *parts)


@becomes(DAMAGED, OPENED)
def animated_png_with_a_frame_beyond_its_edge() -> bytes:
    whole = animation("PNG", frames=3)
    place = whole.index(b"fcTL", whole.index(b"fcTL") + 4)
    wrong = b"fcTL" + whole[place + 4 : place + 8] + struct.pack(">IIII", 320, 240, 4_000_000, 4_000_000)
    wrong += whole[place + 24 : place + 30]
    return whole[: place - 4] + png_chunk(wrong[:4], wrong[4:]) + whole[place + 34 :]


@becomes(OPENED, LONG)
def png_of_sixteen_bits_of_a_hundred_megapixels() -> bytes:
    rows = zeros(10_000 * 60_001)
    return PNG_START + png_size(10_000, 9_999, 16) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND")


# GIF


@becomes(PIXELS)
def gif_of_65535_by_65535() -> bytes:
    return gif(65_535, 65_535, [gif_frame()])


@becomes(FRAMES, LONG)
def gif_of_a_million_frames() -> bytes:
    return gif(1, 1, [gif_frame() * 1_000_000])


@becomes(LONG, FRAMES)
def gif_of_thousands_of_frames_on_a_large_canvas() -> bytes:
    return gif(9_000, 9_000, [gif_frame() * 5_000])


@becomes(DAMAGED)
def gif_cut_in_its_pixels() -> bytes:
    whole = encoded(pattern(), "GIF")
    return whole[: len(whole) // 2]


@becomes(OPENED, PIXELS)
def gif_with_a_frame_beyond_its_edge() -> bytes:
    return gif(10, 10, [gif_frame(), gif_frame(left=60_000, top=60_000, width=5_000, height=5_000)])


@becomes(DAMAGED, OPENED)
def gif_whose_comment_has_no_end() -> bytes:
    return gif(10, 10, [b"!\xfe" + (b"\xff" + b"x" * 255) * 40_000], end=b"")


@becomes(DAMAGED, OPENED)
def gif_of_noise_for_pixels() -> bytes:
    noise = np.random.default_rng(2).bytes(255)
    return gif(1000, 1000, [gif_frame(width=1000, height=1000, pixels=b"\x08" + (b"\xff" + noise) * 100 + b"\0")])


# BMP


@becomes(PIXELS, DAMAGED)
def bmp_of_the_largest_size() -> bytes:
    return bmp(2**31 - 1, -(2**31) + 1)


@becomes(DAMAGED, OPENED)
def bmp_that_unpacks_to_ninety_megapixels() -> bytes:
    return bmp(9_500, 9_500, bits=8, packing=1, pixels=b"\xff\0" * 300_000 + b"\0\1")


@becomes(DAMAGED)
def bmp_cut_in_half() -> bytes:
    whole = encoded(pattern(), "BMP")
    return whole[: len(whole) // 2]
