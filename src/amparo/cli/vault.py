"""`amparo vault`: the only process that can open what is sealed."""

import argparse
import os

from amparo.cli import processes, ready
from amparo.home import BadSettings, home
from amparo.vault.errors import BadSetup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def run(arguments: argparse.Namespace) -> int:
    """Open for those who may see, until told to stop."""
    os.environ["AMPARO_PROCESS"] = "vault"
    ready.check("vault")
    from amparo.records.access import Register
    from amparo.vault.server import serve

    here = home()
    try:
        stop = processes.stop_on_signals()
        serve(here.run, here.objects, here.keys / "vault.key", Register(), stop, spool_directory=here.spool)
    except BadSetup as error:
        raise BadSettings(str(error)) from None
    return 0
