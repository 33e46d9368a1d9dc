"""The surrogate's covariance function over (features, mesh level), written once for NumPy and torch.

Kennedy and O'Hagan's autoregressive model ("Predicting the output from a complex computer code when fast
approximations are available", Biometrika 87, 2000) as one Gaussian process. For mesh levels 0, 1, ...

    y(x, level) = rho^level * f(x) + delta(x) * [level >= 1] + noise(level)

f is a constant + linear trend + Matern 5/2 with one lengthscale per feature; delta is a constant + linear
trend + a Matern on the same lengthscales. Each part that a candidate does not use is simply absent from its
hyperparameters. (Sums of one-dimensional Materns were tried on a synthetic drag function of 36 parameters:
twice the error of the product form at five times the cost.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ...trust.distances import distances

SQRT5 = math.sqrt(5.0)
#: how far a single run speaks for its neighbours beyond the trend, as a share of every feature's range.
#: Copies moved by 0.3 % give their run's drag again; designs 4 to 8 % from a run of 0.21 to 0.23 gave 0.24 to
#: 0.28, though with 0.05 here they were believed to within 0.008 (`maquette.ui.bench.audit`)
REACH = 0.01


@dataclass(frozen=True)
class KernelSpec:
    """Which parts a candidate has.

    Attributes:
        matern: Matern 5/2 over all features, one lengthscale each.
        linear: linear trend with one weight variance per feature (automatic relevance) when ``"ard"``, one
            for all (ridge) when ``"shared"``, none when "".
        relevance: prior standard deviation of the log of each feature's lengthscale around the common one; 0
            gives all features one lengthscale.
        delta: what the step between mesh levels may depend on: ``"constant"``, ``"linear"``, ``"matern"``
            (each includes the ones before); "" when the data hold one level.
    """

    matern: bool = True
    linear: str = "ard"
    relevance: float = 1.0
    delta: str = "linear"


@dataclass(frozen=True)
class Prior:
    """Normal prior of one block of log-hyperparameters (of the value itself when `log` is False)."""

    size: int
    mean: float
    sd: float
    log: bool = True


def hyperparameters(spec: KernelSpec, features: int, levels: int) -> dict[str, Prior]:
    """Blocks of hyperparameters that `spec` has, with their priors (targets are standardised).

    The common lengthscale's prior grows with the root of the number of features (Hvarfner, Hellsten and
    Nardi, "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024); each feature's own
    departs from it as far as `relevance` lets it: 36 free lengthscales overfit a hundred runs.
    """
    blocks = {"constant": Prior(1, math.log(0.5), 1.0), "noise": Prior(levels, math.log(0.02), 1.5)}
    if spec.matern:
        blocks["amplitude"] = Prior(1, math.log(0.5), 1.0)
    if spec.matern or spec.delta == "matern":
        blocks["lengthscale"] = Prior(1, 0.5 * math.log(features), 1.0)
        if spec.relevance > 0:
            blocks["relative"] = Prior(features, 0.0, spec.relevance)
    if spec.linear == "shared":
        blocks["linear"] = Prior(1, math.log(4.0 / features), 1.5)
    elif spec.linear == "ard":
        blocks["linear"] = Prior(features, math.log(4.0 / features), 1.5)
    if levels > 1 and spec.delta:
        blocks["rho"] = Prior(1, 1.0, 0.3, log=False)
        blocks["delta_constant"] = Prior(1, math.log(0.1), 1.5)
        if spec.delta in ("linear", "matern"):
            blocks["delta_linear"] = Prior(1, math.log(0.2 / features), 1.5)
        if spec.delta == "matern":
            blocks["delta_amplitude"] = Prior(1, math.log(0.03), 1.5)
    return blocks


def covariance(xp: ModuleType, h: Mapping[str, Any], xa: Any, la: Any, xb: Any, lb: Any) -> Any:
    """Prior covariance (a x b) without noise.

    Args:
        xp: ``numpy`` or ``torch``.
        h: hyperparameters in natural units (variances, lengthscales), each a 1-d array.
        xa, xb: features scaled to the unit cube, (a x p) and (b x p).
        la, lb: mesh levels as floats 0, 1, ..., (a,) and (b,).
    """
    ca, cb = xa - 0.5, xb - 0.5
    k = h["constant"] + xp.zeros_like(la)[:, None] * lb[None, :]
    if "linear" in h:
        k = k + (ca * h["linear"]) @ cb.T
    shape = None
    if "lengthscale" in h:
        reach = h["lengthscale"] * h["relative"] if "relative" in h else h["lengthscale"]
        shape = _matern(xp, distances(xp, xa / reach, xb / reach))
    if "amplitude" in h:
        k = k + h["amplitude"] * shape
    if "rho" in h:
        k = k * (h["rho"] ** la)[:, None] * (h["rho"] ** lb)[None, :]
        delta = h["delta_constant"]
        if "delta_linear" in h:
            delta = delta + h["delta_linear"] * (ca @ cb.T)
        if "delta_amplitude" in h:
            delta = delta + h["delta_amplitude"] * shape
        # independent steps 0->1, 1->2, ... : two levels share the steps below the lower of them
        k = k + delta * xp.minimum(la[:, None], lb[None, :])
    return k


def variance(xp: ModuleType, h: Mapping[str, Any], xa: Any, la: Any) -> Any:
    """Diagonal of :func:`covariance` of (xa, la) with itself, (a,)."""
    c = xa - 0.5
    k = h["constant"] + xp.zeros_like(la)
    if "linear" in h:
        k = k + ((c * h["linear"]) * c).sum(1)
    if "amplitude" in h:
        k = k + h["amplitude"]
    if "rho" in h:
        k = k * h["rho"] ** (2.0 * la)
        delta = h["delta_constant"] + xp.zeros_like(la)
        if "delta_linear" in h:
            delta = delta + h["delta_linear"] * (c * c).sum(1)
        if "delta_amplitude" in h:
            delta = delta + h["delta_amplitude"]
        k = k + delta * la
    return k


def nearness(xa: Any, la: Any, xb: Any, lb: Any) -> Any:
    """Correlation (a x b) of what two runs of one mesh level share because their designs are neighbours:
    1 at the same design, 0.5 where every feature differs by :data:`REACH` of its range."""
    import numpy as np

    reach = REACH * math.sqrt(xa.shape[1])
    return _matern(np, distances(np, xa / reach, xb / reach)) * (la[:, None] == lb[None, :])


def _matern(xp: ModuleType, r: Any) -> Any:
    """Matern correlation of smoothness 5/2 at scaled distances r."""
    s = SQRT5 * r
    return (1.0 + s + s * s / 3.0) * xp.exp(-s)
