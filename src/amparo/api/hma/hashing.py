"""`/h/hash`: the hashes of a file, or of one on a connected platform's own host."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import one_file
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.hma.signals import PHOTO, VIDEO, SignalType, types_of
from amparo.api.limits import LONGEST_SECONDS, limits
from amparo.api.matching import MD5, PDQ
from amparo.connectors.connector import ConnectorError
from amparo.connectors.public_files import ServesFiles, fetch_file
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint
from amparo.media.errors import Refused
from amparo.plugins import installation


@dataclass(frozen=True)
class Content:
    """A file that was sent or fetched, of a kind that its sender says. `is_work`: it goes into a bank."""

    kind: str
    content: bytes
    is_work: bool = False

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """All that is known of it. Raises ApiError 400 for a file that is not opened."""
        try:
            return seam.matching().fingerprint(
                self.content, is_whole=True, within_seconds=LONGEST_SECONDS, is_work=self.is_work
            )
        except Refused as refused:
            raise ApiError(400, "not_opened", str(refused)) from None

    def signal(self, signal_type: SignalType) -> str:
        """Return one hash of it; "" where a picture says too little, as HMA answers then."""
        if signal_type.ours == MD5:
            return hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        if signal_type.ours != PDQ:
            return hashlib.sha256(self.content).hexdigest()
        frames = self.fingerprint.frames
        whole = [at for at in range(len(frames)) if not frames.is_trimmed[at]]
        if not whole or frames.qualities[whole[0]] < LEAST_QUALITY:
            return ""
        return bytes(frames.hashes[whole[0]]).hex()

    def signals(self, asked: str | None) -> dict[str, str]:
        """Return the hashes asked for, or the usual ones, by HMA's names."""
        return {each.name: self.signal(each) for each in types_of(self.kind, asked)}


def hash_url(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Hash a file on a connected platform's host."""
    return JsonResponse(content_at(request).signals(request.GET.get("types")))


def hash_file(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Hash the file of a form whose field is named after its kind: photo or video."""
    return JsonResponse(content_in(request).signals(request.GET.get("types")))


def content_in(request: HttpRequest) -> Content:
    """Return the file of the form. Raises ApiError 400."""
    file = one_file(request)
    if file is None:
        raise ApiError(400, "no_file", "Missing multipart/form-data file upload")
    return Content(_kind(file.field), file.content)


def content_at(request: HttpRequest) -> Content:
    """Return what stands at the parameter `url`. Raises ApiError; nothing is fetched from any other host than ours."""
    address = request.GET.get("url", "")
    if not address:
        raise ApiError(422, "missing", "Field required", field="url")
    hosts = frozenset[str]().union(
        *(each.file_hosts for each in installation().connectors.values() if isinstance(each, ServesFiles))
    )
    try:
        part = fetch_file(address, hosts, at_most_bytes=limits().file_bytes)
    except ConnectorError as error:
        if error.code == "foreign":
            sentence = (
                "Invalid or unsafe URL provided: files are fetched from the hosts of connected platforms only "
                "(`url` and `media_hosts` in amparo.toml). Send the file itself instead."
            )
            raise ApiError(400, "foreign_url", sentence) from None
        status = 413 if error.code == "too_large" else 400
        raise ApiError(status, error.code, f"Failed to fetch URL: {error}") from None
    return Content(_kind(request.GET.get("content_type") or _kind_of_type(part.media_type)), part.body)


def _kind_of_type(media_type: str) -> str:
    for begins, kind in (("image", PHOTO), ("video", VIDEO)):
        if media_type.lower().startswith(begins):
            return kind
    sentence = f"unsupported url ContentType: '{media_type:.60}', if you know the expected type, "
    raise ApiError(400, "unknown_type", sentence + "provide it with the content_type query param")


def _kind(name: str) -> str:
    if name not in (PHOTO, VIDEO):
        raise ApiError(400, "no_such_content", f"no such content_type: '{name:.40}'")
    return name
