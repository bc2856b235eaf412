"""What is said of a subject that shows what a known file shows: which files, how alike, and when in a video."""

from dataclasses import dataclass

from amparo.cases.refs import Digest


@dataclass(frozen=True)
class Range:
    """Milliseconds of a subject's video that show milliseconds of a known one. `votes`: how many frames say so.

    Of a known picture `work_from_ms` and `work_to_ms` are 0. `speed_percent` 200: twice as fast as the known one.
    """

    item_from_ms: int
    item_to_ms: int
    work_from_ms: int
    work_to_ms: int
    speed_percent: int
    votes: int


@dataclass(frozen=True)
class Likeness:
    """A file of the subject shows what a known file shows; both are named by the SHA-256 of their bytes.

    `star`: what the known file belongs to, a case's id, a claim's or `bank:NAME`. `is_exact`: the bytes are the same.
    `distance`: the least number of bits in which two hashes differ. `is_found`: the bytes are the same, and a person
    has found them to break a rule. `ranges` are empty between two pictures. `only_asks`: its bank has a person
    judge what it finds, and hides nothing.
    """

    star: str
    work: Digest
    item: Digest
    is_exact: bool
    distance: int
    ranges: tuple[Range, ...] = ()
    is_found: bool = False
    only_asks: bool = False
