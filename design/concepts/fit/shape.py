"""The nearest body of a family to a shape: parameters whose outline lies on the shape's surface.

Gauss-Newton steps in the concept vector. The family's coarse stand-in (`Family.outline`) keeps its points
from design to design, so each point's way to the plane of the nearest place of the shape is a residual,
robust against what the family does not have; the stand-in's nose is laid on the shape's nose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Family
from ...family.parameters import whole_columns
from ...geometry.mesh import Mesh
from ...geometry.surface_points import surface_points
from ..artist.frame import from_concept, to_concept
from .fit import Fitted
from .repair import mended

STEP = 0.05  # finite difference in the concept vector
STEPS = 8
RENEWED = 3  # steps after which the points' velocities are taken anew
SPACING = 0.012  # of the length, between points of the shape
ROBUST = 0.006  # of the length: from here on a residual counts linearly
STARTS = 2  # named bodies that a fit starts from
#: of the length: what a parameter's whole range away from the start costs, so that what no shape shows stays
HOLD = 0.002
STIFFER = (4.0, 16.0, 64.0)  # times HOLD, tried where a fit breaks a rule
MOST_FAR = 0.25  # a point farther from the shape than this share of its length follows nothing


@dataclass(frozen=True)
class ShapeFit:
    """The nearest body.

    Attributes:
        values: parameters, within every rule of the family.
        left_over: root mean square distance between both surfaces, the worse of both ways, mm; ``share`` the
            same as a share of the shape's length; ``far``: 95 % of either surface lie nearer, mm.
        rules: names of the rules that held it back.
    """

    values: dict[str, float]
    left_over: float
    share: float
    far: float
    rules: tuple[str, ...]


def fit_shape(
    family: Family, mesh: Mesh, progress: Callable[[str, float], None] = lambda stage, share: None
) -> ShapeFit:
    """The family's body nearest to a closed mesh, mm, nose at x = 0, ground at z = 0."""
    from scipy.spatial import cKDTree

    length = float(np.ptp(mesh.vertices[:, 0]))
    points, normals, _ = surface_points(mesh, SPACING * length)
    points = points - [float(mesh.bounds[0, 0]), 0.0, 0.0]
    tree = cKDTree(points)
    target = _Target(points, normals, tree, length)
    starts = [{}, *family.archetypes.values()]
    first = [to_concept(family, {**family.defaults(), **s}).astype(np.float64) for s in starts]
    first.sort(key=lambda z: _cost(family, z, target))
    tried = []
    for k, z in enumerate(first[:STARTS]):
        progress("nearest body", k / STARTS)
        tried.append((_fit(family, z, target, ()), z))
    best, start = min(tried, key=lambda f: f[0].cost)
    kept, rules = mended(family, best, {}, lambda z, held: _fit(family, z, target, held, 3))
    if rules:  # a fit that stays nearer to a sound body may keep them at a lower price
        for stiffer in STIFFER:
            other = _fit(family, start, target, (), hold=stiffer * HOLD)
            if not family.broken_rules(family.validate(from_concept(family, other.z))):
                kept = min((kept, other), key=lambda f: _cost(family, f.z, target))
                break
    values = family.validate(from_concept(family, kept.z))
    progress("nearest body", 1.0)
    rms, far = surface_distance(mesh, family.hull(values))
    return ShapeFit(values, rms, rms / length, far, tuple(r.rule for r in rules))


def surface_distance(one: Mesh, other: Mesh) -> tuple[float, float]:
    """Root mean square and 95 % distance between two surfaces, mm, noses together, the worse of both ways."""
    from scipy.spatial import cKDTree

    spacing = SPACING * float(np.ptp(one.vertices[:, 0]))
    sides = []
    for mesh in (one, other):
        points, normals, shares = surface_points(mesh, spacing)
        sides.append((points - [float(mesh.bounds[0, 0]), 0.0, 0.0], normals, shares))
    found = []
    for (points, _, shares), (there, facing, _) in (sides, sides[::-1]):
        away, nearest = cKDTree(there).query(points)
        plane = np.abs(np.einsum("ij,ij->i", points - there[nearest], facing[nearest]))
        away = np.where(away < spacing, plane, away)  # between its points a surface is its triangles
        order = np.argsort(away)
        most = order[int(np.searchsorted(np.cumsum(shares[order]) / shares.sum(), 0.95))]
        found.append((float(np.sqrt(np.average(away**2, weights=shares))), float(away[most])))
    return max(found)


