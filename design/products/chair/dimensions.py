"""The dimension lines of a chair's drawing: what a joiner and a seating standard ask for first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...family.dimensions import Angle, Dimension, Dimensioned, box_of_parts
from ...geometry.mesh import MeshPart
from . import declaration as d
from .layout import Layout

ABOVE_MM, OVER_STOOL_MM = 12.0, 4.0  # on the sheet, of the seat depth's line over the seat
GROUND, GAP, FINE = 20.0, 100.0, 0.08  # mm per mm of a drawing's pixel


def dimensioned(parts: Sequence[MeshPart], v: Mapping[str, float], mm_per_pixel: float) -> Dimensioned:
    """Overall lengths of the parts that are drawn, heights and angles of the seat and of the back."""
    box = box_of_parts(parts)
    (x0, y0, _), (x1, y1, z1) = box.tolist()
    front, rear, side = _seat(v)
    back = int(v["back_kind"]) != d.NO_BACK
    lines = (
        Dimension("seat_height", "z", (x0, y0, 0.0), (x0, y0, front[2]), away=11.0),
        Dimension("overall_height", "z", (x0, y0, 0.0), (x0, y0, z1), away=20.0),
        Dimension("seat_depth", "", front, rear, away=ABOVE_MM if back else OVER_STOOL_MM),
        Dimension("overall_depth", "x", (x0, y0, 0.0), (x1, y0, 0.0), away=14.0),
        Dimension("overall_width", "y", (x0, y1, 0.0), (x0, y0, 0.0), "front", away=14.0),
        Dimension("seat_width", "y", (front[0], -side, 0.0), (front[0], side, 0.0), "top", away=14.0),
    )
    return Dimensioned(box, lines, GROUND * mm_per_pixel, GAP * mm_per_pixel, FINE * mm_per_pixel, _angles(v))


def in_space(v: Mapping[str, float], around: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """Beside the body for a 3D view: the lines `around` it, and the seat's height, depth and width."""
    front, rear, side = _seat(v)
    out = -side - 60.0
    foot = (front[0], out, 0.0)
    overall = {"length": "overall_depth", "width": "overall_width", "height": "overall_height"}
    return (
        *(replace(line, name=overall[line.name]) for line in around),
        Dimension("seat_height", "z", foot, (front[0], out, front[2])),
        Dimension("seat_depth", "", (front[0], out, front[2]), (rear[0], out, rear[2])),
        Dimension("seat_width", "y", (front[0] - 40.0, -side, front[2]), (front[0] - 40.0, side, front[2])),
    )


def _seat(
    v: Mapping[str, float],
) -> tuple[tuple[float, float, float], tuple[float, float, float], float]:
    """Upper front and rear edge of the seat's middle, its hollow left out; half its width at the front."""
    a = Layout(v)
    x0, x1 = a.ends
    fall = v["seat_depth"] * a.slope[1]
    return (x0, 0.0, v["seat_height"]), (x1, 0.0, v["seat_height"] - fall), a.seat_widths[0]


def _angles(v: Mapping[str, float]) -> tuple[Angle, ...]:
    """The lean of the back from the vertical, at the foot of its face."""
    if int(v["back_kind"]) == d.NO_BACK:
        return ()
    lean = math.radians(v["back_angle"])
    _, rear, _ = _seat(v)
    tip = (rear[0], 0.0, v["seat_height"])
    return (Angle("back_angle", tip, (0.0, 0.0, 1.0), (math.sin(lean), 0.0, math.cos(lean)), 34.0),)
