"""What programs are told of their own notices: rows that are written with what was decided, and sent by a worker.

A message says that something happened to a notice, by ids alone; what it is, the program asks for with its key. The
types follow what the reporter of that notice is told, so nobody hears of anybody else's: that a hide was asked for is
no message, since only the first of several reports asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amparo.cases.events import Entry
from amparo.cases.notice_events import (
    LetterSent,
    NoticeAnswered,
    NoticeClosed,
    NoticeOpened,
    NoticeReopened,
    ReporterTold,
)
from amparo.cases.transaction import Change
from amparo.cases.words import Told
from amparo.records.statements import Batch

TEST = "webhook.test"
GONE = "item.gone_verified"
SHUT = "item.shut_verified"
"""What is said for GONE of a site whose page does not tell what is gone from what is hidden."""
OF_NEWS: Mapping[Told, str] = {
    Told.HIDDEN: "item.hidden_seen",
    Told.NOT_HIDDEN_YET: "item.not_hidden_yet",
    Told.LOOKING: "item.looked_at",
    Told.LATE: "notice.late",
    Told.REMOVED: "item.decided",
    Told.KEPT: "item.decided",
    Told.GONE: GONE,
    Told.CAME_BACK: "item.came_back",
    Told.REOPENED: "item.reopened",
    Told.LINK_FOUND: "item.found",
    Told.LINK_NOT_FOUND: "item.not_found",
    Told.LINK_ELSEWHERE: "item.elsewhere",
}
_OF_EVENTS: Mapping[type, str] = {
    NoticeOpened: "notice.received",
    NoticeAnswered: "notice.answered",
    NoticeReopened: "notice.reopened",
    NoticeClosed: "notice.closed",
    LetterSent: "notice.letter",
}
TYPES = tuple(sorted({*_OF_EVENTS.values(), *OF_NEWS.values()}))

# The id follows from what happened, so that nothing is told twice. Which link it is, the notice's row says.
_INTO = """
INSERT INTO records_webhookmessage (id, endpoint, type, notice, link, at, tries, next_try_at, status)
SELECT 'msg_' || left(encode(sha256(convert_to(t.source || ':' || e.id || ':' || a.notice, 'UTF8')), 'hex'), 32),
       e.id, t.type, a.notice,
       (SELECT min((l ->> 'position')::int) + 1
          FROM records_notice n CROSS JOIN jsonb_array_elements(n.state -> 'links') l
         WHERE n.id = a.notice AND l ->> 'case' = t.about),
       t.at, 0, t.at, ''
  FROM jsonb_to_recordset(%s::jsonb) AS t (source text, aggregate text, about text, type text, at timestamptz)
  JOIN records_apinotice a ON a.notice = t.aggregate
  JOIN records_webhookendpoint e
    ON e.sender = a.sender AND e.ended_at IS NULL AND (e.only = '[]'::jsonb OR e.only ? t.type)
ON CONFLICT DO NOTHING
"""


def add(batch: Batch, changes: Sequence[Change]) -> None:
    """Add the messages that follow from some changes. They go last: they read what was written before them."""
    batch.add_rows(_INTO, [row for change in changes for row in _rows(change)])


def _rows(change: Change) -> Iterator[dict[str, Any]]:
    for entry in change.entries:
        kind = _type_of(entry)
        about = entry.event.case if isinstance(entry.event, ReporterTold) else None
        if kind is not None:
            source = f"{change.aggregate}:{entry.seq}"
            yield {
                "source": source, "aggregate": change.aggregate, "about": about, "type": kind,
                "at": entry.at.isoformat(),
            }  # fmt: skip


def _type_of(entry: Entry) -> str | None:
    match entry.event:
        case ReporterTold(what=what):
            # A kind of news that has no message keeps no report from being taken; a test misses it.
            return OF_NEWS.get(what)
        case event:
            return _OF_EVENTS.get(type(event))
