"""Making an interval mean what it says: split-free conformal scaling of the process's own sigma.

Cross-validation gives, for every held-out run, residual / predicted sigma. The interval is scaled so that
the conformal 90 % quantile of those ratios becomes its half width (normalised jackknife; Barber, Candes,
Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of Statistics 49, 2021). Sigma
then varies with the design as the process says, and the coverage is what was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from .prediction import COVERAGE, HALF_WIDTH

#: fewer held-out runs than this at the top mesh level: ratios of all levels are pooled
ENOUGH = 60


@dataclass(frozen=True)
class Calibration:
    """How the process's sigma becomes the interval.

    Attributes:
        factor: what sigma is multiplied with.
        raw_coverage: share of held-out top-level runs inside the uncalibrated 90 % interval.
        coverage: the same with the calibrated interval, each run judged by a factor that does not know it.
        coverage_all: like `coverage` over the runs of all levels.
        runs, runs_all: how many runs these shares are of.
    """

    factor: float
    raw_coverage: float
    coverage: float
    coverage_all: float
    runs: int
    runs_all: int


def calibrate(residual: FloatArray, sigma: FloatArray, top: BoolArray) -> Calibration:
    """Calibration from held-out residuals and the sigmas predicted for them, each (n,).

    With fewer than `ENOUGH` runs at the top level the other levels' runs are taken in, with half of the
    total weight: the 90 % quantile of thirty ratios alone is hardly better known than their largest.

    Args:
        top: which rows are of the mesh level that users see.
    """
    ratio = np.abs(residual) / sigma
    factor = _factor(ratio, top)
    kept = np.ones(len(ratio), dtype=np.bool_)
    covered = np.empty(len(ratio), dtype=np.bool_)
    for i in range(len(ratio)):
        kept[i] = False
        covered[i] = ratio[i] <= HALF_WIDTH * _factor(ratio[kept], top[kept])
        kept[i] = True
    return Calibration(
        factor=factor,
        raw_coverage=float((ratio[top] <= HALF_WIDTH).mean()),
        coverage=float(covered[top].mean()),
        coverage_all=float(covered.mean()),
        runs=int(top.sum()),
        runs_all=len(ratio),
    )


def conformal_quantile(
    ratio: FloatArray, weight: FloatArray, fresh: float, coverage: float = COVERAGE
) -> float:
    """The weighted conformal quantile; the largest ratio when there are too few for one.

    With equal weights it is the ceil((n + 1) coverage)-th smallest ratio (Tibshirani, Barber, Candes and
    Ramdas, "Conformal prediction under covariate shift", NeurIPS 2019, for the weights).

    Args:
        weight: weight of each ratio (n,); fresh: weight of the run to be predicted.
    """
    order = np.argsort(ratio, kind="stable")
    reached = np.cumsum(weight[order]) / (weight.sum() + fresh)
    index = int(np.searchsorted(reached, coverage - 1e-12))
    return float(ratio[order[min(index, len(ratio) - 1)]])


def _factor(ratio: FloatArray, top: BoolArray) -> float:
    count, others = int(top.sum()), int((~top).sum())
    if count >= ENOUGH or others == 0:
        weight = top.astype(np.float64)
    else:
        weight = np.where(top, 0.5 / max(count, 1), 0.5 / others)
    return conformal_quantile(ratio, weight, float(weight[top].mean()) if count else 0.0) / HALF_WIDTH
