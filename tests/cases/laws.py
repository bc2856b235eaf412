"""The laws of the work, each checked against the record of events and not against the code that wrote it."""

from dataclasses import dataclass, field
from datetime import datetime

from amparo.cases.actor import Reviewer, Rule
from amparo.cases.case import Case
from amparo.cases.case_events import (
    CaseOpened,
    GroundRefused,
    GroundUpheld,
    GroundWithdrawn,
    KeepDecided,
    KeepVoted,
    MatchesWithdrawn,
    MatchRecorded,
    NoticeJoined,
    RemovalDecided,
    ReportersTold,
    RoundClosed,
    RoundOpened,
    VotesVoided,
)
from amparo.cases.clock import Clock
from amparo.cases.clock_events import ClockExpired, ClockStopped
from amparo.cases.effects import effects_of
from amparo.cases.events import Entry
from amparo.cases.evolve import fold
from amparo.cases.exposure import Exposure
from amparo.cases.notice import Notice, fold_notice
from amparo.cases.platform_events import (
    ContentRecorded,
    HideRequested,
    Observed,
    ReachRead,
    RestoreRequested,
    SuspensionEnded,
)
from amparo.cases.refs import CaseId, NoticeId, StaffId, Subject
from amparo.cases.transaction import Change
from amparo.cases.words import GroundStatus, Seen, Told, Wanted
from amparo.policies.policy import Lane
from tests.cases.books import POLICIES, MemoryBooks

AWAY = (Seen.HIDDEN, Seen.GONE)


@dataclass
class Witness:
    """What an honest observer of one case has noted: who voted when, who may not, and how grave it ever was."""

    subject: Subject
    owner: Subject | None = None
    digest: str | None = None
    reported_by: set[StaffId] = field(default_factory=set)
    decided: set[StaffId] = field(default_factory=set)
    excluded: set[StaffId] = field(default_factory=set)
    votes: list[KeepVoted] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    gravest_settled: Lane = Lane.ORDINARY


