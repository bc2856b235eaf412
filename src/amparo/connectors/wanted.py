"""What every worker knows of a platform: which order brings about what a case wants, and whether the page obeys.

Pure over the protocol, so that the live worker and a simulated one cannot come to differ.
"""

from amparo.cases.case import Case
from amparo.cases.words import Seen, Wanted
from amparo.connectors.connector import Answer, Connector

LOOKS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.5, 2.0)
"""The pauses, in seconds, before each look of one try. After the last one the rest is left to the next try."""


def order(connector: Connector, case: Case, key: str) -> Answer:
    """Ask the platform for what the case wants. Raises ConnectorError."""
    match case.wanted:
        case Wanted.SHOWN:
            return connector.restore(case.subject, key=key)
        case Wanted.HIDDEN if case.subject.is_account:
            return connector.suspend(case.subject, until=case.suspended_until, key=key)
        case Wanted.HIDDEN:
            return connector.hide(case.subject, key=key)
        case Wanted.REMOVED if case.subject.is_account:
            return connector.suspend(case.subject, until=None, key=key)
        case Wanted.REMOVED:
            return connector.remove(case.subject, key=key)


def fits(wanted: Wanted, seen: Seen, *, tells_gone: bool) -> bool:
    """Whether the logged-out page shows what is wanted."""
    if wanted is Wanted.SHOWN:
        return seen is Seen.SHOWN
    return seen is Seen.GONE or (seen is Seen.HIDDEN and (wanted is Wanted.HIDDEN or not tells_gone))
