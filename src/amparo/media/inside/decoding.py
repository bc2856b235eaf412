"""Opens one file: takes it for what its first bytes say, and gives it to the decoder for pictures or for videos."""

import io
import os

from amparo.media.inside import pictures, videos
from amparo.media.inside.answer import Answer, Stop
from amparo.media.wire import Format, Job, Reason

_FIRST_BYTES = 64
_AVIF_BRANDS, _HEIC_BRANDS = (b"avif", b"avis"), (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def load_decoders() -> None:
    """Load everything that is needed to open any file; afterwards no code is loaded any more."""
    pictures.load()
    videos.load()


def decode(job: Job, file: int, answer: int) -> None:
    """Write what the file holds to `answer`, to its end or to the reason why not."""
    out = Answer(answer, job.limits.frames)
    try:
        _decode(job, file, out)
    except Stop as stop:
        out.refuse(stop.reason)
    except MemoryError:
        out.refuse(Reason.TOO_MUCH_MEMORY)
    else:
        out.end()


def _decode(job: Job, file: int, out: Answer) -> None:
    if os.fstat(file).st_size > job.limits.file_bytes:
        raise Stop(Reason.TOO_MANY_BYTES)
    form = format_of(os.pread(file, _FIRST_BYTES, 0))
    if form is None:
        raise Stop(Reason.UNKNOWN_FORMAT)
    with io.FileIO(file, "rb", closefd=False) as raw:
        raw.seek(0)
        if form in videos.CONTAINERS:
            videos.decode(raw, form, job, out)
        else:
            pictures.decode(raw, form, job, out)


def format_of(first: bytes) -> Format | None:
    """Return what a file with these first bytes is, or None for what is not opened here."""
    if first.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if first.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if first.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if first.startswith(b"RIFF") and first[8:12] == b"WEBP":
        return Format.WEBP
    if first.startswith(b"BM"):
        return Format.BMP
    if first.startswith(b"\x1a\x45\xdf\xa3"):
        return Format.MATROSKA
    if first[4:8] == b"ftyp":
        return _of_brand(first)
    return None


def _of_brand(first: bytes) -> Format | None:
    """AVIF, HEIC and MP4 share one container and differ in the brands it names first."""
    brands = {first[8:12], *(first[start : start + 4] for start in range(16, min(len(first), _box(first)), 4))}
    if brands & set(_AVIF_BRANDS):
        return Format.AVIF
    return None if first[8:12] in _HEIC_BRANDS else Format.MP4


def _box(first: bytes) -> int:
    return int.from_bytes(first[:4], "big")
