"""How chairs stack, measured by stacking them: the same body let down onto itself.

The upper chair comes down along one line, upright or leaning forward up to 30 degrees, and every place of it
must be clear of every place of the lower one on the whole way. Both are taken as round bars along their
middle lines (a plate as bars side by side), so the contact of each pair is that of a line and a capsule.
Chairs are mirror images in y = 0: the right half of the upper one is tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...arrays import FloatArray
from .rings import Capsule

LEANS: FloatArray = np.radians(np.arange(0.0, 31.0, 5.0))
STEP_MM = 16.0  # between points of the upper chair


def stack_pitch(capsules: Sequence[Capsule]) -> tuple[float, float]:
    """Height (mm) and shift along -x (mm) of each further chair, for the line on which it sinks lowest."""
    a, b = (np.array([c[k] for c in capsules]) for k in (0, 1))
    r = np.array([c[2] for c in capsules])
    points, sizes = _points(a, b, r)
    half, near = points[:, 1] > -1.0, np.maximum(a[:, 1], b[:, 1]) > -2.0 * float(r.max())  # mirror images
    points, sizes, a, b, r = points[half], sizes[half], a[near], b[near], r[near]
    best = (math.inf, 0.0)
    for lean in LEANS:
        way = np.array([-math.sin(lean), 0.0, math.cos(lean)])
        rise = float(_exit(points, sizes, a, b, r, way).max()) * math.cos(lean)
        if rise < best[0]:
            best = rise, rise * math.tan(lean)
    return best


def _points(a: FloatArray, b: FloatArray, r: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points (n, 3) along bars, ends included, and the radius of each (n,)."""
    counts = np.maximum(2, np.ceil(np.linalg.norm(b - a, axis=1) / STEP_MM).astype(int) + 1)
    which = np.repeat(np.arange(len(a)), counts)
    first = np.cumsum(counts) - counts
    share = (np.arange(len(which)) - first[which]) / (counts[which] - 1)
    return a[which] + share[:, None] * (b - a)[which], r[which]


def _exit(
    p: FloatArray, s: FloatArray, a: FloatArray, b: FloatArray, r: FloatArray, way: FloatArray
) -> FloatArray:
    """(n, m) how far each ball (p, s) must move along `way` until it is clear of each bar (a, b, r) for
    good."""
    along = b - a
    square = np.maximum(np.sum(along * along, axis=1), 1e-9)  # (m,)
    slant = along @ way / square
    reach = s[:, None] + r[None]  # (n, m)
    to_a = np.sum(p * p, axis=1)[:, None] - 2.0 * p @ a.T + np.sum(a * a, axis=1)
    to_b = np.sum(p * p, axis=1)[:, None] - 2.0 * p @ b.T + np.sum(b * b, axis=1)
    at = (p @ along.T - np.sum(a * along, axis=1)) / square  # place of each ball along each bar
    from_a, from_b = ((p @ way)[:, None] - end @ way for end in (a, b))
    found = np.zeros_like(reach)
    for ahead, far in ((from_a, to_a), (from_b, to_b)):  # the bars' ends are balls
        root = ahead**2 - far + reach**2
        found = np.maximum(found, np.where(root >= 0.0, np.sqrt(np.maximum(root, 0.0)) - ahead, 0.0))
    curve = np.maximum(1.0 - slant**2 * square, 1e-9)  # of the way, square to the bar
    half = from_a - at * slant * square
    root = half**2 - curve * (to_a - at**2 * square - reach**2)
    t = (np.sqrt(np.maximum(root, 0.0)) - half) / curve
    share = at + t * slant
    found = np.maximum(found, np.where((root >= 0.0) & (share >= 0.0) & (share <= 1.0), t, 0.0))
    return np.asarray(found)
