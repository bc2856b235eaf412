"""`python -m amparo.postgres HOME`: serve the database in HOME in the foreground."""

import logging
import signal
import sys
import threading
from pathlib import Path

from amparo.postgres import DatabaseError, prepare, supervise


def main() -> None:
    """Make the database if need be and serve it until SIGTERM or SIGINT."""
    if len(sys.argv) != 2:
        sys.exit("Say which home to serve: python -m amparo.postgres HOME")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    stop = threading.Event()
    for order in (signal.SIGTERM, signal.SIGINT):
        signal.signal(order, lambda *_: stop.set())
    try:
        prepare(Path(sys.argv[1]))
        supervise(Path(sys.argv[1]), stop)
    except DatabaseError as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main()
