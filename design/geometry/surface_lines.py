"""Signs of curvature along named lines of a skin, against those that the design declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray
from .patches import Patch, seen_along
from .polyline import arc_length
from .surface_quality import SMOOTH_MM

LEAST_TURN_DEG = 0.1  # a fifth of the smallest wave that counts
STRAIGHT_PER_MM = 2e-5  # flatter than a radius of 50 m counts as straight


@dataclass(frozen=True)
class Line:
    """A line of the skin along which the sign of curvature is watched.

    Attributes:
        name: "bonnet centreline".
        axis, sign: seen as a region is.
        path: (k, 2) places in the plane of the other two coordinates, mm; dense enough for a cubic.
        declared: x of the sign changes that the design means, mm.
        tolerance: how far from `declared` a change may lie, mm.
    """

    name: str
    axis: str
    sign: float
    path: FloatArray
    declared: tuple[float, ...] = ()
    tolerance: float = 60.0


@dataclass(frozen=True)
class LineQuality:
    """Sign changes of the normal curvature along a line: x (mm) of those found, not declared, not found."""

    name: str
    changes: tuple[float, ...]
    undeclared: tuple[float, ...]
    missing: tuple[float, ...]

    @property
    def as_declared(self) -> bool:
        """Every change was meant. (A meant one that is too weak to be found is no fault.)"""
        return not self.undeclared


def sign_changes(s: FloatArray, bend: FloatArray, least: float = LEAST_TURN_DEG) -> FloatArray:
    """Where the curvature `bend` (n,), 1/mm, along `s` (n,), mm, turns its sign: (k, 2) from the last place
    that is surely curved one way to the first that is surely curved the other way, mm.

    Stretches flatter than :data:`STRAIGHT_PER_MM`, and lobes that turn the normal by less than `least`
    degrees, count as straight: no reflection shows them.
    """
    sure = np.flatnonzero(np.abs(bend) > STRAIGHT_PER_MM)
    turn = np.abs(bend) * np.gradient(s)
    while len(sure):
        ends = np.flatnonzero(np.diff(np.sign(bend[sure])))
        lobes = np.split(sure, ends + 1)
        turns = [float(turn[lobe].sum()) for lobe in lobes]
        weakest = int(np.argmin(turns))
        if turns[weakest] >= np.radians(least):
            return np.array([[s[sure[k]], s[sure[k + 1]]] for k in ends], dtype=np.float64).reshape(-1, 2)
        sure = np.setdiff1d(sure, lobes[weakest])
    return np.empty((0, 2))


def line_quality(patches: Sequence[Patch], line: Line) -> LineQuality:
    """Where the normal curvature along a line changes its sign."""
    from scipy.interpolate import CubicSpline
    from scipy.ndimage import gaussian_filter1d

    points, normals = seen_along(patches, line.axis, line.sign, line.path)
    valid = np.isfinite(points[:, 0])
    points, normals = points[valid], normals[valid]
    if len(points) < 8:
        return LineQuality(line.name, (), (), tuple(line.declared))
    s = arc_length(points)
    even = np.linspace(0.0, float(s[-1]), int(s[-1] / 5.0) + 1)
    p, n = CubicSpline(s, points), CubicSpline(s, normals)
    bend: Any = np.einsum("ij,ij->i", n(even, 1), p(even, 1))  # positive where convex
    bend = gaussian_filter1d(bend, SMOOTH_MM / float(even[1]), mode="nearest")
    spans = sign_changes(even, bend)
    ends = np.sort(p(spans)[..., 0], axis=-1)  # (k, 2) x: between them it is straight and turns anywhere
    changes = tuple(round(float(x), 1) for x in ends.mean(axis=1))
    left = list(line.declared)
    undeclared = []
    for x, (low, high) in zip(changes, ends.tolist(), strict=True):
        near = [d for d in left if low - line.tolerance <= d <= high + line.tolerance]
        if near:
            left.remove(min(near, key=lambda d: abs(d - x)))
        else:
            undeclared.append(x)
    return LineQuality(line.name, changes, tuple(undeclared), tuple(left))
