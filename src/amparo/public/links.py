"""Reading what people paste: links by line, blank or comma, with words around them. Bad links are kept, not refused."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amparo.cases.decide_notice import MOST_LINKS
from amparo.cases.refs import Subject
from amparo.cases.words import LinkProblem
from amparo.public.forms import BadForm, readable

LONGEST_LINK = 2000

Place = Callable[[str], Subject | LinkProblem]


@dataclass(frozen=True)
class Pasted:
    """One link or a run of words, and which subject it names or why none."""

    text: str
    found: Subject | LinkProblem


def read_links(text: str, place: Place, *, may_be_none: bool = False) -> tuple[Pasted, ...]:
    """Return what was pasted, each once, in its order. Raises BadForm for what no report can take.

    With `may_be_none` no link at all is one thing for a person to look at, too: what has no link yet is no less true.

    Words that are no link are kept together: "look at this" is one thing for a person to read, not three.
    """
    found: dict[str, Pasted] = {}
    for line in readable(text).splitlines():
        for pasted in _in_line(line, place):
            found.setdefault(pasted.text, pasted)
    if not found and may_be_none:
        return (Pasted("", LinkProblem.NO_LINK),)
    if not found:
        raise BadForm(_("Paste at least one link to the post."))
    if len(found) > MOST_LINKS:
        raise BadForm(
            _("You pasted %(count)s links. One report takes %(most)s.") % {"count": len(found), "most": MOST_LINKS},
            _("Send the first ones now. Then send a second report."),
        )
    return tuple(found.values())


def _in_line(line: str, place: Place) -> Iterator[Pasted]:
    words: list[str] = []
    for piece in _pieces(line, place):
        if len(piece) > LONGEST_LINK:
            raise BadForm(
                _("One of the links is too long. A link has at most %(most)s letters.") % {"most": LONGEST_LINK},
                _("Take out what does not belong to it and send again."),
            )
        found = place(piece)
        if found is LinkProblem.NOT_A_LINK:
            words.append(piece)
            continue
        if words:
            yield Pasted(" ".join(words), LinkProblem.NOT_A_LINK)
            words = []
        yield Pasted(piece, found)
    if words:
        yield Pasted(" ".join(words), LinkProblem.NOT_A_LINK)


def _pieces(line: str, place: Place) -> Iterator[str]:
    for word in re.split(r"\s+|,(?=https?://)", line):
        whole = word.strip("<>\"'()[]{},;.")
        parts = [part for part in whole.split(",") if part]
        # A comma may stand inside a link. It parts two links only where a part alone names something.
        if len(parts) > 1 and not isinstance(place(whole), Subject) and any(_names(part, place) for part in parts):
            yield from parts
        elif whole:
            yield whole


def _names(part: str, place: Place) -> bool:
    return len(part) <= LONGEST_LINK and isinstance(place(part), Subject)
