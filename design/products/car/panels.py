"""What a thin panel on the skin is: glass, lamps, seams and trim are clean grids that lie on the body.

A panel stands `lift` above the skin and is `thickness` thick, so it never shares volume with the body.
Grids come from the definition (:mod:`.glass`, :mod:`.sides`) or from the wrapped ends of the skin
(:mod:`.wrap`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Colour, Mesh, MeshPart, shared, triangles
from .definition import Definition
from .edges import EDGE_STATIONS, Edge, edges
from .looks import mesh_part

PAINT: Colour = (0.025, 0.19, 0.33, 1.0)
BLACK: Colour = (0.04, 0.04, 0.045, 1.0)
CHROME: Colour = (0.80, 0.81, 0.82, 1.0)
GLASS: Colour = (0.085, 0.105, 0.12, 1.0)
SCREEN: Colour = (0.12, 0.145, 0.16, 1.0)
TRIM: Colour = (0.03, 0.03, 0.035, 1.0)
DARK: Colour = (0.06, 0.06, 0.065, 1.0)


class Panel(NamedTuple):
    """A thin part on the skin.

    Attributes:
        name, colour: as shown and exported.
        points: (n, m, 3) grid on the skin, mm; `normals` (n, m, 3) its unit outward normals.
        lift, thickness: mm above the skin, and thick.
        material, density: kg/m3.
    """

    name: str
    colour: Colour
    points: FloatArray
    normals: FloatArray
    lift: float
    thickness: float
    material: str
    density: float

    @property
    def inner(self) -> FloatArray:
        return self.points + self.lift * self.normals

    @property
    def outer(self) -> FloatArray:
        return self.points + (self.lift + self.thickness) * self.normals


class Sheet(NamedTuple):
    """A panel as it is drawn; :func:`laid` puts many of them on the skin, :func:`turned` makes them panels.

    Attributes:
        x: (n, m) in body coordinates, mm.
        y, z: (n, m) too, mm; the side's where y is None, the top's where z is None.
        outward: to which side its normals are turned.
        off: (n, 1), mm by which it stands off sideways.
        lift, thickness, material, density: as in :class:`Panel`.
    """

    name: str
    colour: Colour
    x: FloatArray
    y: FloatArray | None
    z: FloatArray | None
    outward: tuple[float, float, float]
    lift: float = 0.4
    thickness: float = 3.2
    material: str = "glass"
    density: float = 2500.0
    off: FloatArray | None = None


def laid(d: Definition, sheets: Sequence[Sheet]) -> list[FloatArray]:
    """Grids (n, m, 3) of sheets on the skin: all points are looked up together, which costs little more than
    one of them."""
    ordered = sorted(range(len(sheets)), key=lambda k: (sheets[k].y is not None) + (sheets[k].z is None))
    found = [sheets[k] for k in ordered]
    sizes = [q.x.size for q in found]
    side = sum(size for q, size in zip(found, sizes, strict=True) if q.y is None)
    over = sum(size for q, size in zip(found, sizes, strict=True) if q.z is None)
    x = np.concatenate([q.x.ravel() for q in found])
    y, z = np.empty_like(x), np.empty_like(x)
    top = len(x) - over
    z[:top] = np.concatenate([q.z.ravel() for q in found if q.z is not None])
    y[side:] = np.concatenate([q.y.ravel() for q in found if q.y is not None])
    y[:side] = d.half_width(x[:side], z[:side])
    z[top:] = d.top(x[top:], y[top:])
    points, grids, start = d.place(x, y, z), [], 0
    for q, size in zip(found, sizes, strict=True):
        grid = points[start : start + size].reshape(*q.x.shape, 3)
        if q.off is not None:
            grid[..., 1] += q.off
        grids.append(grid)
        start += size
    return [grids[ordered.index(k)] for k in range(len(sheets))]


def turned(sheets: Sequence[Sheet], grids: Sequence[FloatArray]) -> list[Panel]:
    """Panels of the sheets on grids (n, m, 3) whose normals are found together."""
    sizes = np.array([g.size // 3 for g in grids])
    starts = np.cumsum(sizes) - sizes
    normals = _unit_normals(*_slopes(grids))
    sums = np.add.reduceat(normals, starts, axis=0)
    inward = (sums * np.array([q.outward for q in sheets])).sum(axis=1) < 0.0
    found = []
    for q, grid, start, flip in zip(sheets, grids, starts.tolist(), inward.tolist(), strict=True):
        own = normals[start : start + grid.size // 3].reshape(grid.shape)
        if flip:
            np.negative(own, out=own)
        way = slice(None, None, -1 if flip else 1)
        found.append(Panel(q.name, q.colour, grid[way], own[way], q.lift, q.thickness, q.material, q.density))
    return found


def panel(
    name: str,
    colour: Colour,
    points: FloatArray,
    outward: tuple[float, float, float],
    lift: float = 0.4,
    thickness: float = 3.2,
    material: str = "glass",
    density: float = 2500.0,
) -> Panel:
    """A panel on `points`, its normals turned to the side of `outward`."""
    sheet = Sheet(name, colour, points[..., 0], None, None, outward, lift, thickness, material, density)
    return turned([sheet], [points])[0]


def _unit_normals(du: FloatArray, dv: FloatArray) -> FloatArray:
    """Cross products of (3, n), of length 1: (n, 3)."""
    (a, b, c), (e, f, g) = du, dv
    x, y, z = b * g - c * f, c * e - a * g, a * f - b * e
    size = 1.0 / np.sqrt(x * x + y * y + z * z)
    found = np.empty((len(x), 3))
    found[:, 0], found[:, 1], found[:, 2] = x * size, y * size, z * size
    return found


def _slopes(grids: Sequence[FloatArray]) -> list[FloatArray]:
    """Of grids (n, m, 3) along n and along m, (3, points) each: twice `np.gradient(.., edge_order=2)`; of two
    rows, what is between them."""
    points = np.ascontiguousarray(np.concatenate([g.reshape(-1, 3) for g in grids]).T)
    found = []
    for after, before, end, near in _steps(tuple(g.shape[:2] for g in grids)):
        slopes = points.take(after, axis=1) - points.take(before, axis=1)
        slopes[:, end] = 4.0 * slopes[:, end] - slopes[:, near]
        found.append(slopes)
    return found


@lru_cache(maxsize=64)
def _steps(shapes: tuple[tuple[int, int], ...]) -> list[tuple[IntArray, ...]]:
    """For either axis of grids of such shapes, their points numbered through: the neighbours after and before
    each point, and the points of ends with more than two rows, with the ones next to them."""
    found: list[list[IntArray]] = []
    start = 0
    for n, m in shapes:
        index = start + np.arange(n * m).reshape(n, m)
        start += n * m
        for axis, rows in enumerate((index, index.T)):
            after, before = np.roll(rows, -1, axis=0), np.roll(rows, 1, axis=0)
            after[-1], before[0] = rows[-1], rows[0]
            ends = [0, -1] if len(rows) > 2 else []
            near = [1, -2] if len(rows) > 2 else []
            sides = [after, before] if axis == 0 else [after.T, before.T]
            found.append([*(s.ravel() for s in sides), rows[ends].ravel(), rows[near].ravel()])
    return [tuple(shared(np.concatenate(c)) for c in zip(*found[axis::2], strict=True)) for axis in (0, 1)]


def mirrored_panel(p: Panel, name: str) -> Panel:
    """The left twin of a right panel."""
    flip = np.array([1.0, -1.0, 1.0])
    return Panel(
        name,
        p.colour,
        p.points[::-1] * flip,
        p.normals[::-1] * flip,
        p.lift,
        p.thickness,
        p.material,
        p.density,
    )


def both_sides(right: Sequence[Panel]) -> list[Panel]:
    """Right panels, each followed by its left twin."""
    twins = [mirrored_panel(p, left(p.name)) for p in right]
    return [side for pair in zip(right, twins, strict=True) for side in pair]


def seam(
    name: str,
    colour: Colour,
    x: FloatArray,
    y: FloatArray | None,
    z: FloatArray | None,
    outward: tuple[float, float, float],
) -> Sheet:
    """A shut line, two points wide."""
    return Sheet(name, colour, x, y, z, outward, 0.7, 0.6, "EPDM rubber", 1200.0)


def panel_mesh(p: Panel) -> MeshPart:
    """Closed triangle mesh of a panel; every face has its own vertices along sharp edges merged."""
    vertices = np.concatenate([p.outer.reshape(-1, 3), p.inner.reshape(-1, 3)])
    return mesh_part(p.name, Mesh(vertices, _panel_faces(*p.points.shape[:2])), p.colour, p.material)


@dataclass(frozen=True)
class Joined:
    """Points and normals of many panels, one after the other, each (n, 3); `sizes` of the panels."""

    points: FloatArray
    normals: FloatArray
    sizes: list[int]


def joined(panels: Sequence[Panel]) -> Joined:
    points = np.concatenate([p.points.reshape(-1) for p in panels]).reshape(-1, 3)
    normals = np.concatenate([p.normals.reshape(-1) for p in panels]).reshape(-1, 3)
    return Joined(points, normals, [p.points.size // 3 for p in panels])


def panel_meshes(both: Sequence[Panel], right: Sequence[Panel], lines: Joined) -> list[MeshPart]:
    """Meshes of panels across the car, and of right ones, each followed by its left twin: what
    :func:`panel_mesh` gives one by one. `lines` are those of both and right."""
    every = [*both, *right]
    layers = np.empty((2, *lines.points.shape))  # outer and inner face
    lifts = np.array([[p.lift + p.thickness for p in every], [p.lift for p in every]])
    counts = 3 * np.array(lines.sizes)
    for layer, lift in zip(layers.reshape(2, -1), lifts, strict=True):
        np.multiply(lines.normals.ravel(), np.repeat(lift, counts), out=layer)
        np.add(layer, lines.points.ravel(), out=layer)
    order, sign = _rows(tuple(p.points.shape[:2] for p in every), len(both))
    vertices = layers.reshape(-1, 3).take(order, axis=0)
    vertices[:, 1] *= sign
    found, start = [], 0
    for k, (p, size) in enumerate(zip(every, lines.sizes, strict=True)):
        faces = _panel_faces(*p.points.shape[:2])
        for name in [p.name] if k < len(both) else [p.name, left(p.name)]:
            mesh = Mesh(vertices[start : start + 2 * size], faces)
            found.append(mesh_part(name, mesh, p.colour, p.material))
            start += 2 * size
    return found


@lru_cache(maxsize=64)
def _rows(shapes: tuple[tuple[int, int], ...], both: int) -> tuple[IntArray, IntArray]:
    """Where the vertices of :func:`panel_meshes` stand among the outer and then the inner points of panels of
    such shapes, and their sign of y; the left twins' rows run backwards."""
    order, sign, start = [], [], 0
    whole = sum(n * m for n, m in shapes)
    for k, (n, m) in enumerate(shapes):
        rows = start + np.array([0, whole])[:, None, None] + np.arange(n * m).reshape(n, m)
        for way in (1, -1)[: 1 if k < both else 2]:
            order.append(rows[:, ::way].ravel())
            sign.append(np.full(rows.size, way))
        start += n * m
    return shared(np.concatenate(order)), shared(np.concatenate(sign))


def left(name: str) -> str:
    """Name of a right part's twin."""
    return name.replace("right", "left")


@lru_cache(maxsize=1024)
def _panel_faces(n: int, m: int) -> IntArray:
    """Triangles of a closed panel over an n x m grid: outer face, inner face, rim."""
    index = np.arange(n * m).reshape(n, m)
    outer = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    inner = outer[:, ::-1] + n * m
    rim = np.concatenate([index[:, 0], index[-1, 1:], index[-2::-1, -1], index[0, -2:0:-1]])
    after = np.roll(rim, -1)
    sides = np.stack([rim, rim + n * m, after + n * m, after], axis=1)
    quads = np.concatenate([outer, inner, sides])
    return shared(triangles(quads))


# -- where top and side meet ---------------------------------------------------------------------------


def tabled_edge(d: Definition, stations: int = EDGE_STATIONS) -> Edge:
    """The top's edge at `stations` from nose to tail; solved once for all the panels of a definition."""

    def solve() -> Edge:
        x = np.linspace(0.0, d.length, stations)
        return Edge(x, *d.top_edge(x))

    if stations == EDGE_STATIONS:
        return edges(d)[0]
    return d.once(("edge", stations), solve)
