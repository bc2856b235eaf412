"""How much the rules hear, for each language: of the texts they were made with, and of texts nobody made them with.

Run with `-s` to read the figures and every mistake.
"""

from collections import Counter

import pytest

from amparo.policies.signal import IN_WORDS, Signal
from tests.signals.tables import HERE, KINDS, Text, measure, table, texts

LANGUAGES = ("en", "fr", "nb", "pl")
SEEN = texts("seen")
# Written by somebody who had not read the rules. They say how the rules do with what people really write: never add a
# phrase because of one of these, or the measure is spoilt.
UNSEEN = texts("unseen")

SEEN_RECALL, SEEN_FALSE = 0.97, 0.04
UNSEEN_RECALL, UNSEEN_FALSE = 0.80, 0.25

FOUNDING = table(HERE / "founding.toml")
NEVER_FALSE = frozenset({Signal.MINOR, Signal.SELF_HARM})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_hear_what_they_were_made_for(language: str) -> None:
    found = measure(f"seen/{language}", SEEN[language])
    print(found)
    assert found.recall >= SEEN_RECALL, str(found)
    assert found.false_share <= SEEN_FALSE, str(found)


@pytest.mark.parametrize("language", sorted(UNSEEN))
def test_the_rules_hear_most_of_what_they_were_not_made_with(language: str) -> None:
    found = measure(f"unseen/{language}", UNSEEN[language])
    print(found)
    assert found.recall >= UNSEEN_RECALL, str(found)
    assert found.false_share <= UNSEEN_FALSE, str(found)


@pytest.mark.parametrize("text", FOUNDING, ids=lambda text: text.words[:40])
def test_the_words_of_the_founding_case_say_exactly_what_they_say(text: Text) -> None:
    assert text.heard == text.says


@pytest.mark.parametrize("language", LANGUAGES)
def test_grown_up_ages_and_figures_of_speech_raise_neither_minor_nor_self_harm(language: str) -> None:
    false = {text.words: text.heard & NEVER_FALSE for text in SEEN[language] if not text.says}
    assert {words: heard for words, heard in false.items() if heard} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_enough_of_each_kind_and_of_each_signal(language: str) -> None:
    kinds = Counter(text.kind for text in SEEN[language])
    assert all(kinds[kind] >= least for kind, least in zip(KINDS, (30, 10, 30), strict=True))
    said = Counter(signal for text in SEEN[language] for signal in text.says)
    assert all(said[signal] >= 3 for signal in IN_WORDS)
