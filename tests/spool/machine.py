"""One machine's database, spool and vault, as the tests of an outage need them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from amparo.records.spooled import Spooled, from_bytes
from amparo.vault.client import VaultClient
from amparo.vault.spool import waiting
from amparo.workers.spool import TakeIn

NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@dataclass
class Outage:
    """The database of this process, away or back."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nothing answers where the database was; the door learns it as it would, by asking."""
        from amparo.settings import database_settings

        real = os.environ["DATABASE_URL"]
        try:
            self._ask_at(NOWHERE, database_settings)
            with pytest.raises(OperationalError):
                connection.ensure_connection()
            yield
        finally:
            self._ask_at(real, database_settings)

    @contextmanager
    def changed(self, options: str) -> Iterator[None]:
        """The database answers with other settings, such as a standby's."""
        connection.close()
        before = connection.settings_dict["OPTIONS"]
        connection.settings_dict["OPTIONS"] = {**before, "options": options}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["OPTIONS"] = before

    def _ask_at(self, url: str, read: Callable[[], dict[str, object]]) -> None:
        os.environ["DATABASE_URL"] = url
        connection.close()
        connection.settings_dict.update(read())


@dataclass
class Machine:
    """One machine's spool, with the vault that opens it and the worker that takes it in."""

    taking_in: TakeIn
    vault: VaultClient
    directory: Path

    def names(self) -> list[str]:
        return [label.name for label in waiting(self.directory)]

    def opened(self, name: str) -> Spooled:
        return from_bytes(self.vault.open_for("system:spool", "take_in", name), settings.SECRET_KEY)

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.directory.rglob("*") if path.is_file())
