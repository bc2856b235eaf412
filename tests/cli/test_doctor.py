"""`amparo doctor connector` proves a site on a canary before it goes live, and finds each way in which one can fail."""

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.cli.canary_listing import prove_listing
from amparo.cli.new_home import write_home
from amparo.cli.new_settings import Wanted
from amparo.connectors.connector import Listed, ListedFile
from amparo.home import Home
from tests.conftest import PRACTICE
from tests.connectors.running_site import EXAMPLE, FULL_CARD, RunningSite, running_site
from tests.plaza.running_plaza import running_plaza

Rows = dict[str, dict[str, Any]]
Doctor = Callable[..., tuple[int, Rows]]


def _home(folder: Path, connector: str, url: str, secret: str, can: dict[str, bool] | None = None) -> Home:
    here = Home(folder / "home")
    wanted: Wanted = dataclasses.replace(PRACTICE, connector=connector, site_url=url, secret=secret)
    write_home(here, wanted)
    if can is not None:
        words = "\n".join(f"{name} = {str(value).lower()}" for name, value in can.items())
        text = here.settings_file.read_text()
        here.settings_file.write_text(text.split("[connector.can]")[0] + f"[connector.can]\n{words}\n")
    return here


def _run(here: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))}
    # Nothing answers there: proving a connector needs no database.
    env |= {"AMPARO_HOME": str(here.path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    program = [sys.executable, "-m", "amparo", "doctor", *words]
    return subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=False)


def _prove(here: Home, canary: str, *words: str) -> tuple[int, Rows]:
    told = _run(here, "connector", "--canary", canary, "--watch", "1", "--json", *words)
    assert told.stdout, told.stderr
    return told.returncode, {row["what"]: row for row in json.loads(told.stdout)}


def _wrong(rows: Rows) -> set[str]:
    return {what for what, row in rows.items() if row["is_right"] is False}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def doctor(site: RunningSite, tmp_path: Path) -> Iterator[Doctor]:
    """Prove the faulty site on a fresh canary, with every capability on the card; `can` names another card."""
    site.faults()

    def prove(*words: str, can: dict[str, bool] | None = None) -> tuple[int, Rows]:
        here = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD if can is None else can)
        return _prove(here, site.post()["url"], *words)

    yield prove
    site.faults()


def test_a_doctor_that_is_told_to_stop_shows_the_canary_again(site: RunningSite, tmp_path: Path) -> None:
    site.faults()
    here, canary = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD), site.post()["url"]
    words = ["connector", "--canary", canary, "--watch", "120"]
    program = [sys.executable, "-m", "amparo", "doctor", *words]
    env = {**os.environ, "AMPARO_HOME": str(here.path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    with subprocess.Popen(program, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as doctor:
        until = time.monotonic() + 60
        while site.stranger.get(canary).status_code == 200 and time.monotonic() < until:
            time.sleep(0.1)
        doctor.terminate()
        assert doctor.wait(timeout=60) != 0
    assert site.stranger.get(canary).status_code == 200


def test_a_canary_is_watched_for_some_time(site: RunningSite, tmp_path: Path) -> None:
    here = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD)
    for seconds in ("0", "-1", "nan", "inf"):
        told = _run(here, "connector", "--canary", site.post()["url"], "--watch", seconds)
        assert (told.returncode, "1 to 3600 seconds" in told.stderr) == (2, True)


def test_the_example_site_passes_whole(tmp_path: Path) -> None:
    with running_site(tmp_path, program=EXAMPLE) as example:
        here = _home(tmp_path, "webhook", example.base_url, example.secret, FULL_CARD)
        code, rows = _prove(here, f"{example.base_url}/post/canary", "--suspend", "--remove")
        assert _wrong(rows) == set()
        assert [what for what, row in rows.items() if row["is_right"] is None] == []
        assert code == 0
        assert rows["removed, seen by a stranger"]["found"] == "gone"
        assert rows["hidden, seen by a stranger"]["seconds"] > 0
        assert example.stranger.get("/post/canary").status_code == 410
        assert example.stranger.get("/user/author-of-canary").status_code == 200


def test_plaza_passes_too(tmp_path: Path) -> None:
    with running_plaza(tmp_path / "plaza", seeded=False) as plaza:
        here = _home(tmp_path, "plaza", plaza.base_url, plaza.key)
        code, rows = _prove(here, plaza.post()["url"], "--suspend", "--remove")
        assert (_wrong(rows), code) == (set(), 0)


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        pytest.param({"lies": True}, "hidden, seen by a stranger", id="it-lies"),
        pytest.param({"unhides_after_s": 0.5}, "it stays hidden", id="it-shows-again"),
        pytest.param({"times_out_after_work": 7}, "hidden, seen by a stranger", id="it-answers-too-late"),
        pytest.param({"forgets_keys": True}, "the same order again is known", id="it-forgets-keys"),
        pytest.param({"takes_any_signature": True}, "a wrong signature is refused", id="it-takes-any-signature"),
        pytest.param({"takes_old_messages": True}, "an old message is refused", id="it-takes-old-messages"),
        pytest.param({"leaves_files": True}, "hidden, seen by a stranger", id="its-files-still-open"),
        pytest.param(
            {"card": {"suspends": False}}, "the site's card is as in amparo.toml", id="it-says-that-it-can-less"
        ),
        pytest.param({"answers": {"media": []}}, "what it holds is fetched", id="it-gives-no-content"),
    ],
)
def test_each_fault_is_found_and_said_with_what_to_mend(
    doctor: Doctor, site: RunningSite, fault: dict[str, object], row: str
) -> None:
    site.faults(**fault)
    code, rows = doctor()
    assert row in _wrong(rows)
    assert rows[row]["mend"]
    assert code == 1


