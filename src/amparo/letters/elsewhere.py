"""Other well-known sites, and where each takes a report itself. A wrong address costs somebody time they do not have.

The table is `elsewhere.toml`; an installation adds rows of its own, or better ones, in `elsewhere.toml` of its home.
What was read nowhere is shown as not checked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from amparo.policies.table import Table, read_toml

OTHER = "other"
"""Stands in a form for a site that is not in the table."""

_KIND = "table of other sites"
_HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)+"


@dataclass(frozen=True)
class Site:
    """One site. `form` is None where it has only its own "Report" button, or where we know of nothing else."""

    id: str
    name: str
    hosts: tuple[str, ...]
    form: str | None
    needs_no_account: bool
    is_checked: bool
    checked_on: date


@cache
def shipped() -> Mapping[str, Site]:
    """Return the sites that are shipped, by id."""
    file = files("amparo.letters") / "elsewhere.toml"
    return read(file.read_text(encoding="utf-8"), "elsewhere.toml")


@cache
def sites(own: Path | None = None) -> Mapping[str, Site]:
    """Return every site by its id; a row of the file `own` stands in for the shipped one. Raises MalformedPolicy."""
    if own is None or not own.exists():
        return shipped()
    return {**shipped(), **read(own.read_text(encoding="utf-8"), str(own))}


def read(text: str, file: str) -> Mapping[str, Site]:
    """Return the sites of a table. Raises MalformedPolicy with file, line and reason where one cannot be shown."""
    root = read_toml(text, file, _KIND)
    found: dict[str, Site] = {}
    for row in root.tables("site"):
        site = _site(row)
        if site.id in found or site.id == OTHER:
            row.refuse("id", f"{site.id!r} stands for another site already")
        found[site.id] = site
    root.refuse_unknown()
    return found


def site_of(link: str, known: Mapping[str, Site] | None = None) -> str | None:
    """Return the id of the site that a link names, or None where it names none of the table."""
    try:
        host = (urlsplit(link.strip()).hostname or "").lower()
    except ValueError:
        return None
    for site in (shipped() if known is None else known).values():
        if any(host == each or host.endswith(f".{each}") for each in site.hosts):
            return site.id
    return None


def names() -> frozenset[str]:
    """Return the sites' own names and addresses, which are no reading."""
    return frozenset(each for site in shipped().values() for each in (site.name, site.form) if each is not None)


def _site(row: Table) -> Site:
    hosts = tuple(row.texts("hosts"))
    for host in hosts:
        if not re.fullmatch(_HOST, host):
            row.refuse("hosts", f"{host!r} is not the name of a host, such as example.com")
    return Site(
        id=row.text("id", r"[a-z][a-z0-9_]*"),
        name=row.text("name"),
        hosts=hosts,
        form=row.text("form", rf"{_HOST}(/[A-Za-z0-9./_?=-]*)?", None),
        needs_no_account=row.yes_or_no("no_account"),
        is_checked=row.choice("source", {"own_page": True, "unverified": False}),
        checked_on=row.day("checked_on"),
    )
