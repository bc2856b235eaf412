"""The door as a WSGI application: `amparo.public.wsgi:application`. It says which process this is, then sets up."""

import os

os.environ["AMPARO_PROCESS"] = "door"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")

# Only now: the settings read which process this is.
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
