"""Does it stand? Tipping with a sitter, as statics of a rigid chair: exact.

After EN 1022:2018 and ISO 7174-1:1988: 600 N on the seat 60 mm inside the edge with 20 N outward at the
seat's height (forwards, sideways), and rearwards 600 N on the seat 175 mm before the back with a force on
the back 300 mm above the seat of 0.2857 (1000 - h) N, h the seat height in mm; on a lower back the force acts
at its top with the same moment about the floor. A stool is tried rearwards as forwards.

Seen in print: forwards and sideways 600 N, 60 mm, 20 N for 5 s, feet stopped (a guide to EN 1022,
en.tentangkayu.com/2022/06/chair-stability-tests-based-on-en-1022.html); rearwards 600 N 175 mm before the
line of seat and back, the push 300 mm above it, elsewhere with the same moment (EN 1022:2018, 6.2,
freestandardsdownload.com/bs-en-1022-2018-pdf-download.html; ISO 7174-1, 7.1.2, mealir.com). From memory: the
size of the rearward push. EN 1022:2023 has superseded 2018 (scribd.com/document/699676809). Left out: chairs
with arms are tried sideways with 250 N, 100 mm beside the middle of the seat, and a load on the arm (the
guide); here they are held to the sterner test of chairs without.
"""

from __future__ import annotations

from . import declaration as d
from .layout import Layout

GRAVITY = 9.81
SEAT_N, PUSH_N, EDGE_MM, BACK_MM, PUSH_ABOVE_MM = 600.0, 20.0, 60.0, 175.0, 300.0


def rear_force(seat_height: float) -> float:
    """Force on the back, N."""
    return max(0.0, 0.2857 * (1000.0 - seat_height))


def stability(a: Layout, mass: float, middle_x: float) -> dict[str, float]:
    """Moment that holds over moment that tips, of each way; 1 is the edge.

    Args:
        mass: kg. middle_x: x of the centre of mass, mm.
    """
    front, rear = a.feet
    weight, height = mass * GRAVITY, a.v["seat_height"]
    x0, x1 = a.ends
    forwards = (SEAT_N * (x0 + EDGE_MM - front[0]) + weight * (middle_x - front[0])) / (PUSH_N * height)
    edge = max(a.half_width(x) for x in (x0 + 0.4 * (x1 - x0), 0.5 * (x0 + x1)))
    foot = min(front[1], rear[1])
    sideways = (SEAT_N * (foot - edge + EDGE_MM) + weight * foot) / (PUSH_N * height)
    held = weight * (rear[0] - middle_x)
    if a.kind == d.NO_BACK:
        rearwards = (SEAT_N * (rear[0] - x1 + EDGE_MM) + held) / (PUSH_N * height)
    else:
        back = a.back_foot[0] if a.kind != d.SHELL else x1
        on_seat = SEAT_N * (rear[0] - (min(back, x1) - BACK_MM))
        rearwards = (on_seat + held) / (rear_force(height) * (height + PUSH_ABOVE_MM))
    return {"forwards": forwards, "sideways": sideways, "rearwards": rearwards}
