"""The document: what is served is what is committed, its examples are right, and the API answers as it says."""

import json
from collections.abc import Callable
from enum import Enum
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from django.urls import get_resolver

from amparo.api.notices import patience
from amparo.api.notices.shown import STATES
from amparo.cases.words import Age, Relation, Told, Way
from amparo.policies.policy import Topic
from amparo.records.messages import OF_NEWS, TYPES
from tests.api.asking import told
from tests.api.double import Double
from tests.api.reporting import Program
from tests.api.schema_cases import Tally, document_key, send_all
from tests.docs.repository import DOCS

TEXT = files("amparo.api").joinpath("openapi.json").read_text()
DOCUMENT: dict[str, Any] = json.loads(TEXT)
EXAMPLES = [
    (name, example)
    for name, schema in DOCUMENT["components"]["schemas"].items()
    for example in schema.get("examples", ())
]


def _breaches(name: str, value: object) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(value)]


def test_what_is_served_is_what_is_committed(program: Program) -> None:
    committed = DOCS / "reference" / "api.openapi.json"
    assert program.asking.get("/v1/openapi.json").content.decode() == TEXT
    assert committed.read_text() == TEXT, "Copy src/amparo/api/openapi.json to docs/reference/api.openapi.json."


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_every_example_is_as_its_schema_says(name: str, example: object) -> None:
    assert _breaches(name, example) == []


def test_there_are_examples_of_all_that_is_sent() -> None:
    sent = {"Sending", "MoreLinks", "Reply", "List", "Xarf", "CoopReport", "Told"}
    assert sent <= {name for name, _ in EXAMPLES}


def test_every_address_of_ours_stands_in_it_and_no_other(as_the_api: None) -> None:
    served = set()
    for pattern in get_resolver("amparo.api.urls").url_patterns:
        address = str(pattern.pattern).replace("<str:name>", "{id}").replace("<str:platform>", "{platform}")
        if address.startswith(("v1/", "hooks/", "api/")):
            served |= {(f"/{address}", method.lower()) for method in pattern.callback.methods}  # type: ignore[attr-defined]
    assert served == {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}


@pytest.mark.parametrize(
    ("example", "address"),
    [("Sending", "/v1/notices"), ("List", "/v1/notices/bulk"), ("Xarf", "/v1/xarf"), ("CoopReport", "/api/v1/report")],
)
def test_every_example_of_what_is_sent_is_taken(
    new_program: Callable[..., Program], example: str, address: str
) -> None:
    program = new_program("notices", "bulk", "follow")
    for body in (body for name, body in EXAMPLES if name == example):
        answer = program.posts(address, body)
        assert answer.status_code in (200, 201), answer.content
        schema = {"/v1/notices/bulk": "Results", "/api/v1/report": "CoopTaken"}.get(address, "Receipt")
        assert _breaches(schema, told(answer)) == []
    (page,) = [told(program.asking.get("/v1/notices"))]
    assert _breaches("Notices", page) == []


def test_every_type_of_message_stands_in_the_reference() -> None:
    reference = (DOCS / "reference" / "api.md").read_text()
    assert [name for name in TYPES if f"`{name}`" not in reference] == []


@pytest.mark.parametrize(
    ("schema", "field", "words"),
    [("Sending", "topic", Topic), ("Sending", "relation", Relation), ("Sending", "age", Age), ("Sending", "way", Way),
     ("Notice", "topic", Topic), ("Notice", "relation", Relation), ("Notice", "age", Age), ("Notice", "way", Way)],
)  # fmt: skip
def test_the_document_knows_every_word_there_is(schema: str, field: str, words: type[Enum]) -> None:
    known = set(DOCUMENT["components"]["schemas"][schema]["properties"][field]["enum"]) - {None}
    assert known == {each.value for each in words}


def test_the_document_knows_every_state_and_each_news_has_its_message() -> None:
    assert DOCUMENT["components"]["schemas"]["NoticeLink"]["properties"]["state"]["enum"] == list(STATES)
    assert set(OF_NEWS) == set(Told)


def test_some_hundred_right_and_wrong_requests_break_nothing(
    index: Double, new_program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "take", lambda caller, cost=1: None)
    tally = Tally()
    everything = new_program("match", "show", "notices", "bulk", "follow", "webhooks")
    name = told(everything.sends())["id"]
    document_key(everything.key)
    send_all(everything.key, lambda: name, each=10, number=1, tally=tally)
    assert tally.broken == []
    assert tally.server_errors == 0
    assert tally.cases >= 200
    assert tally.statuses[201] > 10
    assert tally.statuses[422] > 10
