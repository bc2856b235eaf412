"""When something behind the door is away, it says so. Nobody gets a receipt for a report that was not kept."""

import base64
import hashlib
import os
import re
import stat
from pathlib import Path

import httpx
import pytest

from amparo import plugins
from amparo.home import home
from amparo.plugins import sealer
from amparo.postgres import Server, drop_database
from amparo.records import models
from tests.public.conftest import serving
from tests.public.visitor import PLAZA, Visitor


def test_a_door_without_its_database_takes_reports_and_one_with_a_full_spool_gives_no_receipt(
    postgres_server: Server, doomed_database: str, tmp_path: Path
) -> None:
    with serving(doomed_database, tmp_path) as door, httpx.Client(base_url=door, trust_env=False) as client:
        form = {"link": f"{PLAZA}/post/1", "topic": "sexual_picture"}
        assert client.post("/report", data=form).status_code == 303
        drop_database(postgres_server.url, "doomed")
        answer = client.post("/report", data=form)
        assert answer.status_code == 202
        assert "We have what you sent." in answer.text
        assert client.get("/healthz").status_code == 503
        (tmp_path / "home" / "spool").rename(tmp_path / "spool")
        (tmp_path / "home" / "spool").write_text("A file where the spool should be.")
        answer = client.post("/report", data=form)
        assert answer.status_code == 503
        assert "We could not take your report just now." in answer.text
        assert "findahelpline.com" in answer.text
        assert f"{PLAZA}/post/1" in answer.text
        assert client.get("/help-me").status_code == 200
        log = (tmp_path / "door.log").read_text()
        assert "a request failed: OperationalError" in log
        assert PLAZA not in log


def test_a_door_that_starts_without_its_database_takes_reports_too(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/none"
    with serving(nowhere, tmp_path, at="/help-me") as door, httpx.Client(base_url=door, trust_env=False) as client:
        answer = client.post("/report", data={"link": f"{PLAZA}/post/1", "topic": "sexual_picture"})
        assert answer.status_code == 202
        assert len(list((tmp_path / "home" / "spool").glob("notice_*"))) == 1


def test_a_link_that_cannot_be_sealed_is_not_taken(visitor: Visitor, tmp_path: Path) -> None:
    objects = home().objects
    sealer()
    kept = objects.rename(tmp_path / "objects")
    objects.write_text("A file where the store should be.")
    try:
        answer = visitor.report("https://elsewhere.example/x")
        assert answer.status_code == 503
        assert "https://elsewhere.example/x" in answer.content.decode()
        assert models.Notice.objects.count() == 0
    finally:
        objects.unlink()
        kept.rename(objects)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_the_served_door_keeps_its_home_to_itself(served_door: str) -> None:
    assert stat.S_IMODE(home().keys.stat().st_mode) == 0o700
    assert httpx.get(f"{served_door}/keys/django.key", trust_env=False).status_code == 404


@pytest.mark.parametrize("path", ["/static/public/dot.svg", "/static/public/work.js", "/static/public/pdq.wasm"])
def test_our_own_files_are_served(served_door: str, path: str) -> None:
    assert httpx.get(f"{served_door}{path}", trust_env=False).status_code == 200


@pytest.mark.parametrize("path", ["/help-me", "/help", "/u/", "/nowhere", "/embed"])
def test_what_stands_in_a_page_is_let_in_by_its_digest_and_nothing_else(served_door: str, path: str) -> None:
    answer = httpx.get(f"{served_door}{path}", trust_env=False)
    parts = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    for rule, tag in (("style-src", "style"), ("script-src", "script")):
        assert len(parts[rule].split()) == 2
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inside]
        assert set(parts[rule].split()) >= {f"'sha256-{digest}'" for digest in digests}
        assert digests or (path, tag) == ("/embed", "script")


def test_what_nobody_foresaw_is_a_page_and_one_line_in_the_log(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AMPARO_HOME", str(tmp_path))
    plugins.installation.cache_clear()
    answer = visitor.report(f"{PLAZA}/post/unforeseen")
    assert answer.status_code == 500
    assert "Something broke here. That is our fault." in visitor.page
    assert "unforeseen" in answer.content.decode()
    assert "a request failed: BadSettings at home.py:" in caplog.text
    assert "unforeseen" not in caplog.text
    assert str(tmp_path) not in caplog.text
