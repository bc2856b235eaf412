"""Brings the tables of a home's database up to this version: at the start, after an upgrade, after a restore."""

import os
from datetime import UTC, datetime

from amparo.cli.running import running_database
from amparo.home import BadSettings, Home


def migrate(here: Home, *, for_practice: bool = False) -> None:
    """Bring the database's tables up to this version, starting the embedded server if it does not run.

    `for_practice` marks an empty one as made for that. Raises BadSettings for one that is not empty.
    """
    os.environ["AMPARO_HOME"] = str(here.path)
    with running_database(here):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from amparo.cases.refused import Refused
        from amparo.records import practice_mark

        try:
            call_command("migrate", verbosity=0, interactive=False)
            if for_practice:
                practice_mark.make(datetime.now(UTC))
        except Refused as refused:
            raise BadSettings(refused.sentence) from None
        finally:
            connection.close()
