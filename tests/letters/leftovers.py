"""What of a page is still in English: sentences of the English catalogue, and words that only English has."""

from functools import cache

from amparo.letters.reading.languages import language
from amparo.letters.reading.sentences import sentences
from tests.letters import pages
from tests.letters.catalogues import catalogue_of

# Words that no page in another language has. They find what is in no catalogue at all.
ENGLISH_WORDS = frozenset(["the", "this", "your", "you", "with", "it", "of", "and", "are", "was", "were"])
# Said alike in both languages.
ALIKE = {
    "fr": {"Spam", "Messages", "Canada", "France", "Nigeria", "Philippines", "Portugal"},
    "nb": {"Send", "Australia", "Canada", "Finland", "India", "Japan", "Mexico", "New Zealand", "Nigeria", "Portugal"},
    "pl": {"Post", "Spam", "Link %(number)s", "Australia", "Austria", "Nigeria"},
}


@cache
def _in_english(code: str) -> set[str]:
    """The sentences of the English texts, as they stand without values."""
    keys = {key for entry in catalogue_of(code) for key in (entry.one, entry.many) if key}
    whole = {entry.one for entry in catalogue_of(code) if entry.one in entry.said}
    assert whole - {"Link %(number)s: %(what)s"} <= ALIKE[code]
    said = {each for entry in catalogue_of(code) for text in entry.said for each in _sentences(text, code)}
    return {each for key in keys - whole for each in _sentences(key, "en")} - said


@cache
def _sentences(text: str, code: str) -> frozenset[str]:
    """Sentences as their words, with any value or placeholder as the same."""
    return frozenset({" ".join(each.words).lower() for each in sentences(text, language(code), pages.NAMES)})


def left_in_english(page: str, code: str) -> list[str]:
    """Return the texts of a page that are English."""
    texts = [text for text in pages.texts_of(page) if not pages.is_exempt(text)]
    found = []
    for text in texts:
        words = {word for each in _sentences(text, code) for word in each.split()}
        if _sentences(text, code) & _in_english(code) or words & ENGLISH_WORDS:
            found.append(text)
    return found
