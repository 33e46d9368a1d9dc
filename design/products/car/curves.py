"""Smooth plane curves as explicit functions of one coordinate: polylines with rounded corners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...arrays import FloatArray


def evenly(start: float, end: float, n: int) -> FloatArray:
    """n even steps from start to end; `np.linspace` for short arrays, of which it takes its time."""
    return start + (end - start) * _shares(n)


@lru_cache(maxsize=256)
def _shares(n: int) -> FloatArray:
    """n even steps from 0 to 1."""
    steps = np.linspace(0.0, 1.0, n)
    steps.flags.writeable = False
    return steps


def extended(values: FloatArray, before: int, after: int) -> FloatArray:
    """Values (n,) with so many of the first before them, and of the last after them."""
    return np.concatenate([np.full(before, values[0]), values, np.full(after, values[-1])])


def smoothed(values: FloatArray, half: int) -> FloatArray:
    """Running means of values (n,), Hann-weighted, over `half` neighbours to either side."""
    return np.convolve(extended(values, half, half), _hann(2 * half + 1), mode="valid")


@lru_cache(maxsize=64)
def _hann(n: int) -> FloatArray:
    """(n,): weights whose sum is 1."""
    kernel = np.hanning(n)
    kernel /= kernel.sum()
    kernel.flags.writeable = False
    return kernel


def within(value: float, low: float, high: float) -> float:
    """The number nearest to `value` from `low` to `high`."""
    return min(max(value, low), high)


#: from so many values on it pays to sort out which need what
MANY = 600


def step(t: FloatArray, r: float | FloatArray) -> FloatArray:
    """0 below -r, 1 above r, with two continuous derivatives between (biweight kernel's integral)."""
    s = np.minimum(np.maximum(t / r, -1.0), 1.0)
    q = s * s
    found = q * 0.1875
    found -= 0.625
    found *= q
    found += 0.9375
    found *= s
    found += 0.5
    return np.asarray(found)


def ramp(t: FloatArray, r: float | FloatArray) -> FloatArray:
    """max(0, t) with its corner rounded over [-r, r]; three continuous derivatives. Same unit as t."""
    s = np.minimum(np.maximum(t / r, -1.0), 1.0)
    q = s * s
    found = q - 5.0
    found *= q
    found += 15.0
    found *= q
    found += 5.0
    s *= 16.0
    found += s
    found *= r / 32.0
    found += np.maximum(t - r, 0.0)
    return np.asarray(found)


def ramp_and_step(t: FloatArray, r: float) -> tuple[FloatArray, FloatArray]:
    """:func:`ramp` and :func:`step` of one r: of many t, most of which lie beyond it, only the others are
    rounded."""
    near = np.abs(t) < r
    if t.size < MANY or 3 * np.count_nonzero(near) > t.size:
        return ramp(t, r), step(t, r)
    above, share = np.maximum(t, 0.0), (t > 0.0).astype(np.float64)
    part = t[near]
    above[near], share[near] = ramp(part, r), step(part, r)
    return above, share


@dataclass(frozen=True)
class Rounded:
    """A polyline z(x) whose inner corner i is rounded over `radii[i]` to either side.

    Attributes:
        xs, zs: (n,) corner coordinates, xs increasing, mm.
        radii: (n,) half-lengths of the roundings along x, mm; the first and last are not used.
    """

    xs: FloatArray
    zs: FloatArray
    radii: FloatArray

    @cached_property
    def _slopes(self) -> tuple[float, FloatArray]:
        """Slope of the first line, and the change of slope at each inner corner (n - 2,)."""
        slopes = (self.zs[1:] - self.zs[:-1]) / (self.xs[1:] - self.xs[:-1])
        return float(slopes[0]), slopes[1:] - slopes[:-1]

    def __call__(self, x: FloatArray) -> FloatArray:
        """Height at x (any shape); straight lines continue beyond both ends."""
        x = np.asarray(x, dtype=np.float64)
        if x.size < MANY:
            return self.over(x, self.roundings(x))
        first, bends = self._slopes
        found = self.zs[0] + first * (x - self.xs[0])
        low, high = float(x.min()), float(x.max())
        for at, radius, bend in zip(
            self.xs[1:-1].tolist(), self.radii[1:-1].tolist(), bends.tolist(), strict=True
        ):
            if high > at - radius:
                found += bend * (ramp(x - at, radius) if low < at + radius else x - at)
        return np.asarray(found)

    def roundings(self, x: FloatArray) -> FloatArray:
        """The rounded ramp of each inner corner at x: x's shape and (n - 2,); it knows no heights."""
        return ramp(x[..., None] - self.xs[1:-1], self.radii[1:-1])

    def over(self, x: FloatArray, roundings: FloatArray) -> FloatArray:
        """Height at x with the `roundings` of a curve that has these corners' xs and radii."""
        first, bends = self._slopes
        return np.asarray(self.zs[0] + first * (x - self.xs[0]) + roundings @ bends)

    def raised(self, amounts: FloatArray) -> Rounded:
        """The same curve with corner heights changed by `amounts` (n,)."""
        return Rounded(self.xs, self.zs + amounts, self.radii)
