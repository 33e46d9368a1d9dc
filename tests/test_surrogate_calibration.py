"""Conformal factors cover what they promise; the domain's limits come from the data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from maquette.surrogate.trust.calibration import calibrate, conformal_quantile
from maquette.surrogate.trust.prediction import HALF_WIDTH
from maquette.surrogate.trust.validity import fit_domain, widened


@pytest.mark.parametrize("tail", ["normal", "student"])
@pytest.mark.parametrize("wrong", [0.4, 1.0, 2.5])
def test_coverage_of_fresh_residuals_whatever_the_sigma(tail: str, wrong: float) -> None:
    """Sigma is off by `wrong` and the residuals may have heavy tails: fresh ones are covered all the same."""
    rng = np.random.default_rng(3)

    def draw(n: int) -> np.ndarray:
        return rng.normal(size=n) if tail == "normal" else rng.standard_t(3, size=n)

    inside = []
    for _ in range(200):
        residual = draw(40)
        found = calibrate(residual, np.full(40, wrong), np.ones(40, dtype=bool))
        inside.append(np.abs(draw(50)) <= HALF_WIDTH * found.factor * wrong)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.025)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=80), st.floats(0.1, 10))
def test_quantile_is_a_sample_and_scales(ratios: list[float], scale: float) -> None:
    values = np.array(ratios)
    ones = np.ones(len(values))
    quantile = conformal_quantile(values, ones, 1.0)
    assert quantile in values
    assert (values <= quantile).mean() >= 0.9 or quantile == values.max()
    rank = min(math.ceil((len(values) + 1) * 0.9), len(values))
    assert quantile == np.sort(values)[rank - 1]
    assert conformal_quantile(values * scale, 3 * ones, 3.0) == pytest.approx(quantile * scale)


def test_a_few_lucky_top_runs_do_not_shrink_the_interval_alone() -> None:
    rng = np.random.default_rng(0)
    residual = np.concatenate([2.0 * rng.normal(size=170), 0.2 * rng.normal(size=30)])
    top = np.arange(200) >= 170
    found = calibrate(residual, np.ones(200), top)
    assert found.factor > 1.3
    assert found.coverage == 1.0


DIMENSIONS = 36


def _domain(seed: int = 0):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    relevance = np.exp(-np.arange(DIMENSIONS) / 6.0)
    relevance[-1] = 0.0
    spread = rng.random((140, DIMENSIONS))
    centres = rng.random((5, DIMENSIONS))
    near = np.clip(np.repeat(centres, 6, axis=0) + 0.1 * rng.normal(size=(30, DIMENSIONS)), 0, 1)
    unit = np.vstack([spread, near])
    names = tuple(f"p{i}" for i in range(DIMENSIONS))
    return (
        fit_domain(names, unit, relevance, {"drag_coefficient": np.linspace(0.01, 0.02, 170)}),
        rng,
        centres,
    )


def _distance(domain, unit, sigma=0.012):  # type: ignore[no-untyped-def]
    ratios = domain.ratios(unit, {"drag_coefficient": np.full(len(unit), sigma)})
    return np.max(list(ratios.values()), axis=0)


def test_space_that_was_sampled_is_inside_and_corners_are_outside() -> None:
    """36 dimensions, 170 designs: fresh draws of the plan are inside, extremes of everything are not."""
    domain, rng, centres = _domain()
    assert (_distance(domain, rng.random((400, DIMENSIONS))) <= 1).mean() > 0.93
    around = np.clip(centres + 0.05 * rng.normal(size=centres.shape), 0, 1)
    assert (_distance(domain, around) <= 1).all()
    corners = rng.integers(0, 2, (400, DIMENSIONS)).astype(float)
    assert (_distance(domain, corners) > 1).mean() > 0.98


def test_each_question_can_refuse_and_says_so() -> None:
    domain, _, centres = _domain()
    unit = centres[:1].copy()
    for change, sigma, words in (
        (0.0, 0.05, "uncertainty"),
        (-0.6, 0.012, "p0 beyond every simulated design"),
    ):
        moved = unit.copy()
        moved[0, 0] += 0.0 if change == 0 else change - moved[0, 0]
        ratios = domain.ratios(moved, {"drag_coefficient": np.array([sigma])})
        assert words in domain.explain(moved, ratios)
    ratios = domain.ratios(unit, {"drag_coefficient": np.array([0.012])})
    assert domain.explain(unit, ratios) == ""


def test_a_parameter_without_effect_on_the_hull_never_counts_in_distances() -> None:
    domain, _, centres = _domain()
    moved = centres.copy()
    moved[:, -1] = 1.0 - moved[:, -1]
    for a, b in zip(domain.nearest(centres, 5), domain.nearest(moved, 5), strict=True):
        assert np.allclose(a, b)


def test_a_parameter_that_no_run_varied_because_it_cannot_matter_is_never_out_of_range() -> None:
    unit = np.random.default_rng(0).random((100, DIMENSIONS))
    unit[:, -1] = 0.4
    relevance = np.ones(DIMENSIONS)
    relevance[-1] = 0.0
    names = tuple(f"p{i}" for i in range(DIMENSIONS))
    domain = fit_domain(names, unit, relevance, {"drag_coefficient": np.full(100, 0.02)})
    fresh = np.random.default_rng(1).random((200, DIMENSIONS))
    assert (_distance(domain, fresh) <= 1).mean() > 0.9


def test_a_simulated_design_brings_its_place_inside() -> None:
    domain, _, _ = _domain()
    corner = np.ones((1, DIMENSIONS))
    assert _distance(domain, corner)[0] > 1
    grown = domain.with_anchors(np.repeat(corner, 5, axis=0))
    assert _distance(grown, corner)[0] < 1


@given(st.floats(0, 3), st.floats(0, 0.5), st.floats(0.001, 0.1))
def test_the_interval_only_grows_with_distance_and_without_a_step(
    d: float, step: float, sigma: float
) -> None:
    spread = 0.03
    a, b = (float(widened(np.array([sigma]), np.array([x]), spread)[0]) for x in (d, d + step))
    assert b >= a
    assert b - a <= (sigma + spread / 0.25) * step + 1e-12
    if d <= 1:
        assert a == sigma
    if d >= 1.25:
        assert a >= spread
