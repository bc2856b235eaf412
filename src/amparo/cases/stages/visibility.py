"""What the platform shows: what we fetched from it, what its logged-out page showed, and what to do if it drifts."""

from amparo.cases.actor import Connector
from amparo.cases.case_commands import (
    RecordAccountMedia,
    RecordContent,
    RecordObservation,
    RecordReach,
    RecordTrouble,
)
from amparo.cases.platform_events import (
    AccountMediaListed,
    CameBack,
    ContentRecorded,
    Observed,
    OrderRepeated,
    PlatformTroubled,
    ReachRead,
    SuspensionEnded,
)
from amparo.cases.stages.copies import remove_what_was_found
from amparo.cases.stages.draft import RECHECK, RESTORED, Draft
from amparo.cases.stages.intake import hides, void_votes
from amparo.cases.words import Alarm, Seen, Told, Wanted, WhyHide
from amparo.policies.policy import ClockName

FORGETS_KEYS = "forgets_keys"
"""The connector's code for a platform that acts twice on one idempotency key."""
UNDONE = "undone"
"""The connector's code for an order that the platform remembers having carried out while its page shows otherwise."""
UNKNOWN_SUBJECT = "unknown_subject"
"""The connector's code for a subject that the platform does not know: never posted, or gone already."""


def record_content(draft: Draft, command: RecordContent) -> None:
    """Take down what the subject shows, by digest. Changed content voids the votes cast on the old."""
    held = draft.case.content
    if held is not None and held.digest == command.digest and held.version == command.version:
        return
    draft.add(ContentRecorded(command.digest, command.version, command.account, command.parts, command.views))
    remove_what_was_found(draft)
    if held is None or held.digest == command.digest:
        return
    void_votes(draft)
    if draft.case.is_only_asked:
        return
    for ground in sorted(draft.case.open_grounds, key=lambda g: -g.lane):
        policy = draft.policy(ground.policy)
        if hides(policy, ground) and not draft.case.subject.is_account:
            draft.hide(policy, WhyHide.REPORT)  # Nobody has judged what it shows now.


def record_account_media(draft: Draft, command: RecordAccountMedia) -> None:
    """Take down how many of an account's media now wait for review."""
    draft.add(AccountMediaListed(command.found, command.joined))


def record_observation(draft: Draft, command: RecordObservation) -> None:
    """Compare what the logged-out page showed with what is wanted; confirm it, or order it anew where it drifted."""
    until = draft.case.suspended_until
    if draft.case.wanted is Wanted.HIDDEN and until is not None and draft.now >= until:
        draft.add(SuspensionEnded())
        draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value)
        draft.start(ClockName.WATCH, draft.gravest(), draft.regimes, draft.now)
        draft.watch_restoring()
    wanted, was_confirmed = draft.case.wanted, draft.case.is_confirmed
    was_away = draft.case.hidden_at is not None or draft.case.gone_at is not None
    confirms = _confirms(wanted, command.seen, tells_gone=command.tells_gone)
    # A page that answers "not found" for what the platform does not know shows nothing that we have hidden.
    names_nothing = draft.case.is_unknown and command.seen is Seen.HIDDEN
    confirms = confirms and not names_nothing
    draft.add(Observed(command.seen, confirms), actor=Connector(draft.case.subject.platform))
    if command.seen is Seen.UNKNOWN:
        return
    if names_nothing:
        if draft.case.is_open:
            draft.recheck()
        return
    if wanted is not Wanted.SHOWN and command.seen is Seen.SHOWN and was_away:
        draft.add(CameBack())
        draft.alarm(Alarm.CAME_BACK)
        draft.tell(Told.CAME_BACK)
    if confirms and not was_confirmed:
        _confirmed(draft, wanted)
    elif not confirms and wanted is not Wanted.SHOWN and (was_confirmed or not _is_awaited(draft)):
        _order_again(draft, wanted)
    if draft.case.wanted is not Wanted.SHOWN and draft.case.is_confirmed and draft.case.is_open:
        draft.recheck()


def record_reach(draft: Draft, command: RecordReach) -> None:
    """Take down what the platform's counters said. What cannot be a count, or is no younger, says nothing."""
    before = draft.case.exposure
    # Another worker's clock may be a moment ahead of ours.
    read_at = min(command.read_at, draft.now)
    if command.views < 0 or draft.case.subject.is_account:
        return
    if before is not None and read_at <= before.read_at:
        return
    reshares = command.reshares if command.reshares is not None and command.reshares >= 0 else None
    draft.add(ReachRead(command.views, reshares, read_at), actor=Connector(draft.case.subject.platform))


def record_trouble(draft: Draft, command: RecordTrouble) -> None:
    """Take down that an order failed or its outcome is unknown, and call a person."""
    is_unknown = command.code == UNKNOWN_SUBJECT
    draft.add(PlatformTroubled(command.effect, command.code, command.is_permanent, is_unknown))
    if is_unknown:
        draft.stop(ClockName.HIDDEN.value)
        draft.tell(Told.LINK_NOT_FOUND)
        if draft.case.wanted is not Wanted.SHOWN and draft.case.is_open:
            draft.recheck()  # It may turn up yet.
        return
    if command.code == UNDONE:
        # The old key would only be answered as before, so the order goes out again under a new one.
        draft.alarm(Alarm.CAME_BACK)
        if draft.case.is_open and not draft.case.is_confirmed:
            _order_again(draft, draft.case.wanted)
        return
    draft.alarm(Alarm.FORGETS_KEYS if command.code == FORGETS_KEYS else Alarm.PLATFORM_TROUBLE)


def _confirms(wanted: Wanted, seen: Seen, *, tells_gone: bool) -> bool:
    match wanted:
        case Wanted.SHOWN:
            return seen is Seen.SHOWN
        case Wanted.HIDDEN:
            return seen in (Seen.HIDDEN, Seen.GONE)
        case Wanted.REMOVED:
            return seen is Seen.GONE or (seen is Seen.HIDDEN and not tells_gone)


def _confirmed(draft: Draft, wanted: Wanted) -> None:
    match wanted:
        case Wanted.SHOWN:
            draft.stop(RESTORED, RECHECK)
        case Wanted.HIDDEN if not draft.case.subject.is_account:
            draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value)
            draft.tell(Told.HIDDEN)
        case Wanted.HIDDEN | Wanted.REMOVED:
            draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value)
            draft.tell(Told.GONE)
            draft.start(ClockName.WATCH, draft.gravest(), draft.regimes, draft.now)


def _is_awaited(draft: Draft) -> bool:
    """Whether a clock still waits for the platform to obey. None does for a subject that it said it does not know."""
    return any(clock.name in (ClockName.HIDDEN.value, ClockName.GONE.value) for clock in draft.case.clocks)


def _order_again(draft: Draft, wanted: Wanted) -> None:
    draft.add(OrderRepeated(wanted))
    if wanted is Wanted.SHOWN:
        draft.watch_restoring()
        return
    name = ClockName.HIDDEN if wanted is Wanted.HIDDEN else ClockName.GONE
    policy = draft.gravest()
    if policy.rules(name, draft.regimes):
        draft.start(name, policy, draft.regimes, draft.now)
    else:
        draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
