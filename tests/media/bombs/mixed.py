"""What is two things at once, or something else altogether."""

import gzip
import io
import zipfile

import numpy as np

from tests.media.bombs.fate import DAMAGED, NOTHING, OPENED, UNKNOWN, Bombs, becoming
from tests.media.boxes import (
    FTYP,
    box,
    gif,
    gif_frame,
    jpeg_segment,
)
from tests.media.drawn import encoded, pattern, video

BOMBS: Bombs = {}
becomes = becoming(BOMBS)


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
