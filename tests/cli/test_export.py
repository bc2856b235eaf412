"""Whoever leaves takes everything along in forms that anybody can read; what is sealed only in somebody's name."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amparo.home import Home
from tests.docs.repository import DOCS

WORDS = "He says he will send it to my school."
PAGER = "https://pager.example/token-that-nobody-else-has"
REFERENCE = (DOCS / "reference" / "export.md").read_text()


def export(home: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Run `amparo export …`, with something typed; return its exit code and everything it said."""
    env = {**os.environ, "AMPARO_HOME": str(home)}
    told = subprocess.run(
        [sys.executable, "-m", "amparo", "export", *words],
        env=env, input=typed, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    return told.returncode, told.stdout + told.stderr


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.fixture
def filled(amparo_home: Path, empty_books: None) -> Iterator[Home]:
    """The home of this process with a report that has words and content, and a lead and an admin on its staff."""
    from amparo import plugins
    from amparo.records.access import Register
    from amparo.vault.server import answering
    from tests.console.desk import Desk

    plugins.installation.cache_clear()
    here = plugins.installation()
    clock = [datetime.now(UTC)]
    here.casebook.now = lambda: clock[0]
    desk = Desk(here, clock)
    desk.enrol("lead", "lead")
    desk.enrol("admin", "admin")
    desk.write(desk.notice_of(desk.report()), WORDS)
    home = Home(amparo_home)
    with answering(home.run, home.objects, home.keys / "vault.key", Register()):
        yield home
    for sealed in home.objects.iterdir():
        sealed.unlink()
    plugins.installation.cache_clear()


def test_every_event_is_in_it_and_folds_to_the_state_beside_it(filled: Home, tmp_path: Path) -> None:
    from amparo.cases.evolve import fold
    from amparo.cases.refs import CaseId
    from amparo.records import codec, models

    code, said = export(filled.path, str(tmp_path / "export"))
    assert code == 0, said
    events, (case,) = lines(tmp_path / "export" / "events.jsonl"), lines(tmp_path / "export" / "cases.jsonl")
    assert len(events) == models.Event.objects.count()
    entries = [
        codec.entry_from_row({**event, "at": datetime.fromisoformat(event["at"])})
        for event in events
        if event["aggregate"] == case["id"]
    ]
    assert codec.to_json(fold(CaseId(case["id"]), entries)) == case["state"]


def test_each_file_has_the_fields_that_the_reference_names(filled: Home, tmp_path: Path) -> None:
    from amparo.cases.refs import Subject, SubjectKind
    from amparo.cases.sender import OfficeKind
    from amparo.records import alarms, api_keys, bank_acts, banks, models, offices, people

    alarms.ring("not_hidden", "case_x", datetime.now(UTC))
    lead = next(person for person in people.everybody() if person.username == "lead")
    bank_acts.make("ours", source="hand", by=lead.id, now=datetime.now(UTC))
    banks.add("ours", {"md5": "0" * 32}, lead.id)
    models.Likeness.objects.create(case="case_x", star="case_y", work="0", item="1", is_exact=False, distance=20)
    models.Certificate.objects.create(notice="notice_x", taken_back_at=datetime.now(UTC))
    people.link_account(lead.id, Subject("plaza", SubjectKind.ACCOUNT, "own"))
    api_keys.create("upload-hook", [api_keys.Scope.MATCH], datetime.now(UTC), os.urandom)
    models.ApiNotice.objects.create(notice="notice_x", sender="forum", at=datetime.now(UTC))
    models.WebhookEndpoint.objects.create(
        name="forum", sender="forum", url="https://a.example/", made_at=datetime.now(UTC)
    )
    by, now, page = lead.id, datetime.now(UTC), "https://police.example/"
    office = offices.add("Police", OfficeKind.POLICE, "PL", "police.example", by=by, now=now, draw=os.urandom)
    offices.add_contact(office.id, "+48221234567", page, by=by, now=now, draw=os.urandom)
    export(filled.path, str(tmp_path / "export"), "--open-sealed", "lead", typed=f"{_password()}\n")
    explained = {
        name: re.findall(r"`(\w+)`", fields)
        for name, fields in re.findall(r"^\| `(\w+)\.jsonl` \| (.+) \|$", REFERENCE, re.MULTILINE)
    }
    written = {file.stem: list(lines(file)[0]) for file in (tmp_path / "export").glob("*.jsonl")}
    assert written == explained


def test_each_table_is_exported_or_left_out_for_a_reason() -> None:
    from amparo.records import export as exported
    from amparo.records import models

    tables = {each for each in vars(models).values() if isinstance(each, type) and hasattr(each, "_meta")}
    ours = {each for each in tables if not each._meta.abstract}
    taken = {table.model for table in exported.TABLES.values()}
    assert ours == taken | set(exported.LEFT_OUT)
    assert not taken & set(exported.LEFT_OUT)


def test_nothing_secret_and_nothing_sealed_is_in_it(filled: Home, tmp_path: Path) -> None:
    from amparo.records import models

    code, said = export(filled.path, str(tmp_path / "export"))
    assert code == 0, said
    held = "".join(file.read_text() for file in (tmp_path / "export").rglob("*") if file.is_file())
    assert WORDS not in held
    assert [row.password for row in models.Staff.objects.all() if row.password in held] == []
    assert [path.name for path in filled.keys.glob("*.key") if path.read_text().strip() in held] == []
    assert models.Access.objects.count() == 0


def test_the_policies_and_settings_are_in_it_as_they_were_written(filled: Home, tmp_path: Path) -> None:
    export(filled.path, str(tmp_path / "export"))
    names = {tomllib.loads(file.read_text())["name"] for file in (tmp_path / "export" / "policies").iterdir()}
    assert names == {tomllib.loads(file.read_text())["name"] for file in filled.policies.iterdir()}
    assert (tmp_path / "export" / "amparo.toml").read_text() == filled.settings_file.read_text()
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path / "export", check=True)


