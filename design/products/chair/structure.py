"""The chair as a loaded structure: bars along the middle lines of its pieces, plates for seat and back.

Where a piece ends at another one, or a bar runs along a plate, they are joined by a short stiff link
between the nearest points, as a weld, a glued tenon or a screw does; joints themselves are not judged. Feet
stand on the ground: all are held up; those before which a stop lies in the test are held along x or y.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...arrays import FloatArray
from ...geometry.polyline import arc_length
from ...structures.draft import Draft
from ...structures.materials import Material
from ...structures.sections import Section, Shape, bar, rod, round_tube
from ...structures.solve import Solved, solve
from ...structures.structure import Structure
from .backs import SLAT_MM
from .bent import Bent
from .layout import Layout
from .loads import Level
from .pieces import Piece, pieces_of
from .rings import Point
from .sheet import Sheet
from .shell import Shell
from .stick import Stick
from .trials import Trials

NEAR_MM = 9.0  # beyond touching, that pieces are still joined
SAMPLE_MM = 60.0  # between screws of a bar along a plate
SAME_MM = 4.0  # stations of a bar as near as this are one
ROWS, COLUMNS = 7, 5  # nodes of a plate
FOOT_MM = 40.0  # a bar that comes lower than this stands on the ground
WELD_MM = 0.01  # pieces as near as this are one node: so short a link would be too stiff beside the others
COARSE = np.radians(30.0)  # of a bend between two nodes
#: links: as stiff as a steel bar, never decisive
JOINT = "joint"
LINK = Material(JOINT, 210e3, 81e3, 0.3, 0.0, 1e6, (0.0, 0.0), "rigid joint, not judged")
LINK_ROD = rod(24.0)


@dataclass
class _Bar:
    """A piece as a line: points (n, 3), its section at a share of its length, places to be nodes, and its
    bends: first and last place and radius of the middle line of each, mm; its places in order."""

    name: str
    points: FloatArray
    sections: Sequence[Section]
    material: Material
    reach: float
    bends: Sequence[tuple[float, float, float]] = ()
    stations: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.at = arc_length(self.points)
        self._marks, self._ends = self.at.tolist(), self.points.tolist()
        self.stations = list(self._marks)

    def station(self, s: float) -> list[float]:
        """The point at length s, which becomes a node; one that is near already where there is one."""
        k = bisect_left(self.stations, s)
        near = min(self.stations[max(k - 1, 0) : k + 1], key=lambda t: abs(t - s))
        if abs(near - s) > SAME_MM:
            insort(self.stations, s)
            near = s
        return self.point(near)

    def point(self, s: float) -> list[float]:
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
    """Where `part` is joined to `on`: a point of each, mm."""

    part: str
    place: Point
    on: str
    at: Point

    @property
    def apart(self) -> float:
        """mm between both."""
        return math.dist(self.place, self.at)


def structure(v: Mapping[str, float], level: Level = "general") -> Structure:
    """The chair under the static tests of a level."""
    return drafted(v, level)[1]


def solved(v: Mapping[str, float], level: Level = "general") -> Solved:
    """The chair under those tests; remembered for the last few."""
    return _solved(tuple(sorted(v.items())), level)


@lru_cache(maxsize=16)
def _solved(items: tuple[tuple[str, float], ...], level: Level) -> Solved:
    return solve(structure(dict(items), level))


def drafted(v: Mapping[str, float], level: Level) -> tuple[Draft, Structure, list[Joint]]:
    """The same with the draft that knows its nodes, and its joints."""
    a = Layout(v)
    bars, plates = _pieces(a)
    feet = _feet(a, bars)
    for b in bars:
        if b.name in ("front stretcher", "arm right", "arm left"):  # loads act there
            b.station(0.5 * float(b.at[-1]))
    links = [*_ends(bars, plates), *_along(bars, plates)]
    draft = Draft((x.place, x.at) for x in links if x.apart <= WELD_MM)
    places: dict[str, FloatArray] = {}
    for b in bars:
        points = [b.point(s) for s in b.stations]
        bends = [b.bend(0.5 * (s + t)) for s, t in pairwise(b.stations)]
        draft.chain(b.name, points, [b.section(s) for s in b.stations], b.material, bends=bends)
        places[b.name] = np.array(points)
    for p in plates:
        draft.sheet(p.name, p.grid, p.thickness, p.material)
        places[p.name] = p.grid.reshape(-1, 3)
    for x in links:
        if x.apart > WELD_MM:
            draft.member(JOINT, x.place, x.at, LINK_ROD, LINK)
    return draft, draft.structure(list(Trials(a, level, draft, places, feet).cases())), links


def _feet(a: Layout, bars: list[_Bar]) -> dict[str, Point]:
    """Points of the middle lines where the chair stands, by place and side."""
    legs = [b for b in bars if float(b.points[:, 2].min()) < FOOT_MM]
    names, targets = [], []
    for place, (x, y, _) in zip(("front", "rear"), a.feet, strict=True):
        names += [f"{place} right", f"{place} left"]
        targets += [(x, y, 0.0), (x, -y, 0.0)]
    found = {}
    for name, gaps, at in zip(names, *(t.tolist() for t in _nearest(legs, np.array(targets))), strict=True):
        _, s, k = min(zip(gaps, at, range(len(legs)), strict=True))
        found[name] = _point(legs[k].station(s))
    return found


def _nearest(bars: Sequence[_Bar], targets: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How near each bar comes to targets (n, 3), and where on its length: (n, b) each."""
    a = np.concatenate([b.points[:-1] for b in bars])
    step = np.concatenate([np.diff(b.points, axis=0) for b in bars])
    start = np.concatenate([b.at[:-1] for b in bars])
    square = np.sum(step * step, axis=1)
    off = targets[:, None] - a
    share = np.clip(np.sum(off * step, axis=2) / square, 0.0, 1.0)
    off -= share[..., None] * step
    gap, at = np.sqrt(np.sum(off * off, axis=2)), start + share * np.sqrt(square)
    first = np.cumsum([0, *(len(b.points) - 1 for b in bars)]).tolist()
    best = np.stack([i + np.argmin(gap[:, i:j], axis=1) for i, j in pairwise(first)], axis=1)
    return np.take_along_axis(gap, best, axis=1), np.take_along_axis(at, best, axis=1)


