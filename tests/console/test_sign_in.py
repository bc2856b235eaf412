"""Signing in: the same answer whatever is wrong, and slower and slower for whoever guesses."""

import pytest

from amparo.console.throttle import MOST, WITHIN_SECONDS, Throttle, network_of
from tests.console.desk import PASSWORD, Browser, Desk


def sign_in(name: str, password: str, address: str = "10.0.0.1") -> int:
    body = {"username": name, "password": password}
    return int(Browser(REMOTE_ADDR=address).send("/sign-in", body).status_code)


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    answers = [Browser().send("/sign-in", {"username": name, "password": "wrong"}) for name in ("reviewer", "nobody")]
    pages = [answer.content.decode().split("csrfmiddlewaretoken")[0] for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert pages[0] == pages[1]


def test_after_five_guesses_even_the_right_password_waits(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    assert [sign_in("reviewer", "wrong") for _ in range(5)] == [422] * 5
    assert sign_in("reviewer", PASSWORD) == 429
    assert sign_in("reviewer", PASSWORD, "10.0.9.1") == 302, "another network is not locked out"


def test_the_right_password_forgives_the_slips_before_it(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    for _ in range(3):
        assert [sign_in("reviewer", "wrong") for _ in range(4)] == [422] * 4
        assert sign_in("reviewer", PASSWORD) == 302


def test_somebody_off_the_staff_does_not_come_in(desk: Desk) -> None:
    from amparo.records import people

    people.deactivate(desk.enrol("reviewer", "reviewer"), by="staff_other")
    assert sign_in("reviewer", PASSWORD) == 422


def test_no_sign_in_leads_to_another_site(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    body = {"username": "reviewer", "password": PASSWORD, "next": "https://elsewhere.test/"}
    assert Browser().send("/sign-in", body).headers["Location"] == "/"


def test_signing_out_takes_a_form(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    browser = desk.browser("reviewer")
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/").status_code == 200
    assert browser.send("/sign-out").headers["Location"] == "/sign-in"
    assert browser.get("/").status_code == 302


def test_a_network_that_guesses_many_names_is_stopped() -> None:
    throttle = Throttle(lambda: 0.0)
    tried = [throttle.may_try(f"name-{number}", "10.0.0.1") for number in range(40)]
    assert tried == [True] * MOST["network"] + [False] * (40 - MOST["network"])
    assert throttle.may_try("name-1", "10.0.1.1")


def test_a_name_guessed_from_many_networks_is_stopped() -> None:
    throttle = Throttle(lambda: 0.0)
    tried = [throttle.may_try("name", f"10.0.{number}.1") for number in range(120)]
    assert tried.count(True) == MOST["name"]


def test_the_name_is_counted_however_it_is_written() -> None:
    throttle = Throttle(lambda: 0.0)
    assert [throttle.may_try(name, "10.0.0.1") for name in ("Name", "NAME", "name", "nAME", "naMe", "name")] == [
        *[True] * 5,
        False,
    ]


def test_after_its_time_a_guess_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    for _ in range(5):
        assert throttle.may_try("name", "10.0.0.1")
    assert not throttle.may_try("name", "10.0.0.1")
    now[0] = float(WITHIN_SECONDS)
    assert throttle.may_try("name", "10.0.0.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("junk", "unknown"),
    ],
)
def test_neighbours_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
