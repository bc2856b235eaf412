"""A text as plain words, each remembering where it stood, so that what people type in a hurry can be compared.

Case, accents, apostrophes and drawn-out letters differ from writer to writer and say nothing here. What differs from
language to language (short forms, letters that stand for others) is told by a `Spelling`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_APOSTROPHE = re.compile("['’‘`´ʼ＇]")
# What Unicode does not call an accent, although people leave it out like one.
_LETTERS = {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ı": "i"}
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Word:
    """One plain word. `begin` and `end` are its place in the text as written; words of one short form share it."""

    plain: str
    begin: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Spelling:
    """How one language is written in a hurry.

    `splits`: an apostrophe parts two words (French), or else is left out. `folds`: letters that stand for others.
    `short_forms`: a plain word, which may keep its apostrophe, and the plain words it stands for.
    """

    splits: bool
    folds: tuple[tuple[str, str], ...]
    short_forms: Mapping[str, tuple[str, ...]]

    def plain(self, written: str) -> str:
        """Return letters and digits as they are compared: small, without accents, none drawn out."""
        letters = _DRAWN_OUT.sub(r"\1", "".join(_plain_letter(letter) for letter in written))
        for double, stands_for in self.folds:
            letters = letters.replace(double, stands_for)
        return letters

    def compared(self, written: str) -> str:
        """Return a word as it is looked up among the short forms: plain, its apostrophes kept."""
        return "'".join(self.plain(part) for part in _APOSTROPHE.split(written))

    def spelt_out(self, written: str) -> tuple[str, ...]:
        """Return the plain words that one word stands for."""
        as_written = self.compared(written)
        joined = as_written.replace("'", "")
        if as_written in self.short_forms:
            return self.short_forms[as_written]
        return self.short_forms.get(joined, (joined,)) if joined else ()


def words_of(text: str, spelling: Spelling) -> list[Word]:
    """Return the words of a text in their order. Takes time in proportion to its length."""
    known: dict[str, tuple[str, ...]] = {}
    words: list[Word] = []
    for begin, end, sentence in _pieces(text):
        for first, last in _parted(text, begin, end) if spelling.splits else [(begin, end)]:
            written = text[first:last]
            if written not in known:
                known[written] = spelling.spelt_out(written)
            words += [Word(plain, first, last, sentence) for plain in known[written]]
    return words


def _parted(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places on either side of each apostrophe."""
    for mark in _APOSTROPHE.finditer(text, begin, end):
        yield begin, mark.start()
        begin = mark.end()
    yield begin, end


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and sentence of each run of letters, apostrophes inside it included, or of digits."""
    sentence, place, length, after_digit = 0, 0, len(text), False
    while place < length:
        begin = place
        if not _belongs(text[place]):
            while place < length and not _belongs(text[place]):
                place += 1
            is_ordinal = after_digit and place < length and text[place].islower()
            if not is_ordinal and _ends_sentence(text[begin:place]):
                sentence += 1
            continue
        after_digit = text[place].isdigit()
        while place < length and _goes_on(text, place, after_digit):
            place += 1
        yield begin, place, sentence


def _belongs(letter: str) -> bool:
    return letter.isdigit() or _is_letter(letter)


def _goes_on(text: str, place: int, is_digit: bool) -> bool:
    if is_digit:
        return text[place].isdigit()
    if _APOSTROPHE.match(text[place]):
        return place + 1 < len(text) and _is_letter(text[place + 1])
    return _is_letter(text[place])


def _is_letter(letter: str) -> bool:
    # An accent typed as a character of its own belongs to the letter before it.
    return letter.isalpha() or unicodedata.category(letter) in ("Mn", "Cf")


def _ends_sentence(between: str) -> bool:
    """Whether these signs end a sentence. More than one full stop does not: who hesitates writes on."""
    if _EMPTY_LINE.search(between):
        return True
    if "…" in between or ".." in between:
        return False
    return any(mark in between for mark in "!?;") or (between.startswith(".") and between != ".")


def _plain_letter(letter: str) -> str:
    small = "".join(_LETTERS.get(part, part) for part in letter.casefold())
    return "".join(part for part in unicodedata.normalize("NFKD", small) if part.isalnum())
