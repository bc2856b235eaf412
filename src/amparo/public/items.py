"""Which link a report button names: the address it was given, or the one behind a platform's own name for it."""

import re

from amparo.cases.refs import Subject, SubjectKind
from amparo.plugins import Installation

_NAME = re.compile(r"(?P<kind>post|message|live|account):(?P<id>[A-Za-z0-9_][A-Za-z0-9_.~@+-]{0,127})")


def link_of(item: str, here: Installation) -> str:
    """Return the address of `item`. A name such as `post:abc` becomes its page; all else is returned as it came.

    With several platforms the first that has pages of that kind is meant: a site with more names the address.
    """
    named = _NAME.fullmatch(item.strip())
    if named is None:
        return item
    for connector in here.connectors.values():
        subject = Subject(connector.platform, SubjectKind(named["kind"]), named["id"])
        try:
            return connector.page_of(subject)
        except KeyError:
            continue
    return item
