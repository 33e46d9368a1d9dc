"""Arm rests: a bar from the back forward and down to the seat."""

from __future__ import annotations

from collections.abc import Iterator

from . import declaration as d
from .backs import back_line
from .bent import Bent
from .layout import EMBED, Layout
from .named import FRAME, Named, both
from .rings import Point

ARM_SHARE = 0.85  # size of an arm, of the leg
FORWARD = 0.22  # where an arm comes down, of the seat's depth from its front


def arm_pieces(a: Layout) -> Iterator[Named]:
    """Both arm rests, or nothing."""
    if a.v["arms"] and a.kind != d.NO_BACK:
        yield from both("arm", Bent(arm_line(a), ARM_SHARE * a.r, a.bend, min(a.wall, 0.6 * a.r)), FRAME)


def arm_line(a: Layout) -> list[Point]:
    """Middle line of the right arm: from the seat's edge up and to the back."""
    r = ARM_SHARE * a.r
    z = a.v["seat_height"] + a.v["arm_height"] - r
    x = a.ends[0] + FORWARD * a.v["seat_depth"]
    y = a.half_width(x) + r - EMBED
    lean = 0.06 * a.v["arm_height"]  # outward, as an elbow lies
    rear = back_line(a, z)
    inward = 1.0 - (r - EMBED) / max(rear[1], 1.0) if a.kind == d.SHELL else 1.0
    back = (rear[0], rear[1] / max(inward, 0.5) if a.kind == d.SHELL else rear[1], z)
    return [(x, y, a.under(x) - 4.0), (x - 8.0, y + lean, z), back]
