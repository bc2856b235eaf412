"""The repository as its readers get it: every file that git would carry, and where the pages stand."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def files() -> list[Path]:
    """Return every file of the repository, new ones included; what git ignores is not the repository's."""
    if not (ROOT / ".git").exists():
        pytest.skip(
            "This is no git checkout, so it cannot be told which files belong to the repository.",
            allow_module_level=True,
        )
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in told.split("\0") if name and (path := ROOT / name).is_file()]


def pages() -> list[Path]:
    """Return every Markdown page."""
    return [path for path in files() if path.suffix == ".md"]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def paragraphs(page: str, heading: str = "") -> set[str]:
    """Return what a reference page explains as `name` — text, under one heading or under all."""
    text = (DOCS / "reference" / page).read_text()
    if heading:
        text = re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return set(re.findall(r"^`([A-Za-z_]+)` — \S", text, re.MULTILINE))


def without_code(markdown: str) -> str:
    """Return a page without its code blocks and code words: links in those are examples."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```", "", markdown, flags=re.MULTILINE | re.DOTALL))
