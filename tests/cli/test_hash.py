"""`amparo hash` looks through a source to its end, whatever comes in between: a kill, a stop, an absent database."""

import argparse
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from amparo.cli import hash as hash_command
from amparo.cli.new_home import write_home
from amparo.home import BadSettings, Home
from tests.catalogue.doubles import FileBook, from_either
from tests.conftest import PRACTICE, NewDatabase
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI
from tests.media.drawn import encoded, pattern
from tests.plaza.running_plaza import RunningPlaza, running_plaza

GO_ON = "Nothing is lost. Go on with: amparo hash"


class Hashing:
    """A home, a book, and the command."""

    def __init__(self, home: Path, database: str, book: Path) -> None:
        self.home, self.database, self._book = home, database, book

    @property
    def book(self) -> FileBook:
        return FileBook(self._book)

    def start(self, *words: str, made_up: bool = False) -> "subprocess.Popen[str]":
        env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DJANGO_"))}
        env |= {"AMPARO_HOME": str(self.home), "DATABASE_URL": self.database}
        env["FINGERPRINTS"] = "made up" if made_up else "looked at"
        command = [sys.executable, "-m", "tests.cli.hashing", str(self._book), "hash", *words]
        return subprocess.Popen(
            command, env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *words: str, made_up: bool = False) -> tuple[int, str]:
        """Run it to its end; return its exit code and everything it said."""
        return ended(self.start(*words, made_up=made_up))

    def wait_until_kept(self, count: int, process: "subprocess.Popen[str]") -> None:
        while len(self.book.kept()) < count:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, errors = process.communicate(timeout=180)
    assert "Traceback" not in errors, errors
    return process.returncode, out + errors


def counts(said: str) -> dict[str, int]:
    """Return the figures of a summary."""
    return {word: int(count.replace(",", "")) for word, count in re.findall(r"^  ([a-z ]+?) +([\d,]+)\b", said, re.M)}


@pytest.fixture(scope="module")
def database(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    url, home = new_database("hashing"), tmp_path_factory.mktemp("tables") / "home"
    write_home(Home(home), PRACTICE)
    env = {**os.environ, "AMPARO_HOME": str(home), "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "amparo", "init", "--upgrade"], env=env, check=True, capture_output=True)
    return url


@pytest.fixture
def hashing(database: str, tmp_path: Path) -> Hashing:
    write_home(Home(tmp_path / "home"), PRACTICE)
    return Hashing(tmp_path / "home", database, tmp_path / "book")


def words_in(folder: Path, count: int, word: str = "slow") -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}").write_text(f"{word} {number}")
    return folder


@pytest.mark.usefixtures("full_sandbox")
def test_pictures_of_a_folder_are_hashed_and_bad_files_are_listed_with_their_reasons(
    hashing: Hashing, tmp_path: Path
) -> None:
    folder, report = tmp_path / "pictures", tmp_path / "report"
    (folder / "more").mkdir(parents=True)
    for seed in range(4):
        (folder / "more" / f"{seed}.png").write_bytes(encoded(pattern(seed=seed), "PNG"))
    (folder / "copy.png").write_bytes(encoded(pattern(seed=1), "PNG"))
    (folder / "flat.png").write_bytes(encoded(pattern(4, 4), "PNG"))
    (folder / "half.png").write_bytes(encoded(pattern(seed=9), "PNG")[:2000])
    (folder / "letter.txt").write_text("Dear all")
    (folder / "link").symlink_to(folder / "copy.png")
    code, said = hashing.run(str(folder), "--report", str(report))
    assert code == 0, said
    assert counts(said) == {"hashed": 4, "known": 1, "not hashable": 1, "refused": 2, "not read": 1}
    listed = [json.loads(line) for line in report.read_text().splitlines()]
    assert [(each["file"], each["why"]) for each in listed] == [
        ("flat.png", "not_hashable"), ("half.png", "damaged"), ("letter.txt", "unknown_format"), ("link", "no_file"),
    ]  # fmt: skip
    assert report.stat().st_mode & 0o777 == 0o600
    assert len(hashing.book.kept()) == len(set(hashing.book.kept())) == 5

    code, said = hashing.run(str(folder), "--anew")
    assert counts(said)["known"] == 6
    assert counts(said)["hashed"] == 0


def test_after_each_kill_it_goes_on_and_in_the_end_everything_is_hashed_once(hashing: Hashing, tmp_path: Path) -> None:
    folder, chance = words_in(tmp_path / "many", 400), random.Random(20300131)
    for _ in range(2):
        done = len(hashing.book.kept())
        process = hashing.start(str(folder), made_up=True)
        hashing.wait_until_kept(done + chance.randrange(20, 120), process)
        process.kill()
        process.communicate()
    assert len(hashing.book.kept()) < 400
    code, said = hashing.run(str(folder), made_up=True)
    assert code == 0, said
    assert "Going on after" in said
    assert "Looked through 400 files" in said
    assert sum(counts(said).values()) == 400
    assert len(hashing.book.kept()) == len(set(hashing.book.kept())) == 400


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: str(number.name))
def test_a_stop_ends_cleanly_and_says_how_to_go_on(hashing: Hashing, tmp_path: Path, number: signal.Signals) -> None:
    folder = words_in(tmp_path / "many", 250)
    process = hashing.start(str(folder), made_up=True)
    hashing.wait_until_kept(20, process)
    process.send_signal(number)
    code, said = ended(process)
    assert code == 130
    assert f"{GO_ON} {folder}" in said
    done = sum(counts(said).values())
    assert 20 <= done == len(hashing.book.kept()) < 250
    code, said = hashing.run(str(folder), made_up=True)
    assert (code, counts(said)) == (0, {"hashed": 250})
    assert f"Going on after {done} files" in said


