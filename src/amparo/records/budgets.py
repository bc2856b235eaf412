"""How many automatic hides this hour has seen. Over a budget a person is called; nothing is dropped.

What is left is read once for a form, and the form's own hides count against it as they are decided: fifty links are
fifty hides. Forms that are decided at the same moment do not see each other, so as many of them as the door has
threads may pass the budget together: it is a brake, not a lock.
"""

from datetime import datetime, timedelta

from amparo.policies.policy import Budget, Policy
from amparo.records import models
from amparo.records.statements import ask

MEDIA = "/media"
"""Stands after a policy's name for the hides of a reported account's media."""
COPIES = "/copies"
"""Stands after a policy's name for the hides of copies of what was reported or removed."""

CLAIMS = "/claims"
"""Stands after a policy's name for the codes of pictures that were claimed."""
CLAIMED = "/claimed"
"""Stands after a policy's name for the hides of what looks like a claimed picture."""

_HOUR = timedelta(hours=1)
_KEPT_FOR = timedelta(days=1)


# Rows are numbered as they come, so that the span of numbers since an hour ago is never less than their count: as long
# as that span leaves room for a whole form nothing needs counting. Else no more rows are counted than the budget has.
_ROOM = """
SELECT least(
  CASE WHEN span.of_all + %(form)s < %(in_all)s THEN %(in_all)s - span.of_all
  ELSE %(in_all)s - (SELECT count(*) FROM (SELECT FROM records_automatichide WHERE policy = %(policy)s
       AND at > %(since)s LIMIT %(in_all)s) AS in_all) END,
  CASE WHEN %(network)s = '' THEN %(in_all)s
  ELSE %(per_network)s - (SELECT count(*) FROM (SELECT FROM records_automatichide WHERE policy = %(policy)s
       AND network = %(network)s AND at > %(since)s LIMIT %(per_network)s) AS of_network) END)
FROM (SELECT coalesce((SELECT max(id) FROM records_automatichide)
    - (SELECT id FROM records_automatichide WHERE at > %(since)s ORDER BY at LIMIT 1) + 1, 0) AS of_all) AS span
"""
_MOST_OF_A_FORM = 50


def room(policy: Policy, network: str, now: datetime) -> int:
    """Return how many more automatic hides this hour allows under this policy, asked for from this network."""
    return _room(policy.name, policy.on_report.budget, network, now)


def is_within(policy: Policy, network: str, now: datetime) -> bool:
    """Whether one more automatic hide under this policy, asked for from this network, is within the hour's budget."""
    return _is_within(policy.name, policy.on_report.budget, network, now)


def is_within_for_media(policy: Policy, now: datetime) -> bool:
    """Whether one more item of a reported account may be hidden. Counted apart: it uses up no reporter's budget."""
    return _is_within(policy.name + MEDIA, policy.on_report.budget, "", now)


def is_within_for_copies(policy: Policy, star: str, now: datetime) -> bool:
    """Whether one more copy of what this star is about may be hidden. Counted apart from reports.

    One star may use up half of the hour's budget, so that no single report leaves nothing for the others.
    """
    in_all = policy.on_report.budget.in_all_per_hour
    return _is_within(policy.name + COPIES, Budget(max(in_all // 2, 1), in_all), star[:64], now)


def is_within_for_claims(policy: Policy, network: str, now: datetime) -> bool:
    """Whether one more code from this network may work before a person has started it."""
    return _is_within(policy.name + CLAIMS, policy.claims.budget, network, now)


def is_within_for_claimed(policy: Policy, claim: str, now: datetime) -> bool:
    """Whether one more post may be hidden for what this claim is about, before a person has looked at any."""
    return _is_within(policy.name + CLAIMED, policy.claims.hides, claim[:64], now)


def _is_within(policy: str, budget: Budget, network: str, now: datetime) -> bool:
    return _room(policy, budget, network, now) > 0


def _room(policy: str, budget: Budget, network: str, now: datetime) -> int:
    given = {
        "policy": policy,
        "network": network,
        "since": now - _HOUR,
        "in_all": budget.in_all_per_hour,
        "per_network": budget.per_network_per_hour,
        "form": _MOST_OF_A_FORM,
    }
    ((left,),) = ask(_ROOM, given)
    return int(left)


def forget_old(now: datetime) -> int:
    """Delete what is older than a day, with the networks' hashes; return how many rows."""
    deleted, _ = models.AutomaticHide.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return deleted
