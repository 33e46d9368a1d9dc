"""What finished trials teach about untried ones: a Gaussian process for each number, fitted as trials come.

For studies of which nothing is known beforehand (:class:`.sampler.ScreeningSampler`); the search of designs
knows more and uses that (:mod:`.evaluate`). Constrained expected improvement as of Gardner et al., "Bayesian
optimization with inequality constraints" (ICML 2014), on the augmented Tchebycheff scalarisation of Knowles,
"ParEGO" (2006) where there are several objectives.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from .front import nondominated

MOST_POINTS = 160  # trials that a process learns from; the best, and those about them
HARD_POINTS = 90  # the same in more than `WIDE` dimensions
WIDE = 15
STEPS = 25  # of the optimiser of lengthscales, which starts where it ended last
REFIT = 5  # rounds between two fits of the lengthscales once there are many trials
JITTER = 1e-6
#: share of a constraint's values up to its usual size: with one objective; and with several, whose front runs
#: along borders, where in time most trials lie and half of them would make the usual size next to nothing
USUAL, USUAL_OF_FRONTS = 0.5, 0.9
AUGMENT = 0.05  # of the Tchebycheff scalarisation
MARGIN = 1.1  # of the reference behind a front whose values run from 0 to 1
DRAWS = 32  # of the objectives, over which the improvement is averaged


@dataclass(frozen=True)
class Tried:
    """Finished trials: n of them, d dimensions, m objectives (all minimised), k constraints (<= 0 met)."""

    units: FloatArray
    objectives: FloatArray
    constraints: FloatArray

    @property
    def violation(self) -> FloatArray:
        """Sum of the violations, each by the constraint's usual size (n,)."""
        missed = np.maximum(self.constraints, 0.0) / usual(self.constraints, self.share)
        return np.asarray(missed.sum(axis=1))

    @property
    def share(self) -> float:
        """Of a constraint's values, those up to its usual size."""
        return USUAL if self.objectives.shape[1] == 1 else USUAL_OF_FRONTS

    @property
    def feasible(self) -> BoolArray:
        """Which meet every constraint (n,)."""
        return np.asarray((self.constraints <= 0.0).all(axis=1))


def usual(constraints: FloatArray, share: float) -> FloatArray:
    """The usual size of each constraint's values (k,), never zero: that of so large a share of them."""
    return np.asarray(np.maximum(np.quantile(np.abs(constraints), share, axis=0), 1e-12))


class Learned:
    """Processes of all objectives and constraints; keeps lengthscales from one round to the next."""

    def __init__(self) -> None:
        self._kernels: dict[int, Any] = {}
        self._round = 0

    def fit(self, tried: Tried, near: FloatArray) -> Fitted:
        """Learn from the trials about `near` (points in the unit cube) and the best ones.

        Args:
            near: (p, d), where the guess has to be good.
        """
        n, d = tried.units.shape
        most = MOST_POINTS if d <= WIDE else HARD_POINTS
        chosen = np.arange(n)
        if n > most:
            gap = np.min(((tried.units[:, None] - near[None]) ** 2).sum(axis=2), axis=1)
            chosen = np.argsort(gap, kind="stable")[:most]
        units = tried.units[chosen]
        columns = np.concatenate([tried.objectives, squeezed(tried.constraints, tried.share)], axis=1)[chosen]
        tuned = n <= most or self._round % REFIT == 0
        self._round += 1
        processes = []
        for k, column in enumerate(columns.T):
            process = _process(self._kernels.get(k), d, tuned)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a lengthscale at its bound, an optimiser cut short
                process.fit(units, _calm(column) if k < tried.objectives.shape[1] else column)
            self._kernels[k] = process.kernel_
            processes.append(process)
        m = tried.objectives.shape[1]
        return Fitted(processes[:m], processes[m:])


