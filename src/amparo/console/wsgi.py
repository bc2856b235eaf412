"""The console's process, for a WSGI server: `amparo.console.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")
os.environ.setdefault("AMPARO_PROCESS", "console")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
