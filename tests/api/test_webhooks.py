"""Webhooks: what happens to a notice is told to its sender alone, by ids, signed, until it arrives."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from amparo.cases.refused import Refused
from amparo.cases.words import Seen, Told
from amparo.cli.webhook import _keep
from amparo.connectors.outside import is_outside
from amparo.home import home
from amparo.plugins import installation
from amparo.records import alarms, api_notices, models, webhooks
from amparo.records.messages import TYPES
from amparo.workers.webhooks import deliver, secret_file
from tests.api.asking import told
from tests.api.receiver import Receiver, receiving
from tests.api.reporting import Program, a_link
from tests.public.staff import Staff


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def told_program(new_program: Callable[..., Program], receiver: Receiver) -> Iterator[Program]:
    """A program whose endpoint is on the list."""
    program = new_program("notices", "follow", "webhooks")
    now = installation().casebook.now()
    webhooks.add(program.sender, program.sender, receiver.address, (), now, is_inside=True)
    program.secret = _keep(home(), program.sender, first=True)  # type: ignore[attr-defined]
    yield program
    (home().keys / secret_file(program.sender)).unlink(missing_ok=True)
    models.WebhookEndpoint.objects.all().delete()
    models.WebhookMessage.objects.all().delete()


def _deliver(times: int = 1) -> None:
    for _ in range(times):
        deliver(installation(), patience_seconds=5.0)


def test_what_happens_is_told_in_its_order_signed_and_by_ids_alone(
    told_program: Program, receiver: Receiver, staff: Staff
) -> None:
    link = a_link()
    name = told(told_program.sends(link, words="yellow squares", reference="A-1"))["id"]
    staff.sees(link, Seen.HIDDEN)
    staff.tells(link, Told.HIDDEN)
    _deliver()
    assert receiver.types() == ["notice.received", "item.hidden_seen"]
    for number, (headers, body) in enumerate(receiver.came):
        assert receiver.is_signed(number, told_program.secret)  # type: ignore[attr-defined]
        assert headers["content-type"] == "application/json"
        said = receiver.said(number)
        assert set(said) == {"type", "timestamp", "data"}
        assert said["data"] == {"notice": name, "link": None if number == 0 else 1}
        assert said["timestamp"].endswith("Z")
        assert len(body) < 300
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 2
    _deliver()
    assert len(receiver.came) == 2


def test_nobody_is_told_of_what_somebody_else_sent(told_program: Program, receiver: Receiver, another: Program) -> None:
    another.sends()
    _deliver()
    assert receiver.came == []


def test_a_second_sender_of_one_post_is_told_of_its_own_notice_alone(
    told_program: Program, receiver: Receiver, another: Program, staff: Staff
) -> None:
    link = a_link()
    another.sends(link)
    name = told(told_program.sends(link))["id"]
    staff.removes(link)
    _deliver()
    assert {receiver.said(number)["data"]["notice"] for number in range(len(receiver.came))} == {name}


def test_a_first_and_a_second_report_of_one_post_have_the_same_messages(
    told_program: Program, receiver: Receiver, another: Program
) -> None:
    known = a_link()
    another.sends(known)
    told_program.sends(known)
    told_program.sends(a_link())
    _deliver()
    assert receiver.types() == ["notice.received"] * 2


def test_each_type_of_news_has_a_message(told_program: Program, receiver: Receiver, staff: Staff) -> None:
    link = a_link()
    told_program.sends(link)
    for what in (Told.REMOVED, Told.GONE, Told.LATE, Told.CAME_BACK):
        staff.tells(link, what)
    _deliver(3)
    # What a site without a page for gone things shows is not called gone; Plaza has one.
    assert receiver.types()[1:] == [
        "item.decided", "notice.answered", "item.gone_verified", "notice.late", "item.came_back", "notice.reopened",
    ]  # fmt: skip
    assert set(receiver.types()) <= set(TYPES)


def test_what_does_not_arrive_is_sent_again_under_its_id_and_later_each_time(
    told_program: Program, receiver: Receiver, staff: Staff
) -> None:
    for _ in range(2):
        told_program.sends("plaza:post:nobody-1")
    receiver.answers = [500, 302]
    _deliver()
    assert len(receiver.came) == 1
    _deliver()
    assert len(receiver.came) == 1, "who has just failed rests for some seconds"
    staff.passes(seconds=6)
    _deliver()
    staff.passes(seconds=6)
    _deliver()
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert ids.count(ids[0]) == 2
    staff.passes(minutes=6)
    _deliver(2)
    assert not models.WebhookMessage.objects.filter(delivered_at__isnull=True).exists()


def test_a_backlog_of_one_endpoint_keeps_no_other_waiting(
    told_program: Program, receiver: Receiver, new_program: Callable[..., Program]
) -> None:
    now, backlogged = installation().casebook.now(), new_program("notices").sender
    webhooks.add(backlogged, backlogged, "https://backlogged.example/", (), now, is_inside=False)
    for number in range(60):
        webhooks.prove(webhooks.find(backlogged), f"msg_backlog_{number}", now)
    told_program.sends()
    claimed = webhooks.claim(installation().casebook.now(), 40, 5)
    assert [each.to.name for each in claimed].count(backlogged) == 5
    assert told_program.sender in {each.to.name for each in claimed}


@pytest.mark.parametrize(
    "address", ["https://a..b.example/x", f"https://{'a' * 64}.example/x"], ids=["an-empty-label", "64-letters"]
)
def test_a_name_that_no_resolver_takes_is_unreachable_and_costs_no_other_endpoint_anything(
    told_program: Program, receiver: Receiver, new_program: Callable[..., Program], address: str
) -> None:
    now, odd = installation().casebook.now(), new_program("notices").sender
    with pytest.raises(Refused):
        webhooks.add(odd, odd, address, (), now, is_inside=False)
    models.WebhookEndpoint.objects.create(name=odd, sender=odd, url=address, is_inside=False, only=[], made_at=now)
    _keep(home(), odd, first=True)
    webhooks.prove(webhooks.find(odd), "msg_odd", now)
    told_program.sends()
    _deliver()
    (home().keys / secret_file(odd)).unlink()
    assert models.WebhookMessage.objects.get(id="msg_odd").status == "unreachable"
    assert receiver.types() == ["notice.received"]


def test_what_arrived_is_noted_though_something_went_wrong_beside_it(
    told_program: Program, receiver: Receiver, new_program: Callable[..., Program]
) -> None:
    def look_up(host: str, port: int) -> list[str]:
        if host == "broken.example":
            raise RuntimeError("a fault of ours")
        return [host]

    now, broken = installation().casebook.now(), new_program("notices").sender
    models.WebhookEndpoint.objects.create(
        id=1, name=broken, sender=broken, url="https://broken.example/", is_inside=True, only=[], made_at=now
    )
    _keep(home(), broken, first=True)
    webhooks.prove(webhooks.find(broken), "msg_broken", now)
    told_program.sends()
    with pytest.raises(ExceptionGroup):
        deliver(installation(), look_up=look_up, patience_seconds=5.0)
    (home().keys / secret_file(broken)).unlink()
    assert models.WebhookMessage.objects.get(type="notice.received").delivered_at is not None


def test_what_never_arrives_is_given_up_after_three_days_and_a_person_is_called(
    told_program: Program, receiver: Receiver, staff: Staff
) -> None:
    endpoint = webhooks.find(told_program.sender)
    webhooks.prove(endpoint, "msg_" + "0" * 32, installation().casebook.now())
    waited = timedelta()
    for wait in (timedelta(), *webhooks.WAITS):
        receiver.answers = [503]
        waited += wait
        staff.passes(seconds=wait.total_seconds() + 1)
        _deliver()
    row = models.WebhookMessage.objects.get()
    assert row.given_up_at is not None
    assert row.tries == len(webhooks.WAITS) + 1
    assert timedelta(days=3) < waited < timedelta(days=4)
    assert alarms.opened_at("webhook_undelivered", f"webhook:{told_program.sender}") is not None
    assert webhooks.replay_since(endpoint, None, installation().casebook.now()) == 1
    staff.passes(seconds=6)
    _deliver()
    assert models.WebhookMessage.objects.get().delivered_at is not None


def test_an_endpoint_that_says_it_is_gone_is_told_nothing_more(told_program: Program, receiver: Receiver) -> None:
    for _ in range(2):
        told_program.sends()
    receiver.answers = [410]
    _deliver(2)
    assert len(receiver.came) == 1
    assert not models.WebhookMessage.objects.filter(next_try_at__isnull=False).exists()
    with pytest.raises(Refused):
        webhooks.find(told_program.sender)


def test_who_asks_for_peace_gets_it(told_program: Program, receiver: Receiver, staff: Staff) -> None:
    for _ in range(2):
        told_program.sends()
    receiver.answers, receiver.headers = [429], {"Retry-After": "60"}
    _deliver(2)
    assert len(receiver.came) == 1
    staff.passes(seconds=61)
    _deliver(2)
    assert len(receiver.came) == 3


def test_a_rotated_secret_signs_beside_the_one_before(told_program: Program, receiver: Receiver) -> None:
    before = told_program.secret  # type: ignore[attr-defined]
    fresh = _keep(home(), told_program.sender, first=False)
    told_program.sends()
    _deliver()
    assert receiver.is_signed(0, before)
    assert receiver.is_signed(0, fresh)
    _keep(home(), told_program.sender, first=False)
    told_program.sends()
    _deliver()
    assert not receiver.is_signed(len(receiver.came) - 1, before)


def test_an_endpoint_gets_the_types_it_wants(told_program: Program, receiver: Receiver, staff: Staff) -> None:
    models.WebhookEndpoint.objects.filter(name=told_program.sender).update(only=["notice.answered"])
    link = a_link()
    told_program.sends(link)
    staff.tells(link, Told.REMOVED)
    _deliver()
    assert receiver.types() == ["notice.answered"]


def test_a_sender_sees_its_messages_and_has_one_sent_again(
    told_program: Program, receiver: Receiver, new_program: Callable[..., Program]
) -> None:
    for _ in range(2):
        told_program.sends()
    _deliver()
    listed: list[dict[str, Any]] = told(told_program.asking.get("/v1/webhooks/messages"))["data"]
    assert [each["type"] for each in listed] == ["notice.received"] * 2
    assert {each["state"] for each in listed} == {"delivered"}
    address = f"/v1/webhooks/messages/{listed[0]['id']}/replay"
    foreign = new_program("webhooks")
    assert foreign.asking.json(address, {}).status_code == 404
    assert foreign.asking.json("/v1/webhooks/messages/msg_1/replay", {}).content == (
        foreign.asking.json(address, {}).content
    )
    assert told(foreign.asking.get("/v1/webhooks/messages"))["data"] == []
    assert told_program.asking.json(address, {}).status_code == 202
    _deliver()
    assert receiver.came[2][0]["webhook-id"] == listed[0]["id"]


def test_no_address_of_our_own_network_is_dialled_unless_the_operator_said_so(
    told_program: Program, receiver: Receiver
) -> None:
    models.WebhookEndpoint.objects.filter(name=told_program.sender).update(is_inside=False)
    told_program.sends()
    _deliver()
    assert receiver.came == []
    assert models.WebhookMessage.objects.filter(status="unreachable").exists()


def test_a_name_that_also_leads_inside_is_not_dialled(told_program: Program, receiver: Receiver) -> None:
    models.WebhookEndpoint.objects.filter(name=told_program.sender).update(is_inside=False)
    told_program.sends()
    deliver(installation(), look_up=lambda host, port: ["93.184.216.34", "127.0.0.1"], patience_seconds=1.0)
    assert receiver.came == []
    assert models.WebhookMessage.objects.filter(status="unreachable").exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
     "192.0.0.192", "0.0.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fec0::1",
     "fc00::1", "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::",
     "2001:db8::1", "ff02::1", "localhost", "", "127.1", "0x7f000001"],
)  # fmt: skip
def test_addresses_that_are_not_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_that_are_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    ("url", "is_inside"),
    [("http://a.example/", False), ("ftp://a.example/", True), ("https://u:p@a.example/", False), ("https:///x", False),
     ("https://a.example/#x", False), ("file:///etc/passwd", True), ("https://[::1", False), ("a.example", False)],
    ids=str,
)  # fmt: skip
def test_an_address_that_is_none_is_refused(reporting: None, url: str, is_inside: bool) -> None:
    with pytest.raises(Refused):
        webhooks.add("x", "x", url, (), installation().casebook.now(), is_inside=is_inside)


def test_messages_hold_ids_and_times_and_nothing_else(told_program: Program) -> None:
    told_program.sends("https://elsewhere.example/a-secret-place", words="yellow squares", reference="A-1")
    rows = json.dumps(list(models.WebhookMessage.objects.values()), default=str)
    assert not any(word in rows for word in ("elsewhere", "yellow", "A-1", "plaza"))
    assert api_notices.page(told_program.sender, None, "", 5)
