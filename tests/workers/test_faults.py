"""What becomes of each fault of a platform: an alarm within a minute and true words, never a false "hidden" or "gone".

The worker's own steps run against a real Plaza, and against the example site behind the webhook connector, with a real
database; only the time between them is virtual.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from django.db import connection

from amparo import plugins
from amparo.cases.actor import Connector, Reporter, Reviewer
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, RecordObservation, VoteToKeep
from amparo.cases.effects import EffectName
from amparo.cases.notice_commands import AnswerAge, AnswerRelation, OpenNotice, PlacedLink, ReceiveWords, SendNotice
from amparo.cases.refs import CaseId, NoticeId, SealedRef, StaffId, Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Relation, Seen, Suspend, Told, Wanted
from amparo.connectors.connector import Connector as PlatformConnector
from amparo.connectors.connector import Fetched
from amparo.policies.policy import PolicyBook, Topic
from amparo.records import alarms, effects, models
from amparo.records.casebook import Casebook, Enclosed
from amparo.vault.errors import NotSealed
from amparo.workers.effects import carry_out
from amparo.workers.process import tick
from tests.connectors.running_site import RunningSite, running_site
from tests.plaza.running_plaza import RunningPlaza, running_plaza

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
            self.waiting += effects.neglected(self.clock[0])
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


@pytest.fixture(scope="module")
def plaza(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlaza]:
    with running_plaza(tmp_path_factory.mktemp("plaza"), seeded=False) as running:
        yield running


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(params=["plaza", "site"])
def world(empty_books: None, request: pytest.FixtureRequest) -> Iterator[World]:
    """Every test runs on both platforms."""
    site: Site = request.getfixturevalue({"plaza": "plaza", "site": "example"}[request.param])
    yield from _world(request.param, site, site.connector(patience_seconds=1.0))


@pytest.fixture
def example_world(empty_books: None, example: RunningSite) -> Iterator[Callable[..., World]]:
    """Worlds beside the example site, with a connector as its settings have it."""
    with ExitStack() as stack:
        make = contextmanager(_world)
        yield lambda **settings: stack.enter_context(make("site", example, example.connector(1.0, **settings)))


def _world(platform: str, site: Site, connector: PlatformConnector) -> Iterator[World]:
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
    yield World(here, platform, site, clock, waiting)
    site.faults()


def test_without_a_fault_a_post_is_seen_hidden_and_its_content_sealed(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    case = world.case(case_id)
    assert case.hidden_at is not None
    assert case.content is not None
    assert case.owner == Subject(world.platform, SubjectKind.ACCOUNT, str(made["account"]))
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 404
    assert world.told(notice) == [Told.HIDDEN]
    assert world.alarms() == set()
    world.run(70)
    assert _visible_changes(world, made) == 1


def test_content_that_cannot_be_sealed_keeps_no_post_from_being_hidden(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise NotSealed("The disk is full.", "not_kept")

    monkeypatch.setattr(world.here.sealer, "seal", fail)
    _, case_id = world.report(world.site.post())
    world.work()
    assert world.case(case_id).hidden_at is not None
    assert world.alarms() == {"broken: fetch_content"}


def test_files_that_take_longer_than_a_lease_are_fetched_and_kept_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = world.here.connectors[world.platform]
    right, fetches = connector.fetch, list[Subject]()

    def fetch_slowly(subject: Subject) -> Fetched:
        fetches.append(subject)
        if len(fetches) == 1:
            # Its lease has ended, and another worker looks for what nobody does.
            world.clock[0] += timedelta(seconds=30)
            in_another_worker(lambda: carry_out(world.here, effects.neglected(world.clock[0])[0]))
        return right(subject)

    monkeypatch.setattr(connector, "fetch", fetch_slowly)
    _, case_id = world.report(world.site.post())
    world.work()
    world.run(70)
    content = world.case(case_id).content
    assert content is not None
    assert len(fetches) == 1
    assert _kept(case_id) == len(content.parts)


def test_content_that_is_held_already_is_not_kept_again(world: World) -> None:
    _, case_id = world.report(world.site.post())
    world.work()
    before = _kept(case_id)
    # A worker that died after the sealing and before its note: the effect is done once more.
    again = models.Effect.objects.filter(aggregate=case_id, name=EffectName.FETCH_CONTENT.value)
    assert again.update(done_at=None, outcome="") == 1
    world.run(70)
    assert again.get().outcome == "fetched"
    assert _kept(case_id) == before


def _kept(case_id: CaseId) -> int:
    return models.SealedObject.objects.filter(owner=case_id, kind="content").count()


def in_another_worker(work: Callable[[], None]) -> None:
    """Do something with a connection to the database of its own, and wait for it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


