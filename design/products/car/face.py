"""How a face is drawn: small grids in the plane of distance from the centreline and height, laid on the skin.

Coordinates of a drawing are (s, z) in mm: s outwards around the corner, z above the end's lower edge as on
the centreline; beside the centreline the drawing is stretched to the height that the skin has there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Colour
from ...geometry.polyline import arc_length
from .curves import evenly, within
from .definition import Definition
from .panels import Panel
from .wrap import Wrap, level_of, on_skin

Point = tuple[float, float]

#: lift and thickness of what lies on the skin, on that, and on that again, mm
LAYERS = ((0.4, 2.4), (3.0, 1.5), (4.7, 1.1))
ON_SKIN, ON_PANEL, ON_TOP = range(3)
GENTLE = math.radians(25.0)  # a path that turns by less does so over much of its length
SEAM_LAYER = (0.6, 0.6)
PLASTIC, CLEAR, METAL = ("polypropylene", 950.0), ("polycarbonate", 1200.0), ("aluminium", 2700.0)

BLACK: Colour = (0.016, 0.016, 0.018, 1.0)
SATIN: Colour = (0.135, 0.137, 0.145, 1.0)
GLOSS: Colour = (0.20, 0.205, 0.215, 1.0)
BRIGHT: Colour = (0.56, 0.57, 0.59, 1.0)
LENS: Colour = (0.02, 0.022, 0.026, 1.0)
LIT: Colour = (0.97, 0.98, 1.0, 1.0)
BEAM: Colour = (0.50, 0.54, 0.60, 1.0)
RED_LENS: Colour = (0.26, 0.002, 0.008, 1.0)
RED_LIT: Colour = (0.95, 0.03, 0.03, 1.0)
AMBER: Colour = (0.62, 0.20, 0.015, 1.0)
CLEAR_LENS: Colour = (0.46, 0.45, 0.45, 1.0)
PLATE_GREY: Colour = (0.47, 0.475, 0.47, 1.0)


class Patch(NamedTuple):
    """A panel that is to lie on a face: on the right side, or over both and then `wide` from s = 0.

    Attributes:
        s, z: (n, m) drawing coordinates, mm.
        layer: lift and thickness, mm, as in :class:`.panels.Panel`.
        material: its name and density, kg/m3.
    """

    name: str
    colour: Colour
    s: FloatArray
    z: FloatArray
    layer: tuple[float, float] = LAYERS[ON_SKIN]
    material: tuple[str, float] = PLASTIC

    @property
    def wide(self) -> bool:
        return not self.name.endswith("right")


@dataclass(frozen=True)
class Face:
    """One end of a car as the drawings see it.

    Attributes:
        half: half of the overall width, mm.
        arch: (x, z, radius) of the wheel arch next to it, mm.
    """

    wrap: Wrap
    half: float
    arch: tuple[float, float, float]

    @cached_property
    def tall(self) -> float:
        return self.wrap.tall

    @cached_property
    def corner(self) -> float:
        return self.wrap.corner

    def reach(self, low: float, high: float, gap: float = 34.0) -> float:
        """How far along a part between two heights may go before it is `gap` from the wheel arch, mm."""
        x_arch, z_arch, radius = self.arch
        grid = self.wrap.levels
        a, b = (round(level_of(within(z / self.tall, 0.0, 1.0))) for z in (low, high))
        x, z = grid[0, a : b + 1], grid[2, a : b + 1]
        ahead, up = x - x_arch, z - z_arch
        room = np.sqrt((ahead * ahead + up * up).min(axis=0)) - radius - gap
        s = self.wrap.columns
        over = np.flatnonzero(room < 0.0)
        if not len(over) or over[0] == 0:
            return float(s[-1])
        k = int(over[0])
        return float(s[k - 1] + (s[k] - s[k - 1]) * room[k - 1] / (room[k - 1] - room[k]))

    def laid(self, patches: Sequence[Patch]) -> list[Panel]:
        """The patches as panels on the skin."""
        return laid([(self, patches)])


def laid(drawings: Sequence[tuple[Face, Sequence[Patch]]]) -> list[Panel]:
    """The patches of one skin's faces as panels on it: all points are looked up together."""
    places = []
    for face, patches in drawings:
        share = np.concatenate([p.z.ravel() for p in patches]) / face.tall
        share = np.minimum(np.maximum(share, 0.004), 0.985)
        places.append((face.wrap, np.concatenate([p.s.ravel() for p in patches]), share))
    points, normals = on_skin(places)
    found, start = [], 0
    for face, patches in drawings:
        for p in patches:
            shape, part = (*p.s.shape, 3), slice(start, start + p.s.size)
            grids = points[part].reshape(shape), normals[part].reshape(shape)
            found.append(_panel(p, face.wrap.outward, *grids))
            start = part.stop
    return found


