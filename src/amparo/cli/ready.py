"""What must be true before a process of this installation starts. Each refusal says what to do."""

import django
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from amparo.home import BadSettings, home
from amparo.postgres import NotDurable, check_durable


def check(process: str) -> None:
    """Refuse to start with a database that is away, behind or not durable, or with settings that do not hold."""
    home().read()
    django.setup()
    try:
        connection.ensure_connection()
        check_durable(connection.connection)
        behind = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    except NotDurable as error:
        raise BadSettings(str(error)) from None
    except DatabaseError:
        raise BadSettings(
            "The database does not answer. Start `amparo database` (or `amparo up`), or correct DATABASE_URL."
        ) from None
    finally:
        connection.close()
    if behind:
        raise BadSettings("The database has older tables than this version. Run `amparo init --upgrade`.")
    if process in ("door", "console", "worker"):
        from amparo.plugins import installation

        installation()
    if process == "worker":
        from amparo.plugins import certificate_signer

        certificate_signer()
