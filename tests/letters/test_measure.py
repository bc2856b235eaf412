"""The measure against texts that were counted by hand, and what counts as a sentence, a word and a fact."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.letters.reading import syllables
from amparo.letters.reading.grade import BARS, measure
from amparo.letters.reading.languages import language
from amparo.letters.reading.sentences import sentences

REFUSAL = (
    "We've reviewed the content, and didn't find a violation of our policies, so no action will be taken at this time."
)

# Text, sentences, words, grade, LIX. Syllables and long words that were counted stand beside each row.
COUNTED = [
    pytest.param("en", "We hid the post. Nobody else can see it now.", 2, 10, 0.52, 5.0, id="en: 12 syllables"),
    pytest.param("en", REFUSAL, 1, 21, 10.02, 40.05, id="en: 31 syllables, 4 long"),
    pytest.param("en", "A person will look at it before %(time)s.", 1, 8, 2.28, 8.0, id="en: 10 syllables, no long"),
    pytest.param(
        "fr", "Nous avons bien reçu votre signalement. La publication n'est plus visible.", 2, 11, None, 32.77,
        id="fr: 3 long",
    ),
    pytest.param("fr", "L’image est cachée. On la vérifie aujourd'hui.", 2, 7, None, 32.07, id="fr: 2 long, 1 elided"),
    pytest.param(
        "nb", "Vi har meldingen din. Vi har skjult innlegget mens vi ser på det.", 2, 13, None, 21.88, id="nb: 2 long"
    ),
    pytest.param("nb", "En person ser på det før 22. november, kl. 15:40.", 1, 9, None, 9.0, id="nb: 2 facts"),
    pytest.param(
        "pl", "Mamy Twoje zgłoszenie. Ukryliśmy post, a teraz go sprawdzamy.", 2, 9, 6.24, 37.83,
        id="pl: 1 of four syllables, 3 of more than six letters",
    ),
    pytest.param("pl", "Nie musisz nic robić.", 1, 4, 1.6, 4.0, id="pl: nothing hard"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "of", "words", "grade", "lix"), COUNTED)
def test_a_text_measures_what_was_counted_by_hand(
    code: str, text: str, of: int, words: int, grade: float | None, lix: float
) -> None:
    reading = measure(text, code)
    assert (reading.sentences, reading.words) == (of, words)
    assert reading.lix == pytest.approx(lix, abs=0.01)
    assert reading.grade == (None if grade is None else pytest.approx(grade, abs=0.01))


SENTENCES = [
    ("en", "We look at 15:40. Then we write.", ["We look at 15:40.", "Then we write."]),
    ("en", "It took 2.5 hours, e.g. 2 and a half.", ["It took 2.5 hours, e.g. 2 and a half."]),
    ("en", "Ask Dr. Who. It is 3 p.m. in Oslo.", ["Ask Dr. Who.", "It is 3 p.m. in Oslo."]),
    ("en", "We close at 3 p.m. Then we write.", ["We close at 3 p.m.", "Then we write."]),
    ("en", "We found 3. They are gone.", ["We found 3.", "They are gone."]),
    ("en", "No. It is No. 5 of 7.", ["No.", "It is No. 5 of 7."]),
    ("en", "New time: 16:10.", ["New time:", "16:10."]),
    ("en", "Is it gone? Yes! (It is.) Good…", ["Is it gone?", "Yes!", "(It is.)", "Good…"]),
    ("en", "Press “Look again.” Then wait.", ["Press “Look again.”", "Then wait."]),
    ("en", "Your report\nSend\n\n · \n", ["Your report", "Send"]),
    ("en", "See https://plaza.test/a.b?c=d. It opens.", ["See https://plaza.test/a.b?c=d.", "It opens."]),
    ("en", "It came on 2026-11-21. We hid it.", ["It came on 2026-11-21.", "We hid it."]),
    ("nb", "Du kan f.eks. ringe tlf. 116 111. Det er gratis.", ["Du kan f.eks. ringe tlf. 116 111.", "Det er gratis."]),
    ("nb", "Vi svarer 21. november. Takk.", ["Vi svarer 21. november.", "Takk."]),
    ("pl", "To było w 2026 r. przed nami. Koniec 2026 r. Dalej.", [
        "To było w 2026 r. przed nami.", "Koniec 2026 r.", "Dalej."
    ]),
    ("pl", "Zadzwoń, np. pod tel. 116 111, o godz. 15.40.", ["Zadzwoń, np. pod tel. 116 111, o godz. 15.40."]),
    ("fr", "M. Petit a appelé. Merci.", ["M. Petit a appelé.", "Merci."]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "parts"), SENTENCES, ids=[text for _code, text, _parts in SENTENCES])
def test_a_text_is_taken_apart_where_a_reader_stops(code: str, text: str, parts: list[str]) -> None:
    assert [each.text for each in sentences(text, language(code))] == parts


FACTS = [
    pytest.param("15:40", id="a time"),
    pytest.param("15:40 UTC", id="a time with its zone"),
    pytest.param("22 November", id="a day"),
    pytest.param("19 February 2027", id="a day with its year"),
    pytest.param("21.11.2026", id="a day in figures"),
    pytest.param("%(time)s", id="a placeholder"),
    pytest.param("{{ time }}", id="a placeholder of a template"),
    pytest.param("ABCD-EFGH-1234-ABCD-EFGH-1234-AB", id="a code"),
    pytest.param("1,204", id="a count"),
    pytest.param("3.5%", id="a part"),
    pytest.param("1-800-843-5678", id="a phone number"),
    pytest.param("+48 800 12 12 12", id="a phone number from abroad"),
    pytest.param("https://elsewhere.example/post/1?of=me", id="a link"),
    pytest.param("findahelpline.com", id="an address"),
    pytest.param("help@elsewhere.example", id="an address of mail"),
    pytest.param("NCMEC", id="a short form"),
    pytest.param("Revenge Porn Helpline", id="a name that was given"),
]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_counts_as_one_short_word(fact: str) -> None:
    reading = measure(f"We wrote {fact} down.", "en", ["Revenge Porn Helpline"])
    assert replace(reading, longest_sentence="We wrote it down.") == measure("We wrote it down.", "en")
    assert reading.longest_sentence == f"We wrote {fact} down."


def test_words_joined_by_a_hyphen_are_two_and_a_short_form_is_one() -> None:
    assert measure("We don't show the logged-out page.", "en").words == 7


def test_the_longest_sentence_and_the_hard_words_are_named() -> None:
    reading = measure("Go. The certificate is a certificate of ours. Stay.", "en")
    assert (reading.longest, reading.longest_sentence) == (7, "The certificate is a certificate of ours.")
    assert (reading.hard_words, reading.hard) == (("certificate",), 2)


def test_nothing_measures_nothing() -> None:
    assert measure(" \n – ", "en").words == 0


def test_a_language_without_a_measure_is_an_error_and_a_region_is_its_language() -> None:
    assert measure("Go on.", "en-GB") == measure("Go on.", "en")
    with pytest.raises(KeyError):
        measure("Weiter.", "de")


@given(st.text(), st.sampled_from(sorted(BARS)))
def test_any_text_can_be_measured(text: str, code: str) -> None:
    reading = measure(text, code)
    assert 0 <= reading.hard <= reading.words
    assert reading.longest <= reading.words


ENGLISH = """
able 2, again 2, allowed 2, answered 2, anybody 4, asked 1, because 2, being 2, browser 2, called 1, certificate 4,
child 1, children 2, clients 2, created 3, decided 3, didn't 2, different 2, don't 1, earlier 3, everything 3, files 1,
friend 1, going 2, hidden 2, hundred 2, idea 3, immediately 5, information 4, isn't 2, little 2, looked 1, messages 3,
million 2, needed 2, one 1, pages 2, patient 2, people 2, period 3, picture 2, please 1, policies 3, private 2, quiet 2,
reopen 3, replied 2, replying 3, reported 3, safely 2, saying 2, school 1, science 2, settled 2, sexual 3, share 1,
someone 2, something 2, special 2, stayed 1, the 1, they'll 1, times 1, tried 1, trying 2, usual 3, video 3, watches 2,
we've 1, without 2, you 1
"""
POLISH = """
autobus 3, i 1, historia 3, materiały 4, nauka 3, oni 2, post 1, przyjaciel 3, skontaktowaliśmy 6, sprawdzamy 3,
twoje 2, w 1, wiadomość 3, zdjęcie 2, zgłoszenie 3
"""


def _table(words: str) -> list[tuple[str, int]]:
    return [(word, int(number)) for word, number in (each.split() for each in words.split(","))]


@pytest.mark.parametrize(("word", "number"), _table(ENGLISH))
def test_the_syllables_of_an_english_word(word: str, number: int) -> None:
    assert syllables.english(word) == number


@pytest.mark.parametrize(("word", "number"), _table(POLISH))
def test_the_syllables_of_a_polish_word(word: str, number: int) -> None:
    assert syllables.polish(word) == number
