"""What one running Plaza holds, made once in `__main__.py` and passed to every page."""

import sqlite3
from dataclasses import dataclass

import jinja2
from starlette.requests import Request

from plaza.faults import FaultSwitch
from plaza.media import Shelf
from plaza.reporting import Door


@dataclass(frozen=True)
class Installation:
    """One Plaza: `url` is its own base address, without a slash at the end."""

    url: str
    door: Door
    database: sqlite3.Connection
    shelf: Shelf
    faults: FaultSwitch
    templates: jinja2.Environment
    moderation_key: str
    practice_password: str


def installation_of(request: Request) -> Installation:
    """Return the Plaza that this request came to."""
    installation: Installation = request.app.state.installation
    return installation
