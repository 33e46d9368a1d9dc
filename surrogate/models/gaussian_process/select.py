"""Choosing the model by cross-validation that holds out whole designs, at every mesh level.

Imports torch (through :mod:`.fit`), so only training imports this module, and inside functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ....design.arrays import FloatArray, IntArray
from ....design.statistics import r_squared
from .fit import fit
from .kernel import KernelSpec
from .process import Posterior, Table

#: what competes; the winner is shipped, all scores are recorded
CANDIDATES: dict[str, KernelSpec] = {
    "linear trend": KernelSpec(matern=False, linear="ard"),
    "ridge + isotropic matern": KernelSpec(linear="shared", relevance=0.0),
    "linear trend + isotropic matern": KernelSpec(linear="ard", relevance=0.0),
    "matern, shrunk lengthscales": KernelSpec(linear="", relevance=0.5),
    "matern, free lengthscales": KernelSpec(linear="", relevance=1.7),
    "linear trend + matern": KernelSpec(linear="ard", relevance=1.7),
}
RIDGE_PENALTIES = 10.0 ** np.arange(-3.0, 3.1, 0.5)

#: a baseline: (training table, features m x p, levels m) -> prediction (m,)
Baseline = Callable[[Table, FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class HeldOut:
    """Predictions of every run by models that never saw its design at any level.

    Attributes:
        mean: prediction at the run's own level (n,).
        sigma: predicted standard deviation of the run's label, noise included (n,).
        sigma_top: noise-free standard deviation of the run's design at the top level (n,).
    """

    mean: FloatArray
    sigma: FloatArray
    sigma_top: FloatArray


@dataclass(frozen=True)
class Score:
    """Held-out errors over some runs: mean absolute, root mean square, and R2."""

    mae: float
    rmse: float
    r2: float
    runs: int


def folds_of(table: Table, count: int, seed: int) -> IntArray:
    """Fold of each run (n,): runs of one design share it, and designs of the top level spread evenly.

    With `count` equal to the number of top-level designs, each of these is left out alone.
    """
    rng = np.random.default_rng(seed)
    top = np.unique(table.group[table.level == table.top])
    rest = np.setdiff1d(np.unique(table.group), top)
    order = np.concatenate([rng.permutation(top), rng.permutation(rest)])
    fold = {int(g): i % count for i, g in enumerate(order)}
    return np.array([fold[int(g)] for g in table.group], dtype=np.int64)


def cross_validate(table: Table, spec: KernelSpec, folds: IntArray, restarts: int = 1) -> HeldOut:
    """Fit without each fold in turn (hyperparameters included) and predict it."""
    mean, sigma, sigma_top = (np.empty(table.size) for _ in range(3))
    for fold in np.unique(folds):
        out = folds == fold
        posterior = fit(table.rows(~out), spec, restarts)
        mean[out], sigma[out], sigma_top[out] = predict_rows(posterior, table.rows(out))
    return HeldOut(mean, sigma, sigma_top)


def cross_validate_baseline(table: Table, baseline: Baseline, folds: IntArray) -> FloatArray:
    """Held-out predictions (n,) of a baseline on the same folds."""
    mean = np.empty(table.size)
    for fold in np.unique(folds):
        out = folds == fold
        mean[out] = baseline(table.rows(~out), table.x[out], table.level[out])
    return mean


def score(truth: FloatArray, mean: FloatArray) -> Score:
    """Errors of held-out predictions."""
    error = mean - truth
    rmse = float(np.sqrt((error**2).mean()))
    return Score(float(np.abs(error).mean()), rmse, r_squared(truth, mean), len(truth))


# -- baselines -----------------------------------------------------------------------------------------


def mean_baseline(table: Table, x: FloatArray, level: FloatArray) -> FloatArray:
    """The mean of the training runs of the same level."""
    means = {float(v): float(table.y[table.level == v].mean()) for v in np.unique(table.level)}
    return np.array([means.get(float(v), float(table.y.mean())) for v in level])


def linear_baseline(table: Table, x: FloatArray, level: FloatArray) -> FloatArray:
    """Ridge regression on features and level; penalty by the closed leave-one-out error."""
    design = np.column_stack([table.x, table.level])
    centre, y_mean = design.mean(0), table.y.mean()
    u, s, vt = np.linalg.svd(design - centre, full_matrices=False)
    y = table.y - y_mean
    uy = u.T @ y
    best, weights = np.inf, np.zeros(design.shape[1])
    for penalty in RIDGE_PENALTIES:
        shrink = s**2 / (s**2 + penalty)
        leverage = (u**2 * shrink).sum(1) + 1.0 / len(y)
        loo = (y - u @ (shrink * uy)) / (1.0 - np.minimum(leverage, 0.999))
        if (error := float((loo**2).mean())) < best:
            best, weights = error, vt.T @ (s / (s**2 + penalty) * uy)
    return np.asarray((np.column_stack([x, level]) - centre) @ weights + y_mean)


def network_ensemble(table: Table, x: FloatArray, level: FloatArray, members: int = 3) -> FloatArray:
    """Mean of a small ensemble of two-layer networks in torch (weight decay, fixed steps and seeds)."""
    scale = float(table.y.std()) or 1.0
    inputs = torch.from_numpy(np.column_stack([table.x - 0.5, table.level])).float()
    target = torch.from_numpy((table.y - table.y.mean()) / scale).float()
    query = torch.from_numpy(np.column_stack([x - 0.5, level])).float()
    total = np.zeros(len(x))
    with torch.random.fork_rng(devices=[]):
        for member in range(members):
            torch.manual_seed(member)
            net = torch.nn.Sequential(
                torch.nn.Linear(inputs.shape[1], 48),
                torch.nn.SiLU(),
                torch.nn.Linear(48, 48),
                torch.nn.SiLU(),
                torch.nn.Linear(48, 1),
            )
            optimiser = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.3)
            for _ in range(200):
                optimiser.zero_grad()
                loss = ((net(inputs)[:, 0] - target) ** 2).mean()
                loss.backward()
                optimiser.step()
            with torch.no_grad():
                total += net(query)[:, 0].double().numpy()
    return np.asarray(total / members * scale + table.y.mean())


BASELINES: dict[str, Baseline] = {
    "mean": mean_baseline,
    "linear (ridge)": linear_baseline,
}


def predict_rows(posterior: Posterior, rows: Table) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of held-out rows: mean, sigma with noise, noise-free sigma at the top level, each (n,)."""
    mean, sigma = np.empty(rows.size), np.empty(rows.size)
    for value in np.unique(rows.level):
        at = rows.level == value
        mean[at], sd = posterior.predict(rows.x[at], float(value))
        noise = posterior.noise(mean[at], float(value))
        sigma[at] = np.sqrt(sd**2 + noise**2 + rows.label_noise[at] ** 2)
    return mean, sigma, posterior.predict(rows.x)[1]
