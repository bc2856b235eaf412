"""The hashes of the frames that were looked at, as they come. However long a video is, they fill bounded memory."""

import numpy as np

from amparo.matching.fingerprint import Frames

MOST_MOMENTS = 14_400
"""An hour at four frames a second. Of what is longer, every second moment is left out, as often as is needed."""
_LATEST_MS = 2**32 - 1

Hashed = tuple[tuple[bytes, ...], int, bool]
"""A picture's hashes in its eight turns, their quality, and whether it is a part of the frame alone."""


class Samples:
    """Hashes by the moment at which they are shown. A moment is at least `apart_ms` after the one before."""

    def __init__(self, apart_ms: int, most: int = MOST_MOMENTS) -> None:
        self._apart_ms = apart_ms
        self._most = most
        self._moments: list[tuple[int, list[Hashed]]] = []

    def wants(self, at_ms: int) -> bool:
        """Whether a frame of this time is far enough from the last one, or an earlier one as damaged files have."""
        return not self._moments or abs(at_ms - self.last_ms) >= self._apart_ms

    def add(self, at_ms: int, hashed: list[Hashed]) -> None:
        """Keep the hashes of a moment: of the frame, and of what is within it, each with its quality and its mark."""
        self._moments.append((min(max(at_ms, 0), _LATEST_MS), hashed))
        if len(self._moments) > self._most:
            self._moments = self._moments[::2]
            self._apart_ms *= 2

    @property
    def last_ms(self) -> int:
        return self._moments[-1][0] if self._moments else 0

    @property
    def every_ms(self) -> int:
        """How far apart the moments are, as most of them are."""
        times = np.array(sorted({at for at, _ in self._moments}), dtype=np.int64)
        return self._apart_ms if len(times) < 2 else max(int(np.median(np.diff(times))), 1)

    def __len__(self) -> int:
        return len(self._moments)

    def frames(self) -> Frames:
        """Return everything that was kept, in the order of its times."""
        rows = [(at, *one) for at, hashed in sorted(self._moments, key=lambda each: each[0]) for one in hashed]
        turns = np.frombuffer(b"".join(hashed for _, turns, _, _ in rows for hashed in turns), np.uint8)
        return Frames(
            at_ms=np.array([at for at, _, _, _ in rows], np.uint32),
            turns=turns.reshape(len(rows), 8, 32),
            qualities=np.array([quality for _, _, quality, _ in rows], np.uint8),
            is_trimmed=np.array([is_trimmed for _, _, _, is_trimmed in rows], np.bool_),
        )
