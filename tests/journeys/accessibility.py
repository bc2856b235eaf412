"""What axe finds wrong with a page on a phone and at a desk."""

from playwright.sync_api import Page, ViewportSize

from tests import accessibility
from tests.journeys.loopback import DESK, PHONE


def faults_of(page: Page, name: str, sizes: tuple[ViewportSize, ...] = (PHONE, DESK)) -> list[str]:
    """Unfold everything on the page and return each of its faults, in each size, in light and in dark."""
    before, faults = page.viewport_size, []
    for size in sizes:
        page.set_viewport_size(size)
        faults += accessibility.faults_of(page, f"{name}, {size['width']} px")
    if before is not None:
        page.set_viewport_size(before)
    return faults
