"""The dimension lines of a frame's drawing: what a size chart and a builder's jig are set by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...arrays import FloatArray
from ...family.dimensions import Angle, Dimension, Dimensioned, box_of_parts
from ...family.frame import Vector
from ...geometry.mesh import MeshPart
from .definition import Definition, up
from .fit import front_axle


def dimensioned(parts: Sequence[MeshPart], d: Definition, mm_per_pixel: float) -> Dimensioned:
    """Lengths and angles as size charts give them; the hub's between the dropouts that are drawn."""
    box = box_of_parts(parts)
    points, drop = d.points, d.p["bottom_bracket_drop"]
    top, axle, bracket, seat = (_spot(points[k]) for k in ("head top", "axle", "bracket", "seat top"))
    wheel = (front_axle(d)[0], 0.0, drop)
    box[1, 0] = max(box[1, 0], wheel[0])  # the sheet has room for the front axle
    left, foot = float(box[0, 0]), float(box[0, 2])
    lines = [
        Dimension("bottom_bracket_drop", "z", (left, 0.0, 0.0), (left, 0.0, drop), away=9.0),
        Dimension("stack", "z", (left, 0.0, 0.0), (left, 0.0, top[2]), away=19.0),
        Dimension("chain_stay_length", "", axle, bracket, away=-9.0),
        Dimension("seat_tube_length", "", bracket, seat, away=11.0),
        Dimension("reach", "x", (0.0, 0.0, foot), (top[0], 0.0, foot), away=16.0),
        Dimension("wheelbase", "x", axle, wheel, away=27.0),
    ]
    by = {p.name: p.mesh.vertices[np.unique(p.mesh.faces)] for p in parts}
    right, near = by.get("right dropout"), by.get("left dropout")
    if right is not None and near is not None:  # between their inner faces
        z = float(right[:, 2].min())
        ends = (0.0, float(near[:, 1].min()), z), (0.0, float(right[:, 1].max()), z)
        lines.append(Dimension("dropout_spacing", "y", *ends, view="front", away=16.0, early=8.0))
    low = points["head bottom"]
    angles = (
        Angle("head_angle", _spot(low), (1.0, 0.0, 0.0), _spot(-up(d.p["head_angle"])), 14.0),
        Angle("seat_angle", bracket, (-1.0, 0.0, 0.0), _spot(up(d.p["seat_angle"])), 24.0),
    )
    return Dimensioned(
        box, tuple(lines), None, 100.0 * mm_per_pixel, 0.08 * mm_per_pixel, angles, (axle, wheel), "rear"
    )


def in_space(d: Definition) -> tuple[Dimension, ...]:
    """The same beside the body for a 3D view."""
    top = d.points["head top"]
    side = -0.5 * d.p["shell_width"] - 60.0
    low = -60.0
    x, z = float(top[0]), float(top[2])
    return (
        Dimension("stack", "z", (x + 60.0, side, 0.0), (x + 60.0, side, z)),
        Dimension("reach", "x", (0.0, side, z + 40.0), (x, side, z + 40.0)),
        Dimension("length", "x", (float(d.points["axle"][0]), side, low), (x, side, low)),
    )


def _spot(point: FloatArray) -> Vector:
    x, y, z = point.tolist()
    return x, y, z
