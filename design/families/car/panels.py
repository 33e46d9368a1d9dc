"""What a thin panel on the skin is: glass, lamps, seams and trim are clean grids that lie on the body.

A panel stands `lift` above the skin and is `thickness` thick, so it never shares volume with the body.
Grids come from the definition (:mod:`.glass`, :mod:`.sides`) or from the wrapped ends of the skin
(:mod:`.ends`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import Colour, Mesh, MeshPart, shared, triangles
from .definition import Definition

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PAINT: Colour = (0.025, 0.19, 0.33, 1.0)
BLACK: Colour = (0.04, 0.04, 0.045, 1.0)
CHROME: Colour = (0.80, 0.81, 0.82, 1.0)
GLASS: Colour = (0.085, 0.105, 0.12, 1.0)
SCREEN: Colour = (0.12, 0.145, 0.16, 1.0)
TRIM: Colour = (0.03, 0.03, 0.035, 1.0)
DARK: Colour = (0.06, 0.06, 0.065, 1.0)


@dataclass(frozen=True)
class Panel:
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
    du, dv = _slopes(points), np.swapaxes(_slopes(np.swapaxes(points, 0, 1)), 0, 1)
    normals = _unit_normals(du, dv)
    if float(np.einsum("ijk,k->", normals, np.asarray(outward))) < 0.0:
        points, normals = points[::-1], -normals[::-1]
    return Panel(name, colour, points, normals, lift, thickness, material, density)


def _unit_normals(du: FloatArray, dv: FloatArray) -> FloatArray:
    """Cross products of (n, m, 3), of length 1."""
    normals = du[..., [1, 2, 0]] * dv[..., [2, 0, 1]] - du[..., [2, 0, 1]] * dv[..., [1, 2, 0]]
    return np.asarray(normals / np.sqrt((normals * normals).sum(axis=-1, keepdims=True)))


def _slopes(points: FloatArray) -> FloatArray:
    """Twice `np.gradient(points, axis=0, edge_order=2)`, which costs more than its work on small grids."""
    found = np.empty_like(points)
    np.subtract(points[2:], points[:-2], out=found[1:-1])
    found[0] = 4.0 * points[1] - 3.0 * points[0] - points[2]
    found[-1] = 3.0 * points[-1] - 4.0 * points[-2] + points[-3]
    return found


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
    twins = [mirrored_panel(p, p.name.replace("right", "left")) for p in right]
    return [side for pair in zip(right, twins, strict=True) for side in pair]


def strip(name: str, colour: Colour, grid: FloatArray, outward: tuple[float, float, float]) -> Panel:
    """A shut line: a grid (n, 2, 3) so narrow that its two rows give it its normals."""
    normals = _unit_normals(_slopes(grid), np.broadcast_to(grid[:, 1:] - grid[:, :1], grid.shape))
    if float(np.einsum("ijk,k->", normals, np.asarray(outward))) < 0.0:
        grid, normals = grid[::-1], -normals[::-1]
    return Panel(name, colour, grid, normals, 0.7, 0.6, "EPDM rubber", 1200.0)


def panel_mesh(p: Panel) -> MeshPart:
    """Closed triangle mesh of a panel; every face has its own vertices along sharp edges merged."""
    vertices = np.concatenate([p.outer.reshape(-1, 3), p.inner.reshape(-1, 3)])
    return MeshPart(p.name, Mesh(vertices, _panel_faces(*p.points.shape[:2])), p.colour)


@lru_cache(maxsize=256)
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

#: stations along a car between which panels read its top edge, to some hundredths of a millimetre
EDGE_STATIONS = 900


@dataclass(frozen=True)
class Edge:
    """Where top surface and side would meet, tabled over x, each (n,), mm."""

    x: FloatArray
    y: FloatArray
    z: FloatArray

    def y_at(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.x, self.y)

    def z_at(self, x: FloatArray) -> FloatArray:
        return np.interp(x, self.x, self.z)


def tabled_edge(d: Definition, stations: int = EDGE_STATIONS) -> Edge:
    """The top's edge at `stations` from nose to tail; solved once for all the panels of a definition."""

    def solve() -> Edge:
        x = np.linspace(0.0, d.length, stations)
        return Edge(x, *d.top_edge(x))

    return d.once(("edge", stations), solve)