@dataclass
class Laws:
    """Checks every transaction of a history, and the whole of it at the end."""

    books: MemoryBooks
    witnesses: dict[str, Witness] = field(default_factory=dict)

    def check(self, before: dict[str, Case | Notice], changes: tuple[Change, ...]) -> None:
        """Assert every law that one transaction could have broken."""
        for change in changes:
            for entry in change.entries:
                if change.aggregate.startswith("case_"):
                    self._witness(change.aggregate, entry)
        for aggregate in {change.aggregate for change in changes}:
            entries = tuple(e for change in changes if change.aggregate == aggregate for e in change.entries)
            old, state = before.get(aggregate), self.books.states[aggregate]
            assert not state.is_open or state.clocks, "law e: what is open has a running clock"
            if isinstance(state, Notice) and state.open_referral is not None:
                assert any(clock.name == "referral" for clock in state.clocks), "nobody stops it by doing nothing"
            assert len({clock.key for clock in state.clocks}) == len(state.clocks), "a clock runs once"
            _promises_hold(old, state, entries, self.books.now)
            if isinstance(state, Case):
                assert old is None or isinstance(old, Case)
                _check_case(state)
                _seen_by_nobody_twice(old, state, entries)
                _nothing_is_shown_by_itself(old, state, entries)
                _told_is_seen(entries)
                self._lanes_only_rise(state, entries)
            else:
                assert state.is_answered is not state.waits, "a notice is answered when nothing of it waits"

    def check_whole(self) -> None:
        """Assert what only the whole record shows: its order, its fold, and that no effect key occurs twice."""
        keys: list[str] = []
        for aggregate, log in self.books.log.items():
            assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
            refolded: Case | Notice
            if aggregate.startswith("notice_"):
                refolded = fold_notice(NoticeId(aggregate), tuple(log))
            else:
                refolded = fold(CaseId(aggregate), tuple(log))
            assert refolded == self.books.states[aggregate], "law c: the fold is the stored state"
            keys += [effect.key for entry in log for effect in effects_of(CaseId(aggregate), entry)]
        assert len(keys) == len(set(keys)), "law d: an effect's key is unique"

    def _witness(self, aggregate: str, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, CaseOpened):
            self.witnesses[aggregate] = Witness(event.subject, event.subject if event.subject.is_account else None)
        saw = self.witnesses[aggregate]
        match event:
            case NoticeJoined(reported_by=staff) if staff is not None:
                saw.reported_by.add(staff)
            case ContentRecorded():
                saw.owner = saw.owner or event.account
                if saw.digest not in (None, event.digest):
                    saw.votes.clear()
                saw.digest = event.digest
                saw.shown = {part.digest for part in event.parts}
            case RoundOpened() | RoundClosed() | VotesVoided():
                saw.votes.clear()
                if isinstance(event, RoundOpened):
                    saw.excluded = set(saw.decided)
            case KeepVoted():
                self._may_vote(saw, event, entry)
                saw.votes.append(event)
            case KeepDecided():
                saw.decided |= set(event.by)
            case RemovalDecided(by=None):
                assert isinstance(entry.actor, Rule)
                if event.round is not None:
                    assert saw.shown, "law l: what shows nothing that is known does not go by a rule"
                    assert saw.shown <= saw.found, "law l: only bytes that a person found go by a rule"
            case RemovalDecided(by=by) if by is not None:
                assert entry.actor == Reviewer(by)
                saw.decided.add(by)
            case MatchRecorded(likeness=likeness) if likeness.is_exact and likeness.is_found:
                saw.found.add(likeness.item)
            case GroundRefused():
                self._enough_people(saw, event, entry)
            case _:
                pass

    def _may_vote(self, saw: Witness, vote: KeepVoted, entry: Entry) -> None:
        voter = self.books.staffing.find(vote.voter)
        assert entry.actor == Reviewer(vote.voter), "law i: no rule, machine or admin votes"
        assert voter is not None
        assert voter.is_approved
        assert voter.is_lead is vote.is_lead
        assert vote.voter not in saw.reported_by, "nobody judges what they reported"
        assert saw.owner not in voter.accounts, "nobody judges their own"
        assert vote.voter not in saw.excluded, "law j: somebody new"
        assert vote.digest == saw.digest, "a vote is about what is there"

    def _enough_people(self, saw: Witness, refused: GroundRefused, entry: Entry) -> None:
        policy = POLICIES.get(refused.policy)
        votes = [vote for vote in saw.votes if refused.policy in vote.policies]
        assert isinstance(entry.actor, Reviewer)
        assert len({vote.voter for vote in votes}) >= (1 if policy.lane is Lane.ORDINARY else 2), "law i: two people"
        assert policy.lane is not Lane.CHILD or any(vote.is_lead for vote in votes), "law i: one is a lead"

    def _lanes_only_rise(self, case: Case, entries: tuple[Entry, ...]) -> None:
        saw = self.witnesses[case.id]
        settled = [g for g in case.grounds if g.is_settled]
        withdrawn = {e.event.policy for e in entries if isinstance(e.event, GroundWithdrawn)}
        assert not withdrawn & {g.policy for g in settled}, "what is settled is not withdrawn"
        now = max((g.lane for g in settled if g.status is not GroundStatus.WITHDRAWN), default=Lane.ORDINARY)
        assert now >= saw.gravest_settled, "settled lanes never fall"
        saw.gravest_settled = now


def _check_case(case: Case) -> None:
    running = {clock.name for clock in case.clocks}
    assert (case.round is not None) is bool(case.open_grounds), "a round is open exactly while a ground is"
    decided = {clock.policy for clock in case.running("decided")}
    assert decided == {ground.policy for ground in case.open_grounds}, "every open ground has its clock, no other has"
    if case.wanted is not Wanted.SHOWN and case.is_open:
        waits = {"recheck"} if case.is_confirmed else {"hidden", "gone", "recheck"}
        assert running & waits, "what is to be away is waited for or watched"
    if case.wanted is not Wanted.SHOWN and not case.subject.is_account:
        assert case.is_held, "nothing is kept away without a ground"
    assert case.wanted is Wanted.SHOWN or "restored" not in running, "no alarm for showing what is to be away"
    assert not (case.wanted is Wanted.SHOWN and running & {"hidden", "gone"}), "no alarm for hiding what is shown"
    assert case.hidden_at is None or (case.wanted is not Wanted.SHOWN and case.seen in AWAY), "law k: hidden"
    assert case.gone_at is None or (case.wanted is not Wanted.SHOWN and case.seen in AWAY), "law k: gone"
    assert case.wanted is Wanted.HIDDEN or case.suspended_until is None
    assert not (case.round is None and case.is_open and running <= {"restored", "recheck"}), "something ends the case"


