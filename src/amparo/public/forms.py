"""Reading what a form brought. What cannot be taken is said in a sentence, and the text is given back, never lost."""

import hashlib
import json
import re
import uuid
from enum import Enum
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

MOST_LETTERS = 20_000
MOST_LETTERS_IN_A_LINE = 300
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")

Word = TypeVar("Word", bound=Enum)


class BadForm(Exception):
    """A form that cannot be taken as it is. `sentences` say what is wrong and what to do."""

    def __init__(self, *sentences: str, status: int = 400) -> None:
        super().__init__("a form could not be taken")
        self.sentences = sentences
        self.status = status


def readable(text: str) -> str:
    """Return the text. Raises BadForm for letters that no keyboard makes; the form comes back with the others."""
    if _UNREADABLE.search(text):
        raise BadForm(_("Some letters in it could not be read. We took them out."), _("Look at it and send again."))
    return text


def kept(text: str) -> str:
    """Return a text as it is given back in the form: without the letters that could not be read."""
    return _UNREADABLE.sub("", text)


def word(request: HttpRequest, field: str, words: type[Word]) -> Word:
    """Return the choice a button sent. Raises BadForm for anything that is not one of the choices."""
    try:
        return words(request.POST.get(field, ""))
    except ValueError:
        raise BadForm(_("We did not get your answer. Go back and press one of the buttons.")) from None


def text(request: HttpRequest, field: str) -> str:
    """Return what somebody wrote, without blanks around it. Raises BadForm where it is too long or unreadable."""
    written = request.POST.get(field, "").strip()
    if len(written) > MOST_LETTERS:
        raise BadForm(
            _("This is too long for one message. Send it in two parts."),
            _("One message takes %(most)s letters.") % {"most": MOST_LETTERS},
        )
    return readable(written)


def line(request: HttpRequest, field: str) -> str:
    """Return what somebody wrote as one line. Raises BadForm where it is too long or unreadable."""
    written = " ".join(text(request, field).split())
    if len(written) > MOST_LETTERS_IN_A_LINE:
        raise BadForm(
            _("One of the boxes holds too much."),
            _("Write at most %(most)s letters in it.") % {"most": MOST_LETTERS_IN_A_LINE},
        )
    return written


def new_key() -> str:
    """Return a fresh key for a form, so that sending it twice is sending it once."""
    return str(uuid.uuid4())


def key_of(request: HttpRequest) -> str:
    """Return the form's key, or a fresh one where it brought none or not a UUID: then it is a form of its own."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        # Kept with the request: should the books go away half-way, the spool takes the form under the same key.
        if not hasattr(request, "key_given"):
            request.key_given = new_key()  # type: ignore[attr-defined]
        return str(request.key_given)  # type: ignore[attr-defined]


def digest(*fields: object) -> str:
    """Return the digest of what a form brought, by which a repeated form is known."""
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
