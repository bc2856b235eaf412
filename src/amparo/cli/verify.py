"""`amparo verify certificate FILE`: whether a certificate is as it was signed. Needs no network and no home."""

import argparse
import sys
from pathlib import Path

from amparo.home import BadSettings, home
from amparo.letters.certificate import HEADING
from amparo.signed_note import LONGEST_BYTES, BadKey, BadNote, Key, open_note, read_keys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what kind of thing is verified, the file, and the key."""
    parser.add_argument("what", choices=("certificate",), help="what it is")
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, as it was downloaded")
    parser.add_argument(
        "--key",
        metavar="FILE|KEY",
        help="the site's public key or a file with it, from its /certificate-key (default: that of this home)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what the certificate says and end with 0, or say why it proves nothing and end with 1."""
    keys = _keys(arguments.key)
    try:
        with arguments.file.open("rb") as file:
            note = file.read(LONGEST_BYTES + 1)
    except OSError as error:
        raise BadSettings(f"Cannot read {arguments.file}: {error.strerror}.") from None
    try:
        text, signed_by = open_note(note, keys)
        if text.partition("\n")[0] != HEADING:
            raise BadNote("not_a_certificate", "It is signed, but it is no certificate. Choose the right file.")
    except BadNote as error:
        print(f"This certificate proves nothing. {error}", file=sys.stderr)
        return 1
    print(f"Genuine: signed with the key {signed_by.name}, and not changed since. It says:\n")
    print(text, end="")
    print("\nIt says what was seen at these times. Whether it is still so, ask the site, or look.")
    return 0


def _keys(given: str | None) -> tuple[Key, ...]:
    place = home().keys / "certificate.pub" if given is None else Path(given)
    try:
        if given is None and not place.exists():
            raise BadSettings("Name the key of the site that made it: --key FILE. It stands at its /certificate-key.")
        # A key may be given as itself; as a name it would be longer than any file's may be.
        is_file = given is None or (len(given) < 4096 and place.is_file())
        if not is_file and "/" in str(given) and "+" not in str(given):
            raise BadSettings(f"There is no file {given!s:.200}. Name the key of the site that made it, or its file.")
        return read_keys(place.read_text() if is_file else str(given))
    except OSError as error:
        raise BadSettings(f"Cannot read {place}: {error.strerror}.") from None
    except (BadKey, UnicodeDecodeError) as error:
        raise BadSettings(f"That is no key of a site: {error} Take it from the site's /certificate-key.") from None
