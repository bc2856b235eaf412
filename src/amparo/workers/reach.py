"""Reads how often a subject was seen: beside an order to the platform, never before it, and again until it answers.

A platform that does not tell its counters in time delays nothing else, and rings for nobody: a figure is late, no
content is. So its errors are not recorded as trouble with the platform, which would change what reporters are told.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Connector as ConnectorActor
from amparo.cases.case_commands import RecordReach
from amparo.cases.refs import CaseId, Subject
from amparo.connectors.connector import ConnectorError, Reach
from amparo.plugins import Installation
from amparo.records import effects
from amparo.records.effects import Work

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a platform told, and when; `reach` is None where it does not tell."""

    reach: Reach | None
    read_at: datetime


Asked = Future[Reading]


@contextmanager
def asked_beside(here: Installation, work: Work | None) -> Iterator[Asked | None]:
    """Ask for the counters at once, while the body of the `with` gives its orders. Without `work`, ask nothing.

    Whoever hides must not wait for whoever counts. At the end of the body the answer is waited for: no longer than
    the connector waits for any.
    """
    case = None if work is None else here.casebook.case(work.aggregate)
    if case is None:
        yield None
        return
    with ThreadPoolExecutor(1, thread_name_prefix="reach") as beside:
        yield beside.submit(_ask, here, case.subject)


def read_reach(here: Installation, work: Work, asked: Asked | None = None) -> str | None:
    """Record what the platform's counters say. One reading at a time for a case, so that they stay in order."""
    case = here.casebook.case(work.aggregate)
    assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
    if effects.has_earlier(work):
        if work.tries == 1:
            return None  # It may be on its way just now.
        effects.give_up_earlier(work, "overtaken", here.casebook.now())
    try:
        reading = _ask(here, case.subject) if asked is None else asked.result()
    except ConnectorError as error:
        log.info("the counters for %s could not be read: %s", work.aggregate, error.code)
        return error.code if error.permanent else None
    if reading.reach is None:
        return "untold"
    reach, actor = reading.reach, ConnectorActor(case.subject.platform)
    here.casebook.execute(RecordReach(CaseId(case.id), reach.views, reach.reshares, reading.read_at, actor))
    return "read"


def _ask(here: Installation, subject: Subject) -> Reading:
    """Ask the platform. Runs beside the rest, so it touches no database."""
    connector = here.connectors.get(subject.platform)
    if connector is None:
        # Whoever has orders for it rings; a count just waits until it is connected again.
        raise ConnectorError("The platform is not connected.", permanent=False, code="not_connected")
    is_told = connector.capabilities.counts_views and not subject.is_account
    reach = connector.reach(subject) if is_told else None
    return Reading(reach, here.casebook.now())
