"""Publish a post, message or live room: check the account, ask the upload hook, keep the bytes, write the row.

The hook fails open: when nobody answers, the upload is published and flagged, because a social site does not stop
when its moderation does. `is_flagged` is how its moderators find what nobody looked at.
"""

import logging

import httpx

from plaza import accounts, settings, subjects
from plaza.database import new_id, now
from plaza.installation import Installation
from plaza.media import Upload
from plaza.refusals import Refusal
from plaza.settings import UploadHook
from plaza.subjects import Draft, Subject

HOOK_TIMEOUT_SECONDS = 5.0
_log = logging.getLogger(__name__)


async def publish(installation: Installation, draft: Draft) -> Subject:
    """Return the published subject; refuse when the account is suspended or the hook blocks an upload."""
    database = installation.database
    if accounts.find(database, draft.account).is_suspended:
        raise Refusal(403, "account_suspended", "This account is suspended. It cannot post.")
    is_flagged, subject_id = False, new_id()
    hook = settings.upload_hook(database)
    for upload in draft.uploads:
        if hook is None:
            break
        decision = await _ask(hook, upload, draft, subject_id)
        if decision == "block":
            raise Refusal(422, "upload_blocked", "This file cannot be posted on Plaza.")
        is_flagged = is_flagged or decision != "allow"
    media_ids = [installation.shelf.keep(upload) for upload in draft.uploads]
    return subjects.insert(database, draft, media_ids, created_at=now(), is_flagged=is_flagged, subject_id=subject_id)


async def _ask(hook: UploadHook, upload: Upload, draft: Draft, subject_id: str) -> str | None:
    """Return "allow", "flag" or "block", or None when the hook did not give an answer that we understand."""
    question = {
        "sha256": upload.sha256,
        "content_type": upload.content_type,
        "size_bytes": len(upload.content),
        "subject": f"{draft.kind}:{subject_id}",
        "account": draft.account,
    }
    headers = {"Authorization": f"Bearer {hook.key}"} if hook.key else {}
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=HOOK_TIMEOUT_SECONDS, headers=headers) as client:
            if hook.sends_file:
                files = {"file": ("upload", upload.content, upload.content_type)}
                answer = await client.post(hook.url, data=question, files=files)
            else:
                answer = await client.post(hook.url, json=question)
            decision = answer.raise_for_status().json()["decision"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        _log.warning("The upload hook did not answer (%s): the upload is published and flagged.", type(error).__name__)
        return None
    return decision if decision in ("allow", "flag", "block") else None
