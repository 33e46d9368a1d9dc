"""Parameters fitted to a picture by the fields that a body and the picture show (:mod:`.fields`).

Levenberg-Marquardt steps in the concept vector. Slopes are differences of renderings, one a parameter;
between two rounds of these each step teaches them what it has found (Broyden).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Family
from ...family.parameters import whole_columns
from ..artist.frame import from_concept, to_concept
from .alignment import Placing, place
from .fields import Canvas, body_fields, picture_fields
from .fit import AT_BOUND, WIDER, Fitted, bounded_step
from .initial_guess import UNSURE, Drawn

STRIDE_PX = 2.5  # what a length is moved by for a difference
STRIDES = (0.05, 0.4)  # in the concept vector: bounds of it; other quantities by `STRIDE`
STRIDE = 0.15
SETTLED = 0.01  # fall of the cost below which a fit has come to its end
SEEN = 1.0  # observations: two bodies that differ by less look the same
ALIKE = 1.25  # times the cost: a kind whose own fit leaves less cannot be told from the one found
TRIED = 2.5  # times that: a kind further off before any fit is told apart at once
LEARNT = 2  # steps between two rounds of differences


@dataclass(frozen=True)
class Sight:
    """A picture, where it lies in the frame, and what of it is compared."""

    drawn: Drawn
    at: Placing
    canvas: Canvas

    @cached_property
    def _here(self) -> tuple[FloatArray, FloatArray]:
        return picture_fields(place(self.drawn.mask, self.drawn.ink, self.at), self.canvas)

    def fields(self, pose: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Of :func:`.fields.picture_fields`, under a body of that pose; where it lies they are made once."""
        if not pose.any():
            return self._here
        placed = place(self.drawn.mask, self.drawn.ink, self.at.moved(pose))
        return picture_fields(placed, self.canvas)


@dataclass(frozen=True)
class Laid:
    """A body on a picture.

    Attributes:
        z: concept vector (P,). pose: of the body on the picture, as in :class:`.fit.Fitted`.
        body: (n,) its fields. row: (n,) the same less the picture's.
        turn: (n, 3) how `row` changes with the pose. cost: its sum of squares.
    """

    z: FloatArray
    pose: FloatArray
    body: FloatArray
    row: FloatArray
    turn: FloatArray
    cost: float


@dataclass(frozen=True)
class Slopes:
    """(n, k) change of a body's fields with each of k parameters, by their numbers."""

    columns: tuple[int, ...]
    matrix: FloatArray


def lay(family: Family, sight: Sight, z: FloatArray, pose: FloatArray) -> Laid | None:
    """The body of a concept vector on the picture; None where there is no body."""
    body = body_fields(family, z, sight.canvas)
    if body is None:
        return None
    picture, turn = sight.fields(pose)
    row = body - picture
    return Laid(z, pose, body, row, -turn, float(row @ row))


def slopes(family: Family, here: Laid, canvas: Canvas, held: Collection[str] = ()) -> Slopes:
    """Differences of renderings about a body, of every parameter that may move and is no whole number."""
    whole = whole_columns(family.declaration)
    columns, found = [], []
    for j, parameter in enumerate(family.parameters):
        if j in whole or parameter.name in held:
            continue
        rng = parameter.range
        stride = STRIDE
        if rng.unit == "mm":
            stride = float(
                np.clip(2.0 * STRIDE_PX * canvas.frame.mm_per_pixel / (rng.high - rng.low), *STRIDES)
            )
        for step in (stride, -stride) if here.z[j] < 0.0 else (-stride, stride):
            moved = here.z.copy()
            moved[j] += step
            fields = body_fields(family, moved, canvas)
            if fields is not None:
                columns.append(j)
                found.append((fields - here.body) / step)
                break
    return Slopes(tuple(columns), np.array(found).reshape(len(found), len(here.row)).T)


