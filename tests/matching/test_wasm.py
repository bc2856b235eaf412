"""The same PDQ in a browser: equal to the kernel to the bit, and the committed file is what its sources make."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from amparo import _kernel
from tests.journeys.loopback import CHROMIUM, FLAGS
from tests.matching.pictures import Picture, pictures

_ROOT = Path(__file__).parents[2]
BUILD = _ROOT / "kernel" / "wasm" / "build"
SERVED = _ROOT / "src" / "amparo" / "public" / "static" / "public"

_LOAD = """async ([wasm, module]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const { pdqFrom } = await import("data:text/javascript;base64," + module);
  const pdq = await pdqFrom(bytes(wasm));
  window.hash = (pixels, width, height) => pdq(bytes(pixels), width, height);
}"""
_REFUSED = """([length, width, height]) => {
  try { window.hash(btoa("x".repeat(length)), width, height); return "hashed"; } catch (error) { return error.name; }
}"""


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed. On Debian or Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        page = browser.new_page()
        page.evaluate(_LOAD, [text((SERVED / "pdq.wasm").read_bytes()), text((SERVED / "pdq.mjs").read_bytes())])
        yield page
        browser.close()


def in_the_page(page: Page, picture: Picture) -> tuple[bytes, int]:
    height, width = picture.shape[:2]
    told: dict[str, Any] = page.evaluate(
        "([pixels, width, height]) => window.hash(pixels, width, height)", [text(picture.tobytes()), width, height]
    )
    return bytes.fromhex(told["hash"]), told["quality"]


@pytest.mark.browser
def test_chromium_gives_the_hash_and_quality_of_the_kernel(page: Page) -> None:
    chance = np.random.default_rng(31)
    flat = np.full((200, 300, 3), 77, np.uint8)
    large = chance.integers(0, 256, (1500, 2100, 3), dtype=np.uint8)
    for picture in (*pictures(150, seed=30), flat, large, np.zeros((3, 90, 3), np.uint8)):
        assert in_the_page(page, picture) == _kernel.pdq(picture), picture.shape


@pytest.mark.browser
def test_chromium_hashes_grey_and_what_a_canvas_gives(page: Page) -> None:
    for picture in pictures(20, seed=32):
        grey = np.ascontiguousarray(picture[:, :, 1])
        canvas = np.concatenate([picture, np.full((*picture.shape[:2], 1), 255, np.uint8)], axis=2)
        assert in_the_page(page, grey) == _kernel.pdq(grey)
        assert in_the_page(page, canvas) == _kernel.pdq(picture)


@pytest.mark.browser
@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param((10, 3, 3), id="not a whole number of bytes a pixel"),
        pytest.param((200, 10, 10), id="two bytes a pixel"),
        pytest.param((0, 10, 10), id="no pixels"),
        pytest.param((12, 0, 4), id="no width"),
        pytest.param((12, -2, -2), id="negative"),
    ],
)
def test_what_is_no_picture_is_refused(page: Page, sizes: tuple[int, int, int]) -> None:
    assert page.evaluate(_REFUSED, list(sizes)) == "RangeError"


def test_the_committed_file_is_what_its_sources_make(tmp_path: Path) -> None:
    if shutil.which("clang-19") is None or not Path("/usr/lib/llvm-19/bin/wasm-ld").exists():
        pytest.skip("clang 19 is not installed, so nothing was rebuilt: apt-get install clang-19 lld-19")
    subprocess.run([str(BUILD), str(tmp_path / "pdq.wasm")], check=True)
    assert (tmp_path / "pdq.wasm").read_bytes() == (SERVED / "pdq.wasm").read_bytes(), (
        "pdq.wasm of the door is not what its sources make: run kernel/wasm/build and commit it."
    )
