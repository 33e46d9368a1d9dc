"""The few places beside which the body's width places a part: mirrors, the arches' liners, the floor.

A lookup of one place costs as much as one of hundreds, so all of a design's are looked up in one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...arrays import FloatArray
from .body_surfaces import BodySurfaces
from .curves import evenly

ARCH_POINTS = 45  # along an arch's liner
SHIELD_STATIONS = 60  # of the shield under the floor
FOOT_MM = 6.0  # by which a liner ends above the floor
MIRROR_MM = 40.0  # above the belt, where a mirror's place is taken


class Spots(NamedTuple):
    """Half-widths of the body, mm.

    Attributes:
        mirror: beside the mirror, MIRROR_MM above the belt.
        arches: (2, 5, ARCH_POINTS) of either axle's liner: outwards along x and z, x and z on the arch there,
            and half-width of the skin that is surely beside it, the rounding of its sill included.
        shield: (3, SHIELD_STATIONS) x, z and half-width of the floor.
    """

    mirror: float
    arches: FloatArray
    shield: FloatArray


def mirror_x(d: BodySurfaces) -> float:
    """Where along the car the mirrors stand, mm."""
    return d.x_cowl + 0.42 * (d.x_header - d.x_cowl)


def liner_feet(d: BodySurfaces) -> list[float]:
    """Heights at which the liners around the axles end, just above the floor, mm."""
    r = d.arch_radius
    beside = d.bottom(np.array([[x - 0.9 * r, x, x + 0.9 * r] for x in (d.x_front_axle, d.x_rear_axle)]))
    lowest, highest = d.z_axle - 0.94 * r, d.z_axle + 0.2 * r
    return [min(max(low + FOOT_MM, lowest), highest) for low in beside.max(axis=1).tolist()]


def spots(d: BodySurfaces) -> Spots:
    """All of them, looked up once for each definition."""

    def find() -> Spots:
        arches = np.empty((2, 5, ARCH_POINTS))
        for around, foot in zip(arches, liner_feet(d), strict=True):
            end = math.asin((foot - d.z_axle) / d.arch_radius)
            a = np.linspace(end, math.pi - end, ARCH_POINTS)
            around[0], around[1] = np.cos(a), np.sin(a)
        arches[:, 2:4] = d.arch_radius * arches[:, :2]
        arches[:, 2] += np.array([[d.x_front_axle], [d.x_rear_axle]])
        arches[:, 3] += d.z_axle
        x, z = arches[:, 2].ravel(), arches[:, 3].ravel()
        shield = np.empty((3, SHIELD_STATIONS))
        shield[0] = evenly(0.30 * d.p["front_overhang"], d.length - d.tail_insets[0] - 30.0, SHIELD_STATIONS)
        low = d.bottom(np.concatenate([x, shield[0]]))
        shield[1] = low[x.size :]
        at = mirror_x(d)
        under_top = np.minimum(z, d.top(x, 0.4 * d.p["overall_width"]) - 60.0)
        wide = d.half_width(
            np.concatenate([x, shield[0], [at]]),
            np.concatenate([under_top, shield[1], [float(d.belt(at)) + MIRROR_MM]]),
        )
        shield[2] = wide[x.size : -1]
        reach = 1.25 * d.p["sill_radius"]
        t = np.minimum(np.maximum((low[: x.size] + reach - z) / reach, 0.0), 1.0)
        arches[:, 4] = (wide[: x.size] - 1.2 * reach * (1.0 - np.sqrt(1.0 - t * t))).reshape(2, -1)
        return Spots(float(wide[-1]), arches, shield)

    return d.once("spots", find)
