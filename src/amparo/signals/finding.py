"""Finding signals in a text. Any language may be typed on any page, so every language is tried on every text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from amparo.policies.signal import Signal
from amparo.signals.index import Index, Standing, index_of
from amparo.signals.rules import Language, parse_language
from amparo.signals.words import words_of


@dataclass(frozen=True)
class Hit:
    """A signal, and the letters `begin` to `end` (not included) of the text that gave it."""

    signal: Signal
    begin: int
    end: int


def find(words: str) -> tuple[Hit, ...]:
    """Return every signal that a text gives, in the order of their places; none of one signal overlap.

    Finding nothing means nothing: it is no reason to treat a report as less urgent. Takes time in proportion to the
    length of the text, whatever it says.
    """
    return merged(hit for language, index in shipped() for hit in find_in(words, language, index))


def heard(words: str) -> frozenset[Signal]:
    """Return which signals a text gives, without saying where."""
    return frozenset(hit.signal for hit in find(words))


def find_in(text: str, language: Language, index: Index) -> Iterator[Hit]:
    """Yield what the rules of one language find, in no order."""
    words = words_of(text, language.spelling)
    said: list[Standing] = []
    forbidden: dict[int, set[int]] = defaultdict(set)
    for standing in index.standing_in(words):
        if standing.raises:
            said.append(standing)
        else:
            forbidden[standing.rule].update(range(standing.begin, standing.end))
    for standing in said:
        if forbidden[standing.rule].isdisjoint(range(standing.begin, standing.end)):
            for signal in language.rules[standing.rule].raises:
                yield Hit(signal, words[standing.begin].begin, words[standing.end - 1].end)


def merged(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the hits with those of one signal that overlap made one, in the order of their places."""
    found: list[Hit] = []
    last: dict[Signal, int] = {}
    for hit in sorted(hits, key=lambda each: (each.begin, each.end)):
        at = last.get(hit.signal)
        if at is not None and hit.begin < found[at].end:
            found[at] = Hit(hit.signal, found[at].begin, max(found[at].end, hit.end))
            continue
        last[hit.signal] = len(found)
        found.append(hit)
    return tuple(found)


@cache
def shipped() -> tuple[tuple[Language, Index], ...]:
    """Return the languages that Amparo brings with it, in the order of their names. They are read once."""
    folder = files("amparo.signals") / "languages"
    named = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    languages = [parse_language(file.read_text("utf-8"), file.name) for file in named]
    return tuple((language, index_of(language.rules)) for language in languages)
