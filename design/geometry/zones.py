"""Boxes in the product's own frame that its body must leave free (keep out) or hold inside (preserve).

How well a body honours a box is one signed length, mm: positive, the gap between the body's surface and the
box; negative, the edge of a cube as large as what lies on the wrong side. The body is the closed hull. A box
goes by a name that holds it, so that it may stand wherever a quantity's name does:
``keep_out 900,-300,250 to 1200,300,500``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray
from .manifolds import to_manifold
from .mesh import Mesh

KEEP_OUT, PRESERVE = "keep_out", "preserve"
KINDS = (KEEP_OUT, PRESERVE)
FAR_MM = 500.0  # gaps are told up to here
TOUCH_MM3 = 1.0  # overlaps below this are a touch
_NUMBER = r"-?\d+(?:\.\d+)?"
_CORNER = rf"({_NUMBER}),({_NUMBER}),({_NUMBER})"
_NAME = re.compile(rf"({KEEP_OUT}|{PRESERVE}) {_CORNER} to {_CORNER}")


@dataclass(frozen=True)
class Zone:
    """A box, mm, and what it asks; `low` and `high` are opposite corners (x, y, z)."""

    kind: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]

    @property
    def name(self) -> str:
        """The name that :func:`zone_of` reads."""
        ends = (",".join(f"{round(v, 1):g}" for v in corner) for corner in (self.low, self.high))
        return f"{self.kind} {' to '.join(ends)}"

    @property
    def volume(self) -> float:
        """Of the box, mm3."""
        return float(np.prod(np.subtract(self.high, self.low)))


def zone_of(name: str) -> Zone | None:
    """The zone that a name holds; None where it is another quantity's.

    >>> zone_of("preserve 0,0,100 to 50,60.5,200").volume
    302500.0
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    numbers = [float(v) for v in found.groups()[1:]]
    return Zone(found[1], (numbers[0], numbers[1], numbers[2]), (numbers[3], numbers[4], numbers[5]))


def gap_on_mesh(zone: Zone, hull: Mesh) -> float:
    """How well a closed mesh honours a box, mm."""
    from manifold3d import Manifold

    body = to_manifold(hull)
    box = Manifold.cube(list(np.subtract(zone.high, zone.low))).translate(list(zone.low))
    inside = float((body ^ box).volume())
    wrong = inside if zone.kind == KEEP_OUT else zone.volume - inside
    if wrong > TOUCH_MM3:
        return -float(np.cbrt(wrong))
    if zone.kind == KEEP_OUT:
        return float(body.min_gap(box, FAR_MM))
    low, high = _around(np.array(hull.bounds), zone)
    return float((Manifold.cube(list(high - low)).translate(list(low)) - body).min_gap(box, FAR_MM))


def gap_on_solid(zone: Zone, hull: Any) -> float:
    """The same of an exact solid (a `cadquery.Shape`)."""
    from cadquery import Solid, Vector

    size = np.subtract(zone.high, zone.low)
    box = Solid.makeBox(*(float(v) for v in size), pnt=Vector(*zone.low))
    inside = float(hull.intersect(box).Volume())
    wrong = inside if zone.kind == KEEP_OUT else zone.volume - inside
    if wrong > TOUCH_MM3:
        return -float(np.cbrt(wrong))
    return min(FAR_MM, *(float(shell.distance(box)) for shell in hull.Shells()))


def _around(bounds: FloatArray, zone: Zone) -> tuple[FloatArray, FloatArray]:
    """A box well around the body and the zone."""
    low = np.minimum(bounds[0], zone.low) - FAR_MM
    high = np.maximum(bounds[1], zone.high) + FAR_MM
    return low, high
