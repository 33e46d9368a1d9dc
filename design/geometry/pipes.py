"""Round and flat bars along a line as closed triangles, for what only pictures show."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray
from .mesh import Mesh, triangles

AROUND = 16  # corners of a section


def pipe(
    points: FloatArray, radius: FloatArray | float, *, closed: bool = False, around: int = AROUND
) -> Mesh:
    """Closed triangles round a line; its ends are flat.

    Args:
        points: (n, 3) along the line, mm, at least two, of which no two neighbours are the same.
        radius: mm; one, (n,) or (n, 2): half widths across the line's plane (to y where it can be) and in it.
        closed: the end runs into the start.
    """
    line = np.asarray(points, dtype=np.float64)
    n = len(line)
    sizes = np.asarray(radius, dtype=np.float64)
    sizes = np.broadcast_to(sizes if sizes.ndim == 2 else sizes.reshape(-1, 1), (n, 2))
    turn = 2.0 * np.pi * np.arange(around) / around
    flat = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    across, beside = _carried(_along(line, closed))
    rings = line[:, None] + np.einsum("ka,na,nax->nkx", flat, sizes, np.stack([across, beside], axis=1))
    i, j = np.arange(around), (np.arange(around) + 1) % around
    starts = around * np.arange(n if closed else n - 1)[:, None]
    after = (starts + around) % (n * around)
    quads = np.stack([starts + i, starts + j, after + j, after + i], axis=2).reshape(-1, 4)
    faces = [triangles(quads)]
    corners = rings.reshape(-1, 3)
    if not closed:
        low, high, last = np.full(around, n * around), np.full(around, n * around + 1), (n - 1) * around
        faces += [np.stack([j, i, low], axis=1), np.stack([last + i, last + j, high], axis=1)]
        corners = np.concatenate([corners, line[:1], line[-1:]])
    return Mesh(corners, np.concatenate(faces))


def _along(line: FloatArray, closed: bool) -> FloatArray:
    """Unit vectors along the line at its points, (n, 3)."""
    around = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
    way = around if closed else np.gradient(line, axis=0)
    return np.asarray(way / np.linalg.norm(way, axis=1, keepdims=True))


def _carried(along: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors square to each of `along` (n, 3), turned as little as it turns; the first begins
    near y."""
    axis = np.array([0.0, 1.0, 0.0]) if abs(along[0, 1]) < 0.9 else np.array([0.0, 0.0, 1.0])
    across = np.empty_like(along)
    for k, way in enumerate(along):
        axis = axis - way * float(axis @ way)
        axis = axis / np.linalg.norm(axis)
        across[k] = axis
    return across, np.cross(along, across)
