"""Every policy version that was ever in force here, so that a case is decided by the one it began under.

An operator edits a policy file and restarts one process after another; cases go on under their own version, and a
process that has not been restarted yet finds the new one here.
"""

from collections.abc import Iterable, Mapping

from amparo.policies.parse import parse_policy
from amparo.policies.policy import Policy, PolicyBook, UnknownPolicy
from amparo.records import models


class KeptPolicyBook(PolicyBook):
    """The current policies and, looked up when a case names one, every version before them."""

    def __init__(self, current: Iterable[Policy]) -> None:
        super().__init__(current)
        self._kept: dict[str, Policy] = {}

    def get(self, ref: str) -> Policy:
        """Return the pinned version. Raises UnknownPolicy where it was never in force here."""
        try:
            return super().get(ref)
        except UnknownPolicy:
            if ref not in self._kept:
                text = models.PolicyVersion.objects.filter(ref=ref).values_list("text", flat=True).first()
                if text is None:
                    raise
                self._kept[ref] = parse_policy(text, ref)
            return self._kept[ref]


def keep(texts: Mapping[str, str]) -> None:
    """Keep the text of policies by their address. May be repeated: an address names its text."""
    rows = [models.PolicyVersion(ref=ref, text=text) for ref, text in texts.items()]
    models.PolicyVersion.objects.bulk_create(rows, ignore_conflicts=True)
