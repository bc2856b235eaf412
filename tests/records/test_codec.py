"""What is written down today is readable for ever: an example of each shape is stored beside this file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.records import codec
from tests.records import event_examples


def test_every_event_and_actor_has_a_stored_example() -> None:
    missing = set(event_examples.kinds()) - set(event_examples.stored())
    assert not missing, f"run python -m tests.records.event_examples, for {sorted(missing)}"


def test_no_stored_example_is_of_a_type_that_was_taken_away() -> None:
    assert set(event_examples.stored()) <= set(event_examples.kinds())


@pytest.mark.parametrize("name", sorted(event_examples.stored()))
def test_a_stored_example_is_read_and_written_as_it_stands(name: str) -> None:
    kind, stored = event_examples.kinds()[name], event_examples.stored()[name]
    written = codec.to_json(codec.from_json(kind, stored))
    assert _as_far_as(stored, written) == stored


def _as_far_as(stored: object, written: object) -> object:
    """What is written, without the fields that came after the example, of whatever stands within it, too."""
    if isinstance(stored, dict) and isinstance(written, dict):
        return {key: _as_far_as(value, written[key]) for key, value in stored.items()}
    return written


@pytest.mark.parametrize("kind", [Case, Notice], ids=["case", "notice"])
def test_a_state_comes_back_as_it_was(kind: type) -> None:
    state = event_examples.example(kind)
    assert codec.from_json(kind, codec.to_json(state)) == state


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param({"key": 7}, id="wrong-type"),
        pytest.param({}, id="missing-field"),
        pytest.param([], id="not-an-object"),
        pytest.param(None, id="null"),
    ],
)
def test_what_has_another_shape_is_refused_by_name(stored: object) -> None:
    with pytest.raises(codec.Unreadable, match="ClockStopped"):
        codec.from_json(event_examples.kinds()["ClockStopped"], stored)


def test_an_event_of_a_newer_version_is_refused_with_what_to_do() -> None:
    row = {"seq": 1, "at": None, "actor": {"type": "System", "part": "x"}, "policy": None, "type": "Later", "body": {}}
    with pytest.raises(codec.Unreadable, match="upgrade"):
        codec.entry_from_row(row)


@given(st.frozensets(st.text(min_size=1), max_size=20))
@settings(max_examples=50, deadline=None)
def test_equal_sets_are_written_alike(countries: frozenset[str]) -> None:
    assert codec.to_json(countries) == codec.to_json(frozenset(sorted(countries, reverse=True)))
