"""The catalogues as they are written: each entry with its key, its plural and what is said."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import amparo

LOCALE = Path(amparo.__file__).parent / "locale"
TRANSLATED = ("fr", "nb", "pl")

_STRING = r'(?:\s*"(?:[^"\\]|\\.)*")+'
_ENTRY = re.compile(
    rf"^msgid(?P<one>{_STRING})(?:\nmsgid_plural(?P<many>{_STRING}))?(?P<said>(?:\nmsgstr(?:\[\d\])?{_STRING})+)", re.M
)


@dataclass(frozen=True)
class Entry:
    """One text. `many` is empty where it has no plural; `said` has one text, or one for each plural form."""

    one: str
    many: str
    said: tuple[str, ...]


def entries(catalogue: str) -> Iterator[Entry]:
    """Yield the entries of a catalogue without its header."""
    for entry in _ENTRY.finditer(catalogue):
        said = tuple(_unquoted(each) for each in re.findall(rf"msgstr(?:\[\d\])?({_STRING})", entry["said"]))
        if one := _unquoted(entry["one"]):
            yield Entry(one, _unquoted(entry["many"] or ""), said)


def catalogue_of(code: str) -> list[Entry]:
    return list(entries((LOCALE / code / "LC_MESSAGES" / "django.po").read_text()))


def _unquoted(strings: str) -> str:
    return "".join(ast.literal_eval(line) for line in re.findall(r'"(?:[^"\\]|\\.)*"', strings))
