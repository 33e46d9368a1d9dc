"""Exact Gaussian process in NumPy, float64: conditioning on runs and predicting, with fixed hyperparameters.

Hyperparameters come from :mod:`.fit` (gpytorch); nothing here loads torch, so a prediction is cheap
from the first call and the same on every machine to rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....design.arrays import BoolArray, FloatArray, IntArray
from ....design.errors import ModelError
from .kernel import covariance, nearness, variance


@dataclass(frozen=True)
class Table:
    """What a model trains on; n rows, one per run.

    Attributes:
        x: features scaled to the unit cube (n x p).
        level: mesh level as 0.0, 1.0, ... (n,).
        y: target (n,), in its own unit, or its logarithm.
        noise: known standard deviation of each label (n,), of `y`.
        group: number of the design (n,): runs of one design at several levels share it.
        log: the target is learned as its logarithm.
    """

    x: FloatArray
    level: FloatArray
    y: FloatArray
    noise: FloatArray
    group: IntArray
    log: bool = False

    def rows(self, index: BoolArray | IntArray) -> Table:
        """The rows at `index`."""
        return replace(
            self, x=self.x[index], level=self.level[index], y=self.y[index], noise=self.noise[index],
            group=self.group[index],
        )  # fmt: skip

    @property
    def truth(self) -> FloatArray:
        """The target itself (n,), in its own unit."""
        return np.exp(self.y) if self.log else self.y

    @property
    def label_noise(self) -> FloatArray:
        """Known standard deviation of each label (n,), target's unit."""
        return self.noise * self.truth if self.log else self.noise

    @property
    def size(self) -> int:
        """Number of runs."""
        return len(self.y)

    @property
    def top(self) -> float:
        """The highest mesh level: what users see."""
        return float(self.level.max())


@dataclass(frozen=True)
class Posterior:
    """A Gaussian process conditioned on a table.

    What the fit calls noise is mostly what thirty-six parameters leave unexplained: a run repeated gives its
    own label again but for the recipe's scatter. With a known scatter the rest is a part of the response that
    reaches no farther than the nearest neighbours (:func:`.kernel.nearness`): at a simulated design
    the prediction goes to what the run gave, elsewhere nothing changes.

    A positive target may be learned as its logarithm: it cannot fall below zero, and what a change of shape
    gains is a share of what is left. What is answered is in the target's own unit all the same.

    Attributes:
        h: hyperparameters by block, natural units on the standardised target.
        table: the runs it knows.
        mean, scale: standardisation of the target (of its logarithm where that is learned).
        alpha: K^-1 (y - mean) / scale, (n,).
        root: inverse of the lower Cholesky factor of K, (n x n).
        local: variance of the part of short reach, by mesh level, standardised.
    """

    h: Mapping[str, FloatArray]
    table: Table
    mean: float
    scale: float
    alpha: FloatArray
    root: FloatArray
    local: FloatArray

    def predict(self, x: FloatArray, level: float | None = None) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of the noise-free response, each (m,), target's unit.

        Args:
            x: features scaled to the unit cube (m x p).
            level: mesh level; the highest known when None.
        """
        mean, smooth, _ = self.respond(x, level)
        return mean, smooth

    def respond(self, x: FloatArray, level: float | None = None) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Mean of the response, and two standard deviations, each (m,), target's unit: of its smooth part
        alone, which tells how well the data cover a place, and of the whole, which a run would give but for
        its noise.

        Args:
            x, level: as in :meth:`predict`.
        """
        at = np.full(len(x), self.table.top if level is None else level)
        cross = covariance(np, self.h, x, at, self.table.x, self.table.level)  # m x n
        prior = variance(np, self.h, x, at)
        smooth = _left(prior, cross @ self.root.T)
        whole = smooth
        if self.local.any():
            own = self.local[at.astype(np.int64)]
            cross = cross + own[:, None] * nearness(x, at, self.table.x, self.table.level)
            whole = _left(prior + own, cross @ self.root.T)
        mean = self._natural(self.mean + self.scale * (cross @ self.alpha))
        unit = self.scale * self._slope(mean)
        return mean, unit * smooth, unit * whole

    def _natural(self, y: FloatArray) -> FloatArray:
        """The target of what was learned."""
        return np.exp(y) if self.table.log else y

    def _slope(self, value: FloatArray | float) -> FloatArray | float:
        """Change of the target per change of what was learned, where the target is `value`."""
        return value if self.table.log else 1.0

    def together(self, x: FloatArray) -> FloatArray:
        """Covariance (m x m) of the response's smooth part at places (m x p), highest level, target's unit
        squared."""
        at = np.full(len(x), self.table.top)
        seen = covariance(np, self.h, x, at, self.table.x, self.table.level) @ self.root.T
        left = covariance(np, self.h, x, at, x, at) - seen @ seen.T
        unit = self.scale * self._slope(self.predict(x)[0]) * np.ones(len(x))
        return np.asarray(unit[:, None] * left * unit, dtype=np.float64)

    def noise(self, value: FloatArray | float | None = None, level: float | None = None) -> Any:
        """Standard deviation of a label at a mesh level beyond its own known noise, target's unit: learned,
        less what :attr:`local` holds of it.

        Args:
            value: the target there, (m,) or a number; a usual one when None.
            level: the highest known when None.
        """
        index = min(int(self.table.top if level is None else level), len(self.h["noise"]) - 1)
        usual = self.usual if value is None else value
        return self.scale * np.sqrt(self.h["noise"][index] - self.local[index]) * self._slope(usual)

    @property
    def usual(self) -> float:
        """A usual value of the target: the centre of what was learned."""
        return float(self._natural(np.array([self.mean]))[0])


