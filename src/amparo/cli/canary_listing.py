"""Looks whether a site's list of everything has the canary, and whether that list goes on where it says.

A list may be long, and the canary may stand anywhere in it: it is read for some seconds, and a canary that was not met
by then is no fault.
"""

import time
from collections.abc import Callable
from itertools import islice

from amparo.cases.refs import Subject
from amparo.connectors.connector import Connector, Listed

_PATIENCE_SECONDS = 10.0
_LOOKED_AT = 3
Say = Callable[[str, bool | None, str, float, str], object]
"""Adds a row: what, whether it is right, what was found, when it began, what to mend."""


def prove_listing(connector: Connector, canary: Subject, bodies: list[bytes], say: Say) -> None:
    """Add the rows. `bodies`: the canary's files, as they were fetched. Raises ConnectorError."""
    started = time.monotonic()
    listed, is_whole = _read(connector, canary, started)
    met = next((each for each in listed if each.subject == canary), None)
    what = "the list of all has it"
    if met is None:
        is_right = False if is_whole else None
        found = "missing" if is_whole else f"not among the first {len(listed):,}"
        say(what, is_right, found, started, "Answer site.media with everything that is shown and has files.")
        return
    say(what, True, f"listed, with {len(met.files)} files", started, "")
    started = time.monotonic()
    fetched = [b"".join(connector.fetch_file(canary, file)) for file in met.files]
    mend = "Name the same files in site.media as in subject.fetch, and answer media.fetch for each."
    say("its listed files are fetched", sorted(fetched) == sorted(bodies), f"{len(fetched)}", started, mend)
    started = time.monotonic()
    goes_on = all(_goes_on(connector, listed, number) for number in range(min(_LOOKED_AT, len(listed))))
    mend = "A list must go on behind next_cursor and leave nothing out: let a cursor name a place, not a number."
    say("the list goes on where it says", goes_on, "it does" if goes_on else "it leaves some out", started, mend)


def _read(connector: Connector, canary: Subject, started: float) -> tuple[list[Listed], bool]:
    """Return what is listed up to the canary, or in so many seconds, and whether that was all."""
    listed = []
    for each in connector.catalogue(None):
        listed.append(each)
        if each.subject == canary or time.monotonic() - started > _PATIENCE_SECONDS:
            return listed, False
    return listed, True


def _goes_on(connector: Connector, listed: list[Listed], number: int) -> bool:
    """Whether a list that begins behind one line has the line after it, with no more before it than one page."""
    behind = [each.subject for each in listed[number + 1 : number + 2]]
    again = [each.subject for each in islice(connector.catalogue(listed[number].cursor), len(listed) + 500)]
    return all(subject in again for subject in behind)
