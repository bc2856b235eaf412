"""What an operator can change while Plaza runs. Kept in the database, so it outlives a restart."""

import ipaddress
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from plaza.database import transaction
from plaza.refusals import Refusal

_NAMES = _URL, _KEY, _SENDS_FILE = "upload_hook_url", "upload_hook_key", "upload_hook_sends_file"


@dataclass(frozen=True)
class UploadHook:
    """Where uploads are asked about before they are published. `key` goes along as a bearer token, "" is none.

    `sends_file`: the file itself is sent, and not its digest alone.
    """

    url: str
    key: str
    sends_file: bool


def upload_hook(database: sqlite3.Connection) -> UploadHook | None:
    """Return the upload hook; None means nobody is asked."""
    found = dict(database.execute("SELECT name, value FROM settings").fetchall())
    if _URL not in found:
        return None
    return UploadHook(found[_URL], found.get(_KEY, ""), found.get(_SENDS_FILE) == "yes")


def as_json(database: sqlite3.Connection) -> dict[str, object]:
    """Return the settings as the moderation API shows them: whether there is a key, and never the key."""
    hook = upload_hook(database)
    if hook is None:
        return {_URL: None, _KEY: None, _SENDS_FILE: False}
    return {_URL: hook.url, _KEY: "set" if hook.key else None, _SENDS_FILE: hook.sends_file}


def put(database: sqlite3.Connection, told: Mapping[str, object]) -> None:
    """Replace the settings: what is not named is off. Only addresses of this machine are taken."""
    if strange := sorted(set(told) - set(_NAMES)):
        there_are = ", ".join(f'"{name}"' for name in _NAMES)
        raise Refusal(400, "unknown_setting", f"There is no setting {strange[0]!r:.40}. There are {there_are}.")
    url, key, sends_file = told.get(_URL), told.get(_KEY), told.get(_SENDS_FILE, False)
    if url is not None and (not isinstance(url, str) or len(url) > 500 or not is_loopback_url(url)):
        sentence = '"upload_hook_url" is an http address of this machine, such as http://127.0.0.1:8000/hook, or null.'
        raise Refusal(400, "bad_setting", sentence)
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        sentence = '"upload_hook_key" is a text of at most 200 printable ASCII characters, or null.'
        raise Refusal(400, "bad_setting", sentence)
    if not isinstance(sends_file, bool):
        raise Refusal(400, "bad_setting", '"upload_hook_sends_file" is true or false.')
    wanted = {_URL: url, _KEY: key, _SENDS_FILE: "yes" if sends_file else None}
    with transaction(database):
        database.execute("DELETE FROM settings")
        rows = [(name, value) for name, value in wanted.items() if value is not None]
        database.executemany("INSERT INTO settings VALUES (?, ?)", rows)


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
