"""Counts fade, are shared by processes, and hold no address."""

from pathlib import Path

import pytest

from amparo.public.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_steady_stream_is_counted_as_what_comes_in_a_minute() -> None:
    clock = Clock()
    rates = Rates(None, clock)
    for _ in range(300):
        clock.at += 1
        rates.note("somebody")
    assert rates.of("somebody") == pytest.approx(60, rel=0.05)
    assert rates.of("somebody else") == 0


def test_a_count_fades_when_nothing_more_comes() -> None:
    clock = Clock()
    rates = Rates(None, clock)
    for _ in range(100):
        rates.note("somebody")
    clock.at += 300
    assert rates.of("somebody") < 0.1


def test_two_processes_count_together(tmp_path: Path) -> None:
    one, other = Rates(tmp_path / "rates"), Rates(tmp_path / "rates")
    one.note("somebody")
    assert other.note("somebody") == pytest.approx(4, rel=0.01)


def test_a_count_from_before_the_machine_was_started_anew_is_none(tmp_path: Path) -> None:
    clock = Clock()
    Rates(tmp_path / "rates", clock).note("somebody")
    clock.at = 5.0
    assert Rates(tmp_path / "rates", clock).of("somebody") == 0


def test_many_strangers_do_not_count_as_somebody() -> None:
    rates = Rates(None, Clock())
    for number in range(5_000):
        rates.note(f"stranger {number}")
    assert rates.of("somebody") <= 4


def test_a_file_that_cannot_be_shared_keeps_no_door_from_counting(tmp_path: Path) -> None:
    (tmp_path / "rates").mkdir()
    rates = Rates(tmp_path / "rates")
    rates.note("somebody")
    assert rates.of("somebody") > 0