def test_bytes_that_did_not_change_are_known_in_the_next_run(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "few", 5, "word")
    assert counts(hashing.run(str(folder), made_up=True)[1]) == {"hashed": 5}
    (folder / "0003").write_text("another")
    assert counts(hashing.run(str(folder), made_up=True)[1]) == {"hashed": 1, "known": 4}


def test_a_database_that_goes_away_ends_it_in_a_sentence_and_it_goes_on_later(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "many", 300)
    process = hashing.start(str(folder), made_up=True)
    hashing.wait_until_kept(40, process)
    with _closed(hashing.database):
        code, said = ended(process)
        assert code == 2
        assert "The database does not answer" in said
        assert GO_ON in said
    code, said = hashing.run(str(folder), made_up=True)
    assert code == 0, said
    assert sum(counts(said).values()) == 300
    assert len(hashing.book.kept()) == len(set(hashing.book.kept())) == 300


@contextmanager
def _closed(url: str) -> Iterator[None]:
    """Let nobody into a database, and put out who is in it."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(psycopg.conninfo.make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_ends_it_in_a_sentence_and_it_goes_on_later(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "few", 9, "word")
    (folder / "0004").write_text("damaged")
    code, said = hashing.run(str(folder), "--report", "/dev/full", made_up=True)
    assert code == 2
    assert "No space left on device" in said
    assert GO_ON in said
    report = tmp_path / "report"
    code, said = hashing.run(str(folder), "--report", str(report), made_up=True)
    assert (code, sum(counts(said).values())) == (0, 9)
    assert [json.loads(line)["file"] for line in report.read_text().splitlines()] == ["0004"]


def test_one_process_at_a_time_looks_through_a_source(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "many", 300)
    process = hashing.start(str(folder), made_up=True)
    hashing.wait_until_kept(5, process)
    code, said = hashing.run(str(folder), made_up=True)
    process.kill()
    process.communicate()
    assert code == 2
    assert "Another process looks through this source" in said


def test_without_a_sandbox_nothing_is_opened_and_it_says_what_to_do(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "few", 3, "nowhere")
    code, said = hashing.run(str(folder), made_up=True)
    assert code == 2
    assert "install bubblewrap" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["{nothing}"], "The directory cannot be read", id="no-directory"),
        pytest.param(["connector:nobody"], "There is no connector 'nobody'. There are: plaza.", id="no-connector"),
        pytest.param(["ftp://elsewhere.example"], "A source is a directory", id="another-scheme"),
        pytest.param([".", "--jobs", "0"], "files at a time", id="no-jobs"),
        pytest.param([".", "--jobs", "10000"], "files at a time", id="too-many-jobs"),
        pytest.param([".", "--bank", "ours"], "--bank and --by go together", id="a-bank-by-nobody"),
        pytest.param([".", "--bank", "ours", "--by", "nobody"], "These do not fit", id="a-bank-by-a-stranger"),
        pytest.param([".", "--report", "{nothing}/report"], "cannot be written", id="no-report"),
    ],
)
@pytest.mark.usefixtures("amparo_home")
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.setitem(sys.modules, "amparo.records.matcher", FileBook(tmp_path / "book"))
    monkeypatch.setitem(sys.modules, "amparo.media.fingerprint", SimpleNamespace(fingerprint=from_either))
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    parser = argparse.ArgumentParser()
    hash_command.add_arguments(parser)
    arguments = parser.parse_args([word.format(nothing=tmp_path / "nothing") for word in words])
    with pytest.raises(BadSettings) as told:
        hash_command.run(arguments)
    assert sentence in str(told.value)


@pytest.fixture(scope="module")
def plaza(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("plaza")
    with running_plaza(home, seeded=False, more=["--items", "620", "--pictures", "40"]) as running:
        yield running


@pytest.fixture
def of_plaza(database: str, tmp_path: Path, plaza: RunningPlaza) -> Iterator[Callable[[str], Hashing]]:
    def make(name: str) -> Hashing:
        write_home(Home(tmp_path / name), replace(PRACTICE, site_url=plaza.base_url, secret=plaza.key))
        return Hashing(tmp_path / name, database, tmp_path / f"{name}.book")

    yield make
    plaza.faults()


@pytest.mark.usefixtures("full_sandbox")
def test_everything_that_a_platform_shows_is_hashed_and_it_is_noted_who_shows_it(
    of_plaza: Callable[[str], Hashing], plaza: RunningPlaza
) -> None:
    hashing = of_plaza("home")
    hidden = plaza.moderator.get("/catalogue").json()["subjects"][0]
    plaza.move(hidden, "hide")
    code, said = hashing.run("connector:plaza")
    assert code == 0, said
    assert counts(said) == {"hashed": 40, "known": 579}
    shown = {subject: account for subject, account, _ in hashing.book.shown()}
    assert len(shown) == len(hashing.book.shown()) == 619
    assert f"plaza:post:{hidden['id']}" not in shown
    line = plaza.moderator.get("/catalogue").json()["subjects"][-1]
    assert shown[f"plaza:post:{line['id']}"] == f"plaza:account:{line['account']}"
    plaza.move(hidden, "restore")


def test_a_platform_that_is_down_ends_it_in_a_sentence_and_it_goes_on_later(
    of_plaza: Callable[[str], Hashing], plaza: RunningPlaza
) -> None:
    hashing = of_plaza("later")
    plaza.faults(down=True)
    code, said = hashing.run("connector:plaza", made_up=True)
    assert code == 2
    assert "Plaza answered 503." in said
    assert f"{GO_ON} connector:plaza" in said
    plaza.faults()
    code, said = hashing.run("connector:plaza", made_up=True)
    assert (code, sum(counts(said).values())) == (0, 620)


def test_a_platform_that_cannot_list_is_not_asked(hashing: Hashing) -> None:
    settings = hashing.home / "amparo.toml"
    pages = '[connector.pages]\npost = "/post/{id}"\n'
    settings.write_text(re.sub(r"\[\[connector\]\].*?(?=^\[(?!\[)|\Z)", "", settings.read_text(), flags=re.S | re.M))
    settings.write_text(
        f'{settings.read_text()}\n[[connector]]\nname = "site"\nkind = "webhook"\nurl = "http://127.0.0.1:9"\n{pages}'
    )
    key = hashing.home / "keys" / "site.key"
    key.write_text("whsec_" + "A" * 32)
    key.chmod(0o600)
    code, said = hashing.run("connector:site")
    assert code == 2
    assert "cannot list what it shows" in said
