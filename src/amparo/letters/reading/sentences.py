"""A text taken apart into sentences of words, so that facts do not count as hard reading.

**Facts.** A time with its zone, a date, a number, a code, a phone number, a link, an address, a short form in capitals,
a placeholder and a given name each count as one word of one syllable. Whoever reads a time or copies a code does not
read it as prose, and a text must not be measured otherwise at 15:40 than at noon.

**Sentences.** They end at `.`, `?`, `!`, `…` and `:` before a blank, and at the end of a line: so a heading or a button
is a sentence of its own. Flesch and Björnsson both let the colon end one. A full stop inside a fact ends none, nor does
one after an abbreviation, nor one of an ordinal number (`22. november`).

**Words.** Words joined by a hyphen are two. `don't` is one. In French what is elided belongs to the next word.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from amparo.letters.reading.languages import Language

FACT = "\ue000"
"""Stands for a fact. No keyboard makes it, so no text brings its own."""

_LETTER = r"[^\W\d_]"
_FACTS = r"""
      %\(\w+\)[sd] | %[sd] | \{\{?\ ?[\w.]+\ ?\}?\}                     # placeholders
    | https?://[^\s<>“”"]*[\w/\#=]                                      # links
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                      # addresses of mail
    | \b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|info|eu|uk|us|in|pl|fr|no|test|example)\b(?!\.\w)
      (?:/[^\s<>“”"]*[\w/\#=])?                                         # addresses without a scheme
    | \b(?=[\w-]*\d)[0-9A-Z]{2,}(?:-[0-9A-Z]{2,})+\b                    # codes, and dates such as 2026-11-21
    | \b\d{1,2}\.\d{1,2}\.\d{2,4}\b                                     # 21.11.2026
    | \b\d{1,2}[:.]\d{2}(?::\d{2})?(?:\ ?[ap]\.?m\b)?(?:\ (?:[A-Z]{3,5}|[+-]\d{2,4})\b)?    # times, with their zone
    | \+?\(?\d+(?:(?:\)?[ \u00a0/-]|[.,])\d+)*%?                        # numbers, and those of phones
    | \b[A-Z]{2,}\b                                                     # NCMEC, ID, UTC
"""
_END = re.compile(r"(?P<mark>[.?!…:]+)[”’»\"')\]]*(?=\s+(?P<next>\S)|\s*$)")
_WORD = re.compile(rf"{FACT}|{_LETTER}+(?:['’]{_LETTER}+)*")


@dataclass(frozen=True)
class Sentence:
    """One sentence as it was written, and its words; a fact is FACT."""

    text: str
    words: tuple[str, ...]


def sentences(text: str, of: Language, names: Collection[str] = ()) -> list[Sentence]:
    """Return the sentences of a text; what has no word is none. `names` are proper names, which count as facts."""
    found = []
    for line in text.splitlines():
        hidden, facts = _hide_facts(line, of, names)
        for part in _parts(hidden, of):
            words = tuple(_whole(word, of) for word in _WORD.findall(part))
            if words:
                found.append(Sentence(_show_facts(part, facts).strip(), words))
    return found


def _hide_facts(line: str, of: Language, names: Collection[str]) -> tuple[str, Iterator[str]]:
    """Return the line with FACT in the place of each fact, and what stood there, in order."""
    line, facts = line.replace(FACT, ""), _facts(of, frozenset(names))
    return facts.sub(FACT, line), (match[0] for match in facts.finditer(line))


def _show_facts(part: str, facts: Iterator[str]) -> str:
    return re.sub(FACT, lambda _match: next(facts), part)


@cache
def _facts(of: Language, names: frozenset[str]) -> re.Pattern[str]:
    given = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names, key=len, reverse=True) if name]
    date = rf"\b\d{{1,2}}\.?[ \u00a0](?:{'|'.join(of.months.split())})\b(?:[ \u00a0]\d{{4}})?"
    return re.compile("|".join([*given, date, _FACTS]), re.X)


def _parts(line: str, of: Language) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        if _ends(line, end, of):
            yield line[start : end.end()]
            start = end.end()
    yield line[start:]


def _ends(line: str, end: re.Match[str], of: Language) -> bool:
    following = end["next"] or ""
    if end["mark"] != "." or not following:
        return True
    before = re.split(r"[\s(“„«\"]", line[: end.start()])[-1]
    if before == FACT:
        return not following.islower()
    if before.lower() in of.may_end:
        return following.isupper()
    if before.lower() in of.before_facts:
        return following != FACT
    return before.lower() not in of.abbreviations


def _whole(word: str, of: Language) -> str:
    """Return the word without what is elided before it."""
    first, mark, rest = word.replace("’", "'").partition("'")
    return rest if mark and first.lower() in of.elisions else word
