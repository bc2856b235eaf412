"""How hard a letter is to read, measured simply: its sentences, and the words of the longest."""

import re
from dataclasses import dataclass

LONGEST_GOOD_SENTENCE = 14


@dataclass(frozen=True)
class Reading:
    sentences: int
    words: int
    longest: int

    @property
    def is_hard(self) -> bool:
        return self.longest > LONGEST_GOOD_SENTENCE


def measure(text: str) -> Reading:
    """Return the measures of a text."""
    lengths = [len(sentence.split()) for sentence in re.split(r"[.!?]+(?:\s|$)|\n+", text)]
    counted = [length for length in lengths if length]
    return Reading(len(counted), sum(counted), max(counted, default=0))
