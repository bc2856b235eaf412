"""A door whose database can be taken away and given back, a vault that opens its spool, and a worker's taking in.

This file is loaded before there is a home, so what needs tables is imported where it is used.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.public.conftest import at_the_door, doomed_database, new_visitor, post, visitor

if TYPE_CHECKING:
    from tests.spool.machine import Machine, Outage

__all__ = ["at_the_door", "doomed_database", "new_visitor", "post", "visitor"]


@pytest.fixture
def outage(at_the_door: None) -> "Outage":
    """The database of this process, to be taken away for a while."""
    from tests.spool.machine import Outage

    return Outage()


@pytest.fixture
def empty_spool(amparo_home: Path) -> Iterator[Path]:
    """The folder of the spool, empty before and after."""
    from amparo import plugins
    from amparo.home import home

    plugins.spool.cache_clear()
    _empty(home().spool)
    yield home().spool
    _empty(home().spool)
    plugins.spool.cache_clear()


@pytest.fixture
def machine(at_the_door: None, empty_spool: Path) -> "Iterator[Machine]":
    """The vault answers. Its run directory is short, because a socket's path has 107 characters at most."""
    from amparo import plugins
    from amparo.home import home
    from amparo.records.access import Register
    from amparo.vault.client import VaultClient
    from amparo.vault.server import answering
    from amparo.vault.wire import WORKER_SOCKET
    from amparo.workers.spool import TakeIn
    from tests.spool.machine import Machine

    here = home()
    with tempfile.TemporaryDirectory(prefix="vault-") as run:
        client = VaultClient(Path(run) / "run" / WORKER_SOCKET)
        key = here.keys / "vault.key"
        with answering(Path(run) / "run", here.objects, key, Register(), spool_directory=here.spool):
            yield Machine(TakeIn(plugins.installation(), client, here.spool), client, here.spool)


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