def _seen_by_nobody_twice(old: Case | None, case: Case, entries: tuple[Entry, ...]) -> None:
    """What was counted stays counted, and in all it is the first reading and every rise after it."""
    before = None if old is None else old.exposure
    in_all, last = (0, None) if before is None else (sum(_figures(before)), before.views_read)
    for entry in entries:
        if isinstance(entry.event, ReachRead):
            assert entry.event.views >= 0
            assert entry.event.read_at <= entry.at, "nothing is read in the future"
            in_all, last = in_all + max(entry.event.views - (last or 0), 0), entry.event.views
    assert (case.exposure is None) is (last is None)
    if case.exposure is not None:
        assert not case.subject.is_account
        assert sum(_figures(case.exposure)) == in_all
        grown = zip(_figures(before), _figures(case.exposure), strict=True) if before is not None else ()
        assert all(was <= now for was, now in grown), "no figure sinks"


def _figures(exposure: Exposure) -> tuple[int, int, int, int]:
    views = exposure.views
    return views.before_notice, views.after_notice, views.after_hide, views.shown_again


def _nothing_is_shown_by_itself(old: Case | None, case: Case, entries: tuple[Entry, ...]) -> None:
    events = [entry.event for entry in entries]
    kinds = {type(event) for event in events}
    for entry in entries:
        if isinstance(entry.event, RestoreRequested):
            assert isinstance(entry.actor, Reviewer), "law i: only people restore"
            assert kinds & {KeepDecided, MatchesWithdrawn}
            assert not case.is_held, "nothing is restored while a ground holds it"
    assert HideRequested not in kinds or not case.is_only_asked, "law l: what is only asked about is hidden by no rule"
    if old is None or old.wanted is Wanted.SHOWN:
        return
    if case.wanted is Wanted.SHOWN:
        assert RestoreRequested in kinds or (case.subject.is_account and SuspensionEnded in kinds)
    assert not (old.wanted is Wanted.REMOVED and case.wanted is Wanted.HIDDEN), "removal is not softened"
    upheld = {ground.policy for ground in old.grounds if ground.status is GroundStatus.UPHELD}
    if RemovalDecided in kinds and GroundUpheld in kinds:
        assert upheld <= {g.policy for g in case.grounds if g.status is GroundStatus.UPHELD}


def _told_is_seen(entries: tuple[Entry, ...]) -> None:
    seen: Seen | None = None
    for entry in entries:
        if isinstance(entry.event, Observed):
            seen = entry.event.seen if entry.event.confirms else None
        if isinstance(entry.event, ReportersTold) and entry.event.what in (Told.HIDDEN, Told.GONE):
            assert seen in AWAY, "law k: it is told when it was seen"


def _promises_hold(old: Case | Notice | None, state: Case | Notice, entries: tuple[Entry, ...], now: datetime) -> None:
    """Assert that no running clock was put off but by having been missed, and that a new promise is not past."""
    ended = {e.event.key for e in entries if isinstance(e.event, ClockExpired | ClockStopped)}
    before: dict[str, Clock] = {clock.key: clock for clock in old.clocks} if old is not None else {}
    for clock in state.clocks:
        earlier = before.get(clock.key)
        if earlier is None or clock.key in ended:
            continue
        was_looked_at = clock.key == "recheck" and earlier.due_at <= now
        assert clock.due_at <= earlier.due_at or was_looked_at, "no promise moves later"
    for entry in entries:
        if isinstance(entry.event, ClockExpired) and entry.event.renewed_to is not None:
            assert entry.event.renewed_to > now, "a new promise lies in the future"
