"""Statistics that several layers judge by."""

from __future__ import annotations

import numpy as np

from .arrays import AnyArray


def rank_correlation(a: AnyArray, b: AnyArray) -> float:
    """Spearman's correlation of two rows (n,), ties sharing their mean rank; nan when one is constant.

    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 15.0])), 3)
    0.5
    """
    from scipy.stats import spearmanr

    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return float("nan")
    return float(spearmanr(a, b).statistic)
