"""A text for another site: what happens there, which account does it, what is asked and which law says so.

It holds what its reader typed and nothing else of them: no name, no code of ours, no picture. A link stands in it only
where somebody typed one for that site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amparo.cases.words import Age, Relation


@dataclass(frozen=True)
class Typed:
    """What was typed for the other site, each on one line. `own_account` and `link` may be empty."""

    site: str
    account: str
    own_account: str = ""
    link: str = ""


@dataclass(frozen=True)
class Law:
    """A duty that the other site has. `source` is where it was read, and when."""

    sentence: Promise
    source: str
    checked_on: date


_READ_ON = date(2026, 11, 21)
OF_A_CHILD = (
    Law(
        gettext_lazy("In the US you must tell NCMEC (18 USC 2258A)."),
        "18 USC 2258A(a); REPORT Act, Pub. L. 118-59: also threats without a picture, 18 USC 2422(b)",
        _READ_ON,
    ),
    Law(
        gettext_lazy("In the EU this needs no name (DSA, art. 16(2)(c))."),
        "Regulation (EU) 2022/2065, art. 16(2)(c)",
        _READ_ON,
    ),
)
OF_AN_ADULT = (
    Law(
        gettext_lazy("Once posted, it must go within 48 hours in the US. Law: TAKE IT DOWN Act, 3(a)(3)."),
        "TAKE IT DOWN Act, Pub. L. 119-12, sec. 3(a)(3)",
        _READ_ON,
    ),
    Law(
        gettext_lazy("Once posted, it must go within 48 hours in the UK. Law: Online Safety Act, 10(3A)."),
        "Online Safety Act 2023, s. 10(3A), in force 29 June 2026 (read in secondary sources: have counsel check)",
        _READ_ON,
    ),
    Law(
        gettext_lazy("In the EU you must answer this (DSA, art. 16)."),
        "Regulation (EU) 2022/2065, art. 16(4) and (5)",
        _READ_ON,
    ),
)


def text_of(typed: Typed, relation: Relation | None, age: Age | None, *, is_threat: bool) -> str:
    """Return the text, a thought a line. Unless it is an adult's, it is treated as a child's, as everywhere."""
    lines = [_("To the safety team of %(site)s") % {"site": typed.site}, ""]
    lines += [_what(relation, is_threat), _how_old(relation, age), ""]
    if typed.account:
        lines.append(_("The account that does this: %(account)s") % {"account": typed.account})
    if typed.own_account:
        lines.append(_("The account it is done to: %(account)s") % {"account": typed.own_account})
    if typed.link:
        lines.append(_("Link: %(link)s") % {"link": typed.link})
    lines += [
        "",
        _("Please lock that account. Keep what it sent, for the police."),
        _("Please make sure that nobody can share the picture."),
        _("I do not send you the picture. Please do not ask for it."),
        "",
        *(str(law.sentence) for law in laws_for(age)),
    ]
    return "\n".join(lines) + "\n"


def laws_for(age: Age | None) -> Sequence[Law]:
    """Return the duties that fit."""
    return OF_AN_ADULT if age is Age.ADULT else OF_A_CHILD


def _what(relation: Relation | None, is_threat: bool) -> str:
    match relation:
        case Relation.DEPICTED if is_threat:
            return _("Someone threatens to share a sexual picture of me.")
        case Relation.DEPICTED:
            return _("Someone shares a sexual picture of me.")
        case Relation.GUARDIAN if is_threat:
            return _("Someone threatens to share a sexual picture of a child I look after.")
        case Relation.GUARDIAN:
            return _("Someone shares a sexual picture of a child I look after.")
        case _ if is_threat:
            return _("Someone threatens to share a sexual picture of a person.")
        case _:
            return _("Someone shares a sexual picture of a person.")


def _how_old(relation: Relation | None, age: Age | None) -> str:
    match age:
        case Age.CHILD if relation is Relation.DEPICTED:
            return _("I was under 18 in it.")
        case Age.CHILD:
            return _("The person in it was under 18.")
        case Age.ADULT:
            return _("Nobody agreed to this.")
        case _:
            return _("The person in it may have been under 18.")
