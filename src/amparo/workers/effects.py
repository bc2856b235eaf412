"""Carries out effects, at least once each, and reads back what became of them.

An order to a platform is done only when its logged-out page showed the wanted state; the answer 200 proves nothing.
On a second try the page is looked at before the order is repeated: the first may have arrived.
"""

import hashlib
import logging
from collections.abc import Callable

from amparo.cases.actor import Connector as ConnectorActor
from amparo.cases.actor import System
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    JoinFromAccount,
    RecordAccountMedia,
    RecordContent,
    RecordObservation,
    RecordTrouble,
)
from amparo.cases.clock_events import AlarmRaised, EscalatedToLead
from amparo.cases.consequences import news_for
from amparo.cases.effects import VISIBLE, EffectName
from amparo.cases.platform_events import AccountMediaRequested, ContentPart
from amparo.cases.refs import CaseId, Digest, NoticeId, SealedRef
from amparo.cases.stages.visibility import FORGETS_KEYS, UNDONE, UNKNOWN_SUBJECT
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Seen, Wanted
from amparo.connectors.connector import UNSUPPORTED, Answer, Connector, ConnectorError
from amparo.connectors.wanted import LOOKS, fits, order
from amparo.plugins import Installation
from amparo.records import alarms, budgets, effects, heartbeats, queues
from amparo.records.away import is_away
from amparo.records.casebook import Enclosed
from amparo.records.effects import Work
from amparo.records.live_index import NotReady
from amparo.workers import certificates, claims, matching, pager, reach

log = logging.getLogger(__name__)

# A platform that forgets idempotency keys acts twice when an answer is lost; so it is asked now and then.
_KEY_CHECK_EVERY_SECONDS = 10
_TRIES_BEFORE_A_NEW_KEY = 3
# An index that is being read is no reason to call anybody; one that stays so is.
_TRIES_BEFORE_A_CALL = 6


def carry_out(here: Installation, aggregate: str) -> None:
    """Do what a case or notice has waiting: hiding first, then oldest first. What cannot be done now stays waiting."""
    claimed = sorted(effects.claim(aggregate, here.casebook.now()), key=_turn)
    # How many have seen it is asked while the platform is given its orders: after them it would be another number.
    counting = next((work for work in claimed if work.name is EffectName.READ_REACH), None)
    with reach.asked_beside(here, counting) as asked:
        # Whoever waits for an order or for news does not wait for a count that is slow to come.
        is_slow = False
        for work in claimed:
            is_slow = is_slow or (work is counting and asked is not None and not asked.done())
            if work is not counting or not is_slow:
                _do(here, work, asked if work is counting else None)
        if counting is not None and is_slow:
            _do(here, counting, asked)


def _turn(work: Work) -> tuple[bool, bool, bool, bool]:
    """Hiding comes first, then every other order, what was asked beside them, the rest as it arose; slow work last."""
    is_order, is_count = work.name in VISIBLE, work.name is EffectName.READ_REACH
    return work.name is not EffectName.HIDE, not is_order, not is_count, work.name in _SLOW


def _do(here: Installation, work: Work, asked: reach.Asked | None) -> None:
    try:
        outcome = _DO[work.name](here, work) if asked is None else reach.read_reach(here, work, asked)
    except ConnectorError as error:
        outcome = _trouble(here, work, error)
    except NotReady as error:
        if work.tries == _TRIES_BEFORE_A_CALL:
            pager.call_for_broken(work.name.value, work.aggregate, error, here.casebook.now())
        outcome = None
    except Exception as error:
        if is_away(error):
            raise  # The lease ends by itself.
        # Whatever broke one effect keeps none of the others from being done.
        pager.call_for_broken(work.name.value, work.aggregate, error, here.casebook.now())
        outcome = None
    now = here.casebook.now()
    if outcome is None:
        effects.postpone(work, now)
    else:
        effects.finish(work, outcome, now)


