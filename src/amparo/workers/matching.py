"""Makes known what a case's files show: hashes them, finds their copies, and keeps the hashes of what was removed.

Matching goes both ways: what is new is looked up in the banks, and what is reported, and so hidden, is looked up in all
that platforms have shown. A search that cannot be made now is made later; nothing is ever taken for "no match".
"""

import logging

from amparo.cases.actor import Reviewer, System
from amparo.cases.case import Case
from amparo.cases.case_commands import RecordMatch, WithdrawMatches
from amparo.cases.case_events import KeepDecided, KeepVoted, RemovalDecided
from amparo.cases.effects import shows
from amparo.cases.likeness import Likeness, Range
from amparo.cases.refs import CaseId, Digest, Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Wanted
from amparo.matching.copies import Match
from amparo.matching.fingerprint import Fingerprint
from amparo.plugins import Installation, matcher
from amparo.policies.policy import Copies, Policy, Topic, UnknownPolicy
from amparo.records import banks, budgets, case_items, effects, media_files
from amparo.records.bank_values import CLAIMED, BankError, May
from amparo.records.effects import Work
from amparo.records.matcher import Known, Verdict, verdict
from amparo.records.stars import cases_of
from amparo.workers import claims, hashing, pager

log = logging.getLogger(__name__)

_TRIES_UNTIL_FETCHED = 20
BANK = "bank:"
_SYSTEM = System("matching")


def hash_content(here: Installation, work: Work) -> str | None:
    """Hash every file of a subject that shows something; look it up; find its copies, where it is hidden.

    Decoding may take longer than a lease, so only one worker at a time hashes for a case.
    """
    with effects.alone(f"{work.aggregate}:hashes") as is_ours:
        if not is_ours:
            return None
        case = _case(here, work.aggregate)
        if case.content is None:
            return "nothing"
        now = here.casebook.now()
        files = [hashing.of_part(part) for part in case.content.parts if shows(part.media_type)]
        for file in files:
            media_files.keep(file, now)
            media_files.show(case.subject, case.account, file.sha256, now)
        with effects.held(_star(case.id)):
            case = _case(here, work.aggregate)
            counts = _is_followed(here, case) and not case.is_only_like
            case_items.put_reported(case.id, files, counts=counts, now=now)
            _find_copies(here, case.id)
        for file in files:
            look_up(here, case.subject, file)
        return "hashed" if all(file.is_hashable for file in files) else "only equal files can be found"


def find_copies(here: Installation, work: Work) -> str | None:
    """Find the copies of what was hidden just now. What is not hashed yet finds them when it is."""
    with effects.held(_star(work.aggregate)):
        case = _case(here, work.aggregate)
        if not case_items.of_case(case.id):
            return "not hashed yet"
        if _is_followed(here, case) and not case.is_only_like:
            case_items.let_count(case.id)
            _find_copies(here, case.id)
        return "sought"


def bank(here: Installation, work: Work) -> str | None:
    """Keep for good what a person removed, so that it is known again, and hold its copies.

    What was removed unseen, or beside other files of one post, is found again and looked at, but never goes by itself:
    nobody has said of that very file that it breaks the rule.
    """
    event = here.casebook.entries(work.aggregate, work.seq)[0].event
    assert isinstance(event, RemovalDecided)  # noqa: S101 - for the type checker: effects_of pairs them
    if event.by is None or here.policies.get(event.policy).on_report.copies is Copies.LEAVE:
        return "left"
    with effects.held(_star(work.aggregate)):
        case = _case(here, work.aggregate)
        if case.wanted is not Wanted.REMOVED:
            return "superseded"
        if case.content is None:
            return None if work.tries < _TRIES_UNTIL_FETCHED else "never fetched"
        shown = [part for part in case.content.parts if shows(part.media_type)]
        if not shown:
            return "nothing to find"
        if not case_items.of_case(case.id):
            return None  # Being hashed: it is tried again.
        case_items.let_count(case.id)
        if event.digest == case.content.digest and len(shown) == 1:
            case_items.put_removed(case.id, event.by, only_digests=case.is_only_like, now=here.casebook.now())
        if not case.is_only_like:
            _find_copies(here, case.id)
        return "banked"


def release_copies(here: Installation, work: Work) -> str | None:
    """Let what people have kept find nothing any more, and let go of what is held only for being like it."""
    with effects.held(_star(work.aggregate)):
        if _case(here, work.aggregate).wanted is not Wanted.SHOWN:
            return "superseded"
        case_items.rest(CaseId(work.aggregate))
        entries = here.casebook.entries(work.aggregate)
        kept = next((e for e in reversed(entries[: work.seq]) if isinstance(e.event, KeepDecided)), None)
        if kept is None or not isinstance(kept.event, KeepDecided) or not isinstance(kept.actor, Reviewer):
            return "let go of by a star"
        by = kept.event.by
        leads = {e.event.voter for e in entries[: kept.seq] if isinstance(e.event, KeepVoted) and e.event.is_lead}
        for copy in cases_of(work.aggregate):
            command = WithdrawMatches(copy, work.aggregate, kept.seq, by, bool(leads & set(by)), kept.actor)
            try:
                here.casebook.execute(command)
            except Refused as refused:
                log.info("a copy stays held: %s", refused.code)
        return "released"


def take_up(here: Installation, subject: Subject, account: Subject | None, file: Fingerprint) -> Verdict:
    """Keep what a platform shows, look it up, and open a case where it is known. Raises NotReady.

    SUSPECTED: only the key frames of a video were hashed, and they do not suffice. Hash all of it and ask again.
    """
    now = here.casebook.now()
    media_files.keep(file, now)
    media_files.show(subject, account, file.sha256, now)
    return look_up(here, subject, file)


