"""HMA's types of signals and of content by its names, and how each is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from amparo.api.errors import ApiError
from amparo.api.matching import MD5, PDQ, SHA256

PHOTO, VIDEO = "photo", "video"


@dataclass(frozen=True)
class SignalType:
    """`name` is HMA's, `ours` our own. `is_usual`: of which content it is made where nobody asks for types."""

    name: str
    ours: str
    form: re.Pattern[str]
    contents: tuple[str, ...]
    is_usual: bool = True

    def read(self, written: str) -> str:
        """Return a signal as it is compared. Raises ApiError 400 for what is none of this type."""
        signal = written if self.ours == PDQ else written.strip().lower()
        if not self.form.fullmatch(signal):
            raise ApiError(400, "wrong_signal", f"invalid signal: this is no {self.name} hash in hexadecimal")
        return signal

    def distance(self, hit: int) -> str:
        """Return how far a hit is, as HMA writes it: a digest has no distance."""
        return str(hit) if self.ours == PDQ else "-"


TYPES: Mapping[str, SignalType] = {
    each.name: each
    for each in (
        SignalType("pdq", PDQ, re.compile(r"[0-9a-f]{64}"), (PHOTO,)),
        SignalType("video_md5", MD5, re.compile(r"[0-9a-f]{32}"), (VIDEO,)),
        # HMA has no such type; it is made and told where a client names it.
        SignalType("sha256", SHA256, re.compile(r"[0-9a-f]{64}"), (PHOTO, VIDEO), is_usual=False),
    )
}
"""HMA's name → the type."""


def type_of(name: str) -> SignalType:
    """Return the type of that name. Raises ApiError 400."""
    if name not in TYPES:
        raise ApiError(400, "no_such_type", f"No such SignalType '{name:.40}'")
    return TYPES[name]


def types_of(content: str, asked: str | None) -> list[SignalType]:
    """Return the types to be made of a kind of content: those asked for, with commas, or the usual ones."""
    there_are = {name: each for name, each in TYPES.items() if content in each.contents}
    if asked is None:
        return [each for each in there_are.values() if each.is_usual]
    names = [name for name in (part.strip() for part in asked.split(",")) if name]
    for name in names:
        if name not in there_are:
            raise ApiError(400, "no_such_type", f"signal type '{name:.40}' doesn't exist or is disabled")
    if not names:
        raise ApiError(400, "no_type", "empty signal type selection")
    return [there_are[name] for name in dict.fromkeys(names)]


def banks_in(asked: str | None) -> frozenset[str] | None:
    """Return the banks that a lookup is kept to, named with commas; None for all."""
    return frozenset(asked.split(",")) if asked else None
