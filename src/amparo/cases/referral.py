"""Whether the police are told of a danger to somebody's life or safety: a question to people, never to a machine.

Regulation (EU) 2022/2065, art. 18. Nothing is sent from here. "Told" is written down only with whom, when and the
number that was given for it, typed by the person who has told them.
"""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import SealedRef, StaffId
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class Referral:
    """One such question. `sealed`: whom the police were told through and the number, or why they were not told.

    `refers` is None while it is open. `told_at` is set only where they were told.
    """

    number: int
    signals: tuple[Signal, ...]
    opened_at: datetime
    refers: bool | None = None
    decided_at: datetime | None = None
    by: StaffId | None = None
    sealed: SealedRef | None = None
    told_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.refers is None
