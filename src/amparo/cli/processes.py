"""Starting our own processes so that none outlives whoever started it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from amparo.lifeline import die_with_parent


def start(word: str, home: Path, log: Path | None = None) -> "subprocess.Popen[bytes]":
    """Start `amparo WORD` for a home; its output goes to `log`, or where ours goes."""
    return start_module("amparo", [word], {"AMPARO_HOME": str(home)}, log)


def start_module(
    module: str, words: list[str], more: Mapping[str, str], log: Path | None = None
) -> "subprocess.Popen[bytes]":
    """Start `python -m MODULE WORDS…` with further environment variables."""
    output = None if log is None else log.open("ab")
    try:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env={**os.environ, **more},
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
    finally:
        if output is not None:
            output.close()


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set, so that a process can end in order."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
