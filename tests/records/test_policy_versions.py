"""A case goes on under the policy version it began with, whatever becomes of the file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo import plugins
from amparo.cases.actor import Reporter, Reviewer
from amparo.cases.commands import DecideRemoval, OpenNotice, PlacedLink
from amparo.cases.refs import StaffId, Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Suspend, Wanted
from amparo.policies.policy import Topic, UnknownPolicy
from amparo.records import models


@pytest.fixture
def home(empty_books: None, amparo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the home whose policies may be edited."""
    path = tmp_path / "home"
    shutil.copytree(amparo_home, path, ignore=shutil.ignore_patterns("run"))
    monkeypatch.setenv("AMPARO_HOME", str(path))
    plugins.installation.cache_clear()
    yield path
    plugins.installation.cache_clear()


def test_a_case_is_decided_by_the_version_it_began_under(home: Path) -> None:
    before = plugins.installation()
    old = before.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    notice = before.casebook.new_notice_id()
    links = (PlacedLink(Subject("plaza", SubjectKind.POST, "post1"), UNKNOWN_YET),)
    before.casebook.execute(
        OpenNotice(notice, Topic.SEXUAL_PICTURE, old.ref, None, links, frozenset(), True, Reporter(notice))
    )
    file = home / "policies" / "child-imagery.toml"
    file.write_text(file.read_text().replace('length     = "15min"', 'length     = "10min"'))
    plugins.installation.cache_clear()
    after = plugins.installation()
    assert after.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False).ref != old.ref
    lead = Reviewer(StaffId("staff_lead"), is_lead=True)
    now = after.casebook.now()
    models.Staff.objects.create(
        id=lead.id, username="lead", role="lead", enrolled_at=now, approved_by="x", approved_at=now
    )
    state = after.casebook.notice(notice)
    assert state is not None
    after.casebook.execute(DecideRemoval(state.cases[0], 1, old.ref, None, Suspend.NO, lead))
    case = after.casebook.case(state.cases[0])
    assert case is not None
    assert (case.wanted, case.removed_for) == (Wanted.REMOVED, old.ref)


def test_a_process_that_was_not_restarted_finds_the_newer_version(home: Path) -> None:
    before = plugins.installation()
    file = home / "policies" / "spam.toml"
    file.write_text(file.read_text() + "\n# Read once more.\n")
    plugins.installation.cache_clear()
    newer = plugins.installation().policies.for_notice(Topic.SPAM, is_adult=False)
    assert before.policies.get(newer.ref) == newer


def test_a_version_that_was_never_in_force_is_unknown(home: Path) -> None:
    with pytest.raises(UnknownPolicy):
        plugins.installation().policies.get("spam@0000000000000000")
