"""What laws ask of a notice before it is one in their sense. Which law asks for what is data in the policies.

None of it is ever a condition: a report that lacks all of it is worked on all the same, and as fast.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Element(Enum):
    """One thing that a law asks for. What stands behind it lies sealed; here is only that it is there.

    LOCATION, EXPLANATION and TRUTH are in the report itself; the others are asked after it was sent, and only of
    adults. STANDING: the reporter is shown in it, or may speak for the person who is.
    """

    LOCATION = "location"
    EXPLANATION = "explanation"
    TRUTH = "truth"
    STANDING = "standing"
    GOOD_FAITH = "good_faith"
    NO_CONSENT = "no_consent"
    SIGNATURE = "signature"
    NAME = "name"
    CONTACT = "contact"
    EMAIL = "email"


@dataclass(frozen=True)
class ElementRule:
    """One law's list. `binds`: a notice that has all of it brings that country's clocks, whoever sent it from where."""

    regime: str
    title: str
    needs: frozenset[Element]
    binds: bool
    source: str
    checked_on: date

    def lacks(self, present: Collection[Element]) -> tuple[Element, ...]:
        """Return what is missing, in the order in which the elements stand above."""
        return tuple(each for each in Element if each in self.needs and each not in present)
