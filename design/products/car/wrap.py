"""One end of the car's skin as a map: from distance around the corner and share of height to space.

The skin's own grid lines carry it, so that fast and exact skin, sampled differently, agree to some tenths of
a millimetre. Many small grids are looked up together: one call of :func:`on_skin` for both faces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import FloatArray
from .curves import ramp
from .skin import Skin

LEVELS = 33  # heights at which the map is tabled
BEHIND_CORNER_MM = 300.0  # how far along the side the map is kept
#: by which what counts as the tail's upper edge may rise beside the centreline: beside an upright tail the
#: side's grid lines soon reach up to the roof; lamps that went on around the corner would climb the rear
#: pillar with them, and their grids stretch too fast for the map to follow
CLIMB_MM = 45.0


@dataclass(frozen=True)
class Wrap:
    """Right half of one end of the skin, from the centreline around the corner along the side.

    Attributes:
        outward: -1 for the nose, 1 for the tail: the sign of x of its normals.
        tall: height of the end on the centreline, mm.
        corner: distance along at which the end has turned by 45 degrees half way up, mm.
        columns: (k,) distance of each grid line from the centreline at half height, mm.
        levels: (3, LEVELS, k) points of every grid line at the shares of its height that :func:`level` calls
            0, 1, 2 .., from floor to top.
        table: (12, LEVELS * n) of all n grid lines of the skin's ends: of every node its point, its rise up,
            and how both rise along (Hermite); this end's begin with the line `first`.
    """

    outward: float
    tall: float
    corner: float
    columns: FloatArray
    levels: FloatArray

    table: FloatArray
    first: int


def on_skin(places: Sequence[tuple[Wrap, FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Points and outward unit normals, each (n, 3), of one skin's ends, one after the other, at distances
    along and shares of the height there, from floor 0 to top 1, each (m,)."""
    table, k = places[0][0].table, places[0][0].table.shape[1] // LEVELS
    ends, starts, gaps = [], [], []
    for wrap, s, _ in places:
        i = np.searchsorted(wrap.columns, s, side="right") - 1
        i = np.minimum(np.maximum(i, 0), len(wrap.columns) - 2)
        start = wrap.columns.take(i)
        ends.append(i + wrap.first)
        gaps.append(wrap.columns.take(i + 1) - start)
        starts.append(s - start)
    gap = np.concatenate(gaps)
    row = level(np.concatenate([height for *_, height in places]))
    j = np.minimum(row.astype(np.int64), LEVELS - 2)
    node = j * k + np.concatenate(ends)
    value, slope = _hermite(np.array([np.concatenate(starts) / gap, row - j]))
    (w, v), (dw, dv) = (np.moveaxis(h, 1, 0) for h in (value, slope))
    w[1::2] *= gap
    dw[1::2] *= gap
    points, ds, dh = np.zeros((3, 3, len(gap)))
    for up in (0, 1):
        a, b = table.take(node + up * k, axis=1), table.take(node + up * k + 1, axis=1)
        (v0, v1), (dv0, dv1) = v[2 * up : 2 * up + 2], dv[2 * up : 2 * up + 2]
        line = w[0] * a[:6] + w[1] * a[6:] + w[2] * b[:6] + w[3] * b[6:]
        points += v0 * line[:3] + v1 * line[3:]
        dh += dv0 * line[:3] + dv1 * line[3:]
        line = dw[0] * a[:6] + dw[1] * a[6:] + dw[2] * b[:6] + dw[3] * b[6:]
        ds += v0 * line[:3] + v1 * line[3:]
    (a, b, c), (e, f, g) = ds, dh
    normals = np.empty((len(gap), 3))
    x, y, z = b * g - c * f, c * e - a * g, a * f - b * e
    sides = np.repeat([wrap.outward for wrap, *_ in places], [len(s) for _, s, _ in places])
    size = sides / np.sqrt(x * x + y * y + z * z)
    normals[:, 0], normals[:, 1], normals[:, 2] = x * size, y * size, z * size
    return np.ascontiguousarray(points.T), normals


def level(height: FloatArray) -> FloatArray:
    """Where shares of the height, 0 to 1, stand among the table's levels: these are closer together at floor
    and top, where the skin turns flat and height alone says little of where one is."""
    return np.asarray(np.arccos(1.0 - 2.0 * height) * ((LEVELS - 1) / np.pi))


def level_of(height: float) -> float:
    """:func:`level` of one share."""
    return math.acos(1.0 - 2.0 * height) * ((LEVELS - 1) / math.pi)


