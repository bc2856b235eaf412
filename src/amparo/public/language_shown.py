"""Which language a page is in, how it addresses its reader, and to which pages a choice of language leads back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

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


def speak_as_said(request: HttpRequest) -> str | None:
    """Go on in the language of the button that was pressed; return it, or None where the form says none.

    Whoever has chosen a language at the door keeps that one. English yields to a browser that puts another of our
    languages first: a site in English has readers of every language, one in another was chosen.
    """
    code = request.POST.get("language", "")
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or code not in dict(settings.LANGUAGES):
        return None
    if code == "en" and shown() != "en" and _is_first(request, shown()):
        return None
    translation.activate(code)
    return code


def _is_first(request: HttpRequest, code: str) -> bool:
    for language, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))[:1]:
        try:
            return get_supported_language_variant(language).partition("-")[0] == code
        except LookupError:
            return False
    return False


def remember(response: HttpResponse, code: str) -> HttpResponse:
    """Let the browser say this language from now on, until it ends."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
