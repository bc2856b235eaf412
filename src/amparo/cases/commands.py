"""Every command there is, and which case or notice it is for."""

from dataclasses import dataclass

from amparo.cases.actor import Actor
from amparo.cases.case_commands import CaseCommand
from amparo.cases.notice_commands import NoticeCommand
from amparo.cases.refs import CaseId, NoticeId


@dataclass(frozen=True)
class ExpireClock:
    """A clock's time, or its time to page, has come. `key` names the clock; a stopped clock is left alone."""

    aggregate: CaseId | NoticeId
    key: str
    actor: Actor


Command = CaseCommand | NoticeCommand | ExpireClock


def aggregate_of(command: Command) -> CaseId | NoticeId:
    """Return the id of the case or notice that a command is for."""
    if isinstance(command, ExpireClock):
        return command.aggregate
    if isinstance(command, NoticeCommand):
        return command.notice
    return command.case
