"""Says how far a run is: a bar where somebody watches, else a line every ten seconds."""

from collections import deque
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import TextIO

from amparo.catalogue.item import Source, SourceError
from amparo.catalogue.tally import Fate, Tally

_BAR_LENGTH = 24
_DRAW_EVERY_SECONDS = 0.25
_SAY_EVERY_SECONDS = 10.0
_RATE_OVER_SECONDS = 30.0


class Progress:
    """Says on `out` how far a run is: four times a second where somebody watches, else each ten seconds.

    `total`: how many files there are in all, None while that is not known."""

    def __init__(self, out: TextIO, total: Callable[[], int | None]) -> None:
        self._out, self._total = out, total
        self._is_watched, self._is_heard = out.isatty(), True
        self._every = _DRAW_EVERY_SECONDS if self._is_watched else _SAY_EVERY_SECONDS
        self._said_at = monotonic()
        self._past: deque[tuple[float, int]] = deque()

    def __call__(self, tally: Tally) -> None:
        """Say it, if it is time to."""
        now = monotonic()
        if not self._past:
            self._past.append((now, tally.files - 1))
        if now - self._said_at < self._every:
            return
        self._said_at = now
        self._past.append((now, tally.files))
        while now - self._past[0][0] > _RATE_OVER_SECONDS and len(self._past) > 2:
            self._past.popleft()
        self._print(self._line(tally, self._rate()))

    def end(self) -> None:
        """Leave the line on which the bar stood."""
        if self._is_watched:
            self._write("\n")

    def _rate(self) -> float:
        (first_at, first), (last_at, last) = self._past[0], self._past[-1]
        return (last - first) / (last_at - first_at) if last_at > first_at else 0.0

    def _line(self, tally: Tally, rate: float) -> str:
        total = self._total()
        wrong = [f"{word} {tally.of(fate):,}" for fate, word in _WRONG.items() if tally.of(fate)]
        if total is None:
            parts = [f"{tally.files:,} files", f"{rate:,.1f} a second", *wrong, "counting the rest"]
            return ", ".join(parts)
        total = max(total, tally.files)
        share = tally.files / total if total else 1.0
        bar = "#" * round(share * _BAR_LENGTH)
        left = f"{duration((total - tally.files) / rate)} left" if rate else "time left not known yet"
        parts = [f"{tally.files:,} of {total:,} files", f"{rate:,.1f} a second", left, *wrong]
        return f"[{bar:.<{_BAR_LENGTH}}] {share:4.0%}  {', '.join(parts)}"

    def _print(self, line: str) -> None:
        self._write(f"\r\x1b[K{line}" if self._is_watched else f"{line}\n")

    def _write(self, text: str) -> None:
        if self._is_heard:
            try:
                self._out.write(text)
                self._out.flush()
            except OSError:
                # A log on a full disk, or a terminal that is gone: there is nobody left to tell, and the run goes on.
                self._is_heard = False


_WRONG = {Fate.NOT_HASHABLE: "not hashable", Fate.REFUSED: "refused", Fate.UNREAD: "not read", Fate.MISSED: "missed"}


class Count:
    """Counts, beside the run, how many files a source has from a place on; a list is much faster than its hashing."""

    def __init__(self, source: Source, cursor: str | None, done: int) -> None:
        self._source, self._cursor, self._done = source, cursor, done
        self._stopped = Event()
        self._total: int | None = None
        self._thread = Thread(target=self._count, name="counting", daemon=True)
        self._thread.start()

    def __call__(self) -> int | None:
        """Return how many there are with those that were done before, or None while that is not known."""
        return self._total

    def stop(self) -> None:
        """Count no further; what was counted so far is not told."""
        self._stopped.set()

    def _count(self) -> None:
        files = 0
        try:
            for _ in self._source.items(self._cursor):
                files += 1
                if self._stopped.is_set():
                    return
        except SourceError:
            # The run meets the same and says so; without this figure it only cannot say how long it takes.
            return
        self._total = self._done + files


def duration(seconds: float) -> str:
    """Return a length of time for people: `12 s`, `3 min 20 s`, `5 h 10 min`, `3 d 4 h`."""
    whole = round(seconds)
    for larger, smaller, unit, less in ((86400, 3600, "d", "h"), (3600, 60, "h", "min"), (60, 1, "min", "s")):
        if whole >= larger:
            return f"{whole // larger} {unit} {whole % larger // smaller} {less}"
    return f"{whole} s"
