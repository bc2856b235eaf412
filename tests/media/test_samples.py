"""However long something is, what is kept of it is bounded, and spread over all of it."""

import numpy as np

from amparo.media.samples import Hashed, Samples

HASHED: Hashed = ((bytes(32),) * 8, 100, False)


def test_of_what_is_long_moments_are_kept_all_over_it() -> None:
    samples = Samples(250, most=100)
    for at_ms in range(0, 1_000_000, 250):
        if samples.wants(at_ms):
            samples.add(at_ms, [HASHED])
    times = samples.frames().at_ms
    assert 50 <= len(times) <= 100
    assert (times[0], times[-1] > 950_000) == (0, True)
    assert set(np.diff(times).tolist()) == {samples.every_ms}


def test_frames_out_of_order_come_in_the_order_of_their_times() -> None:
    samples = Samples(250)
    for at_ms in (1000, 500, 2000):
        assert samples.wants(at_ms)
        samples.add(at_ms, [HASHED, HASHED])
    assert samples.frames().at_ms.tolist() == [500, 500, 1000, 1000, 2000, 2000]
    assert not samples.wants(2100)


def test_times_that_cannot_be_are_brought_within_bounds() -> None:
    samples = Samples(250)
    samples.add(-5_000_000_000, [HASHED])
    samples.add(2**50, [HASHED])
    assert samples.frames().at_ms.tolist() == [0, 2**32 - 1]


def test_nothing_has_no_frames() -> None:
    assert samples_of_nothing().shape == (0, 8, 32)


def samples_of_nothing() -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return Samples(250).frames().turns
