"""How far the code that a browser makes of a picture lies from what the server makes of the same file.

In a real Chromium runs what the door serves: its worker, its WebAssembly. The server's side is the sandbox and the
kernel, as for every upload. A claim is looked up among all eight turns of what is posted, so it is these that count.
"""

import contextlib
import http.server
import shutil
import statistics
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import amparo.public
from amparo.home import BadSettings
from amparo.matching.fingerprint import LEAST_QUALITY
from amparo.media.fingerprint import fingerprint
from amparo.media.sandbox import Sandbox
from benchmarks import machine
from benchmarks.bench import Effort
from benchmarks.device_files import File, files
from benchmarks.rows import Result, Row

Say = Callable[[str], None]
PICTURES = 320
FARTHEST = {
    "jpeg": 2, "jpeg with a profile": 2, "jpeg, cmyk": 2, "jpeg, a note to turn it": 2, "png": 2, "webp": 2,
}  # fmt: skip
"""What 99 of 100 may differ by at most: far enough below 31 that a copy which was changed on its way is still found."""
_SERVED = Path(amparo.public.__file__).parent / "static"
_FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_ANSWER = """async (name) => {
  const bytes = async (address) => await (await fetch(address)).arrayBuffer();
  const worker = window.worker ??= new Worker("/public/picture-worker.mjs", { type: "module" });
  const [wasm, file] = [await bytes("/public/pdq.wasm"), new Blob([await bytes(name)])];
  const answer = new Promise((done, failed) => {
    worker.onmessage = (event) => done(event.data);
    worker.onerror = (event) => failed(new Error(event.message));
  });
  worker.postMessage({ wasm, file });
  return await answer;
}"""


@dataclass(frozen=True)
class Pair:
    """One file on both sides. `distance` is to the nearest hash of the server's, `ones` how many bits of the browser's
    code are set.
    """

    group: str
    form: str
    quality: int
    server_quality: int
    distance: int
    ones: int


def measure(effort: Effort, say: Say) -> Result:
    """Measure every form. Raises BadSettings where there is no Chromium or no sandbox."""
    with Sandbox() as sandbox:
        if not sandbox.level().is_full:
            raise BadSettings(f"There is no full sandbox here to measure. {sandbox.level().mend}")
        say(f"{PICTURES} pictures in every form, in Chromium and in the sandbox")
        with chromium() as browser:
            found = list(pairs(browser, sandbox, files(PICTURES)))
            version = browser.version
    return Result("device", rows(found), {**machine.facts(), "chromium": version}, _notes(found))


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser. Raises BadSettings where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise BadSettings("Chromium is not installed. On Debian or Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=_FLAGS)
        yield browser
        browser.close()


def pairs(browser: Browser, sandbox: Sandbox, made: Iterable[File]) -> Iterator[Pair]:
    """Yield what both sides make of each file."""
    with _serving() as (address, held):
        page = browser.new_page()
        page.goto(f"{address}/empty.html")
        for number, file in enumerate(made):
            name = f"/{number}"
            held[name] = file.content
            yield _pair(page, sandbox, name, file)
            del held[name]
        page.close()


def rows(found: list[Pair]) -> list[Row]:
    """Return the distribution of the distances of each group, and of those that were not hashable on one side."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        groups[pair.group].append(pair)
    table: list[Row] = []
    for group, pairs_of in groups.items():
        both = [pair for pair in pairs_of if min(pair.quality, pair.server_quality) >= LEAST_QUALITY]
        far = sorted(pair.distance for pair in both)
        bar = FARTHEST.get(group)
        table += [
            Row(group, "files", len(both), "hashable on both sides"),
            Row(group, "equal", round(100 * far.count(0) / len(far), 1), "%"),
            Row(group, "mean", round(statistics.mean(far), 2), "bits"),
            Row(group, "p99", far[min(len(far) * 99 // 100, len(far) - 1)], "bits", bar=bar, is_better_high=False),
            Row(group, "farthest", far[-1], "bits"),
            Row(group, "hashable on one side only", len(_one_sided(pairs_of)), "files"),
        ]
    return table


def _pair(page: Page, sandbox: Sandbox, name: str, file: File) -> Pair:
    told: dict[str, Any] = page.evaluate(_ANSWER, name)
    if "hash" not in told:
        raise BadSettings(f"Chromium could not open a file of {file.group}, {file.form}: {told}")
    code = np.frombuffer(bytes.fromhex(told["hash"]), np.uint8)
    frames = fingerprint(sandbox, file.posted or file.content).frames
    good = frames.turns[frames.qualities >= LEAST_QUALITY] if frames.qualities[0] >= LEAST_QUALITY else frames.turns[:1]
    away = int(np.bitwise_count(good ^ code).sum(axis=-1).min())
    ones = int(np.bitwise_count(code).sum())
    return Pair(file.group, file.form, told["quality"], int(frames.qualities[0]), away, ones)


def _one_sided(pairs_of: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs_of if (pair.quality >= LEAST_QUALITY) is not (pair.server_quality >= LEAST_QUALITY)]


@contextlib.contextmanager
def _serving() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve what the door serves, and the files that are held just then, to this machine alone."""
    held: dict[str, bytes] = {}

    class Site(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(_SERVED))

        def do_GET(self) -> None:
            content = b"<!doctype html>" if self.path == "/empty.html" else held.get(self.path)
            if content is None:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if self.path == "/empty.html" else "application/octet-stream")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing: the table is printed there."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", held
        server.shutdown()


def _notes(found: list[Pair]) -> list[str]:
    hashable = [pair for pair in found if pair.quality >= LEAST_QUALITY]
    by_form = Counter[tuple[str, str]]()
    for pair in hashable:
        key = (pair.group, pair.form)
        by_form[key] = max(by_form[key], pair.distance)
    ones = [pair.ones for pair in hashable]
    return [
        "Distance: to the nearest of the hashes that the server makes of the same file, in all their turns.",
        "The farthest of each form: " + "; ".join(f"{g}, {form}: {far}" for (g, form), far in sorted(by_form.items())),
        f"Bits set in a code: {min(ones)} to {max(ones)}.",
    ]
