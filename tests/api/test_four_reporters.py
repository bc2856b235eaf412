"""A program that reports what others have reported sees, at each step, what it would see had nobody else done so."""

import json
import re
from typing import Any

import pytest

from amparo.cases.words import Seen
from tests.api.asking import told
from tests.api.reporting import Program, Programs, a_link
from tests.public.staff import Staff

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)")
WORDS = "what only the other sender wrote"


def _steps(staff: Staff, link: str) -> list[Any]:
    return [
        lambda: staff.sees(link, Seen.HIDDEN),
        lambda: staff.looks(link),
        lambda: staff.removes(link),
        lambda: staff.sees(link, Seen.GONE),
    ]


def _seen(program: Program, name: str, link: str) -> str:
    """Return everything that the API shows of a notice, in its own and in the list, without names and times."""
    shown = json.dumps([program.sees(name), told(program.asking.get("/v1/notices"))], sort_keys=True)
    return _TIME.sub("TIME", shown.replace(name, "NOTICE").replace(link.rpartition("/")[2], "POST"))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_sender_among_others_sees_what_it_would_see_alone(new_program: Programs, staff: Staff, when: str) -> None:
    shared, own = a_link(), a_link()
    among, alone, others = new_program(), new_program(), [new_program() for _ in range(3)]

    def everybody_else() -> None:
        for other in others:
            other.sends(shared, words=WORDS)
            staff.passes(minutes=7)

    if when == "before":
        everybody_else()
    names = {each: told(each.sends(link))["id"] for each, link in ((among, shared), (alone, own))}
    if when == "after":
        everybody_else()
    for step, step_alone in zip(_steps(staff, shared), _steps(staff, own), strict=True):
        step()
        step_alone()
        seen = _seen(among, names[among], shared)
        assert seen == _seen(alone, names[alone], own)
        assert not any(told_to in seen for told_to in (WORDS, *(other.sender for other in others)))
