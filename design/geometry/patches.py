"""Tensor B-spline surfaces as arrays: the kernel's exact faces, or grids, evaluated at many places at once.

A :class:`Patch` made from a grid (:func:`patch_through`) is the very surface that
:func:`.bspline.surface` hands to the kernel; one made from a face (:func:`patch_of_face`) holds the kernel's
own poles and knots. Both answer points and exact normals without a kernel call a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..arrays import BoolArray, FloatArray, IntArray
from .bspline import NATURAL, Slopes, through

SETTLED_MM = 1e-4  # how near a point found by projection is to its place in the plane
AXES = {"x": (0, 1, 2), "y": (1, 0, 2), "z": (2, 0, 1)}  # axis looked along, and the two that span the plane


@dataclass(frozen=True)
class Patch:
    """One B-spline surface.

    Attributes:
        name: of the surface it belongs to ("top"); pieces of one surface share it.
        knots: full knot vectors along u and v; degrees: (u, v).
        poles: (n, m, 3) control points, mm.
        outward: 1 where the cross product of the u and v tangents points outwards, else -1.
    """

    name: str
    knots: tuple[FloatArray, FloatArray]
    degrees: tuple[int, int]
    poles: FloatArray
    outward: float = 1.0

    @cached_property
    def domain(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """((u low, u high), (v low, v high))."""
        (u, v), (k, w) = self.knots, self.degrees
        return (float(u[k]), float(u[-k - 1])), (float(v[w]), float(v[-w - 1]))

    @cached_property
    def _spline(self) -> Any:
        from scipy.interpolate import NdBSpline

        return NdBSpline(self.knots, self.poles, self.degrees)

    def at(self, uv: FloatArray, du: int = 0, dv: int = 0) -> FloatArray:
        """Points or derivatives at parameters (n, 2): (n, 3)."""
        return np.asarray(self._spline(uv, nu=(du, dv)), dtype=np.float64)

    def normals(self, uv: FloatArray) -> FloatArray:
        """Outward unit normals at parameters (n, 2): (n, 3)."""
        return _unit(self.outward * np.cross(self.at(uv, 1, 0), self.at(uv, 0, 1)))

    def sites(self, axis: int, pieces: int) -> FloatArray:
        """Parameters along u (0) or v (1): every knot span cut into `pieces`."""
        low, high = self.domain[axis]
        knots = np.unique(self.knots[axis])
        knots = knots[(knots >= low) & (knots <= high)]
        steps = knots[:-1, None] + np.diff(knots)[:, None] * np.arange(pieces) / pieces
        return np.append(steps.ravel(), knots[-1])

    @cached_property
    def coarse(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Two samples a knot span: u (n,), v (m,), points and normals (n, m, 3)."""
        u, v = self.sites(0, 2), self.sites(1, 2)
        return u, v, *self.grid(u, v)

    def grid(self, u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Points and outward unit normals over all pairs of u (n,) and v (m,): (n, m, 3) each."""
        from scipy.interpolate import BSpline

        def bases(axis: int, at: FloatArray) -> list[FloatArray]:
            count = self.poles.shape[axis]
            basis = BSpline(self.knots[axis], np.eye(count), self.degrees[axis])
            return [np.asarray(basis(at, nu)) for nu in (0, 1)]

        (bu, bu1), (bv, bv1) = bases(0, u), bases(1, v)
        n, m = self.poles.shape[:2]
        rows = self.poles.reshape(n, -1)
        along, along1 = ((b @ rows).reshape(len(u), m, 3) for b in (bu, bu1))
        points, du, dv = bv @ along, bv @ along1, bv1 @ along
        return points, _unit(self.outward * np.cross(du, dv))


def patch_through(
    name: str,
    grid: FloatArray,
    u: FloatArray | None = None,
    v: FloatArray | None = None,
    outward: float = 1.0,
    slopes: Slopes = NATURAL,
) -> Patch:
    """The bicubic surface through `grid` (n, m, 3); arguments as :func:`.bspline.surface`, same surface."""
    return Patch(name, *through(grid, u, v, slopes), outward)


def patch_of_face(name: str, face: Any) -> Patch | None:
    """The B-spline surface of a kernel face (`TopoDS_Face`); None where it has another kind of surface."""
    from OCP.BRep import BRep_Tool
    from OCP.Geom import Geom_BSplineSurface
    from OCP.TopAbs import TopAbs_REVERSED

    s = BRep_Tool.Surface_s(face)
    if not isinstance(s, Geom_BSplineSurface) or s.IsURational() or s.IsVRational():
        return None
    poles = np.array(
        [
            [(p := s.Pole(i + 1, j + 1), (p.X(), p.Y(), p.Z()))[1] for j in range(s.NbVPoles())]
            for i in range(s.NbUPoles())
        ]
    )
    u = np.repeat(*_knots(s.NbUKnots(), s.UKnot, s.UMultiplicity))
    v = np.repeat(*_knots(s.NbVKnots(), s.VKnot, s.VMultiplicity))
    outward = -1.0 if face.Orientation() == TopAbs_REVERSED else 1.0
    return Patch(name, (u, v), (s.UDegree(), s.VDegree()), poles, outward)


def _knots(count: int, knot: Any, multiplicity: Any) -> tuple[FloatArray, IntArray]:
    places = range(1, count + 1)
    return np.array([knot(k) for k in places]), np.array([multiplicity(k) for k in places])


def seen_along(
    patches: Sequence[Patch], axis: str, sign: float, ab: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where lines parallel to `axis` through `ab` (n, 2) meet the surfaces that face them.

    Args:
        axis: "x", "y" or "z"; `ab` are the other two coordinates in alphabetical order, mm.
        sign: 1 to meet the side whose normal points along +axis, -1 the other.

    Returns:
        Points and outward unit normals, (n, 3) each; NaN where no surface is met.
    """
    from scipy.spatial import cKDTree

    look, i, j = AXES[axis]
    points, normals = np.full((len(ab), 3), np.nan), np.full((len(ab), 3), np.nan)
    low, high = ab.min(axis=0), ab.max(axis=0)
    for patch in patches:
        u, v, p, n = patch.coarse
        flat = p[..., [i, j]]
        near = max(_longest(flat), 1.0)
        facing = sign * n[..., look] > 0.05
        facing &= np.all((flat > low - near) & (flat < high + near), axis=-1)
        if not facing.any():
            continue
        iu, iv = np.nonzero(facing)
        distance, nearest = cKDTree(flat[facing]).query(ab, distance_upper_bound=near)
        open_ = np.isfinite(distance) & np.isnan(points[:, 0])
        k = nearest[open_]
        start = np.stack([u[iu[k]], v[iv[k]]], axis=1)
        found, good = _newton(patch, start, ab[open_], (i, j))
        where = np.flatnonzero(open_)[good]
        hit, normal = patch.at(found[good]), patch.normals(found[good])
        good = sign * normal[:, look] > 0.0
        points[where[good]], normals[where[good]] = hit[good], normal[good]
    return points, normals


def _longest(flat: FloatArray) -> float:
    """Longest side of the grid's (n, m, 2) quads, the upper tail left out."""
    sides = np.concatenate([np.linalg.norm(np.diff(flat, axis=k), axis=-1).ravel() for k in (0, 1)])
    return float(1.5 * np.quantile(sides, 0.995))


def _newton(
    patch: Patch, uv: FloatArray, ab: FloatArray, plane: tuple[int, int]
) -> tuple[FloatArray, BoolArray]:
    """Parameters at which the patch passes over `ab` (n, 2), and where that was found inside the patch."""
    pair = list(plane)
    low, high = np.array(patch.domain).T
    slack = 1e-7 * (high - low)
    for _ in range(8):
        miss = patch.at(uv)[:, pair] - ab
        if np.abs(miss).max(initial=0.0) < SETTLED_MM:
            break
        du, dv = patch.at(uv, 1, 0)[:, pair], patch.at(uv, 0, 1)[:, pair]
        det = du[:, 0] * dv[:, 1] - du[:, 1] * dv[:, 0]
        det = np.where(np.abs(det) < 1e-9, np.inf, det)
        step = np.stack(
            [miss[:, 0] * dv[:, 1] - miss[:, 1] * dv[:, 0], du[:, 0] * miss[:, 1] - du[:, 1] * miss[:, 0]], 1
        )
        uv = np.clip(uv - step / det[:, None], low, high)
    miss = patch.at(uv)[:, pair] - ab
    inside = np.all((uv >= low - slack) & (uv <= high + slack), axis=1)
    return uv, inside & (np.abs(miss).max(axis=1, initial=0.0) < 100 * SETTLED_MM)


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float64)
