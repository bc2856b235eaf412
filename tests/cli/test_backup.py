"""A backup is whole or not there, and a home made from one goes on where the other stood."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from pyrage import x25519

from amparo.home import Home
from amparo.vault import spool
from amparo.vault.spool_writer import Spool
from tests import conftest
from tests.conftest import NewDatabase

WORDS = "The post is still in my list."


def amparo(home: Path, *words: str, database: str = "") -> tuple[int, str]:
    """Run `amparo …` for a home; return its exit code and everything it said."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))}
    env |= {"AMPARO_HOME": str(home)} | ({"DATABASE_URL": database} if database else {})
    told = subprocess.run(
        [sys.executable, "-m", "amparo", *words], env=env, capture_output=True, text=True, timeout=300, check=False
    )
    return told.returncode, told.stdout + told.stderr


@pytest.fixture
def filled(amparo_home: Path, empty_books: None) -> Iterator[Home]:
    """The home of this process with two reports in it, content and words sealed."""
    with _filled(Home(amparo_home)) as home:
        yield home


@contextlib.contextmanager
def _filled(home: Home) -> Iterator[Home]:
    from amparo import plugins
    from tests.console.desk import Desk

    plugins.installation.cache_clear()
    for left in home.objects.iterdir():
        left.unlink()  # What the tests of before sealed is in no book any more.
    clock = [datetime.now(UTC)]
    here = plugins.installation()
    here.casebook.now = lambda: clock[0]
    desk = Desk(here, clock)
    desk.enrol("lead", "lead")
    desk.write(desk.notice_of(desk.report()), WORDS)
    desk.report_unplaced(WORDS)
    yield home
    for sealed in home.objects.iterdir():
        sealed.unlink()
    plugins.installation.cache_clear()


