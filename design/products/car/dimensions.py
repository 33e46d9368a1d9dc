"""The car's dimension lines: measured on its parts for drawings, from its parameters in space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...family.dimensions import Dimension, Dimensioned, box_of_parts
from ...geometry.mesh import MeshPart

SAME_AXLE_MM = 100.0
BESIDE_MM = 120.0  # of the overall length's line in space
MARGIN_MM, GAP_MM, FINE_MM = 150.0, 800.0, 0.6
_WHEELS = ("tyre", "rim", "liner", "disc")


@dataclass(frozen=True)
class Facts:
    """Where the dimension lines go, mm: box of the body without mirrors, and the wheels found.

    Attributes:
        low, high: (3,) box corners. axles: (front x, rear x) or None. track: (left y, right y) or None.
        wheel_height: of the axles. clearance: of all but the wheels.
    """

    low: FloatArray
    high: FloatArray
    axles: tuple[float, float] | None
    track: tuple[float, float] | None
    wheel_height: float
    clearance: float


def facts(parts: Sequence[MeshPart]) -> Facts:
    """Dimensions of the drawn parts: the box is that of all but the mirrors, the clearance of all but the
    wheels; tyres give axles and track."""
    shown = [p for p in parts if len(p.mesh.faces)]
    low, high = box_of_parts([p for p in shown if "mirror" not in p.name] or shown)
    tyres = [box_of_parts([p]) for p in shown if "tyre" in p.name]
    rest = [p for p in shown if not any(w in p.name for w in _WHEELS)]
    clearance = float(box_of_parts(rest)[0, 2]) if rest else float(low[2])
    if len(tyres) < 4:
        return Facts(low, high, None, None, 0.0, clearance)
    centres = np.array([0.5 * (box[0] + box[1]) for box in tyres])
    front = float(centres[:, 0].min())
    first = np.abs(centres[:, 0] - front) < SAME_AXLE_MM
    track = (float(centres[first, 1].min()), float(centres[first, 1].max()))
    return Facts(low, high, (front, float(centres[:, 0].max())), track, float(centres[0, 2]), clearance)


def dimensioned(parts: Sequence[MeshPart]) -> Dimensioned:
    """Length with wheelbase and overhangs, height, clearance, width and track."""
    known = facts(parts)
    (x0, y0, _), (x1, y1, z1) = known.low.tolist(), known.high.tolist()
    lines = [Dimension("overall_length", "x", (x0, y0, 0.0), (x1, y0, 0.0))]
    middle = 0.5 * (x0 + x1)
    if known.axles is not None:
        front, rear = known.axles
        middle, hub = 0.5 * (front + rear), known.wheel_height
        lines += [
            Dimension("wheelbase", "x", (front, y0, hub), (rear, y0, hub), away=12.0),
            Dimension("front_overhang", "x", (x0, y0, 0.0), (front, y0, 0.0), away=12.0),
            Dimension("rear_overhang", "x", (rear, y0, 0.0), (x1, y0, 0.0), away=12.0),
        ]
    floor = known.clearance
    lines += [
        Dimension("overall_height", "z", (x0, y0, 0.0), (x0, y0, z1), away=14.0),
        Dimension("ground_clearance", "z", (middle, y0, 0.0), (middle, y0, floor), away=0.0),
        Dimension("overall_width", "y", (x0, y1, 0.0), (x0, y0, 0.0), "front", early=8.0),
    ]
    if known.track is not None:
        left, right = known.track
        lines.append(Dimension("track", "y", (x0, right, 0.0), (x0, left, 0.0), "front", away=12.0))
    lines.append(Dimension("overall_width", "y", (x0, y0, z1), (x0, y1, z1), "top", away=14.0))
    return Dimensioned(np.stack([known.low, known.high]), tuple(lines), MARGIN_MM, GAP_MM, FINE_MM)


def wheelbase_in_space(values: Mapping[str, float], side: float) -> Dimension:
    """The wheelbase as a line in space before a side of the car at y = `side`, mm."""
    front, base = values["front_overhang"], values["wheelbase"]
    y = side - BESIDE_MM + 80.0
    return Dimension("wheelbase", "x", (front, y, 330.0), (front + base, y, 330.0))
