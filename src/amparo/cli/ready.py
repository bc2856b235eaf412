"""What must be true before a process of this installation starts. Each refusal says what to do."""

import os
import sys

import django
from django.db import DatabaseError, connection

from amparo.home import BadSettings, home


def check(process: str) -> None:
    """Refuse to start with a database that is away, behind or not durable, or with settings that do not hold.

    Only the door starts without its database, since it takes reports all the same; it checks the books when they are
    back, before it uses them.
    """
    home().read()
    django.setup()
    from amparo import plugins

    try:
        plugins.check_books()
        if process in ("door", "console", "worker", "api"):
            plugins.installation()
        if process == "worker":
            plugins.certificate_signer()
    except DatabaseError:
        if process != "door":
            raise BadSettings(
                "The database does not answer. Start `amparo database` (or `amparo up`), or correct DATABASE_URL."
            ) from None
        plugins.without_books()
        os.environ[plugins.UNCHECKED] = "yes"
        print("amparo door: the database is away; reports are kept in the spool until it is back", file=sys.stderr)
    finally:
        connection.close()
