"""Plates bent about one axis, as plywood is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Mesh
from .outline import Outline, outline_rows, outline_wire
from .rings import Capsule, Point, ring_mesh, vector


@dataclass(frozen=True)
class Sheet:
    """A plate bent about one axis.

    Its upper face runs along `across` (b) on an arc through the ends of the outline, hollow by `sag` (mm,
    positive: away from `normal`), and is straight along `along` (a). The outline holds in the (a, b) plane.

    Attributes:
        origin: a = b = 0. outline: corners (a, b) and the radius of each; convex, with a level first and
            last edge in b.
    """

    origin: Point
    along: Point
    across: Point
    outline: Outline
    thickness: float
    sag: float = 0.0

    @cached_property
    def normal(self) -> FloatArray:
        return np.asarray(np.cross(self.along, self.across))

    def mesh(self, full: bool = False) -> Mesh:
        """Closed triangles; a plate has no hole to fill."""
        b, low, high = self.rows
        top, bottom = self.face(b, 0.0), self.face(b, self.thickness)
        flat = np.stack([np.stack([low, high, high, low], axis=1), np.tile(b[:, None], 4)], axis=2)
        lift = np.stack([top, top, bottom, bottom], axis=1)
        return ring_mesh(self.placed(flat, lift))

    def grid(self, rows: int, columns: int) -> FloatArray:
        """(rows, columns, 3) points of the middle face."""
        b, low, high = self.rows
        at = np.linspace(b[0], b[-1], rows)
        share = np.linspace(0.0, 1.0, columns)
        low, high = np.interp(at, b, low)[:, None], np.interp(at, b, high)[:, None]
        flat = np.stack([low + share * (high - low), np.repeat(at[:, None], columns, axis=1)], axis=2)
        lift = 0.5 * (self.face(at, 0.0) + self.face(at, self.thickness))
        return self.placed(flat, np.repeat(lift[:, None], columns, axis=1))

    def placed(self, flat: FloatArray, lift: FloatArray) -> FloatArray:
        axes = np.stack([self.along, self.across, self.normal])
        flat = np.concatenate([flat, lift[..., None]], axis=-1)
        return np.asarray(np.asarray(self.origin) + flat @ axes)

    @cached_property
    def rows(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Stations b (m,) and both ends of the plate along a there, (m,) each."""
        return outline_rows(self.outline, 13 if self.sag else 2)

    def face(self, b: FloatArray, below: float) -> FloatArray:
        """Height along the normal of the face that lies `below` the upper one, at b."""
        bend = self._bend
        if bend is None:
            return np.full_like(b, -below)
        middle, r, up = bend
        radius = r + up * below
        return up * ((r - abs(self.sag)) - np.sqrt(radius**2 - (b - middle) ** 2))

    @cached_property
    def _bend(self) -> tuple[float, float, float] | None:
        """Middle in b, radius of the upper face, 1 where its centre lies above; None of a flat plate."""
        if abs(self.sag) < 0.2:
            return None
        b = [c[1] for c in self.outline]
        half = 0.5 * (max(b) - min(b))
        r = (half**2 + self.sag**2) / (2.0 * abs(self.sag))
        return 0.5 * (max(b) + min(b)), r, math.copysign(1.0, self.sag)

    def solid(self, full: bool = False) -> Any:
        """The same exactly, a `cadquery.Solid`."""
        import cadquery as cq

        plane = cq.Plane(vector(self.origin), vector(self.along), vector(self.normal))
        a, b = ([c[k] for c in self.outline] for k in (0, 1))
        low = float(min(self.face(np.array([min(b), np.mean(b)]), self.thickness))) - 5.0
        high = float(max(self.face(np.array([min(b), np.mean(b)]), 0.0))) + 5.0
        bend = self._bend
        if bend is None:
            low, high = -self.thickness, 0.0
        prism = outline_wire(self.outline, cq.Workplane(plane).workplane(offset=low)).extrude(high - low)
        if bend is None:
            return prism.val()
        ends = np.array([min(b) - 2.0, np.mean(b), max(b) + 2.0])
        (t0, t1, t2), (u0, u1, u2) = self.face(ends, 0.0), self.face(ends, self.thickness)
        side = cq.Plane(vector(self.origin), vector(self.across), vector(self.along))
        b0, b1, b2 = ends
        band = (
            cq.Workplane(side)
            .workplane(offset=min(a) - 3.0)
            .moveTo(b0, t0)
            .threePointArc((b1, t1), (b2, t2))
            .lineTo(b2, u2)
            .threePointArc((b1, u1), (b0, u0))
            .close()
            .extrude(max(a) - min(a) + 6.0)
        )
        (found,) = band.intersect(prism).solids().vals()
        return found

    def capsules(self) -> list[Capsule]:
        b, low, high = self.rows
        keep = [0, *(k for k in range(1, len(b)) if b[k] - b[k - 1] > 1e-6)]
        at = np.unique(np.concatenate([np.linspace(b[0] + 4.0, b[-1] - 4.0, 14)]))
        low, high = np.interp(at, b[keep], low[keep]), np.interp(at, b[keep], high[keep])
        lift = 0.5 * (self.face(at, 0.0) + self.face(at, self.thickness))
        ends = self.placed(
            np.stack([np.stack([low, high], axis=1), np.stack([at, at], axis=1)], axis=2),
            np.stack([lift, lift], axis=1),
        )
        return [(e[0], e[1], 0.5 * self.thickness) for e in ends]
