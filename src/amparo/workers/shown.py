"""What platforms show, file by file: kept, so that copies are found backwards, and held at once where it is known."""

import logging
from datetime import datetime

from amparo.cases.refs import Subject
from amparo.catalogue.item import Away, Closed
from amparo.connectors.connector import ConnectorError
from amparo.matching.fingerprint import Fingerprint
from amparo.plugins import Installation
from amparo.records import looks, media_files
from amparo.records.matcher import Verdict
from amparo.workers import hashing, matching

log = logging.getLogger(__name__)


class KeptBook:
    """Keeps `catalogue.book.Book` for files of which nothing says who shows them."""

    def is_kept(self, sha256: str) -> bool:
        return media_files.is_kept(sha256)

    def keep(self, fingerprint: Fingerprint, at: datetime) -> None:
        media_files.keep(fingerprint, at)

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        media_files.show(subject, account, sha256, at)

    def looked_at(self, subject: Subject, file_key: str, at: datetime, why: str) -> None:
        looks.looked_at(subject, file_key, at, why)


class ShownBook(KeptBook):
    """Keeps it for what a platform shows, and holds what is known.

    `show` raises NotReady where the index cannot say what is known, and Away, Closed or SandboxFailed where a
    suspected copy could not be looked at more closely: then it is to be repeated.
    """

    def __init__(self, here: Installation) -> None:
        self._here = here

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        super().show(subject, account, sha256, at)
        file = media_files.of(sha256)
        if file is None or matching.look_up(self._here, subject, file) is not Verdict.SUSPECTED:
            return
        try:
            whole = hashing.whole_of(self._here, subject, sha256)
        except ConnectorError as error:
            if error.code == "key_refused":
                raise Closed(str(error), code=error.code) from None
            if error.permanent:
                log.warning("a suspected copy cannot be looked at more closely: %s", error.code)
                return
            raise Away(str(error), code=error.code) from None
        if whole is not None:
            matching.take_up(self._here, subject, account, whole)
