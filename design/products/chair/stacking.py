"""How chairs stack, measured by stacking them: the same body let down onto itself.

The upper chair comes down along one line, upright or leaning forward up to 30 degrees, and every place of it
must be clear of every place of the lower one on the whole way. Both are taken as round bars along their
middle lines (a plate as bars side by side), so the contact of each pair is that of a line and a capsule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...arrays import FloatArray
from .rings import Capsule

LEANS: FloatArray = np.radians(np.arange(0.0, 31.0, 5.0))
STEP_MM = 12.0  # between points of the upper chair


def stack_pitch(capsules: Sequence[Capsule]) -> tuple[float, float]:
    """Height (mm) and shift along -x (mm) of each further chair, for the line on which it sinks lowest."""
    a, b = (np.array([c[k] for c in capsules]) for k in (0, 1))
    r = np.array([c[2] for c in capsules])
    points, sizes = _points(a, b, r)
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


def _exit(p: FloatArray, s: FloatArray, a: FloatArray, b: FloatArray, r: FloatArray, way: FloatArray) -> FloatArray:
    """(n,) how far each ball (p, s) must move along `way` until it is clear of all bars (a, b, r) for good."""
    along = b - a
    reach = s[:, None] + r[None]  # (n, m)
    square = np.maximum(np.einsum("mk,mk->m", along, along), 1e-9)
    across_way = way - np.outer(along @ way / square, along)  # (m, 3), part of the way square to the bar
    from_a = p[:, None] - a[None]  # (n, m, 3)
    at = np.einsum("nmk,mk->nm", from_a, along) / square
    across = from_a - at[..., None] * along
    qa = np.einsum("mk,mk->m", across_way, across_way)
    qb = np.einsum("nmk,mk->nm", across, across_way)
    qc = np.einsum("nmk,nmk->nm", across, across) - reach**2
    root = qb**2 - qa * qc
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (-qb + np.sqrt(root)) / qa
    share = at + t * (along @ way / square)
    hit = (root >= 0.0) & (qa > 1e-9) & (share >= 0.0) & (share <= 1.0)
    found = np.where(hit, t, 0.0)
    for end in (a, b):  # balls at the bars' ends
        gap = p[:, None] - end[None]
        eb = np.einsum("nmk,k->nm", gap, way)
        root = eb**2 - np.einsum("nmk,nmk->nm", gap, gap) + reach**2
        found = np.maximum(found, np.where(root >= 0.0, -eb + np.sqrt(np.maximum(root, 0.0)), 0.0))
    return np.asarray(found.max(axis=1))
