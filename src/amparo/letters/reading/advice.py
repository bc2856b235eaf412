"""What to change in a text that is too hard, as sentences for whoever wrote it. An empty answer lets it pass."""

from collections.abc import Collection

from amparo.letters.reading.grade import BARS, LONGEST_SENTENCE, Reading, measure
from amparo.letters.reading.languages import language
from amparo.letters.reading.sentences import sentences

_MOST_WORDS_NAMED = 6


def too_hard(text: str, code: str, names: Collection[str] = ()) -> list[str]:
    """Return what has to change before a reporter may get this text; nothing where it is easy enough.

    Each sentence that is too long is named; then the words that make the whole too hard. Raises KeyError for a language
    without a measure.
    """
    long = [each for each in sentences(text, language(code), names) if len(each.words) > LONGEST_SENTENCE]
    said = [f"This sentence has {len(each.words)} words. Split it: “{each.text}”" for each in long]
    reading = measure(text, code, names)
    return [*said, *_words(reading, code)]


def _words(reading: Reading, code: str) -> list[str]:
    if reading.is_short:
        if reading.hard <= reading.hard_allowed:
            return []
        return [f"Too many hard words for so short a text. Use shorter ones: {_named(reading.hard_words)}."]
    bars = BARS[language(code).code]
    said = []
    if bars.grade is not None and reading.grade is not None and reading.grade > bars.grade:
        said.append(
            f"The text is for grade {reading.grade:.1f}; the most is {bars.grade:g}. "
            + _mend(reading.hard_words or reading.long_words)
        )
    if bars.lix is not None and reading.lix > bars.lix:
        said.append(f"Its LIX is {reading.lix:.0f}; the most is {bars.lix:g}. " + _mend(reading.long_words))
    return said


def _mend(words: tuple[str, ...]) -> str:
    return f"Use shorter words: {_named(words)}." if words else "Make the sentences shorter."


def _named(words: tuple[str, ...]) -> str:
    named = ", ".join(f"“{word}”" for word in words[:_MOST_WORDS_NAMED])
    return f"{named} and more" if len(words) > _MOST_WORDS_NAMED else named
