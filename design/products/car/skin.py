"""The body's skin as three clean point grids (top, side, floor) and two caps, sampled from the definition.

Each grid is `stations x points x 3`. The fast mesh joins the grids' points by triangles; the exact body
interpolates the same points by B-spline surfaces (see :mod:`.exact`). The left side mirrors the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ...arrays import BoolArray, FloatArray, IntArray
from ...geometry.mesh import Mesh, mirrored, shared, triangles
from .body_surfaces import Spine
from .curves import evenly, smoothed, step
from .definition import Definition
from .edges import edges, top_edge

#: y and z of many points, or of one
Pair = tuple[FloatArray | float, FloatArray | float]


#: the ends round along superellipses of exponent 2 / ROUNDING = 2.5, whose curvature starts from nothing:
#: after a quarter circle the highlights on bonnet and sides break
ROUNDING = 0.8


@dataclass(frozen=True)
class Detail:
    """Number of points: body stations, stations per rounded end, and points across each strip. The side goes
    from the top's rounding over glass, shoulder and side to the sill. `spread`: see :func:`_spread`; surface
    pressures of runs are stored by the fast mesh's points, so its own stays."""

    stations: int = 114
    end: int = 9
    top: int = 23
    corner: int = 7
    glass: int = 9
    shoulder: int = 11
    side: int = 13
    sill: int = 7
    spread: float = 0.18

    @property
    def floor(self) -> int:
        """As many as the top has, so that nose and tail close with clean grids."""
        return self.top


FAST = Detail()
CROSSING_WEIGHT = 28.0  # of stations where the top's edge crosses the shoulder and grid lines turn
#: of the way to the corner, the inner control points of a rounding
PULL = (0.36, 0.78)
SPREAD_TAIL = 0.10  # see :func:`_spread`
CROSSING_SOFT_MM = 26.0  # over which a grid line turns from the shoulder to the top's edge
EXACT = Detail(stations=132, end=11, top=25, corner=8, glass=10, shoulder=10, side=17, sill=9, spread=0.24)


