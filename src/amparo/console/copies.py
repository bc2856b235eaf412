"""What a case is like, and what is like it: ranges of time, and what became of each copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from amparo.cases.case import Case
from amparo.cases.likeness import Likeness, Range
from amparo.cases.refs import PolicyRef
from amparo.connectors.connector import Capabilities
from amparo.console import wording
from amparo.records.stars import Star, star_of

BANK = "bank:"
CLAIM = "claim_"


@dataclass(frozen=True)
class Like:
    """One likeness in words. `case` is what it is like, or "" where that is a bank's."""

    case: str
    what: str
    how: str
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class CopyLine:
    """One copy of a case's subject. `policy` and what goes with it are set where one key removes it."""

    case: Case
    what: str
    how: str
    ranges: tuple[str, ...]
    state: str
    policy: PolicyRef | None
    digest: str


@dataclass(frozen=True)
class Copies:
    star: Star
    lines: tuple[CopyLine, ...]

    @property
    def unlisted(self) -> int:
        return self.star.in_all - len(self.lines)


def likes_of(case: Case) -> list[Like]:
    """Return what a case's subject is like, nearest first."""
    nearest = sorted(case.likenesses, key=lambda each: (not each.is_exact, each.distance))
    return [_like(each) for each in nearest]


def copies_of(case: Case, capabilities: Capabilities) -> Copies:
    """Return the copies around a case. Those that wait can be removed by one key each once the case itself was."""
    star = star_of(case.id)
    return Copies(star, tuple(_line(case, each, capabilities) for each in star.some))


def _line(centre: Case, copy: Case, capabilities: Capabilities) -> CopyLine:
    like = min(
        (each for each in copy.likenesses if each.star == centre.id),
        key=lambda each: (not each.is_exact, each.distance),
    )
    ground = next((g.policy for g in copy.open_grounds if centre.id in g.stars), None)
    return CopyLine(
        copy,
        f"{wording.KINDS[copy.subject.kind]} {copy.subject.id}",
        _how(like),
        _ranges(like.ranges),
        wording.on_the_platform(copy, capabilities),
        ground if centre.removed_for is not None else None,
        "" if copy.content is None else copy.content.digest,
    )


def _like(like: Likeness) -> Like:
    is_bank, is_claim = like.star.startswith(BANK), like.star.startswith(CLAIM)
    what = f"the bank {like.star.removeprefix(BANK)}" if is_bank else "another case"
    what = "a picture that somebody claimed by a code; nobody here has seen it" if is_claim else what
    what += ", which hides nothing and asks a person" if like.only_asks else ""
    return Like("" if is_bank or is_claim else like.star, what, _how(like), _ranges(like.ranges))


def _how(like: Likeness) -> str:
    return "the same file" if like.is_exact else f"looks the same (distance {like.distance} of 256)"


def _ranges(ranges: Sequence[Range]) -> tuple[str, ...]:
    return tuple(_range(each) for each in ranges)


def _range(found: Range) -> str:
    here = f"{_clock(found.item_from_ms)} to {_clock(found.item_to_ms)}"
    if found.work_to_ms == 0:
        return f"{here} shows the known picture"
    speed = "" if abs(found.speed_percent - 100) < 5 else f", at {found.speed_percent / 100:g} times the speed"
    return f"{here} shows {_clock(found.work_from_ms)} to {_clock(found.work_to_ms)} of the known video{speed}"


def _clock(ms: int) -> str:
    """Return a time in a video as minutes and seconds."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"
