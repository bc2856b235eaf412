"""What the tests of files, banks and their index share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections


@pytest.fixture
def no_media(amparo_home: Path) -> Iterator[None]:
    """No file, no bank and no alarm, before and after. Rows are deleted: to truncate every table takes far longer."""
    _forget()
    yield
    _forget()
    connections.close_all()


def _forget() -> None:
    from amparo.records import models  # There are no tables before the home is made.

    models.BankItem.objects.all().delete()
    models.Bank.objects.all().delete()
    models.MediaFile.objects.all().delete()
    models.Shown.objects.all().delete()
    models.Alarm.objects.all().delete()
    models.BankAct.objects.all().delete()
    models.Staff.objects.all().delete()
