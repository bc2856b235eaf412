"""Which language a page is in, how it addresses its reader, and to which pages a choice of language leads back."""

from django.conf import settings
from django.utils import translation

from amparo.cases.words import Age
from amparo.letters.addressing import catalogue_for

BACK = frozenset(
    {
        "start",
        "help",
        "who",
        "age",
        "how",
        "check",
        "enter",
        "page",
        "certificate",
        "school",
        "packet",
        "statement",
        "office_link",
        "picture",
        "own_picture",
    }
)
"""The pages that can be looked at again, by the names of their addresses."""


def speak_to(age: Age | None) -> None:
    """Let the rest of this page address an adult as one. As long as nobody has said so, it may be a child."""
    if age is Age.ADULT:
        translation.activate(catalogue_for(shown(), age))


def shown() -> str:
    """Return the language of this page as browsers and readers of screens know it."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
