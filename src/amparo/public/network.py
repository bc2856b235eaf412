"""From which network a request comes, as a keyed hash: enough to count by, not enough to find anybody.

The key is drawn anew each day and kept in one file of the machine, which is then deleted. So nobody, with whatever keys
of this installation, can tell tomorrow whether a network of today is the one they know.
"""

import hashlib
import hmac
import os
import secrets
from datetime import UTC, date, datetime
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from amparo.home import home
from amparo.sender import sender_of

_NAME = "network-key-"


def network_of(request: HttpRequest) -> str:
    """Return the hash of the sender's /24 or, for IPv6, /48. Empty where the address is not known."""
    address = sender_of(request)
    if address is None:
        return ""
    width = 24 if address.version == 4 else 48
    network = ip_network((address, width), strict=False)
    return hmac.new(_key(home().run, datetime.now(UTC).date()), str(network).encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(folder: Path, day: date) -> bytes:
    """Return the key of that day, the same for every process of this machine. Those of other days are deleted."""
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
    for each in folder.glob(f"{_NAME}*"):
        if each != path:
            each.unlink(missing_ok=True)
    return hmac.new(path.read_bytes(), f"amparo.public.network:{settings.SECRET_KEY}".encode(), "sha256").digest()
