"""A car's lengths as a reviewer takes them: from the boxes of all its parts, none left out but as said."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...arrays import FloatArray
from ...family.contract import box_of

#: mm by which a part may stand out of a tyre's outline, seen from the side, and still belong to that wheel
WHEEL_MM = 1.0


def box_measures(boxes: Mapping[str, FloatArray]) -> dict[str, float]:
    """Lengths by the names of the parameters and measures that state them, mm.

    Everything counts, with two exceptions that the declaration makes: the width (SAE J1100 W103) leaves the
    mirrors out, and the ground clearance (H156) the wheels, which are the tyres and what lies within their
    outline. Axles stand at the middle of the tyres.
    """
    low, high = box_of(boxes)
    tyres = {name: box for name, box in boxes.items() if name.startswith("tyre ")}
    fixed = {name: box for name, box in boxes.items() if not any(_within(box, t) for t in tyres.values())}
    left, right = box_of({name: box for name, box in boxes.items() if not name.startswith("mirror")})
    found = {
        "overall_length": high[0] - low[0],
        "overall_width": right[1] - left[1],
        "width_with_mirrors": high[1] - low[1],
        "overall_height": high[2],
        "ground_clearance": box_of(fixed)[0][2],
    }
    if tyres:
        middle = {name.removeprefix("tyre "): 0.5 * (box[0] + box[1]) for name, box in tyres.items()}
        front, rear = (
            np.mean([m[0] for n, m in middle.items() if n.startswith(e)]) for e in ("front", "rear")
        )
        found |= {
            "wheelbase": rear - front,
            "front_overhang": front - low[0],
            "rear_overhang": high[0] - rear,
            "track": middle["front right"][1] - middle["front left"][1],
            "track_rear": middle["rear right"][1] - middle["rear left"][1],
        }
    return {name: float(value) for name, value in found.items()}


def _within(box: FloatArray, tyre: FloatArray) -> bool:
    """A part lies within a tyre's outline seen from the side, and beside it."""
    seen = [0, 2]
    inside = (box[0, seen] >= tyre[0, seen] - WHEEL_MM).all() and (
        box[1, seen] <= tyre[1, seen] + WHEEL_MM
    ).all()
    width = tyre[1, 1] - tyre[0, 1]
    return bool(inside and abs(box[:, 1].mean() - tyre[:, 1].mean()) < width)
