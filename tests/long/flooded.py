"""A world in a flood: forged reports from many networks, honest people among them, and what became of all of them."""

import hashlib
import json
import multiprocessing
import os
import shutil
import statistics
import time
import uuid
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from amparo.cli.check import CODE
from amparo.cli.demo import World, running_world
from amparo.cli.visitor import Visitor
from amparo.postgres import database_url
from amparo.records.invariants import SQL
from tests.long.attack import flood
from tests.long.honest import Told, report
from tests.public.test_door_browser import FLAGS

_CHROMIUM = shutil.which("chromium")
_SETTLES_WITHIN_SECONDS = 1800.0
_BROWSER_WAITS_MS = 120_000


def flooded(
    folder: Path, *, seconds: int, per_second: float, for_each_honest: int, browsers: int, calm: int
) -> dict[str, tuple[object, bool]]:
    """Return each figure and whether its bar was held: `per_second` forged reports, one honest for so many of them.

    `calm` is how many reports a minute the door takes for calm.
    """

    def prepare(home: Path) -> None:
        for file in (home / "policies").glob("*.toml"):
            file.write_text(file.read_text().replace("in_all_per_hour = 2000", "in_all_per_hour = 1000000"))
        settings = home / "amparo.toml"
        settings.write_text(
            settings.read_text().replace("\nreports_per_minute = 600", f"\nreports_per_minute = {calm}")
        )

    with running_world(free_ports=True, prepare=prepare) as world:
        load = os.getloadavg()[0]
        targets, mine = _posts(world, 40), _posts(world, int(seconds * per_second / for_each_honest) + 20)
        began = time.monotonic()
        attack, honest, by_browser = _report_in_a_flood(
            world, folder, targets, mine, seconds, per_second, for_each_honest, browsers
        )
        lasted = time.monotonic() - began
        ended = time.monotonic()
        waiting = _wait_until_taken_in(world)
        settled = time.monotonic() - ended
        judged = _judge(world, attack, [each.code for each in (*honest, *by_browser) if each.code])
        opened = sum(_opens(world, each.code) for each in (*honest, *by_browser) if each.code)
        hidden = {each.post: _hidden_after(world, each) for each in (*honest, *by_browser)}
    return _figures(attack, honest, by_browser, judged, opened, hidden, waiting, settled, lasted, load, for_each_honest)


def _posts(world: World, count: int) -> list[str]:
    key = {"Authorization": f"Bearer {world.plaza_key}"}
    with httpx.Client(base_url=world.plaza, headers=key, trust_env=False) as plaza:
        handle = f"h{uuid.uuid4().hex[:12]}"
        plaza.post("/moderation/practice/accounts", json={"handle": handle}).raise_for_status()
        body = {"account": handle, "text": "Shapes.", "media": "none"}
        return [str(plaza.post("/moderation/practice/posts", json=body).json()["url"]) for _ in range(count)]


def _report_in_a_flood(
    world: World,
    folder: Path,
    targets: list[str],
    mine: list[str],
    seconds: int,
    per_second: float,
    for_each_honest: int,
    browsers: int,
) -> tuple[dict[str, Any], list[Told], list[Told]]:
    spawning = multiprocessing.get_context("spawn")
    stop, answered, told = spawning.Event(), spawning.Value("i", 0), folder / "attack.json"
    attacker = spawning.Process(target=flood, args=(world.door, targets, per_second, stop, answered, told))
    attacker.start()
    until, sent, next_browser = time.monotonic() + seconds, 0, 1
    by_browser: list[Told] = []
    visits: list[Future[Told]] = []
    with ThreadPoolExecutor(8) as people:
        while time.monotonic() < until or not visits:
            if answered.value >= (sent + 1) * for_each_honest and len(mine) > browsers:
                sent += 1
                address = f"127.{60 + sent // 200}.{sent % 200 + 1}.9"
                visits.append(people.submit(report, world.door, mine.pop(), address, has_scripts=sent % 2 == 1))
            elif next_browser <= browsers and time.monotonic() > until - seconds * (1 - next_browser / (browsers + 1)):
                by_browser.append(_by_chromium(world, mine.pop()))
                next_browser += 1
            else:
                time.sleep(0.05)
        honest = [visit.result() for visit in visits]
    stop.set()
    attacker.join(120)
    return json.loads(told.read_text()), honest, by_browser


def _by_chromium(world: World, post: str) -> Told:
    """Report as somebody does who reads the page for a moment first."""
    began = time.monotonic()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, chromium_sandbox=False, args=FLAGS)
        try:
            page = chromium.new_page()
            page.set_default_timeout(_BROWSER_WAITS_MS)
            page.goto(f"{world.door}/help-me")
            page.get_by_label("Paste the link to the post").fill(post)
            page.wait_for_timeout(5_000)
            sent_at = time.time()
            page.get_by_role("button", name="Go on").click()
            for words in ("It is me", "Yes", "A private page", "Send"):
                button = page.get_by_role("button", name=words).first
                page.locator("#own-code").or_(button).first.wait_for()
                if page.locator("#own-code").count():
                    break
                button.click()
            found = CODE.search(page.locator("#own-code").inner_text())
            waited = "waits its turn" in page.inner_text("main")
            code = "" if found is None else found[0]
            return Told(post, True, sent_at, time.monotonic() - began, code, waited)
        except BrowserError as error:
            return Told(post, True, time.time(), time.monotonic() - began, trouble=error.message.splitlines()[0])
        finally:
            chromium.close()


