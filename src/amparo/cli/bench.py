"""`amparo bench`: measures one thing on this machine, in a checkout; without a name it lists what there is."""

import argparse
import subprocess
import sys
from pathlib import Path

from amparo.home import BadSettings

_ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the name of a benchmark, how its result is printed and how long it takes."""
    parser.add_argument("name", nargs="?", default="", help="which benchmark; left out: what there is")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--check", action="store_true", help="end with 1 if a bar does not hold")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="also write the rates as a picture (SVG)")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each figure is measured at a time")
    parser.add_argument("--n", default="", metavar="SIZES", help="for match: how many hashes, such as 1M,10M,100M")
    parser.add_argument("--repeats", type=int, default=3, help="how often; the median is the figure")


def run(arguments: argparse.Namespace) -> int:
    """Run it in a process of its own, which has no home and no database but those it makes."""
    if not (_ROOT / "benchmarks").is_dir():
        raise BadSettings("The benchmarks are in the source repository: clone it and run ./run bench there.")
    if not (0.1 <= arguments.seconds <= 600 and 1 <= arguments.repeats <= 100):
        raise BadSettings("Measure for 0.1 to 600 seconds (--seconds), 1 to 100 times (--repeats).")
    chosen = [f"--n={arguments.n}", f"--seconds={arguments.seconds}", f"--repeats={arguments.repeats}"]
    if arguments.picture is not None:
        chosen.append(f"--picture={arguments.picture.absolute()}")
    flags = [f"--{name}" for name in ("json", "check") if getattr(arguments, name)]
    words = [word for word in (arguments.name, *chosen, *flags) if word]
    return subprocess.run([sys.executable, "-m", "benchmarks", *words], cwd=_ROOT, check=False).returncode
