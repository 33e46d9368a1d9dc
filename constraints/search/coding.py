"""Parameters of any Optuna study as points of a cube: logarithms and whole numbers by their order, categories
as one corner each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.arrays import FloatArray

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

TOUCHED = (0.2, 0.5, 1.0)  # shares of the parameters that a move may touch
FLIPPED = 0.15  # probability that a move draws a touched category or whole number anew


@dataclass(frozen=True)
class Coding:
    """Columns of the cube, in the order of the names.

    Attributes:
        space: distribution by name.
        starts: first column of each name, and the width at the end.
    """

    space: Mapping[str, BaseDistribution]
    starts: tuple[int, ...]

    @staticmethod
    def of(space: Mapping[str, BaseDistribution]) -> Coding:
        """The coding of a search space."""
        ordered = dict(sorted(space.items()))
        widths = [len(_choices(d)) or 1 for d in ordered.values()]
        return Coding(ordered, tuple(np.cumsum([0, *widths]).tolist()))

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the columns."""
        return tuple(self.space)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.starts[-1]

    def coded(self, params: Sequence[Mapping[str, Any]]) -> FloatArray:
        """Points (n, width) of parameters."""
        points = np.zeros((len(params), self.width))
        for (name, d), at in zip(self.space.items(), self.starts, strict=False):
            values = [p[name] for p in params]
            choices = _choices(d)
            if choices:
                for row, value in enumerate(values):
                    points[row, at + int(d.to_internal_repr(value))] = 1.0
            else:
                low, high = _ends(d)
                scaled = np.log(values) if d.log else np.asarray(values, dtype=np.float64)  # type: ignore[attr-defined]
                points[:, at] = (scaled - low) / (high - low)
        return np.clip(points, 0.0, 1.0)

    def decoded(self, points: FloatArray) -> list[dict[str, Any]]:
        """Parameters of points."""
        found: list[dict[str, Any]] = [{} for _ in points]
        for (name, d), at in zip(self.space.items(), self.starts, strict=False):
            choices = _choices(d)
            if choices:
                for row, place in enumerate(np.argmax(points[:, at : at + len(choices)], axis=1)):
                    found[row][name] = choices[place]
            else:
                for row, value in enumerate(_steps(d, points[:, at])):
                    found[row][name] = value
        return found

    def snapped(self, points: FloatArray) -> FloatArray:
        """The nearest points that parameters can have."""
        return self.coded(self.decoded(np.clip(points, 0.0, 1.0)))

    def moved(self, points: FloatArray, scale: float | FloatArray, rng: np.random.Generator) -> FloatArray:
        """Each point moved by about `scale` in some of its parameters."""
        n = len(points)
        moved = points.copy()
        share = rng.choice(TOUCHED, (n, 1))
        touched = rng.random((n, len(self.space))) < share
        touched[np.arange(n), rng.integers(0, len(self.space), n)] = True
        steps = rng.standard_normal((n, self.width)) * scale
        anew = rng.random((n, len(self.space))) < FLIPPED
        for k, (d, at) in enumerate(zip(self.space.values(), self.starts, strict=False)):
            choices, rows = _choices(d), touched[:, k]
            if choices:
                rows = rows & anew[:, k]
                moved[rows, at : at + len(choices)] = 0.0
                moved[rows, at + rng.integers(0, len(choices), int(rows.sum()))] = 1.0
            else:
                step = steps[rows, at]
                whole = _grain(d)
                if whole:
                    least = np.where(rng.random(len(step)) < 0.5, whole, -whole)
                    step = np.where(np.abs(step) < 0.5 * whole, np.where(anew[rows, k], least, 0.0), step)
                moved[rows, at] += step
        return self.snapped(moved)


def _choices(d: BaseDistribution) -> tuple[Any, ...]:
    return tuple(getattr(d, "choices", ()))


def _ends(d: Any) -> tuple[float, float]:
    """Lowest and highest value, as logarithms where the distribution is logarithmic."""
    low, high = float(d.low), float(d.high)
    if d.log:
        low, high = float(np.log(low)), float(np.log(high))
    return low, max(high, low + 1e-12)


def _grain(d: Any) -> float:
    """A step in the unit cube; 0 where values are continuous (of logarithmic whole numbers the mean one)."""
    low, high = float(d.low), float(d.high)
    if high <= low:
        return 0.0
    step = getattr(d, "step", None)
    return float(step) / (high - low) if step else 0.0


def _steps(d: Any, column: FloatArray) -> list[Any]:
    """Values of one numeric parameter from 0 to 1."""
    low, high = _ends(d)
    values = low + np.clip(column, 0.0, 1.0) * (high - low)
    if d.log:
        values = np.exp(values)
    whole = type(d).__name__ == "IntDistribution"
    if d.step is not None:
        values = float(d.low) + np.round((values - float(d.low)) / d.step) * d.step
    values = np.clip(values, float(d.low), float(d.high))
    return [round(float(v)) for v in values] if whole else [float(v) for v in values]
