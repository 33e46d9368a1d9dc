"""The rolled edges of the wheel arches: a narrow painted lip around each, on every car without cladding."""

from __future__ import annotations

import numpy as np

from ...geometry.mesh import Colour
from .definition import Definition
from .panels import Panel, panel

#: width of the lip along the skin, and its height above the skin, mm (our assumption: a hemmed flange)
LIP_MM = 11.0
LIFT_MM, THICK_MM = 0.4, 4.0
STEEL = ("steel sheet", 7850.0)


def arch_lips(d: Definition, paint: Colour) -> list[Panel]:
    """Lips of the right wheel arches, front and rear, in the body's paint."""
    found = []
    for axle, x_axle in (("front", d.x_front_axle), ("rear", d.x_rear_axle)):
        foot = d.p["ground_clearance"] + 1.5 * d.p["sill_radius"] + 20.0 - d.z_axle
        end = float(np.arcsin(np.clip(foot / (d.arch_radius + 0.5 * LIP_MM), -0.95, 0.95)))
        angle = np.linspace(end, np.pi - end, 40)[:, None]
        r = d.arch_radius + np.linspace(0.6, 0.6 + LIP_MM, 3)[None, :]
        x, z = x_axle + r * np.cos(angle), d.z_axle + r * np.sin(angle)
        grid = d.place(x, d.half_width(x, z), z)
        name = f"arch lip {axle} right"
        found.append(panel(name, paint, grid, (0.0, 1.0, 0.0), LIFT_MM, THICK_MM, *STEEL))
    return found
