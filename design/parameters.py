"""One declaration per parameter: `Annotated[float, Range(...)]` on a frozen dataclass.

From it alone come search distributions, surrogate features, sliders, the parameter table in the
documentation and every validation message.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from .errors import ParameterError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """Hard bounds, unit and meaning of one parameter.

    Attributes:
        low, high: hard bounds, inclusive, in ``unit``.
        default: the value at the middle of the family's space (a sound design when all are default).
        unit: ``mm``, ``deg`` or ``1`` (dimensionless).
        doc: one sentence that a designer understands.
        group: heading under which interfaces show it.
        sae: SAE J1100 code where the standard defines the dimension, else "".
        advisory: bounds that designers usually stay in; leaving them warns and never refuses.
        shapes_hull: False when the parameter only changes appearance (lamps), so CFD cannot depend on it.
    """

    low: float
    high: float
    default: float
    unit: str
    doc: str
    group: str
    sae: str = ""
    advisory: tuple[float, float] | None = None
    shapes_hull: bool = True

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Range needs finite low < high, got {self.low}, {self.high}")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"default {self.default} outside {self.low} to {self.high}")


@dataclass(frozen=True)
class Parameter:
    """A named :class:`Range`, as read from a declaration."""

    name: str
    range: Range

    @property
    def label(self) -> str:
        """Name as people read it: ``overall length``."""
        return self.name.replace("_", " ")


@cache
def parameters_of(declaration: type) -> tuple[Parameter, ...]:
    """Parameters of a declaration, in the order written."""
    hints = get_type_hints(declaration, include_extras=True)
    found: list[Parameter] = []
    for field in dataclasses.fields(declaration):
        ranges = [m for m in getattr(hints[field.name], "__metadata__", ()) if isinstance(m, Range)]
        if len(ranges) != 1:
            raise TypeError(f"{declaration.__name__}.{field.name} needs exactly one Range annotation")
        found.append(Parameter(field.name, ranges[0]))
    return tuple(found)


def names_of(declaration: type) -> tuple[str, ...]:
    """Parameter names in declaration order: the column order of every matrix."""
    return tuple(p.name for p in parameters_of(declaration))


def defaults_of(declaration: type) -> dict[str, float]:
    """The middle of the space."""
    return {p.name: p.range.default for p in parameters_of(declaration)}


@cache
def declaration_hash(declaration: type) -> str:
    """SHA-256 over names, bounds and units; a model made for another declaration is refused by it."""
    rows = [(p.name, p.range.low, p.range.high, p.range.unit) for p in parameters_of(declaration)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def validate(declaration: type, values: Mapping[str, Any]) -> dict[str, float]:
    """Complete, finite, in-range values in declaration order.

    Raises:
        ParameterError: naming the first unknown, missing, non-numeric or out-of-range parameter.
    """
    known = {p.name: p.range for p in parameters_of(declaration)}
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ParameterError(f"unknown parameter {name!r}{hint}")
    clean: dict[str, float] = {}
    for name, rng in known.items():
        if name not in values:
            raise ParameterError(f"parameter {name!r} is missing; allowed {_span(rng)}")
        clean[name] = check_value(name, rng, values[name])
    return clean


def check_value(name: str, rng: Range, value: Any) -> float:
    """``value`` as a finite float inside ``rng``, or :class:`ParameterError`."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise ParameterError(f"{name} is {value!r}, which is not a number; allowed {_span(rng)}")
    number = float(value)
    if not math.isfinite(number):
        raise ParameterError(f"{name} is {number}, which is not a finite number; allowed {_span(rng)}")
    slack = 1e-9 * (rng.high - rng.low)
    if not rng.low - slack <= number <= rng.high + slack:
        raise ParameterError(f"{name} is {number:g} {rng.unit}; allowed {_span(rng)}")
    return min(max(number, rng.low), rng.high)


def to_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Map parameter rows (n x d, own units) to the unit cube (n x d)."""
    low, high = bounds_of(declaration)
    return (np.asarray(matrix, dtype=np.float64) - low) / (high - low)


def from_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Inverse of :func:`to_unit_cube`."""
    low, high = bounds_of(declaration)
    return low + np.asarray(matrix, dtype=np.float64) * (high - low)


def bounds_of(declaration: type) -> tuple[FloatArray, FloatArray]:
    """Lower and upper hard bounds, each of shape (d,)."""
    ranges = [p.range for p in parameters_of(declaration)]
    return (
        np.array([r.low for r in ranges], dtype=np.float64),
        np.array([r.high for r in ranges], dtype=np.float64),
    )


def as_row(declaration: type, values: Mapping[str, float]) -> FloatArray:
    """Values in declaration order, shape (d,)."""
    return np.array([values[name] for name in names_of(declaration)], dtype=np.float64)


def as_values(declaration: type, row: FloatArray) -> dict[str, float]:
    """Inverse of :func:`as_row`."""
    return {name: float(v) for name, v in zip(names_of(declaration), row, strict=True)}


def _span(rng: Range) -> str:
    return f"{rng.low:g} to {rng.high:g} {rng.unit}"
