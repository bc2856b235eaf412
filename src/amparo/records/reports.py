"""What a reporter's own pages read: queries only, nothing is decided or written here."""

from collections.abc import Mapping, Sequence

from django.db import connection

from amparo.cases.case import Case
from amparo.cases.refs import CaseId
from amparo.records import codec, models


def cases(ids: Sequence[CaseId]) -> Mapping[CaseId, Case]:
    """Return these cases as they are now, in one query and without locking them."""
    rows = models.Case.objects.filter(id__in=ids, state__isnull=False).values_list("id", "state")
    return {CaseId(each): codec.from_json(Case, state) for each, state in rows}


def ask_database() -> None:
    """Ask the database for anything at all. Raises Django's OperationalError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
