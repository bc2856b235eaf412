"""How a report stands under the laws that ask something of it. It never says that anything has to wait for it."""

from amparo.cases.elements import present
from amparo.cases.notice import Notice
from amparo.cases.words import Age
from amparo.console import wording
from amparo.policies.policy import PolicyBook


def standing(notice: Notice, policies: PolicyBook) -> list[str]:
    """Return a sentence for each law; none where it may be about a child, of whom no law asks anything here."""
    if notice.settled_age is not Age.ADULT:
        return []
    has, found = present(notice), []
    for rule in policies.for_notice(notice.topic, is_adult=True).elements:
        lacks = rule.lacks(has)
        if lacks:
            found.append(f"{rule.title}: lacks {', '.join(wording.ELEMENTS[each] for each in lacks)}")
        else:
            found.append(f"{rule.title}: complete" + (", its clock runs" if rule.binds else ""))
    return found


def told(notice: Notice) -> list[str]:
    """Return the facts that the reporter ticked after sending."""
    return [wording.SIGNALS[each] for each in wording.SIGNALS if each in notice.facts_told]
