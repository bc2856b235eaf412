"""Who may go where: every route of the console by its name, and the roles that may use it.

A route without a row is refused to everybody (`guard.py`), and a test walks all routes. An admin runs the
installation and sees no case, no media, no words and no vote.
"""

ANYBODY = frozenset({"anybody"})
"""Also without a login."""

EVERYONE = frozenset({"reviewer", "lead", "admin"})
LEADS = frozenset({"lead"})
JUDGES = frozenset({"reviewer", "lead"})
STAFF_KEEPERS = frozenset({"lead", "admin"})
ADMINS = frozenset({"admin"})

RIGHTS: dict[str, frozenset[str]] = {
    "healthz": ANYBODY,
    "sign-in": ANYBODY,
    "sign-out": EVERYONE,
    "password": EVERYONE,
    "me": EVERYONE,
    "name-account": EVERYONE,
    "queue": JUDGES,
    "case": JUDGES,
    "open-case": JUDGES,
    "put-down": JUDGES,
    "part": JUDGES,
    "remove": JUDGES,
    "keep": JUDGES,
    "replies": JUDGES,
    "notice": JUDGES,
    "write": JUDGES,
    "doubt": JUDGES,
    "lift-doubt": JUDGES,
    "links": JUDGES,
    "link": JUDGES,
    "place-link": JUDGES,
    "answer-link": JUDGES,
    "codes": JUDGES,
    "start-code": JUDGES,
    "end-code": JUDGES,
    "banks": JUDGES,
    "bank-acts": JUDGES,
    "new-bank": LEADS,
    "bank": JUDGES,
    "change-bank": LEADS,
    "confirm-item": JUDGES,
    "disable-item": JUDGES,
    "enable-item": JUDGES,
    "referrals": JUDGES,
    "referral": JUDGES,
    "ask-referral": JUDGES,
    "police-told": JUDGES,
    "police-not-told": JUDGES,
    "senders": JUDGES,
    "sender": JUDGES,
    "give-office-link": JUDGES,
    "record-office-call": JUDGES,
    "set-office-aside": JUDGES,
    "offices": EVERYONE,
    "add-office": STAFF_KEEPERS,
    "add-office-contact": STAFF_KEEPERS,
    "confirm-office-contact": EVERYONE,
    "retire-office-contact": STAFF_KEEPERS,
    "clocks": EVERYONE,
    "alarms": EVERYONE,
    "take-up": EVERYONE,
    "report-as-staff": EVERYONE,
    "staff": STAFF_KEEPERS,
    "enrol": ADMINS,
    "approve": STAFF_KEEPERS,
    "deactivate": STAFF_KEEPERS,
}
"""route name → roles"""


def may(role: str, route: str) -> bool:
    """Whether somebody in that role may use that route."""
    return role in RIGHTS.get(route, frozenset())
