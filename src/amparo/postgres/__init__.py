"""The database: PostgreSQL started and kept running by Amparo itself, or the server that DATABASE_URL names.

An embedded server lives in one directory, its *home*: `prepare` makes it once, `supervise` (or `start`, for a test)
serves it, and everybody else asks `database_url`. Nothing here knows a table.
"""

from amparo.postgres.binaries import find_binaries
from amparo.postgres.cluster import prepare
from amparo.postgres.databases import create_database, database_url, drop_database, wait_until_ready
from amparo.postgres.dump import dump, is_empty, load
from amparo.postgres.durability import check_durable
from amparo.postgres.errors import (
    AlreadyServed,
    CannotCopy,
    CannotStart,
    DatabaseError,
    NoBinaries,
    NotDurable,
    NotPrepared,
)
from amparo.postgres.home import Home
from amparo.postgres.server import Server, start
from amparo.postgres.supervisor import supervise

__all__ = [
    "AlreadyServed",
    "CannotCopy",
    "CannotStart",
    "DatabaseError",
    "Home",
    "NoBinaries",
    "NotDurable",
    "NotPrepared",
    "Server",
    "check_durable",
    "create_database",
    "database_url",
    "drop_database",
    "dump",
    "find_binaries",
    "is_empty",
    "load",
    "prepare",
    "start",
    "supervise",
    "wait_until_ready",
]
