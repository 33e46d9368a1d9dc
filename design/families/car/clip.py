"""Wheel arches cut out of a part of the skin's grid: convex prisms taken from its triangles.

An arch is a prism about a line along y: SIDES flat *walls*, and a flat *back* at its inner end; outwards it has
no end. Each of the grid's edges enters and leaves it at most once, on known faces. So every triangle that it
touches keeps one polygon for each *run* along its border from where that leaves the prism to where it enters
it next; the corners of the polygon's other side, its *chain*, follow from the faces at both ends. Chains of one
face bound what is seen of that face. All that is counted, so the result closes by construction; where the
counts are not those of an arch that is open below and outwards, there is no result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import shared

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SIDES = 72
BACK = SIDES  # number of the back among an arch's faces
STEP = 2.0 * np.pi / SIDES
CORNER = np.stack([np.cos(STEP * np.arange(SIDES)), np.sin(STEP * np.arange(SIDES))], axis=1)
OUTWARD = np.stack([np.cos(STEP * (np.arange(SIDES) + 0.5)), np.sin(STEP * (np.arange(SIDES) + 0.5))], axis=1)
APOTHEM = float(np.cos(0.5 * STEP))
TOP = SIDES // 4  # corner from which the back is fanned
WIDEST = SIDES // 2  # walls that one edge may pass
FLAT_MM2 = 1e-7  # by which a triangle may seem turned over and is merely thin


@dataclass(frozen=True)
class Arch:
    """Part of the grid (rows, columns, 3) and the prism in it: axis through (x, z), inner end at y, mm; of its
    quads only those are there that `there` (rows - 1, columns - 1) says."""

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
        triangles: (3, t) points; `sides` (3, t) the directed edges from each: 2 e, or 2 e + 1 backwards.
        owner: (p,) grid of each point.
    """

    edges: IntArray
    triangles: IntArray
    sides: IntArray
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
    parts = (np.concatenate(x, axis=1) for x in (edges, corners, sides))
    return Topology(*(shared(x) for x in parts), shared(np.concatenate(owner)))


@dataclass(frozen=True)
class Crossings:
    """Where edges pass the prisms' faces.

    Attributes:
        points: (n, 3) mm; `face` (n,) the face there.
        enter, leave: (2 e,) by directed edge, the crossing at which it enters and leaves, or -1.
    """

    points: FloatArray
    face: IntArray
    enter: IntArray
    leave: IntArray


def clipped(arches: Sequence[Arch]) -> tuple[FloatArray, IntArray] | None:
    """New points (n, 3) and triangles (m, 3) that take the grids' place: numbers count the grids' points, one
    grid after the other and row by row, then the new ones. None where an arch is not as the module says."""
    top = topology(tuple(a.grid.shape[:2] for a in arches))
    points = np.concatenate([a.grid.reshape(-1, 3) for a in arches])
    own = np.array([[a.x, a.inner, a.z] for a in arches])
    radius = np.array([a.radius for a in arches])[top.owner]
    local = points - own[top.owner]
    sector = np.floor(np.arctan2(local[:, 2], local[:, 0]) / STEP).astype(np.int64) % SIDES
    outside = np.maximum((local[:, ::2] * OUTWARD[sector]).sum(axis=1) - APOTHEM * radius, -local[:, 1])
    found = _crossings(top, local, sector, outside, radius)
    if found is None:
        return None
    enter, leave = found.enter[top.sides], found.leave[top.sides]
    touched = ((enter >= 0) | (leave >= 0)).any(axis=0)
    there = np.concatenate([np.tile(a.there.ravel(), 2) for a in arches])
    if (touched & ~there).any():
        return None
    whole = top.triangles[:, there & ~touched & (outside[top.triangles[0]] >= 0.0)]
    j, t = np.nonzero(leave >= 0)
    after = [enter[(j + k) % 3, t] for k in (1, 2, 0)]
    many = np.where(after[0] >= 0, 1, np.where(after[1] >= 0, 2, 3))
    p, q = np.choose(many - 1, after), leave[j, t]
    if (p < 0).any() or (np.bincount(np.concatenate([p, q]), minlength=len(found.points)) != 2).any():
        return None
    number = np.arange(1, 4)[:, None]
    runs = Runs(top.triangles[(j + number) % 3, t], many, p, q, top.owner[top.triangles[0, t]])
    radii = [a.radius for a in arches]
    chain = _chains(runs, local, found, radii)
    if chain is None:
        return None
    of_crossing = np.empty(len(found.points), dtype=np.int64)
    of_crossing[p] = runs.arch
    kept, seen = _kept(runs, chain, local, radii), _seen(chain, len(points), found.points, radii)
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
            [local[v, 0, None] * normal[..., 0] + local[v, 2, None] * normal[..., 1] - deep[:, None], -local[v, 1, None]],
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
    enter, leave = (np.full(2 * top.edges.shape[1], -1) for _ in range(2))
    number = np.arange(len(both))
    enter[2 * near[ins]] = leave[2 * near[ins] + 1] = number[: len(ins)]
    leave[2 * near[outs]] = enter[2 * near[outs] + 1] = number[len(ins) :]
    return Crossings(points, face, enter, leave)


