"""What a site answers, as typed values. Every answer is hostile until it has passed through here.

The shapes stand in docs/reference/webhook-connector.openapi.json. Unknown fields are passed over, so that a site may
be newer than we are; a known one of the wrong type refuses the whole answer. Only a counter does not: nothing hidden
is called shown because a figure is odd.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.connector import Answer, ConnectorError, count_in
from amparo.connectors.places import ID

MOST_FILES = 200
MOST_LISTED = 500
_LONGEST_TEXT = 200_000
_LONGEST_ADDRESS = 2_000
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
    listed, cursor = told.get("subjects"), told.get("next_cursor")
    if not isinstance(listed, list) or len(listed) > MOST_LISTED:
        raise _strange(f'"subjects" is no list of at most {MOST_LISTED}')
    if cursor is not None and (not isinstance(cursor, str) or len(cursor) > 500):
        raise _strange('"next_cursor" is no text')
    kinds = {each.value: each for each in SubjectKind if each is not SubjectKind.ACCOUNT}
    if not all(isinstance(each, dict) and each.get("kind") in kinds for each in listed):
        raise _strange('a listed subject is none of "post", "message" and "live"')
    return [Subject(platform, kinds[each["kind"]], _id(each.get("id"))) for each in listed], cursor


def _file(told: object) -> File:
    if not isinstance(told, dict):
        raise _strange("a file is no JSON object")
    url, media_type = told.get("url"), told.get("media_type")
    if not isinstance(url, str) or len(url) > _LONGEST_ADDRESS or not url.isprintable():
        raise _strange("a file has no address")
    if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise _strange('a file\'s "media_type" is not like image/png')
    return File(_id(told.get("id")), url, media_type)


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise _strange("an id has other letters than we take, or is over 128 long")
    return value


def _strange(what: str) -> ConnectorError:
    """Return the error for an answer that cannot be read: the site may be mended, so it is asked again."""
    return ConnectorError(f"The site gave {what}.", permanent=False, code="strange_answer")
