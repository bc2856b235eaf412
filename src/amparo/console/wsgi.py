"""The console's process, for a WSGI server: `amparo.console.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")
os.environ.setdefault("AMPARO_PROCESS", "console")

from django.core.wsgi import get_wsgi_application

from amparo.lifeline import die_with_parent

# The server runs this in a child of its own, which would go on holding the port if the server were killed.
die_with_parent()
application = get_wsgi_application()
