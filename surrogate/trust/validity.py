"""Inside or outside: may the training data vouch for an answer about this design?

Three questions, each with a limit taken from the training data itself; the design is outside when any limit
is exceeded, and its `distance` is the largest ratio to a limit (1 is the edge):

* **range**: is every parameter that shapes the hull within what was simulated? In 36 dimensions the
  extremes of a few hundred designs fall short of the true range, so each end gets a slack that a design
  drawn from the same distribution exceeds with probability 1 % over all ends together.
* **neighbours**: is the mean distance to the `NEIGHBOURS` nearest simulated designs within the 99th
  percentile of the same distance between the simulated designs themselves? Parameters are weighted by how
  much they move the study's first output, so the position of a parameter that does nothing neither excuses
  nor condemns.
* **sigma**: is the process's own uncertainty within the 99th percentile of what it said of held-out designs?
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ...design.arrays import FloatArray, IntArray
from ...design.messages import listed, say, spelt
from .distances import distances

NEIGHBOURS = 5
VALUE = "value"  # the ratio that says how far a prediction lies beyond every simulated value
PERCENTILE = 99.0
#: a parameter that does not move it still counts this much of the one that moves it most
LEAST_WEIGHT = 0.1
#: over this excess of `distance` beyond 1 the interval grows to that of knowing only the mean label
FADE = 0.25


@dataclass(frozen=True)
class Domain:
    """Limits of validity; d parameters in the unit cube, N simulated designs.

    Attributes:
        names: parameter names (d).
        weight: weight of each parameter in distances (d,), at most 1; 0 where it cannot matter.
        low, high: range of the simulated designs (d,).
        slack: how far beyond it counts as inside (d,).
        anchors: simulated designs (N x d).
        reach: limit of the mean distance to the nearest neighbours.
        sigma: limit of the noise-free standard deviation, by target.
    """

    names: tuple[str, ...]
    weight: FloatArray
    low: FloatArray
    high: FloatArray
    slack: FloatArray
    anchors: FloatArray
    reach: float
    sigma: dict[str, float]

    def ratios(self, unit: FloatArray, sigma: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """Each question's value over its limit, (m,) each.

        Args:
            unit: designs in the unit cube (m x d).
            sigma: noise-free standard deviation by target, (m,) each.
        """
        beyond = self._beyond(unit)
        near = self.nearest(unit, NEIGHBOURS)[1].mean(1)
        spread = np.max([sigma[t] / limit for t, limit in self.sigma.items()], axis=0)
        return {"range": np.maximum(beyond.max(1), 0.0), "neighbours": near / self.reach, "sigma": spread}

    def nearest(self, unit: FloatArray, count: int) -> tuple[IntArray, FloatArray]:
        """Indices (m x count) of the nearest anchors and their distances (m x count), nearest first."""
        d = distances(np, unit * self.weight, self.anchors * self.weight)
        count = min(count, d.shape[1])
        order = np.argsort(d, axis=1, kind="stable")[:, :count]
        return order, np.take_along_axis(d, order, axis=1)

    def explain(self, unit: FloatArray, ratios: dict[str, FloatArray]) -> str:
        """Why the first design is outside, in words; "" when it is inside."""
        reasons = []
        if ratios["range"][0] > 1:
            beyond = self._beyond(unit)[0]
            worst = [self.names[j] for j in np.argsort(-beyond) if beyond[j] > 1]
            reasons.append(
                say("{names} beyond every simulated design", names=listed(map(spelt, worst[:3]), ", "))
            )
        if ratios["neighbours"][0] > 1:
            more = 100 * (ratios["neighbours"][0] - 1)
            reasons.append(
                say("nearest simulated designs {more:.0f} % further away than the limit", more=more)
            )
        if ratios["sigma"][0] > 1:
            more = 100 * (ratios["sigma"][0] - 1)
            reasons.append(say("the model's own uncertainty {more:.0f} % above the limit", more=more))
        if VALUE in ratios and ratios[VALUE][0] > 1:
            reasons.append(say("the prediction lies beyond every simulated value"))
        return listed(reasons, "; ") if reasons else ""

    def _beyond(self, unit: FloatArray) -> FloatArray:
        """How far each parameter is beyond the simulated range, in slacks (m x d); 0 if it cannot matter."""
        beyond = np.maximum(self.low - unit, unit - self.high) / self.slack
        return np.where(self.weight > 0, beyond, 0.0)

    def with_anchors(self, unit: FloatArray) -> Domain:
        """The domain grown by newly simulated designs (m x d); limits stay."""
        return replace(
            self,
            anchors=np.vstack([self.anchors, unit]),
            low=np.minimum(self.low, unit.min(0)),
            high=np.maximum(self.high, unit.max(0)),
        )


def fit_domain(
    names: tuple[str, ...], unit: FloatArray, relevance: FloatArray, sigma: dict[str, FloatArray]
) -> Domain:
    """Limits from the simulated designs.

    Args:
        unit: simulated designs, each once, in the unit cube (N x d).
        relevance: how much each parameter moves the study's first output (d,), any scale, 0 where it cannot.
        sigma: noise-free standard deviations of held-out designs, by target.
    """
    count, dimensions = unit.shape
    weight = np.maximum(relevance / max(float(relevance.max()), 1e-12), LEAST_WEIGHT)
    weight = np.where(relevance > 0, weight, 0.0)
    low, high = unit.min(0), unit.max(0)
    gap = min(0.5, math.log(2 * dimensions / 0.01) / count)
    slack = gap * np.maximum(high - low, 0.05)
    scaled = unit * weight
    between = distances(np, scaled, scaled)
    np.fill_diagonal(between, np.inf)
    k = min(NEIGHBOURS, count - 1)
    own = np.sort(between, axis=1)[:, :k].mean(1)
    return Domain(
        names=names,
        weight=weight,
        low=low,
        high=high,
        slack=slack,
        anchors=unit,
        reach=float(np.percentile(own, PERCENTILE)),
        sigma={t: float(np.percentile(s, PERCENTILE)) for t, s in sigma.items()},
    )


def widened(sigma: FloatArray, distance: FloatArray, spread: float) -> FloatArray:
    """Sigma outside the domain: grows with the distance and fades into the spread of all labels.

    Continuous at the edge, so that a search feels no step.

    Args:
        sigma: calibrated standard deviation (m,).
        distance: as :class:`Domain` says, 1 at the edge (m,).
        spread: standard deviation of the training labels.
    """
    fade = np.clip((distance - 1.0) / FADE, 0.0, 1.0)
    return np.asarray(np.hypot(sigma * np.maximum(distance, 1.0), spread * fade))