@pytest.fixture(scope="module")
def made_once(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a home with two reports in it, without the keys. Nobody changes it."""
    folder = tmp_path_factory.mktemp("made") / "backup"
    conftest.empty()
    with _filled(Home(amparo_home)) as home:
        code, said = amparo(home.path, "backup", str(folder), database=os.environ["DATABASE_URL"])
    conftest.empty()
    assert code == 0, said
    return folder


@pytest.fixture
def backup(made_once: Path, tmp_path: Path) -> Path:
    """A copy of that backup, for a test to do with as it likes."""
    return Path(shutil.copytree(made_once, tmp_path / "backup"))


def test_what_it_wrote_is_what_any_machine_can_check(backup: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=backup, check=True)
    listed = {line.split("  ")[1] for line in (backup / "SHA256SUMS").read_text().splitlines()}
    there = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    assert there == listed | {"SHA256SUMS"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (backup, *backup.rglob("*")))


def test_without_being_asked_it_holds_no_secret(backup: Path, amparo_home: Path) -> None:
    secrets = [path.read_bytes().strip() for path in Home(amparo_home).keys.glob("*.key")]
    held = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert [secret for secret in secrets if secret in held] == []
    assert WORDS.encode() not in held
    assert len(secrets) > 2
    assert {path.name for path in (backup / "keys").iterdir()} == {"certificate.pub", "recipients.txt"}


def test_a_backup_is_restored_into_another_database(
    backup: Path, amparo_home: Path, tmp_path: Path, new_database: NewDatabase
) -> None:
    home, database = tmp_path / "new", new_database("restored")
    shutil.copytree(Home(amparo_home).keys, home / "keys")
    code, said = amparo(home, "restore", str(backup), database=database)
    assert code == 0, said
    counts = json.loads((backup / "backup.json").read_text())["counts"]
    assert counts["cases"] >= 1
    assert f"{counts['events']} events, {counts['cases']} cases, 2 notices" in said
    assert f"opened, by chance: {counts['objects']} of {counts['objects']}" in said
    assert "Missing" not in said
    with psycopg.connect(database) as connection:
        tried = connection.execute("SELECT count(*) FROM records_access WHERE purpose = 'restore'").fetchone()
    assert tried == (counts["objects"],)


def test_without_the_keys_it_is_restored_and_says_which_are_missing(
    backup: Path, tmp_path: Path, new_database: NewDatabase
) -> None:
    code, said = amparo(tmp_path / "new", "restore", str(backup), database=new_database("restored"))
    assert code == 0, said
    assert "keys/vault.key is not there" in said
    assert set(re.findall(r"Missing: keys/(\w+\.key)", said)) == {
        "django.key",
        "vault.key",
        "certificate.key",
        "plaza.key",
    }
    assert "Put the old one back before you copy an old spool/ in" in said


def test_a_recovery_key_alone_opens_what_was_sealed_since_it_was_named(
    amparo_home: Path, empty_books: None, tmp_path: Path, new_database: NewDatabase
) -> None:
    from amparo import plugins

    home, recovery = Home(amparo_home), x25519.Identity.generate()
    recipients = home.keys / "recipients.txt"
    before = recipients.read_text()
    recipients.write_text(f"{before}{recovery.to_public()}\n")
    plugins.sealer.cache_clear()
    try:
        with _filled(home):
            code, said = amparo(home.path, "backup", str(tmp_path / "backup"), database=os.environ["DATABASE_URL"])
            assert code == 0, said
    finally:
        recipients.write_text(before)
        plugins.sealer.cache_clear()
    keys = tmp_path / "new" / "keys"
    keys.mkdir(parents=True)
    (keys / "vault.key").write_text(f"{recovery}\n")
    (keys / "vault.key").chmod(0o600)
    code, said = amparo(tmp_path / "new", "restore", str(tmp_path / "backup"), database=new_database("restored"))
    assert code == 0, said
    objects = json.loads((tmp_path / "backup" / "backup.json").read_text())["counts"]["objects"]
    assert objects > 0
    assert f"opened, by chance: {objects} of {objects}" in said


def test_a_missing_and_a_changed_object_are_named_and_the_rest_is_kept(
    filled: Home, tmp_path: Path, new_database: NewDatabase
) -> None:
    gone, changed, *others = sorted(filled.objects.iterdir())
    gone.unlink()
    *sealed, last = changed.read_bytes()
    changed.write_bytes(bytes([*sealed, last ^ 1]))
    backup = tmp_path / "backup"
    code, said = amparo(filled.path, "backup", str(backup), database=os.environ["DATABASE_URL"])
    assert code == 1
    assert f"{gone.name} is missing" in said
    assert f"{changed.name} is changed" in said
    assert {path.name for path in others} <= {path.name for path in (backup / "vault").iterdir()}
    shutil.copytree(filled.keys, tmp_path / "new" / "keys")
    code, said = amparo(tmp_path / "new", "restore", str(backup), database=new_database("restored"))
    assert code == 1
    assert "without their bytes: 1" in said
    assert f"does not open: {changed.name}" in said


def test_what_an_outage_left_in_the_spool_is_counted_and_said(filled: Home, empty_spool: Path, tmp_path: Path) -> None:
    for number in "23":
        keep_in(empty_spool, number)
    name = keep_in(empty_spool, "4")
    spool.set_aside(empty_spool, name)
    code, said = amparo(filled.path, "backup", str(tmp_path / "backup"), database=os.environ["DATABASE_URL"])
    assert code == 0
    assert "Waiting in spool/ and not in the backup: 2." in said
    assert "Set aside in spool/aside/ and not in the backup: 1." in said
    code, said = amparo(filled.path, "export", str(tmp_path / "export"), database=os.environ["DATABASE_URL"])
    assert code == 1
    assert "Waiting in spool/ and not in the export: 2." in said
    assert "Set aside in spool/aside/ and not in the export: 1." in said


def test_an_empty_spool_is_not_spoken_of(filled: Home, empty_spool: Path, tmp_path: Path) -> None:
    for command in ("backup", "export"):
        code, said = amparo(filled.path, command, str(tmp_path / command), database=os.environ["DATABASE_URL"])
        assert code == 0, said
        assert "spool/" not in said


@pytest.fixture
def empty_spool(filled: Home) -> Iterator[Path]:
    """The folder of the spool, empty before and after."""
    yield filled.spool
    shutil.rmtree(filled.spool)
    filled.spool.mkdir(mode=0o700)


def keep_in(folder: Path, number: str) -> str:
    """Keep a record as the door does in an outage, and return its name; what it says is of no matter here."""
    recipients = [str(x25519.Identity.generate().to_public())]
    label = spool.Label(f"notice_{number * 26}.{number * 24}", datetime.now(UTC), "0" * 64)
    Spool(folder, recipients, 1024 * 1024).keep(label, b"noise")
    return label.name


def test_an_orphan_of_the_store_is_left_out(filled: Home, tmp_path: Path) -> None:
    orphan = filled.objects / ("vault_" + "a" * 26)
    orphan.write_bytes(b"nobody names this")
    code, _ = amparo(filled.path, "backup", str(tmp_path / "backup"), database=os.environ["DATABASE_URL"])
    assert code == 0
    assert not (tmp_path / "backup" / "vault" / orphan.name).exists()


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        pytest.param(lambda tmp, home: _full(tmp / "full"), "nothing is overwritten", id="a-full-folder"),
        pytest.param(lambda tmp, home: home.path / "backup", "Name a folder elsewhere", id="inside-the-home"),
        pytest.param(lambda tmp, home: _full(tmp / "b.unfinished").with_suffix(""), "broken off", id="broken-off"),
    ],
)
def test_a_backup_overwrites_nothing(
    filled: Home, tmp_path: Path, where: Callable[[Path, Home], Path], sentence: str
) -> None:
    before = sorted(tmp_path.rglob("*"))
    folder = where(tmp_path, filled)
    code, said = amparo(filled.path, "backup", str(folder), database=os.environ["DATABASE_URL"])
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said
    assert {path.name for path in sorted(tmp_path.rglob("*")) if path not in before} <= {"full", "b.unfinished", "kept"}


def test_a_backup_that_cannot_be_finished_leaves_nothing(filled: Home, tmp_path: Path) -> None:
    (filled.policies / "unreadable.toml").mkdir()
    try:
        code, said = amparo(filled.path, "backup", str(tmp_path / "backup"), database=os.environ["DATABASE_URL"])
    finally:
        (filled.policies / "unreadable.toml").rmdir()
    assert code == 2
    assert "Nothing is left of it" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(lambda b: _change(b / "database.dump"), "database.dump", id="a-changed-dump"),
        pytest.param(lambda b: _change(next((b / "vault").iterdir())), "missing or changed", id="a-changed-object"),
        pytest.param(lambda b: next((b / "vault").iterdir()).unlink(), "missing or changed", id="an-object-gone"),
        pytest.param(lambda b: (b / "SHA256SUMS").unlink(), "not a whole folder", id="no-list"),
        pytest.param(lambda b: (b / "SHA256SUMS").write_text("0  ../x\n"), "no list", id="a-list-that-leads-outside"),
        pytest.param(lambda b: _list_only(b, "amparo.toml"), "no backup.json", id="no-backup"),
    ],
)
def test_a_spoilt_backup_is_refused_before_anything_is_written(
    backup: Path, tmp_path: Path, new_database: NewDatabase, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(backup)
    code, said = amparo(tmp_path / "new", "restore", str(backup), database=new_database("restored"))
    assert code == 2
    assert sentence in said
    assert not (tmp_path / "new").exists()


def test_a_home_that_is_there_is_not_restored_over(backup: Path, filled: Home) -> None:
    before = filled.settings_file.read_text()
    code, said = amparo(filled.path, "restore", str(backup), database=os.environ["DATABASE_URL"])
    assert code == 2
    assert "is not empty" in said
    assert filled.settings_file.read_text() == before


def test_a_database_that_is_in_use_is_not_restored_over(backup: Path, tmp_path: Path) -> None:
    code, said = amparo(tmp_path / "new", "restore", str(backup), database=os.environ["DATABASE_URL"])
    assert code == 2
    assert "has tables already" in said
    assert not (tmp_path / "new").exists()


def _full(folder: Path) -> Path:
    folder.mkdir()
    (folder / "kept").write_text("kept")
    return folder


def _change(file: Path) -> None:
    file.write_bytes(b"x" + file.read_bytes()[1:])


def _list_only(folder: Path, name: str) -> None:
    lines = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if line.endswith(f"  {name}\n")))
    (folder / "backup.json").unlink()