def fit_fields(
    family: Family,
    sight: Sight,
    begin: FloatArray,
    sigma: FloatArray,
    *,
    held: Collection[str] = (),
    pose_spread: tuple[float, float, float] | None = None,
    steps: int = 6,
    known: Slopes | None = None,
) -> tuple[Fitted, Slopes]:
    """Parameters near `begin` whose body shows what the picture does, and the slopes there.

    Args:
        sight: the picture and where it lies in the frame.
        begin, sigma: concept vector and standard deviations of the start, (P,).
        held: parameters kept exactly. pose_spread: as in :func:`.fit.fit`.
        known: slopes of a body like this one, which save a round of differences.
    """
    spread = np.clip(sigma, 0.01, 0.7)
    first = np.clip(np.asarray(begin, dtype=np.float64), -1.0, 1.0)
    here = lay(family, sight, first, np.zeros(3))
    if here is None:
        nothing = Slopes((), np.empty((0, 0)))
        return Fitted(first, np.zeros(3), spread, np.zeros(len(first)), np.inf, (0.0, 0.0)), nothing
    free, fresh = (0 if pose_spread is None else 3), known is None
    slope = slopes(family, here, sight.canvas, held) if known is None else known
    seen = list(slope.columns)
    prior = 1.0 / np.concatenate([spread[seen], np.array(pose_spread or ())]) ** 2
    matrix, damping, away, begun = slope.matrix.copy(), 1e-2, np.zeros(len(seen) + free), here.cost
    for step in range(steps):
        jacobian = np.concatenate([matrix, here.turn[:, :free]], axis=1)
        hessian, gradient = jacobian.T @ jacobian + np.diag(prior), jacobian.T @ here.row + prior * away
        low = np.concatenate([-1.0 - here.z[seen], np.full(free, -np.inf)])
        high = np.concatenate([1.0 - here.z[seen], np.full(free, np.inf)])
        before = here.cost + float(prior @ away**2)
        there: Laid | None = None
        for _ in range(3):
            move = bounded_step(hessian, gradient, damping, low, high)
            z, pose = here.z.copy(), here.pose.copy()
            z[seen] += move[: len(seen)]
            pose[:free] += move[len(seen) :]
            far = np.concatenate([z[seen] - first[seen], pose[:free]])
            there = lay(family, sight, z, pose)
            if there is not None and there.cost + float(prior @ far**2) < before:
                break
            damping, there = damping * 10.0, None
        settled = there is None or there.cost + float(prior @ far**2) > (1.0 - SETTLED) * before
        if there is not None:
            shift = move[: len(seen)]
            size = float(shift @ shift)
            gained = (there.row - here.row) - here.turn[:, :free] @ move[len(seen) :]
            if size > 0.0:
                matrix = matrix + np.outer(gained - matrix @ shift, shift) / size
            here, away, damping = there, far, max(damping * 0.3, 1e-4)
        if settled and fresh:
            break
        fresh = False
        if known is None and step + 1 < steps and (settled or step % LEARNT == LEARNT - 1):
            renewed = slopes(family, here, sight.canvas, held)
            if renewed.columns != slope.columns:
                break  # beside a body that cannot be: what is known goes on being used
            matrix, fresh, damping = renewed.matrix, True, 1e-2
    jacobian = np.concatenate([matrix, here.turn[:, :free]], axis=1)
    return _fitted(here, jacobian, seen, prior, away, spread, begun), Slopes(slope.columns, matrix)


def of_kind(
    family: Family, z: FloatArray, values: Mapping[str, float], column: int, value: float
) -> FloatArray:
    """The concept vector with one whole number at another value; `values` are those of `z`."""
    moved = z.copy()
    moved[column] = to_concept(family, {**values, family.parameters[column].name: value})[column]
    return moved


def kinds_seen(
    family: Family, sight: Sight, fitted: Fitted, known: Slopes, held: Collection[str] = ()
) -> tuple[int, ...]:
    """Whole numbers that the picture tells, by their columns: no other value leaves nearly as little of it,
    even with the rest of the body fitted to it anew.

    Args:
        sight, fitted, known: what was fitted, where it ended, slopes there. held: parameters kept exactly.
    """
    here = replace(sight, at=sight.at.moved(fitted.pose))
    values, sigma = from_concept(family, fitted.z), np.full(len(fitted.z), UNSURE)
    alike = ALIKE * fitted.cost + SEEN

    def as_near(k: int, value: int) -> bool:
        z = of_kind(family, fitted.z, values, k, value)
        there = lay(family, here, z, np.zeros(3))
        if there is None or there.cost > TRIED * alike:
            return False
        again, _ = fit_fields(family, here, z, sigma, held=held, steps=2, known=known)
        return again.cost < alike

    found = []
    for k in whole_columns(family.declaration):
        parameter = family.parameters[k]
        others = range(int(parameter.range.low), int(parameter.range.high) + 1)
        if not any(as_near(k, value) for value in others if value != values[parameter.name]):
            found.append(k)
    return tuple(found)


def _fitted(
    here: Laid,
    jacobian: FloatArray,
    seen: list[int],
    prior: FloatArray,
    away: FloatArray,
    spread: FloatArray,
    begun: float,
) -> Fitted:
    """The end of a fit, with what is left of each parameter's doubt and which bounds hold it back."""
    left, asked = spread.copy(), np.zeros(len(here.z))
    doubt = np.linalg.inv(jacobian.T @ jacobian + np.diag(prior))
    left[seen] = np.sqrt(np.diag(doubt))[: len(seen)]
    pull = -(jacobian.T @ here.row + prior * away)[: len(seen)]
    outward = (np.abs(here.z[seen]) >= AT_BOUND) & (pull * here.z[seen] > 0.0)
    asked[seen] = np.where(outward, WIDER * np.abs(pull), 0.0)
    return Fitted(here.z, here.pose, left, asked, here.cost, (np.sqrt(begun), np.sqrt(here.cost)))
