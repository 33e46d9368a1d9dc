"""Sets of trade-offs: which points nobody beats, and how much of the space they dominate. All minimised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...design.arrays import FloatArray


def nondominated(points: FloatArray) -> list[int]:
    """Indices of the points (n x m) that no other point beats in one objective without losing in another.

    Of equal points the first is kept. In order of the first objective.
    """
    points = np.asarray(points, dtype=np.float64)
    kept: list[int] = []
    for i in np.lexsort(points.T[::-1]):
        others = points[kept]
        if not any(bool(np.all(q <= points[i])) for q in others):
            kept.append(int(i))
    return kept


def hypervolume(points: FloatArray, reference: Sequence[float]) -> float:
    """Volume between the points (n x m) and the reference point, by slicing along the last objective.

    Points that do not beat the reference in every objective count nothing.
    """
    reference_row = np.asarray(reference, dtype=np.float64)
    points = np.asarray(points, dtype=np.float64).reshape(-1, len(reference_row))
    points = points[np.all(points < reference_row, axis=1)]
    if len(points) == 0:
        return 0.0
    return _volume(points[nondominated(points)], reference_row)


def _volume(points: FloatArray, reference: FloatArray) -> float:
    if points.shape[1] == 1:
        return float(reference[0] - points[:, 0].min())
    if points.shape[1] == 2:  # a staircase; slicing it would grow with the square of its steps
        across, up = points[np.lexsort(points.T[::-1])].T
        lowest = np.minimum.accumulate(up)
        return float(np.sum((np.append(across[1:], reference[0]) - across) * (reference[1] - lowest)))
    order = np.argsort(points[:, -1], kind="stable")
    points = points[order]
    total = 0.0
    for i in range(len(points)):
        depth = (points[i + 1, -1] if i + 1 < len(points) else reference[-1]) - points[i, -1]
        if depth > 0.0:
            slab = points[: i + 1, :-1]
            total += float(depth) * _volume(slab[nondominated(slab)], reference[:-1])
    return total


def spread_out(rows: FloatArray, order: Sequence[int], count: int, distance: float) -> list[int]:
    """The first `count` of `order` that lie `distance` or more (root mean square) from those taken before."""
    taken: list[int] = []
    for i in order:
        gaps = np.sqrt(((rows[taken] - rows[i]) ** 2).mean(axis=1)) if taken else np.array([np.inf])
        if gaps.min() >= distance:
            taken.append(i)
        if len(taken) == count:
            break
    return taken
