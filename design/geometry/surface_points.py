"""Points spread over a mesh, so that a coarse and a fine mesh of one body look alike."""

from __future__ import annotations

import numpy as np

from ..arrays import FloatArray, IntArray
from .mesh import Mesh, face_vectors

MOST_POINTS = 4_000_000  # beyond, memory


def surface_points(mesh: Mesh, spacing: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Points of a regular grid on every triangle.

    Args:
        spacing: mm, at most so far apart along an edge; grows where that would make too many.

    Returns: (n, 3) points, mm; (n, 3) unit normals; (n,) area that each stands for, mm^2.
    """
    corners = mesh.vertices[mesh.faces]
    vectors = face_vectors(corners)
    area = 0.5 * np.linalg.norm(vectors, axis=1)
    normals = vectors / np.maximum(2.0 * area, 1e-30)[:, None]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    while True:
        count = np.maximum(np.ceil(longest / spacing), 1.0).astype(np.int64)
        if int((count * count).sum()) <= MOST_POINTS:
            break
        spacing *= 1.5
    points, facing, shares = [], [], []
    for n in np.unique(count).tolist():
        chosen = np.flatnonzero(count == n)
        weights = _middles(n)
        points.append(np.einsum("kc,mcd->mkd", weights, corners[chosen]).reshape(-1, 3))
        facing.append(np.repeat(normals[chosen], n * n, axis=0))
        shares.append(np.repeat(area[chosen] / (n * n), n * n))
    return np.concatenate(points), np.concatenate(facing), np.concatenate(shares)


def _middles(n: int) -> FloatArray:
    """(n n, 3) barycentric middles of the n n equal triangles that a triangle is cut into."""
    i, j = np.indices((n, n)).reshape(2, -1)
    up = i + j < n
    a: IntArray = np.where(up, 3 * i + 1, 3 * (n - 1 - i) + 2)
    b: IntArray = np.where(up, 3 * j + 1, 3 * (n - 1 - j) + 2)
    return np.stack([a, b, 3 * n - a - b], axis=1) / (3.0 * n)