def _enforce(here: Installation, work: Work) -> str | None:
    """Bring the platform to the wanted state and see it there."""
    with effects.alone(work.aggregate) as is_ours:
        if not is_ours or not effects.is_wanted(work):
            return None
        case = _case(here, work)
        connector = here.connectors[case.subject.platform]
        is_possible = connector.capabilities.reaches(case.wanted, is_account=case.subject.is_account)
        # What the platform cannot be asked for a person may have done there by hand.
        if (work.tries > 1 or not is_possible) and _is_seen(here, connector, case, looks=1):
            return "seen"
        try:
            answer = order(connector, case, work.key)
        except ConnectorError as error:
            if error.permanent and error.code != UNKNOWN_SUBJECT:
                raise
            is_missing = error.code == UNKNOWN_SUBJECT
            if is_missing and case.wanted is not Wanted.REMOVED:
                raise
            if not is_missing:
                _report(here, work, error)
            # The outcome is unknown, or the platform no longer has it: only looking tells.
            return "seen" if _is_seen(here, connector, case, looks=len(LOOKS)) else None
        if not _is_seen(here, connector, case, looks=len(LOOKS)):
            if answer.is_replay and work.tries >= _TRIES_BEFORE_A_NEW_KEY:
                _report(here, work, ConnectorError("It was done and undone.", permanent=False, code=UNDONE))
            return None
        _check_keys(here, connector, case, work, answer)
        return "seen"


def _is_seen(here: Installation, connector: Connector, case: Case, *, looks: int) -> bool:
    """Look until the page shows what is wanted, or the looks are used up; have the last sight recorded."""
    seen = Seen.UNKNOWN
    for pause in LOOKS[:looks]:
        here.pause(pause)
        seen = connector.observe(case.subject)
        if fits(case.wanted, seen, tells_gone=connector.capabilities.shows_removal):
            break
    after = _observed(here, connector, case, seen)
    return after.is_confirmed and after.wanted is case.wanted


def _observed(here: Installation, connector: Connector, case: Case, seen: Seen) -> Case:
    actor = ConnectorActor(connector.platform)
    command = RecordObservation(case.id, seen, connector.capabilities.shows_removal, actor)
    here.casebook.execute(command)
    after = here.casebook.case(case.id)
    assert after is not None  # noqa: S101 - for the type checker: a case is never deleted
    return after


def _check_keys(here: Installation, connector: Connector, case: Case, work: Work, first: Answer) -> None:
    """Repeat a fulfilled order under its own key, now and then: a platform that acts on it again forgets keys."""
    if first.is_replay is None or not connector.capabilities.remembers_keys:
        return
    if not heartbeats.is_due(f"keys:{connector.platform}", here.casebook.now(), _KEY_CHECK_EVERY_SECONDS):
        return
    try:
        again = order(connector, case, work.key)
    except ConnectorError as error:
        log.info("the check of idempotency keys on %s could not be made: %s", connector.platform, error.code)
        return
    if again.is_replay is False:
        _report(here, work, ConnectorError("It acts twice on one key.", permanent=False, code=FORGETS_KEYS))


def _observe(here: Installation, work: Work) -> str | None:
    case = _case(here, work)
    connector = here.connectors[case.subject.platform]
    seen = connector.observe(case.subject)
    if seen is Seen.UNKNOWN and work.tries == 1:
        _report(here, work, ConnectorError("It could not be looked at.", permanent=False, code="cannot_look"))
    _observed(here, connector, case, seen)
    return "looked" if seen is not Seen.UNKNOWN else None


def _demonetise(here: Installation, work: Work) -> str | None:
    case = _case(here, work)
    connector = here.connectors[case.subject.platform]
    if not connector.capabilities.demonetises:
        return UNSUPPORTED
    connector.demonetise(case.subject, key=work.key)
    return "asked"


def _fetch_content(here: Installation, work: Work) -> str | None:
    """Seal what the subject holds as evidence and take its digest down; what is held already is not sealed again.

    Files may take longer to come than a lease lasts, so only one worker at a time fetches for a case.
    """
    with effects.alone(f"{work.aggregate}:content") as is_ours:
        if not is_ours:
            return None
        connector = here.connectors[_case(here, work).subject.platform]
        fetched = connector.fetch(_case(here, work).subject)
        case = _case(here, work)
        if not effects.is_wanted(work):
            return None
        digests = [Digest(hashlib.sha256(part.body).hexdigest()) for part in fetched.parts]
        whole = Digest(hashlib.sha256("".join(digests).encode()).hexdigest())
        if case.content is not None and (case.content.digest, case.content.version) == (whole, fetched.version):
            return "fetched"
        sealed = tuple(here.sealer.seal(part.body, kind="content", owner=case.id) for part in fetched.parts)
        parts = tuple(
            ContentPart(SealedRef(kept.id), digest, part.media_type, len(part.body))
            for kept, digest, part in zip(sealed, digests, fetched.parts, strict=True)
        )
        actor = ConnectorActor(connector.platform)
        command = RecordContent(case.id, whole, fetched.version, fetched.account, parts, fetched.views, actor)
        here.casebook.execute(command, enclosed=Enclosed(sealed=sealed))
        return "fetched"


