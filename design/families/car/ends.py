"""Lamps, grille and plates: panels on the skin where it wraps around nose and tail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import Colour
from .definition import Definition
from .panels import DARK, DARK_RED, LAMP, LENS, PLATE, TAIL_LAMP, TRIM, Panel, panel
from .skin import Skin

FloatArray = NDArray[np.float64]
AHEAD, BEHIND = (-1.0, 0.4, 0.2), (1.0, 0.4, 0.2)
PLATE_MM = 112.0  # height of a number plate


@dataclass(frozen=True)
class Wrap:
    """Right half of one end of the skin, from the centreline around the corner along the side.

    Attributes:
        points: (rows, columns, 3), rows from the top edge down to the floor, columns outwards and along.
        along: (columns,) distance from the centreline at half height, mm.
    """

    points: FloatArray
    along: FloatArray

    @property
    def tall(self) -> float:
        """Height of the end on the centreline, mm."""
        return float(self.points[0, 0, 2] - self.points[-1, 0, 2])

    @cached_property
    def _slopes(self) -> FloatArray:
        """(rows, columns, 3): of the cubic spline through each row, over `along`."""
        gap = np.diff(self.along)
        return spline_slopes(
            np.broadcast_to(gap, (len(self.points), len(gap))), np.diff(self.points, axis=1) / gap[:, None]
        )

    @property
    def turned(self) -> FloatArray:
        """(columns,): how far the middle row has turned from across the car (-1) to along it (1)."""
        x, y, _ = np.abs(self._slopes[len(self.points) // 2]).T
        return np.asarray((x - y) / np.hypot(x, y))

    def lines(self, s: FloatArray) -> FloatArray:
        """The wrap from top to floor at distances `s` (n,) along: (n, rows, 3)."""
        k = np.minimum(np.maximum(np.searchsorted(self.along, s, side="right") - 1, 0), len(self.along) - 2)
        gap = (self.along[k + 1] - self.along[k])[:, None]
        t = (s - self.along[k])[:, None] / gap
        p, slopes = self.points, self._slopes
        found = cubic(p[:, k], p[:, k + 1], gap * slopes[:, k], gap * slopes[:, k + 1], t)
        return np.swapaxes(found, 0, 1)

    def at(self, sites: Sequence[tuple[FloatArray, FloatArray]]) -> list[FloatArray]:
        """Points of each site, a grid at distances s (n,) along and shares of height (n, m) from floor 0 to
        top 1: its (n, m, 3). Together, for many small grids cost more than one large."""
        lines = self.lines(np.concatenate([s for s, _ in sites]))
        z = lines[..., 2]
        step = np.diff(lines, axis=1)
        gap = np.sqrt((step * step).sum(axis=2))
        slopes = spline_slopes(gap, step / gap[..., None])
        column = np.repeat(np.arange(len(lines)), np.concatenate([np.full(*h.shape) for _, h in sites]))
        height = np.concatenate([h.ravel() for _, h in sites])
        zs = z[column]
        wanted = zs[:, -1] + height * (zs[:, 0] - zs[:, -1])
        row = (zs > wanted[:, None]).sum(axis=1) - 1
        row = np.minimum(np.maximum(row, 0), z.shape[1] - 2)
        above, below = lines[column, row], lines[column, row + 1]
        t = (above[:, 2] - wanted) / (above[:, 2] - below[:, 2])
        t = np.minimum(np.maximum(t, 0.0), 1.0)[:, None]
        over = gap[column, row][:, None]
        points = cubic(above, below, over * slopes[column, row], over * slopes[column, row + 1], t)
        ends = np.cumsum([h.size for _, h in sites])[:-1]
        return [part.reshape(*h.shape, 3) for part, (_, h) in zip(np.split(points, ends), sites, strict=True)]


def cubic(a: FloatArray, b: FloatArray, rise_a: FloatArray, rise_b: FloatArray, t: FloatArray) -> FloatArray:
    """At share t from a to b, of the cubic that rises there by `rise_a` and `rise_b` for each 1 of t."""
    u = 1.0 - t
    return np.asarray(u * u * ((1.0 + 2.0 * t) * a + t * rise_a) + t * t * ((1.0 + 2.0 * u) * b - u * rise_b))


def spline_slopes(gap: FloatArray, slope: FloatArray) -> FloatArray:
    """Slopes (k, n, 3) at the points of k cubic splines (ends: not a knot), solved as one system.

    `gap` (k, n - 1) between a spline's points, `slope` (k, n - 1, 3) of the chords over them; the equations
    are those of `scipy.interpolate.CubicSpline`.
    """
    from scipy.linalg import solve_banded

    k, n = gap.shape[0], gap.shape[1] + 1
    bands = np.zeros((3, k, n))
    right = np.empty((k, n, 3))
    g = gap[..., None]
    bands[1, :, 1:-1] = 2.0 * (gap[:, :-1] + gap[:, 1:])
    bands[0, :, 2:], bands[2, :, :-2] = gap[:, :-1], gap[:, 1:]
    right[:, 1:-1] = 3.0 * (g[:, 1:] * slope[:, :-1] + g[:, :-1] * slope[:, 1:])
    first, last = gap[:, 0] + gap[:, 1], gap[:, -1] + gap[:, -2]
    bands[1, :, 0], bands[0, :, 1] = gap[:, 1], first
    bands[1, :, -1], bands[2, :, -2] = gap[:, -2], last
    for end, near, far, two in ((0, 0, 1, first[:, None]), (-1, -1, -2, last[:, None])):
        right[:, end] = (
            (g[:, near] + 2.0 * two) * g[:, far] * slope[:, near] + g[:, near] ** 2 * slope[:, far]
        ) / two
    found = solve_banded((1, 1), bands.reshape(3, -1), right.reshape(-1, 3), check_finite=False)
    return np.asarray(found).reshape(k, n, 3)


def wraps(s: Skin) -> tuple[Wrap, Wrap]:
    """Nose and tail of a car's skin."""
    half = s.nose.shape[1] // 2
    found = []
    for cap, side in ((s.nose, s.side), (s.tail, s.side[::-1])):
        reach = side[1 : max(24, len(side) // 3)]
        points = np.concatenate([cap[:, half:], np.swapaxes(reach, 0, 1)], axis=1)
        middle = points[len(points) // 2]
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(middle, axis=0), axis=1))])
        found.append(Wrap(points, along))
    return found[0], found[1]


