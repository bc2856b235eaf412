"""`amparo replay founding-case`: both histories of the founding case, the second one lived on a virtual clock.

Needs no home, no database and no network. The rules are the core's own, the policies those that ship.
"""

import argparse
import json
from importlib.resources import files
from pathlib import Path

from amparo.cli.replay_text import text_of
from amparo.home import BadSettings
from amparo.policies.parse import MalformedPolicy, parse_policy
from amparo.policies.policy import PolicyBook
from amparo.simulate.chart import draw
from amparo.simulate.founding_case import founding_case
from amparo.simulate.picture import chart_of
from amparo.simulate.replay import replay, shipped_policies, with_policy
from amparo.simulate.result import as_json
from amparo.simulate.staffing import MalformedStaffing, Staff, parse_staffing
from amparo.simulate.systems import systems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which case, under which policy, by which staff, and how the result is given."""
    parser.add_argument("case", choices=["founding-case"], help="what is replayed")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="a policy in place of the shipped one of its name")
    parser.add_argument("--staffing", type=Path, metavar="FILE", help="who decides, and when they are there")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw both histories into this file")


def run(arguments: argparse.Namespace) -> int:
    """Replay and print. Raises BadSettings for a file that cannot be used."""
    policies = PolicyBook(shipped_policies()) if arguments.policy is None else _with_policy(arguments.policy)
    lived = replay(founding_case(), policies, default_staff() if arguments.staffing is None else _staff(arguments))
    result = as_json(lived, systems())
    if arguments.svg is not None:
        _write(arguments.svg, draw(chart_of(lived)))
    print(json.dumps(result, indent=2) if arguments.json else text_of(result, lived))
    return 0


def default_staff() -> Staff:
    """Return the small platform whose figures stand in the README."""
    name = "default_staffing.toml"
    return parse_staffing((files("amparo.simulate") / name).read_text(encoding="utf-8"), name)


def _with_policy(file: Path) -> PolicyBook:
    try:
        return with_policy(shipped_policies(), parse_policy(_read(file), str(file)))
    except MalformedPolicy as error:
        raise BadSettings(str(error)) from None
    except ValueError as error:
        raise BadSettings(f"{file}: {error}") from None


def _staff(arguments: argparse.Namespace) -> Staff:
    try:
        return parse_staffing(_read(arguments.staffing), str(arguments.staffing))
    except MalformedStaffing as error:
        raise BadSettings(str(error)) from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadSettings(f"{file} cannot be read: {error.strerror}. Name a file that is there.") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{file} is not text in UTF-8. Save it as that.") from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadSettings(f"{file} cannot be written: {error.strerror}. Name another place.") from None
