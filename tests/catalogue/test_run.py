"""A run notes a place only when all before it is done, goes on from there, and is stopped by no file."""

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import IO

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.catalogue import hashing as module
from amparo.catalogue.directory import Directory
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.item import Away, Item, Showing, Source, SourceError, Unreadable
from amparo.catalogue.run import Run
from amparo.catalogue.summary import summary
from amparo.catalogue.tally import Fate, Outcome, Tally
from amparo.catalogue.threads import in_threads
from amparo.connectors.connector import ListedFile
from amparo.media.errors import NoSandbox
from amparo.records.live_index import NotReady
from tests.catalogue.doubles import FileBook, MemoryBank, counting, made_up

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
POST = Showing(
    Subject("plaza", SubjectKind.POST, "p"),
    Subject("plaza", SubjectKind.ACCOUNT, "a"),
    NOW,
    ListedFile("only", "image/png", None, None),
)
Body = bytes | SourceError


class Words:
    """A source of made-up files, each in its place; a body that is an error is raised when it is asked for."""

    name = "words"

    def __init__(self, *bodies: Body, is_told: bool = False, showing: Showing | None = None) -> None:
        self.bodies, self.asked, self._is_told, self._showing = bodies, 0, is_told, showing

    def items(self, cursor: str | None) -> Iterator[Item]:
        for number in range(0 if cursor is None else int(cursor) + 1, len(self.bodies)):
            yield self._item(number, self.bodies[number])

    def _item(self, number: int, body: Body) -> Item:
        told = hashlib.sha256(body).hexdigest() if self._is_told and isinstance(body, bytes) else None

        @contextlib.contextmanager
        def opened() -> Iterator[IO[bytes]]:
            self.asked += 1
            if isinstance(body, SourceError):
                raise body
            yield io.BytesIO(body)

        return Item(f"number {number}", opened, None, told, self._showing, str(number))


