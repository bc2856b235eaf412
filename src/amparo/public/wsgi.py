"""The door as a WSGI application: `amparo.public.wsgi:application`. It says which process this is, then sets up."""

import os

os.environ["AMPARO_PROCESS"] = "door"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")

# Only now: the settings read which process this is.
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from amparo.drained import Drained
from amparo.lifeline import die_with_parent

# The server runs this in a child of its own, which would go on holding the port if the server were killed.
die_with_parent()

application = Drained(get_wsgi_application(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _watch() -> None:
    """Watch from here too: the door is what still runs when neither database nor worker does."""
    from amparo.workers import watch  # It reads tables, which there are only now.

    watch.start()


_watch()
