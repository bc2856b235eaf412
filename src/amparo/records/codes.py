"""The secret codes by which a reporter comes back. Only their hashes are kept; wrong, foreign and expired look alike.

A code has 26 letters and digits of Crockford's alphabet: 130 bits.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from amparo.cases.refs import NoticeId
from amparo.records import models

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_GROUP = 4
VALID_FOR = timedelta(days=183)


def new_code(draw: Callable[[int], bytes]) -> str:
    """Return a fresh code in groups of four, such as `Q7KD-M2XA-…`."""
    letters = "".join(_ALPHABET[byte & 31] for byte in draw(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def hash_of(code: str) -> str | None:
    """Return the hash under which a code is kept, however it was typed; None for what cannot be a code."""
    letters = re.sub(r"[\s-]", "", code).upper().replace("O", "0").replace("I", "1").replace("L", "1")
    if len(letters) != _LENGTH or any(letter not in _ALPHABET for letter in letters):
        return None
    return hashlib.sha256(letters.encode()).hexdigest()


def notice_of(code: str, now: datetime) -> NoticeId | None:
    """Return the notice that a code opens, or None, whatever is wrong with the code."""
    sha256 = hash_of(code) or hash_of("0" * _LENGTH)
    found = models.NoticeCode.objects.filter(sha256=sha256, expires_at__gt=now).values_list("notice", flat=True).first()
    return None if found is None else NoticeId(found)


def add_code(code: str, notice: NoticeId, now: datetime) -> None:
    """Let a further code open a notice."""
    sha256 = hash_of(code)
    if sha256 is None:
        raise ValueError("That is not a code.")
    keep(sha256, notice, now + VALID_FOR)


def extend(notice: NoticeId, now: datetime) -> None:
    """Let the codes that open a notice now open it for the whole time from now."""
    models.NoticeCode.objects.filter(notice=notice, expires_at__gt=now).update(expires_at=now + VALID_FOR)


def keep(sha256: str, notice: NoticeId, expires_at: datetime) -> None:
    """Let the code with this hash open a notice. May be repeated: what was acknowledged is taken in at least once."""
    row = models.NoticeCode(sha256=sha256, notice=notice, expires_at=expires_at)
    models.NoticeCode.objects.bulk_create([row], ignore_conflicts=True)
