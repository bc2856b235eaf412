"""Ways through the door, walked in a real browser by pressing what is there, and what each asked of its reporter.

Buttons are found by what they send and not by their words, so that a walk is the same in every language.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from playwright.sync_api import Page, Response

from amparo.cli.check import Plaza
from amparo.cli.demo import World

_REQUIRED = "main [required], main [aria-required=true]"


class NotThere(Exception):
    """The door did not come to the receipt."""


@dataclass
class Asked:
    """What one way asked: presses, letters typed, answers without which it did not go on, and the heaviest page."""

    activations: int = 0
    typed: int = 0
    required: int = 0
    heaviest_bytes: int = 0
    strayed: set[str] = field(default_factory=set)
    seconds: float = 0.0


class Walker:
    """One reporter with one page of a browser."""

    def __init__(self, page: Page, world: World, plaza: Plaza) -> None:
        self.page, self.world, self.plaza = page, world, plaza
        self.asked = Asked()
        self._came: list[Response] = []
        page.on("response", self._note)

    def open(self, address: str) -> None:
        """Come upon a page. The time runs from here: what came before is no part of a report."""
        self.page.goto(address)
        self.asked = Asked()
        self._started = monotonic()

    def press(self, found: str) -> None:
        self._weigh()
        self.page.locator(found).first.click()
        self.page.wait_for_load_state()
        self.asked.activations += 1

    def answer(self, field_name: str, value: str) -> None:
        """Answer a question. There is no way around it, so it counts as required."""
        self.press(f'button[name="{field_name}"][value="{value}"]')
        self.asked.required += 1

    def paste(self, link: str) -> None:
        """Paste a link, which is one act and no typing."""
        self.page.locator("textarea[name=links]").fill(link)
        self.asked.activations += 1
        self.asked.required += 1

    def send(self) -> None:
        self.asked.required += self.page.locator(_REQUIRED).count()
        self.press("main form .primary")
        if not self.page.locator("#own-code").count():
            raise NotThere(f"No receipt: {self.page.url} says {self.page.locator('h1').inner_text()!r}.")
        self.asked.seconds = monotonic() - self._started
        self._weigh()

    def _note(self, response: Response) -> None:
        self._came.append(response)

    def _weigh(self) -> None:
        """Note how heavy the page is that stands here: it and all it loaded, each gzipped."""
        came, self._came[:] = list(self._came), []
        last = max((n for n, each in enumerate(came) if each.request.is_navigation_request()), default=len(came))
        own = [each for each in came[last:] if each.url.startswith(self.world.door) and each.ok]
        self.asked.heaviest_bytes = max(self.asked.heaviest_bytes, sum(len(gzip.compress(each.body())) for each in own))
        known = (self.world.door, self.world.plaza, "data:")
        self.asked.strayed |= {each.url for each in came if not each.url.startswith(known)}


def _from_post(walker: Walker, who: str, age: str) -> None:
    walker.open(walker.plaza.post()["url"])
    walker.press("report-door summary:visible, report-door button[aria-expanded]:visible")
    walker.press("report-door form button:visible")
    _questions(walker, who, age)


def _by_link(walker: Walker, link: str, who: str, age: str, topic: str = "sexual_picture") -> None:
    walker.open(f"{walker.world.door}/help-me")
    if not walker.page.locator(f'[name=topic][value="{topic}"]').is_checked():
        walker.press(f'[name=topic][value="{topic}"]')
    walker.paste(link)
    walker.press("main form .primary")
    _questions(walker, who, age)


def _questions(walker: Walker, who: str, age: str) -> None:
    walker.answer("relation", who)
    walker.answer("age", age)
    # The private page is preset: a report is sent without it as well, so this press is no answer that is required.
    walker.press('button[name="way"][value="private_page"]')
    walker.send()
    # The press that sends is one that nobody can leave out.
    walker.asked.required += 1


def _account(walker: Walker) -> None:
    _by_link(walker, f"{walker.world.plaza}/user/{walker.plaza.account()}", "i_dont_know_them", "yes")


def _threat(walker: Walker) -> None:
    account = f"{walker.world.plaza}/user/{walker.plaza.account()}"
    _by_link(walker, account, "me", "yes", topic="threat")


WALKS: dict[str, Callable[[Walker], None]] = {
    "child lane from a post": lambda walker: _from_post(walker, "me", "yes"),
    "child lane by a link": lambda walker: _by_link(walker, walker.plaza.post()["url"], "me", "yes"),
    "parent from a post": lambda walker: _from_post(walker, "child_i_look_after", "yes"),
    "bystander from a post": lambda walker: _from_post(walker, "i_dont_know_them", "not_sure"),
    "adult lane from a post": lambda walker: _from_post(walker, "me", "no"),
    "an account by a link": _account,
    "a threat by a link": _threat,
}
