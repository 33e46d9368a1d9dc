"""Lamps, grille and plates: panels on the skin where it wraps around nose and tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .definition import Definition
from .panels import DARK, LAMP, PLATE, TAIL_LAMP, TRIM, Panel, panel
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

    def at(self, s: FloatArray, height: FloatArray) -> FloatArray:
        """Points at distance `s` (n,) along and share `height` (n, m) from floor 0 to top 1; (n, m, 3)."""
        from scipy.ndimage import map_coordinates, spline_filter

        column = np.interp(s, self.along, np.arange(len(self.along), dtype=np.float64))
        rows = np.arange(self.points.shape[0], dtype=np.float64)
        coefficients: list[Any] = [spline_filter(self.points[..., k], order=3, mode="nearest") for k in range(3)]

        def sample(r: FloatArray, c: FloatArray) -> FloatArray:
            return np.stack(
                [map_coordinates(q, [r, c], order=3, mode="nearest", prefilter=False) for q in coefficients], axis=-1
            )

        lines = sample(*np.meshgrid(rows, column, indexing="ij"))[..., 2]
        r = np.empty(height.shape)
        for k in range(len(column)):
            z = lines[:, k]
            wanted = z[-1] + height[k] * (z[0] - z[-1])
            r[k] = np.interp(wanted, z[::-1], rows[::-1])
        return sample(r, np.broadcast_to(column[:, None], r.shape))


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
    """Right head lamp, and the grille, intake and plate of both sides."""
    height = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    lamp = min(d.p["lamp_height"] / height, 0.36)
    s = np.linspace(corner - 0.40 * half, corner + 170.0, 22)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.885 + 0.05 * t
    low = high - lamp * (1.0 - 0.55 * t**1.6) * (0.55 + 0.45 * np.minimum(1.0, 4.0 * t) ** 0.7)
    head = _on(wrap, "head lamp right", LAMP, s, low, high, (-1.0, 0.4, 0.2), ("polycarbonate", 1200.0))
    grille = _across(wrap, "grille", TRIM, corner - 0.50 * half, 0.60, 0.78, (-1.0, 0.0, 0.0), 14.0)
    intake = _across(wrap, "lower intake", DARK, corner - 0.30 * half, 0.14, 0.36, (-1.0, 0.0, 0.0), 40.0)
    plate = _across(wrap, "front plate", PLATE, 260.0, 0.415, 0.415 + 110.0 / height, (-1.0, 0.0, 0.0), 0.0)
    return [head, grille, intake, plate]


def tail_panels(d: Definition, wrap: Wrap) -> list[Panel]:
    """Right tail lamp, and the plate and rear valance of both sides."""
    height = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    half = 0.5 * d.p["overall_width"]
    corner = _corner(wrap)
    tall = min(0.30, 130.0 / height) * (1.0 + 0.5 * d.hatch_share)
    s = np.linspace(corner - 0.42 * half, corner + 150.0, 22)
    t = (s - s[0]) / (s[-1] - s[0])
    high = 0.90 - 0.03 * (1.0 - t)
    low = high - tall * (0.60 + 0.40 * np.minimum(1.0, 2.5 * t)) * (1.0 - 0.35 * t**2)
    lamp = _on(wrap, "tail lamp right", TAIL_LAMP, s, low, high, (1.0, 0.4, 0.2), ("polycarbonate", 1200.0))
    z_plate = 0.50 if d.hatch_share > 0.5 else 0.56
    plate = _across(wrap, "rear plate", PLATE, 260.0, z_plate, z_plate + 110.0 / height, (1.0, 0.0, 0.0), 0.0)
    valance = _across(wrap, "rear valance", DARK, corner - 0.10 * half, 0.05, 0.24, (1.0, 0.0, 0.0), 70.0)
    return [lamp, plate, valance]


def _corner(wrap: Wrap) -> float:
    """Distance along at which the wrap has turned by 45 degrees."""
    middle = wrap.points[len(wrap.points) // 2]
    step = np.diff(middle, axis=0)
    turned = np.abs(step[:, 0]) > np.abs(step[:, 1])
    k = int(np.argmax(turned)) if turned.any() else len(step) - 1
    return float(wrap.along[k])


def _on(
    wrap: Wrap, name: str, colour: tuple[float, float, float, float], s: FloatArray, low: FloatArray,
    high: FloatArray, outward: tuple[float, float, float], material: tuple[str, float],
) -> Panel:  # fmt: skip
    t = np.linspace(0.0, 1.0, 9)[None, :]
    height = low[:, None] * (1 - t) + high[:, None] * t
    return panel(name, colour, wrap.at(s, height), outward, 0.4, 4.0, *material)


def _across(
    wrap: Wrap, name: str, colour: tuple[float, float, float, float], reach: float, low: float, high: float,
    outward: tuple[float, float, float], rise: float,
) -> Panel:  # fmt: skip
    """A panel over both sides, `reach` mm to either, its lower corners drawn up by `rise` mm."""
    s = np.linspace(0.0, reach, 16)
    t = np.linspace(0.0, 1.0, 7)[None, :]
    span = float(wrap.points[0, 0, 2] - wrap.points[-1, 0, 2])
    bottom = low + rise / span * (s / reach) ** 4
    right = wrap.at(s, bottom[:, None] * (1 - t) + high * t)
    left = right[:0:-1] * np.array([1.0, -1.0, 1.0])
    grid = np.concatenate([left, right])
    grid[len(left), :, 1] = 0.0
    return panel(name, colour, grid, outward, 0.4, 4.0, "polypropylene", 950.0)
