"""`amparo database`: the embedded PostgreSQL of a home, kept running."""

import argparse

from amparo.cli import processes
from amparo.home import BadSettings, home
from amparo.postgres import DatabaseError, supervise


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def run(arguments: argparse.Namespace) -> int:
    """Keep the server running until told to stop."""
    try:
        supervise(home().database, processes.stop_on_signals())
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    return 0
