"""What people are to look at, read from the rows: queries only, nothing is decided or written here."""

from amparo.cases.refs import CaseId
from amparo.records import models


def notices_of(case: CaseId) -> list[str]:
    """Return the notices that name a case's subject."""
    return list(models.CaseNotice.objects.filter(case=case).order_by("id").values_list("notice", flat=True))
