"""What a decision may rely on besides the state and the command."""

from dataclasses import dataclass

from amparo.cases.actor import Staffing
from amparo.policies.policy import PolicyBook


@dataclass(frozen=True)
class Facts:
    """The policies in force and the people on hand, as they are at the moment of deciding."""

    policies: PolicyBook
    staffing: Staffing
