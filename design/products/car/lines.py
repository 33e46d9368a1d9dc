"""The car's lengthwise curves: over hood, roof and tail, along the underside, and where top and side meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import FloatArray
from .curves import Rounded, evenly
from .envelope import ROOM_BELOW

if TYPE_CHECKING:
    from .definition import Definition

#: where the search for the top's edge stops: a rounding error of a car's coordinates, mm
SETTLED_MM = 1e-11
#: from where one more step settles it: a step's error is a thousandth of the product of the two before it
NEARLY_MM = 1e-7
#: stations along a car between which panels read its top edge, to some hundredths of a millimetre; and those
#: over which the skin's are spread
EDGE_STATIONS, INNER_STATIONS = 900, 500


def roof_line(d: Definition) -> Rounded:
    """Centreline from hood over roof to tail before it is raised to the overall height."""
    p, length = d.p, d.length
    z_nose = p["ground_clearance"] + p["nose_height"] * (d.z_cowl - p["ground_clearance"])
    x_bow = 0.42 * d.x_cowl
    z_bow = z_nose + 0.42 * (d.z_cowl - z_nose) + p["hood_crown"]
    lip = p["spoiler"]
    roof_lip, x_lip = d.roof_lip, d.x_lip
    deck_lip = lip * (1.0 - d.hatch_share)
    t = (x_lip - d.x_roof_peak) / (d.x_roof_end - d.x_roof_peak)
    z_lip = p["overall_height"] - p["roof_end_drop"] * t * t
    deck_share = 0.45
    x_ledge = d.x_deck + deck_share * p["deck_length"]
    z_ledge = d.z_deck - deck_share * p["tail_drop"]
    crest = min(d.x_roof_peak - d.x_header, 1.2 * (x_lip - d.x_roof_peak))
    back = d.x_deck - d.x_roof_end
    end_radius = (1.0 - 0.75 * d.hatch_share * min(1.0, lip / 30.0)) * min(260.0, 0.45 * back + 45.0)
    corners = [
        (0.0, z_nose, 1.0),
        (x_bow, z_bow, 0.40 * d.x_cowl),
        (d.x_cowl, d.z_cowl, 95.0),
        (
            d.x_header,
            p["overall_height"] - d.header_drop,
            min(330.0, 0.48 * (d.x_header - d.x_cowl)),
        ),
        (d.x_roof_peak, p["overall_height"], max(120.0, 0.9 * crest)),
        (x_lip, z_lip, max(60.0, 0.8 * (d.x_roof_end - x_lip))),
        (d.x_roof_end, d.z_roof_end + roof_lip, max(28.0, end_radius)),
        (d.x_deck, d.z_deck, min(130.0, 0.45 * back, 30.0 + 0.8 * p["deck_length"])),
        (x_ledge, z_ledge, max(6.0, 0.4 * p["deck_length"])),
        (length, d.z_tail + deck_lip * min(1.0, p["deck_length"] / 120.0), 1.0),
    ]
    xs, zs, radii = (np.array(c, dtype=np.float64) for c in zip(*corners, strict=True))
    return Rounded(xs, zs, radii)


def floor_line(d: Definition) -> Rounded:
    """Underside on the centreline: chin, flat floor at the ground clearance, diffuser."""
    p = d.p
    z0 = p["ground_clearance"] + ROOM_BELOW
    x_chin = max(0.3 * p["front_overhang"], p["front_overhang"] - d.flare_radius)
    x_diffuser = d.length - p["diffuser_length"]
    rise = p["diffuser_length"] * float(np.tan(np.radians(p["diffuser_angle"])))
    corners = [
        (0.0, z0 + p["chin_rise"], 1.0),
        (x_chin, z0, 0.6 * x_chin),
        (x_diffuser, z0, 120.0),
        (d.length, z0 + rise, 1.0),
    ]
    xs, zs, radii = (np.array(c, dtype=np.float64) for c in zip(*corners, strict=True))
    return Rounded(xs, zs, radii)


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


def edges(d: Definition) -> tuple[Edge, Edge]:
    """The top's edge at :data:`EDGE_STATIONS` from nose to tail, and at :data:`INNER_STATIONS` between the
    rounded ends; solved once for all that reads it, and both together."""

    def solve() -> tuple[Edge, Edge]:
        whole = evenly(0.0, d.length, EDGE_STATIONS)
        inner = evenly(d.nose_insets[0], d.length - d.tail_insets[0], INNER_STATIONS)
        y, z = top_edge(d, np.concatenate([whole, inner]))
        k = EDGE_STATIONS
        return Edge(whole, y[:k], z[:k]), Edge(inner, y[k:], z[k:])

    return d.once("edges", solve)


def top_edge(d: Definition, x: FloatArray, near: Edge | None = None) -> tuple[FloatArray, FloatArray]:
    """Where top surface and side would meet without rounding: (y, z), each of x's shape (n,), mm.

    Secant steps on y = half_width(x, top(x, y)); both surfaces fall or lean gently, so few are needed, and
    fewer from what is `near`.
    """
    x = np.asarray(x, dtype=np.float64)
    along, profile, crown = d.along(x), d.profile(x), d.crown(x)
    at_belt = d.wheels_at_belt(x, along)

    def height(y: FloatArray) -> FloatArray:
        return d.crowned(profile, crown, y)

    before = np.full_like(x, 0.4 * d.p["overall_width"]) if near is None else np.interp(x, near.x, near.y)
    miss_before = d.width_at(x, height(before), along, at_belt) - before
    y = before + miss_before
    for _ in range(6):
        miss = d.width_at(x, height(y), along, at_belt) - y
        worst = float(np.abs(miss).max())
        if worst < SETTLED_MM:
            break
        slope = np.where(
            np.abs(y - before) > 1e-9, (miss - miss_before) / np.where(y == before, 1.0, y - before), -1.0
        )
        slope = np.minimum(np.maximum(slope, -3.0), -0.35)
        before, miss_before = y, miss
        y = y - miss / slope
        if worst < NEARLY_MM:
            break
    return y, height(y)
