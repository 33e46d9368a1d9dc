"""Exact Gaussian process in NumPy, float64: conditioning on runs and predicting, with fixed hyperparameters.

Hyperparameters come from :mod:`.model_fit` (gpytorch); nothing here loads torch, so a prediction is cheap
from the first call and the same on every machine to rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..design.errors import ModelError
from .model_kernel import covariance, variance

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """What a model trains on; n rows, one per run.

    Attributes:
        x: features scaled to the unit cube (n x p).
        level: mesh level as 0.0, 1.0, ... (n,).
        y: target (n,), in its own unit.
        noise: known standard deviation of each label (n,), same unit.
        group: number of the design (n,): runs of one design at several levels share it.
    """

    x: FloatArray
    level: FloatArray
    y: FloatArray
    noise: FloatArray
    group: NDArray[np.int64]

    def rows(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> Table:
        """The rows at `index`."""
        return Table(self.x[index], self.level[index], self.y[index], self.noise[index], self.group[index])

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

    Attributes:
        h: hyperparameters by block, natural units on the standardised target.
        table: the runs it knows.
        mean, scale: standardisation of the target.
        alpha: K^-1 (y - mean) / scale, (n,).
        root: inverse of the lower Cholesky factor of K, (n x n).
    """

    h: Mapping[str, FloatArray]
    table: Table
    mean: float
    scale: float
    alpha: FloatArray
    root: FloatArray

    def predict(self, x: FloatArray, level: float | None = None) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation of the noise-free response, each (m,), target's unit.

        Args:
            x: features scaled to the unit cube (m x p).
            level: mesh level; the highest known when None.
        """
        at = np.full(len(x), self.table.top if level is None else level)
        cross = covariance(np, self.h, x, at, self.table.x, self.table.level)  # m x n
        mean = cross @ self.alpha
        projected = cross @ self.root.T  # m x n
        left = variance(np, self.h, x, at) - np.einsum("ij,ij->i", projected, projected)
        sd = np.sqrt(np.maximum(left, 1e-12))
        return self.mean + self.scale * mean, self.scale * sd

    def noise(self, level: float | None = None) -> float:
        """Learned standard deviation of a label at a mesh level (the mesh's own scatter), target's unit."""
        index = int(self.table.top if level is None else level)
        return float(self.scale * np.sqrt(self.h["noise"][min(index, len(self.h["noise"]) - 1)]))


def condition(h: Mapping[str, FloatArray], table: Table, mean: float, scale: float) -> Posterior:
    """Condition the process on a table.

    Raises:
        ModelError: when the covariance of the runs is not positive definite (damaged hyperparameters).
    """
    k = covariance(np, h, table.x, table.level, table.x, table.level)
    noise = h["noise"][table.level.astype(np.int64)] + (table.noise / scale) ** 2
    k[np.diag_indices_from(k)] += noise + 1e-8
    try:
        lower = np.linalg.cholesky(k)
    except np.linalg.LinAlgError as error:
        raise ModelError(f"the surrogate's covariance of {table.size} runs cannot be factorised") from error
    root = np.linalg.inv(lower)
    alpha = root.T @ (root @ ((table.y - mean) / scale))
    return Posterior(dict(h), table, mean, scale, alpha, root)


def log_likelihood(posterior: Posterior) -> float:
    """Log marginal likelihood of the standardised labels (for comparison with gpytorch)."""
    z = (posterior.table.y - posterior.mean) / posterior.scale
    log_det = -2.0 * float(np.log(np.diag(posterior.root)).sum())
    return -0.5 * (float(z @ posterior.alpha) + log_det + len(z) * float(np.log(2.0 * np.pi)))
