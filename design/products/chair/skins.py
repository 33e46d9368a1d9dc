"""The chair's tubes, plates and slats as shells on their middle faces, joined where the beams are.

Solid bars (legs and spindles of timber, rods) stay beams: of a slender prismatic bar a shell or solid tells
nothing that a beam does not. Where they are let into a plate they hold it over their own section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from ...arrays import FloatArray
from ...geometry.polyline import arc_length
from ...structures.skins import (
    Seat,
    Skin,
    Weld,
    around,
    grid_triangles,
    refined,
    ring,
    ring_triangles,
    stations,
)
from ...structures.structure import Structure
from .bent import Bent
from .loads import Level
from .pieces import Piece, pieces
from .rings import SQUARE, Point, across_of, carried
from .sheet import Sheet
from .shell import Shell
from .stick import Stick
from .structure import JOINT, Joint, drafted

SIZE_MM = 5.0  # of triangles at joints of tubes
PLATE_MM = 15.0  # of those of plates
PAD_MM = 25.0  # about a node of a plate
TURN = np.radians(5.0)  # of a bend between two points of the middle line
SIDE = 6  # triangles along a side of a square tube


def refined_structure(v: Mapping[str, float], level: Level = "general", size: float = SIZE_MM) -> Structure:
    """The loaded chair of :func:`.structure.structure` on shells."""
    draft, structure, joints = drafted(v, level)
    made = {p.name: p for p in pieces(v)}
    wanted = dict.fromkeys(
        [p.name for p in structure.plates] + [m.name for m in structure.members if m.name != JOINT]
    )
    found = {n: s for n in wanted if (s := _skin(made[n], joints, size)) is not None}
    order = _ordered(list(found), joints)
    rank = {n: k for k, n in enumerate(order)}
    welds, seats = {}, []
    for x in joints:
        if x.part in found and x.on in found:
            later, other = sorted((x.part, x.on), key=lambda n: -rank[n])
            key = (later, other, *np.round(x.place).tolist())
            welds[key] = _weld(found[later], found[other], x, made, size)
        elif x.on in found:
            seats.append(Seat(draft.node(x.place), x.on, np.array([x.place])))
        elif x.part in found:
            seats.append(Seat(draft.node(x.at), x.part, np.array([x.at])))
    return refined(structure, [found[n] for n in order], list(welds.values()), seats, (JOINT,))


def _ordered(names: Sequence[str], joints: Sequence[Joint]) -> list[str]:
    """Each after what it ends on, as far as that goes."""
    on = {n: [x.on for x in joints if x.part == n and x.on in names] for n in names}
    found: dict[str, None] = {}
    walked: set[str] = set()

    def visit(name: str) -> None:
        if name not in walked:
            walked.add(name)
            for other in on[name]:
                visit(other)
            found[name] = None

    for name in names:
        visit(name)
    return list(found)


def _weld(part: Skin, on: Skin, x: Joint, made: Mapping[str, Piece], size: float) -> Weld:
    reach = max(_reach(made[n]) for n in (x.part, x.on)) + 2.0 * size
    gap = 0.5 * (part.thickness + on.thickness) + 0.4 * size
    return Weld(part.name, on.name, gap, np.stack([x.place, x.at]), reach)


def _reach(p: Piece) -> float:
    """Half the size of a bar; 0 of a plate, whose joints are as large as what it joins."""
    if isinstance(p.shape, Bent):
        return p.shape.radius
    return max(max(h) for h in p.shape.halves) if isinstance(p.shape, Stick) else 0.0


# -- the middle faces -------------------------------------------------------------------------------------


def _skin(p: Piece, joints: Sequence[Joint], size: float) -> Skin | None:
    shape, material = p.shape, p.stuff.material
    if isinstance(shape, (Sheet, Shell)):
        grid = _grid(shape)
        faces = grid_triangles(*grid.shape[:2])
        return Skin(p.name, grid.reshape(-1, 3), faces, shape.thickness, material, pad=PAD_MM)
    if not shape.wall:
        return None
    places = [x.place if x.part == p.name else x.at for x in joints if p.name in (x.part, x.on)]
    rings = _bent(shape, places, size) if isinstance(shape, Bent) else _stick(shape, places, size)
    faces = ring_triangles(*rings.shape[:2])
    return Skin(p.name, rings.reshape(-1, 3), faces, shape.wall, material, rings.shape[1])


def _grid(shape: Sheet | Shell) -> FloatArray:
    coarse = shape.grid(4, 4)
    rows, columns = (
        max(3, round(float(np.linalg.norm(np.diff(coarse, axis=k), axis=2).sum(axis=k).max()) / PLATE_MM) + 1)
        for k in (0, 1)
    )
    return shape.grid(rows // 2 if isinstance(shape, Shell) else rows, columns)


def _bent(shape: Bent, places: Sequence[Point], size: float) -> FloatArray:
    """(m, n, 3) rings along the middle line."""
    points, ways = shape.stations(TURN)
    at = arc_length(points)
    bends = [float(at[np.argmin(np.linalg.norm(points - a.middle, axis=1))]) for a in shape.bends]
    s = stations(float(at[-1]), [0.0, float(at[-1]), *bends, *_along(points, at, places)], size, 2.5)
    middle, way = (np.stack([np.interp(s, at, x[:, k]) for k in range(3)], axis=1) for x in (points, ways))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    frames = [across_of(way[0])]
    for before, after in pairwise(way):
        frames.append(carried(frames[-1], before, after))
    u = np.array(frames)
    v = np.cross(way, u)
    radius = shape.radius - 0.5 * shape.wall
    round_ = ring(around(radius, size))[None]
    return np.asarray(
        middle[:, None] + radius * (round_[..., :1] * u[:, None] + round_[..., 1:] * v[:, None])
    )


def _stick(shape: Stick, places: Sequence[Point], size: float) -> FloatArray:
    points = np.asarray(shape.points, dtype=np.float64)
    at = arc_length(points)
    s = stations(float(at[-1]), [0.0, float(at[-1]), *_along(points, at, places)], size, 2.5)
    halves = np.asarray(shape.halves, dtype=np.float64) - 0.5 * shape.wall
    middle = np.stack([np.interp(s, at, points[:, k]) for k in range(3)], axis=1)
    sizes = np.stack([np.interp(s, at, halves[:, k]) for k in range(2)], axis=1)
    flat = ring(around(float(halves.max()), size)) if shape.round else _square()
    return np.asarray(middle[:, None] + (flat[None] * sizes[:, None]) @ np.asarray(shape.axes))


def _square() -> FloatArray:
    """(4 n, 2) points round the square of half width 1."""
    share = np.arange(SIDE)[:, None] / SIDE
    ends = np.roll(SQUARE, -1, axis=0)
    return np.concatenate([a + share * (b - a) for a, b in zip(SQUARE, ends, strict=True)])


def _along(points: FloatArray, at: FloatArray, places: Sequence[Point]) -> list[float]:
    """Where on a line through points (m, 3) places come nearest."""
    found = []
    for place in places:
        step = np.diff(points, axis=0)
        share = np.sum((place - points[:-1]) * step, axis=1) / np.sum(step * step, axis=1)
        share = np.clip(share, 0.0, 1.0)
        gap = np.linalg.norm(points[:-1] + share[:, None] * step - place, axis=1)
        k = int(np.argmin(gap))
        found.append(float(at[k] + share[k] * (at[k + 1] - at[k])))
    return found
