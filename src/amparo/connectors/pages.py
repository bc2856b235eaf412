"""A site's list, page by page, to its end: a list that lies about its end is left."""

from collections.abc import Callable, Iterator
from itertools import count

from amparo.connectors.connector import ConnectorError, Listed

_MOST_EMPTY = 50
"""So many pages in a row without a file are no list of files. There may be some: between them, posts may be hidden."""

Ask = Callable[[str | None], tuple[list[Listed], str | None]]
"""Returns the page that begins at a cursor, and the cursor of the next page, None behind the last one."""


def pages(ask: Ask, cursor: str | None) -> Iterator[Listed]:
    """Yield what is listed from `cursor` on. Raises what `ask` raises, and ConnectorError for a list without an end.

    One that goes on for ever and shows another file on every page cannot be told from a large site.
    """
    landmark, empty = cursor, 0
    for asked in count(1):
        listed, following = ask(cursor)
        yield from listed
        if following is None:
            return
        empty = 0 if any(each.files for each in listed) else empty + 1
        if empty >= _MOST_EMPTY:
            raise _strange(f"The site's list goes on for {_MOST_EMPTY} pages without a file.")
        # A list that leads back to a place of before is found without keeping every place (R. P. Brent, 1980).
        if following == landmark:
            raise _strange("The site's list never ends.")
        cursor = following
        if asked.bit_count() == 1:
            landmark = cursor


def _strange(sentence: str) -> ConnectorError:
    return ConnectorError(sentence, permanent=True, code="strange_answer")
