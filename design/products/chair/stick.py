"""Straight bars with parallel sections: legs whose level sections stand flat on the ground, boards on edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Mesh
from .rings import SQUARE, Capsule, Point, circle, ring_mesh, vector


@dataclass(frozen=True)
class Stick:
    """Straight from section to section; the sections lie parallel to `axes` whichever way the stick leans.

    Attributes:
        points: middles of the sections. halves: half widths of each along the two axes.
        round: ellipses, else rectangles. wall: 0 where it is solid.
    """

    points: Sequence[Point]
    halves: Sequence[tuple[float, float]]
    round: bool = True
    wall: float = 0.0
    axes: tuple[Point, Point] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))

    def mesh(self, full: bool = False) -> Mesh:
        """Closed triangles; without its hole if `full`."""
        inner = self._rings(self.wall) if self.wall and not full else None
        return ring_mesh(self._rings(0.0), inner)

    def _rings(self, less: float) -> FloatArray:
        flat = circle() if self.round else SQUARE
        sizes = np.asarray(self.halves) - less
        return np.asarray(
            np.asarray(self.points)[:, None] + (flat[None] * sizes[:, None]) @ np.asarray(self.axes)
        )

    def solid(self, full: bool = False) -> Any:
        """The same exactly, a `cadquery.Solid`; without its hole if `full`."""
        body = self._loft(0.0)
        if not self.wall or full:
            return body
        (found,) = body.cut(self._loft(self.wall)).Solids()
        return found

    def _loft(self, less: float) -> Any:
        import cadquery as cq

        a, b = np.asarray(self.axes)
        wires = []
        for p, (h, k) in zip(self.points, self.halves, strict=True):
            if self.round:
                plane = cq.Plane(vector(p), vector(a), vector(np.cross(a, b)))
                wires.append(cq.Workplane(plane).circle(h - less).wires().val())
            else:
                corners = np.asarray(p) + (SQUARE * [h - less, k - less]) @ np.asarray(self.axes)
                wires.append(cq.Wire.makePolygon([vector(c) for c in corners], close=True))
        return cq.Solid.makeLoft(wires, True)

    def capsules(self) -> list[Capsule]:
        p = np.asarray(self.points)
        r = [min(h) * (1.0 if self.round else 1.12) for h in self.halves]
        return [(p[k], p[k + 1], max(r[k], r[k + 1])) for k in range(len(p) - 1)]
