"""Publish a post, message or live room: check the account, ask the upload hook, keep the bytes, write the row.

The hook fails open: when nobody answers, the upload is published and flagged, because a social site does not stop
when its moderation does. `is_flagged` is how its moderators find what nobody looked at.
"""

import logging

import httpx

from plaza import accounts, settings, subjects
from plaza.database import now
from plaza.installation import Installation
from plaza.media import Upload
from plaza.refusals import Refusal
from plaza.subjects import Draft, Subject

HOOK_TIMEOUT_SECONDS = 5.0
_log = logging.getLogger(__name__)


async def publish(installation: Installation, draft: Draft) -> Subject:
    """Return the published subject; refuse when the account is suspended or the hook blocks an upload."""
    database = installation.database
    if accounts.find(database, draft.account).is_suspended:
        raise Refusal(403, "account_suspended", "This account is suspended. It cannot post.")
    is_flagged = False
    url = settings.upload_hook_url(database)
    for upload in draft.uploads if url else ():
        decision = await _ask(str(url), upload)
        if decision == "block":
            raise Refusal(422, "upload_blocked", "This file cannot be posted on Plaza.")
        is_flagged = is_flagged or decision is None
    media_ids = [installation.shelf.keep(upload) for upload in draft.uploads]
    return subjects.insert(database, draft, media_ids, created_at=now(), is_flagged=is_flagged)


async def _ask(url: str, upload: Upload) -> str | None:
    """Return "allow" or "block", or None when the hook did not give an answer that we understand."""
    question = {
        "sha256": upload.sha256,
        "content_type": upload.content_type,
        "size_bytes": len(upload.content),
    }
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=HOOK_TIMEOUT_SECONDS) as client:
            answer = await client.post(url, json=question)
            decision = answer.raise_for_status().json()["decision"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        _log.warning("The upload hook did not answer (%s): the upload is published and flagged.", type(error).__name__)
        return None
    return decision if decision in ("allow", "block") else None
