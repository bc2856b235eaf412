"""The book of file addresses in PostgreSQL, so that a restart, or another worker, looks at every file of before."""

import hashlib
from collections.abc import Sequence

from django.db.models import QuerySet

from amparo.cases.refs import Subject
from amparo.connectors.file_addresses import MOST_OF_A_SUBJECT
from amparo.records import models


class KeptAddresses:
    """Keeps the addresses of files by their subject. Raises Django's OperationalError where the database is away."""

    def known(self, subject: Subject, named: Sequence[str]) -> Sequence[str]:
        """Keep the addresses that are named now; return these and the ones of before, none of them twice."""
        before = list(_of(subject).values_list("address", flat=True)[:MOST_OF_A_SUBJECT])
        if new := set(named) - set(before):
            self._keep(subject, sorted(new))
        return list(dict.fromkeys((*named, *before)))[:MOST_OF_A_SUBJECT]

    def _keep(self, subject: Subject, new: Sequence[str]) -> None:
        rows = [
            models.FileAddress(
                platform=subject.platform,
                kind=subject.kind.value,
                subject_id=subject.id,
                sha256=hashlib.sha256(address.encode()).hexdigest(),
                address=address,
            )
            for address in new
        ]
        models.FileAddress.objects.bulk_create(rows, ignore_conflicts=True)
        # A platform that signs its addresses anew for each question would fill the table.
        surplus = list(_of(subject).values_list("id", flat=True)[MOST_OF_A_SUBJECT:])
        models.FileAddress.objects.filter(id__in=surplus).delete()


def _of(subject: Subject) -> QuerySet[models.FileAddress]:
    found = models.FileAddress.objects.filter(platform=subject.platform, kind=subject.kind.value, subject_id=subject.id)
    return found.order_by("-id")
