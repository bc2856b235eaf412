"""A trusted flagger's notice comes somewhat further to the front, and in nothing else before anybody's."""

import os
from dataclasses import replace
from datetime import UTC, datetime

from amparo.cases.case import Case
from amparo.policies.signal import Signal
from amparo.records import api_keys, models
from amparo.records.api_keys import Scope
from tests.api.asking import told
from tests.api.reporting import Program, Programs, a_link
from tests.public.staff import Staff


def _opened(program: Program, staff: Staff, **more: str) -> Case:
    link = a_link()
    assert program.sends(link, **more).status_code == 201
    return staff.case_of(link)


def test_it_comes_further_to_the_front_than_the_same_from_anybody(new_program: Programs, staff: Staff) -> None:
    usual = _opened(new_program("notices"), staff)
    trusted = _opened(new_program("notices", "trusted_flagger"), staff)
    harms = [models.Case.objects.get(id=case.id).harm for case in (usual, trusted)]
    assert harms[0] < harms[1] == -(-harms[0] * 125 // 100)


def test_nothing_else_of_the_case_differs(new_program: Programs, staff: Staff) -> None:
    at = staff.book.now()
    staff.book.now = lambda: at  # type: ignore[method-assign]
    usual = _opened(new_program("notices"), staff)
    trusted = _opened(new_program("notices", "trusted_flagger"), staff)
    assert trusted.signals == {Signal.TRUSTED_FLAGGER}
    clocks = [{(clock.name, clock.due_at) for clock in case.clocks} for case in (usual, trusted)]
    assert clocks[0] == clocks[1]
    same = [
        replace(case, id="", subject=usual.subject, signals=frozenset(), seq=0, clocks=())  # type: ignore[arg-type]
        for case in (usual, trusted)
    ]
    assert same[0] == same[1]


def test_a_childs_words_count_for_more(new_program: Programs, staff: Staff) -> None:
    child = _opened(new_program("notices"), staff, words="I am 14 and he says he will send it to everyone")
    trusted = _opened(new_program("notices", "trusted_flagger"), staff)
    harms = [models.Case.objects.get(id=case.id).harm for case in (child, trusted)]
    assert harms[0] > harms[1]


def test_links_that_it_adds_come_forward_too(new_program: Programs, staff: Staff) -> None:
    program, later = new_program("notices", "trusted_flagger"), a_link()
    name = told(program.sends())["id"]
    assert program.posts(f"/v1/notices/{name}/links", {"links": [later]}).status_code == 201
    assert staff.case_of(later).signals == {Signal.TRUSTED_FLAGGER}


def test_the_key_alone_opens_nothing(new_program: Programs) -> None:
    assert new_program("trusted_flagger").sends().status_code == 403


def test_what_a_flagger_cannot_say_of_itself_is_refused(program: Program) -> None:
    assert program.sends(signals=["trusted_flagger"]).status_code == 422


def test_no_reporter_is_taken_to_have_ticked_it(new_program: Programs) -> None:
    name = told(new_program("notices", "trusted_flagger").sends())["id"]
    state = models.Notice.objects.get(id=name.replace("ntc_", "notice_")).state
    assert (state["signals"], state["facts_told"]) == (["trusted_flagger"], [])


def test_what_a_key_from_before_sent_comes_forward_with_what_is_added(new_program: Programs, staff: Staff) -> None:
    before, link = new_program("notices"), a_link()
    name = told(before.sends(link))["id"]
    key = api_keys.create("later", [Scope.NOTICES, Scope.TRUSTED_FLAGGER], datetime.now(UTC), os.urandom, before.sender)
    later = Program(key, before.sender)
    assert later.posts(f"/v1/notices/{name}/replies", {"words": "It is still there."}).status_code == 201
    assert staff.case_of(link).signals == {Signal.TRUSTED_FLAGGER}
