"""A directory is listed in an order that holds, whatever its files are called, and only plain files are opened."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.catalogue.directory import Directory
from amparo.catalogue.holding import LARGEST_BYTES
from amparo.catalogue.item import Closed, Item, Unreadable
from amparo.media.errors import Refused
from amparo.media.wire import Reason

NAMES = ["a.jpg", "b/1.jpg", "b/2/x.jpg", "b/3.jpg", "b.jpg", "c/ä.jpg", "c/z z%2F.jpg", "d#?.jpg", "é"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / os.fsdecode(b"no-text-\xff\xfe.jpg")).write_bytes(b"no text")
    return tmp_path


def read(item: Item) -> bytes:
    with item.open() as file:
        return file.read()


def test_every_file_is_listed_once_and_opens(folder: Path) -> None:
    items = list(Directory(folder).items(None))
    assert sorted(map(read, items)) == sorted([*(name.encode() for name in NAMES), b"no text"])
    assert len({item.name for item in items}) == len(items)
    assert all(item.name.isascii() and item.showing is None for item in items)


def test_it_goes_on_behind_each_file(folder: Path) -> None:
    names = [item.name for item in Directory(folder).items(None)]
    for number, name in enumerate(names):
        assert [item.name for item in Directory(folder).items(name)] == names[number + 1 :]


def test_it_goes_on_where_a_file_was_that_is_gone(folder: Path) -> None:
    names = [item.name for item in Directory(folder).items(None)]
    for gone in ("b/2/x.jpg", "b/3.jpg", "a.jpg"):
        (folder / gone).unlink()
        left = [name for name in names[names.index(gone) + 1 :] if (folder / name).exists() or "%" in name]
        assert [item.name for item in Directory(folder).items(gone)] == left


def test_what_is_no_plain_file_is_not_opened(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret").write_text("secret")
    (folder / "link").symlink_to(elsewhere / "secret")
    (folder / "linked").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe")
    found = {item.name: item for item in Directory(folder).items(None)}
    assert not [name for name in found if "secret" in name]
    for name in ("link", "linked", "pipe"):
        with pytest.raises(Unreadable) as told:
            read(found[name])
        assert told.value.code == "no_file"


def test_a_file_that_is_gone_when_its_turn_comes_is_unreadable(folder: Path) -> None:
    items = {item.name: item for item in Directory(folder).items(None)}
    (folder / "a.jpg").unlink()
    with pytest.raises(Unreadable) as told:
        read(items["a.jpg"])
    assert told.value.code == "unreadable"
    assert "a.jpg" not in str(told.value)


def test_a_directory_below_that_cannot_be_read_is_one_line_and_not_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuses(path: bytes) -> object:
        if path.endswith(b"/b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    names = [item.name for item in Directory(folder).items(None)]
    assert "b" in names
    assert not [name for name in names if name.startswith("b/")]
    assert "c/%C3%A4.jpg" in names


@pytest.mark.parametrize("name", ["nothing", "a.jpg"])
def test_what_is_no_directory_is_said(folder: Path, name: str) -> None:
    with pytest.raises(Closed):
        next(Directory(folder / name).items(None))


def test_directories_may_be_nested_more_deeply_than_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(sys.getrecursionlimit() + 200):
        os.mkdir("d")
        os.chdir("d")
    Path("a.jpg").write_bytes(b"at the bottom")
    (item,) = Directory(tmp_path).items(None)
    assert read(item) == b"at the bottom"
    assert list(Directory(tmp_path).items(item.cursor)) == []
    # What follows would be removed by a function that calls itself.
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_path_that_is_too_long_for_the_system_is_one_line_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("z.jpg").write_bytes(b"z")
    for _ in range(20):
        os.mkdir("d" * 250)
        os.chdir("d" * 250)
    too_deep, after = Directory(tmp_path).items(None)
    with pytest.raises(Unreadable, match="File name too long"):
        read(too_deep)
    assert read(after) == b"z"
    subprocess.run(["rm", "-rf", str(tmp_path / ("d" * 250))], check=True)


def test_a_file_that_the_sandbox_would_not_open_is_not_read_first(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    (item,) = Directory(tmp_path).items(None)
    with pytest.raises(Refused) as told:
        read(item)
    assert told.value.reason is Reason.TOO_MANY_BYTES
