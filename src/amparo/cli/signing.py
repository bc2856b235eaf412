"""Who does something at a shell: a member of the staff, by name and password.

At a shell everybody is the same user. Whoever knows a password is as much that person there as on the console, so two
people are told apart here as they are there.
"""

import getpass
import sys

from amparo.home import BadSettings
from amparo.records import people
from amparo.records.people import Person


def who_signs(name: str, roles: frozenset[str]) -> Person:
    """Ask for somebody's password and return them. Raises BadSettings for a wrong one, and for other roles."""
    is_asked = sys.stdin.isatty()
    password = getpass.getpass(f"{name}'s password: ") if is_asked else sys.stdin.readline().rstrip("\n")
    staff = people.who_signs(name, password)
    person = None if staff is None else people.find(staff)
    if person is None:
        raise BadSettings("Somebody of the staff does this, by name and password. These do not fit.")
    if not person.has_own_password:
        raise BadSettings("This password was given to you by somebody else. Set your own on the console first.")
    if person.role not in roles:
        raise BadSettings(f"This takes the role {' or '.join(sorted(roles))}; {name} has the role {person.role}.")
    return person
