"""Glass, lamps, seams and trim: thin panels that lie on the skin, each a clean grid of its own.

A panel stands `lift` above the skin and is `thickness` thick, so it never shares volume with the body.
Grids come from the definition (side glass, screens) or from the wrapped ends of the skin (lamps, grille).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import Colour, Mesh, MeshPart, shared, triangles
from .definition import Definition

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

GLASS: Colour = (0.055, 0.07, 0.085, 1.0)
TRIM: Colour = (0.03, 0.03, 0.035, 1.0)
LAMP: Colour = (0.95, 0.97, 1.0, 1.0)
LENS: Colour = (0.10, 0.11, 0.125, 1.0)
TAIL_LAMP: Colour = (0.85, 0.03, 0.03, 1.0)
DARK_RED: Colour = (0.22, 0.0, 0.01, 1.0)
DARK: Colour = (0.06, 0.06, 0.065, 1.0)
PLATE: Colour = (0.88, 0.88, 0.84, 1.0)


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


# -- screens ------------------------------------------------------------------------------------------


def windscreen(d: Definition) -> Panel:
    """Windscreen between cowl and header, wrapped towards the A-pillars."""
    return _screen(d, "windscreen", windscreen_lines(d), (-1.0, 0.0, 1.0))


def backlight(d: Definition) -> Panel:
    """Rear glass."""
    return _screen(d, "rear window", backlight_lines(d), (1.0, 0.0, 1.0))


#: two bowed lines across the car, x = a + b s^2 with s from -1 (left) to 1 (right): ((a, b), (a, b)), mm
Bows = tuple[tuple[float, float], tuple[float, float]]


def windscreen_lines(d: Definition) -> Bows:
    """Lower and upper edge of the windscreen."""
    span = d.x_header - d.x_cowl
    return (d.x_cowl + 0.05 * span + 12.0, 0.11 * span), (d.x_header - 0.11 * span, -0.02 * span)


def backlight_lines(d: Definition) -> Bows:
    """Upper and lower edge of the rear glass."""
    span = d.x_deck - d.x_roof_end
    return (d.x_roof_end + 0.13 * span, 0.02 * span), (d.x_deck - 0.10 * span - 6.0, -0.05 * span)


def screen_points(
    d: Definition, lines: Bows, s: FloatArray, t: FloatArray, stations: int = EDGE_STATIONS
) -> FloatArray:
    """Points (..., 3) of a glass at share s across and t from its first line to its second."""
    (a, b), (c, e) = lines
    x = (a + b * s**2) * (1 - t) + (c + e * s**2) * t
    edge = tabled_edge(d, stations).y_at(x)
    y = s * (edge - 0.82 * d.softness * np.minimum(0.30 * edge, 115.0))
    return d.place(x, y, d.top(x, y))


def _screen(d: Definition, name: str, lines: Bows, outward: tuple[float, float, float]) -> Panel:
    s, t = np.linspace(-1.0, 1.0, 25), np.linspace(0.0, 1.0, 17)[:, None]
    return panel(name, GLASS, screen_points(d, lines, s, t), outward)


# -- side glass ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Daylight:
    """The side's daylight opening in body coordinates: lower and upper edge over x, mm."""

    x: FloatArray
    low: FloatArray
    high: FloatArray

    def between(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.interp(x, self.x, self.low), np.interp(x, self.x, self.high)


def daylight(d: Definition, points: int = 700, stations: int = EDGE_STATIONS) -> Daylight:
    """Daylight opening above the belt and below the roof rail, between the pillars, sampled at `points`."""
    x = np.linspace(d.x_cowl, d.length - 60.0, points)
    edge_z = tabled_edge(d, stations).z_at(x)
    reach = d.softness * np.minimum(0.24 * (edge_z - d.bottom(x)), 92.0)
    rail = edge_z - 0.98 * reach
    ahead, behind = 26.0, 60.0 + 45.0 * d.hatch_share
    step = x[1] - x[0]
    before, after = int(ahead / step), int(behind / step)
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(rail, (before, after), mode="edge"), before + after + 1
    )
    high = around.min(axis=1)
    width = max(2, round(15 * points / 700))
    kernel = np.hanning(2 * width + 1)
    high = np.convolve(np.pad(high, width, mode="edge"), kernel / kernel.sum(), mode="valid")
    low = d.belt(x) + 0.95 * d.belt_rounding
    tall = high - low > 34.0
    middle = int(np.searchsorted(x, 0.5 * (d.x_header + max(d.x_roof_end, d.x_header))))
    if not tall[middle]:
        middle = int(np.argmax(high - low))
    first, last = middle, middle
    while first > 0 and tall[first - 1]:
        first -= 1
    while last < len(x) - 1 and tall[last + 1]:
        last += 1
    keep = slice(first, last + 1)
    return Daylight(x[keep], low[keep], high[keep])


