"""Certificates as they are made: by the worker, from what a real platform's logged-out page showed, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from amparo.cases.actor import Reporter
from amparo.cases.notice_commands import AddLinks, PlacedLink
from amparo.cases.refs import CaseId, NoticeId, Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Told
from amparo.plugins import certificate_keys, certificate_signer
from amparo.records import invariants, models, reports
from amparo.records.reports import Certificate
from amparo.signed_note import open_note, read_keys
from amparo.workers import certificates
from tests.workers import test_faults
from tests.workers.test_faults import World

plaza, example, world = test_faults.plaza, test_faults.example, test_faults.world
example_world = test_faults.example_world


def _gone(world: World) -> tuple[dict[str, Any], NoticeId, CaseId]:
    """A post that was reported, hidden, taken down by a person and seen gone."""
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.clock[0] += timedelta(minutes=1)
    test_faults._remove(world, case_id)
    world.work()
    world.run(2)
    assert world.case(case_id).gone_at is not None
    return made, notice, case_id


def _certificate(notice: NoticeId) -> Certificate:
    found = reports.certificate(notice)
    assert found is not None
    return found


def _text(notice: NoticeId) -> str:
    """The text, as whoever checks it reads it."""
    return open_note(_certificate(notice).text.encode(), read_keys(certificate_keys()))[0]


def test_nothing_is_certified_that_is_only_hidden_or_only_decided(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.run(20)
    assert world.case(case_id).hidden_at is not None
    assert reports.certificate(notice) is None
    world.site.faults(lies=True)
    test_faults._remove(world, case_id)
    world.work()
    world.run(20)
    assert world.case(case_id).gone_at is None
    assert reports.certificate(notice) is None


def test_what_was_seen_gone_is_certified_and_again_at_every_look(world: World) -> None:
    made, notice, case_id = _gone(world)
    first = _text(notice)
    assert f"{world.site.base_url}/post/{made['id']}\nCertified" in first
    assert "Times it was seen gone: 1" in first
    assert _certificate(notice).gone == {case_id}
    world.run(600, step=5)
    later = _text(notice)
    looks = sum("it was gone." in line for line in later.splitlines())
    assert looks > 2
    assert f"Times it was seen gone: {looks}" in later
    assert f"{world.clock[0]:%Y-%m-%d}" in later


def test_what_comes_back_takes_the_certificate_back_until_it_is_seen_gone_again(world: World) -> None:
    made, notice, _ = _gone(world)
    assert _certificate(notice).text
    world.site.faults(lies=True)
    _put_back(world, made)
    world.run(20)
    taken_back = _certificate(notice)
    assert Told.CAME_BACK in world.told(notice)
    assert (taken_back.text, taken_back.gone) == ("", frozenset())
    assert taken_back.taken_back_at is not None
    world.site.faults()
    world.run(70)
    again = _text(notice)
    assert "it opened." in again
    assert _certificate(notice).taken_back_at is None


def test_everybody_who_reported_it_gets_one_that_tells_of_their_own_time_only(world: World) -> None:
    made, first, _ = _gone(world)
    world.clock[0] += timedelta(minutes=5)
    second, _ = world.report(made)
    world.work()
    world.run(400, step=5)
    assert "We asked the site to hide it." in _text(first)
    assert "We asked the site" not in _text(second)
    assert second not in _text(second)
    assert _text(second).count("The report came.") == 1


def test_a_report_of_an_outage_is_certified_from_when_it_came(world: World) -> None:
    came_at = world.clock[0] - timedelta(hours=2)
    notice, case_id = world.report(world.site.post(), came_at)
    world.work()
    test_faults._remove(world, case_id)
    world.work()
    world.run(2)
    (line,) = (line for line in _text(notice).splitlines() if "The report came." in line)
    assert f"{came_at:%H:%M:%S}" in line


def test_many_reporters_are_served_a_few_at_a_time(world: World) -> None:
    made = world.site.post()
    notices = [world.report(made)[0] for _ in range(certificates._MOST_AT_ONCE + 5)]
    case_id = world.here.casebook.notice(notices[0]).cases[0]  # type: ignore[union-attr]
    world.work()
    test_faults._remove(world, case_id)
    world.work()
    certificates.make_due(world.here)
    assert sum(reports.certificate(notice) is not None for notice in notices) == certificates._MOST_AT_ONCE
    certificates.make_due(world.here)
    assert all(reports.certificate(notice) is not None for notice in notices)


def test_a_site_as_its_card_is_when_left_out_is_certified_without_the_word_gone(
    example_world: Callable[..., World],
) -> None:
    """Its page answers 404 before the removal and 410 after it, but its card does not say that this tells anything."""
    world = example_world(can={})
    _, notice, _ = _gone(world)
    text = _text(notice)
    assert "gone" not in text
    assert "Certified: after the site was asked to take it down, it did not open." in text
    assert "Times it was seen not to open after the request: 1\n" in text


def test_of_a_report_about_two_sites_of_which_one_is_not_connected_any_more_the_other_is_certified(
    world: World,
) -> None:
    _, notice, case_id = _gone(world)
    other = Subject("moon", SubjectKind.POST, "1")
    link = PlacedLink(other, UNKNOWN_YET)
    world.here.casebook.execute(AddLinks(notice, (link,), frozenset(), True, Reporter(notice)))
    models.Certificate.objects.update(due_at=world.clock[0])
    certificates.make_due(world.here)
    assert "broken: a certificate" not in world.alarms()
    assert "Link 2: A post\nNot certified: its site is not connected any more" in _text(notice)
    assert _certificate(notice).gone == {case_id}


def test_where_no_site_of_a_report_is_connected_any_more_its_certificate_is_taken_back(world: World) -> None:
    _, notice, _ = _gone(world)
    models.Certificate.objects.update(due_at=world.clock[0])
    certificates.make_due(replace(world.here, connectors={}))
    assert "broken: a certificate" not in world.alarms()
    assert _certificate(notice).taken_back_at is not None
    assert _certificate(notice).text == ""


def test_one_that_breaks_keeps_no_other_waiting_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, notice, _ = _gone(world)
    before = _certificate(notice)
    monkeypatch.setattr(world.here.connectors[world.platform], "page_of", lambda subject: 1 / 0)
    models.Certificate.objects.update(due_at=world.clock[0])
    world.run(2)
    assert "broken: a certificate" in world.alarms()
    assert _certificate(notice) == before, "what was signed still stands"
    monkeypatch.undo()
    world.run(70)
    made_at = _certificate(notice).made_at
    assert made_at is not None
    assert before.made_at is not None
    assert made_at > before.made_at


def test_a_certificate_of_what_was_seen_before_another_look_is_not_kept(world: World) -> None:
    """Between reading the events and keeping the text, a look may have shown it again."""
    _, notice, case_id = _gone(world)
    models.Certificate.objects.update(due_at=world.clock[0])
    (wish,) = certificates.certificates.wishes(world.clock[0], 5)
    world.clock[0] += timedelta(seconds=1)
    certificates.certificates.ask(case_id, world.clock[0], is_gone=True)
    before = _certificate(notice)
    certificates._make(world.here, wish)
    assert _certificate(notice) == before
    assert models.Certificate.objects.get().due_at == world.clock[0]


def test_a_certificate_of_what_never_went_is_found_by_the_invariants(world: World) -> None:
    notice, case_id = world.report(world.site.post())
    world.work()
    models.Certificate.objects.create(notice=notice, text="x", gone=[case_id], made_at=world.clock[0])
    assert [(each.what, each.about) for each in invariants.breaches()] == [
        ("certified without being seen gone", notice)
    ]
    models.Certificate.objects.all().delete()


def test_only_a_private_key_signs_and_it_is_the_one_that_is_published(world: World) -> None:
    assert str(certificate_signer().key) == certificate_keys().strip()


def _put_back(world: World, made: dict[str, Any]) -> None:
    """Show it again behind our back, as somebody with the platform's own tools would."""
    world.site.faults()
    world.site.put_back(made)
    world.site.faults(lies=True)
