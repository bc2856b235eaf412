"""Events and states as JSON, by their type hints. A stored example of every event shape is kept in the tests.

What is written today must be readable in ten years: field names and enum values are part of the format. A field that
is added later needs a default; a changed meaning needs a new event.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from amparo.cases.actor import Actor
from amparo.cases.events import Entry, Event

T = TypeVar("T")


class Unreadable(ValueError):
    """Stored JSON that does not have the shape it should have."""


def to_json(value: Any) -> Any:
    """Return a dataclass, enum, time, tuple or set as plain JSON values. Sets are sorted, so equal states are equal."""
    match value:
        case None | bool() | str() | float():
            return value
        case Enum():
            return value.value
        case int():
            return value
        case datetime():
            return value.isoformat()
        case tuple() | list():
            return [to_json(each) for each in value]
        case frozenset() | set():
            return sorted((to_json(each) for each in value), key=repr)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written down.")


def from_json(kind: type[T], stored: Any) -> T:
    """Return the value of that type. Raises Unreadable where the stored JSON does not fit."""
    try:
        return typing.cast(T, _read(kind, stored))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"A stored {getattr(kind, '__name__', kind)} does not have its shape: {error}.") from error


def entry_to_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as the columns of its row."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": {"type": type(entry.actor).__name__, **to_json(entry.actor)},
        "policy": entry.policy,
        "type": type(entry.event).__name__,
        "body": to_json(entry.event),
    }


def entry_from_row(row: Mapping[str, Any]) -> Entry:
    """Return the entry of a row. Raises Unreadable for an event or actor that is not known."""
    actor = dict(row["actor"])
    return Entry(
        row["seq"],
        row["at"],
        from_json(_kind(Actor, actor.pop("type")), actor),
        row["policy"],
        from_json(_kind(Event, row["type"]), row["body"]),
    )


def event_types() -> dict[str, type[Any]]:
    """Return every event type by the name it is stored under."""
    return {kind.__name__: kind for kind in typing.get_args(Event)}


def _kind(union: Any, name: str) -> type[Any]:
    found = next((kind for kind in typing.get_args(union) if kind.__name__ == name), None)
    if found is None:
        raise Unreadable(f"Nothing is called {name}. It may come from a newer version: upgrade before you go on.")
    return typing.cast(type[Any], found)


_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    """Return a dataclass's type hints. Kept, since working them out costs more than reading the value."""
    if kind not in _HINTS:
        _HINTS[kind] = typing.get_type_hints(kind)
    return _HINTS[kind]


def _read(kind: Any, stored: Any) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return _read(kind.__supertype__, stored)
    if origin in (typing.Union, types.UnionType):
        if stored is None and type(None) in args:
            return None
        (wanted,) = (each for each in args if each is not type(None))
        return _read(wanted, stored)
    if origin is tuple:
        return tuple(_read(args[0], each) for each in stored)
    if origin is frozenset:
        return frozenset(_read(args[0], each) for each in stored)
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        known = {name: _read(hints[name], each) for name, each in stored.items() if name in hints}
        return typing.cast(type[Any], kind)(**known)
    if kind is datetime:
        return datetime.fromisoformat(stored)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(stored)
    if not isinstance(stored, kind):
        raise TypeError(f"a {type(stored).__name__} is not a {kind.__name__}")
    return stored
