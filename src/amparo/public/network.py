"""From which network a request comes, as a keyed hash: enough to count by, not enough to find anybody."""

import hashlib
import hmac
from ipaddress import ip_network

from django.conf import settings
from django.http import HttpRequest

from amparo.sender import sender_of


def network_of(request: HttpRequest) -> str:
    """Return the hash of the sender's /24 or, for IPv6, /48. Empty where the address is not known."""
    address = sender_of(request)
    if address is None:
        return ""
    width = 24 if address.version == 4 else 48
    network = ip_network((address, width), strict=False)
    key = f"amparo.public.network:{settings.SECRET_KEY}".encode()
    return hmac.new(key, str(network).encode(), hashlib.sha256).hexdigest()
