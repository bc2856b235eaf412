"""What axe finds wrong with a page: by every rule in light, and in dark by that of contrast, as only colours differ."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe looks at the size of targets (WCAG 2.2, 2.5.8) only where it is asked to.
_EVERY_RULE: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
_CONTRAST: dict[str, Any] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
_RUN = "options => axe.run(options).then(found => found.violations)"
_UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"


def faults_of(page: Page, where: str) -> list[str]:
    """Unfold everything on the page and return its faults, each with `where` and with what it is at."""
    # What is still coming has no head and no folds yet.
    page.wait_for_load_state("load")
    page.evaluate(_UNFOLD)
    page.evaluate(Axe().axe_script)
    size = page.viewport_size
    if size is not None:
        # The whole page at once: a strip that stays at the edge lies over what somebody would scroll past it.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    faults = []
    for scheme, options in (("light", _EVERY_RULE), ("dark", _CONTRAST)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for fault in page.evaluate(_RUN, options):
            faults.append(f"{where}, {scheme}: {fault['id']} at {[node['html'] for node in fault['nodes']]}")
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)
    return faults


def is_wider_than_its_screen(page: Page) -> bool:
    """Return whether somebody would have to scroll to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
