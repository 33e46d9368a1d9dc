"""Requirements, their margins, and the refusals before any search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pod import POD

from maquette.constraints.requirements.margins import (
    measured_margin,
    predicted_margin,
    probability,
    worst_limit,
)
from maquette.constraints.requirements.quantity import SURROGATE, Quantity, get_quantity
from maquette.constraints.requirements.requirement import Requirement, _plausible, merged, refuse_unreachable
from maquette.design.errors import InputError

DRAG = get_quantity(POD, "drag_coefficient")
BASE = get_quantity(POD, "wheelbase")
INSIDE = (np.array([True]), np.array([0.5]))


def test_margins_are_signed_and_shares_of_the_limit() -> None:
    at_most = Requirement("wheelbase", "mm", at_most=2800.0)
    assert measured_margin(at_most, np.array([2772.0, 2800.0, 2828.0]), BASE) == pytest.approx(
        [-0.01, 0.0, 0.01]
    )
    both = Requirement("wheelbase", "mm", 2700.0, 2800.0)
    assert measured_margin(both, np.array([2673.0]), BASE) == pytest.approx([0.01])
    assert worst_limit(both, 2673.0, BASE) == 2700.0
    assert worst_limit(both, 2790.0, BASE) == 2800.0


def test_a_limit_at_zero_has_a_scale() -> None:
    lift = get_quantity(POD, "lift_coefficient")
    no_lift = Requirement("lift_coefficient", "1", at_most=0.0)
    assert measured_margin(no_lift, np.array([0.2]), lift) == pytest.approx([0.2 / lift.scale])


def test_a_locked_value_is_met_within_a_ten_thousandth() -> None:
    exact = Requirement("wheelbase", "mm", 2800.0, 2800.0)
    margins = measured_margin(exact, np.array([2800.0, 2800.2, 2801.0]), BASE)
    assert list(margins <= 0.0) == [True, True, False]


@given(
    value=st.floats(0.1, 0.6),
    sigma=st.floats(1e-4, 0.1),
    limit=st.floats(0.15, 0.5),
    confidence=st.floats(0.5, 0.999),
    side=st.sampled_from(["at_most", "at_least", "between"]),
)
def test_a_prediction_passes_exactly_when_it_is_probable_enough(
    value: float, sigma: float, limit: float, confidence: float, side: str
) -> None:
    low = limit if side != "at_most" else None
    high = None if side == "at_least" else limit + (0.05 if side == "between" else 0.0)
    requirement = Requirement("drag_coefficient", "1", low, high, confidence)
    args = (np.array([value]), np.array([sigma]))
    margin = float(predicted_margin(requirement, *args, *INSIDE, DRAG)[0])
    chance = float(probability(requirement, *args)[0])
    if abs(chance - confidence) > 1e-9:
        assert (margin <= 0.0) == (chance >= confidence)


def test_the_mean_alone_never_passes() -> None:
    requirement = Requirement("drag_coefficient", "1", at_most=0.30)
    sure = predicted_margin(requirement, np.array([0.299]), np.array([0.0001]), *INSIDE, DRAG)
    unsure = predicted_margin(requirement, np.array([0.299]), np.array([0.02]), *INSIDE, DRAG)
    assert sure < 0.0 < unsure


def test_nothing_passes_outside_the_domain_and_further_out_is_worse() -> None:
    requirement = Requirement("drag_coefficient", "1", at_most=0.30)
    value, sigma = np.full(3, 0.1), np.full(3, 0.001)
    margins = predicted_margin(
        requirement, value, sigma, np.array([True, False, False]), np.array([0.9, 1.1, 2.0]), DRAG
    )
    assert margins[0] < 0.0 < margins[1] < margins[2]


def test_requirements_of_one_quantity_are_merged_to_the_tightest() -> None:
    items = [
        Requirement("wheelbase", "mm", at_least=2700.0, source="a"),
        Requirement("wheelbase", "mm", at_least=2800.0, source="b"),
        Requirement("wheelbase", "mm", at_most=2900.0, source="c"),
        Requirement("wheelbase", "mm", at_least=2850.0, hard=False),
    ]
    hard, soft = merged(items)
    assert (hard.at_least, hard.at_most, hard.source) == (2800.0, 2900.0, "b; c")
    assert (soft.at_least, soft.hard) == (2850.0, False)
    assert merged(reversed(items)) == merged(items)
    assert merged(merged(items)) == merged(items)


@pytest.mark.parametrize(
    ("low", "high"),
    [({}, {}), ({"confidence": 0.8}, {}), ({"source": "x"}, {"source": "y"})],
)
def test_contradictory_limits_are_refused_with_both_named(
    low: dict[str, float], high: dict[str, float]
) -> None:
    first = Requirement("wheelbase", "mm", at_least=2900.0, **low)  # type: ignore[arg-type]
    second = Requirement("wheelbase", "mm", at_most=2800.0, **high)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"2900 mm.*2800 mm"):
        merged([first, second])


@pytest.mark.parametrize(
    "limits",
    [{}, {"at_most": float("nan")}, {"at_least": float("inf")}, {"at_most": 1.0, "confidence": 1.0},
     {"at_most": 1.0, "confidence": 0.2}, {"at_least": 2.0, "at_most": 1.0}],
)  # fmt: skip
def test_impossible_requirements_cannot_be_made(limits: dict[str, float]) -> None:
    with pytest.raises(InputError, match="wheelbase"):
        Requirement("wheelbase", "mm", **limits)  # type: ignore[arg-type]


def test_unreachable_limits_name_what_the_family_allows() -> None:
    def refuse(*items: Requirement, **locks: float) -> str:
        with pytest.raises(InputError) as caught:
            refuse_unreachable(POD, items, locks)
        return str(caught.value)

    assert "2250 to 3300 mm" in refuse(Requirement("wheelbase", "mm", at_least=3400.0))
    assert "3420 to 5500 mm" in refuse(Requirement("overall_length", "mm", at_most=3000.0))
    left = refuse(
        Requirement("overall_length", "mm", at_most=4000.0), Requirement("wheelbase", "mm", at_least=3000.0)
    )
    assert "overall length to at most 4170 mm; wheelbase to at least 2830 mm" in left
    assert "lock" in refuse(Requirement("wheelbase", "mm", at_least=2900.0), wheelbase=2800.0)
    refuse_unreachable(POD, [Requirement("wheelbase", "mm", at_least=9000.0, hard=False)], {})


def test_a_greatest_value_of_zero_is_a_bound() -> None:
    """No positive limit makes sense for a quantity that is never positive."""
    quantity = Quantity("lift_coefficient", "1", "dimensionless", "", SURROGATE, -1.0, 0.0)
    _plausible(Requirement("lift_coefficient", "1", at_most=-0.1), quantity)
    with pytest.raises(InputError, match="no plausible limit"):
        _plausible(Requirement("lift_coefficient", "1", at_most=0.2), quantity)
