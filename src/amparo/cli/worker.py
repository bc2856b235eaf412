"""`amparo worker`: carries out effects and runs the clocks down. Run as many as you like on one database."""

import argparse
import os

from amparo.cli import processes, ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    os.environ["AMPARO_PROCESS"] = "worker"
    ready.check("worker")
    from amparo.workers.process import run as work

    work(processes.stop_on_signals())
    return 0
