"""Honest files with bytes changed at random: each is opened or refused, and none is taken for an attack."""

import random

import pytest

from amparo.media.errors import Refused
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Depth, Limits, Reason
from tests.media.honest import PICTURES, VIDEOS, honest

_FILES = sorted({*PICTURES, *VIDEOS} - {"png-in-several-strips"})
_EACH = 8
_LIMITS = Limits(seconds=5, frames=64)


def _changed(file: bytes, draw: random.Random) -> bytes:
    """Return the file with some bytes changed, a piece cut out, doubled or swapped."""
    changed = bytearray(file)
    for _ in range(draw.choice((1, 2, 8, 64))):
        changed[draw.randrange(len(changed))] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
    if draw.random() < 0.5:
        start, length = draw.randrange(len(changed)), draw.randrange(1, 200)
        piece = changed[start : start + length]
        place = draw.randrange(len(changed))
        changed[place : place + draw.choice((0, length))] = piece * draw.choice((0, 1, 3))
    return bytes(changed)


@pytest.mark.parametrize("name", _FILES)
def test_a_changed_file_is_opened_or_refused_and_never_suspected(name: str, sandbox: Sandbox) -> None:
    draw = random.Random(name)
    for _ in range(_EACH):
        file = _changed(honest(name), draw)
        reason = None
        try:
            with sandbox.opened(file, draw.choice(list(Depth)), limits=_LIMITS) as media:
                for _frame in media.frames:
                    pass
        except Refused as refused:
            reason = refused.reason
        assert reason not in (Reason.FORBIDDEN_ACT, Reason.WRONG_ANSWER, Reason.CRASHED), file.hex()[:200]
