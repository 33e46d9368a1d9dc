"""Signed margins: how far a value is from its limit, divided by the limit's scale. At or below 0 passes.

The functions take arrays as well as numbers, so that the search screens thousands of designs by the very
rule that :mod:`.assess` judges one design with.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from .quantity import Quantity
from .requirement import Requirement, limit_scale

#: an exact limit (a lock, "at least" equal to "at most") is met within this share of the limit's scale
EXACT = 1e-4
#: smallest margin of a prediction that the surrogate's domain does not cover
OUTSIDE = 0.01
#: further margin per unit of distance beyond the domain's edge
OUTSIDE_SLOPE = 0.1


def measured_margin(requirement: Requirement, value: FloatArray, quantity: Quantity) -> FloatArray:
    """Margin of known values, the same shape as `value`: the worse of the two sides."""
    return np.asarray(np.max([m for m, _ in _sides(requirement, value, value, quantity)], axis=0), np.float64)


def predicted_margin(
    requirement: Requirement,
    value: FloatArray,
    sigma: FloatArray,
    in_domain: BoolArray,
    distance: FloatArray,
    quantity: Quantity,
) -> FloatArray:
    """Margin of normal predictions, the same shape as `value`.

    The limit must hold with the requirement's confidence: the margin is that of the value which the quantity
    stays on the right side of with that probability, never of the mean. Outside the domain nothing passes.
    """
    reach = NormalDist().inv_cdf(requirement.confidence) * sigma
    margin = np.max([m for m, _ in _sides(requirement, value + reach, value - reach, quantity)], axis=0)
    if requirement.at_least is not None and requirement.at_most is not None:
        lacking = requirement.confidence - probability(requirement, value, sigma)
        margin = np.where(lacking > 0.0, np.maximum(margin, lacking), margin)
    outside = OUTSIDE + OUTSIDE_SLOPE * np.maximum(0.0, distance - 1.0)
    return np.asarray(np.where(in_domain, margin, np.maximum(margin, outside)), dtype=np.float64)


def probability(requirement: Requirement, value: FloatArray, sigma: FloatArray) -> FloatArray:
    """P(the limits hold) of normal predictions."""
    above = 1.0 if requirement.at_most is None else _cdf((requirement.at_most - value) / sigma)
    below = 0.0 if requirement.at_least is None else _cdf((requirement.at_least - value) / sigma)
    return np.maximum(0.0, above - below) * np.ones_like(value)


def worst_limit(requirement: Requirement, value: float, quantity: Quantity) -> float:
    """The limit that a value is nearest to breaking, or breaks most."""
    point = np.array([value])
    return max((float(m[0]), limit) for m, limit in _sides(requirement, point, point, quantity))[1]


def _sides(
    requirement: Requirement, upper: FloatArray, lower: FloatArray, quantity: Quantity
) -> list[tuple[FloatArray, float]]:
    sides: list[tuple[FloatArray, float]] = []
    exact = EXACT if requirement.at_least == requirement.at_most else 0.0
    if requirement.at_most is not None:
        limit = requirement.at_most
        sides.append(((upper - limit) / limit_scale(limit, quantity) - exact, limit))
    if requirement.at_least is not None:
        limit = requirement.at_least
        sides.append(((limit - lower) / limit_scale(limit, quantity) - exact, limit))
    return sides


def _cdf(z: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=np.float64)
