"""Signing in: the same answer whatever is wrong, and slower and slower for whoever guesses."""

from collections.abc import Callable
from ipaddress import ip_address

import pytest
from django.test import override_settings

from amparo.console.throttle import MOST, WITHIN_SECONDS, Throttle, network_of
from amparo.sender import read_trusted
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
    tried = [throttle.may_try(f"name-{number}", ip_address("10.0.0.1")) for number in range(40)]
    assert tried == [True] * MOST["network"] + [False] * (40 - MOST["network"])
    assert throttle.may_try("name-1", ip_address("10.0.1.1"))


def test_a_name_guessed_from_many_networks_is_stopped() -> None:
    throttle = Throttle(lambda: 0.0)
    tried = [throttle.may_try("name", ip_address(f"10.0.{number}.1")) for number in range(120)]
    assert tried.count(True) == MOST["name"]


def test_the_name_is_counted_however_it_is_written() -> None:
    throttle = Throttle(lambda: 0.0)
    assert [
        throttle.may_try(name, ip_address("10.0.0.1")) for name in ("Name", "NAME", "name", "nAME", "naMe", "name")
    ] == [
        *[True] * 5,
        False,
    ]


def test_after_its_time_a_guess_is_forgotten() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    for _ in range(5):
        assert throttle.may_try("name", ip_address("10.0.0.1"))
    assert not throttle.may_try("name", ip_address("10.0.0.1"))
    now[0] = float(WITHIN_SECONDS)
    assert throttle.may_try("name", ip_address("10.0.0.1"))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
    ],
)
def test_neighbours_are_one_network(address: str, network: str) -> None:
    assert network_of(ip_address(address)) == network


def test_whoever_has_no_address_is_of_the_network_unknown() -> None:
    assert network_of(None) == "unknown"


def _guess_from_everywhere(name: str) -> list[int]:
    """Guess wrongly from so many networks that the name is stopped; return what the last ones were told."""
    return [sign_in(name, "wrong", f"10.{number}.0.1") for number in range(MOST["name"] + 2)][-2:]


def test_guesses_from_a_hundred_networks_never_keep_out_the_browser_that_has_signed_in_before(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    known, body = Browser(REMOTE_ADDR="10.0.0.1"), {"username": "lead", "password": PASSWORD}
    assert known.send("/sign-in", body).status_code == 302
    known.send("/sign-out")
    assert _guess_from_everywhere("lead") == [429, 429]
    assert sign_in("lead", PASSWORD, "10.200.0.1") == 429, "a browser that is new waits"
    assert known.send("/sign-in", body).status_code == 302


def test_a_known_browser_may_be_anywhere(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    known, body = Browser(REMOTE_ADDR="10.0.0.1"), {"username": "lead", "password": PASSWORD}
    known.send("/sign-in", body)
    known.send("/sign-out")
    for number in range(MOST["network"] + 1):
        sign_in(f"nobody-{number}", "wrong", "10.0.9.1")
    assert sign_in("lead", PASSWORD, "10.0.9.1") == 429
    known.defaults["REMOTE_ADDR"] = "10.0.9.1"
    assert known.send("/sign-in", body).status_code == 302


def test_a_known_browser_has_a_limit_of_its_own(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    known = Browser()
    known.send("/sign-in", {"username": "lead", "password": PASSWORD})
    known.send("/sign-out")
    tried = [
        known.send("/sign-in", {"username": "lead", "password": "wrong"}).status_code for _ in range(MOST["device"] + 1)
    ]
    assert tried == [422] * MOST["device"] + [429]


def test_a_known_browser_is_known_for_its_own_name_alone(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    desk.enrol("reviewer", "reviewer")
    browser = Browser()
    browser.send("/sign-in", {"username": "lead", "password": PASSWORD})
    browser.send("/sign-out")
    assert _guess_from_everywhere("reviewer") == [429, 429]
    assert browser.send("/sign-in", {"username": "reviewer", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("change", [lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"), lambda value: "x"])
def test_a_cookie_that_we_did_not_sign_makes_no_browser_known(desk: Desk, change: Callable[[str], str]) -> None:
    desk.enrol("lead", "lead")
    browser = Browser()
    browser.send("/sign-in", {"username": "lead", "password": PASSWORD})
    browser.send("/sign-out")
    (name,) = (name for name in browser.cookies if "device" in name)
    browser.cookies[name] = change(browser.cookies[name].value)
    assert _guess_from_everywhere("lead") == [429, 429]
    assert browser.send("/sign-in", {"username": "lead", "password": PASSWORD}).status_code == 429


def test_the_cookie_says_no_name_and_no_script_reads_it(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    browser = Browser()
    answer = browser.send("/sign-in", {"username": "lead", "password": PASSWORD})
    (cookie,) = (cookie for name, cookie in answer.cookies.items() if "device" in name)
    assert "lead" not in cookie.OutputString()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


def test_a_wrong_password_makes_no_browser_known(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    answer = Browser().send("/sign-in", {"username": "lead", "password": "wrong"})
    assert [name for name in answer.cookies if "device" in name] == []


def test_behind_a_trusted_proxy_attempts_are_counted_by_who_made_them(desk: Desk) -> None:
    desk.enrol("lead", "lead")

    def tried(said: str) -> int:
        browser = Browser(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": said})
        return int(browser.send("/sign-in", {"username": "lead", "password": "wrong"}).status_code)

    with override_settings(TRUSTED_PROXIES=read_trusted(["127.0.0.1"], "")):
        assert [tried(f"192.0.2.{number}, 10.0.0.1") for number in range(6)] == [422] * 5 + [429]
        assert tried("10.0.1.1") == 422