def look_up(here: Installation, subject: Subject, file: Fingerprint) -> Verdict:
    """Look a subject's file up in the banks, and hold it for what it is like. Raises NotReady.

    What a bank only asks about stays as it is, and waits for a person.
    """
    found = matcher().known(file)
    for known in found:
        if known.is_suspicion:
            continue
        if known.case is None:
            _hold_known(here, subject, file, known, None)
            continue
        with effects.held(_star(known.case)):
            centre = here.casebook.case(known.case)
            # It may have been kept, or taken out of its bank, since it was found.
            if centre is not None and centre.subject != subject and _is_followed(here, centre):
                _hold_known(here, subject, file, known, centre)
    return verdict(file, found)


def _hold_known(here: Installation, subject: Subject, file: Fingerprint, known: Known, centre: Case | None) -> None:
    try:
        item = banks.item(known.item)
    except BankError:
        return  # Deleted since it was found.
    if known.bank == CLAIMED:
        _hold_claimed(here, subject, file, known, claims.held_by(here, item))
        return
    work = item.signals.get("sha256", "")
    star = known.case or f"{BANK}{known.bank}"
    is_found = known.match.is_exact and known.may is May.REMOVE
    only_asks = known.may is May.REVIEW
    likeness = _likeness(star, work, file.sha256, known.match, is_found=is_found, only_asks=only_asks)
    _record(here, subject, likeness, centre)


def _hold_claimed(
    here: Installation, subject: Subject, file: Fingerprint, known: Known, held: claims.Held | None
) -> None:
    """Hold what looks like a picture that somebody claimed by its code, of which nobody here has seen anything."""
    if held is None:
        return  # Ended since it was found.
    likeness = _likeness(held.claim, "", file.sha256, known.match, is_found=False, only_asks=held.only_asks)
    hides, is_within = not held.only_asks, held.is_within_budget
    command = RecordMatch(
        UNKNOWN_YET, subject, likeness, held.policy.ref, held.regimes, hides, is_within, claims.SYSTEM
    )
    _execute(here, command)


def _find_copies(here: Installation, case_id: CaseId) -> None:
    """Hold every copy of what a case is about. A copy of a copy is no copy of this, and is not sought."""
    case = _case(here, case_id)
    if not _is_followed(here, case) or case.is_only_like:
        return
    for held in case_items.of_case(case_id):
        for copy in () if held.file is None else matcher().copies(held.file):
            if copy.subject == case.subject or copy.subject.platform not in here.connectors or held.file is None:
                continue
            match = hashing.looked_closer(here, held.file, copy) if copy.is_suspicion else copy.match
            if match is not None:
                is_found = match.is_exact and held.bank == case_items.REMOVED
                likeness = _likeness(case_id, held.file.sha256, copy.sha256, match, is_found=is_found)
                _record(here, copy.subject, likeness, case)


def _record(here: Installation, subject: Subject, likeness: Likeness, centre: Case | None) -> None:
    """Have a subject judged for a likeness, and hidden until then, unless that only asks.

    What cannot be held is said, and keeps no other from being held.
    """
    policy = _policy_of(here, centre)
    regimes = here.regimes if centre is None else frozenset().union(*(ground.regimes for ground in centre.grounds))
    is_within = budgets.is_within_for_copies(policy, likeness.star, here.casebook.now())
    hides = not likeness.only_asks
    command = RecordMatch(UNKNOWN_YET, subject, likeness, policy.ref, regimes, hides, is_within, _SYSTEM)
    _execute(here, command)


def _execute(here: Installation, command: RecordMatch) -> None:
    try:
        here.casebook.execute(command)
    except (Refused, UnknownPolicy) as error:
        pager.call_for_broken("match", command.likeness.star, error, here.casebook.now())


def _is_followed(here: Installation, case: Case) -> bool:
    """Whether copies of what a case is about are to be hidden as things stand."""
    if case.wanted is Wanted.SHOWN or not case.grounds or case.subject.is_account:
        return False
    match _policy_of(here, case).on_report.copies:
        case Copies.WITH_IT:
            return True
        case Copies.WHEN_REMOVED:
            return case.wanted is Wanted.REMOVED
        case Copies.LEAVE:
            return False


def _policy_of(here: Installation, case: Case | None) -> Policy:
    """Return the policy on whose ground copies are held: that of the removal, else of the gravest ground.

    In the version that is in force: what is opened now is judged by today's rules.
    """
    if case is None:
        # An imported list says no more than that somebody found it unlawful: it counts as the gravest.
        return here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    held = [ground for ground in case.grounds if ground.is_open] or list(case.grounds)
    ref = case.removed_for or max(held, key=lambda ground: ground.lane).policy
    name = ref.split("@")[0]
    return next((policy for policy in here.policies.current if policy.name == name), None) or here.policies.get(ref)


def _likeness(star: str, work: str, item: str, match: Match, *, is_found: bool, only_asks: bool = False) -> Likeness:
    ranges = tuple(
        Range(
            round(piece.query_from * 1000),
            round(piece.query_to * 1000),
            round(piece.bank_from * 1000),
            round(piece.bank_to * 1000),
            round(piece.speed * 100),
            piece.votes,
        )
        for piece in match.pieces
    )
    return Likeness(star, Digest(work), Digest(item), match.is_exact, match.distance, ranges, is_found, only_asks)


def _star(case: str) -> str:
    return f"{case}:star"


def _case(here: Installation, case_id: str) -> Case:
    case = here.casebook.case(case_id)
    assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
    return case
