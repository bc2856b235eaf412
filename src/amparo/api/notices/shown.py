"""How a notice stands, as JSON: its own links, their states and times, and nothing of anybody else's.

As on the private page. What staff write stands there alone, behind the reporter's code: it is for the person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from amparo.api.notices.names import notice_name
from amparo.api.notices.taking import LinkTaken, Taken
from amparo.cases.case import Case
from amparo.cases.notice import Notice, NoticeLink
from amparo.cases.refs import CaseId
from amparo.cases.words import Told, Way
from amparo.letters import promises
from amparo.letters.link_state import LinkState, is_out_of_sight, state_of
from amparo.letters.moments import for_programs
from amparo.plugins import installation
from amparo.policies.policy import ClockName
from amparo.records import reports
from amparo.records.api_notices import Listed

UNPLACED, ELSEWHERE = "unplaced", "elsewhere"
STATES = (*(state.value for state in LinkState), UNPLACED, ELSEWHERE)
_FINAL = (LinkState.GONE, LinkState.SHUT)


def receipt(taken: Taken, received_at: datetime) -> dict[str, Any]:
    """Return the answer to a notice that was sent. It says what was taken, and is the same when it is asked again."""
    return {
        "object": "receipt",
        "id": notice_name(taken.notice),
        "received_at": moment(received_at),
        "code": taken.code,
        "page": None if taken.code is None else f"{settings.DOOR_URL}/u/#{taken.code}",
        "links": [link_taken(link) for link in taken.links],
    }


def link_taken(link: LinkTaken) -> dict[str, Any]:
    """Return what became of one link."""
    subject = None if link.subject is None else str(link.subject)
    return {"link": link.link, "result": link.result, "subject": subject, "reason": link.reason}


def notices(listed: list[Listed]) -> list[dict[str, Any]]:
    """Return some notices as they stand, all their cases read at once."""
    cases = reports.cases([case for each in listed for case in each.notice.cases])
    return [_notice(each, cases) for each in listed]


def moment(at: datetime | None) -> str | None:
    """Return a time as it is written here."""
    return None if at is None else for_programs(at)


def _notice(listed: Listed, cases: Mapping[CaseId, Case]) -> dict[str, Any]:
    notice = listed.notice
    return {
        "object": "notice",
        "id": notice_name(notice.id),
        "reference": listed.reference or None,
        "topic": notice.topic.value,
        "relation": None if notice.relation is None else notice.relation.value,
        "age": None if notice.age is None else notice.age.value,
        "country": notice.country,
        "way": (notice.way or Way.PRIVATE_PAGE).value,
        "received_at": moment(notice.came_at),
        "is_open": notice.is_open,
        "is_answered": notice.is_answered,
        "links": [_link(notice, link, cases) for link in notice.links],
        "letters": [moment(letter.at) for letter in notice.letters],
        "replies": [moment(words.at) for words in notice.words],
    }


def _link(notice: Notice, link: NoticeLink, cases: Mapping[CaseId, Case]) -> dict[str, Any]:
    case = None if link.case is None else cases.get(link.case)
    return _unplaced(notice, link) if case is None else _placed(notice, link, case)


def _placed(notice: Notice, link: NoticeLink, case: Case) -> dict[str, Any]:
    here = installation()
    case = promises.as_promised(case, here.policies, link.came_at)
    state = state_of(case, notice.news, here.capabilities_of(case.subject.platform))
    connector = here.connectors.get(case.subject.platform)
    clock = promises.next_promise(case)
    is_decided = case.decided_at is not None and not (case.kept_for and case.open_grounds)

    def since(at: datetime | None, *, counts: bool) -> str | None:
        # What was before this report came would tell of another one.
        return moment(at) if counts and at is not None and at >= link.came_at else None

    return {
        "number": link.position + 1,
        "subject": str(case.subject),
        "page": None if connector is None else connector.page_of(case.subject),
        "state": state.value,
        "received_at": moment(link.came_at),
        "hidden_at": since(case.hidden_at, counts=is_out_of_sight(case)),
        "decided_at": since(case.decided_at, counts=is_decided),
        "gone_at": since(case.gone_at, counts=state in _FINAL),
        "look_by": moment(clock.due_at) if clock is not None and clock.name == ClockName.FIRST_LOOK.value else None,
        "decide_by": moment(clock.due_at) if clock is not None and clock.name == ClockName.DECIDED.value else None,
    }


def _unplaced(notice: Notice, link: NoticeLink) -> dict[str, Any]:
    clock = next((each for each in notice.clocks if each.name == "placed"), None)
    states = {None: UNPLACED, Told.LINK_NOT_FOUND: LinkState.NOT_FOUND.value, Told.LINK_ELSEWHERE: ELSEWHERE}
    return {
        "number": link.position + 1,
        "subject": None,
        "page": None,
        "state": states.get(link.answer, UNPLACED),
        "received_at": moment(link.came_at),
        "hidden_at": None,
        "decided_at": None,
        "gone_at": None,
        "look_by": moment(clock.due_at) if clock is not None and link.waits_for_a_person else None,
        "decide_by": None,
    }
