"""An upload that is asked about: what came, what it will stand under, and how long somebody waits."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest

from amparo.api.bodies import field_of
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.limits import LONGEST_SECONDS, limits
from amparo.api.looking import Deadline, Looked
from amparo.api.matching import Matching, May
from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.places import ID
from amparo.plugins import installation
from amparo.records.api_keys import Scope

_NUMBER = re.compile(r"\d{1,4}(\.\d{1,6})?")


@dataclass(frozen=True)
class Place:
    """Where an upload will stand: a post, and the account that posts it, where that was said."""

    subject: Subject
    account: Subject | None


def deadline_in(request: HttpRequest) -> Deadline:
    """Return when whoever asks stops waiting: after `within` seconds, or as the settings say. Raises ApiError 422."""
    written = field_of(request, "within")
    if not written:
        return Deadline(limits().deadline_seconds)
    seconds = float(written) if _NUMBER.fullmatch(written) and written.isascii() else 0.0
    if not 0.1 <= seconds <= LONGEST_SECONDS:
        sentence = f"`within` is a number of seconds from 0.1 to {LONGEST_SECONDS:.0f}."
        raise ApiError(422, "wrong_within", sentence, field="within")
    return Deadline(seconds)


def place_in(subject: str, account: str, caller: Caller) -> Place | None:
    """Return where an upload will stand, as `platform:kind:id`; None where nothing was said. Raises ApiError."""
    if not subject:
        if account:
            raise ApiError(422, "no_subject", "`account` says nothing without `subject`.", field="subject")
        return None
    if Scope.SHOW not in caller.may:
        raise ApiError(403, "not_this_key", "This key may not say what is shown: it takes one made with --may show.")
    found, whose = _subject(subject, "subject"), _subject(account, "account") if account else None
    if found.is_account or (whose is not None and (not whose.is_account or whose.platform != found.platform)):
        sentence = "`subject` is a post, message or live room, and `account` an account of the same platform."
        raise ApiError(422, "wrong_subject", sentence, field="subject" if found.is_account else "account")
    return Place(found, whose)


def note(matching: Matching, looked: Looked, place: Place | None) -> bool:
    """Put an upload into the index of what is shown, unless it must not be shown; return whether that was done."""
    is_to_be_kept_down = looked.may is not None and looked.may >= May.HIDE
    if place is None or looked.file is None or is_to_be_kept_down:
        return False
    now = datetime.now(UTC)
    matching.keep(looked.file, now)
    matching.show(place.subject, place.account, looked.file.sha256, now)
    return True


def _subject(written: str, name: str) -> Subject:
    platform, _, rest = written.partition(":")
    kind, _, own = rest.partition(":")
    if platform not in installation().connectors:
        raise ApiError(422, "unknown_platform", f"`{name}` names a platform that is not connected.", field=name)
    try:
        subject = Subject(platform, SubjectKind(kind), own)
    except ValueError:
        subject = None
    if subject is None or not ID.fullmatch(own):
        sentence = (
            f"`{name}` is written platform:kind:id, such as forum:post:4711; kinds are post, message, live, account."
        )
        raise ApiError(422, "wrong_subject", sentence, field=name)
    return subject
