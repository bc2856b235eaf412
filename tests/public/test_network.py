"""Networks are counted, not known; over the budget nothing is hidden by itself and nothing is dropped."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import RequestFactory

from amparo.cases.words import Wanted
from amparo.home import home
from amparo.network_key import key_of_day
from amparo.public.network import network_of
from amparo.records import models
from amparo.workers import process
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor


def _hash(address: str) -> str:
    return network_of(RequestFactory(REMOTE_ADDR=address).get("/"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.250", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
    ],
)
def test_a_network_is_a_24_or_a_48(at_the_door: None, one: str, other: str, is_same: bool) -> None:
    assert (_hash(one) == _hash(other)) is is_same
    assert one not in _hash(one)


@pytest.mark.parametrize("address", ["", "unix:", "nobody"])
def test_an_address_that_is_none_has_no_network(at_the_door: None, address: str) -> None:
    assert _hash(address) == ""


def test_the_key_of_a_day_is_on_no_disk_and_in_no_memory_once_another_day_is_asked_for(tmp_path: Path) -> None:
    key_of_day.cache_clear()
    first = key_of_day(tmp_path, date(2026, 3, 1))
    assert key_of_day(tmp_path, date(2026, 3, 1)) == first
    key_of_day(tmp_path, date(2026, 3, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["network-key-2026-03-02"]
    assert key_of_day(tmp_path, date(2026, 3, 1)) != first
    key_of_day.cache_clear()


class Once:
    """What tells a loop to stop after its first round."""

    def __init__(self) -> None:
        self._asked = 0

    def is_set(self) -> bool:
        self._asked += 1
        return self._asked > 1

    def wait(self, seconds: float) -> None:
        pass


def test_a_worker_deletes_the_keys_of_other_days_though_nobody_comes(at_the_door: None) -> None:
    folder = home().run
    folder.mkdir(parents=True, exist_ok=True)
    old, today = folder / "network-key-2026-03-01", folder / f"network-key-{datetime.now(UTC).date()}"
    for path in (old, today):
        path.write_bytes(b"x" * 32)
    process._take_in_every_second(Once())  # type: ignore[arg-type]
    assert (old.exists(), today.exists()) == (False, True)
    today.unlink()
    key_of_day.cache_clear()


def test_the_network_is_kept_as_a_hash_with_each_automatic_hide(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    hidden = models.AutomaticHide.objects.get()
    assert hidden.network == _hash(visitor.address)
    assert len(hidden.network) == 64


def test_a_report_of_fifty_links_hides_no_more_than_what_is_left_of_the_budget(visitor: Visitor, staff: Staff) -> None:
    links = [f"{PLAZA}/post/left{number}" for number in range(80)]
    visitor.report(*links[:30])
    visitor.report(*links[30:])
    hidden = [staff.case_of(link).wanted is Wanted.HIDDEN for link in links]
    assert (sum(hidden[:30]), sum(hidden[30:])) == (30, 20)
    over = [staff.case_of(link).id for link, is_hidden in zip(links, hidden, strict=True) if not is_hidden]
    assert models.Effect.objects.filter(aggregate__in=over, name="raise_alarm").count() == 30


def test_over_its_budget_a_network_opens_reports_that_a_person_hides(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff
) -> None:
    links = [f"{PLAZA}/post/budget{number}" for number in range(52)]
    visitor.report(*links[:50])
    visitor.report_and_send(links[50])
    assert staff.case_of(links[50]).wanted is Wanted.SHOWN
    assert "A person has to look at it first." in visitor.page
    assert models.Effect.objects.filter(aggregate=staff.case_of(links[50]).id, name="raise_alarm").exists()
    other = new_visitor()
    other.report(links[51])
    assert staff.case_of(links[51]).wanted is Wanted.HIDDEN
