"""What an event of one case or notice commands of others, in the same transaction. Pure, like everything here.

News goes the other way, from cases to notices, by an effect: one case may have ten thousand reporters.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from amparo.cases.actor import Actor, Reporter, Reviewer
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    CaseCommand,
    JoinNotice,
    NoteOffice,
    NoteSignals,
    ReceiveReply,
    SanctionAccount,
    SettleNotice,
)
from amparo.cases.case_events import RemovalDecided, ReportersTold
from amparo.cases.clock_events import ClockExpired
from amparo.cases.elements import binding
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import TellReporter
from amparo.cases.notice_events import (
    AgeSettled,
    CountryAnswered,
    FactsTold,
    LinkPlaced,
    NoticeCompleted,
    NoticeOpened,
    NoticeSent,
    RelationAnswered,
    SenderVouched,
    SignalsHeard,
    WordsReceived,
)
from amparo.cases.office_events import OfficeNamed, OfficeVerified
from amparo.cases.refs import CaseId, NoticeId, StaffId, Subject
from amparo.cases.words import Age, Suspend, Told
from amparo.policies.policy import Policy

# As long as the questions of a report can be answered.
_NAMED_WITHIN = timedelta(hours=1)


def policy_of(notice: Notice, facts: Facts) -> Policy:
    """Return the policy a notice falls under now: a child's until an adult's age counts for good."""
    return facts.policies.for_notice(notice.topic, is_adult=notice.settled_age is Age.ADULT)


def consequences_of_notice(
    notice: Notice,
    entries: tuple[Entry, ...],
    facts: Facts,
    *,
    regimes: frozenset[str],
    within_budget: bool,
    reported_by: StaffId | None = None,
) -> tuple[CaseCommand, ...]:
    """Return what a notice's new events command of the cases of its links, each case once per matter."""
    commands: list[CaseCommand] = []
    policy = policy_of(notice, facts)
    regimes = regimes | binding(notice.complete_under, policy)
    actor = Reporter(notice.id)
    known = {link.case for link in notice.links if link.case is not None}
    joining: dict[CaseId, Entry] = {}
    is_doubted = bool(entries) and notice.is_doubted(entries[0].at)
    for entry in entries:
        if isinstance(entry.event, LinkPlaced):
            joining.setdefault(entry.event.case, entry)
    came_at = _came_at(notice)
    before = known - set(joining) | _placed_earlier(notice, entries)
    for case, entry in joining.items():
        if case in before or not isinstance(entry.event, LinkPlaced):
            continue
        # What the books missed is late; what waited for a person to place it is not.
        is_late = entry.event.received_at is not None and isinstance(entry.actor, Reporter)
        commands.append(
            JoinNotice(
                case, entry.event.subject, notice.id, policy.ref, notice.relation, notice.is_settled, regimes,
                came_at[case], within_budget, actor, reported_by or notice.reported_by, is_late, is_doubted,
            )
        )  # fmt: skip
    matters = (RelationAnswered, CountryAnswered, AgeSettled, NoticeCompleted)
    # An age settles once, by sending, by time or when a spam report opens; settling by itself, it is being raised.
    settles = (NoticeOpened, NoticeSent, ClockExpired)
    is_raised = any(isinstance(entry.event, AgeSettled) for entry in entries) and not any(
        isinstance(entry.event, settles) for entry in entries
    )
    if any(isinstance(entry.event, matters) for entry in entries):
        commands.extend(
            SettleNotice(
                case, notice.id, policy.ref, notice.relation, notice.is_settled, regimes,
                _since(came_at[case], entries), within_budget, actor, is_raised, is_doubted,
            )
            for case in notice.cases if case in before
        )  # fmt: skip
    is_heard = any(isinstance(entry.event, SignalsHeard | FactsTold | SenderVouched) for entry in entries)
    if notice.signals:
        # Said before the link came, too: it is said of whatever the report names.
        of = notice.cases if is_heard else tuple(case for case in joining if case not in before)
        commands.extend(NoteSignals(case, notice.signals, actor) for case in of)
    if notice.sender is not None:
        is_news = any(isinstance(entry.event, OfficeNamed | OfficeVerified) for entry in entries)
        asked = notice.cases if is_news else tuple(case for case in joining if case not in before)
        commands.extend(_office(notice, case, came_at[case], within_budget, actor) for case in asked)
    for entry in entries:
        if isinstance(entry.event, WordsReceived):
            words = entry.event
            commands.extend(
                ReceiveReply(
                    case, notice.id, words.asks_again, words.brings_new_facts, actor, words.received_at, is_doubted
                )
                for case in notice.cases
            )
    return tuple(commands)


def consequences_of_case(
    case: Case, entries: tuple[Entry, ...], case_of: Callable[[Subject], CaseId]
) -> tuple[CaseCommand, ...]:
    """Return what a case's new events command of other cases: the sanction of the account behind a removed subject."""
    commands: list[CaseCommand] = []
    for entry in entries:
        event = entry.event
        if (
            isinstance(event, RemovalDecided)
            and event.suspend is not Suspend.NO
            and isinstance(entry.actor, Reviewer)
            and case.account is not None
        ):
            account = case.account
            commands.append(SanctionAccount(case_of(account), account, event.policy, event.suspend, entry.actor))
    return tuple(commands)


def news_for(notice: NoticeId, case: CaseId, entry: Entry, actor: Actor) -> TellReporter:
    """Return the command that brings a case's `ReportersTold` to one notice.

    News that is about one round is told once in it, so its key names the round; all else is told each time.
    """
    event = entry.event
    if not isinstance(event, ReportersTold):
        raise TypeError(f"{type(event).__name__} is no news for reporters.")
    is_outcome = event.what in (Told.REMOVED, Told.KEPT, Told.REOPENED, Told.LINK_NOT_FOUND)
    key = f"{case}:{event.what.value}:{event.round}" if is_outcome else f"{case}:{entry.seq}"
    return TellReporter(notice, case, event.what, entry.at, event.by, key, actor)


def _office(notice: Notice, case: CaseId, came_at: datetime, within_budget: bool, actor: Actor) -> NoteOffice:
    sender = notice.sender
    assert sender is not None  # noqa: S101 - for the type checker: asked only where there is one
    return NoteOffice(
        case, notice.id, sender.kind, sender.country, sender.removes, sender.preserves, sender.is_verified,
        came_at, within_budget, actor,
    )  # fmt: skip


def _since(came_at: datetime, entries: tuple[Entry, ...]) -> datetime:
    """Return from when the clocks of a law that was just named run: from receipt where it was named with the report.

    Named long after, they run from then. Else naming a law could end its limit in that moment, with nobody asked.
    """
    is_named = any(isinstance(entry.event, CountryAnswered | NoticeCompleted) for entry in entries)
    return entries[0].at if is_named and entries[0].at - came_at > _NAMED_WITHIN else came_at


def _came_at(notice: Notice) -> dict[CaseId, datetime]:
    """Return when the first link to each case came: a link that is added to an old report is no older than itself."""
    came_at: dict[CaseId, datetime] = {}
    for link in notice.links:
        if link.case is not None:
            came_at[link.case] = min(link.came_at, came_at.get(link.case, link.came_at))
    return came_at


def _placed_earlier(notice: Notice, entries: tuple[Entry, ...]) -> set[CaseId]:
    """Return the cases that a link named before these entries, so that a link given twice joins once."""
    new = {entry.event.position for entry in entries if isinstance(entry.event, LinkPlaced)}
    return {link.case for link in notice.links if link.case is not None and link.position not in new}
