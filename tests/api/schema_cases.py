"""Requests that follow from the published document, right ones and wrong ones, sent by each role."""

import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

ROLES: Mapping[str, tuple[str, ...]] = {
    "nobody": (), "platform": ("notices", "follow", "webhooks"), "hotline": ("bulk", "follow"),
    "reader": ("follow",), "upload hook": ("match", "show"),
    "everything": ("match", "hash", "banks", "show", "notices", "bulk", "follow", "webhooks"),
}  # fmt: skip
_CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip
# What a wrong body is refused with depends on the key being right, and a wrong address is none of ours.
_CLEARLY_REFUSED = (*_CHECKS, negative_data_rejection)


@dataclass
class Tally:
    """What was sent and what came back. `broken`: the first words of what a check found."""

    cases: int = 0
    server_errors: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def send_all(key: str | None, names: Callable[[], str], each: int, number: int, tally: Tally) -> None:
    """Send so many right and wrong requests to every address. `names`: a notice that this key may see."""
    headers = {"Host": "127.0.0.1"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", get_wsgi_application(), headers=headers | _ASKING)
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _send(operation, mode, headers, names, each, number, tally)


_ASKING: dict[str, str] = {}


def document_key(key: str) -> None:
    """Say with which key the document itself is asked for: a role without one could not read it."""
    _ASKING["Authorization"] = f"Bearer {key}"


def _send(
    operation: Any, mode: GenerationMode, headers: dict[str, str], names: Callable[[], str], each: int, number: int,
    tally: Tally,
) -> None:  # fmt: skip
    def one(case: Any) -> None:
        # Half of the right ones are of a notice that there is.
        if mode is GenerationMode.POSITIVE and "{id}/" in operation.path + "/" and "notices" in operation.path:
            tally.cases % 2 and case.path_parameters.update(id=names())
        answer = case.call(headers=headers)
        tally.cases += 1
        tally.statuses[answer.status_code] += 1
        tally.server_errors += answer.status_code in (500, 502, 504)
        is_meant = mode is GenerationMode.NEGATIVE and answer.status_code not in (401, 403)
        try:
            case.validate_response(answer, checks=list(_CLEARLY_REFUSED if is_meant else _CHECKS), headers=headers)
        except FailureGroup as group:
            for failure in group.exceptions:
                tally.broken.append(f"{operation.label} {mode.value}: {failure}"[:600] + _sent(case))
        except AssertionError as failure:
            tally.broken.append(f"{operation.label} {mode.value}: {failure}"[:600])

    if mode is GenerationMode.NEGATIVE and not _can_be_wrong(operation):
        return
    strategy = operation.as_strategy(generation_mode=mode)
    sending = settings(
        max_examples=each, deadline=None, database=None, phases=[Phase.generate], print_blob=False,
        suppress_health_check=list(HealthCheck),
    )(seed(number)(given(strategy)(one)))  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sending()


def _sent(case: Any) -> str:
    """Return what was sent, for whoever has to find out why it was taken."""
    return f"\nsent: {case.query} {case.path_parameters} {case.headers} {case.media_type} {case.body!r}"[:600]


def _can_be_wrong(operation: Any) -> bool:
    """Whether anything is asked for that could be sent wrongly."""
    definition = operation.definition.raw
    return bool(definition.get("parameters") or definition.get("requestBody"))
