"""The directory in which one Plaza keeps its key, its database and its media."""

import os
import secrets
from pathlib import Path


class Home:
    """Own DIR: everything Plaza writes lies below it, and nobody else may read it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.directory = directory
        self.media = directory / "media"
        self.media.mkdir(exist_ok=True, mode=0o700)
        self.database = directory / "plaza.sqlite3"

    def moderation_key(self) -> str:
        """Return the key of the moderation API, 256 random bits made at the first start."""
        return self._secret("moderation.key", secrets.token_hex(32))

    def practice_password(self) -> str:
        """Return the password of every account that Plaza makes for practice, random for each home."""
        return self._secret("practice.password", secrets.token_urlsafe(12))

    def _secret(self, name: str, fresh: str) -> str:
        path = self.directory / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            kept = path.read_text("ascii").strip()
            if not kept:
                raise SystemExit(f"{path} is empty. Delete it and start Plaza again: it makes a new one.") from None
            return kept
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh + "\n")
        return fresh
