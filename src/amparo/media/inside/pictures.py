"""Opens pictures: JPEG by simplejpeg, all else by Pillow, each only as the one format that its first bytes say.

The size is checked before a pixel is decoded. Pixels are RGB, not turned and not scaled; transparency is left out, so
that what hides behind it is seen.
"""

import importlib
import io
import mmap
import os
from collections.abc import Iterator

import simplejpeg
from PIL import AvifImagePlugin, Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from amparo.media.inside.answer import Answer, Stop
from amparo.media.wire import Depth, Format, Header, Job, Kind, Limits, Reason

# Not by Image.open: it would take a file with a second picture in it for a format of its own, and load more plug-ins.
_OPENS: dict[Format, type[ImageFile]] = {
    Format.JPEG: JpegImageFile,
    Format.PNG: PngImageFile,
    Format.GIF: GifImageFile,
    Format.WEBP: WebPImageFile,
    Format.AVIF: AvifImageFile,
    Format.BMP: BmpImageFile,
}
_ORIENTATION = 0x0112
# Few enough that the same memory is used again for each: in a fresh process new memory costs more than copying.
_STRIP_BYTES = 256 * 1024
_ALPHA_MODES = ("RGBA", "LA", "PA", "La", "RGBa")
# Browsers show a frame that says 0 or 10 ms for 100 ms.
_SHORTEST_MS, _INSTEAD_MS = 10.0, 100.0
# Frames that are decoded only because later ones build on them count, too.
_LOOKED_AT_FOR_EACH_SHOWN = 16


# What Pillow otherwise loads at the first file that needs it, such as one with Exif.
_LOADED_LATE = ("ExifTags", "ImageChops", "ImageMode", "ImageOps", "ImagePalette", "ImageSequence", "TiffImagePlugin")


def load() -> None:
    """Load what Pillow loads late, and have it start no thread."""
    for name in _LOADED_LATE:
        importlib.import_module(f"PIL.{name}")
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def decode(raw: io.FileIO, form: Format, job: Job, out: Answer) -> None:
    """Write the picture, or the frames of an animation as far apart as is asked. Raises Stop."""
    # Pillow refuses at twice this, also where a format's decoder allocates before we can ask for the size.
    Image.MAX_IMAGE_PIXELS = job.limits.pixels // 2
    try:
        with _OPENS[form](raw) as picture:
            _check_size(picture, job.limits)
            moves = form is not Format.JPEG and bool(getattr(picture, "is_animated", False))
            out.header(_header(picture, form, moves))
            if moves:
                _frames(picture, job, out)
            elif form is not Format.JPEG or picture.mode not in ("RGB", "L") or not _jpeg(raw, out):
                _rgb(picture, 0, out)
    except (Stop, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise Stop(Reason.TOO_MANY_PIXELS) from error
    except Exception as error:
        # Each format raises what it likes over a damaged file; the kind of it says nothing that we could use.
        raise Stop(Reason.DAMAGED) from error


def _check_size(picture: Image.Image, limits: Limits) -> None:
    width, height = picture.size
    if width * height > limits.pixels:
        raise Stop(Reason.TOO_MANY_PIXELS)
    if width * height == 0:
        raise Stop(Reason.DAMAGED)


def _header(picture: ImageFile, form: Format, moves: bool) -> Header:
    return Header(
        kind=Kind.ANIMATION if moves else Kind.PICTURE,
        format=form,
        width=picture.width,
        height=picture.height,
        orientation=_orientation(picture),
        has_alpha=picture.mode in _ALPHA_MODES or "transparency" in picture.info,
    )


def _orientation(picture: ImageFile) -> int:
    """Return how the pixels are to be turned, 1 (not at all) where the file says nothing or nonsense."""
    try:
        told = picture.getexif().get(_ORIENTATION)
    except MemoryError:
        raise
    except Exception:
        # Exif is a format of its own and often broken; a broken one keeps no picture from being shown.
        return 1
    return told if isinstance(told, int) and 1 <= told <= 8 else 1


def _jpeg(raw: io.FileIO, out: Answer) -> bool:
    """Write a JPEG that is whole. False, and nothing written, for one with faults: Pillow tells which ones are bad."""
    size = os.fstat(raw.fileno()).st_size
    with mmap.mmap(raw.fileno(), size, prot=mmap.PROT_READ) as mapped:
        try:
            pixels = simplejpeg.decode_jpeg(mapped, colorspace="RGB")
        except ValueError:
            return False
        height, width, _ = pixels.shape
        out.frame([pixels.data], at_us=0, width=width, height=height, stride=width * 3, channels=3)
    return True


def _frames(picture: ImageFile, job: Job, out: Answer) -> None:
    """Write frames at least `apart_ms` apart, or all of them where a full decode is asked for."""
    apart = 0 if job.depth is Depth.FULL else job.apart_ms
    at_ms, due_ms = 0.0, 0.0
    for index in range(job.limits.frames * _LOOKED_AT_FOR_EACH_SHOWN):
        try:
            picture.seek(index)
        except EOFError:
            return
        _check_size(picture, job.limits)
        if at_ms >= due_ms:
            _rgb(picture, int(at_ms * 1000), out)
            due_ms = at_ms + apart
        else:
            picture.load()
        lasts = float(picture.info.get("duration") or 0)
        at_ms += lasts if lasts > _SHORTEST_MS else _INSTEAD_MS
    raise Stop(Reason.TOO_MANY_FRAMES)


def _rgb(picture: Image.Image, at_us: int, out: Answer) -> None:
    picture.load()
    width, height = picture.size
    out.frame(_strips(picture), at_us=at_us, width=width, height=height, stride=width * 3, channels=3)


def _strips(picture: Image.Image) -> Iterator[bytes]:
    """Yield the picture's RGB, some rows at a time: a second and third copy of the whole would cost hundreds of MB."""
    rows = max(_STRIP_BYTES // (picture.width * 3), 1)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        if strip.mode == "I;16":
            # Pillow would cut every value off at 255 and make a white picture; everybody is shown the upper byte.
            strip = Image.frombytes("L", strip.size, strip.tobytes()[1::2])
        yield (strip if strip.mode == "RGB" else strip.convert("RGB")).tobytes()
