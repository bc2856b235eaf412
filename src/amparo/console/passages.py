"""A reporter's words in pieces, so that a reviewer sees which of them say what sorted the case to the front."""

from dataclasses import dataclass
from itertools import pairwise

from amparo.console import wording
from amparo.signals import find


@dataclass(frozen=True)
class Passage:
    """A piece of a text. `says`: what is heard in it, or "" for all else."""

    text: str
    says: str = ""


def passages(text: str) -> tuple[Passage, ...]:
    """Return a text in pieces that make it up again, in order. What is said in one place stands in one piece."""
    hits = sorted(find(text), key=lambda hit: (hit.begin, hit.end))
    edges = sorted({0, len(text), *(hit.begin for hit in hits), *(hit.end for hit in hits)})
    pieces: list[Passage] = []
    for begin, end in pairwise(edges):
        here = {hit.signal for hit in hits if hit.begin <= begin and end <= hit.end}
        says = ", ".join(words for signal, words in wording.SIGNALS.items() if signal in here)
        if pieces and pieces[-1].says == says:
            pieces[-1] = Passage(pieces[-1].text + text[begin:end], says)
        else:
            pieces.append(Passage(text[begin:end], says))
    return tuple(pieces)