def test_a_platform_that_is_away_and_then_knows_nothing_is_asked_on(world: World) -> None:
    made = world.site.post()
    world.site.faults(down=True)
    notice, case_id = world.report(made)
    world.work()
    world.site.faults()
    with nothing_known(world):
        world.run(5)
    assert Told.LINK_NOT_FOUND in world.told(notice)
    world.run(120)
    assert world.case(case_id).hidden_at is not None


@contextmanager
def nothing_known(world: World) -> Iterator[None]:
    """Let the platform answer "unknown" to every order and question about a subject."""
    connector = world.here.connectors[world.platform]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "hide"):
            right = getattr(connector, name)
            patch.setattr(
                connector, name, lambda subject, right=right, **more: right(replace(subject, id="nothing0here"), **more)
            )
        yield


def test_a_platform_that_lies_rings_an_alarm_and_nobody_says_hidden(world: World) -> None:
    world.site.faults(lies=True)
    notice, case_id = world.report(world.site.post())
    world.work()
    assert world.case(case_id).hidden_at is None
    world.run(59)
    assert "not_hidden" in world.alarms()
    assert Told.NOT_HIDDEN_YET in world.told(notice)
    assert Told.HIDDEN not in world.told(notice)
    world.site.faults()
    world.run(70)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN


def test_a_platform_that_lies_about_a_removal_is_never_called_gone(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.site.faults(lies=True)
    _remove(world, case_id)
    world.run(59)
    assert world.case(case_id).gone_at is None
    assert Told.GONE not in world.told(notice)
    assert "not_gone" in world.alarms()
    world.site.faults()
    world.run(120)
    assert world.case(case_id).gone_at is not None


def test_a_post_that_comes_back_rings_an_alarm_and_is_hidden_again(world: World) -> None:
    world.site.faults(unhides_after_s=0)
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    # The platform has hidden and shown it again before, or just after, the first look.
    world.run(59)
    assert {"came_back", "not_hidden"} & world.alarms()
    assert {Told.CAME_BACK, Told.NOT_HIDDEN_YET} & set(world.told(notice))
    case = world.case(case_id)
    assert case.hidden_at is None or case.seen is not Seen.SHOWN
    world.site.faults()
    world.run(400)
    assert world.case(case_id).hidden_at is not None
    assert world.case(case_id).seen is Seen.HIDDEN


def test_a_lost_answer_rings_an_alarm_and_the_page_is_believed(world: World) -> None:
    world.site.faults(times_out_after_work=3)
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.site.faults()
    assert "platform_trouble" in world.alarms()
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice) == [Told.HIDDEN]
    world.run(20)
    assert _visible_changes(world, made) == 1


def test_a_platform_that_forgets_keys_rings_an_alarm_and_nothing_flickers(world: World) -> None:
    world.site.faults(forgets_keys=True)
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    assert "forgets_keys" in world.alarms()
    assert world.case(case_id).hidden_at is not None
    world.run(120)
    assert _visible_changes(world, made) == 1


def test_a_platform_that_is_down_rings_an_alarm_and_is_asked_until_it_answers(world: World) -> None:
    made = world.site.post()
    world.site.faults(down=True)
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    assert {"platform_trouble", "not_hidden"} <= world.alarms()
    assert world.case(case_id).hidden_at is None
    assert Told.HIDDEN not in world.told(notice)
    world.site.faults()
    world.run(120)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN
    assert _visible_changes(world, made) == 1


def test_a_site_that_goes_down_later_is_not_said_to_show_or_hide_anything_new(world: World) -> None:
    notice, case_id = world.report(world.site.post())
    world.work()
    seen_at = world.case(case_id).seen_at
    world.site.faults(down=True)
    world.run(59)
    assert world.case(case_id).seen_at == seen_at
    assert world.told(notice) == [Told.HIDDEN]
    assert "platform_trouble" in world.alarms()


def test_a_link_that_names_nothing_is_not_called_hidden(world: World) -> None:
    notice, case_id = world.report({"url": f"{world.site.base_url}/post/nothing0here"})
    world.work()
    world.run(59)
    assert world.told(notice) == [Told.LINK_NOT_FOUND]
    case = world.case(case_id)
    assert (case.hidden_at, case.gone_at) == (None, None)
    assert case.clocks


def test_what_its_author_deleted_is_gone_when_nobody_can_open_it(world: World) -> None:
    notice, case_id = world.report({"url": f"{world.site.base_url}/post/nothing0here"})
    world.work()
    _remove(world, case_id)
    world.run(10)
    case = world.case(case_id)
    # Plaza answers "not found", which is not its word for removed: nobody sees it, and a person is told to look.
    assert case.gone_at is None
    assert Told.GONE not in world.told(notice)


