"""Linear and quadratic ridge regression; the penalty by generalised cross-validation.

Golub, Heath and Wahba, "Generalized cross-validation as a method for choosing a good ridge parameter",
Technometrics 21, 1979.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....design.arrays import AnyArray, FloatArray

MOST_TERMS = 1_500  # of the quadratic: 12 MB of normal equations, some seconds
_PENALTIES = np.logspace(-6, 4, 41)  # times the number of rows


def fit_linear(z: FloatArray, u: FloatArray, seed: int = 0) -> dict[str, AnyArray]:
    """Weights of the plain linear model (n x p), (n,)."""
    return _fit(z, u, z.shape[1])


def fit_quadratic(z: FloatArray, u: FloatArray, seed: int = 0) -> dict[str, AnyArray]:
    """Weights of the model with squares and products, of the columns that matter most when there are many."""
    own = np.abs(_fit(z, u, z.shape[1])["slopes"])
    most = int((np.sqrt(8 * MOST_TERMS + 9) - 3) / 2)
    crossed = np.sort(np.argsort(-own, kind="stable")[:most])
    return {**_fit(_terms(z, crossed), u, z.shape[1]), "crossed": crossed.astype(np.int64)}


def answer(weights: Mapping[str, AnyArray], z: FloatArray) -> FloatArray:
    """Predicted target of rows `z` (m x p), shape (m,)."""
    x = _terms(z, weights["crossed"]) if "crossed" in weights else z
    return np.asarray(weights["level"][0] + (x - weights["middle"]) @ weights["slopes"])


def _terms(z: FloatArray, crossed: AnyArray) -> FloatArray:
    c = np.clip(z[:, crossed], -8.0, 8.0)
    i, j = np.triu_indices(c.shape[1])
    return np.hstack([z, c[:, i] * c[:, j]])


def _fit(x: FloatArray, u: FloatArray, plain: int) -> dict[str, AnyArray]:
    """Ridge with the penalty that generalised cross-validation likes best; products are scaled alike."""
    middle, level = x.mean(0), float(u.mean())
    centred, v = x - middle, u - level
    scale = np.maximum(centred.std(0), 1e-9)
    n = len(u)
    if n > 4 * x.shape[1]:  # a tenth of the time of the singular values, and exact enough under a penalty
        squares, vectors = np.linalg.eigh((centred / scale).T @ (centred / scale))
        s, t = np.sqrt(np.maximum(squares, 1e-12 * squares[-1])), vectors.T
        share = (t @ ((centred / scale).T @ v)) / s
    else:
        q, s, t = np.linalg.svd(centred / scale, full_matrices=False)
        share = q.T @ v
    rest = float(v @ v - share @ share)
    best, slopes = np.inf, np.zeros(x.shape[1])
    for penalty in _PENALTIES * n:
        kept = s * s / (s * s + penalty)
        freedom = n - 1 - float(kept.sum())
        if freedom < 0.02 * n:
            continue
        score = (rest + float((((1 - kept) * share) ** 2).sum())) / freedom**2
        if score < best:
            best, slopes = score, (t.T @ (share * s / (s * s + penalty))) / scale
    return {"middle": middle, "slopes": slopes, "level": np.array([level])}
