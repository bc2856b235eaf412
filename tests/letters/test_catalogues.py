"""What a catalogue has to hold: every text, with its values, its plurals and the words that are fit for a child."""

import gettext
import re
from typing import cast

import pytest
from django.conf import settings
from django.utils.translation import ngettext, override

from amparo.letters.sentences import REASONS, REFUSALS
from amparo.plugins import installation
from tests.letters.catalogues import LOCALE, TRANSLATED, Entry, catalogue_of
from tests.letters.test_every_text import _refusals

VOUS = r"|(?i:\b(vous|votre|vôtre|vos)\b|\w{3}ez\b)"
FORMS = {"fr": 2, "nb": 2, "pl": 4}
# Words that never stand before a reporter, each with the word that does.
NEVER = {
    "fr": r"d[ée]nonc|porter plainte|pornograph|p[ée]dopor|empreinte|\brecours\b|·e|\(e\)" + VOUS,
    "nb": r"barneporn|anmeld|fingeravtrykk|\bklage|\boffer\b|\bDe\b(?! (siste|første|neste|trenger))",
    "pl": r"pornogra|don(ieś|osi)|odcisk palca|odwołani|ocala|\bPani?\b|[łl][ae]ś\b"
    r"|\b(ty|ci|cię|ciebie|tw[oó]j\w*)\b",
}


def _values(text: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)[sd]", text)))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_english_text_is_said_in_every_plural_form(code: str) -> None:
    english = {(entry.one, entry.many) for entry in catalogue_of("en")}
    translated = {(entry.one, entry.many) for entry in catalogue_of(code)}
    assert english - translated == set()
    assert translated - english == set()
    for entry in catalogue_of(code):
        assert len(entry.said) == (FORMS[code] if entry.many else 1), entry.one
        assert all(entry.said), entry.one


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_value_of_a_text_stands_in_its_translation(code: str) -> None:
    wrong = [entry.one for entry in catalogue_of(code) for said in entry.said if _values(said) != _values(entry.one)]
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_number_of_a_text_stands_in_its_translation(code: str) -> None:
    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"%\(\w+\)s", "", text)))

    assert [each.one for each in catalogue_of(code) for said in each.said if numbers(said) != numbers(each.one)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_has_a_word_that_blames_or_that_means_the_police(code: str) -> None:
    assert [said for entry in catalogue_of(code) for said in entry.said if re.search(NEVER[code], said)] == []


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("fr", "Tu as dénoncé le post."),
        ("nb", "Du kan anmelde det."),
        ("pl", "Dobrze, że to zgłosiłeś."),
    ],
)
def test_a_word_that_means_the_police_is_found(code: str, word: str) -> None:
    assert re.search(NEVER[code], word)


TU = r"(?i:\b(tu|ton|ta|tes|te|toi|tienne)\b|\bt’)"
# What is said to one who is addressed as "tu", where the word itself is not there.
ORDERS = (
    r"\b([Vv]érifie|[Ee]nvoie|[Cc]olle|[Rr]eviens|Regarde|Écris|[Cc]hoisis|Enlève|[Gg]arde|Relis|Rouvre|Dis|Fais|Pars"
    r"|Réessaie|[Aa]ppuie|[Pp]arle|[Pp]artage|[Rr]envoie|[Rr]echarge)\b"
)
ADULT = "fr_Vous"


def test_french_says_vous_to_an_adult_wherever_it_says_tu_to_a_child() -> None:
    child = {entry.one: entry for entry in catalogue_of("fr")}
    adult = {entry.one: entry for entry in catalogue_of(ADULT)}
    addressed = {one for one, entry in child.items() if re.search(f"{TU}|{ORDERS}", entry.said[0])}
    assert len(addressed) > 80
    assert addressed - set(adult) == set()
    assert set(adult) - set(child) == set()
    assert [said for entry in adult.values() for said in entry.said if re.search(TU, said)] == []
    for one, entry in adult.items():
        assert len(entry.said) == len(child[one].said)
        assert all(_values(said) == _values(one) for said in entry.said)
        assert not re.search(NEVER["fr"].replace(VOUS, ""), " ".join(entry.said))


@pytest.mark.parametrize("code", [*TRANSLATED, ADULT])
def test_the_compiled_catalogue_is_the_written_one(code: str) -> None:
    with (LOCALE / code / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = cast(dict[object, str], vars(gettext.GNUTranslations(file))["_catalog"])
    del compiled[""]
    assert compiled == _as_compiled(catalogue_of(code))


def _as_compiled(written: list[Entry]) -> dict[object, str]:
    return {
        (entry.one, number) if entry.many else entry.one: said
        for entry in written
        for number, said in enumerate(entry.said)
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["1 link.", "3 links.", "5 links.", "22 links."]),
        ("fr", ["1 lien.", "3 liens.", "5 liens.", "22 liens."]),
        ("nb", ["1 lenke.", "3 lenker.", "5 lenker.", "22 lenker."]),
        ("pl", ["1 link.", "3 linki.", "5 linków.", "22 linki."]),
    ],
)
def test_one_three_five_and_twenty_two_have_their_plurals(code: str, words: list[str]) -> None:
    one, many = "Your report is already open: %(count)s link.", "Your report is already open: %(count)s links."
    with override(code):
        said = [ngettext(one, many, count) % {"count": count} for count in (1, 3, 5, 22)]
    assert [text.split(": ")[1] for text in said] == words


def test_every_catalogue_can_be_chosen_and_every_choice_has_one() -> None:
    assert {path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/django.po")} == {
        *dict(settings.LANGUAGES),
        ADULT,
    }
    assert set(TRANSLATED) | {"en"} == set(dict(settings.LANGUAGES))


def test_the_english_catalogue_says_nothing_itself() -> None:
    assert [entry.one for entry in catalogue_of("en") if any(entry.said)] == []


def test_every_refusal_that_a_reporter_may_meet_can_be_translated() -> None:
    assert set(_refusals()) <= set(REFUSALS)


def test_every_reason_of_a_shipped_policy_can_be_translated(empty_books: None) -> None:
    assert {reason.text for policy in installation().policies.current for reason in policy.reasons} == set(REASONS)