def _panel(p: Patch, outward: float, points: FloatArray, normals: FloatArray) -> Panel:
    """The panel of a patch on its points and outward normals (n, m, 3), its grid turned to them."""
    if p.wide:
        points, normals = _both(points), _both(normals)
    (s0, s1), (s2, _) = p.s[:2, :2].tolist()
    (z0, z1), (z2, _) = p.z[:2, :2].tolist()
    if outward * ((s2 - s0) * (z1 - z0) - (z2 - z0) * (s1 - s0)) < 0.0:
        points, normals = points[::-1], normals[::-1]
    return Panel(p.name, p.colour, points, normals, *p.layer, *p.material)


def _both(right: FloatArray) -> FloatArray:
    """A right half from the centreline on, with its mirror image."""
    whole = np.concatenate([right[:0:-1], right])
    left = whole[: len(right) - 1, :, 1]
    np.negative(left, out=left)
    whole[len(right) - 1, :, 1] = 0.0
    return whole


def face_of(d: Definition, wrap: Wrap) -> Face:
    """The face on nose or tail."""
    x = d.x_front_axle if wrap.outward < 0.0 else d.x_rear_axle
    return Face(wrap, 0.5 * d.p["overall_width"], (x, d.z_axle, d.arch_radius))


# -- shapes -------------------------------------------------------------------------------------------


