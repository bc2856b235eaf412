"""What can go wrong with a file, and with the place where it is opened.

    MediaError
    ├── Refused         this file is not decoded, now or later: `reason` says why, the text says it to people
    ├── NoSandbox       nothing is decoded on this machine as it is set up: the text says what to do
    └── SandboxFailed   not this time, through no fault of the file's: try again

None of them ever holds anything that came out of the sandbox but a number from a closed list.
"""

from amparo.media.wire import Ended, Reason

SENTENCES = {
    Reason.UNKNOWN_FORMAT: "This is no picture or video of a kind that is opened here.",
    Reason.TOO_MANY_BYTES: "This file is larger than is opened here.",
    Reason.TOO_MANY_PIXELS: "This picture has more pixels than are opened here.",
    Reason.TOO_MANY_FRAMES: "This has more frames than are opened here; what came before is as it is in the file.",
    Reason.TOO_LONG: "Opening this took longer than it may.",
    Reason.TOO_MUCH_MEMORY: "Opening this took more memory than it may.",
    Reason.DAMAGED: "This file is damaged: it cannot be opened to its end.",
    Reason.NO_PICTURE: "There is no picture in this file, or none of a kind that is opened here.",
    Reason.CRASHED: "The decoder broke down over this file.",
    Reason.FORBIDDEN_ACT: "Opening this file made the decoder try what none does. Do not open it elsewhere.",
    Reason.WRONG_ANSWER: "Opening this file made the decoder answer what cannot be right. Do not open it elsewhere.",
}


class MediaError(Exception):
    pass


class Refused(MediaError):
    """`ended` is what its process used and how it ended, where that is known.

    `is_suspicious`: the file seems to be made to take over whoever opens it.
    """

    def __init__(self, reason: Reason, ended: Ended | None = None) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
        self.ended = ended

    @property
    def is_suspicious(self) -> bool:
        return self.reason in (Reason.FORBIDDEN_ACT, Reason.WRONG_ANSWER)


class NoSandbox(MediaError):
    pass


class SandboxFailed(MediaError):
    pass
