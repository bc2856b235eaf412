"""`amparo hash` with stand-ins for the records and the fingerprints: python -m tests.cli.hashing BOOK WORDS…"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import django

from amparo.cli import main
from tests.catalogue.doubles import FileBook, from_either

GO_ON = "Nothing is lost. Go on with: amparo hash"


class Hashing:
    """A home, a book, and the command."""

    def __init__(self, home: Path, database: str, book: Path) -> None:
        self.home, self.database, self._book = home, database, book
        self.gates = home.parent / "gates"

    @property
    def book(self) -> FileBook:
        return FileBook(self._book)

    def start(self, *words: str, made_up: bool = False) -> "subprocess.Popen[str]":
        env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DJANGO_"))}
        env |= {"AMPARO_HOME": str(self.home), "DATABASE_URL": self.database}
        env["GATES"] = str(self.gates)
        env["FINGERPRINTS"] = "made up" if made_up else "looked at"
        # Two at a time, so that two gates hold up everything.
        words = (*words, *(() if "--jobs" in words else ("--jobs", "2")))
        command = [sys.executable, "-m", "tests.cli.hashing", str(self._book), "hash", *words]
        return subprocess.Popen(
            command, env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *words: str, made_up: bool = False) -> tuple[int, str]:
        """Run it to its end; return its exit code and everything it said."""
        return ended(self.start(*words, made_up=made_up))

    def open_gate(self, name: str) -> None:
        """Let the files go on that wait for this."""
        self.gates.mkdir(exist_ok=True)
        (self.gates / name).touch()

    def wait_until_kept(self, count: int, process: "subprocess.Popen[str]") -> None:
        while len(self.book.kept()) < count:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, errors = process.communicate(timeout=180)
    assert "Traceback" not in errors, errors
    return process.returncode, out + errors


def counts(said: str) -> dict[str, int]:
    """Return the figures of a summary."""
    return {word: int(count.replace(",", "")) for word, count in re.findall(r"^  ([a-z ]+?) +([\d,]+)\b", said, re.M)}


if __name__ == "__main__":
    book, *words = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")
    django.setup()
    from amparo.cli import hash_parts

    hash_parts._book = lambda source: FileBook(Path(book))
    hash_parts.fingerprint = from_either
    sys.argv = ["amparo", *words]
    main()
