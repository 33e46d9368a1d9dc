"""Wheel arches cut out of a part of the skin's grid: convex prisms taken from its triangles.

An arch is a prism about a line along y: SIDES flat *walls*, and a flat *back* at its inner end; outwards it
has no end. Each of the grid's edges enters and leaves it at most once, on known faces. So every triangle that
it touches keeps one polygon for each *run* along its border from where that leaves the prism to where it
enters it next; the rest follows by counting (:mod:`.clip_faces`), so the result closes by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import BoolArray, FloatArray, IntArray
from ...geometry.mesh import shared
from .clip_faces import APOTHEM, BACK, OUTWARD, SIDES, STEP, Runs, chains, kept_faces, seen_faces

WIDEST = SIDES // 2  # walls that one edge may pass


@dataclass(frozen=True)
class Arch:
    """Part of the grid (rows, columns, 3) and the prism in it: axis through (x, z), `inner` its end at y, mm.
    Of the quads only those count that are `there` (rows - 1, columns - 1)."""

    grid: FloatArray
    there: BoolArray
    x: float
    z: float
    radius: float
    inner: float


@dataclass(frozen=True)
class Topology:
    """Points, edges and triangles of grids, numbered through.

    Attributes:
        edges: (2, e) points at which edges start and end.
        triangles: (3, t) points; `sides` (3, t) the edge from each, which runs backwards where `back` is 1.
        owner: (p,) grid of each point.
    """

    edges: IntArray
    triangles: IntArray
    sides: IntArray
    back: IntArray
    owner: IntArray


@lru_cache(maxsize=64)
def topology(shapes: tuple[tuple[int, int], ...]) -> Topology:
    """Of grids of so many rows and columns; quads are split from their first corner."""
    edges, corners, sides, owner = [], [], [], []
    point = edge = 0
    for k, (rows, columns) in enumerate(shapes):
        v = point + np.arange(rows * columns).reshape(rows, columns)
        kinds = ((v[:, :-1], v[:, 1:]), (v[:-1], v[1:]), (v[:-1, :-1], v[1:, 1:]))
        across, along, slant = (
            edge + sum(s.size for s, _ in kinds[:i]) + np.arange(kinds[i][0].size).reshape(kinds[i][0].shape)
            for i in range(3)
        )
        edges += [np.stack([s.ravel(), e.ravel()]) for s, e in kinds]
        a, b, c, e = v[:-1, :-1], v[1:, :-1], v[1:, 1:], v[:-1, 1:]
        corners += [np.stack([p.ravel() for p in t]) for t in ((a, b, c), (a, c, e))]
        first = 2 * along[:, :-1], 2 * across[1:], 2 * slant + 1
        second = 2 * slant, 2 * along[:, 1:] + 1, 2 * across[:-1] + 1
        sides += [np.stack([s.ravel() for s in t]) for t in (first, second)]
        owner.append(np.full(v.size, k))
        point, edge = point + v.size, edge + sum(s.size for s, _ in kinds)
    ends, triangles, directed = (np.concatenate(x, axis=1) for x in (edges, corners, sides))
    parts = (ends, triangles, directed // 2, directed % 2, np.concatenate(owner))
    return Topology(*(shared(x) for x in parts))


@dataclass(frozen=True)
class Crossings:
    """Where edges pass the prisms' faces.

    Attributes:
        points: (n, 3) mm; `face` (n,) the face there.
        slot: (e,) row of each edge in `passes`: the crossings at which it enters and leaves, or -1; row 0 is
            that of edges that do neither.
    """

    points: FloatArray
    face: IntArray
    slot: IntArray
    passes: IntArray


def clipped(arches: Sequence[Arch]) -> tuple[FloatArray, IntArray] | None:
    """New points (n, 3) and triangles (m, 3) that take the grids' place: numbers count the grids' points, one
    grid after the other and row by row, then the new ones. None where an arch is not as the module says."""
    top = topology(tuple(a.grid.shape[:2] for a in arches))
    points = np.concatenate([a.grid.reshape(-1, 3) for a in arches])
    own = np.array([[a.x, a.inner, a.z] for a in arches])
    radius = np.array([a.radius for a in arches])[top.owner]
    local = points - own[top.owner]
    sector = np.floor(np.arctan2(local[:, 2], local[:, 0]) / STEP).astype(np.int64) % SIDES
    normal = OUTWARD.take(sector, axis=0)
    over = local[:, 0] * normal[:, 0] + local[:, 2] * normal[:, 1] - APOTHEM * radius
    outside = np.maximum(over, -local[:, 1])
    found = _crossings(top, local, sector, outside, radius)
    if found is None:
        return None
    slots = found.slot.take(top.sides)
    touched = slots.any(axis=0)
    there = np.concatenate([np.tile(a.there.ravel(), 2) for a in arches])
    if (touched & ~there).any():
        return None
    whole = top.triangles.compress(there & ~touched & (outside.take(top.triangles[0]) >= 0.0), axis=1)
    cut = np.flatnonzero(touched)
    slots, back, triangles = (g.take(cut, axis=1) for g in (slots, top.back, top.triangles))
    enter, leave = found.passes[slots, back], found.passes[slots, 1 - back]
    j, t = np.nonzero(leave >= 0)
    after = [enter[(j + k) % 3, t] for k in (1, 2, 0)]
    many = np.where(after[0] >= 0, 1, np.where(after[1] >= 0, 2, 3))
    p, q = np.choose(many - 1, after), leave[j, t]
    if (p < 0).any() or (np.bincount(np.concatenate([p, q]), minlength=len(found.points)) != 2).any():
        return None
    number = np.arange(1, 4)[:, None]
    runs = Runs(triangles[(j + number) % 3, t], many, p, q, top.owner[triangles[0, t]])
    radii = [a.radius for a in arches]
    chain = chains(runs, local, found.points, found.face, radii)
    if chain is None:
        return None
    of_crossing = np.empty(len(found.points), dtype=np.int64)
    of_crossing[p] = runs.arch
    kept, seen = kept_faces(runs, chain, local, radii), seen_faces(chain, len(points), found.points, radii)
    if kept is None or seen is None:
        return None
    inner, faces, of_inner = seen
    new = np.concatenate([found.points, chain.points, inner])
    new += own[np.concatenate([of_crossing, chain.of, of_inner])]
    return new, np.concatenate([whole.T, *kept, faces])


def _crossings(
    top: Topology, local: FloatArray, sector: IntArray, outside: FloatArray, radius: FloatArray
) -> Crossings | None:
    """Of points `local` (p, 3) to their prism, each in a `sector` of it and so far `outside`."""
    start, end = top.edges
    long = np.zeros(len(start))
    for column in np.ascontiguousarray(local.T):
        leg = column.take(end) - column.take(start)
        long += leg * leg
    a, b = outside[start], outside[end]
    near = np.flatnonzero((a + b < np.sqrt(long)) & ((a >= 0.0) | (b >= 0.0)))
    if not len(near):
        return None
    start, end = start[near], end[near]
    turn = (sector[end] - sector[start] + SIDES // 2) % SIDES - SIDES // 2
    wide = int(np.abs(turn).max()) + 1
    if wide > WIDEST:
        return None
    walls = ((sector[start] + np.minimum(turn, 0))[:, None] + np.arange(wide)) % SIDES
    normal, deep = OUTWARD[walls], APOTHEM * radius[start]
    one, other = (
        np.concatenate(
            [
                local[v, 0, None] * normal[..., 0] + local[v, 2, None] * normal[..., 1] - deep[:, None],
                -local[v, 1, None],
            ],
            axis=1,
        )
        for v in (start, end)
    )
    out, out_after = one >= 0.0, other >= 0.0
    share = one / np.where(out == out_after, 1.0, one - other)
    into, away = np.where(out & ~out_after, share, -1.0), np.where(~out & out_after, share, 2.0)
    i, o = into.argmax(axis=1), away.argmin(axis=1)
    rows = np.arange(len(near))
    t_in, t_out = into[rows, i], away[rows, o]
    passes = (t_in < t_out) & ~(out & out_after).any(axis=1)
    ins, outs = np.flatnonzero(passes & (t_in >= 0.0)), np.flatnonzero(passes & (t_out <= 1.0))
    both, share = np.concatenate([ins, outs]), np.concatenate([t_in[ins], t_out[outs]])
    column = np.concatenate([i[ins], o[outs]])
    face = np.where(column == wide, BACK, walls[both, np.minimum(column, wide - 1)])
    points = local[start[both]] + share[:, None] * (local[end[both]] - local[start[both]])
    met = np.flatnonzero(passes & ((t_in >= 0.0) | (t_out <= 1.0)))
    slot = np.zeros(top.edges.shape[1], dtype=np.int64)
    slot[near[met]] = 1 + met
    ways = np.full((len(near) + 1, 2), -1)
    ways[1 + ins, 0] = np.arange(len(ins))
    ways[1 + outs, 1] = np.arange(len(ins), len(both))
    return Crossings(points, face, slot, ways)
