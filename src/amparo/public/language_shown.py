"""Which language a page is in, and to which pages a choice of language leads back."""

from django.conf import settings
from django.utils import translation

BACK = frozenset({"start", "help", "who", "age", "how", "check", "enter", "page", "certificate"})
"""The pages that can be looked at again, by the names of their addresses."""


def shown() -> str:
    """Return the language of this page as browsers and readers of screens know it."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
