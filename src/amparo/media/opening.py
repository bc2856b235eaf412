"""One file being opened by one process: its answer, how it ended, and what that says about the file."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

from amparo.media.answers import Answers, Silence
from amparo.media.errors import Refused, SandboxFailed
from amparo.media.warden import Warden
from amparo.media.wire import NOT_LOCKED, Ended, Frame, Header, Job, Reason

_SIGNALS: dict[int, Reason] = {
    signal.SIGSYS: Reason.FORBIDDEN_ACT,
    signal.SIGXFSZ: Reason.FORBIDDEN_ACT,
    signal.SIGXCPU: Reason.TOO_LONG,
}


@dataclass
class Opening:
    """A job under way. `is_sound`: it came to its end in order, so its warden may start another process.

    `ended` is how its process ended, where the warden still could say so.
    """

    warden: Warden
    job: Job
    answer: int
    ended: Ended | None = None
    is_sound: bool = False

    def __post_init__(self) -> None:
        self._answers = Answers(self.answer, self.job.limits)

    def header(self) -> Header:
        """Return what the file says it is. Raises Refused or SandboxFailed."""
        try:
            return self._answers.header()
        except Refused as refused:
            raise self._settled(refused) from None
        except Silence as silence:
            raise self._meaning(silence) from None

    def frames(self) -> Iterator[Frame]:
        """Yield what is in it. Raises Refused or SandboxFailed in between."""
        try:
            while (frame := self._answers.next_frame()) is not None:
                yield frame
        except Refused as refused:
            raise self._settled(refused) from None
        except Silence as silence:
            raise self._meaning(silence) from None
        self._end_in_order()

    def close(self) -> None:
        os.close(self.answer)

    def _settled(self, refused: Refused) -> Refused:
        """Return what was refused. If it was the decoder that refused, it has ended by itself."""
        if not refused.is_suspicious:
            self._end_in_order()
        return Refused(refused.reason, self.ended)

    def _end_in_order(self) -> None:
        """Note how a process ended that said it was done. One that lingers dies with its warden; its answer stands."""
        try:
            self.ended = self.warden.ended()
        except SandboxFailed:
            return
        self.is_sound = self.ended.code == 0

    def _meaning(self, silence: Silence) -> Refused | SandboxFailed:
        """Return what it means that an answer broke off."""
        if silence.is_late:
            return Refused(Reason.TOO_LONG)
        self.ended = self.warden.ended()
        if self.ended.code == NOT_LOCKED:
            return SandboxFailed("The media sandbox could not lock a process in, so it opened nothing. Try again.")
        return Refused(_SIGNALS.get(self.ended.signal, Reason.CRASHED), self.ended)
