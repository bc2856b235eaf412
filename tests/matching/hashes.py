"""Hashes made up by chance, in three kinds of crowd, and what comparing them one by one finds."""

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint8]
Hits = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.uint16]]
Pairs = dict[tuple[int, int], int]


def uniform(chance: np.random.Generator, number: int) -> Hashes:
    """Hashes that have nothing to do with each other."""
    return chance.integers(0, 256, (number, 32), dtype=np.uint8)


def clustered(chance: np.random.Generator, number: int) -> Hashes:
    """Hashes of a few hundred pictures, a few of them posted very often, each copy a little changed or not at all."""
    pictures = uniform(chance, 300)
    of = np.minimum(chance.zipf(1.3, number), len(pictures)) - 1
    return flipped(chance, pictures[of], chance.integers(0, 40, number) * chance.integers(0, 2, number))


def skewed(chance: np.random.Generator, number: int) -> Hashes:
    """Hashes of which a third share 60 % of their words with one of four, as nearly blank pictures do."""
    hashes = uniform(chance, number).view(np.uint16).reshape(number, 16)
    patterns = uniform(chance, 4).view(np.uint16).reshape(4, 16)
    shares = (chance.random((number, 16)) < 0.6) & (chance.random((number, 1)) < 0.3)
    hashes = np.where(shares, patterns[chance.integers(0, 4, number)], hashes)
    return np.ascontiguousarray(hashes).view(np.uint8).reshape(number, 32)


CROWDS = {"uniform": uniform, "clustered": clustered, "skewed": skewed}


def flipped(chance: np.random.Generator, hashes: Hashes, bits: npt.NDArray[np.int64]) -> Hashes:
    """Return the hashes with that many of their bits flipped, each."""
    order = np.argsort(chance.random((len(hashes), 256)), axis=1)
    flips = order.argsort(axis=1) < bits[:, None]
    return hashes ^ np.packbits(flips, axis=1)


def one_by_one(hashes: Hashes, queries: Hashes, distance: int) -> Pairs:
    """Return {(query, place in hashes): distance} of all pairs within the distance, as NumPy counts bits."""
    words = hashes.view(np.uint64).reshape(len(hashes), 4)
    pairs: Pairs = {}
    for number, query in enumerate(queries.view(np.uint64).reshape(len(queries), 4)):
        distances = np.bitwise_count(words ^ query).sum(axis=1)
        near = np.flatnonzero(distances <= distance)
        pairs.update({(number, int(place)): int(distances[place]) for place in near})
    return pairs
