"""What laws ask of a notice, as an adult reads it: what is there, what is missing, and that it holds nothing up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.policies.elements import Element, ElementRule

WORDS: Mapping[Element, Promise] = {
    Element.LOCATION: _("a link"),
    Element.EXPLANATION: _("what it is about"),
    Element.TRUTH: _("that what you say is true"),
    Element.STANDING: _("that it is you, or that you may speak for them"),
    Element.GOOD_FAITH: _("that you say it in good faith"),
    Element.NO_CONSENT: _("that nobody agreed to it"),
    Element.SIGNATURE: _("your name, to sign it"),
    Element.NAME: _("your name"),
    Element.CONTACT: _("how to reach you"),
    Element.EMAIL: _("your e-mail"),
}


@dataclass(frozen=True)
class Standing:
    """How a notice stands under one law."""

    law: str
    is_complete: bool
    sentence: str
    missing: tuple[str, ...]


def standing(rules: Iterable[ElementRule], present: Collection[Element]) -> list[Standing]:
    """Return, law by law, what is missing still."""
    found = []
    for rule in rules:
        lacks = rule.lacks(present)
        said = gettext("%(law)s: this is still open.") if lacks else gettext("%(law)s: all is there.")
        missing = tuple(str(WORDS[each]) for each in lacks)
        found.append(Standing(rule.title, not lacks, said % {"law": rule.title}, missing))
    return found
