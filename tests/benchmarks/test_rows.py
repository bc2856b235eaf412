"""One shape for every figure: a bar holds or does not, and a peer is compared in the direction that is better."""

import json

import pytest
from benchmarks.chart import bars
from benchmarks.rows import Result, Row

_SHAPE = ["what", "metric", "value", "unit", "peer", "peer_value", "ratio", "bar", "holds"]


@pytest.mark.parametrize(
    ("row", "ratio", "holds"),
    [
        pytest.param(Row("reports", "rate", 200, "/s", "other", 100, bar=150), 2.0, True, id="more is better"),
        pytest.param(Row("reports", "rate", 100, "/s", "other", 200, bar=150), 0.5, False, id="a rate too low"),
        pytest.param(Row("reports", "p99 ms", 100, "ms", "other", 50, 300, False), 0.5, True, id="less is better"),
        pytest.param(Row("reports", "p99 ms", 400, "ms", bar=300, is_better_high=False), None, False, id="too slow"),
        pytest.param(Row("reports", "p50 ms", 4, "ms"), None, None, id="nobody beside, nothing asked"),
    ],
)
def test_a_row_says_how_it_compares_and_whether_its_bar_holds(row: Row, ratio: float | None, holds: bool) -> None:
    told = row.as_json()
    assert list(told) == _SHAPE
    assert (told["ratio"], told["holds"]) == (ratio, holds)


def test_a_result_is_json_with_its_machine_and_its_notes_and_a_table_of_the_same() -> None:
    result = Result("intake", [Row("reports", "rate", 200, "/s", bar=150)], {"cores": 2}, ["Said beside it."])
    told = json.loads(result.as_json())
    assert told["bench"] == "intake"
    assert told["machine"] == {"cores": 2}
    assert told["notes"] == ["Said beside it."]
    assert told["rows"][0]["holds"] is True
    text = result.as_text()
    assert text.splitlines()[0].split() == ["what", "metric", "value", "unit", "peer", "peer", "value", *_SHAPE[6:]]
    assert "≥ 150" in text
    assert "Said beside it." in text


def test_the_picture_has_a_bar_for_each_rate() -> None:
    machine = {"cores": 2, "processor": "A & B", "at": "2026-03-01T12:00+00:00"}
    rows = [Row("one", "rate", 200, "/s", bar=150), Row("two", "rate", 100, "/s"), Row("one", "p50 ms", 4, "ms")]
    picture = bars(Result("intake", rows, machine, []))
    assert picture.count('fill="#2b6a6c"') == 2
    assert picture.count("<path") == 1
    assert "A &amp; B" in picture
