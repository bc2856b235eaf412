"""Which user of the machine the server runs as: PostgreSQL refuses root, so root hands it to somebody else."""

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amparo.postgres.errors import CannotStart


@dataclass(frozen=True)
class Account:
    """A user and group of the machine."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this is the user that runs this very process."""
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program as this account, and nothing when that is us."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Whether this account may step through every parent of `path` and enter or execute `path` itself.

        Only the mode bits are read. An access list that grants more is not seen, and the long way round is taken.
        """
        if self.is_ours:
            return True
        path = path.resolve()
        return all(self._may_pass(place) for place in (path, *path.parents))

    def _may_pass(self, path: Path) -> bool:
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        return bool(found.st_mode & (0o010 if found.st_gid == self.gid else 0o001))

    def give(self, path: Path) -> None:
        """Make this account the owner of `path` and of everything below it."""
        if self.is_ours:
            return
        for place in _tree(path):
            os.chown(place, self.uid, self.gid, follow_symlinks=False)


def _tree(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            yield from _tree(child)


def server_account(data: Path) -> Account:
    """Return who serves `data`: ourselves, or, when we are root, the owner of the data, or else nobody.

    Data that root owns (a restored backup) go to nobody. Raises CannotStart when the data are another user's and we
    are not root.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() == 0:
        if owner is not None and owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return Account(nobody.pw_uid, nobody.pw_gid)
    if owner is not None and owner.st_uid != os.geteuid():
        raise CannotStart(f"The database in {data} belongs to user {owner.st_uid}. Run this as that user, or as root.")
    return Account(os.geteuid(), os.getegid())