def pillars(d: Definition) -> tuple[float, float]:
    """x of the B-pillar and of the rear door's glass end, mm."""
    seat = d.x_front_axle + 0.52 * d.p["wheelbase"]
    return seat, d.x_rear_axle + 0.10 * d.arch_radius


def side_glass(d: Definition) -> list[Panel]:
    """Right side panes front to rear, on one dark frame."""
    opening = daylight(d)
    start, end = float(opening.x[0]), float(opening.x[-1])
    b, c = pillars(d)
    cuts = [start]
    cuts += [x for x in (b, c) if start + 180.0 < x < end - 120.0]
    cuts.append(end)
    frame = _pane(d, opening, start, end, -9.0, "window frame right", TRIM, 0.8, 1.2, 60)
    panes = [frame]
    names = ("front door glass", "rear door glass", "quarter glass")
    for k, (x0, x1) in enumerate(itertools.pairwise(cuts)):
        lead = 22.0 if k else 0.0
        tail = 22.0 if k + 2 < len(cuts) else 0.0
        panes.append(_pane(d, opening, x0 + lead, x1 - tail, 0.0, f"{names[k]} right", GLASS, 2.4, 2.6, 34))
    return panes


def _pane(
    d: Definition,
    opening: Daylight,
    x0: float,
    x1: float,
    inset: float,
    name: str,
    colour: Colour,
    lift: float,
    thickness: float,
    count: int,
) -> Panel:
    x = np.linspace(x0, x1, count)
    low, high = opening.between(x)
    t = np.linspace(0.0, 1.0, 11)[None, :]
    z = (low + inset)[:, None] * (1 - t) + (high - inset)[:, None] * t
    xx = np.broadcast_to(x[:, None], z.shape)
    kind = ("glass", 2500.0) if colour == GLASS else ("EPDM rubber", 1200.0)
    return panel(name, colour, d.place(xx, d.half_width(xx, z), z), (0.0, 1.0, 0.0), lift, thickness, *kind)


# -- seams, handles, underbody ------------------------------------------------------------------------


def rear_seam_x(d: Definition, t: FloatArray) -> FloatArray:
    """x of the rear door's rear shut line at share t of the way from sill (0) to belt (1), mm."""
    bow = 1.35 * (d.arch_radius + 55.0) * np.clip(t - 0.42, 0.0, None) ** 1.5
    return np.asarray(d.x_rear_axle - d.arch_radius - 55.0 + bow)


def seams(d: Definition) -> list[Panel]:
    """Shut lines of the right doors: narrow dark strips from the sill to the belt or the fender's edge."""
    b, _ = pillars(d)
    z_low = _sill_top(d)
    front = max(d.x_front_axle + d.arch_radius + 70.0, d.x_cowl - 40.0)
    lean = 40.0
    t = np.linspace(0.0, 1.0, 60)
    found = []
    lines = (front - lean * t, b + 0.0 * t, rear_seam_x(d, t))
    edges = tabled_edge(d).z_at(np.array([[line.min(), line.max()] for line in lines]))
    for k, (line, edge_z) in enumerate(zip(lines, edges, strict=True)):
        z_high = min(float(d.belt(line[-1])) + 0.55 * d.belt_rounding, float(edge_z.min()) - 105.0)
        xx = line[:, None] + np.array([[-2.6, 2.6]])
        zz = np.broadcast_to((z_low + (z_high - z_low) * t)[:, None], xx.shape)
        found.append(
            _strip(f"door seam {k + 1} right", d.place(xx, d.half_width(xx, zz), zz), (0.0, 1.0, 0.0))
        )
    x = np.linspace(front, float(rear_seam_x(d, np.zeros(1))[0]), 30)[:, None]
    zz = z_low + np.broadcast_to(np.array([[-2.6, 2.6]]), (30, 2))
    xx = np.broadcast_to(x, zz.shape)
    found.append(_strip("sill seam right", d.place(xx, d.half_width(xx, zz), zz), (0.0, 1.0, 0.0)))
    return found


def _sill_top(d: Definition) -> float:
    return d.p["ground_clearance"] + 1.5 * d.p["sill_radius"] + 20.0


