"""Files that are made to wear out, confuse or take over whoever opens them, each with what is to become of it.

They are generated here, harmless in themselves, and small: what they ask for is large. A file that is two things at
once is opened as the picture that it is, since every browser shows that picture; the other half is never looked at.
"""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from PIL import Image

from amparo.media.wire import Reason
from tests.media.boxes import (
    AVIF_FTYP,
    FTYP,
    PNG_START,
    bmp,
    box,
    gif,
    gif_frame,
    jpeg_segment,
    png,
    png_chunk,
    png_size,
    riff,
    riff_chunk,
    zeros,
)
from tests.media.drawn import animation, encoded, pattern, video

OPENED = None
"""It is opened as the picture that it is."""

PIXELS, DAMAGED, UNKNOWN = Reason.TOO_MANY_PIXELS, Reason.DAMAGED, Reason.UNKNOWN_FORMAT
NOTHING, FRAMES, LONG, MEMORY = Reason.NO_PICTURE, Reason.TOO_MANY_FRAMES, Reason.TOO_LONG, Reason.TOO_MUCH_MEMORY

BOMBS: dict[str, tuple[Callable[[], bytes], set[Reason | None]]] = {}
Made = Callable[[], bytes]


def becomes(*reasons: Reason | None) -> Callable[[Made], Made]:
    def keep(make: Made) -> Made:
        BOMBS[make.__name__] = (make, set(reasons))
        return make

    return keep


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


# MP4 and Matroska


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


# What is two things at once, or something else altogether


def _zip(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", content)
    return file.getvalue()


@becomes(OPENED)
def gif_that_is_a_zip_as_well() -> bytes:
    return encoded(pattern(), "GIF") + _zip(b"x" * 1000)


@becomes(OPENED)
def jpeg_that_is_a_zip_as_well() -> bytes:
    return encoded(pattern(), "JPEG") + _zip(b"x" * 1000)


@becomes(OPENED)
def png_that_is_a_page_as_well() -> bytes:
    return encoded(pattern(), "PNG") + b"<html><script>alert(1)</script></html>"


@becomes(OPENED)
def jpeg_that_is_a_pdf_as_well() -> bytes:
    whole = encoded(pattern(), "JPEG")
    return whole[:2] + jpeg_segment(0xFE, b"%PDF-1.7\n1 0 obj\n<< /Length 10 >>\nstream\n") + whole[2:] + b"%%EOF"


@becomes(OPENED)
def jpeg_that_is_a_page_as_well() -> bytes:
    whole = encoded(pattern(), "JPEG")
    return whole[:2] + jpeg_segment(0xFE, b"<html><body><script>alert(1)</script>") + whole[2:]


@becomes(OPENED)
def gif_that_is_a_script_as_well() -> bytes:
    return gif(10, 10, [b"!\xfe\x07*/=1;/*\0", gif_frame()])


@becomes(DAMAGED)
def png_in_the_clothes_of_a_jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0" + encoded(pattern(), "PNG")


@becomes(DAMAGED, NOTHING)
def jpeg_in_the_clothes_of_an_mp4() -> bytes:
    return FTYP + encoded(pattern(), "JPEG")


@becomes(UNKNOWN)
def zip_of_zips() -> bytes:
    inner = _zip(bytes(10_000_000))
    for _ in range(4):
        inner = _zip(inner * 16)
    return inner


@becomes(UNKNOWN)
def gzip_of_a_gigabyte() -> bytes:
    return gzip.compress(bytes(100_000_000))


@becomes(UNKNOWN)
def svg_that_grows_a_billion_times() -> bytes:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">{names}]><svg>&a9;</svg>'.encode()


@becomes(UNKNOWN)
def page() -> bytes:
    return b"<!doctype html><script>alert(1)</script>"


@becomes(UNKNOWN)
def playlist_of_other_files() -> bytes:
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@becomes(UNKNOWN)
def list_of_files_to_join() -> bytes:
    return b"ffconcat version 1.0\nfile /etc/passwd\n"


@becomes(UNKNOWN)
def postscript() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (w) file\n"


@becomes(UNKNOWN)
def tiff() -> bytes:
    return encoded(pattern(), "TIFF")


@becomes(UNKNOWN)
def icon() -> bytes:
    return encoded(pattern(64, 64), "ICO")


@becomes(UNKNOWN)
def avi() -> bytes:
    return video("mpeg4", "avi", seconds=1)


@becomes(UNKNOWN)
def heic() -> bytes:
    return box(b"ftyp", b"heic", bytes(4), b"heicmif1") + bytes(1000)


@becomes(UNKNOWN)
def nothing() -> bytes:
    return b""


@becomes(UNKNOWN)
def noise() -> bytes:
    return np.random.default_rng(7).bytes(100_000)
