"""The directory of an embedded server: what lies where in it, who may serve it, and where its socket is.

home/data           the database itself, owned by the server's user
home/password       of the role `amparo`, 0600
home/run            the directory of the socket, or a link to it
home/lock           locked by whoever serves this home
home/postgres.log   what the server says
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from amparo.postgres.account import Account
from amparo.postgres.errors import AlreadyServed, CannotStart, NotPrepared

ROLE = "amparo"
PORT = 5432
# The system's limit for the whole path of a socket is 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_DIRECTORY = 103 - len(f"/.s.PGSQL.{PORT}")


@dataclass(frozen=True)
class Home:
    """The directory that holds everything of one embedded server."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        """Return the home at `path`, by its absolute name."""
        return cls(path.expanduser().resolve())

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def password_file(self) -> Path:
        return self.path / "password"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def is_prepared(self) -> bool:
        """Whether the database has been made. Raises NotPrepared when we may not even look."""
        try:
            return (self.data / "PG_VERSION").exists()
        except PermissionError as why:
            raise NotPrepared(self._closed) from why

    @property
    def _closed(self) -> str:
        return f"We may not read {self.path}. Run this as the user who ran `amparo init`."

    def _require_prepared(self) -> None:
        if not self.is_prepared:
            raise NotPrepared(f"There is no database in {self.path} yet. Run `amparo init` first, or set DATABASE_URL.")

    @property
    def major(self) -> int:
        """The major version of PostgreSQL that made the data. Raises NotPrepared."""
        self._require_prepared()
        return int((self.data / "PG_VERSION").read_text().strip().split(".")[0])

    def url(self) -> str:
        """Return the address of the database `amparo`; it holds the password, so it belongs in no log.

        Raises NotPrepared when there is no database yet, when its password is gone, or when we may not read it.
        """
        self._require_prepared()
        try:
            password = self.password_file.read_text().strip()
        except FileNotFoundError as why:
            raise NotPrepared(f"{self.password_file} is missing. Restore it from the backup of {self.path}.") from why
        except PermissionError as why:
            raise NotPrepared(self._closed) from why
        # The port is named because PGPORT in somebody's environment would win over our silence.
        return f"postgresql://{ROLE}:{password}@/{ROLE}?host={quote(str(self.socket_directory()), safe='')}&port={PORT}"

    def ensure_password(self) -> str:
        """Return the password of the role, made of 256 random bits the first time."""
        if not self.password_file.exists():
            unfinished = self.path / "password.new"
            unfinished.unlink(missing_ok=True)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self.password_file)
        return self.password_file.read_text().strip()

    def claim(self) -> IO[str]:
        """Return the open lock: as long as it is open, nobody else serves this home. The kernel frees it if we die."""
        lock = open(os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")  # noqa: SIM115 - the caller closes it
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise AlreadyServed(
                f"The database in {self.path} is already served by process {holder}. Stop that one first, or use it."
            ) from why
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock

    def socket_directory(self) -> Path:
        """Return where the server's socket is, for everybody who connects."""
        run = self.path / "run"
        if not run.is_symlink():
            return run
        outside = Path(os.readlink(run))
        # The link of a copied home leads to the server of the first one until the copy is started.
        return outside if outside.name.startswith(self._outside_name) else outside.parent / self._outside_name

    @property
    def _outside_name(self) -> str:
        return f"amparo-{hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]}"

    def ensure_socket_directory(self, account: Account) -> Path:
        """Return a directory for the socket that only `account` and root can enter, the same one every time.

        It is home/run, or else, when that path is too long for a socket or `account` cannot reach it, a short one
        outside to which home/run is then a link.
        """
        run = self.path / "run"
        if not run.is_symlink() and _fits(run) and account.can_reach(self.path):
            run.mkdir(mode=0o700, exist_ok=True)
            account.give(run)
            run.chmod(0o700)
            return run
        outside = self._private_directory(account, remembered=self.socket_directory() if run.is_symlink() else None)
        if run.is_dir() and not run.is_symlink():
            shutil.rmtree(run)
        link = self.path / "run.new"
        link.unlink(missing_ok=True)
        link.symlink_to(outside)
        link.rename(run)
        return outside

    def remove_sockets(self) -> None:
        """Leave nothing outside the home, nor what a killed server left there. Only when no server runs."""
        outside = self.socket_directory()
        if outside != self.path / "run" and outside.is_dir():
            shutil.rmtree(outside)

    def _private_directory(self, account: Account, remembered: Path | None) -> Path:
        name = self._outside_name
        # /run is root's alone, and every service sees the same one, which cannot be said of /tmp.
        parents = [Path("/run")] if os.geteuid() == 0 else []
        parents += [Path(tempfile.gettempdir()).resolve(), Path("/tmp")]  # noqa: S108 - the owner is checked below
        places = [parent / name for parent in parents if _fits(parent / (name + "-12345678")) and parent.is_dir()]
        if remembered is not None:
            places.insert(0, remembered)
        for place in places:
            if place.parent.is_dir() and account.can_reach(place.parent) and _make_private(place, account):
                return place
        for parent in (place.parent for place in places):
            # Somebody sits on our name. This one cannot be foreseen.
            if account.can_reach(parent) and os.access(parent, os.W_OK):
                place = Path(tempfile.mkdtemp(prefix=name + "-", dir=parent))
                account.give(place)
                return place
        raise CannotStart(
            f"The server's socket needs a short path that user {account.uid} can reach, and neither {self.path} nor "
            f"{' nor '.join(str(parent) for parent in parents)} is one. Use a shorter home, or set TMPDIR to one."
        )


def _fits(directory: Path) -> bool:
    """Whether a socket in `directory` has a path that the system and PostgreSQL's lists of directories can take."""
    return len(os.fsencode(directory)) <= LONGEST_SOCKET_DIRECTORY and not set(str(directory)) & set(',"\\')


def _make_private(place: Path, account: Account) -> bool:
    """Return whether `place` is now a real directory that belongs to `account` and is closed to others."""
    with suppress(FileExistsError):
        try:
            place.mkdir(mode=0o700)
        except PermissionError:
            return False
        account.give(place)
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
