"""What a change becomes in rows: events, the folded state, clocks, effects. Used by the casebook alone."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.case import Case
from amparo.cases.case_events import MatchRecorded, NoticeJoined
from amparo.cases.claim_events import ClaimEnded, ClaimRenewed, ClaimStarted, PictureClaimed
from amparo.cases.clock import Clock
from amparo.cases.effects import VISIBLE, Effect, effects_of
from amparo.cases.notice import Notice
from amparo.cases.notice_events import LetterSent, WordsReceived
from amparo.cases.platform_events import HideRequested, Observed
from amparo.cases.refs import NoticeId
from amparo.cases.transaction import Change
from amparo.cases.words import WhyHide
from amparo.policies.policy import ClockName, PolicyBook
from amparo.policies.signal import raised
from amparo.records import budgets, codec, messages
from amparo.records.picture_claims import ClaimedPicture
from amparo.records.statements import Batch
from amparo.vault.sealed import SealedObject

_COUNTED = {WhyHide.REPORT: "", WhyHide.ACCOUNT_REPORTED: budgets.MEDIA, WhyHide.MATCH: budgets.COPIES}
_VISIBLE = [name.value for name in VISIBLE]

_EVENTS = """
INSERT INTO records_event (aggregate, seq, at, actor, policy, type, body)
SELECT * FROM jsonb_to_recordset(%s::jsonb)
AS t (aggregate text, seq int, at timestamptz, actor jsonb, policy text, type text, body jsonb)
"""
_CASE = """
UPDATE records_case SET seq = %s, state = %s::jsonb, is_open = %s, lane = %s, harm = %s, round = %s,
look_by = %s, account = %s, opened_at = %s WHERE id = %s
"""
_NEW_NOTICE = """
INSERT INTO records_notice (seq, state, is_open, waits_for_a_person, opened_at, has_unread_words, id)
VALUES (%s, %s::jsonb, %s, %s, %s, coalesce(%s, false), %s)
"""
_NOTICE = """
UPDATE records_notice SET seq = %s, state = %s::jsonb, is_open = %s, waits_for_a_person = %s, opened_at = %s,
has_unread_words = coalesce(%s, has_unread_words) WHERE id = %s
"""
_JOINED = 'INSERT INTO records_casenotice ("case", notice) VALUES (%s, %s) ON CONFLICT DO NOTHING'
_LIKE = """
INSERT INTO records_likeness ("case", star, work, item, is_exact, distance) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_COUNT_HIDE = "INSERT INTO records_automatichide (at, network, policy) VALUES (%s, %s, %s)"
_STOPPED_CLOCKS = """
DELETE FROM records_clock WHERE aggregate = ANY(%s)
AND (aggregate, key) NOT IN (SELECT * FROM unnest(%s::text[], %s::text[]))
"""
_CLOCKS = """
INSERT INTO records_clock (aggregate, key, name, due_at, wakes_at)
SELECT * FROM jsonb_to_recordset(%s::jsonb)
AS t (aggregate text, key text, name text, due_at timestamptz, wakes_at timestamptz)
ON CONFLICT (aggregate, key) DO UPDATE SET due_at = EXCLUDED.due_at, wakes_at = EXCLUDED.wakes_at
WHERE (records_clock.due_at, records_clock.wakes_at) <> (EXCLUDED.due_at, EXCLUDED.wakes_at)
"""
_CLOSE_EFFECTS = """
UPDATE records_effect SET done_at = %s, outcome = %s WHERE aggregate = %s AND name = ANY(%s) AND done_at IS NULL
"""
_EFFECTS = """
INSERT INTO records_effect (key, name, aggregate, seq, created_at, next_try_at, tries, outcome)
SELECT key, name, aggregate, seq, at, at, 0, ''
FROM jsonb_to_recordset(%s::jsonb) AS t (key text, name text, aggregate text, seq int, at timestamptz)
"""
_SEALED = """
INSERT INTO records_sealedobject (id, kind, owner, sealed_key, sha256, size_bytes, at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_CLAIM = """
INSERT INTO records_pictureclaim (id, notice, pdq, quality, pipeline, radius, works, made_at, until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# A program's repeated request brings the code that it brought before.
_CODE = "INSERT INTO records_noticecode (sha256, notice, expires_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_SENT_BY = "INSERT INTO records_apinotice (notice, sender, reference, at) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True)
class SentBy:
    """Who sent a notice by the API, and what it is called there."""

    sender: str
    reference: str = ""


