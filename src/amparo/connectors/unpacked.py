"""The body of an answer in small pieces, so that whoever counts them stops in time.

httpx unpacks whatever came at once, and one packing inside another: some kilobytes become gigabytes before the first
byte is counted. Here one gzip is unpacked, a little at a time, and any other packing is no answer.
"""

import zlib
from collections.abc import Iterator

import httpx

ACCEPTED = "gzip"
"""For `Accept-Encoding`: what is understood here."""
_PIECE_BYTES = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def pieces(answer: httpx.Response) -> Iterator[bytes]:
    """Yield the body. Raises httpx.DecodingError for one that is packed otherwise, or damaged."""
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from answer.iter_raw(_PIECE_BYTES)
        return
    if coding not in ("gzip", "x-gzip"):
        raise httpx.DecodingError("the answer is packed in a way that was not asked for")
    unpacking = zlib.decompressobj(_GZIP)
    try:
        for raw in answer.iter_raw(_PIECE_BYTES):
            packed = raw
            while packed and not unpacking.eof:
                yield unpacking.decompress(packed, _PIECE_BYTES)
                packed = unpacking.unconsumed_tail
    except zlib.error:
        raise httpx.DecodingError("the answer is damaged") from None
    yield unpacking.flush()
