"""A language file is read whole, or refused with its line and a sentence that says what to do."""

import pytest

from amparo.policies.signal import IN_WORDS
from amparo.policies.table import MalformedPolicy
from amparo.signals.finding import find_in, shipped
from amparo.signals.index import index_of
from amparo.signals.rules import parse_language

START = """language = "Test"
apostrophe = "is left out"
ages = ["thirteen"]

[[list]]
name = "child"
words = ["girl* boy"]

[[rule]]
raises = ["minor"]
"""
GOOD = START + 'phrases = ["@child ~2 #age"]\nunless = ["#age minutes"]\n'


def _heard(file: str, words: str) -> list[str]:
    language = parse_language(file, "test.toml")
    return [words[hit.begin : hit.end] for hit in find_in(words, language, index_of(language.rules))]


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("a girl is 13", ["girl is 13"]),
        ("girls, thirteen", ["girls, thirteen"]),
        ("boys are 13", []),
        ("girl is very much older than 13", []),
        ("girl is 18", []),
        ("girl waits 13 minutes", []),
    ],
    ids=["a list, a gap, an age", "a stem", "no stem", "too far apart", "grown up", "unless"],
)
def test_a_phrase_means_what_the_page_on_signals_says(words: str, heard: list[str]) -> None:
    assert _heard(GOOD, words) == heard


def test_a_word_with_a_question_mark_may_be_absent() -> None:
    file = START + 'phrases = ["a? girl"]\n'
    with pytest.raises(MalformedPolicy, match="the first word must be there"):
        parse_language(file, "test.toml")
    file = START + 'phrases = ["the little? girl"]\n'
    assert _heard(file, "the girl and the little girl") == ["the girl", "the little girl"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('phrases = ["girl ~9 boy"]', "write ~1 to ~6"),
        ('phrases = ["girl ~2"]', "begins and ends with a word"),
        ('phrases = ["~2 girl"]', "begins and ends with a word"),
        ('phrases = ["girl ~2 ~2 boy"]', "two ~ stand side by side"),
        ('phrases = ["@boys"]', "there is no list of that name"),
        ('phrases = ["a*"]', "a stem has at least 2 letters"),
        ('phrases = ["girl//boy"]', "has no letter"),
        ("phrases = []", "names no phrase"),
        ('phrases = ["girl"]\nunles = ["boy"]', "unles"),
    ],
)
def test_a_mistake_is_refused_with_file_line_and_reason(line: str, reason: str) -> None:
    with pytest.raises(MalformedPolicy, match=r"test\.toml, line 1\d: ") as refused:
        parse_language(START + line, "test.toml")
    assert reason in str(refused.value)


def test_no_words_make_a_trusted_flagger() -> None:
    with pytest.raises(MalformedPolicy, match=r"what no words can say"):
        parse_language(START.replace("minor", "trusted_flagger") + 'phrases = ["girl"]', "test.toml")


def test_four_languages_are_shipped_and_each_can_raise_every_signal() -> None:
    languages = [language for language, _ in shipped()]
    assert [language.name for language in languages] == ["English", "French", "Norwegian bokmål", "Polish"]
    for language in languages:
        assert {signal for rule in language.rules for signal in rule.raises} == IN_WORDS
