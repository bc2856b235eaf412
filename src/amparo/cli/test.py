"""`amparo test`: style, types, import contracts and every test, in a checkout; --long runs the long programmes."""

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from amparo.home import BadSettings

_ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --long; whatever else is said goes to pytest."""
    parser.add_argument("--long", action="store_true", help="run the long programmes and write their results down")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="words for pytest, such as tests/cases -k refusal")


def run(arguments: argparse.Namespace) -> int:
    """Run every step, say how long each took, and return 1 where any failed."""
    if not (_ROOT / "tests").is_dir() or importlib.util.find_spec("pytest") is None:
        raise BadSettings("The tests are in the source repository: clone it and run ./run test there.")
    rest = [word for word in arguments.rest if word != "--"]
    pytest = ["pytest", "-q", *(["-m", "long", "--long"] if arguments.long else ["-m", "not long"]), *rest]
    if arguments.long or rest:
        return _step("tests", pytest)
    # Tests wait as much as they compute: for processes to start, pages to load, time to pass. So there is one runner
    # more than there are cores. Each has a home and a database of its own, and takes whole files.
    pytest += ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile"]
    failed = [
        name
        for name, words in (
            ("style", ["ruff", "check", "--no-cache", "."]),
            ("format", ["ruff", "format", "--check", "--no-cache", "."]),
            ("types", ["mypy"]),
            ("import contracts", ["importlinter.cli"]),
            ("tests", pytest),
        )
        if _step(name, words)
    ]
    if failed:
        print(f"\nNot right yet: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _step(name: str, words: list[str]) -> int:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    program = [sys.executable, "-m", *words]
    if words[0] == "importlinter.cli":
        program = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    code = subprocess.run(program, cwd=_ROOT, check=False).returncode
    print(f"== {name}: {'failed' if code else 'fine'} after {time.monotonic() - started:.0f} s", flush=True)
    return code
