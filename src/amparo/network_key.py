"""The key of one day by which networks are counted: a file of the machine, deleted when the day is over.

A worker deletes it as the next day begins (`workers/process.py`), and so does a door, with the first request of a day.
In its memory a door holds one key, the last that it used.
"""

import hmac
import os
import secrets
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

_NAME = "network-key-"


def forget_others(folder: Path, day: date) -> None:
    """Delete the keys of all other days."""
    for each in folder.glob(f"{_NAME}*"):
        if each.name != f"{_NAME}{day.isoformat()}":
            each.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def key_of_day(folder: Path, day: date) -> bytes:
    """Return the key of that day, the same for every process of this machine, and forget those of all others."""
    path = folder / f"{_NAME}{day.isoformat()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        drawn = folder / f".{_NAME}{secrets.token_hex(8)}"
        descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            # A hard link, unlike a rename, does not replace the key that another process has just drawn.
            os.link(drawn, path)
        except FileExistsError:
            pass  # Theirs holds.
        finally:
            drawn.unlink()
    forget_others(folder, day)
    return hmac.new(path.read_bytes(), f"amparo.public.network:{settings.SECRET_KEY}".encode(), "sha256").digest()