def test_a_forgotten_key_is_found_by_looking_too(doctor: Doctor, site: RunningSite) -> None:
    site.faults(forgets_keys=True)
    _, rows = doctor()
    assert rows["an old order again changes nothing"]["is_right"] is False


def test_whatever_goes_wrong_the_canary_is_shown_again(doctor: Doctor, site: RunningSite, tmp_path: Path) -> None:
    site.faults(takes_any_signature=True, forgets_keys=True)
    here = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD)
    canary = site.post()
    _prove(here, canary["url"])
    assert site.stranger.get(f"/post/{canary['id']}").status_code == 200


def test_a_canary_that_an_old_order_hid_again_before_its_answer_timed_out_is_shown_again(
    doctor: Doctor, site: RunningSite, tmp_path: Path
) -> None:
    site.faults(acts_and_hangs_on_old_orders_s=6)
    here = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD)
    canary = site.post()
    code, rows = _prove(here, canary["url"])
    assert rows["an old order again changes nothing"]["found"] == "timeout"
    assert code == 1
    assert [each["to"] for each in site.changes(canary)] == ["hidden", "shown", "hidden", "shown"]
    assert site.stranger.get(f"/post/{canary['id']}").status_code == 200


def test_an_account_that_could_not_be_opened_again_is_opened_in_the_end(
    doctor: Doctor, site: RunningSite, tmp_path: Path
) -> None:
    site.faults(fails_to_reopen_once=True)
    here = _home(tmp_path, "webhook", site.base_url, site.secret, FULL_CARD)
    canary = site.post()
    code, rows = _prove(here, canary["url"], "--suspend")
    assert (code, _wrong(rows)) == (1, {"the account is opened again"})
    assert rows["the account is left as it was found"]["is_right"] is True
    assert site.stranger.get(f"/user/{canary['account']}").status_code == 200


def test_what_the_card_does_not_say_is_not_tried(doctor: Doctor, site: RunningSite) -> None:
    before = len(site.messages())
    code, rows = doctor(can={"hides": False})
    assert code == 0
    assert rows["hidden, seen by a stranger"]["is_right"] is None
    assert rows["the account is locked and opened again"]["is_right"] is None
    assert rows["removed, seen by a stranger"]["is_right"] is None
    kinds = {json.loads(each["body"])["type"] for each in site.messages()[before:]}
    assert kinds == {"subject.fetch", "media.fetch", "capabilities"}


def test_a_list_of_all_is_proven_with_its_files_and_its_places(doctor: Doctor) -> None:
    _, rows = doctor()
    for what in ("the list of all has it", "its listed files are fetched", "the list goes on where it says"):
        assert rows[what]["is_right"] is True, rows[what]


