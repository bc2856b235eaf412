"""Keeps one form of the door in the spool, in an outage or a flood: sealed, under the key it would have had there."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from amparo.cases.refs import NoticeId
from amparo.plugins import spool, without_books
from amparo.public.forms import digest, new_key
from amparo.public.language_shown import shown
from amparo.public.network import network_of
from amparo.public.tickets import DRAFT
from amparo.records import codes
from amparo.records.casebook import KeyReused
from amparo.records.spooled import Spooled, to_bytes
from amparo.vault.spool import Label
from amparo.vault.spool_writer import Kept, OtherBody

log = logging.getLogger(__name__)

_REPEAT_WITHIN = timedelta(seconds=DRAFT.seconds)


def keep(
    request: HttpRequest, notice: NoticeId, key: str, body_sha256: str, code: str | None = None, **said: Any
) -> Kept:
    """Seal one form to the spool; return what is kept under its key. Raises KeyReused and NotSealed."""
    now = without_books().casebook.now()
    sealed = Spooled(
        notice,
        key,
        body_sha256,
        now,
        network_of(request),
        code_sha256=None if code is None else codes.hash_of(code),
        code_expires_at=None if code is None else now + codes.VALID_FOR,
        language=shown(),
        **said,
    )
    label = Label(sealed.name, now, sealed.body_mac, getattr(request, "behind_seconds", None))
    try:
        found = spool().keep(label, to_bytes(sealed, settings.SECRET_KEY))
    except OtherBody:
        raise KeyReused(
            "This form was sent before with other answers. Go back, reload the page and send again."
        ) from None
    is_busy = getattr(request, "is_busy", False)
    log.info("kept %s: %s", "in a flood" if is_busy else "while the database is away", sealed.name)
    if now - found.received_at > _REPEAT_WITHIN:
        # As with the books: later than this, whoever has the key of a form is somebody else.
        raise KeyReused("This form was sent before. Look at it and send it once more.")
    return found


def keep_alone(request: HttpRequest, notice: NoticeId, code: str | None = None, **said: Any) -> None:
    """Seal a form that has no key of its own: sent twice, it says the same thing twice."""
    keep(request, notice, f"spool:{new_key()}", digest(notice), code, **said)
