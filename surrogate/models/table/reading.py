"""A table from a file as people have it: any usual separator, encoding, decimal sign; units in its header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ....design.errors import InputError
from ....design.files import unreadable
from ....design.limits import MAX_TABLE_BYTES, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from ....design.messages import quoted, say

SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
_SEPARATORS = (";", "\t", "|", ",")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: `length [mm]`, `length (mm)`, `length / mm`
_WITH_UNIT = re.compile(
    r"^(?P<name>.*\S)\s*(?:\[(?P<a>[^\[\]]{0,20})\]|\((?P<b>[^()]{1,20})\)|\s/\s(?P<c>\S{1,12}))$"
)


@dataclass(frozen=True)
class RawTable:
    """Cells as text.

    Attributes:
        path: where it was read.
        names: of its columns, without units; units: "" where none is given.
        headers: of its columns as they stand in the file.
        cells: one tuple a column, each with a text a row.
        lines: line in the file of each row (1 is the first).
        separator, encoding: as found.
        remarks: what was assumed.
    """

    path: Path
    names: tuple[str, ...]
    units: tuple[str, ...]
    headers: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    encoding: str
    remarks: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)


def read_table(path: Path) -> RawTable:
    """Read a table whose first line names its columns.

    Raises:
        InputError: missing, empty, too large, no text, rows of different lengths, names missing or twice.
    """
    text, encoding, remarks = _text(path)
    skip = 0
    first, _, rest = text.partition("\n")
    forced = re.fullmatch(r'"?sep=(.)"?\s*', first, flags=re.IGNORECASE)
    if forced:  # Excel's own line
        text, skip = rest, 1
    separator = forced.group(1) if forced else _separator(text)
    lines, rows = _rows(path, text, separator, skip)
    if len(rows) < 2:
        raise InputError(say("{path}: no rows below its first line, which names the columns", path=path))
    headers = [h.strip() for h in rows[0]]
    while (
        headers
        and not headers[-1]
        and all(len(r) < len(headers) or not r[len(headers) - 1].strip() for r in rows)
    ):
        headers.pop()
        rows = [r[: len(headers)] for r in rows]
    for line, row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(headers):
            raise InputError(
                say(
                    "{path}: line {line} has {found} fields, the header has {wanted} (separator {separator})",
                    path=path,
                    line=line,
                    found=len(row),
                    wanted=len(headers),
                    separator=repr(separator),
                )
            )
    if len(headers) > MAX_TABLE_COLUMNS or len(rows) - 1 > MAX_TABLE_ROWS:
        raise InputError(
            say(
                "{path}: {rows} rows x {columns} columns; at most {most_rows} x {most_columns}",
                path=path,
                rows=len(rows) - 1,
                columns=len(headers),
                most_rows=MAX_TABLE_ROWS,
                most_columns=MAX_TABLE_COLUMNS,
            )
        )
    names, units = _names(path, headers)
    cells = tuple(tuple(cell.strip() for cell in column) for column in zip(*rows[1:], strict=True))
    return RawTable(path, names, units, tuple(headers), cells, tuple(lines[1:]), separator, encoding, remarks)


def _text(path: Path) -> tuple[str, str, tuple[str, ...]]:
    try:
        size = path.stat().st_size
        if size > MAX_TABLE_BYTES:
            raise InputError(
                say(
                    "{path}: {size:.0f} MB; at most {most:.0f} MB",
                    path=path,
                    size=size / 1e6,
                    most=MAX_TABLE_BYTES / 1e6,
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:4_000]:
        even, odd = data[0:4_000:2].count(0), data[1:4_000:2].count(0)
        if min(even, odd):  # letters of one kind of UTF-16 have their zeros on one side
            raise InputError(say("{path}: is not a table of text", path=path))
        encoding = "utf-16-le" if odd else "utf-16-be"
    remarks: tuple[str, ...] = ()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise InputError(say("{path}: is not a table of text", path=path)) from error
        encoding, text = "cp1252", data.decode("cp1252", errors="replace")
        remarks = (say("its letters are not UTF-8; read as Windows-1252"),)
    if "\0" in text:
        raise InputError(say("{path}: is not a table of text", path=path))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(say("{path}: is empty", path=path))
    return text, encoding, remarks


def _separator(text: str) -> str:
    """The one that splits the first lines into the most columns, in as many of them as the header has."""
    sample = [line for line in text.split("\n", 200)[:200] if line.strip()]
    best, found = (-1.0, 0), ","
    for separator in _SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(sample, delimiter=separator)]
        except csv.Error:
            continue
        if not counts or counts[0] < 2:
            continue
        score = (sum(c == counts[0] for c in counts) / len(counts), counts[0])
        if score > best:
            best, found = score, separator
    return found


def _rows(path: Path, text: str, separator: str, skip: int) -> tuple[list[int], list[list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(begins + skip)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            say("{path}: line {line}: {why}", path=path, line=reader.line_num + skip, why=quoted(error))
        ) from error
    return lines, rows


def _names(path: Path, headers: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if all(re.fullmatch(r"[-+.,\deE\s]*", h) for h in headers):
        raise InputError(
            say("{path}: its first line must name the columns; it holds numbers only", path=path)
        )
    named = [h or f"column {i + 1}" for i, h in enumerate(headers)]
    twice = sorted({h for h in named if named.count(h) > 1})
    if twice:
        raise InputError(say("{path}: the column {name!r} stands there twice", path=path, name=twice[0]))
    split = [_WITH_UNIT.match(h) for h in named]
    bare = [m["name"].rstrip() if m else h for m, h in zip(split, named, strict=True)]
    units = [(m["a"] or m["b"] or m["c"] or "").strip() if m else "" for m in split]
    return (
        tuple(b if bare.count(b) == 1 else h for b, h in zip(bare, named, strict=True)),
        tuple(units),
    )
