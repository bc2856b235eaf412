"""Fingerprints made up by chance, and a stand-in for the comparison of two files, so that the index alone is tested."""

import hashlib
from dataclasses import replace

import numpy as np

from amparo.matching.copies import Hits, Match
from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from tests.matching.hashes import flipped, uniform

Chance = np.random.Generator


def picture(chance: Chance, quality: int = 90) -> Fingerprint:
    """A picture; its eight turns have nothing to do with each other, as with real ones."""
    return _file(chance, MediaKind.PICTURE, uniform(chance, 8)[None], quality)


def video(chance: Chance, frames: int, quality: int = 90, *, is_whole: bool = True) -> Fingerprint:
    made = _file(chance, MediaKind.VIDEO, uniform(chance, frames * 8).reshape(frames, 8, 32), quality)
    return replace(made, duration_ms=500 * frames, every_ms=500, is_whole=is_whole)


def altered(chance: Chance, file: Fingerprint, bits: int) -> Fingerprint:
    """The same picture or video in another file: so many bits of each hash differ."""
    turns = file.frames.turns
    changed = flipped(chance, turns.reshape(-1, 32), np.full(turns.shape[0] * 8, bits)).reshape(turns.shape)
    return replace(file, frames=replace(file.frames, turns=changed), **_digests(chance))


def turned(chance: Chance, file: Fingerprint, turn: int) -> Fingerprint:
    """A file whose picture as it is is that turn of the other. Its other turns are not worked out."""
    turns = uniform(chance, 8 * len(file.frames)).reshape(file.frames.turns.shape)
    turns[:, 0] = file.frames.turns[:, turn]
    return replace(file, frames=replace(file.frames, turns=turns), **_digests(chance))


def compare(work: Fingerprint, item: Fingerprint, hits: Hits) -> Match | None:
    """Stands in for `copies.compare`: one hit makes a picture, four frames a video."""
    if MediaKind.VIDEO in (work.kind, item.kind) and len(np.unique(hits.item_frame)) < min(4, len(work.frames)):
        return None
    nearest = int(hits.distance.argmin())
    return Match(is_exact=False, distance=int(hits.distance[nearest]), turn=int(hits.turn[nearest]))


def _file(chance: Chance, kind: MediaKind, turns: np.ndarray, quality: int) -> Fingerprint:  # type: ignore[type-arg]
    count = len(turns)
    frames = Frames(
        np.arange(count, dtype=np.uint32) * 500,
        turns,
        np.full(count, quality, np.uint8),
        np.zeros(count, np.bool_),
    )
    return Fingerprint(kind=kind, duration_ms=0, every_ms=0, is_whole=True, frames=frames, **_digests(chance))


def _digests(chance: Chance) -> dict[str, str]:
    body = chance.bytes(16)
    return {"sha256": hashlib.sha256(body).hexdigest(), "md5": hashlib.md5(body, usedforsecurity=False).hexdigest()}
