"""Each setting, event and command has its line in the reference, and the reference has none for what is not there."""

import re
from typing import Any, get_args

import pytest

from amparo.cases.case_commands import CaseCommand
from amparo.cases.case_events import CaseEvent
from amparo.cases.clock_events import SharedEvent
from amparo.cases.commands import Command
from amparo.cases.notice_commands import NoticeCommand
from amparo.cases.notice_events import NoticeEvent
from amparo.home import home
from tests.docs.repository import DOCS, paragraphs

SETTINGS = (DOCS / "reference" / "settings.md").read_text()
_SHARED = set(get_args(SharedEvent))


def _written_settings() -> dict[str, set[str]]:
    """Return the tables and keys that `amparo init` writes."""
    found = {}
    for table, values in home().read().items():
        one: dict[str, Any] = values[0] if isinstance(values, list) else values
        found[table] = set(one)
    return found


def _explained_settings() -> dict[str, set[str]]:
    """Return the tables and keys that the reference explains; a heading may be of two tables."""
    found = {}
    for section in re.split(r"^## ", SETTINGS, flags=re.MULTILINE)[1:]:
        heading = section.partition("\n")[0]
        for table in re.findall(r"`\[+([a-z]+)\]+`", heading):
            found[table] = set(re.findall(r"^`([a-z_]+)` — \S", section, re.MULTILINE))
    return found


def test_every_setting_that_init_writes_has_its_paragraph_and_no_other_has_one() -> None:
    assert _explained_settings() == _written_settings()


@pytest.mark.parametrize(
    ("heading", "types"),
    [
        pytest.param("Events of both", _SHARED, id="events-of-both"),
        pytest.param("Events of a case", set(get_args(CaseEvent)) - _SHARED, id="events-of-a-case"),
        pytest.param("Events of a notice", set(get_args(NoticeEvent)) - _SHARED, id="events-of-a-notice"),
        pytest.param("Commands to a case", set(get_args(CaseCommand)), id="commands-to-a-case"),
        pytest.param("Commands to a notice", set(get_args(NoticeCommand)), id="commands-to-a-notice"),
        pytest.param(
            "Command to either",
            set(get_args(Command)) - set(get_args(CaseCommand)) - set(get_args(NoticeCommand)),
            id="commands-to-either",
        ),
    ],
)
def test_every_event_and_command_of_the_core_has_its_line_and_no_other_has_one(heading: str, types: set[type]) -> None:
    assert paragraphs("events.md", heading) == {each.__name__ for each in types}
