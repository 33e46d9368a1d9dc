"""Smooth plane curves as explicit functions of one coordinate: polylines with rounded corners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def step(t: FloatArray, r: float | FloatArray) -> FloatArray:
    """0 below -r, 1 above r, with two continuous derivatives between (biweight kernel's integral)."""
    s = np.clip(t / r, -1.0, 1.0)
    return np.asarray(0.5 + 15.0 / 16.0 * (s - 2.0 * s**3 / 3.0 + s**5 / 5.0))


def ramp(t: FloatArray, r: float | FloatArray) -> FloatArray:
    """max(0, t) with its corner rounded over [-r, r]; three continuous derivatives. Same unit as t."""
    s = np.clip(t / r, -1.0, 1.0)
    inside = r * (s / 2.0 + (15.0 * s**2 - 5.0 * s**4 + s**6 + 5.0) / 32.0)
    return np.asarray(np.where(t > r, t, inside))


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

    def __call__(self, x: FloatArray) -> FloatArray:
        """Height at x (any shape); straight lines continue beyond both ends."""
        slopes = np.diff(self.zs) / np.diff(self.xs)
        x = np.asarray(x, dtype=np.float64)
        z = self.zs[0] + slopes[0] * (x - self.xs[0])
        for k in range(1, len(self.xs) - 1):
            z = z + (slopes[k] - slopes[k - 1]) * ramp(x - self.xs[k], self.radii[k])
        return np.asarray(z)

    def raised(self, amounts: FloatArray) -> Rounded:
        """The same curve with corner heights changed by `amounts` (n,)."""
        return Rounded(self.xs, self.zs + amounts, self.radii)
