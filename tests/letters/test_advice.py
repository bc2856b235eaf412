"""What the gate refuses, what it says, and what it lets pass."""

import pytest

from amparo.letters.reading.advice import too_hard
from amparo.letters.reading.grade import measure
from tests.letters.test_measure import REFUSAL

EASY = {
    "en": "We said 15:40 and we have missed it. That is our fault, not yours. The post is still hidden. A senior "
    "person has your report now. New time: 16:10.",
    "fr": "Nous avons ton message. La photo est cachée. Une personne la regarde avant 15:40. Tu n’as rien à faire. Ce "
    "n’est pas ta faute.",
    "nb": "Vi har meldingen din. Bildet er skjult nå. En person ser på det før kl. 15:40. Du trenger ikke gjøre mer. "
    "Det er ikke din feil.",
    "pl": "Mamy Twoje zgłoszenie. Post jest ukryty. Ktoś na niego spojrzy przed 15:40. Nie musisz nic robić. To nie "
    "Twoja wina. Jeśli post wróci, ukryjemy go znowu.",
}
HARD = {
    "en": REFUSAL,
    "fr": "Après examen du contenu signalé, nous n’avons constaté aucune infraction à notre règlement. Aucune mesure "
    "supplémentaire ne sera donc prise actuellement.",
    "nb": "Etter gjennomgang av innholdet har vi ikke funnet brudd på retningslinjene våre. Ytterligere tiltak vil "
    "derfor ikke iverksettes på nåværende tidspunkt.",
    "pl": "Po przeanalizowaniu zgłoszonej publikacji nie stwierdziliśmy naruszenia obowiązującego regulaminu. W "
    "związku z powyższym nie podejmiemy obecnie żadnych działań.",
}


@pytest.mark.parametrize("code", EASY)
def test_a_letter_for_a_child_passes(code: str) -> None:
    assert not measure(EASY[code], code).is_short
    assert too_hard(EASY[code], code) == []


@pytest.mark.parametrize("code", HARD)
def test_a_refusal_in_the_tone_of_an_office_is_refused(code: str) -> None:
    assert not measure(HARD[code], code).is_short
    assert too_hard(HARD[code], code)


def test_the_founding_refusal_is_refused_for_its_length_its_grade_and_its_words() -> None:
    assert too_hard(REFUSAL, "en") == [
        f"This sentence has 21 words. Split it: “{REFUSAL}”",
        "The text is for grade 10.0; the most is 4. Use shorter words: “violation”, “policies”.",
        "Its LIX is 40; the most is 25. Use shorter words: “reviewed”, “content”, “violation”, “policies”.",
    ]


@pytest.mark.parametrize(("words", "passes"), [(14, True), (15, False)])
def test_a_sentence_has_fourteen_words_at_most(words: int, passes: bool) -> None:
    said = too_hard(" ".join(["go"] * words) + ".", "en")
    assert (said == []) is passes


def test_each_sentence_that_is_too_long_is_named_and_facts_are_given_as_they_were_written() -> None:
    long = "We saw it at 15:40 and " + " ".join(["go"] * 10) + "."
    assert too_hard(f"Go on. {long} Stay. {long}", "en") == [f"This sentence has 16 words. Split it: “{long}”"] * 2


def test_a_short_text_may_have_one_hard_word_and_no_second_one() -> None:
    assert too_hard("Certificate", "en") == []
    assert too_hard("The information is available.", "en") == [
        "Too many hard words for so short a text. Use shorter ones: “information”, “available”."
    ]


def test_a_hard_text_of_short_words_is_told_to_shorten_its_sentences() -> None:
    text = " ".join(["nie"] * 20) + "."
    assert too_hard(text, "pl") == [
        f"This sentence has 20 words. Split it: “{text}”",
        "The text is for grade 8.0; the most is 6. Make the sentences shorter.",
    ]


def test_of_many_hard_words_some_are_named() -> None:
    assert too_hard(HARD["fr"], "fr")[0].endswith("and more.")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Envoyer le message"),
        ("fr", "Une personne le regarde avant %(time)s."),
        ("fr", "Lire ou imprimer le certificat"),
        ("nb", "Innlegget er skjult."),
        ("nb", "Du trenger ikke å gjøre noe mer."),
        ("pl", "Wyślij wiadomość"),
        ("pl", "Nie znaleźliśmy posta pod tym linkiem."),
        ("en", "Keep these answers"),
        ("en", "Certificate"),
    ],
)
def test_a_plain_button_or_sentence_passes(code: str, text: str) -> None:
    assert too_hard(text, code) == []
