"""Brings the tables of a home's database up to this version: at the start, after an upgrade, after a restore."""

import os

from amparo.cli.running import running_database
from amparo.home import Home


def migrate(here: Home) -> None:
    """Bring the database's tables up to this version, starting the embedded server if it does not run."""
    os.environ["AMPARO_HOME"] = str(here.path)
    with running_database(here):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
