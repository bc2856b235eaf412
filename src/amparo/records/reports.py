"""What a reporter's own pages and the lead's figures read: queries only, nothing is decided or written here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from amparo.cases.case import Case
from amparo.cases.events import Entry
from amparo.cases.refs import CaseId, NoticeId
from amparo.records import codec, models


def cases(ids: Sequence[CaseId]) -> Mapping[CaseId, Case]:
    """Return these cases as they are now, in one query and without locking them."""
    rows = models.Case.objects.filter(id__in=ids, state__isnull=False).values_list("id", "state")
    return {CaseId(each): codec.from_json(Case, state) for each, state in rows}


def events_of(case: CaseId, kinds: Collection[type], since: datetime) -> tuple[Entry, ...]:
    """Return the events of these kinds from then on: of a case with ten thousand reporters the few that are asked."""
    rows = models.Event.objects.filter(aggregate=case, at__gte=since, type__in=[kind.__name__ for kind in kinds])
    columns = rows.order_by("seq").values("seq", "at", "actor", "policy", "type", "body")
    return tuple(codec.entry_from_row(row) for row in columns)


def ask_database() -> None:
    """Ask the database for anything at all. Raises Django's OperationalError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@dataclass(frozen=True)
class Certificate:
    """What was signed for a notice last. Without text it was taken back at `taken_back_at`."""

    text: str
    gone: frozenset[CaseId]
    made_at: datetime | None
    taken_back_at: datetime | None


def certificate(notice: NoticeId) -> Certificate | None:
    """Return the certificate of a notice, or None where there has never been one."""
    row = models.Certificate.objects.filter(notice=notice, made_at__isnull=False).first()
    if row is None:
        return None
    return Certificate(row.text, frozenset(CaseId(each) for each in row.gone), row.made_at, row.taken_back_at)


@dataclass(frozen=True)
class ExposureRow:
    """How often what fell under one policy was seen, by the month in which it was reported first (UTC).

    `uncounted`: cases whose platform has told nothing; `fell`: cases with a counter that went back, so that theirs
    are the least that is certain.
    """

    month: date
    policy: str
    cases: int
    before_notice: int
    after_notice: int
    after_hide: int
    uncounted: int
    fell: int


_EXPOSURE = """
SELECT date_trunc('month', coalesce((c.state ->> 'received_at')::timestamptz, c.opened_at) AT TIME ZONE 'UTC')::date
           AS month,
       gravest.policy AS policy,
       count(*),
       coalesce(sum((c.state #>> '{exposure,views,before_notice}')::numeric), 0)::bigint,
       coalesce(sum((c.state #>> '{exposure,views,after_notice}')::numeric), 0)::bigint,
       coalesce(sum((c.state #>> '{exposure,views,after_hide}')::numeric), 0)::bigint,
       count(*) FILTER (WHERE c.state #>> '{exposure,fell}' IS NULL),
       count(*) FILTER (WHERE (c.state #>> '{exposure,fell}')::int > 0)
  FROM records_case c
 CROSS JOIN LATERAL (
       SELECT split_part(g ->> 'policy', '@', 1) AS policy
         FROM jsonb_array_elements(c.state -> 'grounds') g
        WHERE g ->> 'status' <> 'withdrawn'
        ORDER BY (g ->> 'lane')::int DESC, 1
        LIMIT 1) gravest
 WHERE c.state IS NOT NULL AND c.kind <> 'account' AND c.opened_at >= %s
 GROUP BY month, gravest.policy
 ORDER BY month DESC, gravest.policy
"""


def exposure(since: datetime) -> list[ExposureRow]:
    """Return the exposure in all, newest month first: each case once, under the policy of its gravest ground.

    Accounts have no counter; a case all of whose grounds were withdrawn is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EXPOSURE, [since])
        return [ExposureRow(*row) for row in cursor.fetchall()]
