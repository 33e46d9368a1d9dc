"""What the frame's geometry means for wheels, fork and rider: pure functions of the definition.

Assumptions, the same for every frame: rims of 622 mm; the widest tyre that fits is mounted, about as high as
it is wide (ISO 5775-1); stays are dented or bowed beside it; a fork of 45 mm offset holds the front axle
level with the rear one; cranks of 170 mm.
"""

from __future__ import annotations

import math

import numpy as np

from .definition import Definition, up

RIM_MM = 311.0  # radius of the bead seat of a 622 mm rim (ISO 5775-2)
TYRE_GAP_MM = 6.0  # between a tyre and what is beside it (ISO 4210-2:2015, 4.10.2)
WIDEST_TYRE_MM = 65.0
DENT = 0.25  # share of their diameter by which builders dent or bow stays beside the tyre
FORK_OFFSET_MM = 45.0
LOWER_BEARING_MM = 8.0  # between the fork's crown and the head tube
CRANK_MM = 170.0
#: of size charts of drop-bar frames, sizes 50 to 60: effective top tube and stack over the rider's height
TOP_TUBE_SHARE, STACK_SHARE = 0.313, 0.318
INSEAM_SHARE = 0.47  # of the height (ISO 7250-1 crotch height, both sexes)
SADDLE_SHARE = 0.883  # of the inseam, bottom bracket to saddle (G. LeMond, Complete Book of Bicycling, 1987)
CLAMP_MM = 50.0  # saddle's top over its rails and the post's head


def widest_tyre(d: Definition) -> float:
    """mm: its section is a circle on the rim, `TYRE_GAP_MM` from (dented) stays, seat tube and bridges."""
    widths = [WIDEST_TYRE_MM]
    axle = d.points["axle"]
    for name, tube in d.tubes.items():
        if "stay" not in name and name != "seat tube":
            continue
        line = tube.a + np.linspace(0.0, 1.0, 81)[:, None] * (tube.b - tube.a)
        away = np.hypot(line[:, 0] - axle[0], line[:, 2] - axle[2]) - RIM_MM
        dent = 2.0 * DENT * tube.radius if name.endswith("stay") else 0.0
        gap = tube.radius - dent + TYRE_GAP_MM
        near = away + gap > 1.0
        half = (away**2 + line[:, 1] ** 2 - gap**2)[near] / (2.0 * (away + gap)[near])
        widths.append(2.0 * float(half.min(initial=WIDEST_TYRE_MM)))
    return min(widths)


def wheel_radius(d: Definition) -> float:
    """mm, with the widest tyre."""
    return RIM_MM + max(widest_tyre(d), 0.0)


def front_axle(d: Definition) -> tuple[float, float]:
    """x of the front axle, mm, and the fork's length along the steering axis, crown to axle."""
    head = up(d.p["head_angle"])
    bottom, drop = d.points["head bottom"], d.p["bottom_bracket_drop"]
    cosine, sine = -float(head[0]), float(head[2])
    along = (float(bottom[2]) + FORK_OFFSET_MM * cosine - drop) / sine
    return float(bottom[0]) + along * cosine + FORK_OFFSET_MM * sine, along - LOWER_BEARING_MM


def effective_top_tube(d: Definition) -> float:
    """mm, level from the head tube's upper end back to the seat post's axis."""
    return d.p["reach"] + d.p["stack"] / math.tan(math.radians(d.p["seat_angle"]))


def rider_height(d: Definition) -> float:
    """mm: of the rider whom size charts give a frame of this top tube and stack."""
    return 0.5 * (effective_top_tube(d) / TOP_TUBE_SHARE + d.p["stack"] / STACK_SHARE)


def saddle_height(d: Definition) -> float:
    """mm along the seat tube, bottom bracket to saddle, for that rider."""
    return SADDLE_SHARE * INSEAM_SHARE * rider_height(d)


def post_shown(d: Definition) -> float:
    """mm of seat post between the seat tube and the saddle's rails, for that rider."""
    return saddle_height(d) - CLAMP_MM - d.p["seat_tube_length"]


def standover(d: Definition) -> float:
    """mm, ground to the upper side of the top tube's middle."""
    tube = d.tubes["top tube"]
    upright = tube.radius / max(abs(float(tube.axes[0][0])), 0.3)
    height = 0.5 * float(tube.a[2] + tube.b[2]) + upright
    return height + wheel_radius(d) - d.p["bottom_bracket_drop"]


def fit(d: Definition) -> dict[str, float]:
    """All of them, by measure."""
    radius, drop = wheel_radius(d), d.p["bottom_bracket_drop"]
    front, fork = front_axle(d)
    steering = math.radians(d.p["head_angle"])
    centre = math.hypot(front, drop)
    return {
        "effective_top_tube": effective_top_tube(d),
        "standover": standover(d),
        "rider_height": rider_height(d),
        "saddle_height": saddle_height(d),
        "tyre_clearance": widest_tyre(d),
        "wheelbase": front - float(d.points["axle"][0]),
        "front_centre": centre,
        "fork_length": fork,
        "trail": (radius * math.cos(steering) - FORK_OFFSET_MM) / math.sin(steering),
        "toe_clearance": centre - radius - CRANK_MM,
        "bottom_bracket_height": radius - drop,
    }
