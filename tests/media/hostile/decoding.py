"""A decoder that was taken over, in the place of the real one: it does what the file says. `ACT ARGUMENT` is an act.

It answers END where the act succeeded, and NO_PICTURE where it was denied and could go on. Lies and floods are
written to the answer as they are.
"""

import os

from amparo.media.inside.acts import ACTS  # type: ignore[import-not-found]

from amparo.media.wire import END, FRAME, HEADER, RECORD, REFUSED, Format, Frame, Header, Job, Kind, Reason

_HEADER = Header(Kind.PICTURE, Format.PNG, 1, 1).pack()


def load_decoders() -> None:
    pass


def decode(job: Job, file: int, answer: int) -> None:
    word, _, argument = os.pread(file, 4096, 0).decode().partition(" ")
    os.write(answer, RECORD.pack(HEADER, len(_HEADER)) + _HEADER)
    if word == "flood":
        piece = b"x" * 65536
        for _ in range(1024**3 // len(piece)):
            os.write(answer, piece)
    elif word == "flood_of_frames":
        head = Frame(0, 0, 1000, 1000, 3000, 3, b"").head()
        os.write(answer, RECORD.pack(FRAME, len(head) + 3_000_000) + head)
        while True:
            os.write(answer, b"x" * 65536)
    elif word == "lie":
        width, height, stride, channels, length = (int(number) for number in argument.split())
        head = Frame(0, 0, width, height, stride, channels, b"").head()
        os.write(answer, RECORD.pack(FRAME, len(head) + length) + head + b"\0" * min(length, 4096))
    elif word == "raw":
        os.write(answer, bytes.fromhex(argument))
    elif word == "end_and_stay":
        os.write(answer, RECORD.pack(END, 0))
        ACTS["sleep_for_ever"]("")
    elif word == "well":
        os.write(answer, RECORD.pack(END, 0))
    else:
        _try(word, argument, answer)


def _try(word: str, argument: str, answer: int) -> None:
    try:
        ACTS[word](argument)
    except BaseException:
        os.write(answer, RECORD.pack(REFUSED, 1) + bytes([Reason.NO_PICTURE]))
    else:
        os.write(answer, RECORD.pack(END, 0))
