"""Parameters fitted to a picture: the body's outline and the borders of glass and wheels are laid on it.

Levenberg-Marquardt steps in the concept vector on three kinds of residuals, in pixels of the common frame:
the picture's signed distance at the body's outline, the way from each border to the nearest
fitting change of tone across it, and the way from the start in units of the start's own uncertainty. The body
is the family's coarse stand-in (`Family.outline`): its points' velocities are taken once by finite
differences (and again after a long way), and each step lays the stand-in itself on the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Family
from ...family.parameters import whole_columns
from ..artist.frame import to_concept
from .registration import Looked, Shape, Target, look, on_outline, shape_of

STEP = 0.04  # finite difference in the concept vector: 2 % of a parameter's range
SEEN_PX = 1.2  # a parameter that moves no outline point by so much over half its range is not fitted
SMALL_MOVE = 0.01  # in the concept vector: the fit has settled
RESAMPLED = 2  # first steps after which the outline's vertices are chosen anew
AT_BOUND = 0.985  # in the concept vector
WIDER = 0.1  # in the concept vector: 5 % of a range
LONG_WAY = 0.6  # in the concept vector, after which velocities are taken anew, once


@dataclass(frozen=True)
class Fitted:
    """The end of a fit.

    Attributes:
        z: concept vector (P,).
        pose: log of the zoom, and shift along columns and rows in pixels, of the body on the picture.
        sigma: standard deviation left in each entry of z, (P,).
        asked: fall of the cost if a range were `WIDER` wider where z ends at its bound, (P,).
        cost: robust sum over the residuals, pixels squared times observations.
        moved: outline's root mean square distance from the picture's edge before and after, pixels.
    """

    z: FloatArray
    pose: FloatArray
    sigma: FloatArray
    asked: FloatArray
    cost: float
    moved: tuple[float, float]


def fit(
    family: Family,
    target: Target,
    start: FloatArray,
    sigma: FloatArray,
    *,
    held: tuple[str, ...] = (),
    pose_spread: tuple[float, float, float] | None = None,
    steps: int = 6,
) -> Fitted:
    """Parameters near `start` whose body covers what the picture shows.

    Args:
        start: concept vector (P,) of the encoder.
        sigma: its standard deviations (P,).
        held: parameters kept exactly.
        pose_spread: standard deviations of the picture's scale (log) and place (columns, rows); None: known.
        steps: most Levenberg-Marquardt steps.
    """
    z = np.clip(np.asarray(start, dtype=np.float64), -1.0, 1.0)
    first, spread = z.copy(), np.clip(np.asarray(sigma, dtype=np.float64), 0.01, 0.7)
    names = [p.name for p in family.parameters]
    seen = [j for j in seen_parameters(family, target.view) if names[j] not in held]
    pose = np.zeros(3)
    free = 0 if pose_spread is None else 3
    here = look(target, shape_of(family, z, target.view), pose)
    velocity, renewed = _velocities(family, z, here.shape, seen, target.view), False
    prior = np.concatenate([1.0 / spread[seen] ** 2, 1.0 / np.array(pose_spread or ()) ** 2])
    damping, begun, away = 1e-2, here.outline_rms, np.zeros(len(seen) + free)
    for step in range(steps):
        jacobian = _jacobian(here, velocity, free)
        weighted = (jacobian * here.weights[:, None]).T
        hessian = weighted @ jacobian + np.diag(prior)
        gradient = weighted @ here.values + prior * away
        low = np.concatenate([-1.0 - z[seen], np.full(free, -np.inf)])
        high = np.concatenate([1.0 - z[seen], np.full(free, np.inf)])
        before = here.cost + float(prior @ away**2)
        for _ in range(3):
            move = bounded_step(hessian, gradient, damping, low, high)
            moved, moved_pose = z.copy(), pose.copy()
            moved[seen] += move[: len(seen)]
            moved_pose[:free] += move[len(seen) :]
            there = look(target, shape_of(family, moved, target.view), moved_pose, here.outline)
            far = np.concatenate([moved[seen] - first[seen], moved_pose[:free]])
            after = there.cost + float(prior @ far**2)
            if after < before:
                break
            damping *= 10.0
        else:
            break
        z, pose, here, away = moved, moved_pose, there, far
        if step < RESAMPLED:
            here = look(target, here.shape, pose)
        damping = max(damping * 0.3, 1e-4)
        if float(np.abs(move).max(initial=0.0)) < SMALL_MOVE or after > 0.99 * before:
            break
        if not renewed and float(np.abs(z - first).max()) > LONG_WAY and step + 1 < steps:
            velocity, renewed = _velocities(family, z, here.shape, seen, target.view), True
    jacobian = _jacobian(here, velocity, free)
    hessian = (jacobian * here.weights[:, None]).T @ jacobian + np.diag(prior)
    left = spread.copy()
    left[list(seen)] = np.sqrt(np.diag(np.linalg.inv(hessian)))[: len(seen)]
    pull = -((jacobian * here.weights[:, None]).T @ here.values + prior * away)
    outward = np.zeros(len(z))
    outward[list(seen)] = pull[: len(seen)]
    outward[np.abs(z) < AT_BOUND] = 0.0
    asked = np.where(outward * z > 0.0, WIDER * np.abs(outward), 0.0)
    return Fitted(z, pose, left, asked, here.cost, (begun, here.outline_rms))


@lru_cache(maxsize=16)
def seen_parameters(family: Family, view: str) -> tuple[int, ...]:
    """Parameters that move some outline or border point noticeably in that view, by their numbers. Whole
    numbers are none of them: nothing moves steadily with them, and the fit leaves them as it found them."""
    middle = to_concept(family, family.defaults()).astype(np.float64)
    shape = shape_of(family, middle, view)
    every = list(range(len(family.parameters)))
    velocity = _velocities(family, middle, shape, every, view)
    rim = on_outline(shape, shape.points)
    moving = np.concatenate([velocity[:, rim], velocity[:, len(shape.outline.mesh.vertices) :]], axis=1)
    far = np.sqrt((moving**2).sum(axis=2)).max(axis=1)
    whole = whole_columns(family.declaration)
    return tuple(j for j in every if far[j] >= SEEN_PX and j not in whole)


def _velocities(family: Family, z: FloatArray, shape: Shape, which: list[int], view: str) -> FloatArray:
    """(k, n, 2) pixels that each point moves per unit of each parameter; zeros where points do not match."""
    found = np.zeros((len(which), *shape.points.shape))
    for row, j in enumerate(which):
        moved = z.copy()
        step = STEP if z[j] + STEP <= 1.0 else -STEP
        moved[j] += step
        points = shape_of(family, moved, view).points
        if len(points) == len(shape.points):
            found[row] = (points - shape.points) / step
    return found


def _jacobian(here: Looked, velocity: FloatArray, free: int) -> FloatArray:
    """(m, k + free): each residual's change, from its point's velocity along its direction."""
    zoom = np.exp(here.pose[0])
    moving = velocity[:, here.index] * zoom
    columns = (moving[..., 0] * here.direction[:, 0] + moving[..., 1] * here.direction[:, 1]).T
    if not free:
        return np.asarray(columns)
    grow = ((here.shape.points[here.index] - here.shape.pivot) * zoom * here.direction).sum(axis=1)
    return np.column_stack([columns, grow, here.direction])


def bounded_step(
    hessian: FloatArray, gradient: FloatArray, damping: float, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Damped Newton step within bounds: entries that would leave stop at theirs, the rest is solved anew."""
    n = len(gradient)
    matrix = hessian + damping * np.diag(np.diag(hessian))
    move, loose = np.zeros(n), np.ones(n, dtype=bool)
    for _ in range(6):
        pull = -gradient - matrix[:, ~loose] @ move[~loose]
        move[loose] = np.linalg.solve(matrix[np.ix_(loose, loose)], pull[loose])
        out = loose & ((move < low - 1e-12) | (move > high + 1e-12))
        if not out.any():
            break
        move[out] = np.clip(move[out], low[out], high[out])
        loose &= ~out
    return np.clip(move, low, high)
