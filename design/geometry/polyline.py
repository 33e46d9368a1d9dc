"""Lines through points."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray


def arc_length(points: FloatArray) -> FloatArray:
    """How far along the line through `points` (n, d) each of them lies, (n,), from 0.

    >>> arc_length(np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 6.0]])).tolist()
    [0.0, 5.0, 7.0]
    """
    step = points[1:] - points[:-1]
    return np.concatenate([[0.0], np.cumsum(np.sqrt(np.sum(step * step, axis=1)))])
