"""What a surrogate answers: a value that carries its interval, its domain check and its evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from ...design.errors import InputError

#: share of fresh simulated designs that an interval is meant to hold
COVERAGE = 0.9
#: half width of a central `COVERAGE` interval in standard deviations of a normal distribution
HALF_WIDTH = NormalDist().inv_cdf(0.5 + COVERAGE / 2)


@dataclass(frozen=True)
class Evidence:
    """One simulated design near the one asked for.

    Attributes:
        run_id: id of the run, as in the shipped data.
        fidelity: of that run.
        distance: distance between the designs; every parameter is measured in its own range and weighted
            by how much it moves the study's first output (one that moves it most counts 1 from end to end).
        value: what the run gave for the quantity (at `fidelity`, so a coarse value carries its bias).
    """

    run_id: str
    fidelity: str
    distance: float
    value: float


@dataclass(frozen=True)
class Prediction:
    """A predicted quantity of one design.

    Attributes:
        quantity, unit: what it is (``drag_coefficient``, ``1``).
        value: best estimate of what the study at the model's fidelity would give.
        lower, upper: interval that held `coverage` of held-out simulated designs in cross-validation;
            widened when the design is outside the domain.
        sigma: the calibrated standard deviation; `lower` and `upper` are `value` -+ `HALF_WIDTH` * sigma.
        coverage: nominal coverage of the interval.
        in_domain: False where the training data cannot vouch for the answer: simulate instead.
        distance: 1 at the domain's edge, larger outside.
        reason: why the design is outside, in words; "" inside.
        evidence: the nearest simulated designs.
        model: name and version of the model that answered.
        own_runs: how many of the runs that it learned from are the user's own.
    """

    quantity: str
    value: float
    unit: str
    lower: float
    upper: float
    sigma: float
    coverage: float
    in_domain: bool
    distance: float
    reason: str
    evidence: tuple[Evidence, ...]
    model: str
    own_runs: int = 0

    def probability(self, at_most: float | None = None, at_least: float | None = None) -> float:
        """P(at_least <= quantity <= at_most), consistent with the interval (normal, `sigma`).

        Raises:
            InputError: when neither limit is given.
        """
        if at_most is None and at_least is None:
            raise InputError(f"probability of {self.quantity} needs a limit: at_most, at_least or both")
        normal = NormalDist(self.value, self.sigma)
        above = 1.0 if at_most is None else normal.cdf(at_most)
        below = 0.0 if at_least is None else normal.cdf(at_least)
        return max(0.0, above - below)

    def bound(self, confidence: float) -> float:
        """The value that the quantity stays below with probability `confidence` (0 to 1, exclusive)."""
        return NormalDist(self.value, self.sigma).inv_cdf(confidence)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class Batch:
    """Predictions of n designs at once, as the search needs them.

    Attributes:
        value, sigma: by quantity, arrays of shape (n,).
        in_domain, distance: shape (n,).
    """

    value: dict[str, FloatArray]
    sigma: dict[str, FloatArray]
    in_domain: BoolArray
    distance: FloatArray

    def interval(self, quantity: str) -> tuple[FloatArray, FloatArray]:
        """Lower and upper ends of the `COVERAGE` interval, each (n,)."""
        half = HALF_WIDTH * self.sigma[quantity]
        return self.value[quantity] - half, self.value[quantity] + half

    def probability(
        self, quantity: str, at_most: float | None = None, at_least: float | None = None
    ) -> FloatArray:
        """P(at_least <= quantity <= at_most) of every row, shape (n,).

        Raises:
            InputError: when neither limit is given.
        """
        if at_most is None and at_least is None:
            raise InputError(f"probability of {quantity} needs a limit: at_most, at_least or both")
        from scipy.special import ndtr

        value, sigma = self.value[quantity], self.sigma[quantity]
        above = np.ones_like(value) if at_most is None else ndtr((at_most - value) / sigma)
        below = np.zeros_like(value) if at_least is None else ndtr((at_least - value) / sigma)
        return np.asarray(np.maximum(0.0, above - below), dtype=np.float64)
