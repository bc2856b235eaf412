"""Work that a browser does while a person reads: some numbers to be found, quick to check and slow to guess.

A task is signed, names when it ends and what it is for (the key of one form, or one report), and is kept nowhere. Work
for one form is good for that form alone, and a form that comes twice is one report: so work cannot be spent twice.
Sixteen small searches instead of a large one: then nobody is out of luck for long.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from django.conf import settings

PIECES = 16
LIGHT, MIDDLE, HEAVY = 13, 14, 15
"""Leading zero bits of each piece: 131,000, 262,000 and 524,000 hashes in all, as a rule."""

_GOOD_FOR = timedelta(hours=1)
_TASK = re.compile(r"1\.(\d{1,12})\.(\d{1,2})\.([0-9a-f]{64})")
_DONE = re.compile(rf"\d{{1,12}}(?:-\d{{1,12}}){{{PIECES - 1}}}")


def task(bits: int, about: str, now: datetime) -> str:
    """Return a task of that difficulty for one form or report; "" where nothing is asked."""
    if not bits:
        return ""
    until = int((now + _GOOD_FOR).timestamp())
    return f"1.{until}.{bits}.{_seed(until, bits, about)}"


def proven(task_given: str, done: str, about: str, now: datetime) -> int:
    """Return the difficulty of the work that was done for this; 0 for none, for another's, and for one that is over."""
    asked = _signed(task_given, about, now)
    if asked is None or _DONE.fullmatch(done) is None:
        return 0
    bits, seed = int(asked[2]), asked[3]
    return bits if all(_fits(seed, piece, number, bits) for piece, number in enumerate(done.split("-"))) else 0


def seconds_since(task_given: str, about: str, now: datetime) -> float:
    """Return how long ago a task was given for this; 0 for none, for another's, and for one that is over."""
    asked = _signed(task_given, about, now)
    return 0.0 if asked is None else now.timestamp() - (int(asked[1]) - _GOOD_FOR.total_seconds())


def search(task_given: str) -> str:
    """Do the work, as the browser does: for programs of ours that report. Raises ValueError for what is no task."""
    asked = _TASK.fullmatch(task_given)
    if asked is None:
        raise ValueError("That is no task of the door.")
    found = []
    for piece in range(PIECES):
        number = 0
        while not _fits(asked[3], piece, str(number), int(asked[2])):
            number += 1
        found.append(str(number))
    return "-".join(found)


def _signed(task_given: str, about: str, now: datetime) -> re.Match[str] | None:
    """Return the parts of a task that we gave for this and that is not over: nothing else may be reckoned with."""
    asked = _TASK.fullmatch(task_given)
    if asked is None or not hmac.compare_digest(asked[3], _seed(int(asked[1]), int(asked[2]), about)):
        return None
    return asked if now.timestamp() < int(asked[1]) else None


def _fits(seed: str, piece: int, number: str, bits: int) -> bool:
    # The seed has 64 letters, one block of SHA-256, so that a browser hashes it once and each number once.
    digest = hashlib.sha256(f"{seed}{piece}:{number}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - bits) == 0


def _seed(until: int, bits: int, about: str) -> str:
    key = f"amparo.public.work:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{until}\n{bits}\n{about}".encode(), hashlib.sha256).hexdigest()
