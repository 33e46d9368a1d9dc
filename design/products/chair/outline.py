"""Outlines of plates: polygons with rounded corners, as rows for triangles and as wires for the kernel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...arrays import FloatArray
from .rings import ARC_STEP, unit

#: corners (a, b) in order and the radius of each; the first and the last edge along b are level
Outline = Sequence[tuple[float, float, float]]
Corner = tuple[float, float]


def outline_rows(outline: Outline, even: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Stations b (m,), among them `even` equally spaced, and both ends along a there, (m,) each."""
    corners = [_fillet(*c) if c[3] > 0.0 else np.array([c[1]]) for c in _turns(outline)]
    points = np.concatenate(corners)
    spread = np.linspace(points[:, 1].min(), points[:, 1].max(), even)
    b = np.unique(np.round(np.concatenate([points[:, 1], spread]), 6))
    middle = 0.5 * (points[:, 0].min() + points[:, 0].max())
    found = []
    for side in (points[points[:, 0] <= middle], points[points[:, 0] >= middle]):
        order = np.lexsort((-np.abs(side[:, 0] - middle), side[:, 1]))
        at, first = np.unique(np.round(side[order, 1], 6), return_index=True)
        found.append(np.interp(b, at, side[order][first, 0]))
    return b, found[0], found[1]


def _turns(outline: Outline) -> list[tuple[Corner, Corner, Corner, float]]:
    """(before, corner, after, radius) of each corner."""
    p = [(a, b) for a, b, _ in outline]
    n = len(p)
    return [(p[k - 1], p[k], p[(k + 1) % n], outline[k][2]) for k in range(n)]


def _fillet(before: Corner, corner: Corner, after: Corner, radius: float) -> FloatArray:
    """Points (k, 2) of the arc that rounds a corner."""
    (ux, uy), (wx, wy) = _way(corner, before), _way(corner, after)
    half = 0.5 * math.acos(min(1.0, max(-1.0, ux * wx + uy * wy)))
    reach, out = radius / math.tan(half), radius / math.sin(half)
    mx, my = _way((0.0, 0.0), (ux + wx, uy + wy))
    x, y = corner[0] + out * mx, corner[1] + out * my
    first = math.atan2(corner[1] + reach * uy - y, corner[0] + reach * ux - x)
    last = math.atan2(corner[1] + reach * wy - y, corner[0] + reach * wx - x)
    turn = (last - first + math.pi) % (2.0 * math.pi) - math.pi
    angles = first + turn * np.linspace(0.0, 1.0, max(3, math.ceil(abs(turn) / ARC_STEP) + 1))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)


def _way(start: Corner, end: Corner) -> Corner:
    """The unit vector from one to the other."""
    x, y = end[0] - start[0], end[1] - start[1]
    size = math.hypot(x, y)
    return x / size, y / size


def outline_wire(outline: Outline, plane: Any) -> Any:
    """A closed wire of lines and arcs on a workplane."""
    arcs = [
        (f[0], _arc_middle(f), f[-1]) if c[3] > 0.0 else (c[1], None, c[1])
        for c in _turns(outline)
        for f in [_fillet(*c) if c[3] > 0.0 else np.empty((0, 2))]
    ]
    wire = plane.moveTo(*arcs[0][2])
    for start, middle, end in [*arcs[1:], arcs[0]]:
        wire = wire.lineTo(*start)
        if middle is not None:
            wire = wire.threePointArc(tuple(middle), tuple(end))
    return wire.close()


def _arc_middle(points: FloatArray) -> FloatArray:
    """Middle of an arc through three of its points, on it."""
    a, m, b = points[0], points[len(points) // 2], points[-1]
    if len(points) % 2:
        return np.asarray(m)
    chord = 0.5 * (a + b)
    q = points[len(points) // 2 - 1]
    side = unit(0.5 * (m + q) - chord)
    half = 0.5 * float(np.linalg.norm(b - a))
    flat = float(np.linalg.norm(0.5 * (m + q) - chord))
    part = 0.5 * float(np.linalg.norm(m - q))
    drop = (half**2 - part**2 - flat**2) / (2.0 * flat)  # of the centre below the chord
    return np.asarray(chord + side * (math.hypot(half, drop) - drop))
