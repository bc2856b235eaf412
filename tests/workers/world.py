"""An installation beside a real platform with faults: only the time between the worker's steps is virtual."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

from amparo import plugins
from amparo.cases.actor import Reporter, Reviewer
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval
from amparo.cases.notice_commands import OpenNotice, PlacedLink
from amparo.cases.refs import CaseId, NoticeId, StaffId, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Suspend, Told
from amparo.connectors.connector import Connector as PlatformConnector
from amparo.home import home
from amparo.policies.policy import PolicyBook, Topic
from amparo.records import alarms, models
from amparo.records.access import Register
from amparo.records.casebook import Casebook
from amparo.vault.server import answering
from amparo.workers import jobs
from amparo.workers.effects import carry_out
from amparo.workers.process import tick

REVIEWER, LEAD = Reviewer(StaffId("staff_reviewer")), Reviewer(StaffId("staff_lead"), is_lead=True)


class Site(Protocol):
    """A platform with faults to switch on."""

    base_url: str
    stranger: httpx.Client

    def account(self) -> str: ...
    def post(self, account: str | None = None) -> dict[str, Any]: ...
    def changes(self, made: Any) -> list[dict[str, Any]]: ...
    def unsuspend(self, account: str) -> None: ...
    def put_back(self, made: dict[str, Any]) -> None: ...
    def faults(self, **faults: object) -> None: ...
    def connector(self, patience_seconds: float = 5.0) -> PlatformConnector: ...


@dataclass
class World:
    """An installation on a virtual clock beside a real platform."""

    here: plugins.Installation
    platform: str
    site: Site
    clock: list[datetime]
    waiting: list[str]

    def report(self, made: Mapping[str, object], came_at: datetime | None = None) -> tuple[NoticeId, CaseId]:
        """Report a subject of the platform as a sexual picture; nothing is carried out yet.

        `came_at`: when it came, where the books were away then.
        """
        subject = self.here.place(str(made["url"]))
        assert isinstance(subject, Subject)
        notice = self.here.casebook.new_notice_id()
        policy = self.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
        links = (PlacedLink(subject, UNKNOWN_YET),)
        self.here.casebook.execute(
            OpenNotice(
                notice,
                Topic.SEXUAL_PICTURE,
                policy.ref,
                None,
                links,
                frozenset(),
                True,
                Reporter(notice),
                received_at=came_at,
            )
        )
        state = self.here.casebook.notice(notice)
        assert state is not None
        return notice, state.cases[0]

    def work(self) -> None:
        """Let the worker do what it was told to look at."""
        while self.waiting:
            carry_out(self.here, self.waiting.pop(0))

    def run(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass as a worker sees it: each second the clocks, the sweep, and what they call for."""
        until = self.clock[0] + timedelta(seconds=seconds)
        while self.clock[0] < until:
            self.clock[0] += timedelta(seconds=step)
            tick(self.here)
            self.work()

    def case(self, case_id: CaseId) -> Case:
        case = self.here.casebook.case(case_id)
        assert case is not None
        return case

    def told(self, notice: NoticeId) -> list[Told]:
        state = self.here.casebook.notice(notice)
        assert state is not None
        return [news.what for news in state.news]

    def alarms(self) -> set[str]:
        return {alarm.kind for alarm in alarms.open_alarms()}

    def remove(self, case_id: CaseId, suspend: Suspend = Suspend.NO) -> None:
        """Have the lead take it down."""
        case = self.case(case_id)
        digest = None if case.content is None else case.content.digest
        self.here.casebook.execute(DecideRemoval(case_id, 1, case.open_grounds[0].policy, digest, suspend, LEAD))

    def visible_changes(self, made: Mapping[str, object]) -> int:
        """Return how often what strangers see of it has changed."""
        return sum(each["from"] != each["to"] for each in self.site.changes(made))


def world_beside(platform: str, site: Site, connector: PlatformConnector) -> Iterator[World]:
    """Give an installation that is connected to this platform, with a reviewer and a lead."""
    site.faults()
    clock, waiting = [datetime.now(UTC)], list[str]()
    for person, role in ((REVIEWER, "reviewer"), (LEAD, "lead")):
        models.Staff.objects.create(
            id=person.id, username=role, role=role, enrolled_at=clock[0], approved_by="x", approved_at=clock[0]
        )
    book = Casebook(PolicyBook(plugins.read_policies(plugins.SHIPPED)), lambda: clock[0], os.urandom, waiting.append)
    here = plugins.Installation(
        book.policies, frozenset(), {platform: connector}, book, plugins.sealer(), lambda _: None
    )
    place = home()
    desk = answering(place.run, place.objects, place.keys / "vault.key", Register(), spool_directory=place.spool)
    with pytest.MonkeyPatch.context() as patch, desk:
        # No worker runs that would take what the sweep hands to the queue.
        patch.setattr(jobs, "look_now", waiting.append)
        yield World(here, platform, site, clock, waiting)
    site.faults()
