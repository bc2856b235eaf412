"""Which errors mean that the database is away: it does not answer, or it answers and takes no writes.

Everything else is a mistake of ours, and is treated as one.
"""

from django.db import InterfaceError, InternalError, OperationalError

_READ_ONLY = "25006"


def is_away(error: BaseException) -> bool:
    """Whether asking again later, and changing nothing else, may help."""
    if isinstance(error, InternalError):
        # After a failover we may stand before a standby. To psycopg its refusal is an error inside the server.
        return getattr(error.__cause__, "sqlstate", None) == _READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)
