"""The files of everything that a connected platform shows. Only of these can a copy be hidden later."""

import contextlib
from collections.abc import Iterator
from typing import IO

from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Away, Closed, Item, Showing, SourceError, Unreadable
from amparo.connectors.connector import Connector, ConnectorError, Listed, ListedFile


class Platform:
    """The files of what a connector lists, in its order."""

    def __init__(self, name: str, connector: Connector, holding: Holding) -> None:
        """Raise Closed for a platform that cannot list."""
        if not connector.capabilities.lists_all:
            raise Closed(
                f"The platform {name} cannot list what it shows. Files that you have elsewhere can be hashed from a "
                "directory or bucket.",
                code="unsupported",
            )
        self.name = f"connector:{name}"
        self._connector, self._holding = connector, holding

    def items(self, cursor: str | None) -> Iterator[Item]:
        """Yield every file of what is listed from `cursor` on. Only behind its last file is a subject done.

        Raises Away, Closed.
        """
        try:
            for listed in self._connector.catalogue(cursor):
                for file in listed.files[:-1]:
                    yield self._item(listed, file, cursor)
                cursor = listed.cursor
                for file in listed.files[-1:]:
                    yield self._item(listed, file, cursor)
        except ConnectorError as error:
            raise (Closed if error.permanent else Away)(str(error), code=error.code) from None

    def _item(self, listed: Listed, file: ListedFile, cursor: str | None) -> Item:
        return Item(
            f"{listed.subject.kind.value}/{listed.subject.id} {file.reference}",
            lambda: self._opened(listed, file),
            file.size_bytes,
            file.sha256,
            Showing(listed.subject, listed.account, listed.since),
            cursor,
        )

    @contextlib.contextmanager
    def _opened(self, listed: Listed, file: ListedFile) -> Iterator[IO[bytes]]:
        with self._holding.of(self._pieces(listed, file), file.size_bytes) as held:
            yield held

    def _pieces(self, listed: Listed, file: ListedFile) -> Iterator[bytes]:
        try:
            yield from self._connector.fetch_file(listed.subject, file)
        except ConnectorError as error:
            raise _meaning(error) from None


def _meaning(error: ConnectorError) -> SourceError:
    if error.code == "key_refused":
        return Closed(str(error), code=error.code)
    return (Unreadable if error.permanent else Away)(str(error), code=error.code)
