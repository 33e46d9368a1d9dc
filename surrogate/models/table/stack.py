"""Members weighed together, and intervals that hold what they say; judged on rows that neither knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....design.arrays import FloatArray, IntArray
from ...trust.calibration import conformal_quantile
from ...trust.prediction import COVERAGE

_LEAST = 0.03  # a smaller weight is none
_ENOUGH = 60  # held-out rows from which the interval's width varies from row to row


def weigh(answers: FloatArray, y: FloatArray) -> FloatArray:
    """Weights (k,), at least zero, together one, for answers (n x k): least squares, far rows damped.

    The best member alone when no mixture is better.
    """
    from scipy.optimize import nnls

    errors = ((answers - y[:, None]) ** 2).mean(0)
    weights = np.full(answers.shape[1], 1.0 / answers.shape[1])
    for _ in range(4):
        residual = y - answers @ weights
        limit = 6.0 * float(np.median(np.abs(residual))) + 1e-300
        damp = np.sqrt(np.minimum(1.0, limit / np.maximum(np.abs(residual), 1e-300)))
        level = float(y.mean())
        size = float(y.std()) or 1.0
        one = 10.0 * np.sqrt(len(y)) * np.ones((1, answers.shape[1]))  # asks for a sum of one
        found, _ = nnls(
            np.vstack([(answers - level) / size * damp[:, None], one]),
            np.concatenate([(y - level) / size * damp, [float(one[0, 0])]]),
        )
        found = np.where(found < _LEAST * found.sum(), 0.0, found)
        weights = found / found.sum()
    if ((answers @ weights - y) ** 2).mean() >= errors.min():
        weights = np.eye(answers.shape[1])[int(np.argmin(errors))]
    return np.asarray(weights)


@dataclass(frozen=True)
class Interval:
    """How wide a prediction's interval is: `factor` times exp(`slopes` . what is known of the row).

    Attributes:
        slopes: of constant, logarithm of the members' disagreement, prediction and its square; zeros for a
            width that is the same everywhere.
        level, size: mean and standard deviation of the target.
        least, most: bounds of the varying part. factor: conformal quantile of the ratios.
    """

    slopes: FloatArray
    level: float
    size: float
    least: float
    most: float
    factor: float

    def half(self, value: FloatArray, disagreement: FloatArray) -> FloatArray:
        """Half widths (m,)."""
        return self.factor * self._relative(value, disagreement)

    def _relative(self, value: FloatArray, disagreement: FloatArray) -> FloatArray:
        said = np.exp(_known(value, disagreement, self.level, self.size) @ self.slopes)
        return np.asarray(np.clip(said, self.least, self.most))


def fit_interval(
    value: FloatArray, disagreement: FloatArray, residual: FloatArray, level: float, size: float
) -> Interval:
    """The interval from held-out predictions, the members' disagreement about them and residuals, (n,) each.

    Split-free conformal: the width's shape by regression of the residuals' logarithm, its scale the conformal
    quantile of residual over shape (Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free
    predictive inference for regression", JASA 113, 2018, section 5.2).
    """
    error = np.abs(residual)
    if len(error) < _ENOUGH or np.median(error) <= 0:
        factor = conformal_quantile(error, np.ones(len(error)), 1.0, COVERAGE)
        return Interval(np.zeros(4), level, size, 1.0, 1.0, factor)
    known = _known(value, disagreement, level, size)
    target = np.log(np.maximum(error, 0.05 * float(np.median(error))))
    bound = np.diag([0.0, 1.0, 1.0, 1.0]) * 0.02 * len(error)
    slopes = np.asarray(np.linalg.solve(known.T @ known + bound, known.T @ target), dtype=np.float64)
    said = np.exp(known @ slopes)
    shaped = Interval(
        slopes, level, size, float(np.quantile(said, 0.05)), float(np.quantile(said, 0.95)), 1.0
    )
    ratio = error / shaped.half(value, disagreement)
    factor = conformal_quantile(ratio, np.ones(len(ratio)), 1.0, COVERAGE)
    return Interval(slopes, level, size, shaped.least, shaped.most, factor)


def _known(value: FloatArray, disagreement: FloatArray, level: float, size: float) -> FloatArray:
    p = np.clip((value - level) / size, -4.0, 4.0)
    d = np.log(np.maximum(disagreement, 1e-4 * size) / size)
    return np.column_stack([np.ones(len(p)), d, p, p * p])


def disagreement(answers: FloatArray) -> FloatArray:
    """Standard deviation among the members (n x k) of each row, shape (n,)."""
    return np.asarray(answers.std(1))


@dataclass(frozen=True)
class Stacked:
    """What cross-validation says of a stack, each row judged by weights and widths that do not know it."""

    weights: FloatArray
    interval: Interval
    value: FloatArray
    half: FloatArray


def stack(answers: FloatArray, y: FloatArray, fold: IntArray) -> Stacked:
    """Weights and interval from held-out answers (n x k), the target (n,) and each row's fold (n,)."""
    level, size = float(y.mean()), float(y.std()) or 1.0
    apart = disagreement(answers)
    value, half = np.empty(len(y)), np.empty(len(y))
    for f in np.unique(fold):
        rest = fold != f
        value[~rest] = answers[~rest] @ weigh(answers[rest], y[rest])
    for f in np.unique(fold):
        rest = fold != f
        found = fit_interval(value[rest], apart[rest], (y - value)[rest], level, size)
        half[~rest] = found.half(value[~rest], apart[~rest])
    interval = fit_interval(value, apart, y - value, level, size)
    return Stacked(weigh(answers, y), interval, value, half)
