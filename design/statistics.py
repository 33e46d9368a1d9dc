"""Statistics that several layers judge by, and the order that spreads points out."""

from __future__ import annotations

import numpy as np

from .arrays import AnyArray, FloatArray


def rank_correlation(a: AnyArray, b: AnyArray) -> float:
    """Spearman's correlation of two rows (n,), ties sharing their mean rank; nan when one is constant.

    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 15.0])), 3)
    0.5
    """
    from scipy.stats import spearmanr

    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return float("nan")
    return float(spearmanr(a, b).statistic)


def r_squared(truth: AnyArray, said: AnyArray) -> float:
    """Share of the variance of `truth` (n,) that `said` explains (R²); nan where there is none.

    >>> round(r_squared(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0])), 3)
    0.5
    """
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1.0 - float(((truth - said) ** 2).sum()) / spread if spread > 0.0 else float("nan")


def farthest_first(points: FloatArray, first: int, count: int) -> list[int]:
    """Indices of `count` rows of points (n, d), or of all: `first`, then each the farthest from all before.

    >>> farthest_first(np.array([[0.0], [1.0], [5.0], [6.0]]), 1, 3)
    [1, 3, 0]
    """
    order = [first]
    nearest = np.linalg.norm(points - points[first], axis=1)
    while len(order) < min(count, len(points)):
        nearest[order] = -1.0  # equal points are taken once
        order.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, np.linalg.norm(points - points[order[-1]], axis=1))
    return order
