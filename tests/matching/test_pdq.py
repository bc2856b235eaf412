"""Our PDQ is the reference's to the bit, on every processor, and refuses with a sentence what is no picture."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from amparo import _kernel
from tests.matching.pictures import Picture, pictures


@pytest.fixture(params=_kernel.instructions())
def instructions(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each choice of instructions that this processor has."""
    before = _kernel.instructions_in_use()
    _kernel.use_instructions(request.param)
    yield request.param
    _kernel.use_instructions(before)


def reference(picture: Picture) -> tuple[bytes, int]:
    vector, quality = pdqhash.compute(picture)
    return np.packbits(vector).tobytes(), quality


def differing(a: bytes, b: bytes) -> int:
    return (int.from_bytes(a) ^ int.from_bytes(b)).bit_count()


def test_hash_and_quality_equal_the_reference_on_1500_pictures() -> None:
    qualities = []
    for picture in pictures(1500, seed=20):
        assert _kernel.pdq(picture) == reference(picture), picture.shape
        qualities.append(_kernel.pdq(picture)[1])
    assert sum(quality >= 50 for quality in qualities) >= 1000
    assert sum(quality < 50 for quality in qualities) >= 50  # There is no tolerance for these, either.


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((5, 5), id="the smallest"),
        pytest.param((64, 64), id="samples already, so not blurred"),
        pytest.param((8, 300), id="8 high: half of the waves are nothing but rounding"),
        pytest.param((63, 65), id="beside the size of the samples"),
        pytest.param((128, 129), id="where the box gets wider"),
        pytest.param((1000, 7), id="narrow"),
        pytest.param((1201, 1603), id="large"),
    ],
)
@pytest.mark.parametrize("flat", [False, True])
def test_odd_sizes_equal_the_reference(instructions: str, shape: tuple[int, int], flat: bool) -> None:
    chance = np.random.default_rng(sum(shape))
    picture = chance.integers(0, 256, (*shape, 3), dtype=np.uint8)
    if flat:
        picture[:] = (17, 200, 93)
    assert _kernel.pdq(picture) == reference(picture)


def test_every_choice_of_instructions_gives_the_same(instructions: str) -> None:
    for picture in pictures(100, seed=21):
        assert _kernel.pdq(picture) == reference(picture)


def test_the_eight_turns_are_those_of_the_reference() -> None:
    for picture in pictures(200, seed=22, least=20):
        vectors, quality = pdqhash.compute_dihedral(picture)
        assert _kernel.pdq_turns(picture) == (tuple(np.packbits(each).tobytes() for each in vectors), quality)


def test_a_turned_picture_has_the_hash_that_its_turn_foretold() -> None:
    # At 320 pixels the samples of a turned picture stand where those of the picture stand; elsewhere a pixel beside.
    for picture in pictures(50, seed=23, least=320, most=321):
        turns, quality = _kernel.pdq_turns(picture)
        if quality < 50:
            continue
        turned: list[npt.NDArray[np.uint8]] = [
            picture,
            *(np.rot90(picture, times) for times in (1, 2, 3)),
            picture[::-1],
            picture[:, ::-1],
            picture.transpose(1, 0, 2),
            np.rot90(picture, 2).transpose(1, 0, 2),
        ]
        for foretold, really in zip(turns, turned, strict=True):
            assert differing(foretold, _kernel.pdq(np.ascontiguousarray(really))[0]) <= 2


def test_grey_is_the_same_as_colour_without_colour() -> None:
    for picture in pictures(100, seed=24):
        grey = np.ascontiguousarray(picture[:, :, 0])
        assert _kernel.pdq(grey) == _kernel.pdq(grey[:, :, None]) == reference(np.stack([grey] * 3, axis=2))


def test_transparency_is_not_looked_at() -> None:
    for picture in pictures(20, seed=25):
        alpha = np.random.default_rng(1).integers(0, 256, (*picture.shape[:2], 1), dtype=np.uint8)
        assert _kernel.pdq(np.concatenate([picture, alpha], axis=2)) == _kernel.pdq(picture)


def test_rows_may_lie_anywhere() -> None:
    wide = np.random.default_rng(2).integers(0, 256, (300, 500, 3), dtype=np.uint8)
    for part in (wide[20:200, 30:400], wide[::-1], wide[::3], np.broadcast_to(wide[:1], (70, 500, 3))):
        assert _kernel.pdq(part) == reference(np.ascontiguousarray(part))


@pytest.mark.parametrize("shape", [(4, 100, 3), (100, 4, 3), (1, 1)])
def test_too_small_a_picture_has_no_hash(shape: tuple[int, ...]) -> None:
    assert _kernel.pdq(np.full(shape, 9, np.uint8)) == (bytes(32), 0)
    assert _kernel.pdq_turns(np.full(shape, 9, np.uint8)) == ((bytes(32),) * 8, 0)


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        pytest.param(np.zeros((10, 10, 2), np.uint8), "array of uint8", id="two channels"),
        pytest.param(np.zeros((10, 10, 5), np.uint8), "array of uint8", id="five channels"),
        pytest.param(np.zeros(100, np.uint8), "array of uint8", id="a line"),
        pytest.param(np.zeros((2, 10, 10, 3), np.uint8), "array of uint8", id="two pictures"),
        pytest.param(np.zeros((10, 10, 3), np.float32), "array of uint8", id="floats"),
        pytest.param(np.zeros((10, 10), np.int8), "array of uint8", id="signed"),
        pytest.param(np.zeros((0, 10, 3), np.uint8), "no pixels", id="no rows"),
        pytest.param(np.zeros((10, 0), np.uint8), "no pixels", id="no columns"),
        pytest.param(np.zeros((20, 20, 3), np.uint8)[:, ::2], "side by side", id="every second pixel"),
        pytest.param(np.zeros((20, 20, 6), np.uint8)[:, :, ::2], "side by side", id="every second channel"),
        pytest.param(np.zeros((3, 20, 20), np.uint8).transpose(1, 2, 0), "side by side", id="planes"),
        pytest.param(np.broadcast_to(np.zeros(1, np.uint8), (1 << 9, 1 << 9)), "side by side", id="one pixel"),
        pytest.param(np.broadcast_to(np.zeros((1, 1 << 15), np.uint8), (1 << 14, 1 << 15)), "more than", id="vast"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(picture: Picture, says: str) -> None:
    for hash_it in (_kernel.pdq, _kernel.pdq_turns):
        with pytest.raises(ValueError, match=says):
            hash_it(picture)


def test_unknown_instructions_are_refused() -> None:
    with pytest.raises(ValueError, match="does not have these"):
        _kernel.use_instructions("abacus")


@settings(max_examples=400, deadline=None)
@given(
    arrays.arrays(
        dtype=st.sampled_from([np.uint8, np.uint8, np.uint8, np.int8, np.uint16, np.float64]),
        shape=arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=90),
        fill=st.just(3),
    ),
    st.integers(-3, 3),
)
def test_any_array_is_hashed_or_refused(array: npt.NDArray[np.uint8], step: int) -> None:
    if array.ndim and step:
        array = array[::step]
    try:
        hashed, quality = _kernel.pdq(array)
    except ValueError:
        return
    assert len(hashed) == 32
    assert 0 <= quality <= 100
