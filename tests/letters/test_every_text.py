"""The gate over what is written: every text of every catalogue, every reason of a policy, every refusal at the door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import amparo
from amparo.cases.refs import SubjectKind
from amparo.letters import help_lines, states
from amparo.letters.link_state import LinkState
from amparo.letters.reading.advice import too_hard
from amparo.letters.reading.grade import BARS
from amparo.plugins import installation
from tests.letters.catalogues import entries
from tests.letters.pages import is_exempt

SOURCES = Path(amparo.__file__).parent
CATALOGUES = sorted(SOURCES.glob("locale/*/LC_MESSAGES/django.po"))
# Where a reporter's own commands are refused: the door shows the sentence as it is.
REFUSING = [
    *(SOURCES / "cases" / name for name in ("decide_notice.py", "notice_draft.py", "elements.py", "picture_claim.py")),
    SOURCES / "records" / "casebook.py",
]
FOR_STAFF = frozenset(
    {
        *("link_has_an_answer", "no_such_answer", "not_proven", "no_doubt"),
        *("not_a_reviewer", "enrolment_not_approved", "voted_already", "not_your_own"),
    }
)


def texts_of(catalogue: str) -> Iterator[str]:
    """Return what is said: the translations and, where there are none, the English key."""
    for entry in entries(catalogue):
        yield from [text for text in entry.said if text] or [text for text in (entry.one, entry.many) if text]


def test_there_is_a_catalogue_for_english_and_every_language_has_its_bars() -> None:
    languages = [path.parts[-3] for path in CATALOGUES]
    assert "en" in languages
    assert {each.partition("_")[0] for each in languages} <= set(BARS)


def test_a_catalogue_is_read_with_its_plurals_and_translations() -> None:
    catalogue = (
        'msgid ""\nmsgstr ""\n"Language: nb\\n"\n\n'
        'msgid "Send"\nmsgstr "Send inn"\n\n'
        'msgid "%(n)s link."\nmsgid_plural "%(n)s links."\nmsgstr[0] "%(n)s lenke."\nmsgstr[1] ""\n"%(n)s lenker."\n\n'
        'msgid "Say \\"yes\\"."\nmsgstr ""\n'
    )
    assert list(texts_of(catalogue)) == ["Send inn", "%(n)s lenke.", "%(n)s lenker.", 'Say "yes".']


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: str(path.parts[-3]))
def test_every_text_of_a_catalogue_is_easy(catalogue: Path) -> None:
    texts = list(texts_of(catalogue.read_text()))
    language, _, adults = catalogue.parts[-3].partition("_")
    assert len(texts) > (50 if adults else 300)
    hard = {text: too_hard(text, language, help_lines.names()) for text in texts if not is_exempt(text)}
    assert {text: said for text, said in hard.items() if said} == {}


@pytest.mark.parametrize("state", LinkState)
@pytest.mark.parametrize("kind", SubjectKind)
def test_what_is_said_of_every_state_and_kind_is_easy_as_a_whole(state: LinkState, kind: SubjectKind) -> None:
    for can_tell_site in (True, False):
        more = states.more_of(state, seen_at="22 November, 15:40 UTC", can_tell_site=can_tell_site)
        assert too_hard(" ".join([states.headline(state, kind), *more]), "en") == []


def _refusals() -> Iterator[str]:
    for file in REFUSING:
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=ast.Name("Refused"), args=[ast.Constant(code), said]) if code not in FOR_STAFF:
                    yield _sentence(said)
                case ast.Call(func=ast.Name("KeyReused"), args=[said]):
                    yield _sentence(said)


def _sentence(said: ast.expr) -> str:
    parts = said.values if isinstance(said, ast.JoinedStr) else [said]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "50" for part in parts)


def test_every_refusal_that_a_reporter_may_meet_is_easy() -> None:
    refusals = list(_refusals())
    assert "This report is open already." in refusals
    assert "One report takes 50 links. Please send the rest in a second one." in refusals
    hard = {text: too_hard(text, "en") for text in refusals}
    assert {text: said for text, said in hard.items() if said} == {}


def test_every_reason_that_a_policy_cites_is_easy(empty_books: None) -> None:
    reasons = [reason.text for policy in installation().policies.current for reason in policy.reasons]
    assert len(reasons) > 5
    hard = {text: too_hard(text, "en") for text in reasons}
    assert {text: said for text, said in hard.items() if said} == {}
