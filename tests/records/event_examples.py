"""Stored examples of every event and actor shape, as they stand in databases out there.

`python -m tests.records.event_examples` adds an example of each type that has none. One that is stored is never
changed: rows of that shape exist, and must be readable for ever.
"""

import dataclasses
import json
import types
import typing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from amparo.cases.actor import Actor
from amparo.cases.events import Event
from amparo.records import codec

FILE = Path(__file__).parent / "event_examples.json"


def stored() -> dict[str, dict[str, Any]]:
    """Return the stored examples, by the name of the type."""
    return dict(json.loads(FILE.read_text())) if FILE.exists() else {}


def kinds() -> dict[str, type[Any]]:
    """Return every event and actor type by name."""
    return {kind.__name__: kind for union in (Event, Actor) for kind in typing.get_args(union)}


def example(kind: Any) -> Any:
    """Return some value of a type, with every optional part present."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return kind(f"{kind.__name__.lower()}_example")
    if origin in (typing.Union, types.UnionType):
        return example(next(each for each in args if each is not type(None)))
    if origin in (tuple, frozenset):
        return origin([example(args[0])])
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(type[Any], kind)(**{name: example(hints[name]) for name in hints})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    samples: dict[Any, Any] = {str: "example", int: 3, bool: True, datetime: datetime(2026, 3, 1, 12, tzinfo=UTC)}
    return samples[kind]


def main() -> None:
    """Add what is missing to the file."""
    held = stored()
    for name, kind in kinds().items():
        held.setdefault(name, codec.to_json(example(kind)))
    FILE.write_text(json.dumps(dict(sorted(held.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