class Kept:
    """Notes and report in memory."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.tally = Tally()
        self.lines: list[tuple[str, Outcome]] = []

    def note(self, cursor: str | None, tally: Tally) -> None:
        self.cursor, self.tally = cursor, Tally.read(tally.as_json())

    def add(self, item: Item, outcome: Outcome) -> None:
        self.lines.append((item.name, outcome))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSES_SECONDS", (0.0, 0.0))


@pytest.fixture
def book(tmp_path: Path) -> FileBook:
    return FileBook(tmp_path / "book")


def go_on(
    source: Source,
    book: FileBook,
    kept: Kept,
    *,
    watch: Callable[[Tally], None] = lambda tally: None,
    opener: Callable[[IO[bytes]], object] = made_up,
    stopped: Event | None = None,
    bank: MemoryBank | None = None,
    jobs: int = 3,
) -> bool:
    """Live one session from where the last one ended."""
    stopped = stopped or Event()
    hashing = Hashing(book, opener, lambda: NOW, stopped, bank)  # type: ignore[arg-type]
    return Run(kept.cursor, kept.tally, kept, kept, watch).go_on(source, in_threads(hashing, jobs), stopped)


def counts(tally: Tally) -> dict[str, int]:
    return dict(tally.fates)


def test_every_file_is_counted_once_by_what_became_of_it(book: FileBook) -> None:
    gone = Unreadable("This is no longer there.", code="gone")
    source, kept = Words(b"a", b"b", b"a", b"flat", b"damaged", gone, b"crash"), Kept()
    assert go_on(source, book, kept)
    assert counts(kept.tally) == {
        "hashed": 2, "known": 1, "not_hashable": 1, "refused": 1, "unread": 1, "missed": 1,
    }  # fmt: skip
    assert [(name, outcome.why) for name, outcome in kept.lines] == [
        ("number 3", "not_hashable"), ("number 4", "damaged"), ("number 5", "gone"), ("number 6", "sandbox_failed"),
    ]  # fmt: skip
    assert len(book.kept()) == len(set(book.kept())) == 3


def test_what_was_looked_at_is_counted_in_bytes_also_where_it_lies_in_memory(book: FileBook) -> None:
    kept = Kept()
    go_on(Words(b"word 1", b"word 22", b"word 1"), book, kept)
    assert kept.tally.size_bytes == 6 + 7 + 6


def test_what_is_not_hashable_stands_apart_from_what_is_refused(book: FileBook) -> None:
    kept = Kept()
    go_on(Words(b"a", b"flat", b"damaged", b"damaged too"), book, kept)
    said = summary("words", kept.tally, is_all=True).splitlines()
    assert said[0].startswith("Looked through 4 files of words")
    assert [" ".join(line.split()[:3]).split(" shows")[0] for line in said[1:]] == [
        "hashed 1",
        "not hashable 1",
        "refused 2 not",
    ]
    assert "damaged 2" in said[3]


def test_two_copies_that_come_at_once_are_opened_once(book: FileBook) -> None:
    opener, calls = counting(made_up)
    kept = Kept()
    go_on(Words(*[b"slow one"] * 20), book, kept, opener=opener, jobs=4)
    assert len(calls) == 1
    assert counts(kept.tally) == {"hashed": 1, "known": 19}


def test_bytes_that_did_not_change_are_not_opened_again(book: FileBook) -> None:
    opener, calls = counting(made_up)
    source = Words(b"a", b"b", b"c")
    go_on(source, book, Kept(), opener=opener)
    again = Kept()
    go_on(source, book, again, opener=opener)
    assert len(calls) == 3
    assert counts(again.tally) == {"known": 3}


def test_a_known_digest_that_the_source_tells_is_not_even_asked_for_and_still_shown(book: FileBook) -> None:
    go_on(Words(b"a", b"b"), book, Kept())
    source = Words(b"a", b"b", is_told=True, showing=POST)
    go_on(source, book, Kept())
    assert source.asked == 0
    assert {subject for subject, *_ in book.shown()} == {str(POST.subject)}
    assert len(book.shown()) == 2


def test_what_is_shown_is_noted_with_the_digest_of_what_came_and_not_of_what_was_told(book: FileBook) -> None:
    source = Words(b"a", is_told=True, showing=POST)
    source.bodies = (b"b",)
    item = next(Words(b"a", is_told=True).items(None))
    real = next(source.items(None))
    lying = Item(real.name, real.open, None, item.sha256, POST, None)
    Hashing(book, made_up, lambda: NOW, Event())(lying)
    assert [digest for *_, digest in book.shown()] == [hashlib.sha256(b"b").hexdigest()]


def test_a_stop_finishes_what_is_under_way_and_the_next_session_does_the_rest(book: FileBook) -> None:
    source, kept = Words(*(f"slow {number}".encode() for number in range(300))), Kept()
    sessions = 0
    while True:
        stopped = Event()
        until = kept.tally.files + 40

        def watch(tally: Tally, stopped: Event = stopped, until: int = until) -> None:
            if tally.files >= until:
                stopped.set()

        sessions += 1
        if go_on(source, book, kept, watch=watch, stopped=stopped):
            break
        assert kept.cursor == str(kept.tally.files - 1)
        assert kept.tally.files < 300
    assert sessions > 2
    assert counts(kept.tally) == {"hashed": 300}
    assert len(book.kept()) == len(set(book.kept())) == 300


def test_a_stop_at_the_very_end_is_no_end_and_the_next_session_finds_nothing_left(book: FileBook) -> None:
    source, kept, stopped = Words(b"a", b"b"), Kept(), Event()
    stopped.set()
    assert not go_on(source, book, kept, stopped=stopped)
    assert kept.cursor is None
    assert go_on(source, book, kept)
    assert go_on(source, book, kept)
    assert kept.tally.files == 2


def test_a_few_files_that_cannot_be_had_are_passed_over(book: FileBook) -> None:
    away = Away("Nobody answers.", code="timeout")
    source, kept = Words(b"a", *[away] * 9, b"b", *[away] * 9), Kept()
    assert go_on(source, book, kept)
    assert counts(kept.tally) == {"hashed": 2, "missed": 18}
    assert kept.tally.reasons_of(Fate.MISSED) == [("timeout", 18)]


def test_each_of_them_is_tried_three_times(book: FileBook) -> None:
    source = Words(Away("Nobody answers.", code="timeout"))
    go_on(source, book, Kept())
    assert source.asked == 3


def test_an_index_that_cannot_answer_just_now_is_asked_again(tmp_path: Path) -> None:
    class Tardy(FileBook):
        asked = 0

        def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
            self.asked += 1
            if self.asked < 3:
                raise NotReady("The index is being read.")
            super().show(subject, account, sha256, at)

    book, kept = Tardy(tmp_path / "book"), Kept()
    assert go_on(Words(b"a", showing=POST), book, kept, jobs=1)
    assert len(book.shown()) == 1
    assert kept.tally.of(Fate.MISSED) == 0


def test_many_in_a_row_are_a_source_that_is_away_and_none_of_them_is_passed_over(book: FileBook) -> None:
    away = Away("Nobody answers.", code="timeout")
    source, kept = Words(b"a", b"b", *[away] * 15, b"c"), Kept()
    with pytest.raises(Away):
        go_on(source, book, kept)
    assert (kept.cursor, counts(kept.tally)) == ("1", {"hashed": 2})
    source.bodies = tuple(f"file {number}".encode() for number in range(18))
    assert go_on(source, book, kept)
    assert counts(kept.tally) == {"hashed": 18}


def test_a_list_that_breaks_off_is_gone_on_with(book: FileBook) -> None:
    class Breaks(Words):
        is_broken = True

        def items(self, cursor: str | None) -> Iterator[Item]:
            for item in super().items(cursor):
                if self.is_broken and item.cursor == "5":
                    raise Away("The list broke off.", code="timeout")
                yield item

    source, kept = Breaks(*(f"file {number}".encode() for number in range(9))), Kept()
    with pytest.raises(Away):
        go_on(source, book, kept)
    source.is_broken = False
    assert go_on(source, book, kept)
    assert counts(kept.tally) == {"hashed": 9}
    assert len(book.kept()) == 9


@pytest.mark.parametrize("word", [b"word", b"damaged"], ids=["whole", "not-whole-yet"])
def test_a_file_that_grows_while_it_is_looked_at_is_missed_and_hashed_in_the_next_run(
    book: FileBook, tmp_path: Path, word: bytes
) -> None:
    (tmp_path / "upload").write_bytes(word)
    source, kept = Directory(tmp_path), Kept()

    def growing(file: IO[bytes]) -> object:
        with (tmp_path / "upload").open("ab") as upload:
            upload.write(b" more")
        file.seek(0)
        return made_up(file)

    assert go_on(source, book, kept, opener=growing)
    assert counts(kept.tally) == {"missed": 1}
    assert kept.tally.reasons_of(Fate.MISSED) == [("being_written", 1)]
    assert book.kept() == []
    again = Kept()
    assert go_on(source, book, again)
    assert counts(again.tally) == ({"hashed": 1} if word == b"word" else {"refused": 1})


def test_without_a_sandbox_it_ends_and_nothing_is_passed_over(book: FileBook) -> None:
    source, kept = Words(b"a", b"nowhere"), Kept()
    with pytest.raises(NoSandbox):
        go_on(source, book, kept, jobs=1)
    assert kept.tally.of(Fate.REFUSED) == 0
    assert kept.cursor in (None, "0")


def test_a_bank_gets_each_file_once_also_what_was_known_before(book: FileBook) -> None:
    go_on(Words(b"a"), book, Kept())
    bank = MemoryBank()
    kept = Kept()
    go_on(Words(b"a", b"b", b"a", b"damaged"), book, kept, bank=bank)
    assert bank.names == {
        hashlib.sha256(b"a").hexdigest(): bank.names[hashlib.sha256(b"a").hexdigest()],
        hashlib.sha256(b"b").hexdigest(): "number 1",
    }
    assert counts(kept.tally) == {"hashed": 2, "known": 1, "refused": 1}
