"""What we write about a decision: that it was right to tell us, or why not and how to have somebody new look."""

from django.utils.translation import gettext as _

from amparo.cases.case import Case
from amparo.cases.words import GroundStatus
from amparo.letters.link_state import LinkState, is_second_look
from amparo.policies.policy import PolicyBook


def decision_of(case: Case, state: LinkState, policies: PolicyBook) -> list[str]:
    """Return the decision as sentences; none while there is none."""
    if state is LinkState.KEPT:
        return _kept(case, policies)
    if case.removed_for is None:
        return []
    if case.decided_at is None:
        return [_("The time for a decision ran out, so we take it down."), _("A person will still look at it.")]
    return [_("You were right to tell us."), _("It broke our rules.")]


def second_look(case: Case) -> list[str]:
    """Return that somebody new looks, where that is so."""
    if not is_second_look(case):
        return []
    return [_("Thank you for telling us."), _("A new person checks this, no one who decided before.")]


def _kept(case: Case, policies: PolicyBook) -> list[str]:
    refused = [policies.get(g.policy) for g in case.grounds if g.status is GroundStatus.REFUSED]
    people = max((policy.keep.people for policy in refused), default=1)
    said = [
        _("A person looked at this.") if people == 1 else _("Two people looked at this, each alone."),
        _("They do not think it breaks our rules."),
        _("That does not mean it did not hurt you."),
    ]
    # Of the reasons the shipped ones are translated; an operator's own is cited as the policy has it.
    texts = {reason.id: reason.text for policy in refused for reason in policy.reasons}
    said += [_("The reason is: %(reason)s") % {"reason": _(texts[each])} for each in case.kept_for if each in texts]
    return [
        *said,
        _("If we got it wrong, press “Look again”."),
        _("Someone new will check it."),
        _("You do not have to prove anything."),
    ]
