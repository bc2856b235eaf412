"""Signed notes: the public example, every changed byte refused, and keys that are what they say."""

import pytest

from amparo.signed_note import LONGEST_BYTES, BadKey, BadNote, Key, Signer, open_note, read_key, read_keys

# The example of golang.org/x/mod/sumdb/note.
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
OURS = Signer("help.example/certificate-key", bytes(range(32)))
OTHER = Signer("help.example/certificate-key", bytes(32))


def _code(note: bytes, *keys: Key) -> str:
    with pytest.raises(BadNote) as told:
        open_note(note, keys or (OURS.key,))
    assert str(told.value).endswith(".")
    return told.value.code


def test_the_public_example_is_opened_and_made() -> None:
    assert open_note(NOTE.encode(), (read_key(PUBLIC),)) == (TEXT, read_key(PUBLIC))
    assert Signer.read(SECRET).sign(TEXT) == NOTE
    assert str(Signer.read(SECRET).key) == PUBLIC
    assert Signer.read(SECRET).secret == SECRET


def test_no_single_changed_bit_of_a_note_is_accepted() -> None:
    note = OURS.sign("Seen gone.\n").encode()
    for place in range(len(note)):
        for bit in range(8):
            changed = bytearray(note)
            changed[place] ^= 1 << bit
            assert _code(bytes(changed)) in ("not_a_note", "other_key", "changed")


def test_no_byte_can_be_taken_out_or_put_in() -> None:
    note = OURS.sign("Seen gone.\nLast looked today.\n").encode()
    for place in range(len(note)):
        assert _code(note[:place] + note[place + 1 :])
        for byte in (b"\n", b" ", b"A", b"=", b"\r", b"\0"):
            assert _code(note[:place] + byte + note[place:]) in ("not_a_note", "other_key", "changed")


@pytest.mark.parametrize("length", range(0, 100, 7))
def test_a_note_that_is_cut_short_is_refused(length: int) -> None:
    note = OURS.sign("Seen gone.\n").encode()
    assert _code(note[: -1 - length]) in ("not_a_note", "other_key", "changed")


def test_another_key_of_the_same_name_signs_nothing_of_ours() -> None:
    assert _code(OTHER.sign("Seen gone.\n").encode()) == "other_key"
    assert _code(OURS.sign("Seen gone.\n").encode(), OTHER.key) == "other_key"


def test_a_signature_under_another_text_is_a_forgery() -> None:
    signature = OURS.sign("Seen gone.\n").rpartition("\n\n")[2]
    assert _code(f"Seen gone today.\n\n{signature}".encode()) == "changed"


def test_signatures_of_others_beside_ours_are_passed_over() -> None:
    note = OURS.sign("Seen gone.\n")
    witness = Signer("witness.example", bytes(32)).sign("Seen gone.\n").rpartition("\n\n")[2]
    assert open_note((note + witness).encode(), (OURS.key,)) == ("Seen gone.\n", OURS.key)


@pytest.mark.parametrize(
    ("note", "code"),
    [
        pytest.param(b"", "not_a_note", id="empty"),
        pytest.param(b"Seen gone.\n", "not_a_note", id="no-signature"),
        pytest.param(b"\xff\xfe\n\n\xe2\x80\x94 a b\n", "not_a_note", id="no-text"),
        pytest.param(b"a\n\n" + b"\xe2\x80\x94 a AAAAAAAAAAA=\n" * 17, "not_a_note", id="too-many-signatures"),
        pytest.param(b"a" * (LONGEST_BYTES + 1), "too_long", id="too-long"),
        pytest.param(OURS.sign("a\n").replace("\n", "\r\n").encode(), "not_a_note", id="other-line-ends"),
    ],
)
def test_what_is_no_note_says_so(note: bytes, code: str) -> None:
    assert _code(note) == code


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="empty"),
        pytest.param(PUBLIC[:-1], id="cut-short"),
        pytest.param(PUBLIC.replace("c74f20a3", "c74f20a4"), id="another-hash"),
        pytest.param(PUBLIC.replace("PeterNeumann", "Somebody"), id="another-name"),
        pytest.param(SECRET, id="a-secret-key"),
    ],
)
def test_what_is_no_public_key_is_refused(written: str) -> None:
    with pytest.raises(BadKey):
        read_key(written)


@pytest.mark.parametrize("written", ["", PUBLIC, SECRET[:-2], SECRET.replace("c74f20a3", "c74f20a4")])
def test_what_is_no_secret_key_is_refused(written: str) -> None:
    with pytest.raises(BadKey):
        Signer.read(written)


def test_a_file_may_hold_keys_of_before() -> None:
    assert read_keys(f"# today's\n{OURS.key}\n\n{PUBLIC}\n") == (OURS.key, read_key(PUBLIC))
    with pytest.raises(BadKey):
        read_keys("# none\n")


@pytest.mark.parametrize("text", ["no newline", "a bell\a\n", "a return\r\n"])
def test_what_could_not_be_opened_again_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match="newline"):
        OURS.sign(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_that_no_note_could_carry_is_refused(name: str) -> None:
    with pytest.raises(BadKey):
        Signer(name, bytes(32))
