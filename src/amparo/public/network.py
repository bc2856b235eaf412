"""From which network a request comes, as a keyed hash: enough to count by, not enough to find anybody.

The key is drawn anew each day and deleted after it (`network_key.py`). So nobody, with whatever keys of this
installation, can tell the day after whether a network is the one they know.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from ipaddress import ip_network

from django.http import HttpRequest

from amparo.home import home
from amparo.network_key import key_of_day
from amparo.sender import sender_of


def network_of(request: HttpRequest) -> str:
    """Return the hash of the sender's /24 or, for IPv6, /48. Empty where the address is not known."""
    address = sender_of(request)
    if address is None:
        return ""
    width = 24 if address.version == 4 else 48
    network = ip_network((address, width), strict=False)
    return hmac.new(key_of_day(home().run, datetime.now(UTC).date()), str(network).encode(), hashlib.sha256).hexdigest()
