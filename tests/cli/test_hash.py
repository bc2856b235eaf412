"""`amparo hash` looks through a source to its end, whatever comes in between: a kill, a stop, an absent database."""

import argparse
import io
import json
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.test.utils import override_settings

from amparo.catalogue.item import Away
from amparo.cli import hash as hash_command
from amparo.home import BadSettings
from amparo.media.errors import SandboxFailed
from amparo.records.live_index import NotReady
from tests.catalogue.doubles import FileBook, from_either
from tests.cli.hashing import GO_ON, Hashing, counts, ended
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI
from tests.media.drawn import encoded, pattern

WHAT_TO_NAME = "Name a directory, a platform of your settings (connector:plaza), or a bucket (s3://BUCKET/PREFIX)."


def words_in(folder: Path, count: int, word: str = "word", **gates: int) -> Path:
    """Make so many files; at each gate two of them, so that nothing goes past it until it is opened."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}").write_text(f"{word} {number}")
    for name, place in gates.items():
        for number in (place, place + 1):
            (folder / f"{number:04}").write_text(f"gate {name} {number}")
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
    folder = words_in(tmp_path / "many", 400, first=70, second=301)
    for gate, kept in (("first", 70), ("second", 301)):
        process = hashing.start(str(folder), made_up=True)
        hashing.wait_until_kept(kept, process)
        process.kill()
        process.communicate()
        assert len(hashing.book.kept()) == kept
        hashing.open_gate(gate)
    code, said = hashing.run(str(folder), made_up=True)
    assert code == 0, said
    assert "Looked through 400 files" in said
    assert sum(counts(said).values()) == 400
    assert len(hashing.book.kept()) == len(set(hashing.book.kept())) == 400


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: str(number.name))
def test_a_stop_ends_cleanly_and_says_how_to_go_on(hashing: Hashing, tmp_path: Path, number: signal.Signals) -> None:
    folder, report = words_in(tmp_path / "so many", 250, "slow", here=20), tmp_path / "it's wrong"
    process = hashing.start(str(folder), "--report", str(report), "--anew", made_up=True)
    hashing.wait_until_kept(20, process)
    process.send_signal(number)
    assert process.stderr is not None
    while "Stopping" not in process.stderr.readline():
        assert process.poll() is None
    hashing.open_gate("here")
    code, said = ended(process)
    assert code == 130
    typed = shlex.split(said.partition("Go on with: ")[2].splitlines()[0])
    assert typed == ["amparo", "hash", str(folder), "--jobs", "2", "--report", str(report)]
    done = sum(counts(said).values())
    # The two at the gate were under way, and perhaps some that were begun when these were done.
    assert 22 <= done == len(hashing.book.kept()) < 250
    code, said = hashing.run(*typed[2:], made_up=True)
    assert (code, counts(said)) == (0, {"hashed": 250})
    assert f"Going on after {done} files" in said


def test_bytes_that_did_not_change_are_known_in_the_next_run(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "few", 5, "word")
    assert counts(hashing.run(str(folder), made_up=True)[1]) == {"hashed": 5}
    (folder / "0003").write_text("another")
    assert counts(hashing.run(str(folder), made_up=True)[1]) == {"hashed": 1, "known": 4}


def test_a_database_that_goes_away_ends_it_in_a_sentence_and_it_goes_on_later(hashing: Hashing, tmp_path: Path) -> None:
    folder = words_in(tmp_path / "many", 100, here=40)
    process = hashing.start(str(folder), made_up=True)
    hashing.wait_until_kept(40, process)
    with _closed(hashing.database):
        hashing.open_gate("here")
        code, said = ended(process)
        assert code == 2
        assert "The database does not answer" in said
        assert GO_ON in said
    code, said = hashing.run(str(folder), made_up=True)
    assert code == 0, said
    assert sum(counts(said).values()) == 100
    assert len(hashing.book.kept()) == len(set(hashing.book.kept())) == 100


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
    folder = words_in(tmp_path / "few", 9, here=3)
    process = hashing.start(str(folder), made_up=True)
    hashing.wait_until_kept(3, process)
    code, said = hashing.run(str(folder), made_up=True)
    hashing.open_gate("here")
    assert ended(process)[0] == 0
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
        pytest.param(["{nothing}"], f"No such file or directory. {WHAT_TO_NAME}", id="nothing-there"),
        pytest.param(["{file}"], f"That is no directory. {WHAT_TO_NAME}", id="a-file"),
        pytest.param(["{loop}"], f"symbolic links. {WHAT_TO_NAME}", id="a-link-to-itself"),
        pytest.param([""], f"The source is empty. {WHAT_TO_NAME}", id="empty"),
        pytest.param(["connector:nobody"], "There is no connector 'nobody'. There are: plaza.", id="no-connector"),
        pytest.param(["ftp://elsewhere.example"], f"That is no source. {WHAT_TO_NAME}", id="another-scheme"),
        pytest.param([".", "--jobs", "0"], "files at a time", id="no-jobs"),
        pytest.param([".", "--jobs", "10000"], "files at a time", id="too-many-jobs"),
        pytest.param([".", "--bank", "ours"], "--bank and --by go together", id="a-bank-by-nobody"),
        pytest.param(
            [".", "--bank", "our's", "--by", "nobody"],
            "A lead makes it: amparo bank new 'our'\"'\"'s' --source",
            id="no-bank",
        ),
        pytest.param([".", "--bank", "removed", "--by", "lead"], "The bank removed is filled by", id="cases-own-bank"),
        pytest.param([".", "--bank", os.fsdecode(b"\xff"), "--by", "lead"], "names that can be read", id="no-text"),
        pytest.param(
            ["connector:plaza", "--bank", "ours", "--by", "lea"], "known to be what must go", id="all-of-a-platform"
        ),
        pytest.param([".", "--report", "{nothing}/report"], "cannot be written", id="no-report"),
    ],
)
@pytest.mark.usefixtures("amparo_home")
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    from amparo.cli import hash_parts

    monkeypatch.setattr(hash_parts, "_book", lambda source: FileBook(tmp_path / "book"))
    monkeypatch.setattr(hash_parts, "fingerprint", from_either)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    places = {name: tmp_path / name for name in ("nothing", "file", "loop")}
    with pytest.raises(BadSettings) as told:
        hash_command.run(_arguments(*(word.format(**places) for word in words)))
    assert sentence in str(told.value)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Away("Nobody answers.", code="timeout"), id="source"),
        pytest.param(SandboxFailed("Nobody answers."), id="sandbox"),
        pytest.param(NotReady("Nobody answers."), id="index"),
    ],
)
@pytest.mark.usefixtures("amparo_home")
def test_what_goes_on_is_the_whole_command_as_it_was_said(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    from amparo.cli import hash_parts

    def away(words: str) -> object:
        raise error

    monkeypatch.setattr(hash_parts, "source", away)
    monkeypatch.setenv("AMPARO_CALLED_AS", "./run")
    with pytest.raises(BadSettings) as told:
        hash_command.run(_arguments("two words", "--by", "eve", "--batch", "--bank", "our's", "--anew", "--jobs", "3"))
    command = "./run hash 'two words' --jobs 3 --bank 'our'\"'\"'s' --by eve --batch"
    assert str(told.value) == f"Nobody answers. Nothing is lost. Go on with: {command}"


@pytest.mark.usefixtures("empty_books")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("abe", "lead or reviewer; abe has the role admin", id="an-admin"),
        pytest.param("new", "given to you by somebody else", id="a-first-password"),
    ],
)
def test_who_signs_for_nothing_else_about_banks_fills_none(
    monkeypatch: pytest.MonkeyPatch, name: str, says: str
) -> None:
    from amparo.records import banks, people

    password, now = "words that only I know", datetime.now(UTC)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        people.found([("lea", "lead", password), ("abe", "admin", password)], now=now, draw=os.urandom)
        people.enrol("new", password, "reviewer", enrolled_by="staff_x", now=now, draw=os.urandom(16))
        banks.create("ours", source="our own", now=now)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        with pytest.raises(BadSettings, match=says):
            hash_command.run(_arguments(".", "--bank", "ours", "--by", name))


@pytest.mark.usefixtures("empty_books")
def test_a_bank_is_filled_by_nobody_but_by_somebody_of_the_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    from amparo.records import banks

    banks.create("ours", source="our own", now=datetime.now(UTC))
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    with pytest.raises(BadSettings, match="These do not fit"):
        hash_command.run(_arguments(".", "--bank", "ours", "--by", "nobody"))


def _arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    hash_command.add_arguments(parser)
    return parser.parse_args(words)