class Writes:
    """Gathers the rows of one transaction and writes them together."""

    def __init__(self, policies: PolicyBook, now: datetime) -> None:
        self._policies, self._now = policies, now
        self._batch = Batch()

    def changes(self, changes: Sequence[Change], new: Collection[str], network: str | None) -> list[str]:
        """Write what was decided. `new` is what began in this transaction. Returns who has something to do outside."""
        waiting: list[str] = []
        events = [
            {"aggregate": change.aggregate, **codec.entry_to_row(entry)}
            for change in changes
            for entry in change.entries
        ]
        self._batch.add_rows(_EVENTS, events)
        for change in changes:
            if isinstance(change.state, Case):
                self._case(change.state)
                self._counted(change, network)
            else:
                self._notice(change.state, change, is_new=change.aggregate in new)
            if self._effects(change):
                waiting.append(change.aggregate)
        self._clocks(changes, new)
        return waiting

    def sealed(self, objects: Sequence[SealedObject]) -> None:
        """Write the rows of what was sealed for this command."""
        for each in objects:
            self._batch.add(
                _SEALED, each.id, each.kind, each.owner, each.sealed_key, each.sha256, each.size_bytes, self._now
            )

    def code(self, sha256: str, notice: NoticeId, expires_at: datetime) -> None:
        """Write the hash of a code that opens a notice."""
        self._batch.add(_CODE, sha256, notice, expires_at)

    def picture(self, changes: Sequence[Change], picture: ClaimedPicture | None, network: str | None) -> None:
        """Write the row of a claim that began, or what became of one. Its code is deleted where it ended."""
        for change in changes:
            for entry in change.entries:
                match entry.event:
                    case PictureClaimed() as event:
                        if picture is None or picture.claim != event.claim:
                            raise TypeError("A claim of a picture comes with its code.")
                        told = (picture.pdq, event.quality, event.pipeline, event.radius, event.works)
                        self._batch.add(_CLAIM, event.claim, change.aggregate, *told, entry.at, event.until)
                        if event.works:
                            policy = (entry.policy or "").split("@")[0] + budgets.CLAIMS
                            self._batch.add(_COUNT_HIDE, entry.at, network or "", policy)
                    case ClaimStarted(claim):
                        self._batch.add("UPDATE records_pictureclaim SET works = true WHERE id = %s", claim)
                    case ClaimRenewed(claim, until):
                        self._batch.add("UPDATE records_pictureclaim SET until = %s WHERE id = %s", until, claim)
                    case ClaimEnded(claim):
                        self._batch.add("DELETE FROM records_pictureclaim WHERE id = %s", claim)

    def sent_by(self, sent_by: SentBy, notice: NoticeId) -> None:
        """Write whose program sent a notice."""
        self._batch.add(_SENT_BY, notice, sent_by.sender, sent_by.reference, self._now)

    def messages(self, changes: Sequence[Change]) -> None:
        """Write the messages that those are owed whose programs sent the notices that this changes."""
        messages.add(self._batch, changes)

    def send(self) -> None:
        """Have the database carry everything out that was gathered."""
        self._batch.run()

    def _case(self, case: Case) -> None:
        open_policies = [self._policies.get(ground.policy) for ground in case.open_grounds]
        lengths = [r.length for p in open_policies for r in p.rules(ClockName.FIRST_LOOK, frozenset())]
        self._batch.add(
            _CASE,
            case.seq,
            _json(case),
            case.is_open,
            int(case.lane),
            raised(max((policy.harm for policy in open_policies), default=0), case.signals),
            None if case.round is None else case.round.number,
            None if case.round is None or not lengths else case.round.opened_at + min(lengths),
            None if case.owner is None else str(case.owner),
            case.opened_at,
            case.id,
        )

    def _counted(self, change: Change, network: str | None) -> None:
        stars = [entry.event.likeness.star for entry in change.entries if isinstance(entry.event, MatchRecorded)]
        star = stars[0][:64] if stars else None
        for entry in change.entries:
            if isinstance(entry.event, NoticeJoined):
                self._batch.add(_JOINED, change.aggregate, entry.event.notice)
            elif isinstance(entry.event, MatchRecorded):
                like = entry.event.likeness
                like_row = (like.star, like.work, like.item, like.is_exact, like.distance)
                self._batch.add(_LIKE, change.aggregate, *like_row)
            elif isinstance(entry.event, HideRequested) and entry.event.why in _COUNTED:
                of_claim = star is not None and star.startswith("claim_")
                counted = budgets.CLAIMED if of_claim else _COUNTED[entry.event.why]
                policy = (entry.policy or "").split("@")[0] + counted
                self._batch.add(_COUNT_HIDE, entry.at, star or network or "", policy)

    def _notice(self, notice: Notice, change: Change, *, is_new: bool) -> None:
        has_unread_words: bool | None = None
        if any(isinstance(entry.event, WordsReceived) for entry in change.entries):
            has_unread_words = True
        elif any(isinstance(entry.event, LetterSent) for entry in change.entries):
            has_unread_words = False
        self._batch.add(
            _NEW_NOTICE if is_new else _NOTICE,
            notice.seq,
            _json(notice),
            notice.is_open,
            any(link.waits_for_a_person for link in notice.links),
            notice.opened_at,
            has_unread_words,
            notice.id,
        )

    def _clocks(self, changes: Sequence[Change], new: Collection[str]) -> None:
        """Make the clock rows the running clocks of the states, touching only those that differ."""
        clocks = [(change.aggregate, clock) for change in changes for clock in change.state.clocks]
        if known := [change.aggregate for change in changes if change.aggregate not in new]:
            running = [(aggregate, clock.key) for aggregate, clock in clocks if aggregate not in new]
            self._batch.add(_STOPPED_CLOCKS, known, [each for each, _ in running], [key for _, key in running])
        self._batch.add_rows(_CLOCKS, [_clock(aggregate, clock) for aggregate, clock in clocks])

    def _effects(self, change: Change) -> bool:
        effects = [effect for entry in change.entries for effect in effects_of(change.aggregate, entry)]
        if any(isinstance(entry.event, Observed) and entry.event.confirms for entry in change.entries):
            self._close_effects(change.aggregate, "seen")
        if any(effect.name in VISIBLE for effect in effects):
            self._close_effects(change.aggregate, "superseded")
            newest = max(effect.seq for effect in effects if effect.name in VISIBLE)
            effects = [effect for effect in effects if effect.name not in VISIBLE or effect.seq == newest]
        self._batch.add_rows(_EFFECTS, [_effect(effect, self._now) for effect in effects])
        return bool(effects)

    def _close_effects(self, aggregate: str, outcome: str) -> None:
        self._batch.add(_CLOSE_EFFECTS, self._now, outcome, aggregate, _VISIBLE)


def _clock(aggregate: str, clock: Clock) -> dict[str, str]:
    times = {"due_at": clock.due_at.isoformat(), "wakes_at": clock.wakes_at.isoformat()}
    return {"aggregate": aggregate, "key": clock.key, "name": clock.name, **times}


def _effect(effect: Effect, now: datetime) -> dict[str, str | int]:
    named = {"key": effect.key, "name": effect.name.value, "aggregate": effect.aggregate}
    return {**named, "seq": effect.seq, "at": now.isoformat()}


def _json(state: Case | Notice) -> str:
    return json.dumps(codec.to_json(state), separators=(",", ":"))