@dataclass(frozen=True)
class Patch:
    """A panel that is to lie on a wrap: on the right side, or over both and then `wide`.

    Attributes:
        s, height: as :meth:`Wrap.at` takes them, (n,) and (n, m).
        material: its name and density, kg/m3; `lift` and `thickness` as in :class:`.panels.Panel`, mm.
    """

    name: str
    colour: Colour
    s: FloatArray
    height: FloatArray
    outward: tuple[float, float, float]
    lift: float
    thickness: float
    material: tuple[str, float]
    wide: bool


def _laid(wrap: Wrap, patches: Sequence[Patch]) -> list[Panel]:
    """The patches as panels on the wrap."""
    found = []
    for p, right in zip(patches, wrap.at([(p.s, p.height) for p in patches]), strict=True):
        grid = right
        if p.wide:
            left = right[:0:-1] * np.array([1.0, -1.0, 1.0])
            grid = np.concatenate([left, right])
            grid[len(left), :, 1] = 0.0
        found.append(panel(p.name, p.colour, grid, p.outward, p.lift, p.thickness, *p.material))
    return found


def nose_panels(d: Definition, wrap: Wrap) -> list[Panel]:
    """Right head lamp with its light strip, and the grille, intake and plate of both sides."""
    tall = wrap.tall
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    lamp = min(d.p["lamp_height"] / tall, 0.36)
    s = np.linspace(corner - 0.40 * half, corner + 170.0, 26)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.885 + 0.05 * t
    low = high - lamp * (1.0 - 0.55 * t**1.6) * (0.55 + 0.45 * np.minimum(1.0, 4.0 * t) ** 0.7)
    band = (high - low) * 0.22
    found = [_lens("head lamp right", LENS, s, low, high, AHEAD)]
    strip = s[1:-1], (high - 1.35 * band)[1:-1], (high - 0.35 * band)[1:-1]
    found.append(_light("light strip right", LAMP, *strip, AHEAD))
    for k, (a, b) in enumerate(((5, 10), (11, 15))):
        beam = s[a:b], (low + 0.16 * (high - low))[a:b], (low + 0.60 * (high - low))[a:b]
        found.append(_light(f"head lamp beam {k + 1} right", LAMP, *beam, AHEAD))
    plate_low, plate_tall = 0.335, PLATE_MM / tall
    found.append(_across(wrap, "front plate", PLATE, 260.0, plate_low, plate_low + plate_tall, -1.0))
    grille_low, grille_high = plate_low + plate_tall + 16.0 / tall, 0.80
    if (grille_high - grille_low) * tall > 26.0:
        reach = corner - (0.50 - 0.10 * float(np.clip((tall - 420.0) / 200.0, 0.0, 1.0))) * half
        found.append(_across(wrap, "grille", TRIM, reach, grille_low, grille_high, -1.0, 14.0))
    found.append(_across(wrap, "lower intake", DARK, corner - 0.30 * half, 0.10, 0.29, -1.0, 34.0))
    return _laid(wrap, found)