def wraps(s: Skin) -> tuple[Wrap, Wrap]:
    """Nose and tail of a car's skin; found once for all that reads them."""
    return s.of.once(("wraps", s.top.shape, s.body_x.tobytes()), lambda: _wraps(s))


def _wraps(s: Skin) -> tuple[Wrap, Wrap]:
    half, reach = s.nose.shape[1] // 2, max(24, len(s.side) // 3)
    sides = s.side[1:reach], s.side[::-1][1:reach]
    points = np.array(  # (2, rows, columns, 3), rows from the top edge down, columns outwards and along
        [
            np.concatenate([cap[:, half:], np.swapaxes(side, 0, 1)], axis=1)
            for cap, side in zip((s.nose, s.tail), sides, strict=True)
        ]
    )
    step = np.diff(_half_way_up(points), axis=1)
    gap = np.sqrt((step * step).sum(axis=2))
    along = np.concatenate([np.zeros((2, 1)), np.cumsum(gap, axis=1)], axis=1)
    corners = _corners(along, step)
    kept = [
        min(int(np.searchsorted(a, c + BEHIND_CORNER_MM)) + 2, len(a))
        for a, c in zip(along, corners, strict=True)
    ]
    lines = np.concatenate([p[:, :k] for p, k in zip(points, kept, strict=True)], axis=1).T
    tall = (points[:, 0, 0, 2] - points[:, -1, 0, 2]).tolist()
    top = lines[2, :, 0].copy()
    behind = top[kept[0] :]  # see CLIMB_MM
    behind -= ramp(behind - behind[0] - CLIMB_MM, CLIMB_MM)
    levels, rise = _levels(np.ascontiguousarray(lines), top), np.empty((3, LEVELS, len(top)))
    columns = [a[:k] for a, k in zip(along, kept, strict=True)]
    parts = slice(0, kept[0]), slice(kept[0], len(top))
    for s_mm, part in zip(columns, parts, strict=True):
        gap = s_mm[1:] - s_mm[:-1]
        chords = np.diff(levels[..., part]).reshape(3 * LEVELS, 1, -1) / gap
        rise[..., part] = spline_slopes(gap[None], chords).reshape(3, LEVELS, -1)
    table = np.concatenate([levels, _risen(levels), rise, _risen(rise)]).reshape(12, -1)
    nose, tail = (
        Wrap(outward, tall[k], corners[k], columns[k], levels[..., parts[k]], table, parts[k].start)
        for k, outward in enumerate((-1.0, 1.0))
    )
    return nose, tail


def _half_way_up(points: FloatArray) -> FloatArray:
    """(ends, columns, 3): where each grid line of `points` (ends, rows, columns, 3) passes half its end's
    height, wherever the rows happen to run."""
    z = points[..., 2]
    half = 0.5 * (z[:, 0, 0] + z[:, -1, 0])[:, None]
    row = np.minimum(np.maximum((z > half[:, None]).sum(axis=1) - 1, 0), points.shape[1] - 2)
    end, column = np.ogrid[: len(points), : points.shape[2]]
    above, below = points[end, row, column], points[end, row + 1, column]
    share = (above[..., 2] - half) / (above[..., 2] - below[..., 2])
    share = np.minimum(np.maximum(share, 0.0), 1.0)[..., None]
    return np.asarray(above + share * (below - above))


def _corners(along: FloatArray, step: FloatArray) -> list[float]:
    """:attr:`Wrap.corner` of ends whose lines half way up make steps (ends, n - 1, 3) between distances
    `along` (ends, n)."""
    gap = np.diff(along)
    x, y, _ = np.abs(spline_slopes(gap, np.moveaxis(step, 2, 0) / gap))
    found = []
    for turned, at in zip((x - y) / np.hypot(x, y), along.tolist(), strict=True):
        k = int(np.argmax(turned > 0.0)) if turned.max() > 0.0 else len(turned) - 1
        if k == 0 or turned[k] <= 0.0:
            found.append(at[k])
            continue
        share = float(turned[k - 1] / (turned[k - 1] - turned[k]))
        found.append(at[k - 1] + share * (at[k] - at[k - 1]))
    return found


