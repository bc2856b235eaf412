"""How many automatic hides this hour has seen. Over a budget a person is called; nothing is dropped.

The count is read before the hide is written, so that a burst of reports at one moment may pass it by a few: it is a
brake, not a lock.
"""

from datetime import datetime, timedelta

from amparo.policies.policy import Policy
from amparo.records import models

MEDIA = "/media"
"""Stands after a policy's name for the hides of a reported account's media."""

_HOUR = timedelta(hours=1)
_KEPT_FOR = timedelta(days=1)


def is_within(policy: Policy, network: str, now: datetime) -> bool:
    """Whether one more automatic hide under this policy, asked for from this network, is within the hour's budget."""
    lately = models.AutomaticHide.objects.filter(at__gt=now - _HOUR, policy=policy.name)
    budget = policy.on_report.budget
    if lately.count() >= budget.in_all_per_hour:
        return False
    return not network or lately.filter(network=network).count() < budget.per_network_per_hour


def is_within_for_media(policy: Policy, now: datetime) -> bool:
    """Whether one more item of a reported account may be hidden. Counted apart: it uses up no reporter's budget."""
    lately = models.AutomaticHide.objects.filter(at__gt=now - _HOUR, policy=policy.name + MEDIA)
    return lately.count() < policy.on_report.budget.in_all_per_hour


def forget_old(now: datetime) -> int:
    """Delete what is older than a day, with the networks' hashes; return how many rows."""
    deleted, _ = models.AutomaticHide.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return deleted
