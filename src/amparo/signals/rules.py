"""From a language file to the rules it states. A malformed one is refused with its line; nothing is guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from amparo.policies.signal import IN_WORDS, Signal
from amparo.policies.table import Table, read_toml
from amparo.signals.phrases import MalformedPhrase, Phrase, parse_phrase
from amparo.signals.words import Spelling

_GROWN_UP, _OLDEST = 18, 99


@dataclass(frozen=True)
class Rule:
    """What raises some signals: any of its phrases, except where one of `unless` stands on the same words."""

    raises: tuple[Signal, ...]
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True)
class Language:
    name: str
    spelling: Spelling
    rules: tuple[Rule, ...]


def parse_language(text: str, file: str) -> Language:
    """Return the language that a TOML text states. Raises MalformedPolicy naming `file`, line and reason."""
    root = read_toml(text, file, "language of signals")
    folds = tuple(_pair(root, "folds", each) for each in root.texts("folds"))
    splits = root.choice("apostrophe", {"parts words": True, "is left out": False})
    bare = Spelling(splits, folds, {})
    short = dict(_pair(root, "short_forms", each) for each in root.texts("short_forms"))
    spelling = Spelling(
        splits,
        folds,
        {bare.compared(written): tuple(map(bare.plain, meant.split())) for written, meant in short.items()},
    )
    lists: dict[str, Sequence[str]] = {
        "age": [*map(str, range(1, _GROWN_UP)), *root.texts("ages")],
        "adult": list(map(str, range(_GROWN_UP, _OLDEST + 1))),
        "number": list(map(str, range(1000))),
    }
    for table in root.tables("list"):
        name = table.text("name", pattern=r"[a-z_]+")
        if name in lists:
            table.refuse("name", f"there is a list {name!r} already")
        lists[name] = [each for line in table.texts("words") for each in line.split()]
    rules = tuple(_rule(table, spelling, lists) for table in root.tables("rule"))
    language = Language(root.text("language"), spelling, rules)
    root.refuse_unknown()
    return language


def _rule(table: Table, spelling: Spelling, lists: dict[str, Sequence[str]]) -> Rule:
    phrases = _phrases(table, "phrases", spelling, lists)
    if not phrases:
        table.refuse("phrases", "names no phrase, so the rule would never raise anything")
    raises = tuple(table.choices("raises", Signal))
    if not IN_WORDS.issuperset(raises):
        table.refuse("raises", "names what no words can say: only a key says that its sender is a trusted flagger")
    return Rule(raises, phrases, _phrases(table, "unless", spelling, lists))


def _phrases(table: Table, key: str, spelling: Spelling, lists: dict[str, Sequence[str]]) -> tuple[Phrase, ...]:
    found = []
    for written in table.texts(key):
        try:
            found.append(parse_phrase(written, spelling, lists))
        except MalformedPhrase as error:
            table.refuse(key, f'"{written}": {error}')
    return tuple(found)


def _pair(table: Table, key: str, written: str) -> tuple[str, str]:
    left, equals, right = (part.strip() for part in written.partition("="))
    if not (left and equals and right):
        table.refuse(key, f'"{written}" needs what is written, =, and what is meant')
    return left, right
