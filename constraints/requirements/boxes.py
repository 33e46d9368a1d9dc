"""Drawn boxes in a brief file: ``[[box]] kind = "keep_out" low = [x, y, z] high = [x, y, z]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.geometry.zones import KINDS, Zone
from ...design.messages import named, say
from ...design.reading import Place, refuse_unknown
from .quantity import get_quantity
from .requirement import Requirement
from .units import parse_value

MOST = 20
LARGEST_MM = 10_000.0
_KEYS = ("kind", "low", "high", "gap", "name", "hard")


def boxes(rows: Any, family: Family, where: Place) -> list[Requirement]:
    """A requirement a box: its gap to the body, in the family's own frame, is at least `gap` (0).

    Raises:
        InputError: naming the box, the field and what is allowed.
    """
    if not isinstance(rows, list) or len(rows) > MOST:
        raise InputError(
            say("{place} must be a list of at most {most} tables ([[box]])", place=where, most=MOST)
        )
    return [_box(row, family, where.at(k)) for k, row in enumerate(rows)]


def _box(row: Any, family: Family, where: Place) -> Requirement:
    if not isinstance(row, Mapping):
        raise InputError(say("{place} must be a table with kind, low and high", place=where))
    refuse_unknown(row, _KEYS, where)
    kind = row.get("kind")
    if kind not in KINDS:
        raise InputError(
            say("{place} is {kind!r}; allowed keep_out, preserve", place=where.at("kind"), kind=str(kind))
        )
    low, high = (_corner(row.get(key), family, where.at(key)) for key in ("low", "high"))
    if not all(a < b for a, b in zip(low, high, strict=True)):
        raise InputError(say("{place}: every number of low must be below its fellow of high", place=where))
    hard = row.get("hard", True)
    if not isinstance(hard, bool):
        raise InputError(f"{where.at('hard')} is {hard!r}; allowed true or false")
    zone = Zone(str(kind), low, high)
    gap = _length(row.get("gap", 0.0), zone.name, family, where.at("gap"))
    if not 0.0 <= gap <= LARGEST_MM:
        raise InputError(say("{place} is {gap:g} mm; allowed 0 or more", place=where.at("gap"), gap=gap))
    name = row.get("name", "")
    return Requirement(zone.name, "mm", at_least=gap, hard=hard, source=str(name) or named(str(kind)))


def _corner(raw: Any, family: Family, where: Place) -> tuple[float, float, float]:
    if not isinstance(raw, list) or len(raw) != 3:
        raise InputError(
            say("{place} is {given!r}; give three lengths: x, y, z", place=where, given=str(raw)[:60])
        )
    x, y, z = (_length(v, "", family, where) for v in raw)
    if max(map(abs, (x, y, z))) > LARGEST_MM:
        raise InputError(
            say("{place}: allowed up to {most:g} mm from the origin", place=where, most=LARGEST_MM)
        )
    return x, y, z


def _length(raw: Any, name: str, family: Family, where: Place) -> float:
    """A number of mm, or text with a unit."""
    quantity = get_quantity(family, name or Zone(KINDS[0], (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)).name)
    return parse_value(raw, quantity, str(where))
