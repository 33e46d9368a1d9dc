"""A running linear guess of what the mesh will measure, from the designs measured so far.

It only decides which designs are worth measuring; every number that is reported was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...design.arrays import FloatArray

RIDGE = 1e-3
NEIGHBOURS = 2  # measured designs per parameter that have a say: with more of them the guess is more local
LEAST_WIDTH = 0.01  # root mean square distance within which every measured design has a say


@dataclass(frozen=True)
class Trend:
    """Linear in the unit cube around `centre`; q measures.

    Attributes:
        centre: (d,) in the unit cube.
        value: (q,) at the centre.
        slope: (d, q).
        error: typical error of the guess (q,): each measured design guessed from the others.
    """

    centre: FloatArray
    value: FloatArray
    slope: FloatArray
    error: FloatArray

    def __call__(self, units: FloatArray) -> FloatArray:
        """Guessed measures (n, q) of rows in the unit cube (n, d)."""
        return np.asarray(self.value + (units - self.centre) @ self.slope, dtype=np.float64)


def fit_trend(units: FloatArray, measures: FloatArray, centre: FloatArray) -> Trend:
    """Weighted ridge regression of `measures` (n, q) on `units` (n, d), nearest designs count most."""
    gap = np.sqrt(((units - centre) ** 2).mean(axis=1))
    reach = np.partition(gap, min(NEIGHBOURS * (units.shape[1] + 1), len(gap) - 1))
    width = max(float(reach[min(NEIGHBOURS * (units.shape[1] + 1), len(gap) - 1)]), LEAST_WIDTH)
    weight = np.exp(-0.5 * (gap / width) ** 2) + 1e-4
    scale = measures.std(axis=0) + 1e-12
    middle = (weight[:, None] * measures).sum(axis=0) / weight.sum()
    origin = (weight[:, None] * units).sum(axis=0) / weight.sum()
    x = (units - origin) * np.sqrt(weight)[:, None]
    y = (measures - middle) / scale * np.sqrt(weight)[:, None]
    inverse = np.linalg.inv(x.T @ x + RIDGE * np.eye(units.shape[1]))
    slope = inverse @ x.T @ y * scale
    value = middle + (centre - origin) @ slope
    leverage = np.minimum(np.einsum("ij,jk,ik->i", x, inverse, x), 0.98)
    miss = (measures - (value + (units - centre) @ slope)) / (1.0 - leverage)[:, None]
    error = np.sqrt((weight[:, None] * miss**2).sum(axis=0) / weight.sum())
    return Trend(centre, value, slope, error)
