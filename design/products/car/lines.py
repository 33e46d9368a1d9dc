"""The car's lengthwise curves on the centreline: over hood, roof and tail, and along the underside."""

from __future__ import annotations

import numpy as np

from .curves import Rounded
from .room import ROOM_BELOW
from .stations import Stations


def roof_line(d: Stations) -> Rounded:
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


def floor_line(d: Stations) -> Rounded:
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
