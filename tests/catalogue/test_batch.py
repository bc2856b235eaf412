"""Through Daft on Ray comes what a plain run keeps. Tried where the extra [batch] is installed, else said."""

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from amparo.catalogue import batch
from amparo.catalogue.batch import in_batches
from amparo.catalogue.directory import Directory
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.item import Closed
from amparo.catalogue.run import Hashed, Run
from amparo.catalogue.tally import Tally
from amparo.catalogue.threads import in_threads
from amparo.matching.fingerprint import Fingerprint
from amparo.media.sandbox import Sandbox
from tests.catalogue.doubles import FileBook, looked_at
from tests.catalogue.test_run import Kept
from tests.media.conftest import full_sandbox, sandbox  # noqa: F401 - skips where there is none, and fails in CI
from tests.media.drawn import encoded, pattern

HAS_DAFT = importlib.util.find_spec("daft") is not None
PICTURES = 40


class Remembering(FileBook):
    """Keeps the fingerprints themselves, too."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.found: dict[str, Fingerprint] = {}

    def keep(self, fingerprint: Fingerprint, at: datetime) -> None:
        super().keep(fingerprint, at)
        self.found[fingerprint.sha256] = fingerprint

    def hashes(self) -> dict[str, tuple[bytes, bytes]]:
        return {
            sha256: (each.frames.turns.tobytes(), each.frames.qualities.tobytes())
            for sha256, each in self.found.items()
        }


@pytest.mark.skipif(HAS_DAFT, reason="the extra [batch] is installed")
def test_without_the_extra_it_says_what_is_missing() -> None:
    with pytest.raises(Closed, match=r"needs the extra \[batch\]"):
        in_batches(Hashing(None, None, None, Event()), looked_at, accepts_less=False)  # type: ignore[arg-type]


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    found = pytest.importorskip("ray", reason="NOT TESTED through Daft on Ray: the extra [batch] is not installed")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(batch, "_BATCH", 16)
    yield found
    found.shutdown()


def test_what_is_kept_is_what_a_plain_run_keeps(ray: Any, sandbox: Sandbox, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(PICTURES):
        (folder / f"{seed:03}.png").write_bytes(encoded(pattern(seed=seed), "PNG"))
    (folder / "copy.png").write_bytes(encoded(pattern(seed=1), "PNG"))
    (folder / "half.png").write_bytes(encoded(pattern(seed=9), "PNG")[:2000])
    (folder / "letter.txt").write_text("Dear all")

    def live(name: str, ways: Any) -> tuple[Remembering, Kept]:
        book, kept, stopped = Remembering(tmp_path / name), Kept(), Event()
        hashing = Hashing(book, lambda file: looked_at(sandbox, file), lambda: datetime.now(UTC), stopped)
        hashed: Hashed = ways(hashing)
        assert Run(None, Tally(), kept, kept, lambda tally: None).go_on(Directory(folder), hashed, stopped)
        return book, kept

    plain, of_plain = live("plain", lambda hashing: in_threads(hashing, 2))
    batched, of_batch = live("batch", lambda hashing: in_batches(hashing, looked_at, accepts_less=False))
    assert batched.hashes() == plain.hashes()
    assert len(batched.found) == PICTURES
    assert of_batch.tally.fates == of_plain.tally.fates
    assert of_batch.lines == of_plain.lines
    assert of_batch.cursor == of_plain.cursor
