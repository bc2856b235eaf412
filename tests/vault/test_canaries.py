"""No planted word is found anywhere outside the answer to its reader: not on disk, in rows, logs or error texts."""

import base64
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.vault.errors import VaultError
from amparo.vault.permission import OPENS

from .conftest import NOTICE, REPORTER, REVIEWER, Place
from .registers import FileRegister


def forms_of(canary: str) -> list[bytes]:
    """A leak may be encoded: plain, in UTF-16, in hex, in base64 at any of its three offsets."""
    plain = canary.encode()
    encoded = [base64.b64encode(b"-" * offset + plain)[4:-4] for offset in range(3)]
    return [plain, canary.encode("utf-16-le"), plain.hex().encode(), *encoded]


def leaks(canaries: list[str], places: list[bytes]) -> set[str]:
    return {canary for canary in canaries for form in forms_of(canary) if any(form in place for place in places)}


def files_below(*directories: Path) -> Iterator[bytes]:
    for directory in directories:
        for path in directory.rglob("*"):
            if path.is_file():
                yield path.name.encode()
                yield path.read_bytes()


@pytest.mark.parametrize("form", range(6))
def test_the_search_would_find_a_leak(tmp_path: Path, form: int) -> None:
    canary = "canary-" + secrets.token_hex(12)
    (tmp_path / "leak").write_bytes(b"before" + forms_of(canary)[form] + b"after")
    assert leaks([canary], list(files_below(tmp_path))) == {canary}


def test_planted_words_are_nowhere_but_in_the_answer(vault: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canaries = ["canary-" + secrets.token_hex(12) for _ in range(24)]
    kinds = sorted({kind for (channel, _), opened in OPENS.items() if channel == "console" for kind in opened})
    rows = FileRegister(vault.keys.key_path.parent / "rows.sqlite")
    errors: list[str] = []
    for number, canary in enumerate(canaries):
        kind = kinds[number % len(kinds)]
        sealed = vault.keep(f"My name is {canary}. ".encode() * (1 + number * 200), kind)
        rows.insert(sealed)
        caplog.records.append(logging.makeLogRecord({"msg": repr(sealed)}))
        purpose = "contact" if kind == "contact" else "review"
        assert canary.encode() in vault.console.open_for(REVIEWER, purpose, sealed.id)
        # A caller who puts words where ids belong, and one whose object is damaged, must not make them public either.
        wishes = [
            (canary, "review", sealed.id),
            (f"reviewer:{canary} {canary}", "review", sealed.id),
            (REVIEWER, canary, sealed.id),
            (REVIEWER, purpose, canary),
            (REPORTER, "read_letter", canary + "\0"),
        ]
        if number % 3 == 0:
            vault.ciphertext(sealed).write_bytes(vault.ciphertext(sealed).read_bytes()[:-1])
            wishes.append((REVIEWER, purpose, sealed.id))
        for client in (vault.door, vault.console):
            for wish in wishes:
                with pytest.raises(VaultError) as error:
                    client.open_for(*wish)
                errors.append(repr(error.value) + repr(error.value.__cause__))
    with pytest.raises(ValueError, match="kinds") as mistake:
        vault.sealer.seal(canaries[0].encode(), kind=canaries[1], owner=canaries[2])
    errors.append(repr(mistake.value))

    on_disk = list(files_below(vault.store_directory, vault.run_directory, vault.keys.key_path.parent))
    logged = [record.getMessage().encode() for record in caplog.records] + [caplog.text.encode()]
    assert len(logged) > len(canaries)
    assert leaks(canaries, on_disk + logged + [error.encode() for error in errors]) == set()


def test_a_secret_key_is_in_no_file_but_its_own(vault: Place) -> None:
    vault.console.open_for(REVIEWER, "review", vault.keep(b"words", owner=NOTICE).id)
    others = [
        path.read_bytes()
        for path in vault.keys.key_path.parent.parent.rglob("*")
        if path.is_file() and path != vault.keys.key_path
    ]
    assert others
    assert not any(b"AGE-SECRET-KEY" in content.upper() for content in others)
