"""Arm rests: a bar from the back forward and down to the seat."""

from __future__ import annotations

from collections.abc import Iterator

from . import declaration as d
from .backs import span
from .bent import Bent
from .layout import EMBED, Layout
from .named import FRAME, Named, both
from .rings import Point

ARM_SHARE = 0.85  # size of an arm, of the leg
FORWARD = 0.22  # where an arm comes down, of the seat's depth from its front


def arm_pieces(a: Layout) -> Iterator[Named]:
    """Both arm rests, or nothing."""
    if a.v["arms"]:
        yield from both("arm", Bent(arm_line(a), ARM_SHARE * a.r, a.bend, min(a.wall, 0.6 * a.r)), FRAME)


def to_back(a: Layout) -> bool:
    """Arms end at the back; stools and shells have loops that stand on the seat."""
    return a.kind not in (d.NO_BACK, d.SHELL)


def arm_line(a: Layout) -> list[Point]:
    """Middle line of the right arm: from the seat's edge up and to the back, or down again."""
    r = ARM_SHARE * a.r
    z = a.v["seat_height"] + a.v["arm_height"] - r
    (x0, x1), depth = a.ends, a.v["seat_depth"]
    lean = 0.12 * a.v["arm_height"]  # outward, as an elbow lies

    def foot(x: float) -> Point:
        return x, a.half_width(x) + r - EMBED, a.under(x) - 4.0

    front = foot(x0 + FORWARD * depth)
    over = (front[0] - 8.0, front[1] + lean, z)
    if to_back(a):
        x, y = a.post(z)[0], span(a, z)
        return [front, over, (x, y, z)]
    rear = foot(x1 - 0.2 * depth)
    return [front, over, (rear[0] + 8.0, rear[1] + lean, z), rear]
