"""Straight bars with parallel sections: legs whose level sections stand flat on the ground, boards on
edge."""

from __future__ import annotations

import itertools
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
        if not self.round:
            return self._blocks(less)
        wires = []
        for p, (h, _) in zip(self.points, self.halves, strict=True):
            plane = cq.Plane(vector(p), vector(a), vector(np.cross(a, b)))
            wires.append(cq.Workplane(plane).circle(h - less).wires().val())
        return cq.Solid.makeLoft(wires, True)

    def _blocks(self, less: float) -> Any:
        """Of plane faces: corners of neighbouring sections lie in one plane, side by side."""
        import cadquery as cq

        sizes = np.asarray(self.halves) - less
        rings = np.asarray(self.points)[:, None] + (SQUARE[None] * sizes[:, None]) @ np.asarray(self.axes)
        faces = [rings[0], rings[-1]]
        for low, high in itertools.pairwise(rings):
            faces += [np.array([low[k], low[k - 1], high[k - 1], high[k]]) for k in range(4)]
        made = [
            cq.Face.makeFromWires(cq.Wire.makePolygon([vector(c) for c in face], close=True))
            for face in faces
        ]
        return cq.Solid.makeSolid(cq.Shell.makeShell(made))

    def capsules(self) -> list[Capsule]:
        p = np.asarray(self.points)
        r = [min(h) * (1.0 if self.round else 1.12) for h in self.halves]
        return [(p[k], p[k + 1], max(r[k], r[k + 1])) for k in range(len(p) - 1)]
