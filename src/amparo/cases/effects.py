"""What must be done outside because of an event. Effects are rows in the deciding transaction; workers do them."""

from dataclasses import dataclass
from enum import Enum

from amparo.cases.case_events import CaseOpened, CopiesRequested, RemovalDecided, ReportersTold, RoundOpened
from amparo.cases.claim_events import ClaimEnded, ClaimStarted, PictureClaimed
from amparo.cases.clock_events import AlarmRaised, EscalatedToLead
from amparo.cases.events import Entry
from amparo.cases.platform_events import (
    AccountMediaRequested,
    CameBack,
    ContentRecorded,
    ContentRequested,
    HideRequested,
    LookDue,
    Observed,
    OrderRepeated,
    RemoveRequested,
    RestoreRequested,
    SuspensionEnded,
    SuspensionRequested,
)
from amparo.cases.refs import CaseId, NoticeId
from amparo.cases.words import WhyClaimEnded, WhyHide


class EffectName(Enum):
    """What a worker shall do. Those in VISIBLE are done only when the wanted state was seen logged out."""

    FETCH_CONTENT = "fetch_content"
    LIST_MEDIA = "list_media"
    HASH_CONTENT = "hash_content"
    FIND_COPIES = "find_copies"
    BANK = "bank"
    RELEASE_COPIES = "release_copies"
    HOLD_CLAIM = "hold_claim"
    RELEASE_CLAIM = "release_claim"
    HIDE = "hide"
    DEMONETISE = "demonetise"
    REMOVE = "remove"
    RESTORE = "restore"
    SUSPEND = "suspend"
    ENFORCE = "enforce"
    OBSERVE = "observe"
    READ_REACH = "read_reach"
    CERTIFY = "certify"
    RAISE_ALARM = "raise_alarm"
    TELL_REPORTERS = "tell_reporters"


VISIBLE = frozenset({EffectName.HIDE, EffectName.REMOVE, EffectName.RESTORE, EffectName.SUSPEND, EffectName.ENFORCE})


@dataclass(frozen=True)
class Effect:
    """One thing to do. `key` is unique for all time and is the platform's idempotency key."""

    key: str
    name: EffectName
    aggregate: CaseId | NoticeId
    seq: int


def shows(media_type: str) -> bool:
    """Whether a part of that type shows pictures, so that copies of it can be found by what they show."""
    return media_type.startswith(("image/", "video/"))


def effects_of(aggregate: CaseId | NoticeId, entry: Entry) -> tuple[Effect, ...]:
    """Return the effects of one event of a case or notice. An effect's key is `aggregate:seq:name`."""
    names: tuple[EffectName, ...]
    match entry.event:
        case CaseOpened(subject=subject):
            names = () if subject.is_account else (EffectName.FETCH_CONTENT,)
        case ContentRequested():
            names = (EffectName.FETCH_CONTENT,)
        case ContentRecorded(parts=parts):
            names = (EffectName.HASH_CONTENT,) if any(shows(part.media_type) for part in parts) else ()
        case CopiesRequested():
            names = (EffectName.FIND_COPIES,)
        case AccountMediaRequested():
            names = (EffectName.LIST_MEDIA,)
        case HideRequested(why=WhyHide.MATCH):
            # Copies are sought of what was reported, never of copies: else one likeness would lead to the next.
            names = (EffectName.HIDE, EffectName.DEMONETISE)
        case HideRequested():
            names = (EffectName.HIDE, EffectName.DEMONETISE, EffectName.FIND_COPIES)
        case RemovalDecided(by=by) if by is not None:
            names = (EffectName.BANK,)
        case RemoveRequested():
            names = (EffectName.REMOVE,)
        case RestoreRequested():
            names = (EffectName.RESTORE, EffectName.READ_REACH, EffectName.CERTIFY, EffectName.RELEASE_COPIES)
        case SuspensionEnded():
            names = (EffectName.RESTORE,)
        case SuspensionRequested():
            names = (EffectName.SUSPEND,)
        case OrderRepeated():
            names = (EffectName.ENFORCE, EffectName.CERTIFY)
        case RoundOpened():
            names = (EffectName.READ_REACH,)
        case Observed(confirms=True):
            names = (EffectName.READ_REACH, EffectName.CERTIFY)
        case CameBack():
            names = (EffectName.CERTIFY,)
        case LookDue():
            names = (EffectName.OBSERVE,)
        case AlarmRaised() | EscalatedToLead():
            names = (EffectName.RAISE_ALARM,)
        case PictureClaimed(works=True) | ClaimStarted():
            names = (EffectName.HOLD_CLAIM,)
        case ClaimEnded(why=WhyClaimEnded.PEOPLE):
            names = (EffectName.HOLD_CLAIM, EffectName.RELEASE_CLAIM)
        case ClaimEnded():
            names = (EffectName.HOLD_CLAIM,)
        case ReportersTold():
            names = (EffectName.TELL_REPORTERS,)
        case _:
            names = ()
    return tuple(Effect(f"{aggregate}:{entry.seq}:{name.value}", name, aggregate, entry.seq) for name in names)
