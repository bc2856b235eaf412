"""What a run came to, for people. What is not hashable stands apart from what was refused: only the one is known."""

from amparo.catalogue.progress import duration
from amparo.catalogue.tally import Fate, Tally

_MEANS = {
    Fate.HASHED: "",
    Fate.KNOWN: "the same bytes were hashed before",
    Fate.NOT_HASHABLE: "shows too little: only equal bytes are found again",
    Fate.REFUSED: "not opened, and not known",
    Fate.UNREAD: "it cannot be had",
    Fate.MISSED: "it could not be had this time: run it again",
}
_WORDS = {
    Fate.HASHED: "hashed",
    Fate.KNOWN: "known",
    Fate.NOT_HASHABLE: "not hashable",
    Fate.REFUSED: "refused",
    Fate.UNREAD: "not read",
    Fate.MISSED: "missed",
}


def summary(source: str, tally: Tally, *, is_all: bool) -> str:
    """Return lines of text, one for the whole and one for each fate that any file had. `is_all`: it is at its end."""
    what = f"{tally.files:,} files of {source}, {_size(tally.size_bytes)}, in {duration(tally.seconds)}"
    lines = [f"Looked through {what}." if is_all else f"Stopped after {what}."]
    for fate, word in _WORDS.items():
        means = ", ".join(f"{why} {count:,}" for why, count in tally.reasons_of(fate))
        if tally.of(fate) or fate is Fate.HASHED:
            said = f"{_MEANS[fate]}: {means}" if means else _MEANS[fate]
            lines.append(f"  {word:<13} {tally.of(fate):>10,}   {said}".rstrip())
    return "\n".join(lines)


def _size(size_bytes: int) -> str:
    amount = float(size_bytes)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
        amount /= 1024
    return f"{amount:,.1f} TiB"
