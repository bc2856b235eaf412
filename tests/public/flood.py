"""A door in a flood, or not: what is calm is said by the test, and the counts are its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from amparo.public import brake, work
from amparo.public.rates import Rates
from tests.public.visitor import Visitor


@contextmanager
def calm_up_to(in_all: int, per_network: int = 1_000_000) -> Iterator[Rates]:
    """Count anew, with these limits of reports a minute."""
    counts = Rates(None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brake, "limits", lambda: brake.Limits(in_all, per_network))
        patch.setattr(brake, "rates", lambda: counts)
        patch.setattr("amparo.public.turns.rates", lambda: counts)
        yield counts


def task_on(visitor: Visitor) -> str:
    """Return the task on the page that was looked at last; "" where it asks for none."""
    found = re.search(r'name="task" value="([^"]+)"', visitor.text_of(visitor.last))
    return "" if found is None else found[1]


def key_on(visitor: Visitor) -> str:
    found = re.search(r'name="key" value="([^"]+)"', visitor.text_of(visitor.last))
    assert found is not None, "the page has no form with a key"
    return found[1]


def worked(visitor: Visitor) -> dict[str, str]:
    """Return the fields that the script of the first page fills in."""
    task = task_on(visitor)
    return {"key": key_on(visitor), "task": task, "work": work.search(task)}
