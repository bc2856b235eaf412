"""Pictures and videos as bytes: what kind they are, where they are kept, how they are named.

Plaza never decodes what people upload. It looks at the first bytes, keeps the rest, and serves it back as that type.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from plaza.database import new_id
from plaza.refusals import Refusal

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4"}


@dataclass(frozen=True)
class Upload:
    """Bytes that somebody wants to publish; `content_type` is one of EXTENSIONS."""

    content: bytes
    content_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Media:
    """A published file of a subject."""

    id: str
    subject: str
    content_type: str
    sha256: str
    size_bytes: int
    created_at: datetime

    @property
    def path(self) -> str:
        return f"/media/{self.id}.{EXTENSIONS[self.content_type]}"

    @property
    def is_video(self) -> bool:
        return self.content_type == "video/mp4"


def recognise(content: bytes) -> Upload:
    """Return the bytes with the type that their first bytes show; what a sender calls them is not believed."""
    if content.startswith(b"\xff\xd8\xff"):
        return Upload(content, "image/jpeg")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Upload(content, "image/png")
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Upload(content, "image/gif")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Upload(content, "image/webp")
    if content[4:8] == b"ftyp":
        return Upload(content, "video/mp4")
    raise Refusal(415, "unknown_media", "Plaza takes JPEG, PNG, GIF and WebP pictures and MP4 videos.")


class Shelf:
    """Keep media bytes in one directory, one file for each id."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, upload: Upload) -> str:
        """Write the bytes and return their new id. A file without a row is never served, so it may be left over."""
        media_id = new_id()
        self.file(media_id).write_bytes(upload.content)
        return media_id

    def file(self, media_id: str) -> Path:
        """Return where the bytes of this id lie. Only for ids that came from the database, never from a URL."""
        return self._directory / media_id

    def drop(self, media_id: str) -> None:
        """Delete the bytes. May be repeated."""
        self.file(media_id).unlink(missing_ok=True)
