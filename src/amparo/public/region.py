"""Which country a browser's language names, so that its help lines stand open. It is read, used and forgotten.

An address would tell more, and is never asked: it is no business of a page that only shows phone numbers.
"""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header


def region_of(request: HttpRequest | None, known: Collection[str]) -> str | None:
    """Return the first known country that the languages of the browser name, such as PL for `pl-PL`, or None."""
    if request is None:
        return None
    for language, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        region = language.rpartition("-")[2].upper() if "-" in language else ""
        if region in known:
            return region
    return None