def test_a_refusal_by_two_shows_the_post_again_and_that_is_seen_too(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    case = world.case(case_id)
    assert case.content is not None
    policies = tuple(ground.policy for ground in case.open_grounds)
    for person in (REVIEWER, LEAD):
        world.here.casebook.execute(VoteToKeep(case_id, 1, policies, "not_sexual", case.content.digest, person))
    world.work()
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 200
    assert (world.case(case_id).wanted, world.case(case_id).seen) == (Wanted.SHOWN, Seen.SHOWN)
    assert world.told(notice)[-1] is Told.KEPT


def test_a_reported_account_has_its_media_hidden_for_review(world: World) -> None:
    account = world.site.account()
    made = [world.site.post(account) for _ in range(3)]
    world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    assert [world.site.stranger.get(f"/post/{each['id']}").status_code for each in made] == [404, 404, 404]
    assert world.site.stranger.get(f"/user/{account}").status_code == 200


def test_over_the_hours_budget_an_accounts_media_wait_for_a_person(world: World) -> None:
    account = world.site.account()
    made = [world.site.post(account) for _ in range(3)]
    budget = next(p for p in world.here.policies.current if p.name == "child-imagery").on_report.budget
    models.AutomaticHide.objects.bulk_create(
        models.AutomaticHide(at=world.clock[0], network="", policy="child-imagery/media")
        for _ in range(budget.in_all_per_hour - 1)
    )
    world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    seen = [world.site.stranger.get(f"/post/{each['id']}").status_code for each in made]
    assert sorted(seen) == [200, 200, 404]
    assert "over_budget" in world.alarms()


def test_with_the_removal_the_account_is_suspended_and_seen_suspended(world: World) -> None:
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    _remove(world, case_id, Suspend.FOR_A_TIME)
    world.work()
    assert world.site.stranger.get(f"/user/{made['account']}").status_code in (403, 404)


def test_a_suspension_that_has_run_out_is_not_called_a_drift(world: World) -> None:
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    _remove(world, case_id, Suspend.FOR_A_TIME)
    world.work()
    row = models.Case.objects.get(kind="account")
    account = CaseId(row.id)
    world.clock[0] += timedelta(days=31)
    world.site.unsuspend(str(made["account"]))
    world.here.casebook.execute(RecordObservation(account, Seen.SHOWN, True, Connector(world.platform)))
    assert world.case(account).wanted is Wanted.SHOWN
    assert "came_back" not in world.alarms()


def _remove(world: World, case_id: CaseId, suspend: Suspend = Suspend.NO) -> None:
    case = world.case(case_id)
    digest = None if case.content is None else case.content.digest
    world.here.casebook.execute(DecideRemoval(case_id, 1, case.open_grounds[0].policy, digest, suspend, LEAD))


def _visible_changes(world: World, made: dict[str, object]) -> int:
    return sum(each["from"] != each["to"] for each in world.site.changes(made))


def test_an_effect_that_breaks_keeps_no_other_from_being_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.site.post()
    _, case_id = world.report(made)

    def break_down(subject: Subject) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    connector = world.here.connectors[world.platform]
    monkeypatch.setattr(connector, "fetch", break_down)
    world.work()
    assert world.case(case_id).hidden_at is not None
    assert "broken: fetch_content" in world.alarms()
    monkeypatch.undo()
    world.run(70)
    assert world.case(case_id).content is not None


def test_a_platform_taken_out_of_the_settings_rings_an_alarm_and_loses_nothing(world: World) -> None:
    _, case_id = world.report(world.site.post())
    connectors = dict(world.here.connectors)
    world.here.connectors.clear()  # type: ignore[attr-defined]
    world.work()
    world.run(31)
    assert {"broken: hide", "not_hidden"} <= world.alarms()
    world.here.connectors.update(connectors)  # type: ignore[attr-defined]
    world.run(70)
    assert world.case(case_id).hidden_at is not None


def test_a_site_that_cannot_hide_calls_a_person_and_nobody_says_hidden(
    example_world: Callable[..., World],
) -> None:
    world = example_world(can={"hides": False})
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    assert {"platform_trouble", "not_hidden"} <= world.alarms()
    assert world.case(case_id).hidden_at is None
    assert Told.NOT_HIDDEN_YET in world.told(notice)
    assert Told.HIDDEN not in world.told(notice)
    assert world.case(case_id).clocks
    assert world.site.changes(made) == []


def test_what_a_person_hid_by_hand_on_a_site_that_cannot_is_seen_and_then_said(
    example_world: Callable[..., World], example: RunningSite
) -> None:
    world = example_world(can={"hides": False})
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    example.set_state("post", made["id"], "hidden")
    world.run(300)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN


def test_a_removal_on_a_site_that_only_hides_hides_for_good_and_is_over(example_world: Callable[..., World]) -> None:
    world = example_world(can={"removes": False, "tells_gone": True})
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    _remove(world, case_id)
    world.work()
    assert world.case(case_id).gone_at is not None
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 404
    assert "not_gone" not in world.alarms()


def test_a_reported_account_on_a_site_that_lists_no_media_calls_a_person(example_world: Callable[..., World]) -> None:
    world = example_world(can={})
    account = world.site.account()
    made = world.site.post(account)
    _, case_id = world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    assert "platform_trouble" in world.alarms()
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 200
    assert world.case(case_id).clocks


def test_an_account_on_a_site_that_locks_none_is_never_said_to_be_locked(example_world: Callable[..., World]) -> None:
    world = example_world(can={})
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    _remove(world, case_id, Suspend.FOR_A_TIME)
    world.work()
    world.run(120)
    account = world.case(CaseId(models.Case.objects.get(kind="account").id))
    assert account.gone_at is None
    assert account.hidden_at is None
    assert world.site.stranger.get(f"/user/{made['account']}").status_code == 200
    assert "platform_trouble" in world.alarms()


def test_nothing_leaves_for_the_site_but_what_to_do_with_which_subject(
    example_world: Callable[..., World], example: RunningSite
) -> None:
    world = example_world()
    made = world.site.post()
    before = len(example.messages())
    subject = world.here.place(made["url"])
    assert isinstance(subject, Subject)
    notice = world.here.casebook.new_notice_id()
    policy = world.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    reporter = Reporter(notice)
    words = world.here.sealer.seal(b"canary words of a reporter", kind="words", owner=notice)
    code = Enclosed(sealed=(words,))
    links = (PlacedLink(subject, UNKNOWN_YET),)
    for command, enclosed in (
        (OpenNotice(notice, Topic.SEXUAL_PICTURE, policy.ref, "GB", links, frozenset({"GB"}), True, reporter), None),
        (AnswerRelation(notice, Relation.DEPICTED, frozenset(), True, reporter), None),
        (AnswerAge(notice, Age.CHILD, frozenset(), True, reporter), None),
        (SendNotice(notice, frozenset(), True, reporter), None),
        (ReceiveWords(notice, SealedRef(words.id), False, False, reporter), code),
    ):
        world.here.casebook.execute(command, enclosed=enclosed)
    world.work()
    state = world.here.casebook.notice(notice)
    assert state is not None
    case_id = state.cases[0]
    content = world.case(case_id).content
    assert content is not None
    for person in (REVIEWER, LEAD):
        policies = tuple(ground.policy for ground in world.case(case_id).open_grounds)
        world.here.casebook.execute(VoteToKeep(case_id, 1, policies, "not_sexual", content.digest, person))
    world.work()
    world.here.casebook.execute(ReceiveWords(notice, SealedRef(words.id), True, True, reporter), enclosed=None)
    world.work()
    ground = world.case(case_id).open_grounds[0].policy
    world.here.casebook.execute(DecideRemoval(case_id, 2, ground, content.digest, Suspend.FOR_A_TIME, REVIEWER))
    world.work()
    world.report({"url": f"{world.site.base_url}/user/{world.site.post()['account']}"})
    world.work()
    world.run(70)
    sent = example.messages()[before:]
    kinds = {json.loads(each["body"])["type"] for each in sent}
    assert kinds >= {
        "subject.fetch", "media.fetch", "subject.hide", "subject.restore", "subject.remove", "subject.suspend",
        "account.media",
    }  # fmt: skip
    for each in sent:
        body = json.loads(each["body"])
        assert set(body) == {"type", "timestamp", "data"}
        assert set(body["data"]) <= {"kind", "id", "until", "cursor", "media"}
        assert set(each["headers"]) <= {
            "Host", "Accept", "Accept-Encoding", "Connection", "User-Agent", "Content-Type", "Content-Length",
            "webhook-id", "webhook-timestamp", "webhook-signature",
        }  # fmt: skip
        assert each["headers"]["webhook-id"].startswith(("case_", "ask_"))
    bytes_sent = json.dumps(sent)
    canaries = (
        "canary", notice, policy.name, "not_sexual", "sexual", content.digest, REVIEWER.id, LEAD.id, words.id,
        *(part.digest for part in content.parts),
    )  # fmt: skip
    assert [canary for canary in canaries if canary in bytes_sent] == []
