"""The first people of a new home. Who enrols somebody later on does it on the console, and a second one approves."""

import os
import secrets
from datetime import UTC, datetime

from amparo.cli.running import running_database
from amparo.home import BadSettings, Home


def read_staff(words: list[str]) -> list[tuple[str, str]]:
    """Return name and role of each `NAME:ROLE`. Raises BadSettings for fewer than two, and for a role that is none."""
    staff = [(name, role) for name, _, role in (word.partition(":") for word in words)]
    if len(staff) < 2 or any(not name or role not in ("reviewer", "lead", "admin") for name, role in staff):
        raise BadSettings("Name at least two people, each as --staff NAME:ROLE with reviewer, lead or admin as role.")
    return staff


def found_staff(here: Home, staff: list[tuple[str, str]]) -> list[str]:
    """Enrol the first people, each approved by the one beside them at this shell; return their passwords."""
    with running_database(here):
        from amparo.records import people

        passwords = [secrets.token_urlsafe(12) for _ in staff]
        people.found(
            [(name, role, password) for (name, role), password in zip(staff, passwords, strict=True)],
            now=datetime.now(UTC),
            draw=os.urandom,
        )
        from django.db import connection

        connection.close()
    return passwords
