"""`amparo hash SOURCE`: looks through what is online already and keeps the hashes, so that copies are found later.

A run goes on where it was left, whatever ended it. It ends with 1 where files were missed, since those are worth
another run, and with 130 where it was stopped.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

from amparo.catalogue.item import Away, Closed, Source
from amparo.catalogue.progress import Count, Progress
from amparo.catalogue.report import FileReport, NoReport
from amparo.catalogue.run import Hashed, Report, Run
from amparo.catalogue.summary import summary
from amparo.catalogue.tally import Fate, Tally
from amparo.cli.running import running_database
from amparo.cli.typed import typed
from amparo.home import BadSettings, home
from amparo.media.errors import NoSandbox, SandboxFailed
from amparo.media.sandbox import Sandbox
from amparo.postgres import DatabaseError

_MOST_JOBS_A_CORE = 4
_STOPPED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the source, and how it is looked through."""
    parser.add_argument("source", help="a directory, connector:NAME, or s3://BUCKET/PREFIX")
    parser.add_argument("--jobs", type=int, help="how many files at a time; as many as there are cores if left out")
    parser.add_argument("--report", type=Path, metavar="FILE", help="list the files with which something is wrong")
    parser.add_argument("--bank", metavar="NAME", help="add each file to this bank of your own, to be confirmed")
    parser.add_argument("--by", metavar="NAME", help="with --bank: the member of staff who adds them")
    parser.add_argument("--anew", action="store_true", help="begin at the beginning, although a run is not at its end")
    parser.add_argument("--batch", action="store_true", help="hash through Daft on Ray, with the extra [batch]")


def run(arguments: argparse.Namespace) -> int:
    """Look through the source. Whatever ends it early is a sentence that says how to go on."""
    here = home()
    here.read()
    if (arguments.bank is None) != (arguments.by is None):
        raise BadSettings("--bank and --by go together: the bank, and who of the staff adds to it.")
    if not all(word.isprintable() for word in (arguments.bank or "", arguments.by or "")):
        raise BadSettings("A bank and a member of the staff have names that can be read. Look at --bank and --by.")
    go_on = f"Nothing is lost. Go on with: {_again(arguments)}"
    if arguments.bank is not None and arguments.source.startswith("connector:"):
        raise BadSettings(
            "A bank is filled with files that are known to be what must go, from a directory or a bucket. What a "
            f"platform shows is looked through without a bank: {typed('hash', arguments.source)}"
        )
    try:
        with running_database(here), _report(arguments.report) as report:
            return _look_through(arguments, report, go_on)
    except (Closed, NoSandbox) as error:
        raise BadSettings(str(error)) from None
    except (Away, SandboxFailed) as error:
        raise BadSettings(f"{error} {go_on}") from None
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    except OSError as error:
        raise BadSettings(f"This cannot be gone on with: {error.strerror}. Mend that. {go_on}") from None


def _again(arguments: argparse.Namespace) -> str:
    """Return the command that goes on. Without --anew, which would begin at the beginning once more."""
    # A name that begins with a line would be taken for an option.
    source = f"./{arguments.source}" if arguments.source.startswith("-") else arguments.source
    said = {name: getattr(arguments, name) for name in ("jobs", "report", "bank", "by")}
    words = [word for name, value in said.items() if value is not None for word in (f"--{name}", str(value))]
    return typed("hash", source, *words, *(["--batch"] if arguments.batch else []))


def _look_through(arguments: argparse.Namespace, report: Report, go_on: str) -> int:
    import django
    from django.db import Error
    from psycopg.errors import DiskFull

    django.setup()
    from amparo import plugins
    from amparo.cli import hash_parts
    from amparo.records import catalogue
    from amparo.records.bank_values import BankError
    from amparo.records.live_index import NotReady

    jobs = hash_parts.cores() if arguments.jobs is None else arguments.jobs
    if not 1 <= jobs <= _MOST_JOBS_A_CORE * hash_parts.cores():
        raise BadSettings(f"Hash 1 to {_MOST_JOBS_A_CORE * hash_parts.cores()} files at a time: --jobs 2.")
    try:
        plugins.check_books()
        source = hash_parts.source(arguments.source)
        bank = None if arguments.bank is None else hash_parts.bank(arguments.bank, arguments.by)
        # Into a bank is a run of its own: what was looked through without it is not in that bank.
        name = source.name if bank is None else f"{source.name} into {arguments.bank}"
        with catalogue.alone(name), _stoppable() as stopped, Sandbox(accepts_less=plugins.accepts_less()) as sandbox:
            hashed = hash_parts.hashed(source, sandbox, stopped, bank, jobs=jobs, in_batch=arguments.batch)
            tally, is_all = _session(source, name, hashed, report, stopped, anew=arguments.anew)
    except catalogue.Busy:
        raise BadSettings("Another process looks through this source just now. Wait for its end.") from None
    except BankError as error:
        raise BadSettings(str(error)) from None
    except NotReady as error:
        raise BadSettings(f"{error} {go_on}") from None
    except Error as error:
        if isinstance(error.__cause__, DiskFull):
            raise BadSettings(f"The disk of the database is full. Make room. {go_on}") from None
        raise BadSettings(f"The database does not answer. Start it, or correct DATABASE_URL. {go_on}") from None
    print(summary(source.name, tally, is_all=is_all))
    if not is_all:
        print(go_on)
        return _STOPPED
    return 1 if tally.of(Fate.MISSED) else 0


def _session(
    source: Source, name: str, hashed: Hashed, report: Report, stopped: Event, *, anew: bool
) -> tuple[Tally, bool]:
    """Go on with the run that was begun, or begin one; return its counts and whether it came to its end."""
    from amparo.records import catalogue

    class Notes:
        def note(self, cursor: str | None, tally: Tally) -> None:
            catalogue.note(name, cursor, tally.as_json(), datetime.now(UTC))

    begun = None if anew else catalogue.begun(name)
    cursor, tally = (None, Tally()) if begun is None else (begun.cursor, Tally.read(begun.tally))
    if begun is None:
        catalogue.begin(name, tally.as_json(), datetime.now(UTC))
    else:
        print(f"Going on after {tally.files:,} files, begun {begun.began_at:%d %b %Y, %H:%M} UTC.", file=sys.stderr)
    total = Count(source, cursor, tally.files)
    progress = Progress(sys.stderr, total)
    try:
        is_all = Run(cursor, tally, Notes(), report, progress).go_on(source, hashed, stopped)
    finally:
        total.stop()
        progress.end()
    if is_all:
        catalogue.end(name, datetime.now(UTC))
    return tally, is_all


@contextmanager
def _stoppable() -> Iterator[Event]:
    """Give an event that SIGINT or SIGTERM sets. A second one ends the process at once: that loses nothing, either."""
    stopped = Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        signal.signal(number, signal.SIG_DFL)
        print("\nStopping after the files that are under way …", file=sys.stderr, flush=True)

    for number in before:
        signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(path: Path | None) -> "closing[FileReport] | nullcontext[NoReport]":
    if path is None:
        return nullcontext(NoReport())
    try:
        return closing(FileReport(path))
    except OSError as error:
        raise BadSettings(f"The report {path} cannot be written: {error.strerror}.") from None
