"""What a prism (:mod:`.clip`) leaves of the triangles that it touches, and what is then seen of the prism.

A run's polygon has corners of its triangle on one side; those of the other side, its *chain*, follow from the
prism's faces at both ends. Chains of one face bound what is seen of that face. Where the counts are not those
of an arch that is open below and outwards, there is no result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray, IntArray

SIDES = 72
BACK = SIDES  # number of the back among an arch's faces
STEP = 2.0 * np.pi / SIDES
CORNER = np.stack([np.cos(STEP * np.arange(SIDES)), np.sin(STEP * np.arange(SIDES))], axis=1)
OUTWARD = np.stack([np.cos(STEP * (np.arange(SIDES) + 0.5)), np.sin(STEP * (np.arange(SIDES) + 0.5))], axis=1)
APOTHEM = float(np.cos(0.5 * STEP))
TOP = SIDES // 4  # corner from which the back is fanned


@dataclass(frozen=True)
class Runs:
    """Borders of what is kept of the touched triangles.

    Attributes:
        corners: (3, r) the triangle's points in the order in which a run passes the first `many` (r,).
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
        points: (n, 3) mm, where they pass from face to face, of the arch `of` (n,); on the prism's edge
            `edge` (n,): that of a wall's first corner, or less than 0: between back and wall -1 - edge.
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


def chains(
    r: Runs, local: FloatArray, crossings: FloatArray, passed: IntArray, radii: Sequence[float]
) -> Chain | None:
    """Of runs over the grids' points `local` (p, 3) and `crossings` (n, 3), each on a face `passed` (n,)."""
    first, last = passed[r.enter], passed[r.leave]
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
        points[:, 1] = (
            o[:, 1] - (n[:, 0] * (points[:, 0] - o[:, 0]) + n[:, 2] * (points[:, 2] - o[:, 2])) / n[:, 1]
        )
    for k in np.flatnonzero(edge < 0).tolist():
        wall = int(-1 - edge[k])
        x, z = OUTWARD[wall].tolist()
        deep = APOTHEM * float(radius[k])
        s = _along(n[k].tolist(), o[k].tolist(), x, z, deep)
        points[k] = deep * x - s * z, 0.0, deep * z + s * x
    known = len(local)
    numbers = known + len(crossings) + np.arange(len(run))
    start, end = np.empty(len(run_s), dtype=np.int64), np.empty(len(run_s), dtype=np.int64)
    initial, final = place_s == 0, place_s == count[run_s]
    start[initial], start[~initial] = known + r.enter, numbers
    end[final], end[~final] = known + r.leave, numbers
    return Chain(points, r.arch[run], edge, start, end, face, r.arch[run_s], run_s, place_s, count)


def _along(normal: Sequence[float], at: Sequence[float], x: float, z: float, deep: float) -> float:
    """How far along a wall (outward x, z, so `deep`) the plane through o with normal n meets the back, mm."""
    (nx, ny, nz), (ox, oy, oz) = normal, at
    across = nz * x - nx * z
    return (nx * (ox - deep * x) + ny * oy + nz * (oz - deep * z)) / across if across else float("inf")


def _to_back(normal: list[float], at: list[float], wall: int, radius: float) -> list[tuple[int, int]] | None:
    """How a plane's section with the prism goes from a wall to the back: the edges that it passes (see
    :class:`Chain`), each with the face before it."""
    half, deep = radius * float(np.sin(0.5 * STEP)), APOTHEM * radius
    way: list[tuple[int, int]] = []
    for _ in range(3):
        x, z = OUTWARD[wall].tolist()
        s = _along(normal, at, x, z, deep)
        if abs(s) <= half:
            return [*way, (-1 - wall, wall)]
        way.append(((wall + 1) % SIDES if s > 0.0 else wall, wall))
        wall = (wall + (1 if s > 0.0 else -1)) % SIDES
    return None


def kept_faces(r: Runs, c: Chain, local: FloatArray, radii: Sequence[float]) -> list[IntArray] | None:
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


def seen_faces(
    c: Chain, known: int, crossings: FloatArray, radii: Sequence[float]
) -> tuple[FloatArray, IntArray, IntArray] | None:
    """What is seen of the prisms' walls and backs: new points and the arch of each, and triangles between."""
    number = known + len(crossings)
    points: list[FloatArray] = []
    faces, of = [], []
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
        own[inside] = number + len(c.points) + sum(len(p) for p in points) + np.arange(len(inside))
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
        faces.append(
            np.array([[own[TOP], own[low], rims[(low - 1) % SIDES]], [own[TOP], rims[high], own[high]]])
        )
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
    """Triangles at edges of walls that begin outside, enter the body and leave it, next to those from `low`
    to `high` that begin inside; takes what it has dealt with out of `twice` and completes `middle`."""
    found = []
    for start, by, wall, beyond in ((low - 1, -1, 0, -1), (high + 1, 1, -1, 0)):
        edge = start
        while edge % SIDES in twice:
            ends = twice.pop(edge % SIDES)
            near, far = ends[np.argsort(y[ends - number])].tolist()
            apex = int(middle[(edge + wall) % SIDES])
            found.append(np.array([[apex, far, near] if by < 0 else [apex, near, far]]))
            middle[(edge + beyond) % SIDES] = near
            edge += by
    return found
