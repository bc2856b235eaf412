"""What a reporter's own words may say that makes a report more urgent.

It stands here, at the innermost, because the cases and the finding of signals both name it and know nothing of each
other.
"""

from enum import Enum


class Signal(Enum):
    """One thing that was said. It may raise priority; that it was not said means nothing."""

    MINOR = "minor"
    SELF_DEPICTED = "self_depicted"
    THREAT = "threat"
    NO_CONSENT = "no_consent"
    POLICE = "police"
    SPREADING = "spreading"
    SELF_HARM = "self_harm"
    OTHER_PLATFORM = "other_platform"
