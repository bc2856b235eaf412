"""`POST /hooks/PLATFORM`: the smallest upload hook there is. A site asks "allow or block?" and gets one word.

A site that cannot be answered goes on by itself, so every doubt is a word, too: "flag" means publish, and let a person
look. Plaza speaks this; so can any site that wants no more than a word.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import FORM, JSON, field_of, json_object, one_file, text_in
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.looking import Answer, Depth, Looked, look_at, look_up
from amparo.api.match import SIGNALS
from amparo.api.matching import SHA256, May
from amparo.api.uploads import deadline_in, note, place_in
from amparo.plugins import installation


def hook(request: HttpRequest, caller: Caller, platform: str) -> HttpResponse:
    """Answer {"decision": "allow" | "block" | "flag"} for the digest of a file, or better for the file itself."""
    if platform not in installation().connectors:
        raise ApiError(404, "unknown_platform", "No platform of that name is connected. Names stand in amparo.toml.")
    matching = seam.matching()
    if request.content_type not in (FORM, JSON):
        raise ApiError(
            415, "wrong_content_type", f"Send the file as a part of a form ({FORM}), or its SHA-256 as JSON ({JSON})."
        )
    if request.content_type == JSON:
        sha256 = text_in(json_object(request), SHA256).lower()
        if not SIGNALS[SHA256].fullmatch(sha256):
            raise ApiError(422, "wrong_hash", "`sha256` is 64 hexadecimal digits.", field=SHA256)
        return _decision(look_up(matching, {SHA256: sha256}, None))
    file = one_file(request)
    if file is None:
        raise ApiError(400, "no_file", "Send the file as a part of the form.")
    named, whose = field_of(request, "subject"), field_of(request, "account")
    place = place_in(
        f"{platform}:{named}" if named else "", f"{platform}:account:{whose}" if named and whose else "", caller
    )
    looked = look_at(matching, file.content, deadline_in(request))
    note(matching, looked, place)
    return _decision(looked)


def decision_of(looked: Looked) -> str:
    """Return the word for what was found."""
    if looked.may is not None and looked.may >= May.HIDE:
        return "block"
    if looked.answer is Answer.NO_MATCH:
        return "allow"
    # A plain picture was looked at and says nothing; what could not be opened was not looked at.
    is_plain = looked.answer is Answer.NOT_HASHABLE and looked.depth is not Depth.DIGESTS
    return "allow" if is_plain else "flag"


def _decision(looked: Looked) -> HttpResponse:
    return JsonResponse({"decision": decision_of(looked), "sentence": looked.sentence})
