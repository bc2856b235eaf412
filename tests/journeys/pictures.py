"""The README's pictures, made by the journeys. They are written only with AMPARO_SCREENSHOTS=1 in the environment."""

import os
from pathlib import Path

from playwright.sync_api import Page

_FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"


def keep(page: Page, name: str) -> None:
    """Write what the page shows now as docs/images/NAME.png, where that is asked for."""
    if os.environ.get("AMPARO_SCREENSHOTS") == "1":
        _FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=_FOLDER / f"{name}.png")
