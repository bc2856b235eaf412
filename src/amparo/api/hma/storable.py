"""What the database can keep of a program's JSON. Python reads more than that."""

from math import isfinite


def is_storable(value: object) -> bool:
    """Whether PostgreSQL keeps it: no NUL, no half of a surrogate pair, no number that is not finite."""
    # A list of what waits, and no function that calls itself: what a program sends may be nested deeply.
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as told:
                waiting += [*told, *told.values()]
            case list() as many:
                waiting += many
            case str() as text if not _is_text(text):
                return False
            case float() as number if not isfinite(number):
                return False
    return True


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
