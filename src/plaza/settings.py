"""What an operator can change while Plaza runs. Kept in the database, so it outlives a restart."""

import ipaddress
import sqlite3
from urllib.parse import urlsplit

from plaza.refusals import Refusal


def upload_hook_url(database: sqlite3.Connection) -> str | None:
    """Return where uploads are asked about before they are published; None means nobody is asked."""
    row = database.execute("SELECT value FROM settings WHERE name = 'upload_hook_url'").fetchone()
    return row["value"] if row else None


def put_upload_hook_url(database: sqlite3.Connection, value: object) -> None:
    """Set or, with None, switch off the upload hook. Only addresses of this machine are taken."""
    if value is None:
        database.execute("DELETE FROM settings WHERE name = 'upload_hook_url'")
        return
    if not isinstance(value, str) or len(value) > 500 or not is_loopback_url(value):
        sentence = '"upload_hook_url" is an http address of this machine, such as http://127.0.0.1:8000/hook, or null.'
        raise Refusal(400, "bad_setting", sentence)
    database.execute("INSERT OR REPLACE INTO settings VALUES ('upload_hook_url', ?)", (value,))


def is_loopback_url(value: str) -> bool:
    """Return whether this is a plain http(s) URL that cannot leave the machine."""
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not value.isascii() or not value.isprintable() or parts.username:
        return False
    return host == "localhost" or is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """Return whether this is an address of the loopback network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
