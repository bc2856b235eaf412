"""Events and states as JSON, by their type hints. A stored example of every event shape is kept in the tests.

What is written today must be readable in ten years: field names and enum values are part of the format. A field that
is added later needs a default; a changed meaning needs a new event.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
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
    kind = type(value)
    write = _WRITERS.get(kind)
    if write is None:
        write = _WRITERS[kind] = _writer(kind)
    return write(value)


def from_json(kind: type[T], stored: Any) -> T:
    """Return the value of that type. Raises Unreadable where the stored JSON does not fit."""
    try:
        return typing.cast(T, _read(kind, stored))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"A stored {getattr(kind, '__name__', kind)} does not have its shape: {error}.") from error


def entry_to_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as the columns of its row, in plain JSON values."""
    return {
        "seq": entry.seq,
        "at": to_json(entry.at),
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


def _writer(kind: type[Any]) -> Callable[[Any], Any]:
    """Return how values of a type are written. Worked out once for each type: it costs more than the writing."""
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: {name: to_json(getattr(value, name)) for name in names}
    if issubclass(kind, Enum):
        return lambda value: value.value
    for known, write in _PLAIN.items():
        if issubclass(kind, known):
            return write
    raise TypeError(f"{kind.__name__} cannot be written down.")


def _itself(value: Any) -> Any:
    return value


def _sorted(values: Any) -> list[Any]:
    return sorted((to_json(each) for each in values), key=repr)


def _listed(values: Any) -> list[Any]:
    return [to_json(each) for each in values]


_PLAIN: dict[type[Any], Callable[[Any], Any]] = {
    **dict.fromkeys((type(None), bool, str, float, int), _itself),
    datetime: datetime.isoformat,
    **dict.fromkeys((tuple, list), _listed),
    **dict.fromkeys((frozenset, set), _sorted),
}
_WRITERS: dict[type[Any], Callable[[Any], Any]] = {}


def _read(kind: Any, stored: Any) -> Any:
    read = _READERS.get(kind)
    if read is None:
        read = _READERS[kind] = _reader(kind)
    return read(stored)


_READERS: dict[Any, Callable[[Any], Any]] = {}


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return how values of a type are read. Worked out once for each type, as for writing."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return _reader(kind.__supertype__)
    if origin in (typing.Union, types.UnionType):
        (wanted,) = (each for each in args if each is not type(None))
        return lambda stored: None if stored is None else _read(wanted, stored)
    if origin is tuple:
        return lambda stored: tuple([_read(args[0], each) for each in stored])
    if origin is frozenset:
        return lambda stored: frozenset([_read(args[0], each) for each in stored])
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        whole = typing.cast(type[Any], kind)
        return lambda stored: whole(
            **{name: _read(hints[name], each) for name, each in stored.items() if name in hints}
        )
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind

    def as_it_is(stored: Any) -> Any:
        if not isinstance(stored, kind):
            raise TypeError(f"a {type(stored).__name__} is not a {kind.__name__}")
        return stored

    return as_it_is
