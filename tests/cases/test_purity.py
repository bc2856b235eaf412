"""The core asks neither the time nor chance nor the world: what it needs is passed in."""

import ast
import importlib
from pathlib import Path

import pytest

PURE = ("amparo.cases", "amparo.policies")
_ASKS_THE_TIME = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp", "monotonic", "perf_counter", "time_ns"}
_TOUCHES_THE_WORLD = {"open", "input", "print", "eval", "exec", "__import__", "breakpoint"}
_READS_OR_WRITES = {"read_text", "read_bytes", "write_text", "write_bytes", "environ", "getenv", "urandom", "uuid4"}
# The standard library that computes and does nothing else.
_MAY_IMPORT = {
    "base64",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "re",
    "tomllib",
    "typing",
    "amparo",
}


def _files(package: str) -> list[Path]:
    (root,) = importlib.import_module(package).__path__
    return sorted(Path(root).rglob("*.py"))


FILES = [path for package in PURE for path in _files(package)]
IDS = [f"{path.parent.name}/{path.name}" for path in FILES]


def _impurities(tree: ast.AST) -> list[str]:
    """Return what in a module would ask the time, chance or the world, each with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"{node.lineno}: import {a.name}" for a in node.names if a.name.split(".")[0] not in _MAY_IMPORT]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            is_ours = module.startswith(PURE) or module == "amparo"
            if module.split(".")[0] not in _MAY_IMPORT or (module.startswith("amparo") and not is_ours):
                found.append(f"{node.lineno}: from {module}")
        elif isinstance(node, ast.Attribute) and node.attr in _READS_OR_WRITES:
            found.append(f"{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in _ASKS_THE_TIME:
                # `draft.now` is an argument that was passed in; `now()` is a question.
                found.append(f"{node.lineno}: {called.attr}()")
            elif isinstance(called, ast.Name) and called.id in _TOUCHES_THE_WORLD:
                found.append(f"{node.lineno}: {called.id}()")
    return found


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_file_of_the_core_asks_nothing_of_time_chance_or_the_world(path: Path) -> None:
    assert _impurities(ast.parse(path.read_text())) == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_file_of_the_core_keeps_nothing_that_can_change_at_the_top(path: Path) -> None:
    """A module-level list, dictionary or set would be a state that no event tells of."""
    for node in ast.parse(path.read_text()).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        name = ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if isinstance(value, ast.List | ast.Set | ast.ListComp | ast.SetComp):
            raise AssertionError(f"{path.name}, line {node.lineno}: {name} can change")
        if isinstance(value, ast.Dict | ast.DictComp):
            assert name.lstrip("_").isupper(), f"{path.name}, line {node.lineno}: a table is a constant"


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import time",
        "import os",
        "from pathlib import Path",
        "from uuid import uuid4",
        "from amparo.records import models",
        "from django.db import models",
        "from datetime import datetime\nat = datetime.now()",
        "import datetime\nat = datetime.datetime.utcnow()",
        "from datetime import date\nday = date.today()",
        "body = open('policy.toml').read()",
        "key = settings.environ['KEY']",
        "print('seen')",
    ],
)
def test_the_check_finds_what_it_is_there_for(source: str) -> None:
    assert _impurities(ast.parse(source))


def test_every_pure_file_is_checked() -> None:
    assert {"cases/decide.py", "stages/review.py", "policies/parse.py"} <= set(IDS)
