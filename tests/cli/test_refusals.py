"""A process that cannot run as it is set says so in a sentence, says what to do, and ends with 2."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from pyrage import x25519

from amparo.cli.new_home import write_home
from amparo.home import Home
from amparo.postgres import Server
from tests.conftest import PRACTICE, NewDatabase

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `amparo …` for a home in a folder of its own; return its exit code and everything it said."""

    def run(*words: str, database: str = "", patience: float = 60) -> tuple[int, str]:
        env = {
            key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))
        }
        env |= {"AMPARO_HOME": str(tmp_path / "home")} | ({"DATABASE_URL": database} if database else {})
        told = subprocess.run(
            [sys.executable, "-m", "amparo", *words],
            env=env, capture_output=True, text=True, timeout=patience, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        return told.returncode, told.stdout + told.stderr

    return run


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A written home; its database is whichever a test names."""
    here = Home(tmp_path / "home")
    write_home(here, PRACTICE)
    return here


@pytest.mark.parametrize("word", ["door", "console", "api", "worker", "vault", "up", "database"])
def test_without_a_home_every_process_says_how_to_make_one(run: Run, word: str) -> None:
    code, said = run(word)
    assert code == 2
    assert "amparo init" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        pytest.param(lambda h: h.settings_file.write_text("[site\n"), "Correct that line", id="broken-toml"),
        pytest.param(lambda h: (h.keys / "plaza.key").unlink(), "is missing", id="connector-key-missing"),
        pytest.param(lambda h: (h.keys / "plaza.key").write_bytes(b"\xff\xfe"), "is no text", id="key-that-is-no-text"),
        pytest.param(lambda h: (h.keys / "django.key").chmod(0o644), "chmod 600", id="key-that-others-can-read"),
        pytest.param(
            lambda h: (h.policies / "spam.toml").write_text("name = 7\n"), "spam.toml, line 1", id="malformed-policy"
        ),
        pytest.param(lambda h: [each.unlink() for each in h.policies.glob("*.toml")], "no policy", id="no-policy"),
        pytest.param(
            lambda h: h.settings_file.write_text(
                h.settings_file.read_text().replace('kind = "plaza"', 'kind = "moon"')
            ),
            "no connector of the kind 'moon'",
            id="unknown-connector",
        ),
        pytest.param(
            lambda h: h.settings_file.write_text(h.settings_file.read_text().split("[[connector]]")[0]),
            "No platform is connected",
            id="no-connector",
        ),
        pytest.param(
            lambda h: h.settings_file.write_text(h.settings_file.read_text().replace("127.0.0.1:8001", "nowhere")),
            "listen",
            id="no-address-to-listen-on",
        ),
    ],
)
def test_a_home_that_does_not_hold_is_refused_with_what_to_do(
    run: Run, home: Home, amparo_home: Path, break_it: Callable[[Home], object], sentence: str
) -> None:
    break_it(home)
    code, said = run("door", database=os.environ["DATABASE_URL"])
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said


def test_a_database_that_is_away_is_named_with_what_to_start(run: Run, home: Home) -> None:
    code, said = run("worker", database="postgresql://nobody@127.0.0.1:9/none")
    assert code == 2
    assert "amparo database" in said


def test_an_empty_database_wants_its_tables_first(run: Run, home: Home, new_database: NewDatabase) -> None:
    code, said = run("worker", database=new_database("no_tables"))
    assert code == 2
    assert "amparo init --upgrade" in said


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_may_forget_is_refused_by_the_name_of_its_setting(
    run: Run, home: Home, amparo_home: Path, postgres_server: Server, setting: str
) -> None:
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        try:
            code, said = run("door", database=os.environ["DATABASE_URL"])
        finally:
            connection.execute(f"ALTER SYSTEM RESET {setting}")
            connection.execute("SELECT pg_reload_conf()")
    assert code == 2
    assert setting in said


def test_init_overwrites_nothing(run: Run, home: Home, tmp_path: Path) -> None:
    before = home.settings_file.read_text()
    secret = tmp_path / "secret"
    secret.write_text("key")
    code, said = run("init", "--secret-file", str(secret))
    assert code == 2
    assert "exists already" in said
    assert home.settings_file.read_text() == before


@pytest.mark.parametrize("staff", [["lead:lead"], ["lead:king", "reviewer:reviewer"], [":lead", "reviewer:reviewer"]])
def test_init_wants_two_people_with_roles_before_it_writes_anything(run: Run, tmp_path: Path, staff: list[str]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    code, said = run("init", "--secret-file", str(secret), *[word for each in staff for word in ("--staff", each)])
    assert code == 2
    assert "two people" in said
    assert not (tmp_path / "home").exists()


def test_init_wants_recovery_keys_that_are_keys_before_it_writes_anything(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    code, said = run("init", "--secret-file", str(secret), "--recovery", "AGE-SECRET-KEY-1")
    assert code == 2
    assert "no age recipient" in said
    assert "AGE-SECRET" not in said
    assert not (tmp_path / "home").exists()


def test_init_seals_to_the_recovery_keys_as_well(run: Run, tmp_path: Path, new_database: NewDatabase) -> None:
    secret, recovery = tmp_path / "secret", str(x25519.Identity.generate().to_public())
    secret.write_text("key")
    words = ["init", "--secret-file", str(secret), "--recovery", recovery]
    code, said = run(*words, database=new_database("made_by_init"))
    assert code == 0, said
    recipients = (tmp_path / "home" / "keys" / "recipients.txt").read_text().split()
    assert len(recipients) == 2
    assert recipients[1] == recovery


def test_init_without_a_terminal_wants_the_key_in_a_file(run: Run) -> None:
    code, said = run("init")
    assert code == 2
    assert "--secret-file" in said


def test_init_makes_a_home_that_can_be_upgraded(run: Run, tmp_path: Path, new_database: NewDatabase) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    database = new_database("made_by_init")
    code, said = run("init", "--secret-file", str(secret), database=database)
    assert code == 0, said
    assert said.count("signs in as") == 2
    code, said = run("init", "--upgrade", database=database)
    assert code == 0, said
    for file in (tmp_path / "home" / "keys").iterdir():
        is_public = file.name in ("recipients.txt", "certificate.pub")
        assert is_public or file.stat().st_mode & 0o077 == 0, file.name


def test_a_worker_without_the_key_of_certificates_is_refused_and_an_upgrade_makes_it(
    run: Run, home: Home, new_database: NewDatabase
) -> None:
    database = new_database("without_a_key")
    for name in ("certificate.key", "certificate.pub"):
        (home.keys / name).unlink()
    code, said = run("init", "--upgrade", database=database)
    assert code == 0, said
    made = (home.keys / "certificate.key").read_text()
    assert (home.keys / "certificate.key").stat().st_mode & 0o077 == 0
    assert (home.keys / "certificate.pub").read_text().startswith("127.0.0.1:8001/certificate-key+")
    code, said = run("init", "--upgrade", database=database)
    assert (home.keys / "certificate.key").read_text() == made, "a key that is there is never replaced"
    (home.keys / "certificate.key").unlink()
    code, said = run("init", "--upgrade", database=database)
    new, old = (home.keys / "certificate.pub").read_text().splitlines()
    assert new.split("+")[1] == (home.keys / "certificate.key").read_text().split("+")[3]
    assert old.split("+")[1] == made.split("+")[3], "what the key of before signed is still found genuine"
    (home.keys / "certificate.key").write_text("cut short")
    code, said = run("worker", database=database)
    assert code == 2
    assert "backup" in said
    (home.keys / "certificate.key").unlink()
    code, said = run("worker", database=database)
    assert code == 2
    assert "certificate.key" in said
    assert "amparo init --upgrade" in said


def test_a_second_one_of_a_home_that_runs_is_refused_at_once(run: Run, home: Home) -> None:
    home.run.mkdir(exist_ok=True)
    with (home.run / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = run("up")
    assert code == 2
    assert "runs already" in said


@pytest.mark.parametrize("words", [["--seconds", "0"], ["--seconds", "-1"], ["--seconds", "nan"], ["--repeats", "0"]])
def test_a_benchmark_of_no_length_is_refused_before_it_begins(run: Run, words: list[str]) -> None:
    code, said = run("bench", "intake", *words)
    assert code == 2
    assert "0.1 to 600 seconds" in said