@dataclass(frozen=True)
class Fitted:
    """Processes of one round."""

    objectives: Sequence[Any]
    constraints: Sequence[Any]

    def guess(self, units: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Means and standard deviations of objectives, (n, m) each, and of squeezed constraints, (n, k)."""
        found = []
        for group in (self.objectives, self.constraints):
            pairs = [p.predict(units, return_std=True) for p in group]
            for part in (0, 1):
                found.append(
                    np.stack([p[part] for p in pairs], axis=1) if pairs else np.zeros((len(units), 0))
                )
        return found[0], found[1], found[2], found[3]


def squeezed(constraints: FloatArray, share: float) -> FloatArray:
    """Constraint values whose large ones count less: their sign and zero stay, ``sign log(1 + |c| / usual)``
    (the bilog transform of Eriksson and Poloczek, "Scalable constrained Bayesian optimization", 2021)."""
    return np.asarray(np.sign(constraints) * np.log1p(np.abs(constraints) / usual(constraints, share)))


def improvement(
    fitted: Fitted, tried: Tried, units: FloatArray, weights: FloatArray | None, rng: np.random.Generator
) -> FloatArray:
    """How promising candidates are (n,), as a logarithm: expected improvement of the scalarised objectives
    over the best feasible trial, times the probability that every constraint holds; the latter alone while
    no trial is feasible.

    Args:
        units: (n, d).
        weights: of the objectives (m,); None of two objectives asks for the improvement of the area that
            their front dominates (Emmerich, "Single- and multiobjective evolutionary optimization assisted by
            Gaussian random field metamodels", 2005) instead of a scalarisation's.
    """
    from scipy.stats import norm

    mean, sigma, held, unsure = fitted.guess(units)
    likely = norm.logcdf(-held / np.maximum(unsure, 1e-9)).sum(axis=1)
    feasible = tried.feasible
    if not feasible.any():
        return np.asarray(likely)
    own = tried.objectives[feasible]
    if weights is None:
        front = own[nondominated(own)]
        return np.asarray(_wider(front, mean, sigma, rng) + likely)
    low = own.min(axis=0)
    span = np.maximum(own.max(axis=0) - low, 1e-9 * (1.0 + np.abs(low))) if own.shape[1] > 1 else np.ones(1)
    best = scalar((own - low) / span, weights).min()
    draws = rng.standard_normal((DRAWS, 1, mean.shape[1]))
    drawn = scalar((mean + sigma * draws - low) / span, weights)
    gain = np.maximum(best - drawn, 0.0).mean(axis=0)
    # where no draw improves, the distance to the best still ranks
    behind = np.maximum(scalar((mean - low) / span, weights) - best, 0.0)
    return np.asarray(np.log(gain + 1e-12 * np.exp(-np.minimum(behind, 50.0))) + likely)


def _wider(front: FloatArray, mean: FloatArray, sigma: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Logarithm of the area (n,) that candidates are expected to add to what a front (k, 2) dominates; where
    no draw adds any, the nearer to it the better."""
    low = front.min(axis=0)
    span = np.maximum(front.max(axis=0) - low, 1e-9 * (1.0 + np.abs(low)))
    steps = (front[np.argsort(front[:, 0])] - low) / span
    starts = np.concatenate([[-np.inf], steps[:, 0]])
    ends = np.concatenate([steps[:, 0], [MARGIN]])
    levels = np.concatenate([[MARGIN], steps[:, 1]])
    drawn = (mean + sigma * rng.standard_normal((DRAWS, 1, 2)) - low) / span
    gain = np.zeros(len(mean))
    for start, end, level in zip(starts, ends, levels, strict=True):
        across = np.maximum(end - np.maximum(start, drawn[..., 0]), 0.0)
        gain += (across * np.maximum(level - drawn[..., 1], 0.0)).mean(axis=0)
    middle = (mean - low) / span
    behind = np.max([np.min(middle - step, axis=1) for step in steps], axis=0)  # over the staircase's corners
    return np.asarray(np.log(gain + 1e-12 * np.exp(-np.clip(behind, 0.0, 50.0))))


def scalar(points: FloatArray, weights: FloatArray) -> FloatArray:
    """Augmented Tchebycheff scalarisation over the last axis of points whose objectives run from 0 to 1."""
    weighted = points * weights
    return np.asarray(weighted.max(axis=-1) + AUGMENT * weighted.sum(axis=-1))


def _calm(column: FloatArray) -> FloatArray:
    """Objectives whose bad half counts less: beyond the median, only the logarithm of the distance grows."""
    middle = np.median(column)
    scale = max(float(np.median(np.abs(column - middle))), 1e-12)
    over = np.maximum(column - middle, 0.0)
    return np.asarray(np.where(column > middle, middle + scale * np.log1p(over / scale), column))


def _process(kernel: Any, d: int, tuned: bool) -> Any:
    from scipy.optimize import minimize
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    def climb(objective: Any, start: FloatArray, bounds: Any) -> tuple[FloatArray, float]:
        found = minimize(
            objective, start, method="L-BFGS-B", jac=True, bounds=bounds, options={"maxiter": STEPS}
        )
        return found.x, float(found.fun)

    first = ConstantKernel(1.0, (1e-2, 1e4)) * Matern(np.full(d, 0.3 * np.sqrt(d)), (0.02, 50.0), nu=2.5)
    return GaussianProcessRegressor(
        kernel or first, alpha=JITTER, normalize_y=True, optimizer=climb if tuned else None
    )