class Loft(NamedTuple):
    """Area between two bows, from the inner to the outer end; each bow a quadratic Bezier.

    Attributes:
        bottom, top: (start, middle, end), each (s, z) mm.
        soft: 0 straight ends and sharp corners .. 1 all four sides bulge.
    """

    bottom: tuple[Point, Point, Point]
    top: tuple[Point, Point, Point]
    soft: float = 0.0

    def at(self, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(s, z) at shares a from inner to outer end and b from bottom to top, which broadcast together."""
        if self.soft:
            p, q = 2.0 * a - 1.0, 2.0 * b - 1.0
            a = 0.5 + 0.5 * p * np.sqrt(1.0 - 0.5 * self.soft * q * q)
            b = 0.5 + 0.5 * q * np.sqrt(1.0 - 0.5 * self.soft * p * p)
        found = []
        for k in (0, 1):
            low, high = (
                (p[k] - 2.0 * q[k] + r[k]) * a * a + 2.0 * (q[k] - p[k]) * a + p[k]
                for p, q, r in (self.bottom, self.top)
            )
            found.append(low + (high - low) * b)
        return found[0], found[1]

    def _even_grid(self, a: Point, b: Point, shape: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
        """:meth:`at` of even shares within a and b where nothing bulges."""
        start, over = a[0], a[1] - a[0]
        rows = []
        for k in (0, 1):
            (p, q, r), (e, f, g) = [(c[0][k], c[1][k], c[2][k]) for c in (self.bottom, self.top)]
            two, one = p - 2.0 * q + r, 2.0 * (q - p)
            more, much = e - 2.0 * f + g - two, 2.0 * (f - e) - one
            rows.append(
                ((two * start + one) * start + p, (2.0 * two * start + one) * over, two * over * over)
            )
            rows.append(
                (
                    (more * start + much) * start + e - p,
                    (2.0 * more * start + much) * over,
                    more * over * over,
                )
            )
        low_s, tall_s, low_z, tall_z = np.array(rows) @ _powers(shape[0])
        up = b[0] + (b[1] - b[0]) * _even(shape[1])
        return low_s[:, None] + tall_s[:, None] * up, low_z[:, None] + tall_z[:, None] * up

    def grid(
        self, a: Point = (0.0, 1.0), b: Point = (0.0, 1.0), shape: tuple[int, int] = (24, 5)
    ) -> tuple[FloatArray, FloatArray]:
        """Part of it, or all, as a grid."""
        if not self.soft:
            return self._even_grid(a, b, shape)
        along, up = _even(shape[0])[:, None], _even(shape[1])[None, :]
        return self.at(a[0] + (a[1] - a[0]) * along, b[0] + (b[1] - b[0]) * up)


@lru_cache(maxsize=64)
def _even(n: int) -> FloatArray:
    """n even steps from 0 to 1."""
    steps = evenly(0.0, 1.0, n)
    steps.setflags(write=False)
    return steps


@lru_cache(maxsize=64)
def _powers(n: int) -> FloatArray:
    """(3, n): 1, t and t^2 at :func:`_even` t."""
    t = _even(n)
    found = np.stack([np.ones(n), t, t * t])
    found.setflags(write=False)
    return found


def block(
    low: Point, high: Point, lean: float = 0.0, shape: tuple[int, int] = (5, 4), soft: float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """A rectangle between two corners; its top leans outwards by `lean` mm."""
    (s0, z0), (s1, z1) = low, high
    mid, top = 0.5 * (s0 + s1), (s0 + lean, s1 + lean)
    loft = Loft(((s0, z0), (mid, z0), (s1, z0)), ((top[0], z1), (mid + lean, z1), (top[1], z1)), soft)
    return loft.grid(shape=shape)


def disc(s: float, z: float, radius: float, points: int = 11) -> tuple[FloatArray, FloatArray]:
    """A disc as one grid: a square bent to it, all but a little, so that no corner of the grid is flat.

    The grid is not as long as wide: the exact surface would take its rows for its columns.
    """
    u, v = 2.0 * _even(points)[:, None] - 1.0, 2.0 * _even(points - 2)[None, :] - 1.0
    k = 0.88
    x, y = u * np.sqrt(1.0 - 0.5 * k * v * v), v * np.sqrt(1.0 - 0.5 * k * u * u)
    return s + radius * x, z + radius * y


def ring(
    s: float, z: float, inner: float, outer: float, gap: float = 0.5, at: float = 0.0, points: int = 40
) -> tuple[FloatArray, FloatArray]:
    """A ring as one open strip, `gap` degrees missing at the angle `at` (0 outwards, 90 up)."""
    angle = np.radians(evenly(at + 0.5 * gap, at + 360.0 - 0.5 * gap, points))[:, None]
    r = evenly(inner, outer, 3)[None, :]
    return s + r * np.cos(angle), z + r * np.sin(angle)


def strip(
    path: Sequence[Point], width: float | tuple[float, float], radius: float = 0.0, spacing: float = 16.0
) -> tuple[FloatArray, FloatArray]:
    """A strip along a path whose corners are rounded, `width` wide or from one width to another.

    Args:
        path: corners, mm; the first may be the last too (a loop that all but closes).
        radius: of the corners on the strip's middle line; more than half of the width.
        spacing: of the grid on the straights, about.
    """
    middle = np.array(_rounded(path, radius, spacing))
    points, turns = middle[:, :2], middle[:, 2:]
    across = np.array([-0.5, 0.0, 0.5])
    if isinstance(width, tuple):
        run = arc_length(points)
        across = (width[0] + (width[1] - width[0]) * run[:, None] / run[-1]) * across
    else:
        across = width * across[None, :]
    return points[:, :1] - across * turns[:, 1:], points[:, 1:] + across * turns[:, :1]


def _rounded(path: Sequence[Point], radius: float, spacing: float) -> list[tuple[float, ...]]:
    """(s, z, direction's s, its z) along a path with rounded corners; plain numbers, for paths are short."""
    legs = [(q[0] - p[0], q[1] - p[1]) for p, q in itertools.pairwise(path)]
    lengths = [math.hypot(*leg) for leg in legs]
    unit = [(leg[0] / n, leg[1] / n) for leg, n in zip(legs, lengths, strict=True)]
    found: list[tuple[float, ...]] = [(*path[0], *unit[0])]
    start = path[0]
    for k, (us, uz) in enumerate(unit):
        bend = cut = 0.0
        if k + 1 < len(unit):
            vs, vz = unit[k + 1]
            bend = math.atan2(us * vz - uz * vs, us * vs + uz * vz)
            cut = min(radius * math.tan(0.5 * abs(bend)), 0.45 * lengths[k], 0.45 * lengths[k + 1])
            if abs(bend) < GENTLE:
                cut = 0.3 * min(lengths[k], lengths[k + 1])
        end = (path[k + 1][0] - us * cut, path[k + 1][1] - uz * cut)
        steps = max(1, round(math.dist(start, end) / spacing))
        for j in range(1, steps + 1):
            t = j / steps
            found.append((start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t, us, uz))
        start = end
        if abs(bend) < 1e-6:
            continue
        r = math.copysign(cut / math.tan(0.5 * abs(bend)), bend)
        centre = (end[0] - r * uz, end[1] + r * us)
        steps = max(3, round(abs(math.degrees(bend)) / 15.0))
        for j in range(1, steps + 1):
            c, n = math.cos(bend * j / steps), math.sin(bend * j / steps)
            ts, tz = c * us - n * uz, n * us + c * uz
            start = (centre[0] + r * tz, centre[1] - r * ts)
            found.append((*start, ts, tz))
    return found