def _point(p: Sequence[float] | FloatArray) -> Point:
    x, y, z = p
    return float(x), float(y), float(z)


# -- pieces as lines and grids ----------------------------------------------------------------------------


def _pieces(a: Layout) -> tuple[list[_Bar], list[_Plate]]:
    bars, plates = [], []
    for p in pieces_of(a):
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
        points, bends, first = shape.stations(COARSE)[0], [], 1
        at = arc_length(points).tolist()
        for a in shape.bends:
            last = first + a.steps(COARSE)
            bends.append((at[first], at[last], a.radius))
            first = last + 1
        return _Bar(p.name, points, [section], material, shape.radius, bends)
    if isinstance(shape, Stick):  # its sections lie level; square to a leaning leg they are a little smaller
        kind: Shape = "ellipse" if shape.round else "rectangle"
        sections = [Section(kind, 2.0 * h, 2.0 * k, shape.wall) for h, k in shape.halves]
        reach = max(h for h, _ in shape.halves)
        return _Bar(p.name, np.asarray(shape.points, dtype=np.float64), sections, material, reach)
    assert isinstance(shape, Sheet)  # noqa: S101 - slats are sheets
    tall = max(c[0] for c in shape.outline) - min(c[0] for c in shape.outline)
    b, _, _ = shape.rows
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
    owners = [b for b in bars for _ in range(2)]
    ends = np.array([p for b in bars for p in (b.points[0], b.points[-1])])
    gap, at = _nearest(bars, ends)
    reach = np.array([b.reach for b in bars])
    close = gap <= np.repeat(reach, 2)[:, None] + reach + NEAR_MM
    on_plates = _on_plates(ends, owners, plates)
    for k, (one, end) in enumerate(zip(owners, ends.tolist(), strict=True)):
        for j in np.flatnonzero(close[k]).tolist():
            if j != k // 2:
                yield Joint(one.name, _point(end), bars[j].name, _point(bars[j].station(float(at[k, j]))))
        yield from on_plates[k]


def _along(bars: list[_Bar], plates: list[_Plate]) -> Iterator[Joint]:
    """Links from bars that run along a plate to it."""
    owners, samples = [], []
    for one in bars:
        count = max(int(one.at[-1] / SAMPLE_MM), 1)
        samples += ((np.arange(count) + 0.5) * float(one.at[-1]) / count).tolist()
        owners += [one] * count
    points = np.array([one.point(s) for one, s in zip(owners, samples, strict=True)])
    touch = [k for k, found in enumerate(_on_plates(points, owners, plates)) if found]
    places = np.array([owners[k].station(samples[k]) for k in touch]).reshape(-1, 3)
    for found in _on_plates(places, [owners[k] for k in touch], plates):
        yield from found


def _on_plates(points: FloatArray, owners: Sequence[_Bar], plates: list[_Plate]) -> list[list[Joint]]:
    """Of each point (n, 3) of a bar its links to the nearest node of every plate that it touches."""
    found: list[list[Joint]] = [[] for _ in points]
    reach = np.array([b.reach for b in owners])
    for p in plates:
        nodes = p.grid.reshape(-1, 3)
        square = np.sum(points**2, axis=1) + (
            np.sum(p.fine**2, axis=1)[:, None] - 2.0 * p.fine @ points.T
        ).min(0)
        touch = np.flatnonzero(np.sqrt(np.maximum(square, 0.0)) <= reach + 0.5 * p.thickness + NEAR_MM)
        off = points[touch, None] - nodes
        nearest = nodes[np.argmin(np.sum(off * off, axis=2), axis=1)]
        for k, at in zip(touch.tolist(), nearest.tolist(), strict=True):
            found[k].append(Joint(owners[k].name, _point(points[k]), p.name, _point(at)))
    return found
