"""How easy a text is, by published formulas, and the bars that a text for reporters has to pass.

**English: Flesch–Kincaid grade** (Kincaid et al. 1975), `0.39 × words/sentences + 11.8 × syllables/words − 15.59`: a
year of school in the United States. Four is a child of nine.

**English, French, Norwegian bokmål: LIX** (Björnsson 1968), `words/sentences + 100 × words of more than six letters/
words`. Below 25 are books for children. It counts no syllables, so it holds for languages whose syllables no short rule
finds. The formula of Kandel and Moles for French is not used: it would need such a rule and adds no stricter bar.

**Polish: FOG-PL**, `0.4 × (words/sentences + 100 × hard words/words)`, after Gunning (1952), where a hard word has four
syllables or more, as Pisarek (1969) and the makers of FOG-PL (Wrocław, 2010) have it. Its value is years of school too,
and its lowest published band, 1 to 6, is "very plain, for pupils of a primary school". LIX is no measure of Polish,
whose endings make nearly every word long. Formula and bands were read on 2026-11-21 in an encyclopedia's account of
FOG-PL and in a public program that computes it, not in the original papers. Some count syllables in a word's base form;
we count the word as it stands, which is never easier. That a bar of 6 stands for a grade of 4 is our own judgement: an
English text of ten words a sentence at grade 4 has a FOG of 6. Two people who speak Polish should check it.

**A short text** has no grade worth the name: these are means, and of a button with one long word LIX says 100. A text
of fewer than FEWEST_WORDS is judged by its sentences and its hard words alone: one in five may be hard, and one always.
Which words are hard in French and Norwegian is our own judgement: of more than six letters are too many that every
child says, such as "envoyer" and "personne".
"""

from collections.abc import Collection
from dataclasses import dataclass

from amparo.letters.reading import syllables
from amparo.letters.reading.languages import POLISH, language
from amparo.letters.reading.sentences import FACT, Sentence, sentences

LONGEST_SENTENCE = 14
FEWEST_WORDS = LONGEST_SENTENCE + 1
_HARD_OF = 5
_LONG_WORD = 6


@dataclass(frozen=True)
class Bars:
    """The most that a text may measure; None where the language has no such measure. Bars are changed here alone.

    A word is hard from `hard_syllables` on; where they are not counted, from `hard_letters` on.
    """

    grade: float | None
    lix: float | None
    hard_syllables: int | None = None
    hard_letters: int | None = None


BARS = {
    "en": Bars(grade=4, lix=25, hard_syllables=3),
    "pl": Bars(grade=6, lix=None, hard_syllables=4),
    "fr": Bars(grade=None, lix=25, hard_letters=10),
    "nb": Bars(grade=None, lix=25, hard_letters=10),
}


@dataclass(frozen=True)
class Reading:
    """What was measured. `grade` is Flesch–Kincaid or FOG-PL, None for the other languages.

    `hard_words` and `long_words` stand as they were written, each once, in order; `hard` counts every time.
    """

    sentences: int
    words: int
    grade: float | None
    lix: float
    longest: int
    longest_sentence: str
    hard_words: tuple[str, ...]
    long_words: tuple[str, ...]
    hard: int

    @property
    def is_short(self) -> bool:
        return self.words < FEWEST_WORDS

    @property
    def hard_allowed(self) -> int:
        """How many hard words a short text of this length may have."""
        return max(1, self.words // _HARD_OF)


def measure(text: str, code: str, names: Collection[str] = ()) -> Reading:
    """Return how easy a text is in that language. `names` are proper names that do not count as reading.

    Raises KeyError for a language without a measure.
    """
    of = language(code)
    found = sentences(text, of, names)
    words = [word for sentence in found for word in sentence.words]
    if not words:
        return Reading(0, 0, None, 0.0, 0, "", (), (), 0)
    bars = BARS[of.code]
    long = [word for word in words if _letters(word) > _LONG_WORD]
    counted = [_syllables(word, of.code) for word in words]
    hard = [word for word, number in zip(words, counted, strict=True) if _is_hard(word, number, bars)]
    each = len(words) / len(found)
    grade = None
    if of is POLISH:
        grade = 0.4 * (each + 100 * len(hard) / len(words))
    elif bars.grade is not None:
        grade = 0.39 * each + 11.8 * sum(counted) / len(words) - 15.59
    longest = max(found, key=_length)
    return Reading(
        len(found),
        len(words),
        grade,
        each + 100 * len(long) / len(words),
        _length(longest),
        longest.text,
        tuple(dict.fromkeys(hard)),
        tuple(dict.fromkeys(long)),
        len(hard),
    )


def _length(sentence: Sentence) -> int:
    return len(sentence.words)


def _is_hard(word: str, counted: int, bars: Bars) -> bool:
    if bars.hard_syllables is not None:
        return counted >= bars.hard_syllables
    return bars.hard_letters is not None and _letters(word) >= bars.hard_letters


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)


def _syllables(word: str, code: str) -> int:
    if word == FACT:
        return 1
    return syllables.polish(word) if code == POLISH.code else syllables.english(word)
