"""Which types of signals this installation knows: those shipped, and those of packages that are plugged in."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

from amparo.matching.signal import BadSignal, Signal


class UnknownType(BadSignal):
    """There is no such type of signals here. Says which there are."""


@cache
def signal_types() -> Mapping[str, Signal]:
    """Return every type by its name: the entry points `amparo.signals`, each a class that is made without words."""
    made: list[Signal] = [point.load()() for point in entry_points(group="amparo.signals")]
    return {signal.name: signal for signal in sorted(made, key=lambda each: each.name)}


def signal_type(name: str) -> Signal:
    """Return one type. Raises UnknownType."""
    try:
        return signal_types()[name]
    except KeyError:
        raise UnknownType(f"There is no such type of signals. There is: {', '.join(signal_types())}.") from None
