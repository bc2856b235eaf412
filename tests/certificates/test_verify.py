"""`amparo verify certificate FILE`: whoever was given a certificate can tell, without us, whether it is genuine."""

import argparse
from pathlib import Path

import pytest

from amparo.cli import verify
from amparo.home import BadSettings
from amparo.letters.certificate import HEADING
from amparo.signed_note import LONGEST_BYTES, Signer

OURS, OTHER = Signer("help.example/certificate-key", bytes(32)), Signer("other.example/certificate-key", bytes(32))
TEXT = f"{HEADING}\n\nPlaza\nLink 1: A post\nhttps://plaza.example/post/1\nCertified: it was seen gone.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.txt"
    path.write_text(OURS.sign(TEXT))
    return path


def _verify(file: Path, key: str | None = str(OURS.key)) -> int:
    return verify.run(argparse.Namespace(what="certificate", file=file, key=key))


def test_a_genuine_one_is_said_to_be_and_read_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _verify(file) == 0
    said = capsys.readouterr().out
    assert said.startswith("Genuine: signed with the key help.example/certificate-key, and not changed since.")
    assert TEXT in said
    assert "Whether it is still so" in said


def test_the_key_may_be_a_file_as_the_site_publishes_it(file: Path, tmp_path: Path) -> None:
    published = tmp_path / "certificate-key"
    published.write_text(f"{OTHER.key}\n{OURS.key}\n")
    assert _verify(file, str(published)) == 0


def test_the_key_of_this_home_is_used_where_none_is_named(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / "keys").mkdir(parents=True)
    (tmp_path / "home" / "keys" / "certificate.pub").write_text(f"{OURS.key}\n")
    monkeypatch.setenv("AMPARO_HOME", str(tmp_path / "home"))
    assert _verify(file, None) == 0


def test_every_single_changed_byte_is_refused(file: Path) -> None:
    whole = file.read_bytes()
    for place in range(len(whole)):
        for by in (0x01, 0x20, 0x80):
            changed = bytearray(whole)
            changed[place] ^= by
            file.write_bytes(changed)
            assert _verify(file) == 1, f"the byte {place}"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(OURS.sign(TEXT).replace("post/1", "post/2"), "was changed", id="another-link"),
        pytest.param(OTHER.sign(TEXT), "another key", id="another-key"),
        pytest.param(OURS.sign("A tree head\n"), "it is no certificate", id="another-note"),
        pytest.param(TEXT, "no signature", id="unsigned"),
        pytest.param(OURS.sign(TEXT)[:-30], "no signature", id="cut-short"),
        pytest.param("", "no signature", id="empty"),
        pytest.param("a" * (LONGEST_BYTES + 1), "over 1 MiB", id="too-long"),
    ],
)
def test_what_proves_nothing_says_why(file: Path, capsys: pytest.CaptureFixture[str], changed: str, said: str) -> None:
    file.write_text(changed)
    assert _verify(file) == 1
    told = capsys.readouterr()
    assert told.err.startswith("This certificate proves nothing. ")
    assert said in told.err
    assert told.out == "", "nothing of an unproven text is read out"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("nonsense", "no key of a site", id="nonsense"),
        pytest.param(OURS.secret, "no key of a site", id="a-secret-key"),
        pytest.param(str(OURS.key)[:-1], "no key of a site", id="cut-short"),
        pytest.param("x" * 5000, "no key of a site", id="longer-than-a-path"),
        pytest.param(None, "Name the key", id="none-and-no-home"),
    ],
)
def test_a_key_that_is_none_is_refused_with_where_to_get_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None, said: str
) -> None:
    monkeypatch.setenv("AMPARO_HOME", str(tmp_path / "none"))
    with pytest.raises(BadSettings, match=said) as told:
        _verify(file, key)
    assert "/certificate-key" in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="Cannot read"):
        _verify(tmp_path / "nothing.txt")
