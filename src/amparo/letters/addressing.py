"""In which language somebody is written to, and whether as a child or as an adult."""

from django.conf import settings

from amparo.cases.words import Age

_FOR_ADULTS = {"fr": "fr-vous"}
"""Languages that address an adult otherwise. The catalogue holds what differs; all else is the language's own."""


def catalogue_for(language: str | None, age: Age | None) -> str:
    """Return the catalogue to write from. As long as nobody has said that it is an adult, it may be a child.

    A language that is not spoken here, or unknown, is that of the settings.
    """
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return _FOR_ADULTS.get(spoken, spoken) if age is Age.ADULT else spoken
