"""What can be reported on Plaza, one of each kind, and how somebody comes to see it."""

from dataclasses import dataclass

import httpx
from playwright.sync_api import Page

from amparo.cli.check import Plaza
from amparo.cli.demo import World


@dataclass(frozen=True)
class Thing:
    """Where something is on Plaza, and whose eyes alone see it."""

    address: str
    reader: str = ""


def things_of_each_kind(world: World, plaza: Plaza) -> list[Thing]:
    """One post, profile, message and live room, made anew, so that none was reported before."""
    sender, reader = plaza.account(), plaza.account()
    message = _made(world, "messages", {"account": sender, "recipient": reader})
    room = _made(world, "live", {"account": sender})
    return [
        Thing(plaza.post()["url"]),
        Thing(f"{world.plaza}/user/{plaza.account()}"),
        Thing(message["url"], reader),
        Thing(room["url"]),
    ]


def _made(world: World, what: str, body: dict[str, str]) -> dict[str, str]:
    key = {"Authorization": f"Bearer {world.plaza_key}"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.post(f"{world.plaza}/moderation/practice/{what}", json=body, headers=key)
        answer.raise_for_status()
        return dict(answer.json())


def sign_in(page: Page, world: World, name: str) -> None:
    page.goto(f"{world.plaza}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(world.plaza_password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{world.plaza}/")
