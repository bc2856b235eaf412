"""Somebody who has only a keyboard: moves with Tab, sees where they are, and presses Enter."""

from dataclasses import dataclass

from playwright.sync_api import Page

from amparo.cli.check import Missed

_MOST_TABS = 80
# Where the focus is, as a person would name it, and whether any corner or the middle of it can be seen.
_FOCUS = """() => {
  const it = document.activeElement;
  const label = it.labels && it.labels.length ? it.labels[0].innerText : "";
  const name = (it.getAttribute("aria-label") || label || it.innerText || "").trim();
  const box = it.getClientRects()[0] || it.getBoundingClientRect();
  const at = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]];
  const isSeen = at.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return top && (it.contains(top) || top.contains(it) && top !== document.documentElement && top !== document.body);
  });
  const outline = getComputedStyle(it);
  const isMarked = outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2;
  return [name, isSeen, isMarked];
}"""


@dataclass(frozen=True)
class Focus:
    """What has the focus. `is_seen`: nothing lies over it. `is_marked`: it is outlined."""

    name: str
    is_seen: bool
    is_marked: bool


class Keys:
    """One person's keyboard. `lost` are the stops on the way where they could not see where they were."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.lost: list[Focus] = []

    def go_to(self, words: str) -> None:
        """Press Tab until what begins with these words has the focus. Raises Missed."""
        # Before its style sheet has come, a page has no outline of ours.
        self._page.wait_for_load_state()
        passed = []
        for _ in range(_MOST_TABS):
            self._page.keyboard.press("Tab")
            focus = self.focus()
            if focus.name and not (focus.is_seen and focus.is_marked):
                self.lost.append(focus)
            if focus.name.startswith(words):
                return
            passed.append(focus.name)
        raise Missed(f"Tab never comes to {words!r}, only to {passed}")

    def press(self, words: str) -> None:
        """Go to a button and press it."""
        self.go_to(words)
        self._page.keyboard.press("Enter")

    def type(self, words: str, text: str) -> None:
        """Go to a field and write in it."""
        self.go_to(words)
        self._page.keyboard.type(text)

    def focus(self) -> Focus:
        return Focus(*self._page.evaluate(_FOCUS))
