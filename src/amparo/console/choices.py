"""What may be chosen on a case: rules to remove under, what becomes of the account, reasons to keep. Pure."""

from dataclasses import dataclass

from amparo.cases.case import Case
from amparo.cases.words import Suspend
from amparo.connectors.connector import Capabilities
from amparo.console import wording
from amparo.policies.policy import Lane, Policy, PolicyBook, Topic

_REMOVE = {Lane.CHILD: "Remove: it shows a child", Lane.ADULT: "Remove: it shows an adult, no consent"}
_SUSPEND = {Lane.CHILD: "Suspend: a child", Lane.ADULT: "Suspend: an adult, no consent"}


@dataclass(frozen=True)
class Removal:
    """One rule to remove under. `key` is the key that chooses it."""

    policy: Policy
    label: str
    key: str


def removals(case: Case, policies: PolicyBook) -> list[Removal]:
    """Return the rules a person may remove under: a child's, an adult's, and any other open ground's own.

    A person may see a child where everybody reported an adult, so both are there for any sexual matter, in the
    version that the case holds already, or else the current one for the same topics.
    """
    grounds = [policies.get(ground.policy) for ground in case.open_grounds]
    verbs = _SUSPEND if case.subject.is_account else _REMOVE
    found: list[Removal] = []
    if any(policy.lane is not Lane.ORDINARY for policy in grounds):
        for lane, key in ((Lane.CHILD, "1"), (Lane.ADULT, "2")):
            policy = _of_lane(lane, case, policies)
            if policy is not None:
                found.append(Removal(policy, verbs[lane], key))
    others = [policy for policy in grounds if policy.ref not in {each.policy.ref for each in found}]
    for policy in sorted(others, key=lambda each: -each.lane):
        key = next((key for key in ("1", "2") if key not in {each.key for each in found}), "")
        verb = "Suspend" if case.subject.is_account else "Remove"
        found.append(Removal(policy, f"{verb}: {policy.title}", key))
    return found


def gravest(case: Case, policies: PolicyBook) -> Policy | None:
    """Return the gravest open ground's policy: the one that is chosen until a person chooses otherwise."""
    grounds = [policies.get(ground.policy) for ground in case.open_grounds]
    return max(grounds, key=lambda policy: policy.lane, default=None)


def suspensions(case: Case, card: Capabilities) -> list[tuple[str, str]]:
    """Return what may become of the account; an unknown one, or one that the site locks for nobody, is left alone."""
    if case.subject.is_account:
        offered = [Suspend.FOR_A_TIME, Suspend.FOR_GOOD]
    elif case.account is not None and card.suspends:
        offered = [Suspend.FOR_A_TIME, Suspend.FOR_GOOD, Suspend.NO]
    else:
        offered = [Suspend.NO]
    return [(each.value, wording.SUSPENSIONS[each]) for each in offered]


def limits(case: Case, card: Capabilities) -> list[str]:
    """Return what the site has no way to do here, so that nobody waits for it."""
    if case.subject.is_account:
        found = [
            (card.suspends, "This site locks no accounts for us. Decide here, and have it locked on the site by hand."),
            (card.lists_media, "This site does not list what an account posted: only what is reported is here."),
        ]
    else:
        found = [
            (card.hides, "This site cannot hide it: it stays up until it is removed."),
            (card.restores, "This site cannot show it again: what you keep has to be shown there by hand."),
            (card.removes or card.hides, "This site cannot remove it: have it taken down on the site by hand."),
            (card.removes or not card.hides, "This site cannot remove it: it will be hidden for good."),
            (card.suspends, "This site locks no accounts for us."),
        ]
    return [sentence for is_possible, sentence in found if not is_possible]


def reasons(case: Case, policies: PolicyBook) -> list[tuple[str, str]]:
    """Return the rules that a decision to keep may cite, each once, with what the reporter will read."""
    found: dict[str, list[str]] = {}
    for ground in case.open_grounds:
        for reason in policies.get(ground.policy).reasons:
            texts = found.setdefault(reason.id, [])
            if reason.text not in texts:
                texts.append(reason.text)
    return [(reason, " / ".join(texts)) for reason, texts in found.items()]


def keep_label(case: Case, policies: PolicyBook) -> str:
    """Return the button's words: they say that a second person votes, where that is so."""
    needs_two = any(policies.get(ground.policy).keep.people > 1 for ground in case.open_grounds)
    return "Keep: needs a second, blind vote" if needs_two else "Keep"


def _of_lane(lane: Lane, case: Case, policies: PolicyBook) -> Policy | None:
    """Return the rule of a lane: the one the case holds or held, or else the current one nearest in topic."""
    held = [ground for ground in case.grounds if ground.lane is lane]
    if held:
        return policies.get(max(held, key=lambda ground: ground.is_open).policy)
    topics = frozenset[Topic]().union(*(policies.get(ground.policy).topics for ground in case.open_grounds))
    near = [policy for policy in policies.current if policy.lane is lane and policy.topics & topics]
    # A threat is covered by a rule about pictures and by one about words: what is seen here is a picture more often.
    return max(near, key=lambda each: (len(each.topics & topics), Topic.SEXUAL_PICTURE in each.topics), default=None)
