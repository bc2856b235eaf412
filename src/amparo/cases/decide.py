"""The only place where a rule of the work lives: a state and a command in, events or a refusal out.

The rules themselves stand in `stages/`, by stage of the work. `decide_notice.py` holds those of a notice.
"""

from datetime import datetime

from amparo.cases.case import Case
from amparo.cases.case_commands import (
    CaseCommand,
    DecideRemoval,
    JoinFromAccount,
    JoinNotice,
    NoteOffice,
    NoteSignals,
    ReceiveAppeal,
    ReceiveReply,
    RecordAccountMedia,
    RecordContent,
    RecordMatch,
    RecordObservation,
    RecordReach,
    RecordTrouble,
    SanctionAccount,
    SettleNotice,
    StartLook,
    VoteToKeep,
    WithdrawMatches,
)
from amparo.cases.case_events import RoundOpened
from amparo.cases.commands import ExpireClock, aggregate_of
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.refs import CaseId
from amparo.cases.stages import copies, intake, office, people, review, time, visibility
from amparo.cases.stages.draft import Draft


def decide(case: Case | None, command: CaseCommand | ExpireClock, facts: Facts, now: datetime) -> tuple[Entry, ...]:
    """Return the events that a command leads to; none where it changes nothing. Raises Refused.

    `case` is None where the subject has no case yet. `now` is aware and UTC.
    """
    draft = Draft(CaseId(aggregate_of(command)), case, facts, now, command.actor)
    match command:
        case JoinNotice():
            intake.join_notice(draft, command)
        case JoinFromAccount():
            intake.join_from_account(draft, command)
        case SettleNotice():
            intake.settle_notice(draft, command)
        case NoteSignals():
            intake.note_signals(draft, command)
        case NoteOffice():
            office.note_office(draft, command)
        case StartLook():
            review.start_look(draft, command)
        case DecideRemoval():
            review.decide_removal(draft, command)
        case VoteToKeep():
            review.vote_to_keep(draft, command)
        case SanctionAccount():
            review.sanction_account(draft, command)
        case ReceiveReply():
            review.receive_reply(draft, command)
        case ReceiveAppeal():
            review.receive_appeal(draft, command)
        case RecordContent():
            visibility.record_content(draft, command)
        case RecordAccountMedia():
            visibility.record_account_media(draft, command)
        case RecordObservation():
            visibility.record_observation(draft, command)
        case RecordReach():
            visibility.record_reach(draft, command)
        case RecordTrouble():
            visibility.record_trouble(draft, command)
        case RecordMatch():
            copies.record_match(draft, command)
        case WithdrawMatches():
            copies.withdraw_matches(draft, command)
        case ExpireClock():
            time.expire_clock(draft, command)
    if any(isinstance(entry.event, RoundOpened) for entry in draft.entries):
        # Said at once and from the staffing alone: said at the first vote, it would tell the second of it.
        people.check_people(draft)
    return tuple(draft.entries)