@dataclass(frozen=True)
class _Target:
    points: FloatArray
    normals: FloatArray
    tree: object
    length: float


def _outline(family: Family, z: FloatArray) -> FloatArray:
    vertices = family.outline(from_concept(family, z)).mesh.vertices
    return vertices - [float(vertices[:, 0].min()), 0.0, 0.0]


def _residuals(vertices: FloatArray, target: _Target) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each point's way to the plane of the nearest place (n,), mm, that plane's normal (n, 3), its weight."""
    away, nearest = target.tree.query(vertices)  # type: ignore[attr-defined]
    normal = target.normals[nearest]
    found = np.einsum("ij,ij->i", vertices - target.points[nearest], normal)
    size = np.maximum(np.abs(found), 1e-9)
    limit = ROBUST * target.length
    weight = np.where(size <= limit, 1.0, limit / size)
    return found, normal, np.where(away > MOST_FAR * target.length, 0.0, weight)


def _cost(family: Family, z: FloatArray, target: _Target) -> float:
    found, _, weight = _residuals(_outline(family, z), target)
    return float((weight * found**2).sum() + ((weight == 0.0) * target.length**2).sum())


def _fit(
    family: Family,
    start: FloatArray,
    target: _Target,
    held: tuple[str, ...],
    steps: int = STEPS,
    hold: float = HOLD,
) -> Fitted:
    whole = whole_columns(family.declaration)
    free = [
        j
        for j, p in enumerate(family.parameters)
        if p.name not in held and j not in whole and p.range.shapes_hull
    ]
    z = np.clip(start, -1.0, 1.0)
    first, here = z.copy(), _outline(family, z)
    cost, damping = np.inf, 1e-3
    velocity = np.zeros((len(free), *here.shape))
    hold = (hold * target.length) ** 2 * np.sqrt(len(here))
    hessian = np.eye(len(free))
    for step in range(steps):
        if step % RENEWED == 0:
            velocity = _velocities(family, z, here, free)
        found, normal, weight = _residuals(here, target)
        moving = np.einsum("knd,nd->kn", velocity, normal)
        hessian = (moving * weight) @ moving.T + hold * np.eye(len(free))
        gradient = moving @ (weight * found) + hold * (z[free] - first[free])
        before = float((weight * found**2).sum()) + hold * float(((z - first) ** 2).sum())
        for _ in range(3):
            damped = hessian + damping * np.diag(np.diag(hessian))
            moved = z.copy()
            moved[free] = np.clip(z[free] - np.linalg.solve(damped, gradient), -1.0, 1.0)
            there = _outline(family, moved)
            again, _, weights = _residuals(there, target)
            after = float((weights * again**2).sum()) + hold * float(((moved - first) ** 2).sum())
            if after < before:
                break
            damping *= 10.0
        else:
            break
        far = float(np.abs(moved - z).max())
        z, here, cost, damping = moved, there, after, max(0.2 * damping, 1e-6)
        if (far < 0.01 or after > 0.995 * before) and step % RENEWED == 0:
            break
    sigma = np.full(len(z), 0.5)
    scale = max(cost / max(len(here), 1), 1.0)
    sigma[free] = np.sqrt(np.maximum(np.diag(np.linalg.inv(hessian)) * scale, 1e-6))
    cost = _cost(family, z, target)
    return Fitted(z, np.zeros(3), np.clip(sigma, 0.01, 0.7), np.zeros(len(z)), cost, (0.0, 0.0))


def _velocities(family: Family, z: FloatArray, here: FloatArray, free: list[int]) -> FloatArray:
    """(k, n, 3) mm that each point moves per unit of each parameter."""
    found = np.zeros((len(free), *here.shape))
    for row, j in enumerate(free):
        moved = z.copy()
        step = STEP if z[j] + STEP <= 1.0 else -STEP
        moved[j] += step
        points = _outline(family, moved)
        if len(points) == len(here):
            found[row] = (points - here) / step
    return found