def _wait_until_taken_in(world: World) -> int:
    folder, until = world.home / "spool", time.monotonic() + _SETTLES_WITHIN_SECONDS
    while (waiting := sum(1 for path in folder.rglob("notice_*.*"))) and time.monotonic() < until:
        time.sleep(1.0)
    return waiting


def _judge(world: World, attack: dict[str, Any], codes: list[str]) -> dict[str, int]:
    """Return how many of all that were acknowledged are in no book, and what must never be."""
    all_codes = {hashlib.sha256(code.replace("-", "").encode()).hexdigest() for code in (*attack["codes"], *codes)}
    keys = {f"open:{key}" for key in attack["keys"]}
    with psycopg.connect(database_url(world.home / "database")) as connection:
        of_codes = {row[0] for row in connection.execute("SELECT sha256 FROM records_noticecode JOIN records_notice n "
                    "ON n.id = notice AND n.state IS NOT NULL").fetchall()}  # fmt: skip
        of_keys = {row[0] for row in connection.execute("SELECT key FROM records_intake").fetchall()}
        breaches = len(connection.execute(SQL).fetchall())
    return {"lost": len(all_codes - of_codes) + len(keys - of_keys), "breaches": breaches}


def _opens(world: World, code: str) -> bool:
    visitor = Visitor().open(f"{world.door}/u/")
    visitor.press("Open", code=code)
    return visitor.status == httpx.codes.OK and "We received it at" in visitor.text


def _hidden_after(world: World, told: Told) -> float | None:
    """Return the seconds from the report until the platform hid its post, once it has."""
    key = {"Authorization": f"Bearer {world.plaza_key}"}
    address = f"{world.plaza}/moderation/subjects/post/{told.post.rsplit('/', 1)[1]}/changes"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        changes = httpx.get(address, headers=key, trust_env=False).json()["changes"]
        if found := [each for each in changes if each["from"] != each["to"]]:
            return max(0.0, _seconds(found[0]["at"]) - told.sent_at)
        time.sleep(1.0)
    return None


def _seconds(at: Any) -> float:
    return float(at) if isinstance(at, int | float) else datetime.fromisoformat(str(at)).timestamp()


def _figures(
    attack: dict[str, Any],
    honest: list[Told],
    by_browser: list[Told],
    judged: dict[str, int],
    opened: int,
    hidden: dict[str, float | None],
    waiting: int,
    settled: float,
    lasted: float,
    load: float,
    for_each_honest: int,
) -> dict[str, tuple[object, bool]]:
    scripted = [each for each in honest if each.has_scripts]
    plain = [each for each in honest if not each.has_scripts]
    everybody = [*honest, *by_browser]
    attacks = sum(attack["statuses"].values())
    ratio = attacks / max(len(everybody), 1)
    refused = attacks - attack["statuses"].get("303", 0) - attack["statuses"].get("202", 0)
    figures: dict[str, tuple[object, bool]] = {
        "seconds, and load of the machine before": (f"{lasted:.0f}, {load:.1f}", True),
        "forged reports, and how many for each honest one": (
            f"{attacks:,}, {ratio:.0f}", ratio >= for_each_honest * 0.8),
        "forged reports by answer": (_counted(attack["statuses"]), refused <= attacks * 0.001),
        "honest with scripts: told a code": _of(scripted, 0.999),
        "honest with scripts: taken in at once": (sum(not each.has_waited for each in scripted), True),
        "honest without scripts: told a code": _of(plain, 1.0),
        "honest without scripts: kept to wait their turn": (sum(each.has_waited for each in plain), True),
        "codes of honest ones that open their page": (f"{opened} of {len(everybody)}", opened == len(everybody)),
        "acknowledged reports lost, forged ones included": (judged["lost"], judged["lost"] == 0),
        "breaches of the invariants": (judged["breaches"], judged["breaches"] == 0),
        "seconds for a whole report with scripts: median, longest": (_spread([e.seconds for e in scripted]), True),
        "seconds until hidden, with scripts: median, longest": _hides(scripted, hidden),
        "seconds until hidden, without scripts: median, longest": _hides(plain, hidden),
        "records that wait in the spool in the end": (waiting, waiting == 0),
        "seconds until all was taken in after the flood": (round(settled), True),
    }  # fmt: skip
    if by_browser:
        figures["in a real Chromium: told a code"] = _of(by_browser, 1.0)
        figures["seconds until hidden, in a real Chromium: median, longest"] = _hides(by_browser, hidden)
    if troubles := Counter(each.trouble for each in everybody if each.trouble):
        print("troubles:", dict(troubles))
    return figures


def _of(people: list[Told], at_least: float) -> tuple[object, bool]:
    told = sum(bool(each.code) for each in people)
    return f"{told} of {len(people)}", bool(people) and told >= at_least * len(people)


def _hides(people: list[Told], hidden: dict[str, float | None]) -> tuple[object, bool]:
    after = [hidden[each.post] for each in people]
    seen = [each for each in after if each is not None]
    return f"{_spread(seen)}; {len(seen)} of {len(after)}", len(seen) == len(after)


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {max(seconds):.1f}" if seconds else "none"


def _counted(statuses: dict[str, int]) -> str:
    return ", ".join(f"{status} {count:,}" for status, count in sorted(statuses.items()))
