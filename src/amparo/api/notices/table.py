"""Notices as a table: CSV in, read row by row, and results as CSV out, in which no cell is a formula.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. What others wrote never becomes one:
such a cell goes out with an apostrophe before it, and comes in with it taken off.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from amparo.api.errors import ApiError
from amparo.api.notices.bulk import Result, Row, row_of

COLUMNS = ("link", "topic", "age", "relation", "country", "words", "reference", "network")
RESULT_COLUMNS = ("row", "reference", "notice", "link", "result", "reason")
_LONGEST_LINE = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 64 * 1024


def rows_in(pieces: Iterable[bytes], most_rows: int | None) -> Iterator[Row]:
    """Yield the rows of a CSV file in UTF-8, whose first line names its columns. It is never held as a whole.

    `most_rows`: what stands behind that many is told as too much, and not read. Raises ApiError 422 for a first line
    that is none, before anything is taken.
    """
    reader = csv.reader(_lines(pieces), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
    except (csv.Error, UnicodeDecodeError, ValueError):
        head = []
    if "link" not in head or len(set(head)) < len(head) or set(head) - set(COLUMNS):
        sentence = f"The first line names the columns: link, and any of {', '.join(COLUMNS[1:])}."
        raise ApiError(422, "wrong_head", sentence, field="link")
    return _rows(reader, head, most_rows)


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces."""
    while piece := file.read(_PIECE):
        yield piece


def cells_of(result: Result, notice: str) -> Iterator[list[str]]:
    """Yield a result as the lines of a table, one for each link."""
    detail = "" if result.wrong is None else result.wrong.sentence
    for link in result.links:
        cells = [str(result.index + 1), result.reference, notice, link.link, link.result, detail or link.reason or ""]
        yield [unformulated(cell) for cell in cells]
    if not result.links:
        yield [unformulated(cell) for cell in (str(result.index + 1), result.reference, "", "", "invalid", detail)]


def unformulated(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(reader: Any, head: list[str], most_rows: int | None) -> Iterator[Row]:
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError, ValueError):
            # What follows cannot be told apart any more; what came before is taken.
            sentence = "From here on this is no CSV in UTF-8. Nothing behind this row was taken."
            yield Row(number, wrong=ApiError(422, "no_table", sentence))
            return
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        if most_rows is not None and number > most_rows:
            sentence = f"One list has {most_rows} rows at most. Nothing from this row on was taken; send it as another."
            yield Row(number, wrong=ApiError(422, "too_many_rows", sentence))
            return
        yield _row(dict(zip(head, map(_bare, cells), strict=False)), len(cells) - len(head))


def _row(cells: Mapping[str, str], extra: int) -> Row:
    link = cells.get("link", "")
    told: dict[str, Any] = {name: value for name, value in cells.items() if value and name != "link"}
    if extra > 0:
        wrong = ApiError(422, "too_many_cells", "This row has more cells than the first line has columns.")
        return Row(told, wrong=wrong, links=(link[:2000],))
    return row_of({"topic": "sexual_picture", **told, "links": [link] if link else []})


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines, each decoded alone: what cannot be read costs those before it nothing."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield _text(line + b"\n")
        if len(rest) > _LONGEST_LINE:
            raise ValueError("a line that is too long")
    if rest:
        yield _text(rest)


def _text(line: bytes) -> str:
    if len(line) > _LONGEST_LINE:
        raise ValueError("a line that is too long")
    return line.removeprefix(codecs.BOM_UTF8).decode()
