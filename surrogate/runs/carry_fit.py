"""The design of now whose hull lies closest to a given one: the family's parameters, moved by least squares.

Distances are taken between the true closed hulls. How they change with the parameters is taken from the
family's coarse stand-in (`Family.outline`), whose vertices are the same places
on the body for all designs: a point of the old hull follows the place of the stand-in that lies closest to
it, along the old hull's normal ("point to plane", Chen and Medioni 1992, Image and Vision Computing 10(3)).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...design.arrays import FloatArray, IntArray
from ...design.errors import BuildError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, as_values, bounds_of
from ...design.geometry.mesh import Mesh, face_vectors
from ...design.rendering.vtk_tools import triangle_data

#: points on either hull from which distances are taken, spread by area
POINTS = 2500
#: most improvements of a design; it ends earlier below CLOSE_MM, or when a step gains less than GAIN of it
STEPS, CLOSE_MM, GAIN = 5, 0.3, 0.03
#: the stand-in's view that has everything that stands out
VIEW = "three_quarter"
#: of central differences, as a share of a parameter's range
DELTA = 0.004
#: mm that moving a parameter through its whole range is held to cost: parameters that the hull does not tell
#: apart stay where they are
HOLD_MM = 1.0
#: farther away than this an old place tells nothing of the parameters (a part that is gone), mm
REACH_MM = 60.0


@dataclass(frozen=True)
class Moved:
    """Distance between two hulls, mm, over points spread evenly by area on both, each to the other's surface:
    root mean square, 95th percentile and largest."""

    rms: float
    p95: float
    largest: float


@dataclass(frozen=True)
class Carried:
    """A design of now for an old hull: its values, how far the hull moved, and how far before the fit."""

    values: dict[str, float]
    moved: Moved
    before: Moved
    frontal_area: float


class Surface:
    """A triangle mesh (mm) that answers for the closest of its points."""

    def __init__(self, mesh: Mesh) -> None:
        self.mesh = mesh

    @cached_property
    def _locator(self) -> Any:
        from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

        locator = vtkStaticCellLocator()
        locator.SetDataSet(triangle_data(self.mesh.vertices, self.mesh.faces, precise=True))
        locator.BuildLocator()
        return locator

    def closest(self, points: FloatArray) -> tuple[FloatArray, IntArray]:
        """Closest points (n, 3), and the triangles (n,) that they lie on."""
        from vtkmodules.vtkCommonCore import mutable

        locator, at, faces = self._locator, np.empty_like(points), np.empty(len(points), dtype=np.int64)
        cell, part, square = mutable(0), mutable(0), mutable(0.0)  # numbers that VTK fills in
        spot = [0.0, 0.0, 0.0]
        for i, point in enumerate(points.tolist()):
            locator.FindClosestPoint(point, spot, cell, part, square)
            at[i], faces[i] = spot, int(cell)
        return at, faces

    def spread(self, count: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
        """Points (count, 3) spread over the surface by area, one in each equal share of it; and normals."""
        rng = np.random.default_rng(seed)
        corners = self.mesh.vertices[self.mesh.faces]
        cross = face_vectors(corners)
        length = np.linalg.norm(cross, axis=1)
        along = np.cumsum(length)
        share = (np.arange(count) + rng.random(count)) / count
        face = np.minimum(np.searchsorted(along, share * along[-1]), len(corners) - 1)
        a, b = rng.random((2, count, 1))
        turned = a + b > 1.0
        a, b = np.where(turned, 1.0 - a, a), np.where(turned, 1.0 - b, b)
        chosen = corners[face]
        points = chosen[:, 0] + a * (chosen[:, 1] - chosen[:, 0]) + b * (chosen[:, 2] - chosen[:, 0])
        return points, cross[face] / np.maximum(length[face], 1e-12)[:, None]


class Target:
    """An old hull and the places on it that a design of now is held to."""

    def __init__(self, hull: Mesh) -> None:
        self.surface = Surface(hull)
        self.points, self.normals = self.surface.spread(POINTS)

    def moved(self, hull: Surface) -> tuple[Moved, FloatArray]:
        """How far `hull` is away, and the closest point on it to each place (n, 3)."""
        at, _ = hull.closest(self.points)
        others, _ = hull.spread(POINTS, 1)
        back, _ = self.surface.closest(others)
        apart = np.linalg.norm(np.concatenate([at - self.points, back - others]), axis=1)
        figures = float(np.sqrt((apart**2).mean())), float(np.quantile(apart, 0.95)), float(apart.max())
        return Moved(*figures), at


def carry_over(
    family: Family, hull: Mesh, start: Mapping[str, float], fixed: Collection[str] = ()
) -> Carried:
    """The design of now whose hull lies closest to `hull`, from `start` (validated; rules may be broken);
    parameters in `fixed` stay as `start` has them.

    Raises:
        BuildError: the hull of `start` cannot be built.
    """
    target, values = Target(hull), dict(start)
    own = Surface(family.hull(values))
    before, at = target.moved(own)
    moved, slopes = before, None
    for _ in range(STEPS):
        if moved.rms <= CLOSE_MM:
            break
        if slopes is None:
            still = [family.parameters[j].name in fixed for j in _shaping(family)]
            slopes = np.where(still, 0.0, _slopes(family, target, values))  # what says nothing is held
        step = _step(family, target, values, at, slopes)
        better = _better(family, target, values, step, moved.rms)
        if better is None:
            break
        gained = moved.rms - better[1].rms
        values, moved, at, own = better
        if gained < GAIN * moved.rms:
            break
    return Carried(values, moved, before, frontal_area(own.mesh))


def frontal_area(hull: Mesh) -> float:
    """Projected frontal area of a hull, m^2."""
    from ...design.geometry.measures import frontal_area as measured

    return float(measured(hull))


def _better(
    family: Family, target: Target, values: dict[str, float], step: FloatArray, rms: float
) -> tuple[dict[str, float], Moved, FloatArray, Surface] | None:
    """The longest of the step, its half and its quarter that comes closer and breaks no further rule."""
    low, high = bounds_of(family.declaration)
    row = as_row(family.declaration, values)
    allowed = {b.rule for b in family.broken_rules(values)}
    for share in (1.0, 0.5, 0.25):
        moved_row = np.clip(row + share * step * (high - low), low, high)
        tried = {**values, **as_values(family.declaration, moved_row)}
        if {b.rule for b in family.broken_rules(tried)} - allowed:
            continue
        try:
            own = Surface(family.hull(tried))
        except BuildError:
            continue
        moved, at = target.moved(own)
        if moved.rms < rms:
            return tried, moved, at, own
    return None


def _step(
    family: Family, target: Target, values: dict[str, float], at: FloatArray, slopes: FloatArray
) -> FloatArray:
    """Change of every parameter (d,), as a share of its range, towards the target; inside the bounds.

    Args:
        at: closest points (n, 3) of the hull of `values`; slopes: of :func:`_slopes`.
    """
    from scipy.optimize import lsq_linear

    low, high = bounds_of(family.declaration)
    unit = (as_row(family.declaration, values) - low) / (high - low)
    columns = _shaping(family)
    off = target.points - at
    near = np.linalg.norm(off, axis=1) < REACH_MM
    wanted = (off[near] * target.normals[near]).sum(axis=1)
    scale = np.sqrt(len(wanted))
    found = lsq_linear(
        np.concatenate([slopes[near] / scale, HOLD_MM * np.eye(len(columns))]),
        np.concatenate([wanted / scale, np.zeros(len(columns))]),
        bounds=(-unit[columns] - 1e-9, 1.0 - unit[columns] + 1e-9),
    )
    step = np.zeros(len(unit))
    step[columns] = found.x
    return step


def _slopes(family: Family, target: Target, values: dict[str, float]) -> FloatArray:
    """mm along the old hull's normals that the body's places at the target's points move over the range of
    each parameter that shapes the hull: (n, d)."""
    low, high = bounds_of(family.declaration)
    unit = (as_row(family.declaration, values) - low) / (high - low)
    names = [p.name for p in family.parameters]

    def stand_in(j: int, to: float) -> FloatArray:
        there = {**values, names[j]: float(low[j] + to * (high[j] - low[j]))}
        return family.outline(there, VIEW).mesh.vertices

    mesh = family.outline(values, VIEW).mesh
    spots, face = Surface(mesh).closest(target.points)
    corner = mesh.faces[face]
    weight = _shares(spots, mesh.vertices[corner])
    columns = _shaping(family)
    found = np.empty((len(spots), len(columns)))
    for k, j in enumerate(columns):
        up, down = min(unit[j] + DELTA, 1.0), max(unit[j] - DELTA, 0.0)
        change = (stand_in(j, up) - stand_in(j, down)) / (up - down)
        found[:, k] = np.einsum("nk,nkx,nx->n", weight, change[corner], target.normals)
    return found


def _shaping(family: Family) -> list[int]:
    """Columns of the parameters that shape the hull, whole numbers apart: they have no slope and stay."""
    return [j for j, p in enumerate(family.parameters) if p.range.shapes_hull and not p.range.whole]


def _shares(points: FloatArray, corners: FloatArray) -> FloatArray:
    """Barycentric shares (n, 3) of points (n, 3) in triangles (n, 3, 3)."""
    u, v, w = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], points - corners[:, 0]
    uu, uv, vv = (u * u).sum(1), (u * v).sum(1), (v * v).sum(1)
    wu, wv = (w * u).sum(1), (w * v).sum(1)
    det = np.maximum(uu * vv - uv * uv, 1e-12)
    b, c = (vv * wu - uv * wv) / det, (uu * wv - uv * wu) / det
    return np.stack([1.0 - b - c, b, c], axis=1)