@dataclass(frozen=True)
class Skin:
    """Point grids in space, mm.

    Attributes:
        top: (n, t, 3) from left to right edge over the centreline.
        side: (n, s, 3) right side from the top edge down to the floor's edge.
        floor: (n, t, 3) from right to left edge.
        nose, tail: (s, t, 3) rows from top to floor, left to right; their borders are the grids' ends.
        body_x: (n,) stations in body coordinates.
        of: what was sampled.
    """

    top: FloatArray
    side: FloatArray
    floor: FloatArray
    nose: FloatArray
    tail: FloatArray
    body_x: FloatArray
    of: Definition

    @cached_property
    def ring(self) -> FloatArray:
        """(n, m, 3): closed rings: top (left to right), right side, floor (right to left), left side."""
        left = mirrored(self.side[:, ::-1])
        return np.concatenate([self.top, self.side[:, 1:-1], self.floor, left[:, 1:-1]], axis=1)

    @property
    def right(self) -> FloatArray:
        """(n, m / 2 + 1, 3): the rings' right half, from the middle of the top to that of the floor."""
        first = self.top.shape[1] // 2
        return self.ring[:, first : first + self.ring.shape[1] // 2 + 1]


def stations(d: Definition, detail: Detail) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Body x of every station, and the share of rounding left there at nose and tail, each (n,)."""
    nose, tail = d.nose_insets[0], d.tail_insets[0]
    phi = evenly(0.0, np.pi / 2.0, detail.end)
    into, left = 1.0 - np.cos(phi) ** ROUNDING, 1.0 - np.sin(phi) ** ROUNDING
    into[-1], left[-1] = 1.0, 0.0
    x_nose, left_nose = nose * into, left
    x_tail, left_tail = d.length - tail * into[::-1], left[::-1]
    x, along = d.once("station density", lambda: _density(d))
    inner = np.interp(evenly(0.0, along[-1], detail.stations), along, x)[1:-1]
    inner[np.argmin(np.abs(inner - d.x_crest))] = d.x_crest
    zeros = np.zeros(len(inner))
    return (
        np.concatenate([x_nose, inner, x_tail]),
        np.concatenate([left_nose, zeros, np.zeros(detail.end)]),
        np.concatenate([np.zeros(detail.end), zeros, left_tail]),
    )


def _density(d: Definition) -> tuple[FloatArray, FloatArray]:
    """x between the rounded ends, and the number of stations (to a scale) up to there, each (500,)."""
    inner = edges(d)[1]
    x, edge, edge_z = inner.x, inner.y, inner.z
    apart = float(x[1] - x[0])
    slope = _risen(d.profile(x)) / apart
    bend = np.abs(_risen(slope)) / apart
    weight = 1.8 * np.sqrt(1.0 + 2.0 * slope**2) + 600.0 * np.minimum(bend, 0.02)
    weight += 1.6 * np.minimum(np.abs(_risen(edge)) / apart, 1.5)
    over = edge_z - d.belt(x)  # where the top's rounding passes the shoulder, grid lines turn
    middle = 92.0 * d.softness
    near = np.exp(-(((over - middle) / (d.belt_rounding + 60.0)) ** 2))
    weight += CROSSING_WEIGHT * near * np.minimum(np.abs(_risen(over)) / apart, 1.0)
    smooth = smoothed(weight, 12)
    return x, np.concatenate([[0.0], np.cumsum(0.5 * (smooth[1:] + smooth[:-1]))])


def _risen(values: FloatArray) -> FloatArray:
    """`np.gradient` of values (n,) at steps of 1."""
    found = np.empty_like(values)
    found[1:-1] = 0.5 * (values[2:] - values[:-2])
    found[0], found[-1] = values[1] - values[0], values[-1] - values[-2]
    return found


def skin(d: Definition, detail: Detail = FAST) -> Skin:
    """The definition sampled; computed once for each definition and detail."""
    return d.once(detail, lambda: _sampled(d, detail))


def _sampled(d: Definition, detail: Detail) -> Skin:
    x, left_nose, left_tail = stations(d, detail)
    nose, tail = d.nose_insets, d.tail_insets
    inset_top = nose[1] * left_nose + tail[1] * left_tail
    inset_side = nose[2] * left_nose + tail[2] * left_tail
    inset_bottom = nose[3] * left_nose + tail[3] * left_tail
    low, spine = d.bottom(x), d.spine(x)
    high = spine.profile
    y, z = _half_sections(d, x, low, spine, detail)
    half = detail.top // 2
    t = np.minimum(np.maximum((z - low[:, None]) / (high - low)[:, None], 0.0), 1.0)
    share = t * t * (3.0 - 2.0 * t)
    z = z - inset_top[:, None] * share + inset_bottom[:, None] * (1.0 - share)
    y = y * (1.0 - inset_side / y[:, half + 1 : -half - 1].max(axis=1))[:, None]
    ring = d.place(x[:, None], y, z)
    right, side, below = ring[:, : half + 1], ring[:, half + 1 : -half - 1], ring[:, -half - 1 :]
    top = np.concatenate([mirrored(right[:, :0:-1]), right], axis=1)
    floor = np.concatenate([below, mirrored(below[:, -2::-1])], axis=1)
    caps = [_cap(d, x[k], top[k], side[k], floor[k]) for k in (0, -1)]
    return Skin(top, side, floor, caps[0], caps[1], x, d)


def _cap(d: Definition, x: float, top: FloatArray, side: FloatArray, floor: FloatArray) -> FloatArray:
    """Grid over a flat end in body coordinates, bent like its border.

    Near the border the rows have the side's heights; in the middle, where the sill's rounding would crowd
    them, they share the height evenly.
    """
    across = evenly(-1.0, 1.0, len(top))
    z = side[:, 2]
    v = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(side[:, 1]), np.diff(z)))])
    v /= v[-1]
    even = (1.0 - v)[:, None] * top[:, 2] + v[:, None] * floor[::-1, 2]
    uneven = z - ((1.0 - v) * z[0] + v * z[-1])
    grid = d.place(np.asarray(x), side[:, None, 1] * across, even + uneven[:, None] * across**2)
    grid[0], grid[-1] = top, floor[::-1]
    grid[:, -1], grid[:, 0] = side, mirrored(side)
    return grid


def _half_sections(
    d: Definition, x: FloatArray, low: FloatArray, spine: Spine, detail: Detail
) -> tuple[FloatArray, FloatArray]:
    """y and z, each (n, points), of right half sections before the ends are rounded, at body stations `x`
    whose floor is at `low`: top outwards, side downwards, floor inwards."""
    along, at_belt, high, crown = spine
    edge_y, edge_z = top_edge(d, x, spine, edges(d)[0])
    height = edge_z - low
    # rounding between top and side
    inwards, down = d.corner_reach(edge_y, height)
    y1, z1 = edge_y - inwards, edge_z - down
    # rounding between side and floor
    reach_sill = np.minimum(d.p["sill_radius"] * 1.25, 0.22 * height)
    z2 = low + reach_sill
    # grid lines that follow the shoulder where there is a greenhouse above it, and the top's edge elsewhere
    share = _spread(d, x, detail.spread) * (z1 - z2)
    belt = along[0]
    ledge = _lower(belt + 1.05 * d.belt_rounding, z1 - share)
    knee = _lower(belt - 1.15 * d.belt_rounding, z1 - 1.55 * share - 0.07 * (z1 - z2))
    glass_z = _between(z1, ledge, detail.glass)
    body_z = np.concatenate([_between(ledge, knee, detail.shoulder), _between(knee, z2, detail.side)], axis=1)

    looked_up = np.concatenate([np.stack([z1, z1 - 1.0, z2, z2 + 1.0, low], axis=1), glass_z, body_z], axis=1)
    belt, plan, narrow, shoulder = (c[:, None] for c in along)
    wide = d.width_at(x[:, None], looked_up, (belt, plan, narrow, shoulder), at_belt[:, None])
    w1, w1_below, w2, w2_above, y_floor = wide[:, :5].T
    y2 = y_floor - reach_sill * 1.15
    top_y = y1[:, None] * evenly(0.0, 1.0, detail.top // 2 + 1)
    top_z = d.crowned(high[:, None], crown[:, None], top_y)
    slope_top = top_z[:, -1] - d.crowned(high, crown, y1 - 1.0)
    corner = _blend(
        (y1, top_z[:, -1]), (1.0, slope_top), (w1, z1), (w1_below - w1, -1.0), (edge_y, edge_z), detail.corner
    )
    sill = _blend((w2, z2), (w2 - w2_above, -1.0), (y2, low), (-1.0, 0.0), (y_floor, low), detail.sill)
    floor_y = y2[:, None] * evenly(1.0, 0.0, detail.floor // 2 + 1)
    floor_z = np.broadcast_to(low[:, None], floor_y.shape)
    return (
        np.concatenate([top_y, corner[0], wide[:, 5:], sill[0][:, 1:], floor_y], axis=1),
        np.concatenate([top_z, corner[1], looked_up[:, 5:], sill[1][:, 1:], floor_z], axis=1),
    )


def _spread(d: Definition, x: FloatArray, at_nose: float) -> FloatArray:
    """Share of the side's height (n,) that the rows of the glass keep where there is none: at nose and tail
    more, lest rows crowd there and the surface ripple; less at the pillars' feet, where rows follow the
    shoulder."""
    nose = 1.0 - step(x - (d.x_cowl - 400.0), 350.0)
    tail = step(x - (d.length - 250.0), 250.0)
    return np.asarray(0.05 + at_nose * nose + SPREAD_TAIL * tail)


def _lower(a: FloatArray, b: FloatArray) -> FloatArray:
    """The lower of two heights (n,), their crossing rounded over some centimetres, mm."""
    return np.asarray(0.5 * (a + b - np.sqrt((a - b) ** 2 + CROSSING_SOFT_MM**2)))


def _between(high: FloatArray, low: FloatArray, count: int) -> FloatArray:
    """`count` heights evenly from `high` to `low` (n,), without the first: (n, count - 1)."""
    return high[:, None] + (low - high)[:, None] * evenly(0.0, 1.0, count)[1:]


def _blend(
    a: Pair, dir_a: Pair, b: Pair, dir_b: Pair, corner: tuple[FloatArray, FloatArray], count: int
) -> tuple[FloatArray, FloatArray]:
    """Quintic Beziers from a to b (y and z of n each), tangent to dir_a and dir_b and without curvature
    there, so that light runs on into the nearly flat neighbours; y and z (n, count)."""
    to_a, to_b = (
        np.hypot(corner[0] - p[0], corner[1] - p[1]) / np.hypot(*along)
        for p, along in ((a, dir_a), (b, dir_b))
    )
    near, far = PULL
    found = []
    for k in (0, 1):
        ahead, back = to_a * dir_a[k], to_b * dir_b[k]
        points = np.array(
            [a[k], a[k] + near * ahead, a[k] + far * ahead, b[k] - far * back, b[k] - near * back, b[k]]
        )
        found.append(points.T @ _bezier(count))
    return found[0], found[1]


@lru_cache(maxsize=8)
def _bezier(count: int) -> FloatArray:
    """(6, count): weights of a quintic's control points at even steps."""
    t = np.linspace(0.0, 1.0, count)
    u = 1.0 - t
    return np.stack([u**5, 5 * u**4 * t, 10 * u**3 * t**2, 10 * u**2 * t**3, 5 * u * t**4, t**5])


def skin_mesh(s: Skin) -> Mesh:
    """Closed triangle mesh of the skin; vertices shared, so watertight by construction."""
    return Mesh(skin_points(s), skin_faces(s))


def skin_points(s: Skin) -> FloatArray:
    """Vertices of the skin: its ring, station by station, then the caps' inner points."""
    return np.concatenate([s.ring.reshape(-1, 3), *cap_points(s)])


def cap_points(s: Skin) -> list[FloatArray]:
    """Points of nose and tail inside their borders, each (n, 3)."""
    return [cap[1:-1, 1:-1].reshape(-1, 3) for cap in (s.nose, s.tail)]


def skin_faces(s: Skin, keep: BoolArray | None = None) -> IntArray:
    """Triangles over :func:`skin_points`; of the quads between stations only those where `keep` (n - 1, m) is
    true."""
    every = _skin_triangles(*s.ring.shape[:2], *s.nose.shape[:2])
    if keep is None:
        return every
    kept = np.ones((2, len(every) // 2), dtype=bool)
    kept[:, : keep.size] = keep.ravel()
    return every.compress(kept.ravel(), axis=0)


def kept_skin_faces(s: Skin, keep: BoolArray, number: IntArray, more: int) -> IntArray:
    """:func:`skin_faces` of the quads to `keep` over points renumbered by `number`, with `more` rows left
    open after them. Points that follow each other on a ring and are kept have numbers that do so too."""
    n, m = s.ring.shape[:2]
    every = _skin_triangles(n, m, *s.nose.shape[:2]).reshape(2, -1, 3)
    caps = number.take(every[:, keep.size :], mode="clip")
    quad = np.flatnonzero(keep)
    k, both = len(quad), len(quad) + caps.shape[1]
    a, b = number.take(quad, mode="clip"), number.take(quad + m, mode="clip")
    last = np.cumsum(np.count_nonzero(keep, axis=1))[keep[:, -1]] - 1  # from a ring's end back to its start
    c, e = b + 1, a + 1
    c[last], e[last] = number[quad[last] + 1], number[quad[last] + 1 - m]
    faces = np.empty((2 * both + more, 3), dtype=np.int64)
    for half, (second, third) in zip((faces[:k], faces[both : both + k]), ((b, c), (c, e)), strict=True):
        half[:, 0], half[:, 1], half[:, 2] = a, second, third
    faces[k:both], faces[both + k : 2 * both] = caps
    return faces


@lru_cache(maxsize=8)
def _skin_triangles(n: int, m: int, rows: int, columns: int) -> IntArray:
    """Triangles of a skin of n rings of m points and caps of so many rows and columns."""
    i = np.arange(n - 1)[:, None] * m
    j = np.arange(m)[None, :]
    k = (j + 1) % m
    quads = np.stack([i + j, i + m + j, i + m + k, i + k], axis=-1).reshape(-1, 4)
    nose = _cap_quads(rows, columns, m, 0, n * m)
    tail = _cap_quads(rows, columns, m, (n - 1) * m, n * m + (rows - 2) * (columns - 2))
    return shared(triangles(np.concatenate([quads, nose, tail[:, ::-1]])))


def _cap_quads(rows: int, columns: int, m: int, ring_start: int, extra_start: int) -> IntArray:
    """Quads (k, 4) of a cap's grid whose border is the ring that starts there, and its inner points."""
    index = np.empty((rows, columns), dtype=np.int64)
    index[1:-1, 1:-1] = extra_start + np.arange((rows - 2) * (columns - 2)).reshape(rows - 2, columns - 2)
    index[0] = ring_start + np.arange(columns)
    index[:, -1] = ring_start + columns - 1 + np.arange(rows)
    index[-1] = ring_start + columns - 1 + rows - 1 + np.arange(columns)[::-1]
    index[1:, 0] = ring_start + (m - np.arange(1, rows)) % m
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1)
    return quads.reshape(-1, 4)
