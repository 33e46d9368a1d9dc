"""Seat and back in one: a plate that rises from the seat into the back, bent once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Mesh
from ...geometry.polyline import arc_length
from .outline import Outline, outline_rows, outline_wire
from .rings import ARC_STEP, Capsule, ring_mesh, unit, vector

STEP_MM = 14.0  # between two rows
FAR_MM = 700.0  # beyond everything


@dataclass(frozen=True)
class Shell:
    """A plate whose upper line lies in y = 0 and whose rulings run along y; mirror images in y = 0.

    Attributes:
        line: (x, z) of the seat's front edge, of the corner that is bent, of the top of the back.
        bend: radius of the upper face in the bend. thickness: mm.
        halves: half width of the seat's front, at the bend, of the back's top.
        radii: of the seat's front corners, of the back's upper corners.
    """

    line: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    bend: float
    thickness: float
    halves: tuple[float, float, float]
    radii: tuple[float, float]

    @cached_property
    def _parts(self) -> tuple[FloatArray, FloatArray, FloatArray, float, float]:
        """Start, corner, end (2,), angle of the bend and how far it reaches along both arms."""
        start, corner, end = (np.asarray(p, dtype=np.float64) for p in self.line)
        angle = math.acos(float(unit(corner - start) @ unit(end - corner)))
        return start, corner, end, angle, self.bend * math.tan(0.5 * angle)

    def side(self, below: float) -> tuple[FloatArray, FloatArray]:
        """Points (m, 2) along the line that lies `below` the upper face, from the front to the top, and the
        three of the bend's arc: start, middle, end."""
        start, corner, end, angle, reach = self._parts
        before, after = unit(corner - start), unit(end - corner)
        up, back = np.array([-before[1], before[0]]), np.array([-after[1], after[0]])
        r = self.bend + below
        centre = corner - reach * before + self.bend * up

        def arc(turn: FloatArray) -> FloatArray:
            return np.asarray(centre + r * (np.outer(np.sin(turn), before) - np.outer(np.cos(turn), up)))

        first, last = start - below * up, end - below * back
        bent = arc(angle * np.linspace(0.0, 1.0, math.ceil(angle / ARC_STEP) + 1))

        def straight(p: FloatArray, q: FloatArray, arm: FloatArray) -> FloatArray:
            n = math.ceil(float(np.linalg.norm(corner - arm)) / STEP_MM)  # as many on both faces
            share = np.linspace(0.0, 1.0, n + 1)[:, None] ** 1.8  # closer together at the rounded end
            return np.asarray(p + share * (q - p))

        down = straight(last, bent[-1], end)[::-1]
        return np.concatenate([straight(first, bent[0], start)[:-1], bent, down[1:]]), arc(
            angle * np.array([0, 0.5, 1])
        )

    def plan(self) -> Outline:
        """Outline (y, x) from above; wider behind the bend than anything."""
        (x0, _), (x1, z1), (x2, z2) = self.line
        front, rear, _ = self.halves
        x0 -= self.thickness  # the seat's end is cut square to it
        far, r = rear + FAR_MM, self.radii[0]
        free = x1 + (self._low - z1) / (z2 - z1) * (x2 - x1) + 1.5 * self.thickness
        outline = [
            (-front, x0, r),
            (front, x0, r),
            (rear, x1, 0.0),
            (rear, free, 0.0),
            (far, free + FAR_MM, 0.0),
        ]
        return [*outline, *((-y, x, 0.0) for y, x, _ in reversed(outline[2:]))]

    @property
    def _low(self) -> float:
        """Height from which the view from the front says how wide the plate is, and below which the plan."""
        (_, z0), (_, z1), _ = self.line
        return max(z0, z1 + 0.5 * self.bend) + max(0.0, self.halves[0] - self.halves[1]) + 5.0

    def view(self) -> Outline:
        """Outline (y, z) from the front; wider below the bend than anything."""
        z2 = self.line[2][1]
        _, rear, top = self.halves
        low = self._low
        far, r = rear + FAR_MM, self.radii[1]
        return [(-far, low - FAR_MM, 0.0), (far, low - FAR_MM, 0.0), (rear, low, 0.0), (top, z2, r), (-top,
        z2, r),
                (-rear, low, 0.0)]  # fmt: skip

    def mesh(self, full: bool = False) -> Mesh:
        """Closed triangles; a plate has no hole to fill."""
        rings = []
        (xs, _, plan), (zs, _, view) = outline_rows(self.plan(), 2), outline_rows(self.view(), 2)
        for below in (0.0, self.thickness):
            points, _ = self.side(below)
            half = np.minimum(np.interp(points[:, 0], xs, plan), np.interp(points[:, 1], zs, view))
            for sign in (-1.0, 1.0) if below == 0.0 else (1.0, -1.0):
                rings.append(np.stack([points[:, 0], sign * half, points[:, 1]], axis=1))
        return ring_mesh(np.stack(rings, axis=1))

    def solid(self, full: bool = False) -> Any:
        """The same exactly, a `cadquery.Solid`."""
        import cadquery as cq

        (top, arc), (bottom, under) = self.side(0.0), self.side(self.thickness)
        y = max(self.halves) + 10.0
        plane = cq.Plane((0.0, y, 0.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0))
        pairs = [tuple(p) for p in (top[0], *arc, top[-1], bottom[-1], *under[::-1], bottom[0])]
        band = (
            cq.Workplane(plane)
            .moveTo(*pairs[0]).lineTo(*pairs[1]).threePointArc(pairs[2], pairs[3]).lineTo(*pairs[4])
            .lineTo(*pairs[5]).lineTo(*pairs[6]).threePointArc(pairs[7], pairs[8]).lineTo(*pairs[9])
            .close().extrude(2.0 * y)
        )  # fmt: skip
        ahead = cq.Plane(vector((-FAR_MM, 0.0, 0.0)), vector((0.0, 1.0, 0.0)), vector((1.0, 0.0, 0.0)))
        level = cq.Plane(vector((0.0, 0.0, 0.0)), vector((0.0, 1.0, 0.0)), vector((0.0, 0.0, -1.0)))
        down = outline_wire(self.plan(), cq.Workplane(level).workplane(offset=-3.0 * FAR_MM)).extrude(
            4.0 * FAR_MM
        )
        across = outline_wire(self.view(), cq.Workplane(ahead)).extrude(3.0 * FAR_MM)
        (found,) = band.intersect(down).intersect(across).solids().vals()
        return found

    def grid(self, rows: int, columns: int) -> FloatArray:
        """(rows, columns, 3) points of the middle face, from the seat's front to the top."""
        points, _ = self.side(0.5 * self.thickness)
        along = arc_length(points)
        at = np.linspace(0.0, along[-1], 2 * rows)
        x, z = (np.interp(at, along, points[:, k]) for k in (0, 1))
        (xs, _, plan), (zs, _, view) = outline_rows(self.plan(), 2), outline_rows(self.view(), 2)
        half = np.minimum(np.interp(x, xs, plan), np.interp(z, zs, view))
        y = half[:, None] * np.linspace(-1.0, 1.0, columns)
        return np.stack(np.broadcast_arrays(x[:, None], y, z[:, None]), axis=2)

    def capsules(self) -> list[Capsule]:
        points, _ = self.side(0.5 * self.thickness)
        (xs, _, plan), (zs, _, view) = outline_rows(self.plan(), 2), outline_rows(self.view(), 2)
        half = np.minimum(np.interp(points[:, 0], xs, plan), np.interp(points[:, 1], zs, view))
        r = 0.5 * self.thickness
        return [
            (np.array([x, -w, z]), np.array([x, w, z]), r) for (x, z), w in zip(points, half, strict=True)
        ]

    def edge(self, z: float) -> tuple[float, float]:
        """x of the upper line of the back and half width at height z."""
        _, corner, end, _, _ = self._parts
        x = corner[0] + (z - corner[1]) / (end[1] - corner[1]) * (end[0] - corner[0])
        zs, _, view = outline_rows(self.view(), 2)
        return float(x), float(np.interp(z, zs, view))