def tail_panels(d: Definition, wrap: Wrap) -> list[Panel]:
    """Right tail lamp with its light bar, and the plate, lid seam and valance of both sides."""
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    lamp = min(0.30, 130.0 / wrap.tall) * (1.0 + 0.5 * d.hatch_share)
    s = np.linspace(corner - 0.42 * half, corner + 100.0, 26)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.87 - 0.03 * t
    low = high - lamp * (0.60 + 0.40 * np.minimum(1.0, 2.5 * t)) * (1.0 - 0.35 * t**2)
    found = [_lens("tail lamp right", DARK_RED, s, low, high, BEHIND)]
    bar = s[1:-1], (high - 0.42 * (high - low))[1:-1], (high - 0.18 * (high - low))[1:-1]
    found.append(_light("tail light bar right", TAIL_LAMP, *bar, BEHIND))
    plate_low = 0.50 if d.hatch_share > 0.5 else 0.54
    found.append(_across(wrap, "rear plate", PLATE, 260.0, plate_low, plate_low + PLATE_MM / wrap.tall, 1.0))
    seam, reach = 0.335, corner - 0.03 * half
    found.append(_across(wrap, "lid seam", TRIM, reach, seam, seam + 5.0 / wrap.tall, 1.0, 0.0, 0.7, 0.6, 40))
    found.append(_across(wrap, "rear valance", DARK, corner - 0.10 * half, 0.05, 0.24, 1.0, 70.0))
    return _laid(wrap, found)


def _corner(wrap: Wrap) -> float:
    """Distance along at which the wrap has turned by 45 degrees, read between its points."""
    turned = wrap.turned
    k = int(np.argmax(turned > 0.0)) if turned.max() > 0.0 else len(turned) - 1
    if k == 0 or turned[k] <= 0.0:
        return float(wrap.along[k])
    share = turned[k - 1] / (turned[k - 1] - turned[k])
    return float(wrap.along[k - 1] + share * (wrap.along[k] - wrap.along[k - 1]))


def _lens(
    name: str,
    colour: Colour,
    s: FloatArray,
    low: FloatArray,
    high: FloatArray,
    outward: tuple[float, float, float],
    lift: float = 2.0,
    thickness: float = 4.0,
) -> Patch:
    """A clear panel on the right side between two shares of height, each (n,)."""
    t = np.linspace(0.0, 1.0, 9)
    height = low[:, None] * (1 - t) + high[:, None] * t
    return Patch(name, colour, s, height, outward, lift, thickness, ("polycarbonate", 1200.0), False)


#: what shines on a lens
_light = partial(_lens, lift=6.2, thickness=1.2)


def _across(
    wrap: Wrap,
    name: str,
    colour: Colour,
    reach: float,
    low: float,
    high: float,
    outward: float,
    rise: float = 0.0,
    lift: float = 0.4,
    thickness: float = 4.0,
    columns: int = 16,
) -> Patch:
    """A panel over both sides, `reach` mm to either, its lower corners drawn up by `rise` mm."""
    s = np.linspace(0.0, reach, columns)
    t = np.linspace(0.0, 1.0, 7)
    bottom = low + rise / wrap.tall * (s / reach) ** 4
    height = bottom[:, None] * (1 - t) + high * t
    plastic = ("polypropylene", 950.0)
    return Patch(name, colour, s, height, (outward, 0.0, 0.0), lift, thickness, plastic, True)
