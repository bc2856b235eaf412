"""The Plaza connector keeps every connector's promises, on a real Plaza over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import Seen
from amparo.connectors.connector import ConnectorError, Reach, count_in
from amparo.connectors.plaza import PlazaConnector
from tests.connectors.connector_contract import ConnectorContract
from tests.plaza.running_plaza import RunningPlaza, running_plaza


class PlazaPlatform:
    def __init__(self, plaza: RunningPlaza) -> None:
        self.plaza = plaza
        self.connector = PlazaConnector("plaza", {"url": plaza.base_url}, plaza.key)
        # Port 9 on loopback: nothing listens there.
        self.unreachable = PlazaConnector("plaza", {"url": "http://127.0.0.1:9"}, plaza.key)
        self._subjects: dict[Subject, dict[str, Any]] = {}

    def publish(self) -> tuple[Subject, str]:
        made = self.plaza.post()
        subject = Subject("plaza", SubjectKind.POST, made["id"])
        self._subjects[subject] = made
        return subject, made["url"]

    def account_of(self, subject: Subject) -> Subject:
        return Subject("plaza", SubjectKind.ACCOUNT, self._subjects[subject]["account"])

    def count_changes(self, subject: Subject) -> int:
        return sum(each["from"] != each["to"] for each in self.plaza.changes(self._subjects[subject]))

    def view(self, subject: Subject) -> None:
        assert self.plaza.stranger.get(f"/{subject.kind.value}/{subject.id}").status_code == 200


@pytest.fixture(scope="module")
def module_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlazaPlatform]:
    with running_plaza(tmp_path_factory.mktemp("plaza"), seeded=False) as plaza:
        yield PlazaPlatform(plaza)


@pytest.fixture
def platform(module_platform: PlazaPlatform) -> Iterator[PlazaPlatform]:
    module_platform.plaza.faults()
    yield module_platform
    module_platform.plaza.faults()


class TestPlazaConnector(ConnectorContract):
    pass


@pytest.mark.parametrize("kind", ["message", "live"])
def test_messages_and_live_rooms_are_hidden_and_seen_hidden(platform: PlazaPlatform, kind: str) -> None:
    made = getattr(platform.plaza, kind)()
    subject = platform.connector.subject_of(made["url"])
    assert subject == Subject("plaza", SubjectKind(kind), made["id"])
    assert platform.connector.observe(subject) is Seen.SHOWN
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.observe(subject) is Seen.HIDDEN
    platform.connector.remove(subject, key="case:2:remove" + subject.id)
    assert platform.connector.observe(subject) is Seen.GONE


def test_a_lie_is_seen_through(platform: PlazaPlatform) -> None:
    subject, _ = platform.publish()
    platform.plaza.faults(lies=True)
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.observe(subject) is Seen.SHOWN


def test_a_site_that_is_down_was_not_seen(platform: PlazaPlatform) -> None:
    subject, _ = platform.publish()
    platform.plaza.faults(down=True)
    assert platform.connector.observe(subject) is Seen.UNKNOWN
    with pytest.raises(ConnectorError) as told:
        platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert not told.value.permanent


def test_forgotten_keys_show_in_the_answer(platform: PlazaPlatform) -> None:
    subject, _ = platform.publish()
    platform.plaza.faults(forgets_keys=True)
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    assert platform.connector.hide(subject, key="case:1:hide" + subject.id).is_replay is False


def test_a_refused_key_is_a_permanent_error(platform: PlazaPlatform) -> None:
    subject, _ = platform.publish()
    stranger = PlazaConnector("plaza", {"url": platform.plaza.base_url}, "another key")
    with pytest.raises(ConnectorError) as told:
        stranger.hide(subject, key="case:1:hide")
    assert told.value.code == "key_refused"


def test_our_own_look_at_what_is_shown_is_a_view_like_any_other_and_one_at_nothing_is_none(
    platform: PlazaPlatform,
) -> None:
    subject, _ = platform.publish()
    platform.connector.observe(subject)
    assert platform.connector.reach(subject) == Reach(views=1, reshares=0)
    platform.connector.hide(subject, key="case:1:hide" + subject.id)
    platform.connector.observe(subject)
    assert platform.connector.reach(subject) == Reach(views=1, reshares=0)


@pytest.mark.parametrize("told", [None, -1, "7", True, 1.5, 10**16])
def test_what_cannot_be_a_counter_is_none(told: object) -> None:
    assert count_in(told) is None


def test_looking_sends_no_key_and_keeps_no_cookie(platform: PlazaPlatform) -> None:
    subject, _ = platform.publish()
    platform.connector.observe(subject)
    stranger = platform.connector._stranger
    assert "authorization" not in stranger.headers
    assert len(stranger.cookies) == 0
