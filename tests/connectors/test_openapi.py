"""The published document is what is spoken: every message of the connector and every answer of the example fit it."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.connector import ConnectorError
from amparo.connectors.standard_webhooks import keys_of, signed
from tests.connectors.json_schema import breaches, resolve
from tests.connectors.running_site import EXAMPLE, ROOT, RunningSite, running_site

REFERENCE = ROOT / "docs" / "reference"
DOCUMENT = json.loads((REFERENCE / "webhook-connector.openapi.json").read_text())
HOOKS = {name: hook["post"] for name, hook in DOCUMENT["webhooks"].items()}
POST = {"kind": "post", "id": "canary"}
ACCOUNT = {"kind": "account", "id": "author-of-canary"}
DATA: Mapping[str, Mapping[str, object]] = {
    "capabilities": {},
    "subject.fetch": POST,
    "media.fetch": {**POST, "media": "image"},
    "account.media": {**ACCOUNT, "cursor": None},
    "site.media": {"cursor": None},
    "subject.hide": POST,
    "subject.restore": POST,
    "subject.remove": POST,
    "subject.suspend": {**ACCOUNT, "until": None},
    "subject.demonetise": POST,
}


def _body_of(hook: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(hook["requestBody"]["content"]["application/json"]["schema"])


def _answer_of(hook: Mapping[str, Any], status: int) -> Mapping[str, Any]:
    answer = hook["responses"][str(status)]
    answer = resolve(answer["$ref"], DOCUMENT) if "$ref" in answer else answer
    return dict(answer["content"])


@pytest.fixture
def site(tmp_path: Path) -> Any:
    with running_site(tmp_path) as running:
        yield running


def _every_message(site: RunningSite) -> list[dict[str, Any]]:
    """Return all that the connector sends when it is asked for everything it can."""
    connector, made = site.connector(), site.post()
    subject = Subject("site", SubjectKind.POST, made["id"])
    account = Subject("site", SubjectKind.ACCOUNT, made["account"])
    connector.card_of_site()
    connector.fetch(subject)
    list(connector.media_of(account))
    list(connector.catalogue(None))
    for number, order in enumerate((connector.hide, connector.restore, connector.remove)):
        order(subject, key=f"case_x:{number}:order")
    connector.suspend(account, until=datetime.now(UTC) + timedelta(days=1), key="case_x:4:suspend")
    connector.suspend(account, until=None, key="case_x:5:suspend")
    connector.restore(account, key="case_x:6:restore")
    with pytest.raises(ConnectorError) as told:
        connector.demonetise(subject, key="case_x:7:demonetise")
    assert told.value.code == "unsupported"
    return site.messages()


def test_every_message_of_the_connector_is_as_published(site: RunningSite) -> None:
    sent = _every_message(site)
    assert {json.loads(each["body"])["type"] for each in sent} == set(HOOKS)
    for each in sent:
        body = json.loads(each["body"])
        hook = HOOKS[body["type"]]
        assert breaches(body, _body_of(hook), DOCUMENT) == []
        for parameter in (resolve(each["$ref"], DOCUMENT) for each in hook["parameters"]):
            assert breaches(each["headers"].get(parameter["name"]), parameter["schema"], DOCUMENT) == []


def _ask(site: RunningSite, kind: str, data: Mapping[str, object], secret: str = "") -> httpx.Response:
    at = int(datetime.now(UTC).timestamp())
    body = json.dumps({"type": kind, "timestamp": "2026-01-01T00:00:00Z", "data": data}).encode()
    headers = signed(keys_of(secret or site.secret), f"by-hand-{kind.replace('.', '-')}", at, body)
    return site.stranger.post("/amparo", content=body, headers=headers)


def test_every_answer_of_the_example_is_as_published(tmp_path: Path) -> None:
    with running_site(tmp_path, program=EXAMPLE) as example:
        for kind, data in DATA.items():
            answer = _ask(example, kind, data)
            assert answer.status_code == (400 if kind == "subject.demonetise" else 200), kind
            published = _answer_of(HOOKS[kind], answer.status_code)
            if "application/json" in published:
                assert breaches(answer.json(), published["application/json"]["schema"], DOCUMENT) == []
            else:
                assert answer.content.startswith(b"\x89PNG")
        unknown = _ask(example, "subject.fetch", {"kind": "post", "id": "nothing"})
        published = _answer_of(HOOKS["subject.fetch"], unknown.status_code)
        assert breaches(unknown.json(), published["application/json"]["schema"], DOCUMENT) == []
        assert unknown.status_code == 404
        refused = _ask(example, "subject.hide", POST, "whsec_" + "A" * 32)
        assert refused.status_code == 401
        assert breaches(refused.json(), {"$ref": "#/components/schemas/Error"}, DOCUMENT) == []


def test_what_is_not_as_published_would_be_found() -> None:
    schema = _body_of(HOOKS["subject.hide"])
    right = {"type": "subject.hide", "timestamp": "2026-01-01T00:00:00Z", "data": POST}
    assert breaches(right, schema, DOCUMENT) == []
    for wrong in (
        {**right, "type": "subject.remove"},
        {**right, "reporter": "somebody"},
        {**right, "data": {**POST, "reason": "x"}},
        {**right, "data": ACCOUNT},
        {**right, "data": {"kind": "post"}},
        {**right, "data": {**POST, "id": "../x"}},
    ):
        assert breaches(wrong, schema, DOCUMENT) != []


def test_every_reference_within_the_document_leads_somewhere() -> None:
    def references(part: object) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [each for value in part.values() for each in references(value)]
        return [each for value in part for each in references(value)] if isinstance(part, list) else []

    found = references(DOCUMENT)
    assert len(found) > 20
    assert all(resolve(each, DOCUMENT) for each in found)


def test_the_page_beside_the_document_names_every_message_and_every_word_of_the_card() -> None:
    page = (REFERENCE / "webhook-connector.md").read_text()
    for name in (*HOOKS, *DOCUMENT["components"]["schemas"]["Card"]["properties"]):
        assert f"| `{name}` |" in page


def test_the_example_has_at_most_a_hundred_lines_and_needs_nothing_but_python() -> None:
    text = (ROOT / "examples" / "webhook_site.py").read_text()
    assert len(text.splitlines()) <= 100
    imported = {line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import", "from"))}
    assert imported <= sys.stdlib_module_names
