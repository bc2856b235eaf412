"""The bench of clips hides what it says, tells what it finds, and counts against us what it has to."""

import pytest
from benchmarks.clips import Outcome, Sought, hide_and_seek, rows_of
from benchmarks.compilations import Hidden
from benchmarks.footage import footage
from benchmarks.rows import Row
from benchmarks.transforms import TRANSFORMS

from amparo.media.sandbox import Sandbox
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI

LIGHT, MIRROR = TRANSFORMS[0], TRANSFORMS[10]


def sought(iou: float, *, is_hashable: bool = True, is_light: bool = True) -> Sought:
    hidden = Hidden(0, LIGHT if is_light else MIRROR, 10.0, 20.0)
    return Sought(hidden, is_hashable, iou, by_key_frames=False, by_vpdq=False, by_vpdq_turned_round=True)


def told(outcome: Outcome, *are_hashable: bool) -> dict[tuple[str, str], Row]:
    return {(row.what, row.metric): row for row in rows_of(outcome, are_hashable)}


def outcome(*all_sought: Sought, right: int = 1, wrong: int = 0) -> Outcome:
    return Outcome(list(all_sought), right, wrong, others=10, seconds=240.0, whole_took=1.0, keys_took=0.5)


def test_clips_that_are_hidden_are_looked_for_and_found_where_they_are(full_sandbox: Sandbox) -> None:  # noqa: F811
    said: list[str] = []
    clips = footage(3)[13:15]
    works, result = hide_and_seek(full_sandbox, clips, (LIGHT, MIRROR), said.append, least_seconds=40)
    assert [work.duration_ms for work in works] == [10_000, 10_000]
    assert {(each.hidden.clip, each.hidden.transform.name) for each in result.sought} == {
        (clip, name) for clip in (0, 1) for name in ("re-encode", "mirror")
    }
    assert min(each.iou for each in result.sought) > 0.8
    assert (result.right, result.wrong) == (4, 0)
    assert result.seconds >= 80
    assert said


def test_a_piece_told_where_there_is_none_costs_precision() -> None:
    row = told(outcome(sought(0.9), right=98, wrong=2), True)["all transforms", "precision"]
    assert (row.value, row.holds) == (0.98, False)


def test_a_clip_that_is_not_found_costs_recall_and_one_found_in_part_costs_iou() -> None:
    rows = told(outcome(sought(1.0), sought(0.5), sought(0.0), sought(0.0, is_light=False)), True)
    assert rows["light edits", "recall"].value == pytest.approx(2 / 3, abs=0.001)
    assert rows["light edits", "recall"].holds is False
    assert rows["light edits", "IoU"].value == 0.75
    assert rows["light edits", "IoU"].holds is False
    assert rows["all transforms", "recall"].value == 0.5


def test_what_cannot_be_hashed_is_counted_over_every_clip() -> None:
    rows = told(outcome(sought(1.0), sought(0.0, is_hashable=False)), True, False)
    assert rows["clips", "not hashable"].value == 0.5
    assert rows["all transforms", "recall"].value == 1.0
    assert rows["all transforms, every clip", "recall"].value == 0.5


def test_vpdqs_rule_stands_beside_ours_in_both_directions() -> None:
    rows = told(outcome(sought(1.0)), True)
    assert rows["light edits", "recall"].peer_value == 0
    assert rows["light edits", "recall asked of the clip"].peer_value == 1


def test_another_seed_draws_other_clips_and_the_same_seed_the_same() -> None:
    first, again, other = (next(footage(seed)[14].frames()) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
