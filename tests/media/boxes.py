"""The pieces that formats are made of, for files that are made wrong on purpose."""

import struct
import zlib
from collections.abc import Iterable
from functools import cache

PNG_START = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_size(width: int, height: int, depth: int = 8) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    return PNG_START + png_size(width, height) + b"".join(chunks) + png_chunk(b"IEND")


@cache
def zeros(size_bytes: int) -> bytes:
    """Return as many zeros, packed: a thousandth of their size."""
    packer = zlib.compressobj(9)
    piece = bytes(1024**2)
    packed = [packer.compress(piece) for _ in range(size_bytes // len(piece))]
    return b"".join([*packed, packer.compress(piece[: size_bytes % len(piece)]), packer.flush()])


def gif(width: int, height: int, frames: Iterable[bytes], end: bytes = b";") -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b"".join(frames) + end


def gif_frame(left: int = 0, top: int = 0, width: int = 1, height: int = 1, pixels: bytes = b"\2\2\x4c\1\0") -> bytes:
    return b"!\xf9\4\0\5\0\0\0," + struct.pack("<HHHHB", left, top, width, height, 0) + pixels


def riff(kind: bytes, *chunks: bytes, size: int | None = None) -> bytes:
    content = kind + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(content) if size is None else size) + content


def riff_chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def box(kind: bytes, *content: bytes, size: int | None = None) -> bytes:
    """Return a box as MP4, AVIF and HEIC are made of."""
    whole = b"".join(content)
    return struct.pack(">I", len(whole) + 8 if size is None else size) + kind + whole


FTYP = box(b"ftyp", b"isom", b"\0\0\2\0", b"isomiso2avc1mp41")
AVIF_FTYP = box(b"ftyp", b"avif", b"\0\0\0\0", b"avifmif1miaf")


def bmp(width: int, height: int, bits: int = 24, packing: int = 0, pixels: bytes = b"") -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(pixels), 1, 1, 0, 0)
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(pixels), 0, 0, 14 + len(head)) + head + pixels


def jpeg_segment(mark: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(content) + 2) + content