def _levels(lines: FloatArray, top: FloatArray) -> FloatArray:
    """:attr:`Wrap.levels` of grid lines (3, k, rows) from the upper edge down whose height counts up to `top`
    (k,)."""
    step = lines[:, :, 1:] - lines[:, :, :-1]
    gap = np.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2])
    rise = spline_slopes(gap, step / gap)
    z = lines[2]
    wanted = z[:, -1:] + _level_shares() * (top[:, None] - z[:, -1:])
    row = np.count_nonzero(z[:, None, :] > wanted[..., None], axis=2) - 1
    row = np.maximum(np.minimum(row, z.shape[1] - 2), 0)
    first = np.arange(len(z))[:, None]
    node = first * z.shape[1] + row
    a, b, from_a, to_b = (g.reshape(3, -1).take(node + k, axis=1) for g in (lines, rise) for k in (0, 1))
    over = gap.ravel().take(node - first)
    from_a, to_b = over * from_a, over * to_b
    t = np.minimum(np.maximum((a[2] - wanted) / (a[2] - b[2]), 0.0), 1.0)
    for _ in range(2):  # the cubic's height is not quite even along it
        miss = cubic(a[2], b[2], from_a[2], to_b[2], t) - wanted
        t = np.minimum(np.maximum(t - miss / (b[2] - a[2]), 0.0), 1.0)
    return np.swapaxes(cubic(a, b, from_a, to_b, t), 1, 2)


@lru_cache(maxsize=1)
def _level_shares() -> FloatArray:
    """(LEVELS,): shares of the height at which the table's levels stand."""
    shares = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, LEVELS))
    shares.flags.writeable = False
    return shares


def _risen(nodes: FloatArray) -> FloatArray:
    """What nodes (3, n, k) rise by for each one of the second axis: differences, second order to the ends."""
    found = np.empty_like(nodes)
    found[:, 1:-1] = 0.5 * (nodes[:, 2:] - nodes[:, :-2])
    found[:, 0] = 2.0 * nodes[:, 1] - 1.5 * nodes[:, 0] - 0.5 * nodes[:, 2]
    found[:, -1] = 1.5 * nodes[:, -1] - 2.0 * nodes[:, -2] + 0.5 * nodes[:, -3]
    return found


def _hermite(t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(4, ..) weights of (start, rise there, end, rise there) of a cubic at t (..), and their slopes."""
    u = 1.0 - t
    bend = 6.0 * t * u
    value, slope = np.empty((2, 4, *t.shape))
    value[0], value[1], value[2], value[3] = (
        u * u * (1.0 + 2.0 * t),
        t * u * u,
        t * t * (1.0 + 2.0 * u),
        -t * t * u,
    )
    slope[0], slope[1], slope[2], slope[3] = -bend, u * (1.0 - 3.0 * t), bend, t * (3.0 * t - 2.0)
    return value, slope


def cubic(a: FloatArray, b: FloatArray, rise_a: FloatArray, rise_b: FloatArray, t: FloatArray) -> FloatArray:
    """At share t from a to b, of the cubic that rises there by `rise_a` and `rise_b` for each 1 of t."""
    u = 1.0 - t
    return np.asarray(u * u * ((1.0 + 2.0 * t) * a + t * rise_a) + t * t * ((1.0 + 2.0 * u) * b - u * rise_b))


def spline_slopes(gap: FloatArray, slope: FloatArray) -> FloatArray:
    """Slopes (c, k, n) at the points of k cubic splines (ends: not a knot) of c numbers: one system.

    `gap` (k, n - 1) between a spline's points, `slope` (c, k, n - 1) of the chords over them; the equations
    are those of `scipy.interpolate.CubicSpline`.
    """
    from scipy.linalg.lapack import dgtsv

    c, k, n = len(slope), gap.shape[0], gap.shape[1] + 1
    (above, below), middle, right = np.zeros((2, k, n)), np.empty((k, n)), np.empty((c, k, n))
    middle[:, 1:-1] = 2.0 * (gap[:, :-1] + gap[:, 1:])
    above[:, 1:-1], below[:, :-2] = gap[:, :-1], gap[:, 1:]
    right[..., 1:-1] = 3.0 * (gap[:, 1:] * slope[..., :-1] + gap[:, :-1] * slope[..., 1:])
    one, other = gap[:, :: n - 2], gap.take([1, -2], axis=1)  # (k, 2), at either end
    two = one + other
    middle[:, :: n - 1], above[:, 0], below[:, -2] = other, two[:, 0], two[:, 1]
    near, far = slope[..., :: n - 2], slope.take([1, -2], axis=-1)
    right[..., :: n - 1] = ((one + 2.0 * two) * other * near + one * one * far) / two
    *_, found, _ = dgtsv(
        below.ravel()[:-1], middle.ravel(), above.ravel()[:-1], right.reshape(c, -1).T, overwrite_b=True
    )
    return np.asarray(found).T.reshape(c, k, n)
