"""Where one installation lives: a folder with its settings, keys, policies, database and sealed objects.

`amparo init` makes it. `AMPARO_HOME` names it (else ./amparo-home), `AMPARO_PROCESS` says which process this is.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadSettings(Exception):
    """The installation cannot run as it is set. The text says what to do."""


@dataclass(frozen=True)
class Home:
    """The places of one installation."""

    path: Path

    @property
    def settings_file(self) -> Path:
        return self.path / "amparo.toml"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def database(self) -> Path:
        return self.path / "database"

    @property
    def objects(self) -> Path:
        return self.path / "vault"

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def index(self) -> Path:
        """Where hashes are kept ready to be searched. All of it is made anew from the database."""
        return self.path / "index"

    @property
    def policies(self) -> Path:
        return self.path / "policies"

    def read(self) -> dict[str, Any]:
        """Return the settings as written. Raises BadSettings where they are absent or not TOML."""
        try:
            return tomllib.loads(self.settings_file.read_text())
        except FileNotFoundError:
            raise BadSettings(
                f"There is no {self.settings_file}. Run `amparo init`, or name the home folder in AMPARO_HOME."
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise BadSettings(f"{self.settings_file}: {error}. Correct that line and start again.") from None

    def secret(self, name: str) -> str:
        """Return a secret that `amparo init` made. Raises BadSettings where it is absent or readable by others."""
        path = self.keys / name
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise BadSettings(f"The key {path} is missing. Put it back from your backup.") from None
        if mode & 0o077:
            raise BadSettings(f"Others can read the key {path}. Run: chmod 600 {path}")
        try:
            return path.read_text().strip()
        except UnicodeDecodeError:
            raise BadSettings(f"The key {path} is no text. Put it back from your backup.") from None


def home() -> Home:
    """Return the home folder of this process."""
    return Home(Path(os.environ.get("AMPARO_HOME", "amparo-home")).resolve())


def process() -> str:
    """Return which process this is: door, console, worker, vault, or "" for a command."""
    return os.environ.get("AMPARO_PROCESS", "")