def cladding(d: Definition) -> list[Panel]:
    """Dark sill strip of every car, and arch rings where the ground clearance is an off-road car's."""
    start, end = d.x_front_axle + d.arch_radius + 34.0, d.x_rear_axle - d.arch_radius - 34.0
    x = np.linspace(start, end, 30)
    low = d.bottom(x) + 1.27 * d.p["sill_radius"]
    high = np.full_like(x, _sill_top(d) - 9.0)
    t = np.linspace(0.0, 1.0, 5)[None, :]
    zz = low[:, None] * (1 - t) + np.maximum(high, low + 14.0)[:, None] * t
    xx = np.broadcast_to(x[:, None], zz.shape)
    plastic = ("polypropylene", 950.0)
    grid = d.place(xx, d.half_width(xx, zz), zz)
    found = [panel("sill cladding right", DARK, grid, (0.0, 1.0, 0.0), 0.4, 2.5, *plastic)]
    width = min(0.55 * (d.p["ground_clearance"] - 165.0), 42.0)
    if width < 12.0:
        return found
    for name, x_axle in (("front", d.x_front_axle), ("rear", d.x_rear_axle)):
        foot = _sill_top(d) - d.z_axle
        angle_end = float(np.arcsin(np.clip(foot / (d.arch_radius + 0.5 * width), -0.95, 0.95)))
        angle = np.linspace(angle_end, np.pi - angle_end, 40)[:, None]
        r = d.arch_radius + np.linspace(3.0, 3.0 + width, 4)[None, :]
        xx, zz = x_axle + r * np.cos(angle), d.z_axle + r * np.sin(angle)
        grid = d.place(xx, d.half_width(xx, zz), zz)
        found.append(panel(f"arch cladding {name} right", DARK, grid, (0.0, 1.0, 0.0), 0.4, 4.0, *plastic))
    return found


def hood_seams(d: Definition) -> list[Panel]:
    """Shut line of the hood on the right: from the nose to the cowl."""
    x = np.linspace(0.75 * d.p["nose_roundness"] + 120.0, d.x_cowl - 15.0, 40)
    edge = tabled_edge(d).y_at(x)
    y = (edge - 1.02 * d.softness * np.minimum(0.30 * edge, 115.0))[:, None] + np.array([[-2.6, 2.6]])
    xx = np.broadcast_to(x[:, None], y.shape)
    return [_strip("hood seam right", d.place(xx, y, d.top(xx, y)), (0.0, 0.0, 1.0))]


def _strip(name: str, grid: FloatArray, outward: tuple[float, float, float]) -> Panel:
    normals = _unit_normals(_slopes(grid), np.broadcast_to(grid[:, 1:] - grid[:, :1], grid.shape))
    if float(np.einsum("ijk,k->", normals, np.asarray(outward))) < 0.0:
        grid, normals = grid[::-1], -normals[::-1]
    return Panel(name, TRIM, grid, normals, 0.7, 0.6, "EPDM rubber", 1200.0)


def handles(d: Definition) -> list[Panel]:
    """Flush handles of the right doors."""
    b, _ = pillars(d)
    found = []
    rear = float(rear_seam_x(d, np.array([0.86]))[0]) - 45.0
    for k, x_end in enumerate((b - 55.0, rear)):
        x = np.linspace(x_end - 175.0, x_end, 13)
        z = float(d.belt(x_end)) - 1.25 * d.belt_rounding - 28.0 + np.linspace(-12.0, 12.0, 7)
        xx, zz = np.meshgrid(x, z, indexing="ij")
        grid = d.place(xx, d.half_width(xx, zz), zz)
        name = ("front", "rear")[k] + " door handle right"
        found.append(panel(name, DARK, grid, (0.0, 1.0, 0.0), 0.5, 9.0, "polycarbonate", 1200.0))
    return found


def underbody(d: Definition) -> Panel:
    """Flat shield under the floor between the axles' arches, and the diffuser behind."""
    x = np.linspace(0.30 * d.p["front_overhang"], d.length - d.tail_insets[0] - 30.0, 60)
    low = d.bottom(x)
    inner = min(d.track(a) for a in (d.x_front_axle, d.x_rear_axle)) / 2.0 - d.p["tyre_width"] / 2.0 - 85.0
    width = np.minimum(d.half_width(x, low) - 1.3 * d.p["sill_radius"], inner)
    y = width[:, None] * np.linspace(-1.0, 1.0, 7)[None, :]
    grid = d.place(np.broadcast_to(x[:, None], y.shape), y, np.broadcast_to(low[:, None], y.shape))
    return panel("underbody", DARK, grid, (0.0, 0.0, -1.0), 0.3, 3.0, "polypropylene", 950.0)
