"""The API as a WSGI application: `amparo.api.wsgi:application`. It says which process this is, then sets up."""

import os

os.environ["AMPARO_PROCESS"] = "api"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")

# Only now: the settings read which process this is.
from django.core.wsgi import get_wsgi_application

from amparo.api.keyless import KeylessPort
from amparo.api.limits import limits
from amparo.drained import Drained
from amparo.lifeline import die_with_parent

# The server runs this in a child of its own, which would go on holding the port if the server were killed.
die_with_parent()

application = Drained(get_wsgi_application(), limits().file_bytes)


def _try_the_sandbox() -> None:
    """Try it here and not with the first upload, for which somebody waits. The log says how strong it is."""
    from amparo.workers import media  # It reads settings and tables, which there are only now.

    media.report()


def _read_the_index() -> None:
    """Begin to read it here, so that the first question finds it read."""
    from amparo.api.joined import joined

    joined()


def _listen_without_key() -> KeylessPort | None:
    """Open the port that asks for no key, where the settings name one."""
    place = limits().keyless
    return None if place is None else KeylessPort(place, application)


_try_the_sandbox()
_read_the_index()
_keyless = _listen_without_key()
