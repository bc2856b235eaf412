"""Makes known what a case's files show: hashes them, finds their copies, and keeps the hashes of what was removed.

Matching goes both ways: what is new is looked up in the banks, and what is reported, and so hidden, is looked up in all
that platforms have shown. A search that cannot be made now is made later; nothing is ever taken for "no match".
"""

import logging
from collections.abc import Sequence

from amparo.cases.actor import Actor, Reviewer, System
from amparo.cases.case import Case
from amparo.cases.case_commands import RecordMatch, WithdrawMatches
from amparo.cases.case_events import Likeness, Range, RemovalDecided
from amparo.cases.effects import shows
from amparo.cases.refs import CaseId, Digest, StaffId, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Wanted
from amparo.matching.copies import Match
from amparo.matching.fingerprint import Fingerprint
from amparo.plugins import Installation, matcher
from amparo.policies.policy import Copies, Policy, Topic
from amparo.records import banks, budgets, case_items, effects, media_files
from amparo.records.banks import May
from amparo.records.effects import Work
from amparo.records.live_index import NotReady
from amparo.records.matcher import Known
from amparo.records.stars import cases_of
from amparo.workers import hashing

log = logging.getLogger(__name__)

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
        case = _case(here, work.aggregate)
        for file in files:
            media_files.keep(file, now)
            media_files.show(case.subject, case.account, file.sha256, now)
        case_items.put_reported(case.id, files, counts=_is_followed(here, case), now=now)
        for file in files:
            look_up(here, case.subject, file)
        _find_copies(here, case.id, None, _SYSTEM)
        return "hashed" if all(file.is_hashable for file in files) else "only equal files can be found"


def find_copies(here: Installation, work: Work) -> str | None:
    """Find the copies of what was hidden just now. What is not hashed yet finds them when it is."""
    if not case_items.of_case(CaseId(work.aggregate)):
        return "not hashed yet"
    if _is_followed(here, _case(here, work.aggregate)):
        case_items.let_count(CaseId(work.aggregate))
    _find_copies(here, CaseId(work.aggregate), None, _SYSTEM)
    return "sought"


def bank(here: Installation, work: Work) -> str | None:
    """Keep for good what a person removed, so that it is known again; the very same files go with the decision."""
    entry = here.casebook.entries(work.aggregate, work.seq)[0]
    event, case = entry.event, _case(here, work.aggregate)
    assert isinstance(event, RemovalDecided)  # noqa: S101 - for the type checker: effects_of pairs them
    if case.content is None or not any(shows(part.media_type) for part in case.content.parts):
        return "nothing"
    if here.policies.get(event.policy).on_report.copies is Copies.LEAVE or case.removed_for is None:
        return "left"
    if not case_items.of_case(case.id):
        return None  # Being hashed: it is tried again.
    if event.by is not None:
        case_items.put_removed(case.id, event.by, only_digests=case.is_only_like, now=here.casebook.now())
        _find_copies(here, case.id, event.by, entry.actor)
    return "banked"


def release_copies(here: Installation, work: Work) -> str | None:
    """Forget what was kept by people, and let go of everything that is held only for being like it."""
    actor = here.casebook.entries(work.aggregate, work.seq)[0].actor
    case_items.drop(CaseId(work.aggregate))
    if isinstance(actor, Reviewer):
        for copy in cases_of(work.aggregate):
            here.casebook.execute(WithdrawMatches(copy, work.aggregate, actor))
    return "released"


def take_up(here: Installation, subject: Subject, account: Subject | None, file: Fingerprint) -> list[Known]:
    """Keep what a platform shows, look it up, and open a case where it is known. Return what it is. Raises NotReady."""
    now = here.casebook.now()
    media_files.keep(file, now)
    media_files.show(subject, account, file.sha256, now)
    return look_up(here, subject, file)


def look_up(here: Installation, subject: Subject, file: Fingerprint) -> list[Known]:
    """Look a subject's file up in the banks; hold what is known, and return it. Raises NotReady."""
    found = [each for each in matcher().known(file) if not each.is_suspicion and each.may is not May.REVIEW]
    for known in found:
        centre = None if known.case is None else here.casebook.case(known.case)
        if centre is not None and centre.subject == subject:
            continue
        policy = _policy_of(here, centre)
        item = banks.item(known.item)
        star = known.case or f"{BANK}{known.bank}"
        likeness = _likeness(star, item.signals.get("sha256", ""), file.sha256, known.match)
        removes = known.may is May.REMOVE
        confirmed_by = StaffId(item.added_by) if removes else None
        _record(here, subject, likeness, policy, _regimes(here, centre), confirmed_by, _SYSTEM)
    return found


def _find_copies(here: Installation, case_id: CaseId, confirmed_by: StaffId | None, actor: Actor) -> None:
    """Hold every copy of what a case is about. A copy of a copy is no copy of this, and is not sought."""
    case = _case(here, case_id)
    if not _is_followed(here, case) or case.is_only_like:
        return
    policy, regimes = _policy_of(here, case), _regimes(here, case)
    for held in case_items.of_case(case_id):
        if held.file is None:
            continue
        for copy in matcher().copies(held.file):
            if copy.subject == case.subject or copy.subject.platform not in here.connectors:
                continue
            match = hashing.looked_closer(here, held.file, copy) if copy.is_suspicion else copy.match
            if match is not None:
                likeness = _likeness(case_id, held.file.sha256, copy.sha256, match)
                _record(here, copy.subject, likeness, policy, regimes, confirmed_by, actor)


def _record(
    here: Installation,
    subject: Subject,
    likeness: Likeness,
    policy: Policy,
    regimes: frozenset[str],
    confirmed_by: StaffId | None,
    actor: Actor,
) -> None:
    is_within = budgets.is_within_for_copies(policy, here.casebook.now())
    removes = confirmed_by is not None
    here.casebook.execute(
        RecordMatch(UNKNOWN_YET, subject, likeness, policy.ref, regimes, True, removes, confirmed_by, is_within, actor)
    )


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
    """Return the policy on whose ground copies are held: that of the removal, else of the gravest ground."""
    if case is None:
        # An imported list says no more than that somebody found it unlawful: it counts as the gravest.
        return here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    if case.removed_for is not None:
        return here.policies.get(case.removed_for)
    held = [ground for ground in case.grounds if ground.is_open] or list(case.grounds)
    return here.policies.get(max(held, key=lambda ground: ground.lane).policy)


def _regimes(here: Installation, case: Case | None) -> frozenset[str]:
    return here.regimes if case is None else frozenset().union(*(ground.regimes for ground in case.grounds))


def _likeness(star: str, work: str, item: str, match: Match) -> Likeness:
    ranges: Sequence[Range] = [
        Range(
            round(piece.query_from * 1000),
            round(piece.query_to * 1000),
            round(piece.bank_from * 1000),
            round(piece.bank_to * 1000),
            round(piece.speed * 100),
            piece.votes,
        )
        for piece in match.pieces
    ]
    return Likeness(star, Digest(work), Digest(item), match.is_exact, match.distance, tuple(ranges))


def _case(here: Installation, case_id: str) -> Case:
    case = here.casebook.case(case_id)
    assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
    return case


__all__ = ["NotReady", "bank", "find_copies", "hash_content", "look_up", "release_copies", "take_up"]
