"""What reporters add after sending: facts that they tick, and, of adults, what a law asks of a notice."""

from collections.abc import Collection

from amparo.cases.notice import Notice
from amparo.cases.notice_commands import GiveElements, TellFacts
from amparo.cases.notice_events import ElementsGiven, FactsTold, NoticeCompleted, NoticeEvent
from amparo.cases.refused import Refused
from amparo.cases.words import Age, LinkProblem, Relation
from amparo.policies.elements import Element
from amparo.policies.policy import Policy, PolicyBook
from amparo.policies.signal import in_order

_ADDRESSES = (LinkProblem.FOREIGN, LinkProblem.UNKNOWN_PLACE)


def present(notice: Notice) -> frozenset[Element]:
    """Return the elements that are there. What the door asks of everybody counts: nothing is asked twice."""
    found = set(notice.elements)
    if any(link.case is not None or link.problem in _ADDRESSES for link in notice.links):
        found.add(Element.LOCATION)
    if notice.relation is not None and notice.age is not None:
        found.add(Element.EXPLANATION)
    if notice.sent_at is not None:
        # "As far as I know, what I say here is true." stands above the button.
        found.add(Element.TRUTH)
    if notice.relation in (Relation.DEPICTED, Relation.GUARDIAN):
        found.add(Element.STANDING)
    return frozenset(found)


def added(notice: Notice, command: TellFacts | GiveElements) -> tuple[NoticeEvent, ...]:
    """Return what is taken down of such a command. Where it may be about a child, a name is not even taken: Refused."""
    if isinstance(command, TellFacts):
        new = command.told - notice.facts_told
        return (FactsTold(in_order(new)),) if new else ()
    if notice.settled_age is not Age.ADULT:
        raise Refused("no_name_needed", "We do not need a name for this report.")
    if not command.elements - notice.elements and command.sealed is None:
        return ()
    return (ElementsGiven(tuple(each for each in Element if each in command.elements), command.sealed),)


def completed(notice: Notice, policies: PolicyBook) -> tuple[NoticeEvent, ...]:
    """Return, once for each law, that the notice has its whole list. Of one whose reporter gave nothing, nothing."""
    if not notice.elements or notice.settled_age is not Age.ADULT:
        return ()
    has, rules = present(notice), policies.for_notice(notice.topic, is_adult=True).elements
    under = (rule.regime for rule in rules if not rule.lacks(has))
    new = tuple(regime for regime in under if regime not in notice.complete_under)
    return (NoticeCompleted(new),) if new else ()


def binding(complete_under: Collection[str], policy: Policy) -> frozenset[str]:
    """Return the laws that apply because the notice is complete under them, where the policy says that this counts."""
    return frozenset(rule.regime for rule in policy.elements if rule.binds and rule.regime in complete_under)
