"""Many notices at once, each in a transaction of its own: what is wrong with one costs none of the others anything.

A link that the same sender has reported, and that still waits for its answer, joins that notice unless the row says
something graver or something else; what others reported changes no answer. Under one idempotency key each row has a key
of its own, so that a list that broke off half-way is sent again as a whole, and what was taken is not taken twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.notices import sending, taking
from amparo.api.notices.idempotency import refusals
from amparo.api.notices.names import notice_name
from amparo.api.notices.sending import Sending
from amparo.api.notices.shown import link_taken
from amparo.api.notices.standing import Standing
from amparo.api.notices.taking import INVALID, JOINED, LinkTaken
from amparo.api.notices.xarf import is_xarf
from amparo.api.notices.xarf import read as read_xarf
from amparo.cases.refs import NoticeId
from amparo.cases.words import Way
from amparo.plugins import installation
from amparo.records import api_notices

MOST_ROWS = 1000
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One notice of a list: as it was sent, or why it is none. `said`: what it was read of."""

    said: object
    sent: Sending | None = None
    wrong: ApiError | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What became of one row. `notice`: that which was opened, or the one that all its links joined."""

    index: int
    reference: str
    notice: NoticeId | None
    links: tuple[LinkTaken, ...]
    wrong: ApiError | None = None


def rows_in(told: object) -> Iterator[Row]:
    """Yield the rows of a JSON list: notices as `POST /v1/notices` takes them, and reports in XARF."""
    for each in told if isinstance(told, list) else ():
        yield row_of(each)


def row_of(told: Any) -> Row:
    """Return one row, and what is wrong with it where something is."""
    if not isinstance(told, Mapping):
        return Row(told, wrong=ApiError(422, "wrong_row", "A row is an object."))
    links = told.get("links", told.get("url"))
    shown = tuple(each[:2000] for each in (links if isinstance(links, list) else [links]) if isinstance(each, str))
    try:
        read = read_xarf(told) if is_xarf(told) else sending.read(told, way=Way.NOT_AT_ALL)
    except ApiError as wrong:
        return Row(told, wrong=wrong, links=shown[:50])
    # Nobody reads a thousand codes: a sender follows its notices with its key.
    return Row(told, replace(read, way=Way.NOT_AT_ALL), links=read.links)


def take(rows: Iterable[Row], caller: Caller, key: str | None) -> Iterator[Result]:
    """Take each row, and yield what became of it as soon as it is durable."""
    here = Standing(caller)
    for index, row in enumerate(rows):
        yield _take(index, row, caller, key, here)


def as_json(result: Result) -> dict[str, Any]:
    """Return a result as it is published."""
    wrong = result.wrong
    return {
        "index": result.index,
        "reference": result.reference or None,
        "notice": None if result.notice is None else notice_name(result.notice),
        "links": [link_taken(link) for link in result.links],
        "problem": None if wrong is None else {"code": wrong.code, "detail": wrong.sentence, "field": wrong.field},
    }


def counts(results: Iterable[Result]) -> dict[str, int]:
    """Return how many links ended in which way."""
    found = dict.fromkeys((taking.ACCEPTED, JOINED, taking.UNKNOWN, INVALID), 0)
    for link in (link for result in results for link in result.links):
        found[link.result] += 1
    return found


def _take(index: int, row: Row, caller: Caller, key: str | None, here: Standing) -> Result:
    if row.sent is None or row.wrong is not None:
        return _refused(index, row, row.wrong or ApiError(422, "wrong_row", "This row is no notice."))
    try:
        with refusals():
            return _taken(index, row.sent, row, caller, key, here)
    except ApiError as wrong:
        return _refused(index, row, wrong)


def _taken(index: int, sent: Sending, row: Row, caller: Caller, key: str | None, here: Standing) -> Result:
    told = taking.told_of(sent.links)
    intake = taking.intake_of(caller, "bulk", None if key is None else f"{key}#{index}", row.said)
    joined: dict[str, NoticeId] = {}
    before = None if key is None else api_notices.taken_under(intake)
    own = None if before is None else installation().casebook.notice(before)
    for link in told:
        found = here.found(link, sent, own)
        if found is not None:
            joined[link.link] = found
    new = tuple(link.link for link in told if link.link not in joined)
    if not new:
        notices = set(joined.values())
        for name in notices:
            # What is said anew is kept, too: a link that is known may come with words that are not.
            further = taking.intake_of(caller, f"joined:{name}", None if key is None else f"{key}#{index}", row.said)
            taking.say_more(name, sent, caller, further)
        return Result(index, sent.reference, notices.pop() if len(notices) == 1 else None, _as_joined(told, joined))
    taken = taking.open_notice(replace(sent, links=new), caller, intake, has_key=key is not None)
    for link in taken.links:
        here.note(link, taken.notice)
    return Result(index, sent.reference, taken.notice, _as_joined(told, joined))


def _as_joined(told: Iterable[LinkTaken], joined: Mapping[str, NoticeId]) -> tuple[LinkTaken, ...]:
    return tuple(replace(link, result=JOINED) if link.link in joined else link for link in told)


def _refused(index: int, row: Row, wrong: ApiError) -> Result:
    links = tuple(LinkTaken(link, INVALID, None, wrong.code) for link in row.links)
    reference = row.sent.reference if row.sent is not None else ""
    return Result(index, reference, None, links, wrong)
