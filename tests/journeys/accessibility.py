"""What axe finds wrong with a page, on a phone and at a desk, in light and in dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.loopback import DESK, PHONE

_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
_RUN = "options => axe.run(options).then(found => found.violations)"


def faults_of(page: Page, name: str) -> list[str]:
    """Unfold everything on the page and return each fault in each of the four ways of looking at it."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(Axe().axe_script)
    before, faults = page.viewport_size, []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        # The whole page at once: a strip that stays at the edge lies over what somebody would scroll past it.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for fault in page.evaluate(_RUN, _OPTIONS):
                where = [node["html"] for node in fault["nodes"]]
                faults.append(f"{name}, {size['width']} px, {scheme}: {fault['id']} at {where}")
    page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)
    return faults
