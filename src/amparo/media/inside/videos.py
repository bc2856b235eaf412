"""Opens videos by PyAV: the key frames, or on demand every frame, of the first video track, as grey luma.

Only two containers and the codecs of the open web, each named before anything is decoded. The luma plane is taken as
it is coded, without a conversion of colours, which is what perceptual hashes of videos are made of.
"""

import importlib
import io
import pkgutil
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from amparo.media.inside.answer import Answer, Stop
from amparo.media.wire import Depth, Format, Header, Job, Kind, Reason

CONTAINERS = {Format.MP4: "mov", Format.MATROSKA: "matroska"}
_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "h263"})
# Their first plane is 8-bit luma for every pixel, and nothing else.
_LUMA_FIRST = frozenset(
    {"yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p"}
    | {"yuva420p", "yuva422p", "yuva444p", "nv12", "nv21", "gray"}
)
_ORIENTATIONS = {0: 1, -90: 6, 270: 6, 180: 3, -180: 3, 90: 8, -270: 8}
_LOOKED_AT_FOR_EACH_SHOWN = 256


def load() -> None:
    """Load every part of PyAV, which otherwise loads some at the first file that needs them, and have it be silent."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    av.logging.set_level(None)


def decode(raw: io.FileIO, form: Format, job: Job, out: Answer) -> None:
    """Write the frames of the video that are asked for. Raises Stop."""
    try:
        # The codec is opened only after its name was looked at. No option lets a file name another file.
        with av.open(raw, "r", format=CONTAINERS[form], metadata_errors="ignore") as container:
            stream = _video_of(container)
            _prepare(stream, job)
            _write(container, stream, form, job, out)
    except (Stop, MemoryError):
        raise
    except av.FFmpegError as error:
        raise Stop(Reason.TOO_MUCH_MEMORY if error.errno == 12 else Reason.DAMAGED) from error
    except Exception as error:
        raise Stop(Reason.DAMAGED) from error


def _video_of(container: InputContainer) -> VideoStream:
    """Return the first track of moving pictures. A cover picture in the file is a track as well, but moves never."""
    if not container.streams.video:
        raise Stop(Reason.NO_PICTURE)
    stream = container.streams.video[0]
    if stream.codec_context is None or stream.codec.canonical_name not in _CODECS:
        raise Stop(Reason.NO_PICTURE)
    return stream


def _prepare(stream: VideoStream, job: Job) -> None:
    context = stream.codec_context
    if context.width * context.height > job.limits.pixels:
        raise Stop(Reason.TOO_MANY_PIXELS)
    context.options = {"max_pixels": str(job.limits.pixels)}
    context.thread_type, context.thread_count = "NONE", 1
    if job.depth is Depth.KEY_FRAMES:
        context.skip_frame = "NONKEY"


def _write(container: InputContainer, stream: VideoStream, form: Format, job: Job, out: Answer) -> None:
    due_us, at_us, has_header = -(2**62), 0, False
    for index, frame in enumerate(_decoded(container, stream)):
        if index >= job.limits.frames * _LOOKED_AT_FOR_EACH_SHOWN:
            raise Stop(Reason.TOO_MANY_FRAMES)
        if frame.width * frame.height > job.limits.pixels:
            raise Stop(Reason.TOO_MANY_PIXELS)
        if not has_header:
            out.header(_header(container, stream, frame, form))
            has_header = True
        at_us = int(frame.time * 1_000_000) if frame.time is not None else at_us
        if at_us >= due_us:
            _luma(frame, at_us, out)
            due_us = at_us + job.apart_ms * 1000
    if not has_header:
        raise Stop(Reason.NO_PICTURE)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield the frames as they come. A damaged stretch is passed over, as players do; a file of nothing else is not."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            continue


def _header(container: InputContainer, stream: VideoStream, frame: VideoFrame, form: Format) -> Header:
    return Header(
        kind=Kind.VIDEO,
        format=form,
        width=frame.width,
        height=frame.height,
        orientation=_ORIENTATIONS.get(frame.rotation, 1),
        frames=max(min(stream.frames, 2**32 - 1), 0),
        duration_ms=max((container.duration or 0) // 1000, 0),
    )


def _luma(frame: VideoFrame, at_us: int, out: Answer) -> None:
    if frame.format.name not in _LUMA_FIRST:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    out.frame([plane], at_us=at_us, width=frame.width, height=frame.height, stride=plane.line_size, channels=1)
