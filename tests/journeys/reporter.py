"""Somebody who reports with a phone, in any language of the door: presses what they see, and counts how often.

What they press is named by its English text, which is the key of its translation.
"""

import re
import time
from dataclasses import dataclass

from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from amparo.cases.words import Age
from amparo.cli.check import Missed
from amparo.letters.addressing import catalogue_for

DOOR_WORDS = "A sexual picture of me or a child"
RECEIPT = "We have your report."
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Step:
    """One step of the line on the private page, as it is read. `how`: done, now or next."""

    how: str
    text: str
    time: str


class Reporter:
    """One person and the page they look at. `activations` and `typed` count what they had to do so far.

    `page` has to stand in their `language`, as a browser of that language gets it. The platform speaks English.
    """

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page = page
        self.language = language
        self._age: Age | None = None
        self.activations = 0
        self.typed = 0

    def activate(self, thing: Locator) -> None:
        thing.first.click()
        self.activations += 1

    def press(self, words: str) -> None:
        """Press the button that begins with these words."""
        self.activate(self.button(words))

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(self.reads(words))}"))

    def reads(self, words: str) -> str:
        """Return these words as this person reads them at the door."""
        with override(catalogue_for(self.language, self._age)):
            return gettext(words)

    def unfold(self, words: str) -> None:
        self.activate(self.page.locator("summary", has_text=words))

    def open_report(self) -> None:
        """Press the platform's "Report": the door's button, or without scripts the platform's own."""
        self.activate(self.page.locator("report-door summary:visible, report-door button[aria-expanded]:visible"))

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(self.reads(label)).fill(text)
        self.typed += len(text)

    def choose_at(self, address: str, about: str = DOOR_WORDS) -> None:
        """Open a page of the platform and choose what is wrong with it, which opens the report."""
        self.page.goto(address)
        self.open_report()
        self.activate(self.page.get_by_role("button", name=about))  # The platform's page is in English, its button too.

    def answer_and_send(self, who: str = "It is me", age: str = "Yes") -> None:
        """Answer every question of the door and send, until the receipt is there."""
        self.press(who)
        self.press(age)
        self._age = Age.ADULT if age == "No" else Age.CHILD
        for words in ("A private page", "Send"):
            self.press(words)
        expect(self.page.get_by_role("heading", name=self.reads(RECEIPT), level=1)).to_be_visible()

    def report(self, address: str, about: str = DOOR_WORDS) -> str:
        """Report a page of the platform and return the code of the private page."""
        self.choose_at(address, about)
        self.answer_and_send()
        return self.page.locator("#own-code").inner_text()

    def open_own_page(self) -> None:
        """Go on from the receipt to the private page."""
        self.activate(self.page.get_by_role("link", name=self.reads("Open your page now")))
        self.page.wait_for_url("**/u/page")

    def steps(self) -> list[Step]:
        """Return the line of steps on the private page, in order."""
        return [
            Step(
                str(item.get_attribute("class")),
                item.locator("b").inner_text(),
                "".join(item.locator("time").all_inner_texts()),
            )
            for item in self.page.locator(".line li").all()
        ]

    def check_again(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.reads("Check again")).click()

    def wait_for(self, link: str) -> None:
        """Check again until the page has a link with these words. Raises Missed."""
        link = self.reads(link)
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self.page.get_by_role("link", name=link).count():
            if time.monotonic() > until:
                raise Missed(f"the private page has no link {link!r}")
            time.sleep(0.1)
            self.check_again()

    def wait_to_read(self, how: str, text: str) -> list[Step]:
        """Check again until the line has this step; return the whole line. Raises Missed."""
        text = self.reads(text)
        until = time.monotonic() + _PATIENCE_SECONDS
        while (how, text) not in [(step.how, step.text) for step in self.steps()]:
            if time.monotonic() > until:
                raise Missed(f"the private page does not say {how}: {text!r}, but {self.steps()}")
            time.sleep(0.1)
            self.check_again()
        return self.steps()
