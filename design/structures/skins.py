"""The dear model of a structure: the walls of its parts as fine shells on their middle faces, welded where
they meet.

A family gives a :class:`Skin` for every thin part, from the same definition as its exact solid, and says what
is welded to what. :func:`refined` puts them in the place of the beams and coarse plates of the same name;
parts without a skin (solid bars, rigs) stay beams. What acts on a node of the beams acts on the ring or the
patch of wall about it: stiffly where it is held or a beam goes on (a bearing, a clamp), else spread over it.
Nodes along a weld follow the wall that they meet, each on its own, so meshes need not match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import BoolArray, FloatArray, IntArray
from .materials import Material
from .structure import Plate, Structure, Tie

NEIGHBOURS = 16  # triangles by their middles, among which the nearest is sought
#: mm about a weld, or the wall's thickness where that is more, whose stress is not judged: there lies the
#: fillet, and a shell without one has a stress that grows with every finer mesh. DNV-RP-C203 reads the hot
#: spot of tubular joints no nearer than 4 mm, and that of plates from half a thickness on (from memory)
SEAM_MM = 4.0
REST = 0.5  # mm beyond the nearest point that parts rest on each other
LEAST_OF_RING = 4  # free points that a ring has of which something takes hold


@dataclass(frozen=True, eq=False)
class Skin:
    """The middle face of a part's wall.

    Attributes:
        name: of the members or the plate in whose place it stands. points: (n, 3) mm. triangles: (t, 3).
        thickness: mm. material: of it.
        columns: of a tube, how many points make a ring; they stand ring by ring. 0: a plate.
        pad: mm about a node that a plate takes hold of it; of a tube, the nearest ring does.
    """

    name: str
    points: FloatArray
    triangles: IntArray
    thickness: float
    material: Material
    columns: int = 0
    pad: float = 1.0

    @property
    def mass(self) -> float:
        """kg."""
        a, b, c = np.moveaxis(self.points[self.triangles], 1, 0)
        area = 0.5 * float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())
        return area * self.thickness * self.material.density * 1e-9


@dataclass(frozen=True, eq=False)
class Weld:
    """Points of `part` that lie on `on` follow it.

    Attributes:
        gap: mm between the middle faces, up to which they touch.
        places: (k, 3) where alone it is welded, at the nearest points if none touches; everywhere if None.
        reach: mm about them.
    """

    part: str
    on: str
    gap: float
    places: FloatArray | None = None
    reach: float = 0.0


@dataclass(frozen=True, eq=False)
class Seat:
    """`node` holds the points of the skin `part` about `places` (k, 3) stiffly: a bottom bracket both ends of
    its shell, a leg the seat that it is let into."""

    node: int
    part: str
    places: FloatArray


def refined(
    structure: Structure, skins: Sequence[Skin], welds: Sequence[Weld], seats: Sequence[Seat] = (),
    links: Sequence[str] = (),
) -> Structure:  # fmt: skip
    """`structure` with `skins` in the place of members and plates of their names.

    Args:
        seats: what takes hold elsewhere than about itself. links: names of members for which welds and seats
            stand.
    """
    by_name = {s.name: s for s in skins}
    starts = np.cumsum([len(structure.nodes), *(len(s.points) for s in skins)])
    first = dict(zip(by_name, starts.tolist(), strict=False))
    nodes = np.concatenate([structure.nodes, *(s.points for s in skins)])
    owner = _owners(structure, by_name)
    kept = [m for m in structure.members if m.name not in by_name]
    bare = {n for m in kept if m.name not in links for n in (m.i, m.j)}
    kept = [m for m in kept if m.name not in links or {m.i, m.j} <= bare]
    stiff = {n for m in kept for n in (m.i, m.j)} | {s.node for c in structure.cases for s in c.supports}
    grips = [Seat(n, owner[n], structure.nodes[n][None]) for n in sorted(stiff & set(owner))]
    sitting = {(s.node, s.part) for s in seats}
    grips = [*seats, *(g for g in grips if (g.node, g.part) not in sitting)]
    asked = {x.node for c in structure.cases for x in c.loads} | {p.node for p in structure.probes}
    follows = np.zeros(len(nodes), dtype=bool)
    ties: list[Tie] = []
    for g in grips:
        free = ~follows[first[g.part] :][: len(by_name[g.part].points)]
        held = first[g.part] + _about(by_name[g.part], g.places, free)
        ties += [Tie(int(k), np.array([g.node]), np.ones(1)) for k in held]
        follows[held] = True
    for node in sorted((asked - {g.node for g in grips}) & set(owner)):
        skin = by_name[owner[node]]
        every = np.ones(len(skin.points), dtype=bool)
        held = first[skin.name] + _about(skin, structure.nodes[node][None], every)
        ties.append(Tie(node, held, np.full(len(held), 1.0 / len(held)), fitted=True))
    for weld in welds:
        ties += _welded(weld, by_name, first, follows)
    plates = [p for p in structure.plates if p.name not in by_name]
    seams = nodes[[n for t in ties if not t.fitted for n in (t.node, *t.masters)]]
    for s in skins:
        near = _near(s.points[s.triangles].mean(axis=1), seams, max(SEAM_MM, s.thickness))
        for which, judged in ((~near, True), (near, False)):
            if which.any():
                triangles = s.triangles[which] + first[s.name]
                plates.append(Plate(s.name, triangles, s.thickness, s.material, judged))
    whole = replace(structure, nodes=nodes, members=tuple(kept), plates=tuple(plates), ties=tuple(ties))
    return _without_unused(whole)


def _near(points: FloatArray, seams: FloatArray, reach: float) -> BoolArray:
    """(p,) which points lie in a seam, `reach` mm to either side."""
    from scipy.spatial import cKDTree

    if not len(seams):
        return np.zeros(len(points), dtype=bool)
    away, _ = cKDTree(seams).query(points)
    return np.asarray(away < reach)


def _owners(structure: Structure, skins: Mapping[str, Skin]) -> dict[int, str]:
    """The skin that stands at each node of the structure: the first of those that meet there."""
    order = {name: k for k, name in enumerate(skins)}
    found: dict[int, str] = {}
    at = [(m.name, (m.i, m.j)) for m in structure.members]
    at += [(p.name, tuple(np.unique(p.triangles).tolist())) for p in structure.plates]
    for name, ends in at:
        for node in ends if name in order else ():
            if node not in found or order[name] < order[found[node]]:
                found[node] = name
    return found


def _about(skin: Skin, places: FloatArray, free: BoolArray) -> IntArray:
    """Free points of a skin in the nearest rings or in patches about places (k, 3)."""
    found = np.zeros(len(skin.points), dtype=bool)
    if skin.columns:
        rings = np.arange(len(skin.points)).reshape(-1, skin.columns)
        rings = rings[free[rings].sum(axis=1) >= LEAST_OF_RING]
        middles = skin.points[rings].mean(axis=1)
        for place in places:
            found[rings[np.argmin(np.linalg.norm(middles - place, axis=1))]] = True
        return np.flatnonzero(found & free)
    away = np.where(free[:, None], np.linalg.norm(skin.points[:, None] - places[None], axis=2), np.inf)
    return np.flatnonzero((away <= away.min(axis=0) + skin.pad).any(axis=1))


def _welded(weld: Weld, skins: Mapping[str, Skin], first: Mapping[str, int], follows: BoolArray) -> list[Tie]:
    """Ties of one weld; their nodes are marked in `follows`."""
    part, on = skins[weld.part], skins[weld.on]
    free = np.flatnonzero(~follows[first[part.name] :][: len(part.points)])
    if weld.places is not None:
        away = np.linalg.norm(part.points[free][:, None] - weld.places[None], axis=2)
        free = free[away.min(axis=1) <= weld.reach]
    if not len(free):
        return []
    corners, shares, away = nearest(part.points[free], on)
    touching = away <= (weld.gap if weld.places is None else max(weld.gap, float(away.min()) + REST))
    found = [
        Tie(int(first[part.name] + k), first[on.name] + c, w)
        for k, c, w in zip(free[touching], corners[touching], shares[touching], strict=True)
    ]
    follows[first[part.name] + free[touching]] = True
    return found


def nearest(points: FloatArray, skin: Skin) -> tuple[IntArray, FloatArray, FloatArray]:
    """Where a skin comes nearest to points (p, 3): corners (p, 3) of its triangle, their shares (p, 3), and
    the distances (p,), mm."""
    from scipy.spatial import cKDTree

    middles = skin.points[skin.triangles].mean(axis=1)
    _, near = cKDTree(middles).query(points, k=min(NEIGHBOURS, len(middles)))
    shares = _shares(points[:, None], skin.points[skin.triangles[near]])  # (p, k, 3)
    foot = np.einsum("pkc,pkcx->pkx", shares, skin.points[skin.triangles[near]])
    away = np.linalg.norm(foot - points[:, None], axis=2)
    best = np.argmin(away, axis=1)
    row = np.arange(len(points))
    return skin.triangles[near[row, best]], shares[row, best], away[row, best]


def _shares(p: FloatArray, corners: FloatArray) -> FloatArray:
    """(..., 3) shares of the corners (..., 3, 3) of triangles at the point of each that lies nearest to p."""
    a, b, c = np.moveaxis(corners, -2, 0)
    candidates = []
    for u, v, k in ((a, b, (0, 1)), (b, c, (1, 2)), (c, a, (2, 0))):
        way = v - u
        t = np.clip(np.sum((p - u) * way, axis=-1) / np.sum(way * way, axis=-1), 0.0, 1.0)
        share = np.zeros((*t.shape, 3))
        share[..., k[0]], share[..., k[1]] = 1.0 - t, t
        candidates.append(share)
    ab, ac, ap = b - a, c - a, p - a
    d11, d12, d22 = (np.sum(x * y, axis=-1) for x, y in ((ab, ab), (ab, ac), (ac, ac)))
    d1, d2 = np.sum(ap * ab, axis=-1), np.sum(ap * ac, axis=-1)
    det = d11 * d22 - d12 * d12
    s, t = (d22 * d1 - d12 * d2) / det, (d11 * d2 - d12 * d1) / det
    inside = (s >= 0.0) & (t >= 0.0) & (s + t <= 1.0)
    edges = np.stack(candidates)  # (3, ..., 3)
    away = np.linalg.norm(np.einsum("e...c,...cx->e...x", edges, corners) - p, axis=-1)
    best = np.take_along_axis(edges, np.argmin(away, axis=0)[None, ..., None], axis=0)[0]
    return np.where(inside[..., None], np.stack([1.0 - s - t, s, t], axis=-1), best)


def _without_unused(s: Structure) -> Structure:
    used = np.zeros(len(s.nodes), dtype=bool)
    for ends in (*((m.i, m.j) for m in s.members), *((t.node, *t.masters) for t in s.ties)):
        used[list(ends)] = True
    for p in s.plates:
        used[p.triangles.ravel()] = True
    place = np.cumsum(used) - 1
    cases = [
        replace(
            c,
            supports=[replace(x, node=int(place[x.node])) for x in c.supports],
            loads=[replace(x, node=int(place[x.node])) for x in c.loads],
        )
        for c in s.cases
    ]
    return replace(
        s,
        nodes=s.nodes[used],
        members=tuple(replace(m, i=int(place[m.i]), j=int(place[m.j])) for m in s.members),
        plates=tuple(replace(p, triangles=place[p.triangles]) for p in s.plates),
        ties=tuple(replace(t, node=int(place[t.node]), masters=place[t.masters]) for t in s.ties),
        probes=tuple(replace(p, node=int(place[p.node])) for p in s.probes),
        cases=tuple(cases),
    )


# -- meshes -----------------------------------------------------------------------------------------------


def stations(length: float, fine_at: Sequence[float], size: float, most: float = 3.5) -> FloatArray:
    """Places along a part, from 0 to `length`: `size` apart at `fine_at`, up to `most` times that far from
    them."""
    s = np.linspace(0.0, length, max(int(2.0 * length / size), 2) + 1)
    away = np.abs(s[:, None] - np.asarray(fine_at)[None]).min(axis=1)
    step = np.clip(size + 0.25 * np.maximum(away - 3.0 * size, 0.0), size, most * size)
    count = np.concatenate([[0.0], np.cumsum(0.5 * (1.0 / step[1:] + 1.0 / step[:-1]) * np.diff(s))])
    return np.interp(np.linspace(0.0, count[-1], max(round(count[-1]), 2) + 1), count, s)


def ring(n: int) -> FloatArray:
    """(n, 2) corners round the unit circle, a little outside: the polygon twists and bends as the circle."""
    turn = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
    return (1.0 + 0.33 * (np.pi / n) ** 2) * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def around(radius: float, size: float, least: int = 16) -> int:
    """How many points go round a tube."""
    return max(least, 2 * round(np.pi * radius / size))


def ring_triangles(rows: int, columns: int) -> IntArray:
    """(t, 3) between `rows` closed rings of `columns` points, diagonals to and fro."""
    return _triangles(rows, columns, columns)


def grid_triangles(rows: int, columns: int) -> IntArray:
    """(t, 3) of an open grid of points, diagonals to and fro."""
    return _triangles(rows, columns, columns - 1)


def _triangles(rows: int, columns: int, fields: int) -> IntArray:
    i, j = np.meshgrid(np.arange(rows - 1), np.arange(fields), indexing="ij")
    a, b = i * columns + j, i * columns + (j + 1) % columns
    c, d = a + columns, b + columns
    even = ((i + j) % 2 == 0)[..., None]
    one = np.where(even, np.stack([a, b, d], -1), np.stack([a, b, c], -1))
    two = np.where(even, np.stack([a, d, c], -1), np.stack([b, d, c], -1))
    return np.concatenate([one.reshape(-1, 3), two.reshape(-1, 3)])
