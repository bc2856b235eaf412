"""What `find` promises of any text: places in the text as written, every language everywhere, and an end."""

import random
import unicodedata
from itertools import pairwise

import pytest

from amparo.policies.signal import Signal
from amparo.signals import find

# What the door takes at most.
MOST_LETTERS = 20_000


def _shown(words: str) -> list[tuple[Signal, str]]:
    return [(hit.signal, words[hit.begin : hit.end]) for hit in find(words)]


def test_a_hit_names_the_words_as_they_were_written() -> None:
    assert _shown("Hello. WE HAVE  a Police\nRepórt!") == [(Signal.POLICE, "Police\nRepórt")]


def test_each_word_of_a_short_form_keeps_its_place() -> None:
    assert (Signal.MINOR, "I'm only 14") in _shown("yes, I'm only 14")


def test_hits_of_one_signal_never_overlap_and_stand_in_their_order() -> None:
    hits = find("he is blackmailing me, he threatened to send it to everyone unless I pay or else he will post it")
    threats = [hit for hit in hits if hit.signal is Signal.THREAT]
    assert len(threats) > 1
    assert all(before.end <= after.begin for before, after in pairwise(threats))
    assert list(hits) == sorted(hits, key=lambda hit: (hit.begin, hit.end))


@pytest.mark.parametrize(
    "words",
    [
        "nigdy nie dałam zgody, miałam czternaście lat",
        "nigdy nie dalam zgody mialam czternascie lat",
        "NIGDY NIE DAŁAM ZGODY!!! MIAŁAM CZTERNAŚCIE LAT",
        unicodedata.normalize("NFD", "nigdy nie dałam zgody, miałam czternaście lat"),
        "nigdy  nie\ndalam\tzgodyyyy ... mialam 14lat",
    ],
    ids=["as taught", "without accents", "loud", "accents as characters of their own", "in a hurry"],
)
def test_accents_case_and_haste_change_nothing(words: str) -> None:
    assert {Signal.NO_CONSENT, Signal.MINOR} <= {hit.signal for hit in find(words)}


@pytest.mark.parametrize("apostrophe", ["'", "’", "´", ""])
def test_any_apostrophe_does_and_so_does_none(apostrophe: str) -> None:
    assert Signal.MINOR in {hit.signal for hit in find(f"j{apostrophe}avais treize ans")}
    assert Signal.SELF_HARM in {hit.signal for hit in find(f"i don{apostrophe}t want to live any more")}


def test_letters_that_a_keyboard_lacks_may_be_written_as_two() -> None:
    assert find("hun gaar i aattende klasse")[0].signal is Signal.MINOR


def test_one_text_may_mix_languages() -> None:
    heard = {hit.signal for hit in find("zgłosiliśmy to na policję. he is blackmailing me. hun er bare 12 år")}
    assert {Signal.POLICE, Signal.THREAT, Signal.MINOR} <= heard


@pytest.mark.parametrize("words", ["", " ", "...", "\u200b", "🙂", "''''", "漢字 کتاب", "1 2 3", "a"])
def test_a_text_that_says_nothing_gives_nothing(words: str) -> None:
    assert find(words) == ()


@pytest.mark.parametrize(
    ("said", "not_said", "signal"),
    [
        ("he threatened me", "nobody threatened me", Signal.THREAT),
        ("i am 14", "i am 34", Signal.MINOR),
        ("she is five years old", "she is thirty five years old", Signal.MINOR),
        ("i went to the police", "i will go to the police", Signal.POLICE),
        ("elle a treize ans", "elle a vingt-trois ans", Signal.MINOR),
        ("ona ma trzy lata", "ona ma trzydzieści trzy lata", Signal.MINOR),
        ("hun er tre år", "hun er tretti tre år", Signal.MINOR),
        ("i want to die", "i want to die of laughter", Signal.SELF_HARM),
    ],
)
def test_what_is_denied_or_meant_otherwise_is_not_heard(said: str, not_said: str, signal: Signal) -> None:
    assert signal in {hit.signal for hit in find(said)}
    assert signal not in {hit.signal for hit in find(not_said)}


def test_a_denial_excuses_its_own_words_only() -> None:
    words = "nobody threatened me back then. now he threatens me every day"
    assert _shown(words) == [(Signal.THREAT, "threatens")]


def test_a_full_stop_parts_what_would_else_be_a_phrase() -> None:
    assert Signal.NO_CONSENT not in {hit.signal for hit in find("It came without. Permission slips are fine.")}


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "i am ",
        "'a",
        "́",
        "a\u200d",
        "if i do not ",
        "@#~?*/",
        "13 ",
        "\n\n",
        "je j ai ",
        "nie ",
    ],
)
def test_twenty_thousand_hostile_letters_come_to_an_end(piece: str) -> None:
    words = (piece * MOST_LETTERS)[:MOST_LETTERS]
    assert all(0 <= hit.begin < hit.end <= len(words) for hit in find(words))


def test_any_letters_at_all_give_places_inside_the_text() -> None:
    chance = random.Random(13)
    for _ in range(50):
        words = "".join(chance.choice("aeiou nts'.,!?\n13ŁøéÅ’ﷺ🙂 ́") for _ in range(200)) + " i am 13"
        assert all(0 <= hit.begin < hit.end <= len(words) for hit in find(words))
        assert any(hit.signal is Signal.MINOR and hit.end == len(words) for hit in find(words))
