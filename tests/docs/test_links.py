"""Whoever follows a link in the documentation arrives, and every page can be found from the first one."""

import re
from pathlib import Path

import pytest

from tests.docs.repository import DOCS, ROOT, name_of, pages, without_code

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _links(page: Path) -> list[str]:
    return [each for each in _LINK.findall(without_code(page.read_text())) if not re.match(r"[a-z]+:", each)]


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the usual hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in _links(page):
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.is_relative_to(ROOT) or not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


def test_the_index_leads_to_every_page_of_the_documentation() -> None:
    index = DOCS / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in _links(index)}
    # What a programme writes may not be there yet, so it is named and not linked.
    named = {DOCS / name for name in re.findall(r"`([\w/-]+\.md)`", index.read_text())}
    missed = {page for page in pages() if page.is_relative_to(DOCS)} - linked - named - {index}
    assert sorted(name_of(page) for page in missed) == []


def test_the_readme_leads_to_the_pages_beside_it_and_to_the_index() -> None:
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in _links(ROOT / "README.md")}
    beside = {page for page in pages() if page.parent == ROOT and page.name != "README.md"}
    assert beside | {DOCS / "README.md"} <= linked


def test_decisions_are_numbered_without_gaps_and_titled_so() -> None:
    found = sorted((DOCS / "adr").glob("*.md"))
    assert [int(page.name[:4]) for page in found] == list(range(1, len(found) + 1))
    assert all(page.read_text().startswith(f"# {number}. ") for number, page in enumerate(found, start=1))
