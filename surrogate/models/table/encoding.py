"""From typed columns to the standardised matrix that every member learns from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ....design.arrays import BoolArray, FloatArray
from .columns import Column

MOST_LEVELS = 30  # categories of one column; rarer ones are one together
CLIP = 5.0  # standard deviations: an answer far outside stays that of the edge


@dataclass(frozen=True)
class Feature:
    """How one column becomes columns of the matrix.

    Attributes:
        name, unit: of the column.
        levels: its categories; empty for numbers.
        low, high: range of the numbers seen.
        middle, mean, scale: median (for missing cells), mean and standard deviation of the numbers.
        gaps: whether cells were missing, which then is a column of its own.
    """

    name: str
    unit: str
    levels: tuple[str, ...]
    low: float = 0.0
    high: float = 0.0
    middle: float = 0.0
    mean: float = 0.0
    scale: float = 1.0
    gaps: bool = False

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return len(self.levels) + 1 if self.levels else 1 + self.gaps

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return {**self.__dict__, "levels": list(self.levels)}


def feature_from_json(data: Mapping[str, Any]) -> Feature:
    """Inverse of :meth:`Feature.to_json`."""
    return Feature(**{**data, "levels": tuple(data["levels"])})


def fit_feature(column: Column, rows: BoolArray) -> Feature:
    """The encoding of a column from the rows that train."""
    if column.numbers is None:
        texts = np.array(column.texts, dtype=object)[rows]
        found, counts = np.unique([t for t in texts if t], return_counts=True)
        kept = sorted(found[np.lexsort((found, -counts))][:MOST_LEVELS].tolist())
        return Feature(column.name, column.unit, tuple(kept))
    seen = column.numbers[rows]
    there = np.sort(seen[np.isfinite(seen)])  # sums do not depend on the order of rows
    gaps = bool(len(there) < len(seen))
    if len(there) == 0:
        return Feature(column.name, column.unit, ())  # says nothing
    scale = float(there.std())
    size = float(np.abs(there).max())
    return Feature(
        column.name,
        column.unit,
        (),
        low=float(there[0]),
        high=float(there[-1]),
        middle=float(np.median(there)),
        mean=float(there.mean()),
        scale=scale if scale > 1e-12 * size else 1.0,
        gaps=gaps,
    )


def constant(feature: Feature) -> bool:
    """Whether it says nothing: one value, or one category."""
    return len(feature.levels) == 1 or (
        not feature.levels and feature.low == feature.high and not feature.gaps
    )


def matrix(features: Sequence[Feature], columns: Sequence[Column]) -> FloatArray:
    """Standardised matrix (n x p); missing numbers at the median, with a column that says so."""
    parts: list[FloatArray] = []
    for f, c in zip(features, columns, strict=True):
        if f.levels:
            place = {level: j for j, level in enumerate(f.levels)}
            at = np.array([place.get(t, len(f.levels)) for t in c.texts])
            parts.append(np.eye(f.width)[at])
            continue
        numbers = np.asarray(c.numbers)
        gone = ~np.isfinite(numbers)
        scaled = (np.where(gone, f.middle, numbers) - f.mean) / f.scale
        parts.append(np.clip(scaled, -CLIP, CLIP)[:, None])
        if f.gaps:
            parts.append(gone.astype(np.float64)[:, None])
    return np.ascontiguousarray(np.hstack(parts))


def owners(features: Sequence[Feature]) -> list[slice]:
    """Columns of the matrix that each feature has."""
    ends = np.cumsum([0, *(f.width for f in features)])
    return [slice(int(a), int(b)) for a, b in pairwise(ends)]