@pytest.mark.parametrize(
    ("catalogue", "wrong"),
    [
        pytest.param({"null": {"subjects": []}}, "the list of all has it", id="a-list-without-it"),
        pytest.param({"null": {"subjects": ["x"]}}, "the list of all has it", id="no-list"),
    ],
)
def test_a_wrong_list_of_all_is_found(doctor: Doctor, site: RunningSite, catalogue: object, wrong: str) -> None:
    site.faults(catalogue=catalogue)
    code, rows = doctor()
    assert (code, _wrong(rows)) == (1, {wrong})
    assert rows[wrong]["mend"]


@pytest.mark.parametrize(
    ("leaves_out", "bodies", "wrong"),
    [
        pytest.param("", [b"canary"], set(), id="as-it-should-be"),
        pytest.param("b", [b"canary"], {"the list goes on where it says"}, id="a-list-that-skips"),
        pytest.param("", [b"canary", b"more"], {"its listed files are fetched"}, id="a-file-that-is-not-listed"),
    ],
)
def test_a_list_that_does_not_go_on_is_found(leaves_out: str, bodies: list[bytes], wrong: set[str]) -> None:
    at = datetime(2030, 1, 31, tzinfo=UTC)

    class Skips:
        def catalogue(self, cursor: str | None) -> Iterator[Listed]:
            for name in ("a", "b", "canary"):
                if (cursor is None) or (name > cursor and name != leaves_out):
                    file = ListedFile(name, "image/png", None, None)
                    yield Listed(Subject("site", SubjectKind.POST, name), None, at, (file,), name)

        def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
            yield file.reference.encode()

    rows: dict[str, bool | None] = {}

    def say(what: str, is_right: bool | None, found: str, started: float, mend: str) -> None:
        rows[what] = is_right

    prove_listing(Skips(), Subject("site", SubjectKind.POST, "canary"), bodies, say)  # type: ignore[arg-type]
    assert len(rows) == 3
    assert {what for what, is_right in rows.items() if not is_right} == wrong


def test_without_consent_nothing_is_removed_or_locked(doctor: Doctor, site: RunningSite) -> None:
    before = len(site.messages())
    code, rows = doctor()
    assert (_wrong(rows), code) == (set(), 0)
    kinds = {json.loads(each["body"])["type"] for each in site.messages()[before:]}
    assert not kinds & {"subject.remove", "subject.suspend"}


def test_another_secret_is_named_as_the_cause(tmp_path: Path, site: RunningSite) -> None:
    site.faults()
    here = _home(tmp_path, "webhook", site.base_url, "whsec_" + "A" * 32)
    told = _run(here, "connector", "--canary", site.post()["url"])
    assert told.returncode == 1
    assert "Give both sides the same secret" in told.stdout
    assert "1 wrong" in told.stdout


def test_a_site_that_is_down_is_named_as_the_cause(tmp_path: Path) -> None:
    here = _home(tmp_path, "webhook", "http://127.0.0.1:9", "whsec_" + "A" * 32)
    told = _run(here, "connector", "--canary", "http://127.0.0.1:9/post/1")
    assert told.returncode == 1
    assert "Start the site" in told.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["connector"], "--canary URL", id="no-canary"),
        pytest.param(["connector", "moon", "--canary", "http://x.example/post/1"], "There are: webhook", id="no-such"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path: Path, words: list[str], sentence: str) -> None:
    here = _home(tmp_path, "webhook", "http://127.0.0.1:9", "whsec_" + "A" * 32)
    told = _run(here, *words)
    assert told.returncode == 2
    assert sentence in told.stderr


def test_without_a_part_it_looks_at_the_installation(tmp_path: Path) -> None:
    here = _home(tmp_path, "webhook", "http://127.0.0.1:9", "whsec_" + "A" * 32)
    told = _run(here)
    assert told.returncode == 1
    assert "✓ policies" in told.stdout
    assert "✓ connectors and their secrets" in told.stdout
    assert "✗ database" in told.stdout
    assert "✗ vault" in told.stdout
    assert "– worker" in told.stdout
    assert "amparo up" in told.stdout
