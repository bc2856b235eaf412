"""A phrase that a rule looks for: words in their order, as a speaker writes them down in a language file.

`word`, `stem*`, one of several `a/b/c`, a list by its name `@child`, an age under eighteen `#age`, one of eighteen and
over `#adult`, any other number `#number`. `word?` may be absent. `~3` lets up to three other words stand in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amparo.signals.words import Spelling, Word

MOST_BETWEEN = 6
_SHORTEST_STEM = 2


class MalformedPhrase(ValueError):
    """A phrase that cannot be looked for. The text says why."""


@dataclass(frozen=True)
class Place:
    """One place of a phrase: the words that may stand there. `between`: how many others may come before it."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    may_be_absent: bool
    between: int

    def takes(self, plain: str) -> bool:
        return plain in self.exact or plain.startswith(self.stems)


@dataclass(frozen=True)
class Phrase:
    written: str
    places: tuple[Place, ...]

    def end_in(self, words: Sequence[Word], at: int) -> int | None:
        """Return the number of the word after the phrase that begins at word `at`, or None if it does not stand there.

        The nearest end counts. All ways through the phrase are followed at once, so that the time is bounded by the
        phrase's length and never by the text.
        """
        if not self.places[0].takes(words[at].plain):
            return None
        sentence, reached = words[at].sentence, {at + 1}
        for place in self.places[1:]:
            onward = set(reached) if place.may_be_absent else set()
            for number in reached:
                for word in range(number, min(number + place.between + 1, len(words))):
                    if words[word].sentence != sentence:
                        break
                    if place.takes(words[word].plain):
                        onward.add(word + 1)
            if not onward:
                return None
            reached = onward
        return min(reached)


def parse_phrase(written: str, spelling: Spelling, lists: Mapping[str, Sequence[str]]) -> Phrase:
    """Return the phrase that was written down. Raises MalformedPhrase."""
    places: list[Place] = []
    between = 0
    for part in written.split():
        if part.startswith("~"):
            if not part[1:].isdecimal() or not 1 <= int(part[1:]) <= MOST_BETWEEN:
                raise MalformedPhrase(f"{part}: write ~1 to ~{MOST_BETWEEN}")
            if between:
                raise MalformedPhrase("two ~ stand side by side; write one")
            between = int(part[1:])
            continue
        exact, stems = _taken(part.removesuffix("?"), spelling, lists)
        places.append(Place(frozenset(exact), tuple(stems), part.endswith("?"), between))
        between = 0
    if not places or between or places[0].between:
        raise MalformedPhrase("begins and ends with a word, not with ~")
    if places[0].may_be_absent:
        raise MalformedPhrase("the first word must be there; write a second phrase without it")
    return Phrase(written, tuple(places))


def _taken(part: str, spelling: Spelling, lists: Mapping[str, Sequence[str]]) -> tuple[set[str], list[str]]:
    """Return the whole words and the stems that one part of a phrase stands for."""
    exact: set[str] = set()
    stems: list[str] = []
    for option in part.split("/"):
        if option.startswith(("@", "#")):
            if option[1:] not in lists:
                raise MalformedPhrase(f"{option}: there is no list of that name")
            options: Sequence[str] = lists[option[1:]]
        else:
            options = (option,)
        for each in options:
            plain = spelling.plain(each)
            if not plain:
                raise MalformedPhrase(f"{each or part!r} has no letter")
            if not each.endswith("*"):
                exact.add(plain)
            elif len(plain) < _SHORTEST_STEM:
                raise MalformedPhrase(f"{each}: a stem has at least {_SHORTEST_STEM} letters")
            else:
                stems.append(plain)
    return exact, stems
