"""A Gaussian process on a table: linear trend, Matern-5/2 with a length for each column, noise.

Hyperparameters by the marginal likelihood with analytic gradients (Rasmussen and Williams, "Gaussian
Processes for Machine Learning", 2006, equation 5.9) under mild priors, on at most `LEARNED_ON` rows; answers
from at most `KEPT` rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....design.arrays import AnyArray, FloatArray

LEARNED_ON = 600  # rows: one step of the search takes some 20 ms
KEPT = 2_500  # rows: 50 MB and a second for the factor
STEPS = 60
_LONGEST = 8.0  # natural logarithm of the largest length, in standard deviations of a column
_LEAST_NOISE = 1e-6
_BLOCK = 2_048  # rows answered at once


def fit(z: FloatArray, u: FloatArray, seed: int) -> dict[str, AnyArray]:
    """Weights from standardised columns `z` (n x p) and target `u` (n,)."""
    from scipy.linalg import cho_factor, cho_solve
    from scipy.optimize import minimize

    mean, scale = float(u.mean()), float(u.std()) or 1.0
    v = (u - mean) / scale
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(z))
    few, kept = np.sort(order[:LEARNED_ON]), np.sort(order[:KEPT])
    p = z.shape[1]
    start = np.concatenate([np.full(p, 0.5 * np.log(p) + 0.5), [0.0, -4.0, np.log(0.1)]])
    bounds = [(-2.0, _LONGEST)] * p + [(-8.0, 5.0), (-12.0, 3.0), (np.log(_LEAST_NOISE), 1.0)]
    found = minimize(
        loss,
        start,
        args=(z[few], v[few], start),
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"maxiter": STEPS},
    )
    theta = np.asarray(found.x, dtype=np.float64)
    k = _kernel(theta, z[kept], z[kept])[0]
    k[np.diag_indices_from(k)] += np.exp(theta[-1]) + _LEAST_NOISE
    dual = cho_solve(cho_factor(k, lower=True), v[kept])
    return {"theta": theta, "rows": z[kept], "dual": dual, "level": np.array([mean, scale])}


def answer(weights: Mapping[str, AnyArray], z: FloatArray) -> FloatArray:
    """Predicted target of rows `z` (m x p), shape (m,)."""
    mean, scale = weights["level"]
    found = [
        _kernel(weights["theta"], z[i : i + _BLOCK], weights["rows"])[0] @ weights["dual"]
        for i in range(0, len(z), _BLOCK)
    ]
    return np.asarray(mean + scale * np.concatenate([np.zeros(0), *found]))


def _kernel(theta: FloatArray, a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Covariance (m x n), its Matern part, and what the lengths' gradient multiplies."""
    lengths = np.exp(-theta[:-3])
    signal, linear = np.exp(theta[-3]), np.exp(theta[-2])
    p, q = a * lengths, b * lengths
    squared = (p * p).sum(1)[:, None] + (q * q).sum(1)[None] - 2.0 * (p @ q.T)
    r = np.sqrt(5.0 * np.maximum(squared, 0.0))
    faded = signal * np.exp(-r)
    matern = (1.0 + r + r * r / 3.0) * faded
    return matern + linear * (a @ b.T), matern, (5.0 / 3.0) * (1.0 + r) * faded


def loss(theta: FloatArray, z: FloatArray, v: FloatArray, prior: FloatArray) -> tuple[float, FloatArray]:
    """Negative logarithm of the posterior of the hyperparameters, and its gradient."""
    from scipy.linalg.lapack import dpotrf, dpotri

    n, p = z.shape
    k, matern, steep = _kernel(theta, z, z)
    noise = np.exp(theta[-1])
    k[np.diag_indices(n)] += noise + _LEAST_NOISE
    factor, failed = dpotrf(k, lower=True)
    if failed:
        return 1e10, np.zeros_like(theta)
    logarithm = float(np.log(np.diag(factor)).sum())
    inverse, _ = dpotri(factor, lower=True)
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    dual = inverse @ v
    w = np.outer(dual, dual) - inverse  # the gradient is -1/2 trace(w dK)
    gradient = np.empty_like(theta)
    s = w * steep
    scaled = z * np.exp(-theta[:-3])
    sums = s.sum(1)
    gradient[:p] = -((sums[:, None] * scaled * scaled).sum(0) - (scaled * (s @ scaled)).sum(0))
    gradient[p] = -0.5 * (w * matern).sum()
    gradient[p + 1] = -0.5 * np.exp(theta[-2]) * ((z * (w @ z)).sum())
    gradient[p + 2] = -0.5 * noise * np.trace(w)
    off = (theta - prior) / np.concatenate([np.full(p, 1.5), [1.5, 3.0, 2.0]])
    spread = np.concatenate([np.full(p, 1.5), [1.5, 3.0, 2.0]])
    return 0.5 * float(v @ dual) + logarithm + 0.5 * float(off @ off), gradient + off / spread
