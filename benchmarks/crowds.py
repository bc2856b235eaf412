"""Millions of hashes made up by chance, in three kinds of crowd, and queries that lie near some of them."""

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint8]


def uniform(chance: np.random.Generator, number: int) -> Hashes:
    """Hashes that have nothing to do with each other."""
    return chance.integers(0, 256, (number, 32), dtype=np.uint8)


def clustered(chance: np.random.Generator, number: int) -> Hashes:
    """Half of them copies of pictures posted again and again, some of them thousands of times, all changed a bit."""
    pictures = uniform(chance, number // 2)
    of = (len(pictures) * chance.random(number - len(pictures)) ** 3).astype(np.int64)
    return np.concatenate([pictures, pictures[of] ^ _few_bits(chance, len(of))])


def skewed(chance: np.random.Generator, number: int) -> Hashes:
    """A third of them share 60 % of their words with one of four: a flood of nearly blank pictures."""
    words = uniform(chance, number).view(np.uint16).reshape(number, 16)
    patterns = uniform(chance, 4).view(np.uint16).reshape(4, 16)
    blank = np.flatnonzero(chance.random(number) < 0.3)
    shares = chance.random((len(blank), 16)) < 0.6
    words[blank] = np.where(shares, patterns[chance.integers(0, 4, len(blank))], words[blank])
    return words.view(np.uint8).reshape(number, 32)


CROWDS = {"uniform": uniform, "clustered": clustered, "skewed": skewed}


def queries(chance: np.random.Generator, hashes: Hashes, number: int) -> Hashes:
    """Half of them near a hash, at each distance from 0 to 40 in turn; the others near none."""
    near = hashes[chance.integers(0, len(hashes), number // 2)].copy()
    for place, query in enumerate(near):
        bits = np.zeros(256, np.uint8)
        bits[chance.choice(256, place % 41, replace=False)] = 1
        query ^= np.packbits(bits)
    return np.concatenate([near, uniform(chance, number - len(near))])


def _few_bits(chance: np.random.Generator, number: int) -> Hashes:
    """Masks in which each bit is set in one case of 32: eight bits of 256."""
    masks = uniform(chance, number)
    for _ in range(4):
        masks &= uniform(chance, number)
    return masks
