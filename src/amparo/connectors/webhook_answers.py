"""What a site answers, as typed values. Every answer is hostile until it has passed through here.

The shapes stand in docs/reference/webhook-connector.openapi.json. Unknown fields are passed over, so that a site may
be newer than we are; a known one of the wrong type refuses the whole answer. Only a counter does not: nothing hidden
is called shown because a figure is odd.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.connector import Answer, ConnectorError, Listed, ListedFile, count_in
from amparo.connectors.places import ID

MOST_FILES = 200
MOST_LISTED = 500
_LONGEST_TEXT = 200_000
_LONGEST_ADDRESS = 2_000
_KINDS = {each.value: each for each in SubjectKind if each is not SubjectKind.ACCOUNT}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")


@dataclass(frozen=True)
class File:
    """One file of a subject: its id for `media.fetch`, and where a stranger's browser finds it."""

    id: str
    url: str
    media_type: str


@dataclass(frozen=True)
class Told:
    """What a site says of a subject."""

    version: int
    account: str | None
    text: str | None
    files: tuple[File, ...]
    views: int | None
    reshares: int | None


def read_json(body: bytes) -> Mapping[str, Any]:
    """Return an answer's JSON object. Raises ConnectorError for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise _strange("an answer that is no JSON object")
    return told


def read_order(told: Mapping[str, Any]) -> Answer:
    """Return what the site says of an order: whether it saw its id before, where it says so."""
    is_replay = told.get("replayed")
    if is_replay is not None and not isinstance(is_replay, bool):
        raise _strange('"replayed" is neither true nor false')
    return Answer(is_replay)


def read_subject(told: Mapping[str, Any]) -> Told:
    """Return what the site says of a subject."""
    files = told.get("media", [])
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise _strange(f'"media" is no list of at most {MOST_FILES} files')
    version = told.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 2**31:
        raise _strange('"version" is no whole number')
    account = told.get("account")
    if account is not None:
        account = _id(account)
    text = told.get("text")
    if text is not None and (not isinstance(text, str) or len(text) > _LONGEST_TEXT):
        raise _strange('"text" is no text, or too long')
    return Told(
        version,
        account,
        text,
        tuple(_file(each) for each in files),
        count_in(told.get("views")),
        count_in(told.get("reshares")),
    )


def read_list(told: Mapping[str, Any], platform: str) -> tuple[list[Subject], str | None]:
    """Return one page of an account's subjects, and where the next one begins."""
    listed, cursor = _page(told)
    return [_subject(each, platform) for each in listed], cursor


def read_catalogue(told: Mapping[str, Any], platform: str, cursor: str | None) -> tuple[list[Listed], str | None]:
    """Return one page of what the site shows, which began at `cursor`, and where the next one begins.

    Only behind its last item does a page's list go on elsewhere; behind the others it is that page that comes again.
    """
    listed, following = _page(told)
    places = [cursor] * (len(listed) - 1) + [following or cursor]
    return [_listed(each, platform, place) for each, place in zip(listed, places, strict=False)], following


def _page(told: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], str | None]:
    listed, cursor = told.get("subjects"), told.get("next_cursor")
    if not isinstance(listed, list) or len(listed) > MOST_LISTED:
        raise _strange(f'"subjects" is no list of at most {MOST_LISTED}')
    if cursor is not None and (not isinstance(cursor, str) or len(cursor) > 500):
        raise _strange('"next_cursor" is no text')
    if not all(isinstance(each, dict) and each.get("kind") in _KINDS for each in listed):
        raise _strange('a listed subject is none of "post", "message" and "live"')
    return listed, cursor


def _subject(told: Mapping[str, Any], platform: str) -> Subject:
    return Subject(platform, _KINDS[told["kind"]], _id(told.get("id")))


def _listed(told: Mapping[str, Any], platform: str, cursor: str | None) -> Listed:
    files, account = told.get("media", []), told.get("account")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise _strange(f'"media" is no list of at most {MOST_FILES} files')
    owner = None if account is None else Subject(platform, SubjectKind.ACCOUNT, _id(account))
    return Listed(
        _subject(told, platform), owner, _moment(told.get("since")), tuple(_listed_file(each) for each in files), cursor
    )


def _listed_file(told: object) -> ListedFile:
    if not isinstance(told, dict):
        raise _strange("a file is no JSON object")
    size_bytes, sha256 = told.get("size_bytes"), told.get("sha256")
    if size_bytes is not None and count_in(size_bytes) is None:
        raise _strange('a file\'s "size_bytes" is no whole number')
    if sha256 is not None and (not isinstance(sha256, str) or not _SHA256.fullmatch(sha256)):
        raise _strange('a file\'s "sha256" is none')
    return ListedFile(_id(told.get("id")), _media_type(told), size_bytes, sha256)


def _moment(told: object) -> datetime:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _strange('"since" is no time with its zone, such as 2030-01-31T12:00:00Z')
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise _strange('"since" is no time of our calendar') from None


def _file(told: object) -> File:
    if not isinstance(told, dict):
        raise _strange("a file is no JSON object")
    url = told.get("url")
    if not isinstance(url, str) or len(url) > _LONGEST_ADDRESS or not url.isprintable():
        raise _strange("a file has no address")
    return File(_id(told.get("id")), url, _media_type(told))


def _media_type(told: Mapping[str, Any]) -> str:
    media_type = told.get("media_type")
    if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise _strange('a file\'s "media_type" is not like image/png')
    return media_type


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise _strange("an id has other letters than we take, or is over 128 long")
    return value


def _strange(what: str) -> ConnectorError:
    """Return the error for an answer that cannot be read: the site may be mended, so it is asked again."""
    return ConnectorError(f"The site gave {what}.", permanent=False, code="strange_answer")
