"""Each curve has the published number of views in all, and none before the post was there."""

from datetime import UTC, datetime, timedelta

import pytest

from amparo.simulate.views import Curve, curves

POSTED, REMOVED = datetime(2019, 12, 24, 12, tzinfo=UTC), datetime(2020, 1, 30, 12, tzinfo=UTC)
CURVES = curves(POSTED, REMOVED, 167_000)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_curve_begins_at_none_and_ends_at_what_was_published(curve: Curve) -> None:
    assert curve.until(POSTED) == curve.until(POSTED - timedelta(days=3)) == 0
    assert curve.until(REMOVED) == curve.until(REMOVED + timedelta(days=3)) == pytest.approx(167_000)
    assert curve.during([(POSTED, REMOVED)]) == 167_000


@pytest.mark.parametrize(("name", "days"), [("doubling_2_days", 2), ("doubling_4_days", 4), ("doubling_7_days", 7)])
def test_the_views_of_a_day_double_in_that_many_days(name: str, days: int) -> None:
    curve = next(each for each in CURVES if each.name == name)
    day, late = timedelta(days=1), REMOVED - timedelta(days=days)

    def of_the_day_before(moment: datetime) -> float:
        return curve.until(moment) - curve.until(moment - day)

    assert of_the_day_before(REMOVED) == pytest.approx(2 * of_the_day_before(late))


def test_the_uniform_curve_has_the_same_views_every_day() -> None:
    day = timedelta(days=1)
    assert CURVES[0].until(POSTED + day) == pytest.approx(CURVES[0].until(REMOVED) - CURVES[0].until(REMOVED - day))


def test_a_view_that_has_begun_counts_whole_and_no_span_is_no_view() -> None:
    assert CURVES[0].during([(POSTED, POSTED + timedelta(seconds=1))]) == 1
    assert CURVES[0].during([]) == 0
