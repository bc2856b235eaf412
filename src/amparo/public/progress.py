"""What a reporter's pages show of each link: this notice's own links, their states and times, and nothing else.

Other notices, copies, filings and who decided are shown to nobody here: an uploader may report himself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.conf import settings

from amparo.cases.case import Case
from amparo.cases.notice import Notice, NoticeLink
from amparo.cases.refs import CaseId
from amparo.cases.words import Age
from amparo.connectors.connector import Capabilities, Connector
from amparo.letters import decisions, links, promises, states
from amparo.letters.elsewhere import Site
from amparo.letters.link_state import LinkState, is_out_of_sight, state_of
from amparo.letters.moments import clock_time
from amparo.letters.timeline import Step, timeline
from amparo.plugins import installation, other_sites, without_books
from amparo.policies.elements import ElementRule
from amparo.policies.policy import ClockName
from amparo.records import reports


@dataclass(frozen=True)
class LinkProgress:
    """One link as it stands. `look_by`: when a person looks at last, where nobody has yet.

    `site`: the well-known other site that it names, which takes reports itself.
    """

    number: int
    name: str
    address: str
    headline: str
    more: list[str]
    steps: list[Step] = field(default_factory=list)
    decision: list[str] = field(default_factory=list)
    apology: list[str] = field(default_factory=list)
    next: str = ""
    is_hidden: bool = False
    is_kept: bool = False
    look_by: datetime | None = None
    site: Site | None = None


NOT_AT_HAND: Mapping[CaseId, Case] = MappingProxyType({})


def progress_of(notice: Notice, now: datetime, at_hand: Mapping[CaseId, Case] = NOT_AT_HAND) -> list[LinkProgress]:
    """Return how every link of a notice stands, in their order. Links that name one subject stand together once.

    The cases are read unless all of them are `at_hand`, as just after a report was taken in.
    """
    cases = at_hand if all(each in at_hand for each in notice.cases) else reports.cases(notice.cases)
    seen: set[str] = set()
    found = []
    for link in notice.links:
        if link.case is None:
            found.append(_unplaced(notice, link, now))
        elif link.case not in seen and link.case in cases:
            seen.add(link.case)
            found.append(_placed(notice, link, cases[link.case], now))
    return found


def rules_for(notice: Notice) -> tuple[ElementRule, ...]:
    """Return the laws that ask something of this notice: none, unless it is an adult's for good."""
    if notice.settled_age is not Age.ADULT:
        return ()
    return without_books().policies.for_notice(notice.topic, is_adult=True).elements


def _placed(notice: Notice, link: NoticeLink, case: Case, now: datetime) -> LinkProgress:
    here = installation()
    case = promises.as_promised(case, here.policies, link.came_at)
    connector = here.connectors.get(case.subject.platform)
    card = here.capabilities_of(case.subject.platform)
    state = state_of(case, notice.news, card)
    broken = promises.missed(case, here.policies, promised_since=link.came_at, now=now)
    hidden = states.still_hidden(case.subject.kind) if is_out_of_sight(case) else None
    clock = promises.next_promise(case)
    seen_at = None if case.seen_at is None else clock_time(case.seen_at, now)
    return LinkProgress(
        number=link.position + 1,
        name=states.name_of(case.subject.kind),
        address="" if connector is None else _address(connector, case),
        headline=states.headline(state, case.subject.kind),
        more=[*_more(case, state, card, seen_at), *_meanwhile(case, state, hidden), *decisions.second_look(case)],
        steps=timeline(case, state, link.came_at, now, shows_removal=card.shows_removal),
        decision=decisions.decision_of(case, state, here.policies),
        apology=[] if broken is None else promises.apology(broken, now, still_hidden=hidden),
        next="" if clock is None or broken is not None else promises.promise(clock, now),
        is_hidden=is_out_of_sight(case),
        is_kept=state is LinkState.KEPT,
        look_by=clock.due_at if clock is not None and clock.name == ClockName.FIRST_LOOK.value else None,
    )


def _more(case: Case, state: LinkState, card: Capabilities, seen_at: str | None) -> list[str]:
    can_tell_site = card.reaches(case.wanted, is_account=case.subject.is_account)
    said = states.more_of(state, seen_at=seen_at, can_tell_site=can_tell_site)
    is_undecided = case.subject.is_account and case.decided_at is None and state is not LinkState.NOT_FOUND
    return [*said, states.media_unlisted()] if is_undecided and not card.lists_media else said


def _meanwhile(case: Case, state: LinkState, still_hidden: str | None) -> list[str]:
    said = [still_hidden] if state in (LinkState.REMOVING, LinkState.CANNOT_REMOVE) and still_hidden is not None else []
    is_looking = case.round is not None and case.looked_at is not None and case.decided_at is None
    return [*said, states.looking()] if is_looking else said


def _unplaced(notice: Notice, link: NoticeLink, now: datetime) -> LinkProgress:
    clock = next((each for each in notice.clocks if each.name == "placed"), None)
    due_at = None if clock is None else clock.due_at
    return LinkProgress(
        number=link.position + 1,
        name="",
        address="",
        headline=links.headline_of_unplaced(link, settings.SITE_NAME),
        more=links.more_of_unplaced(link, due_at, now),
        look_by=due_at if link.waits_for_a_person else None,
        site=None if link.site is None else other_sites().get(link.site),
    )


def _address(connector: Connector, case: Case) -> str:
    return connector.page_of(case.subject).partition("://")[2]
