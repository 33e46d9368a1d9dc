"""Columns of a table as numbers or categories, and the columns that somebody names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ....design.arrays import FloatArray
from ....design.errors import InputError
from ....design.messages import say
from .reading import RawTable

MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "?",
        ".",
        "#n/a",
        "#na",
        "#div/0!",
        "#value!",
        "missing",
    }
)
#: a column of which at least this share are numbers is one of numbers, its other cells are missing
MOSTLY = 0.9
_DOT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?")
_DOT_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009'’"), "")
_ENDLESS = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity"})


@dataclass(frozen=True)
class Column:
    """One column; `numbers` (n,) with NaN where missing, or `texts` with "" where missing."""

    name: str
    unit: str
    numbers: FloatArray | None
    texts: tuple[str, ...] = ()
    remark: str = ""

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.numbers is not None


def place(table: RawTable, name: str, role: str) -> int:
    """Where the column called `name` stands: as in the header, or without its unit.

    Raises:
        InputError: there is none; names the nearest ones.
    """
    wanted = name.strip()
    for known in (table.headers, table.names):
        if wanted in known:
            return known.index(wanted)
    folded = [i for i, n in enumerate(table.names) if n.casefold() == wanted.casefold()]
    if len(folded) == 1:
        return folded[0]
    near = difflib.get_close_matches(wanted.casefold(), [n.casefold() for n in table.names], n=3, cutoff=0.4)
    likely = [n for c in near for n in table.names if n.casefold() == c]
    shown = ", ".join(dict.fromkeys(likely or table.names[:8]))
    if likely:
        raise InputError(
            say(
                "{role}: {path} has no column {name!r}; nearest: {near}",
                role=role,
                path=table.path,
                name=wanted,
                near=shown,
            )
        )
    raise InputError(
        say(
            "{role}: {path} has no column {name!r}; it has {near}",
            role=role,
            path=table.path,
            name=wanted,
            near=shown,
        )
    )


def typed(table: RawTable, at: int) -> Column:
    """The column at that place, as numbers where its cells are."""
    name, unit, cells = table.names[at], table.units[at], table.cells[at]
    given = [c for c in cells if c.casefold() not in MISSING]
    if not given:
        return Column(name, unit, np.full(len(cells), np.nan))
    for comma in _styles(given, table.separator):
        numbers = [_number(c, comma) for c in cells]
        there = sum(n is not None for n, c in zip(numbers, cells, strict=True) if c.casefold() not in MISSING)
        if there >= MOSTLY * len(given):
            values = np.array([np.nan if n is None else n for n in numbers])
            odd = [
                (line, c)
                for line, c, n in zip(table.lines, cells, numbers, strict=True)
                if (n is None or not np.isfinite(n)) and c.casefold() not in MISSING
            ]
            values[~np.isfinite(values)] = np.nan
            return Column(name, unit, values, remark=_odd(name, odd))
    texts = tuple("" if c.casefold() in MISSING else c for c in cells)
    return Column(name, unit, None, texts)


def numbers_of(table: RawTable, at: int, role: str) -> FloatArray:
    """A column that must hold numbers, NaN where missing.

    Raises:
        InputError: it does not; names the first cell.
    """
    column = typed(table, at)
    if column.numbers is None or column.remark:
        for line, cell in zip(table.lines, table.cells[at], strict=True):
            if (
                cell.casefold() not in MISSING
                and _number(cell, False) is None
                and _number(cell, True) is None
            ):
                raise InputError(
                    say(
                        "{role}: {name!r} must hold numbers; line {line} of {path} says {cell!r}",
                        role=role,
                        name=table.names[at],
                        line=line,
                        path=table.path,
                        cell=cell[:40],
                    )
                )
    if column.numbers is None:
        raise InputError(
            say("{role}: {name!r} mixes ways of writing numbers", role=role, name=table.names[at])
        )
    return column.numbers


def _styles(given: Sequence[str], separator: str) -> tuple[bool, ...]:
    """Decimal comma or not, the likelier first."""
    commas = [c.translate(_BLANKS) for c in given if "," in c]
    if not commas or (separator == "," and all(_DOT_GROUPED.fullmatch(c) for c in commas)):
        dots = [c for c in given if "." in c]
        grouped = bool(dots) and separator != "," and all(c.count(".") > 1 for c in dots)
        return (True, False) if grouped else (False, True)
    dotted = all("." in c and c.rfind(".") > c.rfind(",") for c in commas)
    return (False, True) if dotted else (True, False)


def _number(cell: str, comma: bool) -> float | None:
    text = cell.translate(_BLANKS).replace("\u2212", "-").removesuffix("%").strip()
    if re.fullmatch(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?", text):
        text = text.replace(" ", "")
    if text.casefold() in _ENDLESS:
        return float("inf")
    plain, grouped = (_COMMA, _COMMA_GROUPED) if comma else (_DOT, _DOT_GROUPED)
    if not plain.fullmatch(text):
        if not grouped.fullmatch(text):
            return None
        text = text.replace("." if comma else ",", "")
    return float(text.replace(",", "."))


def _odd(name: str, odd: Iterable[tuple[int, str]]) -> str:
    found = list(odd)
    if not found:
        return ""
    line, cell = found[0]
    return say(
        "{name}: {count} cells are no numbers and count as missing (line {line}: {cell!r})",
        name=name,
        count=len(found),
        line=line,
        cell=cell[:40],
    )