def _list_media(here: Installation, work: Work) -> str | None:
    """Have every unreviewed media item of a reported account wait hidden for review."""
    case = _case(here, work)
    if not here.connectors[case.subject.platform].capabilities.lists_media:
        raise ConnectorError("The platform lists no media of accounts.", permanent=True, code=UNSUPPORTED)
    event = here.casebook.entries(work.aggregate, work.seq)[0].event
    assert isinstance(event, AccountMediaRequested)  # noqa: S101 - for the type checker: effects_of pairs them
    ground = case.ground(event.policy)
    regimes = here.regimes if ground is None else ground.regimes
    policy = here.policies.get(event.policy)
    found = joined = 0
    for subject in here.connectors[case.subject.platform].media_of(case.subject):
        found += 1
        is_within = budgets.is_within_for_media(policy, here.casebook.now())
        actor = System("workers")
        done = here.casebook.execute(
            JoinFromAccount(UNKNOWN_YET, subject, case.subject, event.policy, regimes, actor, is_within)
        )
        joined += bool(done.changes)
    here.casebook.execute(RecordAccountMedia(case.id, found, joined, ConnectorActor(case.subject.platform)))
    return "listed"


def _raise_alarm(here: Installation, work: Work) -> str | None:
    entry = here.casebook.entries(work.aggregate, work.seq)[0]
    event = entry.event
    assert isinstance(event, AlarmRaised | EscalatedToLead)  # noqa: S101 - for the type checker: effects_of pairs them
    kind = event.alarm.value if isinstance(event, AlarmRaised) else "lead_wanted"
    if alarms.ring(kind, work.aggregate, entry.at):
        log.warning("alarm %s for %s", kind, work.aggregate)
        pager.page(kind, work.aggregate)
    return "rung"


def _tell_reporters(here: Installation, work: Work) -> str | None:
    """Bring a case's news to everyone who reported its subject."""
    entry = here.casebook.entries(work.aggregate, work.seq)[0]
    case_id = CaseId(work.aggregate)
    for notice in queues.notices_of(case_id):
        here.casebook.execute(news_for(NoticeId(notice), case_id, entry, System("workers")))
    return "told"


def _trouble(here: Installation, work: Work, error: ConnectorError) -> str | None:
    """Record that the platform failed us; return how the effect ended, or None where it is tried again."""
    # A key that is refused today may be set right tomorrow, so an order is never given up; a question may be.
    is_over = error.permanent and (work.name not in VISIBLE or error.code == UNKNOWN_SUBJECT)
    if work.tries == 1 or is_over:
        _report(here, work, error)
    return error.code if is_over else None


def _report(here: Installation, work: Work, error: ConnectorError) -> None:
    here.casebook.execute(
        RecordTrouble(CaseId(work.aggregate), work.name.value, error.code, error.permanent, System("workers"))
    )


def _case(here: Installation, work: Work) -> Case:
    case = here.casebook.case(work.aggregate)
    assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
    return case


_SLOW = frozenset(
    {
        EffectName.HASH_CONTENT,
        EffectName.FIND_COPIES,
        EffectName.BANK,
        EffectName.RELEASE_COPIES,
        EffectName.RELEASE_CLAIM,
    }
)
"""Nobody who is to be called or told waits for a video to be decoded."""

_DO: dict[EffectName, Callable[[Installation, Work], str | None]] = {
    **dict.fromkeys(VISIBLE, _enforce),
    EffectName.FETCH_CONTENT: _fetch_content,
    EffectName.LIST_MEDIA: _list_media,
    EffectName.HASH_CONTENT: matching.hash_content,
    EffectName.FIND_COPIES: matching.find_copies,
    EffectName.BANK: matching.bank,
    EffectName.RELEASE_COPIES: matching.release_copies,
    EffectName.HOLD_CLAIM: claims.hold,
    EffectName.RELEASE_CLAIM: claims.release,
    EffectName.DEMONETISE: _demonetise,
    EffectName.OBSERVE: _observe,
    EffectName.READ_REACH: reach.read_reach,
    EffectName.CERTIFY: certificates.ask,
    EffectName.RAISE_ALARM: _raise_alarm,
    EffectName.TELL_REPORTERS: _tell_reporters,
}