@dataclass(frozen=True)
class Runs:
    """Borders of what is kept of the touched triangles.

    Attributes:
        corners: (3, r) the triangle's points in the order in which a run passes the first `many` (r,) of them.
        enter, leave: (r,) crossings at its end and start.
        arch: (r,) whose prism it is.
    """

    corners: IntArray
    many: IntArray
    enter: IntArray
    leave: IntArray
    arch: IntArray


@dataclass(frozen=True)
class Chain:
    """Segments of what bounds the runs' polygons in the prisms' faces, run by run, from enter to leave.

    Attributes:
        points: (n, 3) mm, where they pass from face to face, of the arch `of` (n,); on the prism's edge `edge`
            (n,): that of a wall's first corner, or less than 0: between back and wall -1 - edge.
        start, end: (s,) numbers of points; `face`, `arch`, `run`, `place` (s,) of segments.
        count: (r,) points between a run's segments.
    """

    points: FloatArray
    of: IntArray
    edge: IntArray
    start: IntArray
    end: IntArray
    face: IntArray
    arch: IntArray
    run: IntArray
    place: IntArray
    count: IntArray


def _chains(r: Runs, local: FloatArray, crossings: Crossings, radii: Sequence[float]) -> Chain | None:
    first, last = crossings.face[r.enter], crossings.face[r.leave]
    turn = (last - first + SIDES // 2) % SIDES - SIDES // 2
    mixed = np.flatnonzero((first == BACK) != (last == BACK))
    turn[(first == BACK) | (last == BACK)] = 0
    a, b, c = (local[r.corners[k]] for k in range(3))
    u, v = b - a, c - a
    normal = u[:, [1, 2, 0]] * v[:, [2, 0, 1]] - u[:, [2, 0, 1]] * v[:, [1, 2, 0]]
    count = np.abs(turn)
    ways = {}
    for k in mixed.tolist():
        wall = int(min(first[k], last[k]))
        way = _to_back(normal[k].tolist(), a[k].tolist(), wall, radii[int(r.arch[k])])
        if way is None:
            return None
        ways[k] = way if first[k] != BACK else way[::-1]
        count[k] = len(way)
    run = np.repeat(np.arange(len(count)), count)
    begin = np.cumsum(count) - count
    place = np.arange(len(run)) - begin[run]
    edge = np.where(turn[run] > 0, first[run] + 1 + place, first[run] - place) % SIDES
    radius = np.array(radii)[r.arch[run]]
    run_s = np.repeat(np.arange(len(count)), count + 1)
    place_s = np.arange(len(run_s)) - (begin + np.arange(len(count)))[run_s]
    face = np.where(first[run_s] == BACK, BACK, (first[run_s] + np.sign(turn[run_s]) * place_s) % SIDES)
    for k, way in ways.items():
        edge[begin[k] : begin[k] + len(way)] = [e for e, _ in way]
        faces = [f for _, f in way] + [BACK] if first[k] != BACK else [BACK] + [f for _, f in way]
        face[begin[k] + k : begin[k] + k + len(way) + 1] = faces
    points = np.empty((len(run), 3))
    points[:, ::2] = CORNER[edge] * radius[:, None]
    n, o = normal[run], a[run]
    with np.errstate(divide="ignore", invalid="ignore"):
        points[:, 1] = o[:, 1] - (n[:, 0] * (points[:, 0] - o[:, 0]) + n[:, 2] * (points[:, 2] - o[:, 2])) / n[:, 1]
    for k in np.flatnonzero(edge < 0).tolist():
        wall = int(-1 - edge[k])
        (x, z), (nx, ny, nz), (ox, oy, oz) = OUTWARD[wall].tolist(), n[k].tolist(), o[k].tolist()
        deep = APOTHEM * float(radius[k])
        s = _along(nx, ny, nz, ox, oy, oz, x, z, deep)
        points[k] = deep * x - s * z, 0.0, deep * z + s * x
    known = len(local)
    numbers = known + len(crossings.points) + np.arange(len(run))
    start, end = np.empty(len(run_s), dtype=np.int64), np.empty(len(run_s), dtype=np.int64)
    initial, final = place_s == 0, place_s == count[run_s]
    start[initial], start[~initial] = known + r.enter, numbers
    end[final], end[~final] = known + r.leave, numbers
    return Chain(points, r.arch[run], edge, start, end, face, r.arch[run_s], run_s, place_s, count)


def _along(
    nx: float, ny: float, nz: float, ox: float, oy: float, oz: float, x: float, z: float, deep: float
) -> float:
    """How far along a wall (outward x, z, so `deep`) the plane through o with normal n meets the back, mm."""
    across = nz * x - nx * z
    return (nx * (ox - deep * x) + ny * oy + nz * (oz - deep * z)) / across if across else float("inf")


def _to_back(
    normal: list[float], at: list[float], wall: int, radius: float
) -> list[tuple[int, int]] | None:
    """How a plane's section with the prism goes from a wall to the back: the edges that it passes (see
    :class:`Chain`), each with the face before it."""
    half, deep = radius * float(np.sin(0.5 * STEP)), APOTHEM * radius
    way: list[tuple[int, int]] = []
    for _ in range(3):
        x, z = OUTWARD[wall].tolist()
        s = _along(*normal, *at, x, z, deep)
        if abs(s) <= half:
            return [*way, (-1 - wall, wall)]
        way.append(((wall + 1) % SIDES if s > 0.0 else wall, wall))
        wall = (wall + (1 if s > 0.0 else -1)) % SIDES
    return None


def _kept(r: Runs, c: Chain, local: FloatArray, radii: Sequence[float]) -> list[IntArray] | None:
    """Triangles (n, 3) of the runs' polygons."""
    if ((r.many == 3) & (c.count == 0)).any():
        return None
    far = np.choose(r.many - 1, r.corners)  # the corner before the run's end
    hard = (c.count > 1) & (r.many > 1)
    apex = np.where(c.place == c.count[c.run], r.corners[0][c.run], far[c.run])
    begin = np.cumsum(c.count + 1) - c.count - 1
    pivot = np.where(c.count == 0, c.start[begin], c.end[begin])
    easy = ~hard[c.run]
    two, three = np.flatnonzero(~hard & (r.many > 1)), np.flatnonzero(~hard & (r.many > 2))
    found = [
        np.stack([apex, c.start, c.end], axis=1)[easy],
        np.stack([r.corners[0], r.corners[1], pivot], axis=1)[two],
        np.stack([r.corners[1], r.corners[2], pivot], axis=1)[three],
    ]
    more: list[tuple[int, int, int]] = []
    for k in np.flatnonzero(hard).tolist():
        part = slice(int(begin[k]), int(begin[k] + c.count[k] + 1))
        left = r.corners[: r.many[k], k].tolist()
        radius = radii[int(r.arch[k])]
        segments = zip(c.start[part].tolist(), c.end[part].tolist(), c.face[part].tolist(), strict=True)
        for start, end, face in segments:
            while len(left) > 1 and not _sees(local[left[-1]], face, radius):
                more.append((left[-2], left.pop(), start))
            more.append((left[-1], start, end))
        while len(left) > 1:
            more.append((left[-2], left.pop(), end))
    return [*found, np.array(more, dtype=np.int64).reshape(-1, 3)]


def _sees(point: FloatArray, face: int, radius: float) -> bool:
    """Whether a point lies outside a face of its prism."""
    if face == BACK:
        return bool(point[1] < 0.0)
    return float(OUTWARD[face] @ point[::2]) > APOTHEM * radius


def _seen(
    c: Chain, known: int, crossings: FloatArray, radii: Sequence[float]
) -> tuple[FloatArray, IntArray, IntArray] | None:
    """What is seen of the prisms' walls and backs: new points and the arch of each, and triangles between."""
    number = known + len(crossings)
    points, faces, of = [], [], []
    middle = np.full((len(radii), SIDES + 1), -1)  # point from which a face is fanned
    for a, radius in enumerate(radii):
        mine = np.flatnonzero(c.of == a)
        rims = {int(-1 - c.edge[k]): number + int(k) for k in mine if c.edge[k] < 0}
        lines = mine[c.edge[mine] >= 0]
        hits = np.bincount(c.edge[lines], minlength=SIDES)
        ends = hits == 1  # edges that begin inside the body and leave it
        first = np.flatnonzero(ends & ~np.roll(ends, 1))
        if len(first) != 1 or (hits > 2).any() or not ends[TOP]:
            return None
        inside = (int(first[0]) + np.arange(int(ends.sum()))) % SIDES
        own = np.full(SIDES, -1)
        own[inside] = number + len(c.points) + sum(map(len, points)) + np.arange(len(inside))
        at = np.zeros((len(inside), 3))
        at[:, ::2] = radius * CORNER[inside]
        points.append(at)
        of.append(np.full(len(inside), a))
        leaves = np.full(SIDES, -1)
        leaves[c.edge[lines]] = number + lines
        low, high = int(inside[0]), int(inside[-1])
        if rims.keys() != {(low - 1) % SIDES, high}:
            return None
        one, other = own[inside[:-1]], own[inside[1:]]
        fan = np.full(len(one), own[TOP])
        faces.append(np.stack([one, other, leaves[inside[1:]]], axis=1))
        back = np.stack([fan, other, one], axis=1)
        faces.append(back[(one != own[TOP]) & (other != own[TOP])])
        faces.append(np.array([[own[TOP], own[low], rims[(low - 1) % SIDES]], [own[TOP], rims[high], own[high]]]))
        middle[a, inside] = own[inside]
        middle[a, (low - 1) % SIDES], middle[a, BACK] = own[low], own[TOP]
        twice = {k: number + lines[c.edge[lines] == k] for k in np.flatnonzero(hits == 2).tolist()}
        faces += _twice(twice, middle[a], low, high, c.points[:, 1], number)
        if twice:
            return None
    apex = middle[c.arch, c.face]
    if (apex < 0).any():
        return None
    walls = np.stack([apex, c.end, c.start], axis=1)[(apex != c.start) & (apex != c.end)]
    every = np.concatenate([walls, *faces])
    return np.concatenate(points), every, np.concatenate(of)


def _twice(
    twice: dict[int, IntArray], middle: IntArray, low: int, high: int, y: FloatArray, number: int
) -> list[IntArray]:
    """Triangles at edges of walls that begin outside, enter the body and leave it, next to those from `low` to
    `high` that begin inside; takes what it has dealt with out of `twice` and completes `middle`."""
    found = []
    for edge, by, wall, beyond in ((low - 1, -1, 0, -1), (high + 1, 1, -1, 0)):
        while edge % SIDES in twice:
            ends = twice.pop(edge % SIDES)
            near, far = ends[np.argsort(y[ends - number])].tolist()
            apex = int(middle[(edge + wall) % SIDES])
            found.append(np.array([[apex, far, near] if by < 0 else [apex, near, far]]))
            middle[(edge + beyond) % SIDES] = near
            edge += by
    return found
