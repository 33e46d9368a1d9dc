"""Round tube and bar, straight and bent."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Mesh
from .rings import ARC_STEP, Capsule, Point, across_of, carried, circle, cross, ring_mesh, unit, vector


@dataclass(frozen=True)
class Arc:
    """One bend: begins and ends at these points (3,), through `middle`, about `centre` and unit `axis`."""

    start: FloatArray
    middle: FloatArray
    end: FloatArray
    centre: FloatArray
    axis: FloatArray
    angle: float

    @property
    def radius(self) -> float:
        """mm, of the middle line."""
        return math.dist(self.start, self.centre)

    def steps(self, step: float) -> int:
        """Into how many parts of about `step` (rad) it is cut."""
        return max(2, math.ceil(self.angle / step))


@dataclass(frozen=True)
class Bent:
    """Round tube along `points` (n, 3), its corners bent.

    Attributes:
        radius: outer, of the section. wall: 0 of a bar.
        bend: radius of the bends' middle line, one for all or one a corner; smaller where it does not fit.
    """

    points: Sequence[Point]
    radius: float
    bend: float | Sequence[float] = 0.0
    wall: float = 0.0

    @cached_property
    def bends(self) -> list[Arc]:
        """The arcs, in order; none where the line runs straight on."""
        p = np.asarray(self.points, dtype=np.float64)
        legs = np.linalg.norm(np.diff(p, axis=0), axis=1)
        asked = np.broadcast_to(np.asarray(self.bend, dtype=np.float64), (max(len(p) - 2, 0),))
        found = []
        for k in range(1, len(p) - 1):
            before, after = (p[k] - p[k - 1]) / legs[k - 1], (p[k + 1] - p[k]) / legs[k]
            angle = math.acos(min(1.0, max(-1.0, float(before @ after))))
            if angle < 1e-4:
                continue
            room = min(legs[k - 1] * (0.49 if k > 1 else 0.95), legs[k] * (0.49 if k < len(p) - 2 else 0.95))
            reach = min(float(asked[k - 1]) * math.tan(0.5 * angle), room)
            r = reach / math.tan(0.5 * angle)
            inward = (after - before) / np.linalg.norm(after - before)
            centre = p[k] + inward * r / math.cos(0.5 * angle)
            axis = cross(before, after)
            ends = p[k] - reach * before, p[k] + reach * after
            found.append(
                Arc(ends[0], centre - r * inward, ends[1], centre, axis / np.linalg.norm(axis), angle)
            )
        return found

    def least_bend(self) -> float:
        """Smallest bend radius that came to be, mm; infinite without bends."""
        return min((a.radius for a in self.bends), default=math.inf)

    def stations(self, step: float = ARC_STEP) -> tuple[FloatArray, FloatArray]:
        """Points (m, 3) along the middle line, in bends `step` (rad) apart, and unit tangents (m, 3)
        there."""
        p = np.asarray(self.points, dtype=np.float64)
        points, ways = [p[0]], [unit(p[1] - p[0])]
        for a in self.bends:
            steps = a.steps(step)
            turn = (a.angle * np.arange(steps + 1) / steps)[:, None]
            cos, sin, arm = np.cos(turn), np.sin(turn), a.start - a.centre
            along = cross(a.axis, arm)
            points += list(a.centre + cos * arm + sin * along)
            ways += list(cos * unit(along) - sin * unit(arm))
        return np.array([*points, p[-1]]), np.array([*ways, unit(p[-1] - p[-2])])

    def mesh(self, full: bool = False) -> Mesh:
        """Closed triangles; without its hole if `full`."""
        points, ways = self.stations()
        first = across_of(ways[0])
        frames = [first]
        for before, way in itertools.pairwise(ways):
            frames.append(carried(frames[-1], before, way))
        u = np.array(frames)
        v = np.cross(ways, u)
        ring = circle()[None, :, 0:1] * u[:, None] + circle()[None, :, 1:2] * v[:, None]
        inner = points[:, None] + (self.radius - self.wall) * ring if self.wall and not full else None
        return ring_mesh(points[:, None] + self.radius * ring, inner)

    def solid(self, full: bool = False) -> Any:
        """The same exactly, a `cadquery.Solid`; without its hole if `full`."""
        import cadquery as cq
        from OCP.BRepOffsetAPI import BRepOffsetAPI_MakePipe

        p = np.asarray(self.points, dtype=np.float64)
        edges, at = [], p[0]
        for a in self.bends:
            edges.append(cq.Edge.makeLine(vector(at), vector(a.start)))
            edges.append(cq.Edge.makeThreePointArc(vector(a.start), vector(a.middle), vector(a.end)))
            at = a.end
        edges.append(cq.Edge.makeLine(vector(at), vector(p[-1])))
        start, way = vector(p[0]), vector(p[1] - p[0])
        holes = [cq.Wire.makeCircle(self.radius - self.wall, start, way)] if self.wall and not full else []
        face = cq.Face.makeFromWires(cq.Wire.makeCircle(self.radius, start, way), holes)
        path = cq.Wire.assembleEdges(edges)
        (found,) = cq.Shape.cast(BRepOffsetAPI_MakePipe(path.wrapped, face.wrapped).Shape()).Solids()
        return found

    def capsules(self) -> list[Capsule]:
        points, _ = self.stations(3.0 * ARC_STEP)
        return [(a, b, self.radius) for a, b in itertools.pairwise(points)]
