"""What makes a report more urgent: what its words say, and that a trusted flagger sent it.

It stands here, at the innermost, because the cases and the finding of signals both name it and know nothing of each
other.
"""

from collections.abc import Collection
from enum import Enum


class Signal(Enum):
    """One thing that is so of a report. It may raise priority; that it is not so means nothing."""

    MINOR = "minor"
    SELF_DEPICTED = "self_depicted"
    THREAT = "threat"
    NO_CONSENT = "no_consent"
    POLICE = "police"
    SPREADING = "spreading"
    SELF_HARM = "self_harm"
    OTHER_PLATFORM = "other_platform"
    TRUSTED_FLAGGER = "trusted_flagger"
    """No words say it, the sender's key does: such a notice has priority (Digital Services Act, Article 22)."""


IN_WORDS = frozenset(Signal) - {Signal.TRUSTED_FLAGGER}
"""Those that a reporter's own words may raise."""


ASKS_FOR_POLICE = frozenset({Signal.SELF_HARM, Signal.THREAT})
"""Said of a danger to life or safety: people decide whether the police are told."""

# In percent of the harm that a policy says. Each is more than nothing, so what is said more never counts less.
_RAISES = {
    Signal.SELF_HARM: 100,
    Signal.THREAT: 50,
    Signal.SPREADING: 50,
    Signal.MINOR: 50,
    Signal.POLICE: 25,
    Signal.OTHER_PLATFORM: 25,
    Signal.TRUSTED_FLAGGER: 25,
    Signal.NO_CONSENT: 10,
    Signal.SELF_DEPICTED: 10,
}


def in_order(signals: Collection[Signal]) -> tuple[Signal, ...]:
    """Return each once, in the order in which they stand above."""
    return tuple(signal for signal in Signal if signal in signals)


def raised(harm: int, signals: Collection[Signal]) -> int:
    """Return the harm by which a case is sorted, once this was said of it: never less than without it."""
    return -(-harm * (100 + sum(_RAISES[signal] for signal in set(signals))) // 100)
