"""What others wrote, such as the name of a file, as it may be printed to a terminal."""

import unicodedata


def shown(text: str) -> str:
    """Return a text with everything escaped that is no letter, sign or space: it could move a terminal's cursor."""
    return "".join(letter if _is_harmless(letter) else _escaped(letter) for letter in text)


def _is_harmless(letter: str) -> bool:
    # Control characters, turns of direction, halves of pairs and bytes that are no text; breaks of lines.
    return not unicodedata.category(letter).startswith("C") and unicodedata.category(letter) not in ("Zl", "Zp")


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