def condition(
    h: Mapping[str, FloatArray],
    table: Table,
    mean: float,
    scale: float,
    scatter: Sequence[float] | None = None,
) -> Posterior:
    """Condition the process on a table.

    Args:
        scatter: known standard deviation of a repeated run by mesh level, target's unit; None where the
            whole learned noise is to be taken as noise.

    Raises:
        ModelError: when the covariance of the runs is not positive definite (damaged hyperparameters).
    """
    k = covariance(np, h, table.x, table.level, table.x, table.level)
    local = np.zeros_like(h["noise"])
    if scatter is not None:
        unit = scale * (np.exp(mean) if table.log else 1.0)
        local = np.maximum(h["noise"] - (np.asarray(scatter, dtype=np.float64) / unit) ** 2, 0.0)
    level = table.level.astype(np.int64)
    if local.any():
        k += local[level][:, None] * nearness(table.x, table.level, table.x, table.level)
    noise = h["noise"][level] - local[level] + (table.noise / scale) ** 2
    k[np.diag_indices_from(k)] += noise + 1e-8
    try:
        lower = np.linalg.cholesky(k)
    except np.linalg.LinAlgError as error:
        raise ModelError(f"the surrogate's covariance of {table.size} runs cannot be factorised") from error
    root = np.linalg.inv(lower)
    alpha = root.T @ (root @ ((table.y - mean) / scale))
    return Posterior(dict(h), table, mean, scale, alpha, root, local)


def _left(prior: FloatArray, projected: FloatArray) -> FloatArray:
    """Standard deviation that remains of a prior variance (m,) after the data, whose share of it is the sum
    of the squares of `projected` (m x n)."""
    return np.asarray(np.sqrt(np.maximum(prior - np.einsum("ij,ij->i", projected, projected), 1e-12)))


def log_likelihood(posterior: Posterior) -> float:
    """Log marginal likelihood of the standardised labels (for comparison with gpytorch)."""
    z = (posterior.table.y - posterior.mean) / posterior.scale
    log_det = -2.0 * float(np.log(np.diag(posterior.root)).sum())
    return -0.5 * (float(z @ posterior.alpha) + log_det + len(z) * float(np.log(2.0 * np.pi)))
