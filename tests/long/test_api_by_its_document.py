"""The API under twenty thousand requests that its own document allows or forbids, from every role.

`AMPARO_CASES_EACH=5` is for a quick try, whose figures are printed and not written down.
"""

import os
import random
from collections.abc import Callable

import pytest

from amparo.api.notices import patience
from amparo.records.invariants import breaches
from tests.api.asking import told
from tests.api.conftest import (  # noqa: F401 - fixtures of the API's own tests
    as_the_api,
    books,
    index,
    new_key,
    new_program,
    reporting,
    sandbox,
)
from tests.api.double import Double
from tests.api.reporting import Program
from tests.api.schema_cases import ROLES, Tally, document_key, send_all
from tests.long.results import write_down

_WHOLE = 165
EACH = int(os.environ.get("AMPARO_CASES_EACH", _WHOLE))


@pytest.mark.long
def test_no_role_breaks_the_api_or_its_document(
    index: Double,  # noqa: F811
    new_program: Callable[..., Program],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "take", lambda caller, cost=1: None)
    number = random.SystemRandom().randrange(1 << 32)
    reader = new_program("match")
    document_key(reader.key)
    tally = Tally()
    for role, may in ROLES.items():
        program = new_program(*may) if may else None
        name = told(program.sends())["id"] if program is not None and "notices" in may else "ntc_" + "a" * 26
        before = tally.cases
        send_all(None if program is None else program.key, lambda name=name: name, EACH, number, tally)  # type: ignore[misc]
        print(f"  {role}: {tally.cases - before} cases", flush=True)
    broken = breaches()
    print(f"  seed {number}: {tally.cases} cases, answers {dict(sorted(tally.statuses.items()))}")
    figures: dict[str, tuple[object, bool]] = {
        "requests by right and wrong data, from every role": (f"{tally.cases:,}", tally.cases >= 20_000),
        "roles": (", ".join(ROLES), True),
        "answers by status": (", ".join(f"{each}: {count:,}" for each, count in sorted(tally.statuses.items())), True),
        "server errors": (tally.server_errors, tally.server_errors == 0),
        "answers that are not as the document says": (len(tally.broken), not tally.broken),
        "breaches of the invariants": (len(broken), not broken),
    }
    if EACH >= _WHOLE:
        write_down("API by its document", figures)
    assert tally.broken == []
    assert tally.server_errors == 0
    assert broken == []
