"""Keys are made once, closed to others, and a wrong set-up is refused with a sentence that says what to do."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pyrage import x25519

from amparo.vault.errors import BadSetup, NotSealed
from amparo.vault.keys import make_keys, read_identities, read_recipients
from amparo.vault.seal import Sealer
from amparo.vault.store import Store

from .conftest import NOTICE, REVIEWER, Place


def test_the_key_is_closed_to_everybody_else_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = make_keys(tmp_path / "keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.key_path.stat().st_mode) == 0o600
    assert sorted(path.name for path in keys.key_path.parent.iterdir()) == ["recipients.txt", "vault.key"]


def test_the_recipients_file_holds_no_secret(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    assert "SECRET" not in keys.recipients_path.read_text().upper()
    assert read_recipients(keys.recipients_path) == keys.recipients
    assert [str(one.to_public()) for one in read_identities(keys.key_path)] == list(keys.recipients)


def test_existing_keys_are_never_replaced(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    before = keys.key_path.read_bytes()
    with pytest.raises(BadSetup, match="already has vault keys"):
        make_keys(tmp_path)
    assert keys.key_path.read_bytes() == before


def test_after_a_crash_between_the_two_files_the_missing_one_is_written(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    keys.recipients_path.unlink()
    assert make_keys(tmp_path).recipients == keys.recipients


def test_with_a_recovery_key_everything_opens_when_the_vaults_key_is_lost(place: Place, tmp_path: Path) -> None:
    paper = x25519.Identity.generate()
    keys = make_keys(tmp_path / "with-recovery", [str(paper.to_public())])
    sealed = Sealer(place.store_directory, keys.recipients).seal(b"words", kind="words", owner=NOTICE)
    place.register.insert(sealed)
    place.keys.key_path.write_text(f"{paper}\n")
    place.keys.recipients_path.unlink()
    with place.answering():
        assert place.console.open_for(REVIEWER, "review", sealed.id) == b"words"


def test_a_recovery_recipient_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadSetup, match="age1"):
        make_keys(tmp_path / "keys", ["age1typo"])
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o606, 0o610, 0o777], ids=oct)
def test_a_key_that_others_can_touch_is_refused(place: Place, mode: int) -> None:
    place.keys.key_path.chmod(mode)
    with pytest.raises(BadSetup, match="chmod 600"), place.answering():
        pass
    assert not (place.run_directory / "vault-door.sock").exists()


def empty(path: Path) -> None:
    path.write_text("# only a comment\n\n")


def junk(path: Path) -> None:
    path.write_text("AGE-SECRET-KEY-1NOT\n")


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def another_key(path: Path) -> None:
    path.write_text(f"{x25519.Identity.generate()}\n")


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (Path.unlink, "amparo init"),
        (empty, "holds no key"),
        (junk, "no age secret key"),
        (binary, "no age secret key"),
        (another_key, "Restore the pair"),
        (a_link, "must be an ordinary file"),
        (a_directory, "must be an ordinary file"),
        (a_pipe, "not an ordinary file"),
    ],
)
def test_a_spoilt_key_is_refused(place: Place, spoil: Callable[[Path], None], sentence: str) -> None:
    secret = place.keys.key_path.read_text().strip()
    spoil(place.keys.key_path)
    with pytest.raises(BadSetup, match=sentence) as refused, place.answering():
        pass
    assert secret not in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_of_another_user_is_refused(place: Place) -> None:
    os.chown(place.keys.key_path, 65534, -1)
    with pytest.raises(BadSetup, match="belongs to another user"), place.answering():
        pass


@pytest.mark.parametrize("text", ["", "# nothing\n", "age1junk\n", "\xff"], ids=["empty", "comment", "junk", "binary"])
def test_recipients_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recipients.txt"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadSetup):
        read_recipients(path)


def test_missing_recipients_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetup, match=r"Copy recipients\.txt"):
        read_recipients(tmp_path / "recipients.txt")


def test_a_sealer_for_nobody_is_refused(place: Place) -> None:
    with pytest.raises(BadSetup, match="Nobody"):
        Sealer(place.store_directory, [])


def test_a_missing_store_is_refused_by_sealer_and_vault(place: Place) -> None:
    place.store_directory.rmdir()
    with pytest.raises(BadSetup, match="mkdir"):
        Sealer(place.store_directory, place.keys.recipients)
    with pytest.raises(BadSetup, match="mkdir"), place.answering():
        pass


def test_a_store_that_cannot_be_written_is_refused_by_the_sealer(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everywhere, so the answer of the system is put in its mouth.
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
    with pytest.raises(BadSetup, match="cannot write to the vault's store"):
        Sealer(place.store_directory, place.keys.recipients)
    Store(place.store_directory, writable=False)


@pytest.mark.parametrize(
    ("kind", "owner"),
    [("photo", NOTICE), ("", NOTICE), ("words", ""), ("words", "staff_1"), ("words", "notice_"), ("words", "case_a\n")],
)
def test_an_unknown_kind_or_owner_is_a_mistake_and_keeps_nothing(place: Place, kind: str, owner: str) -> None:
    with pytest.raises(ValueError, match="kinds"):
        place.sealer.seal(b"words", kind=kind, owner=owner)
    assert list(place.store_directory.iterdir()) == []


def test_an_object_past_the_limit_is_not_sealed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amparo.vault.seal.LARGEST_OBJECT_BYTES", 10)
    with pytest.raises(NotSealed) as refused:
        place.sealer.seal(b"x" * 11, kind="content", owner=NOTICE)
    assert refused.value.reason == "too_large"
    assert list(place.store_directory.iterdir()) == []
