"""Mitred tubes as triangles: where each line of a tube's wall ends on the tubes that it meets.

A tube's wall is seen as lines along its axis. A line ends where it leaves the last of the cylinders that its
end is mitred to; a line that passes beside them ends with the tube's own square end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Mesh
from .definition import AXLE_MM, Plate, Tube

AROUND = 40  # corners of a round section
HULL_AROUND = 48
COARSE = 20  # of the outline that is fitted to pictures


@cache
def circle(n: int) -> FloatArray:
    """Corners (n, 2) of a round section of radius 1."""
    turn = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def ends(tube: Tube, tubes: Mapping[str, Tube], lines: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where lines (m, 3) beside the tube's axis begin and end, mm from `a` along the tube, each (m,).

    Args:
        lines: the point of each in the plane of `a`, relative to it.
    """
    along = tube.axes[0]
    start = _leaves(tube.a + lines, along, [tubes[k] for k in tube.cut_a])
    end = tube.length - _leaves(tube.b + lines, -along, [tubes[k] for k in tube.cut_b])
    middle = 0.5 * tube.length
    return np.minimum(start, middle), np.maximum(end, middle)


def _leaves(points: FloatArray, way: FloatArray, cutters: Sequence[Tube]) -> FloatArray:
    """How far (n,) lines from `points` (n, 3) along `way` run until they have left all `cutters`."""
    far = np.zeros(len(points))
    for tube in cutters:
        axis = tube.axes[0]
        level = way - (way @ axis) * axis
        from_axis = points - tube.a
        from_axis = from_axis - np.outer(from_axis @ axis, axis)
        a = float(level @ level)
        b = from_axis @ level
        c = np.einsum("ij,ij->i", from_axis, from_axis) - tube.radius**2
        root = b * b - a * c
        out = np.where(root > 0.0, (-b + np.sqrt(np.maximum(root, 0.0))) / max(a, 1e-9), 0.0)
        at = (points + out[:, None] * way - tube.a) @ axis
        cut = (at > -tube.radius) & (at < tube.length + tube.radius)  # no wall stands in the bore of its end
        far = np.where(cut, np.maximum(far, out), far)
    return far


def wall_volume(tube: Tube, tubes: Mapping[str, Tube], n: int = 48) -> float:
    """Of the mitred hollow tube, mm3: its wall's section times the mean length of its lines."""
    start, end = ends(tube, tubes, (tube.radius - 0.5 * tube.wall) * _around(tube, n))
    inner = max(tube.radius - tube.wall, 0.0)
    return float(np.pi * (tube.radius**2 - inner**2) * (end - start).mean())


def tube_mesh(tube: Tube, tubes: Mapping[str, Tube], n: int = AROUND) -> Mesh:
    """Closed triangles of the mitred hollow tube."""
    ring = _around(tube, n)
    inner = max(tube.radius - tube.wall, 0.05 * tube.radius)
    lines = np.concatenate([tube.radius * ring, inner * ring])
    start, end = (tube.a + lines + t[:, None] * tube.axes[0] for t in ends(tube, tubes, lines))
    return Mesh(np.concatenate([start[:n], end[:n], start[n:], end[n:]]), _sleeve(n))


def _around(tube: Tube, n: int) -> FloatArray:
    """Corners (n, 3) of the tube's section of radius 1, around its axis."""
    return circle(n) @ np.stack(tube.axes[1:])


def rod_mesh(tube: Tube, n: int = HULL_AROUND) -> Mesh:
    """Closed triangles of the whole cylinder, square ends, of the round one's volume."""
    step = 2.0 * np.pi / n
    ring = tube.radius * np.sqrt(step / np.sin(step)) * _around(tube, n)
    points = np.concatenate([tube.a + ring, tube.b + ring, tube.a[None], tube.b[None]])
    i = np.arange(n)
    j = (i + 1) % n
    low, high = np.full(n, 2 * n), np.full(n, 2 * n + 1)
    faces = [(i, j, j + n), (i, j + n, i + n), (j, i, low), (i + n, j + n, high)]
    return Mesh(points, np.concatenate([np.stack(f, axis=1) for f in faces]).astype(np.int64))


def plate_mesh(plate: Plate) -> Mesh:
    """Closed triangles of a dropout with the hole of its axle."""
    n = len(plate.outline)
    hole = plate.axle + AXLE_MM * circle(n)
    rings = []
    for flat in (plate.outline, hole):
        for y in (plate.outer, plate.inner):
            rings.append(np.stack([flat[:, 0], np.full(n, y), flat[:, 1]], axis=1))
    return Mesh(np.concatenate(rings), _sleeve(n))


@cache
def _sleeve(n: int) -> IntArray:
    """Faces between four rings of n: outside at the start and end, inside at the start and end."""
    i = np.arange(n)
    j = (i + 1) % n
    a, b, c, d = (k * n for k in range(4))

    def band(low: int, high: int) -> list[IntArray]:
        return [
            np.stack([low + i, low + j, high + j], axis=1),
            np.stack([low + i, high + j, high + i], axis=1),
        ]

    return np.concatenate([*band(a, b), *band(b, d), *band(d, c), *band(c, a)]).astype(np.int64)
