"""Practice homes: made as such with their database, kept from everything real, and the only ones with such a clock."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amparo.home import BadSettings
from amparo.practice import PracticeClock, check_reach, length_of, said
from tests.conftest import NewDatabase


def _amparo(home: Path, database: str, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))}
    env |= {"AMPARO_HOME": str(home), "DATABASE_URL": database}
    program = [sys.executable, "-m", "amparo", *words]
    return subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=False)


INIT = ("init", "--connector", "webhook", "--site-url", "http://127.0.0.1:8003")
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


class Made:
    """A home that `amparo init` has made, and its database."""

    def __init__(self, home: Path, database: str, *more: str) -> None:
        self.home, self.database = home, database
        told = _amparo(home, database, *INIT, *more)
        assert told.returncode == 0, told.stderr
        self.told = told.stdout

    def __call__(self, *words: str) -> tuple[int, str]:
        told = _amparo(self.home, self.database, *words)
        return told.returncode, told.stdout + told.stderr

    def write(self, old: str, new: str) -> None:
        settings = self.home / "amparo.toml"
        assert old in settings.read_text()
        settings.write_text(settings.read_text().replace(old, new))


@pytest.fixture(scope="module")
def practice(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("practice") / "home", new_database("practice_home"), "--practice")


@pytest.fixture(scope="module")
def real(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("real") / "home", new_database("real_home"))


def test_the_clock_of_a_real_home_is_nobodys_to_move(real: Made) -> None:
    code, said_ = real("clock", "advance", "48h")
    assert (code, "This home is real" in said_) == (2, True)
    assert not list(real.home.glob("practice-clock*"))


def test_no_line_in_a_file_makes_a_real_home_one_for_practice(real: Made) -> None:
    real.write("practice  = false", "practice  = true")
    for words in (("clock", "advance", "48h"), ("worker",)):
        code, said_ = real(*words)
        assert (code, "was not made for practice" in said_) == (2, True), words
    assert "practice = true" in said_
    assert not (real.home / "practice-clock").exists()


def test_no_line_in_a_file_makes_tests_real(practice: Made) -> None:
    practice.write("practice  = true", "practice  = false")
    code, told = practice("console")
    practice.write("practice  = false", "practice  = true")
    assert (code, "was made for practice" in told) == (2, True)


def test_its_keys_are_known_by_their_look(practice: Made) -> None:
    code, key = practice("key", "new", "ci", "--may", "match")
    assert (code, key.startswith("amparo_test_")) == (0, True)


def test_its_time_is_shown_and_needs_a_worker_to_be_moved(practice: Made) -> None:
    code, told = practice("clock", "show")
    assert (code, "0 min ahead" in told) == (0, True)
    code, told = practice("clock", "advance", "48h")
    assert (code, "No worker is running" in told) == (2, True)
    assert "amparo clock advance 48h" in practice.told


@pytest.mark.parametrize("words", [("clock", "advance"), ("clock", "show", "48h"), ("clock", "advance", "-1h")])
def test_what_moves_no_clock_is_said_with_what_to_say_instead(practice: Made, words: tuple[str, ...]) -> None:
    code, told = practice(*words)
    assert code == 2
    assert "48h" in told or "usage" in told


def test_a_database_that_holds_something_is_never_marked(tmp_path: Path, practice: Made, real: Made) -> None:
    told = _amparo(tmp_path / "home", real.database, *INIT, "--practice")
    assert (told.returncode, "holds something already" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(("--site-url", "https://forum.example"), id="a-public-site"),
        pytest.param(("--site-url", "http://192.0.2.7"), id="an-address-of-elsewhere"),
    ],
)
def test_it_is_not_made_beside_anything_real(tmp_path: Path, more: tuple[str, ...]) -> None:
    told = _amparo(tmp_path / "home", NOWHERE, *INIT, "--practice", *more)
    assert told.returncode == 2
    assert "A practice home reaches only this machine" in told.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("settings", "is_taken"),
    [
        pytest.param({"connector": [{"url": "http://127.0.0.1:8003"}]}, True, id="this-machine"),
        pytest.param({"connector": [{"url": "http://[::1]:8003"}]}, True, id="this-machine-by-ipv6"),
        pytest.param({"connector": [{"url": "http://site:8003"}]}, True, id="a-container"),
        pytest.param({"connector": [{"url": "http://forum.test"}]}, True, id="a-name-of-nobody"),
        pytest.param({"connector": [{"url": "https://staging.forum.example"}]}, False, id="a-staging-site"),
        pytest.param(
            {"connector": [{"url": "http://site", "endpoint": "https://forum.example/x"}]}, False, id="messages"
        ),
        pytest.param({"connector": [{"url": "http://site", "media_hosts": ["cdn.example"]}]}, False, id="files"),
        pytest.param({"pager": {"url": "https://pager.example/call"}}, False, id="a-persons-telephone"),
        pytest.param({"pager": {"url": "http://127.0.0.1:9"}}, True, id="a-pager-of-the-test"),
        pytest.param({"pager": {"url": ""}}, True, id="no-pager"),
    ],
)
def test_it_reaches_nothing_that_the_internet_has(settings: dict[str, object], is_taken: bool) -> None:
    if is_taken:
        check_reach(settings)
    else:
        with pytest.raises(BadSettings, match="reaches only this machine"):
            check_reach(settings)


def test_it_does_not_start_with_a_pager_of_somebody(practice: Made) -> None:
    practice.write('[pager]\nurl = ""', '[pager]\nurl = "https://pager.example/call"')
    code, told = practice("worker")
    practice.write('[pager]\nurl = "https://pager.example/call"', '[pager]\nurl = ""')
    assert (code, "the pager is at https://pager.example" in told) == (2, True)


def test_its_clock_only_goes_forward_and_time_goes_on_beyond_it(tmp_path: Path) -> None:
    clock, other = PracticeClock(tmp_path / "clock"), PracticeClock(tmp_path / "clock")
    assert clock.ahead == timedelta()
    clock.move_to(datetime.now(UTC) + timedelta(hours=48))
    first = other.now()
    assert timedelta(hours=47, minutes=59) < other.ahead <= timedelta(hours=48)
    clock.move_to(datetime.now(UTC) + timedelta(hours=1))
    assert other.now() > first


def test_two_do_not_move_one_clock_at_once(tmp_path: Path) -> None:
    clock = PracticeClock(tmp_path / "clock")
    with clock.alone(), pytest.raises(BadSettings, match="Wait for it"), PracticeClock(tmp_path / "clock").alone():
        pass


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("48h", timedelta(hours=48)),
        ("15min", timedelta(minutes=15)),
        ("2d", timedelta(days=2)),
        ("30s", timedelta(seconds=30)),
    ],
)
def test_a_length_is_a_number_and_its_unit(words: str, length: timedelta) -> None:
    assert length_of(words) == length


@pytest.mark.parametrize("words", ["", "48", "0h", "h", "1w", "1.5h", "-1h", "401d", "999999d", "48 h"])
def test_what_is_no_length_is_refused(words: str) -> None:
    with pytest.raises(BadSettings, match="such as 48h"):
        length_of(words)


def test_a_length_is_said_as_people_read_it() -> None:
    assert said(timedelta(days=2, hours=3)) == "2 d 3 h"
    assert said(timedelta(seconds=20)) == "0 min"
