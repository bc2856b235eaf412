"""What a bank keeps of a file, or of the signals that somebody else made of one: its columns, in their normal form."""

from collections.abc import Mapping
from typing import Any

from amparo.matching.fingerprint import Fingerprint, MediaKind
from amparo.matching.frame_signals import Pdq, VideoFrames, fingerprint_of
from amparo.records.bank_values import BankError
from amparo.records.media_files import searchable
from amparo.records.packed_frames import pack
from amparo.records.signal_types import signal_type

TURNS = 8
"""Of a file itself all turns are kept; of a hash that somebody else made there is only the one."""


def columns_of(what: Fingerprint | Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of an item. Raises BankError for no signal, BadSignal for a text that is none of its type."""
    return _of_file(what) if isinstance(what, Fingerprint) else _of_signals(what)


def _of_file(file: Fingerprint) -> dict[str, Any]:
    return {"signals": {"sha256": file.sha256, "md5": file.md5}, **frames_of(file)}


def _of_signals(given: Mapping[str, str]) -> dict[str, Any]:
    signals = {name: signal_type(name).normal(text) for name, text in given.items()}
    if not signals:
        raise BankError("nothing_to_find", "An item needs at least one signal by which it can be found.")
    if VideoFrames.name in signals:
        of = fingerprint_of(VideoFrames().frames(signals[VideoFrames.name]), MediaKind.VIDEO)
    elif Pdq.name in signals:
        pipeline = signals[Pdq.name].partition("@")[2]
        of = fingerprint_of(Pdq().frames(signals[Pdq.name]), MediaKind.PICTURE, pipeline)
    else:
        return {"signals": signals}
    return {"signals": signals, **frames_of(of, turns=1)}


def frames_of(file: Fingerprint, turns: int = TURNS) -> dict[str, Any]:
    """Return the columns of what a file shows, each frame in so many turns."""
    return {
        "kind": file.kind.value,
        "duration_ms": file.duration_ms,
        "every_ms": file.every_ms,
        "is_whole": file.is_whole,
        "pipeline": file.pipeline,
        "turns": turns,
        "frames": pack(file.frames, turns),
        "searchable": searchable(file),
    }
