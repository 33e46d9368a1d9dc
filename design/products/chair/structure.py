"""The chair as a loaded structure: bars along the middle lines of its pieces, plates for seat and back.

Where a piece ends at another one, or a bar runs along a plate, they are joined by a short stiff link
between the nearest points, as a weld, a glued tenon or a screw does; joints themselves are not judged. Feet
stand on the ground: all are held up; those before which a stop lies in the test are held along x or y.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ...arrays import FloatArray
from ...structures.draft import Draft
from ...structures.materials import Material
from ...structures.sections import Section, Shape, bar, rod, round_tube
from ...structures.structure import Structure
from .backs import SLAT_MM
from .bent import Bent
from .layout import Layout
from .loads import Level
from .pieces import Piece, pieces
from .sheet import Sheet
from .shell import Shell
from .stick import Stick
from .trials import Trials

NEAR_MM = 9.0  # beyond touching, that pieces are still joined
SAMPLE_MM = 60.0  # between screws of a bar along a plate
SAME_MM = 4.0  # stations of a bar as near as this are one
ROWS, COLUMNS = 7, 5  # nodes of a plate
FOOT_MM = 40.0  # a bar that comes lower than this stands on the ground
COARSE = np.radians(30.0)  # of a bend between two nodes
#: links: as stiff as a steel bar, never decisive
JOINT = "joint"
LINK = Material(JOINT, 210e3, 81e3, 0.3, 0.0, 1e6, (0.0, 0.0), "rigid joint, not judged")
LINK_ROD = rod(24.0)


@dataclass
class _Bar:
    """A piece as a line: points (n, 3), its section at a share of its length, places to be nodes, and its
    bends: first and last place and radius of the middle line of each, mm."""

    name: str
    points: FloatArray
    sections: Sequence[Section]
    material: Material
    reach: float
    bends: Sequence[tuple[float, float, float]] = ()
    stations: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        steps = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        self.at = np.concatenate([[0.0], np.cumsum(steps)])
        self.stations = [float(s) for s in self.at]
        self._marks = self.at.tolist()
        self._ends = [p.tolist() for p in self.points]

    def station(self, s: float) -> FloatArray:
        """The point at length s, which becomes a node; one that is near already where there is one."""
        near = min(self.stations, key=lambda t: abs(t - s))
        if abs(near - s) > SAME_MM:
            self.stations.append(s)
            near = s
        return self.point(near)

    def point(self, s: float) -> FloatArray:
        return np.array(self._point(s))

    def _point(self, s: float) -> list[float]:
        k = min(max(bisect_right(self._marks, s) - 1, 0), len(self._marks) - 2)
        t = (s - self._marks[k]) / (self._marks[k + 1] - self._marks[k])
        return [a + t * (b - a) for a, b in zip(self._ends[k], self._ends[k + 1], strict=True)]

    def bend(self, s: float) -> float:
        """Radius of the bend at length s; 0 where it is straight."""
        return next((r for first, last, r in self.bends if first < s < last), 0.0)

    def section(self, s: float) -> Section:
        """At length s."""
        if len(self.sections) == 1:
            return self.sections[0]
        k = int(np.clip(np.searchsorted(self.at, s) - 1, 0, len(self.sections) - 2))
        t = (s - self.at[k]) / (self.at[k + 1] - self.at[k])
        a, b = self.sections[k], self.sections[k + 1]
        w, h = ((1 - t) * p + t * q for p, q in ((a.width, b.width), (a.height, b.height)))
        return Section(a.shape, w, h, a.wall)


@dataclass(frozen=True)
class _Plate:
    """A piece as a grid of nodes (r, c, 3), and points all over it (n, 3) to find what touches it."""

    name: str
    grid: FloatArray
    fine: FloatArray
    thickness: float
    material: Material


@dataclass(frozen=True)
class Joint:
    """Where `part` is joined to `on`: a point of each, (3,) mm."""

    part: str
    place: FloatArray
    on: str
    at: FloatArray


def structure(v: Mapping[str, float], level: Level = "general") -> Structure:
    """The chair under the static tests of a level."""
    return drafted(v, level)[1]


def drafted(v: Mapping[str, float], level: Level) -> tuple[Draft, Structure, list[Joint]]:
    """The same with the draft that knows its nodes, and its joints."""
    a = Layout(v)
    bars, plates = _pieces(a)
    feet = _feet(a, bars)
    for b in bars:
        if b.name in ("front stretcher", "arm right", "arm left"):  # loads act there
            b.station(0.5 * float(b.at[-1]))
    links = [*_ends(bars, plates), *_along(bars, plates)]
    draft = Draft()
    places: dict[str, FloatArray] = {}
    for b in bars:
        stations = sorted(b.stations)
        places[b.name] = np.array([b.point(s) for s in stations])
        bends = [b.bend(0.5 * (s + t)) for s, t in pairwise(stations)]
        draft.chain(b.name, places[b.name], [b.section(s) for s in stations], b.material, bends=bends)
    for p in plates:
        draft.sheet(p.name, p.grid, p.thickness, p.material)
        places[p.name] = p.grid.reshape(-1, 3)
    for x in links:
        if float(np.linalg.norm(x.place - x.at)) > 1e-2:
            draft.member(JOINT, x.place, x.at, LINK_ROD, LINK)
    return draft, draft.structure(list(Trials(a, level, draft, places, feet).cases())), links


def _feet(a: Layout, bars: list[_Bar]) -> dict[str, FloatArray]:
    """Points of the middle lines where the chair stands, by place and side."""
    found = {}
    legs = [b for b in bars if float(b.points[:, 2].min()) < FOOT_MM]
    for place, (x, y, _) in zip(("front", "rear"), a.feet, strict=True):
        for side, sign in (("right", 1.0), ("left", -1.0)):
            target = np.array([x, sign * y, 0.0])
            near = [_nearest(b, target) for b in legs]
            gap, s = min(near)
            found[f"{place} {side}"] = legs[near.index((gap, s))].station(s)
    return found


def _nearest(b: _Bar, target: FloatArray) -> tuple[float, float]:
    """How near a bar comes to a point, and where on its length."""
    step = np.diff(b.points, axis=0)
    square = np.sum(step * step, axis=1)
    share = np.clip(np.sum((target - b.points[:-1]) * step, axis=1) / square, 0.0, 1.0)
    gap = np.linalg.norm(b.points[:-1] + share[:, None] * step - target, axis=1)
    k = int(np.argmin(gap))
    return float(gap[k]), float(b.at[k] + share[k] * np.sqrt(square[k]))


# -- pieces as lines and grids ----------------------------------------------------------------------------


def _pieces(a: Layout) -> tuple[list[_Bar], list[_Plate]]:
    bars, plates = [], []
    for p in pieces(a.v):
        if "glide" in p.name:
            continue
        if isinstance(p.shape, (Bent, Stick)) or p.name.startswith(("slat", "crest")):
            bars.append(_bar(p))
        else:
            plates.append(_plate(p))
    return bars, plates


def _bar(p: Piece) -> _Bar:
    shape, material = p.shape, p.stuff.material
    if isinstance(shape, Bent):
        size = 2.0 * shape.radius
        section = round_tube(size, shape.wall) if shape.wall else rod(size)
        points, bends = shape.stations(COARSE)[0], []
        at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        for a in shape.bends():
            ends = [float(at[np.argmin(np.linalg.norm(points - x, axis=1))]) for x in (a.start, a.end)]
            bends.append((ends[0], ends[1], float(np.linalg.norm(a.start - a.centre))))
        return _Bar(p.name, points, [section], material, shape.radius, bends)
    if isinstance(shape, Stick):  # its sections lie level; square to a leaning leg they are a little smaller
        kind: Shape = "ellipse" if shape.round else "rectangle"
        sections = [Section(kind, 2.0 * h, 2.0 * k, shape.wall) for h, k in shape.halves]
        reach = max(h for h, _ in shape.halves)
        return _Bar(p.name, np.asarray(shape.points, dtype=np.float64), sections, material, reach)
    assert isinstance(shape, Sheet)  # noqa: S101 - slats are sheets
    tall = max(c[0] for c in shape.outline) - min(c[0] for c in shape.outline)
    b, _, _ = shape.rows()
    places = np.linspace(b[0], b[-1], 5)
    lift = shape.face(places, 0.5 * shape.thickness)
    points = shape.placed(np.stack([np.zeros(5), places], axis=1)[:, None], lift[:, None])[:, 0]
    return _Bar(p.name, points, [bar(SLAT_MM[0], tall)], material, 0.5 * SLAT_MM[0])


def _plate(p: Piece) -> _Plate:
    shape = p.shape
    assert isinstance(shape, (Sheet, Shell))  # noqa: S101 - bars went elsewhere
    grid, fine = shape.grid(ROWS, COLUMNS), shape.grid(3 * ROWS, 3 * COLUMNS).reshape(-1, 3)
    return _Plate(p.name, grid, fine, shape.thickness, p.stuff.material)


# -- joints -----------------------------------------------------------------------------------------------


def _ends(bars: list[_Bar], plates: list[_Plate]) -> Iterator[Joint]:
    """Links from the ends of bars to what they touch."""
    a = np.concatenate([b.points[:-1] for b in bars])
    step = np.concatenate([np.diff(b.points, axis=0) for b in bars])
    start = np.concatenate([b.at[:-1] for b in bars])
    owner = np.repeat(np.arange(len(bars)), [len(b.points) - 1 for b in bars])
    square = np.sum(step * step, axis=1)
    for k, one in enumerate(bars):
        for end in (one.points[0], one.points[-1]):
            share = np.clip(np.sum((end - a) * step, axis=1) / square, 0.0, 1.0)
            gap = np.linalg.norm(a + share[:, None] * step - end, axis=1)
            for j, other in enumerate(bars):
                own = np.flatnonzero(owner == j)
                best = own[np.argmin(gap[own])]
                if j != k and gap[best] <= one.reach + other.reach + NEAR_MM:
                    at = other.station(float(start[best] + share[best] * np.sqrt(square[best])))
                    yield Joint(one.name, end, other.name, at)
            yield from _to_plates(end, one, plates)


def _along(bars: list[_Bar], plates: list[_Plate]) -> Iterator[Joint]:
    """Links from bars that run along a plate to it."""
    counts = [max(int(one.at[-1] / SAMPLE_MM), 1) for one in bars]
    samples = [
        (one, s)
        for one, count in zip(bars, counts, strict=True)
        for s in ((np.arange(count) + 0.5) * float(one.at[-1]) / count).tolist()
    ]
    points = np.array([one.point(s) for one, s in samples])
    reach = np.array([one.reach for one, _ in samples])
    touching = np.zeros(len(samples), dtype=bool)
    for p in plates:
        square = (points**2).sum(axis=1)[:, None] - 2.0 * points @ p.fine.T + (p.fine**2).sum(axis=1)
        limit = reach + 0.5 * p.thickness + NEAR_MM
        touching |= np.sqrt(np.maximum(square.min(axis=1), 0.0)) <= limit
    for (one, s), touches in zip(samples, touching.tolist(), strict=True):
        if touches:
            yield from _to_plates(one.station(s), one, plates)


def _touches(point: FloatArray, one: _Bar, plate: _Plate) -> bool:
    x, y, z = (plate.fine[:, k] - point[k] for k in range(3))
    gap = math.sqrt(float((x * x + y * y + z * z).min()))
    return gap <= one.reach + 0.5 * plate.thickness + NEAR_MM


def _to_plates(point: FloatArray, one: _Bar, plates: list[_Plate]) -> Iterator[Joint]:
    for p in plates:
        if _touches(point, one, p):
            nodes = p.grid.reshape(-1, 3)
            yield Joint(one.name, point, p.name, nodes[np.argmin(np.linalg.norm(nodes - point, axis=1))])
