"""`POST /ap/inbox`: reports of other servers of the fediverse, as the activity `Flag`, signed by the server.

No key of ours is needed: the signature says who it is. A server that the operator named is a sender of its own; any
other, where the operator takes flags from anybody, is a stranger, as at the door. A flag does not say what it is about;
it comes to a place for abuse imagery and is treated as such until a person has looked.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from amparo.api.callers import Caller
from amparo.api.errors import ApiError, answer
from amparo.api.limits import limits
from amparo.api.notices import http_signature, patience, taking
from amparo.api.notices.actors import Actors, Key, host_of
from amparo.api.notices.http_signature import BadSignature
from amparo.api.notices.idempotency import refusals
from amparo.api.notices.sending import LONGEST_LINK, MOST_LETTERS, Sending, place
from amparo.api.notices.typed import MOST_BYTES, json_body, readable
from amparo.cases.decide_notice import MOST_LINKS
from amparo.cases.refs import Subject
from amparo.cases.words import Relation, Way
from amparo.plugins import installation
from amparo.policies.policy import Topic
from amparo.records import signatures

_LONGEST_SENDER = 40
_STRANGERS = "a server that nobody named"
"""The one network of all of them: whoever owns a domain has as many hosts as they like."""
TYPES = ("application/activity+json", "application/ld+json", "application/json")


@cache
def actors() -> Actors:
    """Return the keys of other servers that this process knows."""
    return Actors(limits().flags_from)


def inbox(request: HttpRequest) -> HttpResponse:
    """Take a flag: 202 once it is durable. The same activity again changes nothing."""
    if request.method != "POST":
        told = answer(request, ApiError(405, "wrong_method", "This address takes POST."))
        told.headers["Allow"] = "POST"
        return told
    if not limits().flags_from:
        raise ApiError(404, "not_found", "There is nothing at this address.")
    activity = json_body(request, MOST_BYTES, types=TYPES)
    actor = activity.get("actor")
    try:
        signature = http_signature.read(request.headers.get("Signature", ""))
        owner = _signed_by(request, signature)
        if not isinstance(actor, str) or actor != owner:
            raise BadSignature("The activity is not of the actor who signed it.")
        host = host_of(owner)
        is_known = actors().is_known(host)
        caller = Caller(f"server {host}", frozenset(), host if is_known and len(host) <= _LONGEST_SENDER else "")
        # Only now is it known who asks: another one's requests count for nobody.
        patience.take(caller)
        if signatures.is_used(signature.sha256):
            raise BadSignature("This very request came before.")
    except BadSignature as bad:
        raise ApiError(401, "bad_signature", str(bad)) from None
    sent = read(activity)
    intake = taking.intake_of(caller, f"flag:{host}", _name_of(activity, host), activity)
    with refusals():
        taking.open_notice(replace(sent, network=host if is_known else _STRANGERS), caller, intake, has_key=False)
    signatures.use_up(signature.sha256, installation().casebook.now())
    return HttpResponse(status=202)


def read(activity: Mapping[str, Any]) -> Sending:
    """Return the notice that a flag is. Raises ApiError 422.

    Posts that are named are its links, and the account beside them is not: who posted one thing is not reported whole.
    """
    if activity.get("type") != "Flag":
        raise ApiError(422, "no_flag", "This inbox takes activities of the type Flag alone.", field="type")
    named = activity.get("object")
    found = [_id_of(each) for each in (named if isinstance(named, list) else [named])[: 4 * MOST_LINKS]]
    links = list(dict.fromkeys(each for each in found if each))
    placed = {link: place(link) for link in links}
    items = [link for link in links if isinstance(at := placed[link], Subject) and not at.is_account]
    accounts = [link for link in links if isinstance(at := placed[link], Subject) and at.is_account]
    if not links:
        raise ApiError(422, "no_links", "A flag names at least one post or account as its object.", field="object")
    content = activity.get("content")
    words = readable(content)[:MOST_LETTERS].strip() if isinstance(content, str) else ""
    chosen = tuple((items or accounts or links)[:MOST_LINKS])
    return Sending(Topic.SEXUAL_PICTURE, chosen, Relation.STRANGER, None, None, Way.NOT_AT_ALL, words)


def _signed_by(request: HttpRequest, signature: http_signature.Signature) -> str:
    """Return the actor who signed a request; a key that was exchanged is asked anew. Raises BadSignature, ApiError."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    http_signature.check_body(headers, request.body, installation().casebook.now())
    key = actors().key(signature.key_id)
    try:
        return _verified(request, signature, headers, key)
    except BadSignature:
        fresh = actors().key(signature.key_id, anew=True)
        if fresh == key:
            raise
        return _verified(request, signature, headers, fresh)


def _verified(request: HttpRequest, signature: http_signature.Signature, headers: Mapping[str, str], key: Key) -> str:
    http_signature.verify(signature, request.method or "", request.get_full_path(), headers, key.pem)
    return key.owner


def _id_of(named: Any) -> str:
    told = named.get("id") if isinstance(named, Mapping) else named
    return readable(told)[:LONGEST_LINK].strip() if isinstance(told, str) else ""


def _name_of(activity: Mapping[str, Any], host: str) -> str:
    """Return by what a flag is known when it comes again: its id, where that is the server's own."""
    name = activity.get("id")
    try:
        if isinstance(name, str) and host_of(name) == host:
            return name
    except BadSignature:
        return hashlib.sha256(str(activity).encode()).hexdigest()
    return hashlib.sha256(str(activity).encode()).hexdigest()