@pytest.mark.parametrize("written", ['url = "{address}"', "url='{address}' # ours"])
def test_the_address_of_the_pager_is_left_out_of_the_settings(
    filled: Home, tmp_path: Path, settings_text: str, written: str
) -> None:
    filled.settings_file.write_text(settings_text.replace('url = ""', written.format(address=PAGER)))
    assert filled.read()["pager"]["url"] == PAGER
    code, said = export(filled.path, str(tmp_path / "export"))
    assert code == 0, said
    exported = (tmp_path / "export" / "amparo.toml").read_text()
    assert PAGER not in exported
    assert tomllib.loads(exported) == tomllib.loads(settings_text)


def test_a_pagers_address_that_cannot_be_taken_out_is_refused_and_not_repeated(
    filled: Home, tmp_path: Path, settings_text: str
) -> None:
    filled.settings_file.write_text(settings_text.replace('url = ""', f'url = "{PAGER}" # before: {PAGER}/old'))
    code, said = export(filled.path, str(tmp_path / "export"))
    assert code == 2
    assert "on a line of its own" in said
    assert PAGER not in said
    assert not (tmp_path / "export").exists()


@pytest.fixture
def settings_text(filled: Home) -> Iterator[str]:
    """The settings as they are written, and will be again."""
    text = filled.settings_file.read_text()
    assert 'url = ""' in text
    yield text
    filled.settings_file.write_text(text)


def test_what_was_written_is_opened_in_somebodys_name_and_that_is_on_record(filled: Home, tmp_path: Path) -> None:
    from amparo.records import models

    code, said = export(filled.path, str(tmp_path / "export"), "--open-sealed", "lead", typed=f"{_password()}\n")
    assert code == 0, said
    opened = {file.name: file.read_bytes() for file in (tmp_path / "export" / "opened").iterdir()}
    assert WORDS.encode() in opened.values()
    assert {Path(name).suffix for name in opened} == {".txt"}
    lead = models.Staff.objects.get(username="lead")
    recorded = lines(tmp_path / "export" / "access.jsonl")
    assert {(each["actor"], each["purpose"]) for each in recorded} == {(f"reviewer:{lead.id}", "export")}
    assert {each["object"] for each in recorded} == {Path(name).stem for name in opened}


def test_media_are_opened_only_where_that_is_said(filled: Home, tmp_path: Path) -> None:
    from tests.console.desk import PIXEL

    words = ["--open-sealed", "lead", "--with-content"]
    code, said = export(filled.path, str(tmp_path / "export"), *words, typed=f"{_password()}\n")
    assert code == 0, said
    assert PIXEL in {file.read_bytes() for file in (tmp_path / "export" / "opened").glob("*.bin")}


@pytest.mark.parametrize(
    ("name", "typed"), [("lead", "wrong"), ("lead", ""), ("nobody", "the right one"), ("admin", "the right one")]
)
def test_nobody_opens_in_a_name_that_is_not_theirs(filled: Home, tmp_path: Path, name: str, typed: str) -> None:
    from amparo.records import models

    password = _password() if typed == "the right one" else typed
    code, said = export(filled.path, str(tmp_path / "export"), "--open-sealed", name, typed=f"{password}\n")
    assert code == 2
    assert "do not fit" in said
    assert not (tmp_path / "export").exists()
    assert models.Access.objects.count() == 0


def test_what_does_not_open_is_named_and_the_rest_is_there(filled: Home, tmp_path: Path) -> None:
    from amparo.records import models

    broken = models.SealedObject.objects.filter(kind="words").order_by("id").values_list("id", flat=True)[0]
    (filled.objects / broken).write_bytes(b"something else")
    words = ["--open-sealed", "lead", "--with-content"]
    code, said = export(filled.path, str(tmp_path / "export"), *words, typed=f"{_password()}\n")
    assert code == 1
    assert f"{broken} could not be opened" in said
    assert not list((tmp_path / "export" / "opened").glob(f"{broken}*"))
    assert list((tmp_path / "export" / "opened").glob("*.bin"))


def test_an_export_overwrites_nothing(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    code, said = export(filled.path, str(tmp_path))
    assert code == 2
    assert "nothing is overwritten" in said
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def _password() -> str:
    from tests.console.desk import PASSWORD

    return PASSWORD
