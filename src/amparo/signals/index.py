"""Every phrase of a language by the word it begins with, so that a word is compared only with what may begin there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amparo.signals.phrases import Phrase
from amparo.signals.rules import Rule
from amparo.signals.words import Word


@dataclass(frozen=True)
class Sought:
    """A phrase, the number of its rule, and whether it raises or else forbids."""

    phrase: Phrase
    rule: int
    raises: bool


@dataclass(frozen=True)
class Standing:
    """A phrase stands in the text: from word `begin` up to the one before `end`."""

    begin: int
    end: int
    rule: int
    raises: bool


@dataclass(frozen=True)
class Index:
    whole: Mapping[str, Sequence[Sought]]
    stems: Mapping[str, Sequence[Sought]]
    longest_stem: int

    def standing_in(self, words: Sequence[Word]) -> Iterator[Standing]:
        """Yield where phrases stand, at most one end for each beginning of each."""
        known: dict[str, list[Sought]] = {}
        for at, word in enumerate(words):
            if word.plain not in known:
                known[word.plain] = self._beginning_with(word.plain)
            for sought in known[word.plain]:
                end = sought.phrase.end_in(words, at)
                if end is not None:
                    yield Standing(at, end, sought.rule, sought.raises)

    def _beginning_with(self, plain: str) -> list[Sought]:
        found = list(self.whole.get(plain, ()))
        for length in range(1, min(len(plain), self.longest_stem) + 1):
            found += self.stems.get(plain[:length], ())
        return found


def index_of(rules: Sequence[Rule]) -> Index:
    """Return the index of some rules, by their numbers in that order."""
    whole: dict[str, list[Sought]] = defaultdict(list)
    stems: dict[str, list[Sought]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for phrases, raises in ((rule.phrases, True), (rule.unless, False)):
            for phrase in phrases:
                sought = Sought(phrase, number, raises)
                for plain in phrase.places[0].exact:
                    whole[plain].append(sought)
                for plain in phrase.places[0].stems:
                    stems[plain].append(sought)
    return Index(whole, stems, max(map(len, stems), default=0))
