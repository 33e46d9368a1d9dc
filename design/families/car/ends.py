"""Lamps, grille and plates: panels on the skin where it wraps around nose and tail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .definition import Definition
from .panels import DARK, DARK_RED, LAMP, LENS, PLATE, TAIL_LAMP, TRIM, Panel, panel
from .skin import EXACT, Skin, skin

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Wrap:
    """Right half of one end of the skin, from the centreline around the corner along the side.

    Attributes:
        points: (rows, columns, 3), rows from the top edge down to the floor, columns outwards and along.
        along: (columns,) distance from the centreline at half height, mm.
    """

    points: FloatArray
    along: FloatArray

    @cached_property
    def _across(self) -> Any:
        from scipy.interpolate import CubicSpline

        return CubicSpline(self.along, self.points, axis=1)

    def at(self, s: FloatArray, height: FloatArray) -> FloatArray:
        """Points at distance `s` (n,) along and share `height` (n, m) from floor 0 to top 1; (n, m, 3)."""
        lines = np.swapaxes(self._across(s), 0, 1)
        z = lines[..., 2]
        step = np.diff(lines, axis=1)
        gap = np.sqrt((step * step).sum(axis=2))
        slopes = spline_slopes(gap, step / gap[..., None])
        wanted = z[:, -1:] + height * (z[:, :1] - z[:, -1:])
        row = (z[:, :, None] > wanted[:, None]).sum(axis=1) - 1
        row = np.minimum(np.maximum(row, 0), z.shape[1] - 2)
        column = np.arange(len(s))[:, None]
        above, below = lines[column, row], lines[column, row + 1]
        t = (above[..., 2] - wanted) / (above[..., 2] - below[..., 2])
        t = np.minimum(np.maximum(t, 0.0), 1.0)[..., None]
        u, over = 1.0 - t, gap[column, row][..., None]
        return np.asarray(
            u * u * ((1.0 + 2.0 * t) * above + t * over * slopes[column, row])
            + t * t * ((1.0 + 2.0 * u) * below - u * over * slopes[column, row + 1])
        )


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


def wraps(d: Definition, s: Skin | None = None) -> tuple[Wrap, Wrap]:
    """Nose and tail of a car."""
    s = skin(d, EXACT) if s is None else s
    half = s.nose.shape[1] // 2
    found = []
    for cap, side in ((s.nose, s.side), (s.tail, s.side[::-1])):
        reach = side[1 : max(24, len(side) // 3)]
        points = np.concatenate([cap[:, half:], np.swapaxes(reach, 0, 1)], axis=1)
        middle = points[len(points) // 2]
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(middle, axis=0), axis=1))])
        found.append(Wrap(points, along))
    return found[0], found[1]


def nose_panels(d: Definition, wrap: Wrap) -> list[Panel]:
    """Right head lamp with its light strip, and the grille, intake and plate of both sides."""
    height = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    lamp = min(d.p["lamp_height"] / height, 0.36)
    s = np.linspace(corner - 0.40 * half, corner + 170.0, 26)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.885 + 0.05 * t
    low = high - lamp * (1.0 - 0.55 * t**1.6) * (0.55 + 0.45 * np.minimum(1.0, 4.0 * t) ** 0.7)
    ahead = (-1.0, 0.4, 0.2)
    clear = ("polycarbonate", 1200.0)
    found = [_on(wrap, "head lamp right", LENS, s, low, high, ahead, clear)]
    band = (high - low) * 0.22
    found.append(
        _on(
            wrap,
            "light strip right",
            LAMP,
            s[1:-1],
            (high - 1.35 * band)[1:-1],
            (high - 0.35 * band)[1:-1],
            ahead,
            clear,
            6.2,
            1.2,
        )
    )
    for k, (a, b) in enumerate(((5, 10), (11, 15))):
        found.append(
            _on(
                wrap,
                f"head lamp beam {k + 1} right",
                LAMP,
                s[a:b],
                (low + 0.16 * (high - low))[a:b],
                (low + 0.60 * (high - low))[a:b],
                ahead,
                clear,
                6.2,
                1.2,
            )
        )
    plate_low, plate_tall = 0.335, 112.0 / height
    found.append(
        _across(wrap, "front plate", PLATE, 260.0, plate_low, plate_low + plate_tall, (-1.0, 0.0, 0.0), 0.0)
    )
    grille_low, grille_high = plate_low + plate_tall + 16.0 / height, 0.80
    if (grille_high - grille_low) * height > 26.0:
        reach = corner - (0.50 - 0.10 * float(np.clip((height - 420.0) / 200.0, 0.0, 1.0))) * half
        found.append(_across(wrap, "grille", TRIM, reach, grille_low, grille_high, (-1.0, 0.0, 0.0), 14.0))
    found.append(
        _across(wrap, "lower intake", DARK, corner - 0.30 * half, 0.10, 0.29, (-1.0, 0.0, 0.0), 34.0)
    )
    return found


def tail_panels(d: Definition, wrap: Wrap) -> list[Panel]:
    """Right tail lamp with its light bar, and the plate, lid seam and valance of both sides."""
    height = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    tall = min(0.30, 130.0 / height) * (1.0 + 0.5 * d.hatch_share)
    s = np.linspace(corner - 0.42 * half, corner + 100.0, 26)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.87 - 0.03 * t
    low = high - tall * (0.60 + 0.40 * np.minimum(1.0, 2.5 * t)) * (1.0 - 0.35 * t**2)
    back = (1.0, 0.4, 0.2)
    clear = ("polycarbonate", 1200.0)
    found = [_on(wrap, "tail lamp right", DARK_RED, s, low, high, back, clear)]
    found.append(
        _on(
            wrap,
            "tail light bar right",
            TAIL_LAMP,
            s[1:-1],
            (high - 0.42 * (high - low))[1:-1],
            (high - 0.18 * (high - low))[1:-1],
            back,
            clear,
            6.2,
            1.2,
        )
    )
    z_plate = 0.50 if d.hatch_share > 0.5 else 0.54
    found.append(
        _across(wrap, "rear plate", PLATE, 260.0, z_plate, z_plate + 112.0 / height, (1.0, 0.0, 0.0), 0.0)
    )
    seam = 0.335
    found.append(
        _across(
            wrap,
            "lid seam",
            TRIM,
            corner - 0.03 * half,
            seam,
            seam + 5.0 / height,
            (1.0, 0.0, 0.0),
            0.0,
            0.3,
            0.8,
        )
    )
    found.append(_across(wrap, "rear valance", DARK, corner - 0.10 * half, 0.05, 0.24, (1.0, 0.0, 0.0), 70.0))
    return found


def _corner(wrap: Wrap) -> float:
    """Distance along at which the wrap has turned by 45 degrees."""
    middle = wrap.points[len(wrap.points) // 2]
    step = np.diff(middle, axis=0)
    turned = np.abs(step[:, 0]) > np.abs(step[:, 1])
    k = int(np.argmax(turned)) if turned.any() else len(step) - 1
    return float(wrap.along[k])


def _on(
    wrap: Wrap,
    name: str,
    colour: tuple[float, float, float, float],
    s: FloatArray,
    low: FloatArray,
    high: FloatArray,
    outward: tuple[float, float, float],
    material: tuple[str, float],
    lift: float = 2.0,
    thickness: float = 4.0,
) -> Panel:
    t = np.linspace(0.0, 1.0, 9)[None, :]
    height = low[:, None] * (1 - t) + high[:, None] * t
    return panel(name, colour, wrap.at(s, height), outward, lift, thickness, *material)


def _across(
    wrap: Wrap,
    name: str,
    colour: tuple[float, float, float, float],
    reach: float,
    low: float,
    high: float,
    outward: tuple[float, float, float],
    rise: float,
    lift: float = 0.4,
    thickness: float = 4.0,
) -> Panel:
    """A panel over both sides, `reach` mm to either, its lower corners drawn up by `rise` mm."""
    s = np.linspace(0.0, reach, 16)
    t = np.linspace(0.0, 1.0, 7)[None, :]
    span = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    bottom = low + rise / span * (s / reach) ** 4
    right = wrap.at(s, bottom[:, None] * (1 - t) + high * t)
    left = right[:0:-1] * np.array([1.0, -1.0, 1.0])
    grid = np.concatenate([left, right])
    grid[len(left), :, 1] = 0.0
    return panel(name, colour, grid, outward, lift, thickness, "polypropylene", 950.0)
