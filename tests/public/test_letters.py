"""The words themselves: short, calm, and complete in the English catalogue."""

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext
from django.utils.translation.template import templatize

import amparo
from amparo.cases.refs import SubjectKind
from amparo.letters import states
from amparo.letters.link_state import LinkState
from amparo.plugins import installation
from amparo.policies.policy import Policy

SOURCES = Path(amparo.__file__).parent
CATALOGUE = SOURCES / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "ngettext"}
FORBIDDEN = re.compile(
    r"\b(alleged|content|violat\w*|unfortunately|users?|victims?|survivors?|offenders?|porn\w*|sorry|please note)\b|!",
    re.I,
)


def _said() -> dict[str, str]:
    """Every text that a reporter may read, with the file that says it."""
    found: dict[str, str] = {}
    for file in sorted([*SOURCES.glob("letters/*.py"), *SOURCES.glob("public/**/*.py")]):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found.update((text, file.name) for text in texts if isinstance(text, str))
    for file in sorted(SOURCES.glob("public/templates/**/*.html")):
        for single, quote in re.findall(r"gettext\(u?(?:(['\"]))((?:(?!\1).)*)\1", templatize(file.read_text())):
            found[quote] = file.name
            assert single
        for pair in re.findall(
            r"ngettext\(u?'((?:[^'\\]|\\.)*)', *u?'((?:[^'\\]|\\.)*)'", templatize(file.read_text())
        ):
            found.update((text, file.name) for text in pair)
    return found


SAID = _said()


def test_there_is_something_to_read() -> None:
    assert len(SAID) > 150
    assert "You have done nothing wrong." in SAID
    assert "That is our fault, not yours." in SAID


@pytest.mark.parametrize("text", SAID)
def test_a_sentence_has_at_most_fourteen_words_and_no_word_that_hurts(text: str) -> None:
    assert not FORBIDDEN.search(text), f"{SAID[text]}: {text}"
    for sentence in re.split(r"(?<=[.?:]) ", text):
        assert len(sentence.split()) <= 14, f"{SAID[text]}: {sentence}"


def test_no_number_or_time_stands_inside_a_text() -> None:
    """Facts are placeholders: a translator never touches a time, a count or a code."""
    with_numbers = {text for text in SAID if re.search(r"\d", re.sub(r"%\(\w+\)s", "", text))}
    assert {text for text in with_numbers if "under 18" not in text} == {
        "One link or many, up to 50, each on its own line.",
        "One report takes 20 codes. Send more in a second report.",
        "One report takes 50 links. Please send the rest in a second one.",
        "Step %(number)s of 5",
    }


@pytest.mark.parametrize("state", LinkState)
@pytest.mark.parametrize("kind", SubjectKind)
def test_every_state_of_every_kind_has_its_sentence(state: LinkState, kind: SubjectKind) -> None:
    assert states.headline(state, kind).endswith(".")


def test_only_the_states_that_were_seen_say_hidden_or_gone() -> None:
    for kind in SubjectKind:
        for state in LinkState:
            said = " ".join([states.headline(state, kind), *states.more_of(state, seen_at="15:40 UTC")])
            claims = re.search(r"is (hidden|gone|locked|taken down)", said) is not None
            assert claims == (state in (LinkState.HIDDEN, LinkState.GONE, LinkState.SHUT)), said


def test_every_text_stands_in_the_english_catalogue() -> None:
    """Run `django-admin makemessages -l en --no-location` in src/amparo and commit what it writes."""
    written = CATALOGUE.read_text()
    known = {_unquoted(entry) for entry in re.findall(r"^msgid(?:_plural)? ((?:\".*\"\n?)+)", written, re.M)}
    assert {text.replace("\\'", "'") for text in SAID} - known == set()


def test_a_text_is_looked_up_and_not_only_marked() -> None:
    assert gettext("You have done nothing wrong.") == "You have done nothing wrong."


def test_the_reasons_that_a_policy_cites_are_short_too(at_the_door: None) -> None:
    for policy in installation().policies.current:
        assert isinstance(policy, Policy)
        for reason in policy.reasons:
            assert len(reason.text.split()) <= 14
            assert not FORBIDDEN.search(reason.text)


def _unquoted(entry: str) -> str:
    return "".join(ast.literal_eval(line) for line in entry.strip().splitlines())
