"""The files of everything that a connected platform shows. Only of these can a copy be hidden later."""

import contextlib
from collections.abc import Iterator
from typing import IO

from amparo.catalogue.holding import Holding, too_large
from amparo.catalogue.item import Away, Closed, Item, Showing, SourceError, Unreadable
from amparo.connectors.connector import Connector, ConnectorError, Listed, ListedFile
from amparo.media.errors import Refused


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
                    yield self.item(_showing(listed, file), cursor)
                cursor = listed.cursor
                for file in listed.files[-1:]:
                    yield self.item(_showing(listed, file), cursor)
        except ConnectorError as error:
            raise (Closed if error.permanent else Away)(str(error), code=error.code) from None

    def item(self, showing: Showing, cursor: str | None) -> Item:
        """Return a file that was listed, now or earlier."""
        file = showing.file
        return Item(
            f"{showing.subject.kind.value}/{showing.subject.id} {file.reference}",
            lambda: self._opened(showing),
            file.size_bytes,
            file.sha256,
            showing,
            cursor,
        )

    @contextlib.contextmanager
    def _opened(self, showing: Showing) -> Iterator[IO[bytes]]:
        with self._holding.of(self._pieces(showing), showing.file.size_bytes) as held:
            yield held

    def _pieces(self, showing: Showing) -> Iterator[bytes]:
        try:
            yield from self._connector.fetch_file(showing.subject, showing.file)
        except ConnectorError as error:
            raise _meaning(error) from None


def _showing(listed: Listed, file: ListedFile) -> Showing:
    return Showing(listed.subject, listed.account, listed.since, file)


def _meaning(error: ConnectorError) -> SourceError | Refused:
    if error.code == "key_refused":
        return Closed(str(error), code=error.code)
    if error.code == "too_large":
        return too_large()
    return (Unreadable if error.permanent else Away)(str(error), code=error.code)
