"""Who saw a subject, in sentences: as far as its platform counts, with the times at which it was counted."""

from amparo.cases.case import Case
from amparo.cases.exposure import Exposure, Spread
from amparo.connectors.connector import Capabilities
from amparo.console.wording import count
from amparo.records.reports import ExposureRow


def seen_by(case: Case, capabilities: Capabilities) -> list[str]:
    """Return what is known of how often a subject was seen; for an account nothing, since it has no counter."""
    if case.subject.is_account:
        return []
    if case.exposure is None:
        return ["not counted yet" if capabilities.counts_views else "this site does not count views"]
    exposure, since = case.exposure, "the report" if case.notices else "it was found"
    return [
        _spread(exposure.views, "view", since),
        *([] if exposure.reshares is None else [_spread(exposure.reshares, "reshare", since)]),
        _times(case, exposure, since),
        *(["A counter of the site went back, so these are the least."] if exposure.fell else []),
    ]


def seen_in_all(rows: list[ExposureRow]) -> list[tuple[ExposureRow, str]]:
    """Return each row of the exposure in all with what its figures leave out."""
    return [(row, _left_out(row)) for row in rows]


def _spread(spread: Spread, one: str, since: str) -> str:
    told = f"{_many(spread.before_notice, one)} before {since}, {spread.after_notice:,} after it"
    told += f", {spread.after_hide:,} after it was hidden"
    return told + (f", {spread.shown_again:,} while it was kept" if spread.shown_again else "")


def _times(case: Case, exposure: Exposure, since: str) -> str:
    # To the second of the clock of the books, which began the case.
    late = max(int((exposure.first_read_at - case.reported_at).total_seconds()), 0)
    told = f"First counted {_length(late)} after {since}"
    if case.received_at is not None:
        told += ", since our books were away"
    is_hidden = case.hidden_at is not None and exposure.first_read_at > case.hidden_at
    if is_hidden:
        told += ", when it was hidden already"
    if is_hidden or case.received_at is not None:
        told += ": what was seen in between counts as before"
    return f"{told}; last at {exposure.read_at:%d %b, %H:%M:%S}. Our own looks may be among them."


def _length(seconds: int) -> str:
    if seconds < 120:
        return count(seconds, "second")
    return count(seconds // 60, "minute") if seconds < 7200 else count(seconds // 3600, "hour")


def _left_out(row: ExposureRow) -> str:
    told = [f"{count(row.uncounted, 'case')} without a count"] if row.uncounted else []
    told += [f"{count(row.fell, 'case')} with a counter that went back"] if row.fell else []
    return ", ".join(told)


def _many(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
