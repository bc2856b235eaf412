"""A moderator lists everything that is shown and has files, page by page; a crowd of posts makes that worth doing."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.plaza.running_plaza import RunningPlaza, running_plaza
from tests.plaza.test_plaza_command import DOOR, run

ITEMS, PICTURES = 1_203, 7


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("plaza")
    with running_plaza(home, seeded=False, more=["--items", str(ITEMS), "--pictures", str(PICTURES)]) as plaza:
        yield plaza


def listed(plaza: RunningPlaza, cursor: str | None = None) -> list[dict[str, Any]]:
    """Return all that the catalogue lists, behind a cursor or from its beginning."""
    found: list[dict[str, Any]] = []
    while True:
        answer = plaza.moderator.get("/catalogue", params={"cursor": cursor} if cursor else {})
        assert answer.status_code == 200, answer.text
        found += answer.json()["subjects"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def test_everything_is_listed_once_newest_first(crowded: RunningPlaza):
    found = listed(crowded)
    assert len(found) == len({each["id"] for each in found}) == ITEMS
    assert [each["created_at"] for each in found] == sorted((each["created_at"] for each in found), reverse=True)
    assert len({each["account"] for each in found}) == 50


def test_a_list_goes_on_behind_any_line(crowded: RunningPlaza):
    found = listed(crowded)
    for number in (0, 498, 499, 500, 501, ITEMS - 2, ITEMS - 1):
        assert listed(crowded, found[number]["cursor"]) == found[number + 1 :]


def test_what_is_published_meanwhile_moves_no_place(crowded: RunningPlaza):
    found = listed(crowded)
    crowded.post()
    assert listed(crowded, found[700]["cursor"]) == found[701:]
    assert len(listed(crowded)) == len(found) + 1


def test_a_crowd_shares_as_many_pictures_as_were_asked_for(crowded: RunningPlaza):
    files = [each["media"][0] for each in listed(crowded) if each["account"].startswith("crowd_")]
    assert len({file["sha256"] for file in files}) == PICTURES
    body = crowded.moderator.get(f"/media/{files[-1]['id']}").content
    assert (len(body), hashlib.sha256(body).hexdigest()) == (files[-1]["size_bytes"], files[-1]["sha256"])
    assert body.startswith(b"\xff\xd8\xff")


def test_only_what_is_shown_and_has_files_is_listed(plaza: RunningPlaza):
    account = plaza.account()
    shown, hidden, removed = (plaza.post(account) for _ in range(3))
    words = plaza.post(account, media="none")
    message, room = plaza.message(), plaza.live()
    plaza.move(hidden, "hide")
    plaza.move(removed, "remove")
    ids = {each["id"] for each in listed(plaza)}
    assert {shown["id"], message["id"], room["id"]} <= ids
    assert not {hidden["id"], removed["id"], words["id"]} & ids
    plaza.move(hidden, "restore")
    assert hidden["id"] in {each["id"] for each in listed(plaza)}


def test_a_line_is_as_the_subject_says(plaza: RunningPlaza):
    made = plaza.post()
    (line,) = [each for each in listed(plaza) if each["id"] == made["id"]]
    wanted = {name: made[name] for name in ("kind", "id", "account", "media")}
    assert {name: line[name] for name in wanted} == wanted
    assert set(line) == {*wanted, "created_at", "cursor"}


def test_listing_counts_no_view(plaza: RunningPlaza):
    made = plaza.post()
    listed(plaza)
    assert plaza.read(made)["views"] == 0


@pytest.mark.parametrize("cursor", ["x", "2030-01-01", "9999~", "'; DROP TABLE media; --"])
def test_what_is_no_cursor_is_refused(plaza: RunningPlaza, cursor: str):
    answer = plaza.moderator.get("/catalogue", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_cursor")


def test_strangers_get_no_list(plaza: RunningPlaza):
    assert plaza.stranger.get("/moderation/catalogue").status_code == 401


def test_a_crowd_is_made_once_and_grows_to_what_is_asked_for(tmp_path: Path):
    for wanted in (20, 20, 30, 10):
        with running_plaza(tmp_path, seeded=False, more=["--items", str(wanted), "--pictures", "3"]):
            pass
    with closing(sqlite3.connect(tmp_path / "plaza.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM subjects").fetchone() == (30,)
        assert database.execute("SELECT count(DISTINCT sha256) FROM media").fetchone() == (3,)


@pytest.mark.parametrize("words", [["--items", "0"], ["--items", "many"], ["--items", "5", "--pictures", "0"]])
def test_a_crowd_of_none_is_refused(tmp_path: Path, words: list[str]):
    ended = run("--home", str(tmp_path), "--listen", "127.0.0.1:0", "--door-url", DOOR, *words)
    assert ended.returncode == 2
    assert "is a whole number from 1" in ended.stderr
