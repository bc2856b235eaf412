"""Refuses a server that can lose what it has acknowledged.

A reporter who has seen a receipt must never have to report again, so "acknowledged" has to mean "on disk". A server
with one of these settings off is faster, and forgets after a power cut what it confirmed before.
"""

from typing import Any, Protocol

from amparo.postgres.errors import NotDurable

OLDEST_VERSION = 130000
PROMISES = {
    "fsync": "nothing is surely on disk",
    "full_page_writes": "a page half written at a power cut stays broken",
    "synchronous_commit": "a commit is confirmed before it is on disk",
}


class Connection(Protocol):
    """A connection of psycopg or of Django, with rows as tuples."""

    def cursor(self) -> Any: ...


def check_durable(connection: Connection) -> None:
    """Return if what this session commits is kept; raise NotDurable with a sentence for each reason why not.

    The values in force for this very session are read, so a setting of the role or the database counts too.
    """
    with connection.cursor() as cursor:
        names = [*PROMISES, "synchronous_standby_names", "server_version_num"]
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [names])
        settings: dict[str, str] = dict(cursor.fetchall())
        cursor.execute("SELECT pg_is_in_recovery()")
        is_standby: bool = cursor.fetchone()[0]
    reasons = [
        f"{name} is off, so {danger}; set {name} = on." for name, danger in PROMISES.items() if settings[name] == "off"
    ]
    if settings["synchronous_commit"] == "local" and settings["synchronous_standby_names"]:
        reasons.append(
            "synchronous_commit is local although a standby is named, so a failover forgets confirmed commits; "
            "set synchronous_commit = on."
        )
    if int(settings["server_version_num"]) < OLDEST_VERSION:
        reasons.append("The server is older than PostgreSQL 13; upgrade it.")
    if is_standby:
        reasons.append("The server is a standby and takes no writes; point DATABASE_URL at the primary.")
    if reasons:
        raise NotDurable(f"Amparo does not use this database, because reports could be lost. {' '.join(reasons)}")
