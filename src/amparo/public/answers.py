"""The answers that a form may bring along with its links, for a platform that asks the questions on its own page."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from django.http import HttpRequest

from amparo.cases.words import Age, Relation, Way

Word = TypeVar("Word", bound=Enum)

_FIELDS = ("relation", "age", "way", "country")


@dataclass(frozen=True)
class Answers:
    """What was answered; None for what was not, or not in a word that we know. `are_clear`: nothing of the latter."""

    relation: Relation | None = None
    age: Age | None = None
    way: Way | None = None
    country: str | None = None
    are_clear: bool = True

    @property
    def said(self) -> list[str | None]:
        """The answers as plain values, by which a repeated form is known."""
        words = [None if each is None else str(each.value) for each in (self.relation, self.age, self.way)]
        return [*words, self.country]


NOT_ASKED = Answers()


def read_answers(request: HttpRequest, countries: Collection[str]) -> Answers:
    """Return the answers of a form. One that cannot be read is left open and asked again: it loses nobody's report."""
    said = {field: request.POST.get(field, "") for field in _FIELDS}
    if not any(said.values()):
        return NOT_ASKED
    relation, age, way = _word(said["relation"], Relation), _word(said["age"], Age), _word(said["way"], Way)
    country = said["country"] if said["country"] in countries else None
    read = (relation, age, way, country)
    are_clear = all(each is not None for each, field in zip(read, _FIELDS, strict=True) if said[field])
    return Answers(*read, are_clear=are_clear)


def _word(said: str, words: type[Word]) -> Word | None:
    return next((word for word in words if word.value == said), None)
