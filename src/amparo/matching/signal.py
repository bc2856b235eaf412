"""What a signal is: a short text made of a file by which the same file, or one that looks alike, is known again.

Banks hold signals of many types, from many places. A type says which texts are such signals, in which form they are
kept, and whether two of them match. New types come as packages, by the entry point `amparo.signals`: one class
without arguments, which passes the contract test in tests/matching/signal_contract.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_MOST_LETTERS = 10_000


class BadSignal(ValueError):
    """A text is no signal of its type. Says what such a signal looks like, and never repeats the text."""


@dataclass(frozen=True)
class Example:
    """Two texts of a type, and whether they match at 31 bits. The contract test runs over all of them."""

    one: str
    other: str
    matches: bool


class Signal(Protocol):
    """A type of signals."""

    name: str
    """How banks and other programs call it: small letters, digits and underscores."""
    is_opaque: bool
    """Whether texts can be compared for being equal and for nothing else."""
    examples: Sequence[Example]
    wrong: Sequence[str]
    """Texts that are refused."""

    def normal(self, text: str) -> str:
        """Return the one form in which an equal signal is always kept. Raises BadSignal with a sentence."""

    def compare(self, one: str, other: str, distance: int) -> bool:
        """Whether two signals in their normal form match, for types with a distance within so many bits of 256."""


class Opaque:
    """A type whose inside is not known to us: two signals match if they are equal, letter by letter.

    So signals that others make, of PhotoDNA for example, can be held and recognised. Of spaces, those around it go.
    """

    is_opaque = True
    examples: Sequence[Example] = (
        Example("0,12,255,7", " 0,12,255,7\n", matches=True),
        Example("0,12,255,7", "0,12,255,8", matches=False),
        Example("QUJD", "qujd", matches=False),
    )
    wrong: Sequence[str] = ("", "  ", "one\ntwo", "a\x00b", "x" * (_MOST_LETTERS + 1))

    def __init__(self, name: str) -> None:
        self.name = name

    def normal(self, text: str) -> str:
        bare = text.strip()
        if not bare or len(bare) > _MOST_LETTERS or not bare.isprintable():
            raise BadSignal(f"A signal of the type {self.name} is one line of 1 to {_MOST_LETTERS} letters.")
        return bare

    def compare(self, one: str, other: str, distance: int) -> bool:
        return one == other


class PhotoDna(Opaque):
    """PhotoDNA hashes as their licensed makers write them. Amparo cannot make one and does not compare inside."""

    def __init__(self) -> None:
        super().__init__("photodna")


class Hexadecimal:
    """A digest of the bytes of a file, in hexadecimal. Equal digests, equal files; anything else says nothing."""

    is_opaque = True

    def __init__(self, name: str, digits: int) -> None:
        self.name, self._digits = name, digits
        one, other = "0123456789abcdef" * (digits // 16), "f" * digits
        self.examples: Sequence[Example] = (
            Example(one, one.upper(), matches=True),
            Example(one, f" {one}\n", matches=True),
            Example(one, other, matches=False),
        )
        self.wrong: Sequence[str] = ("", one[1:], one + "0", "g" * digits)

    def normal(self, text: str) -> str:
        bare = text.strip().lower()
        if not re.fullmatch(f"[0-9a-f]{{{self._digits}}}", bare):
            raise BadSignal(f"A signal of the type {self.name} is {self._digits} hexadecimal digits.")
        return bare

    def compare(self, one: str, other: str, distance: int) -> bool:
        return one == other


class Sha256(Hexadecimal):
    def __init__(self) -> None:
        super().__init__("sha256", 64)


class Md5(Hexadecimal):
    """Two files with one MD5 can be made at will: it is enough to hide, and never to remove."""

    def __init__(self) -> None:
        super().__init__("md5", 32)
