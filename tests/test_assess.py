"""One design against a brief: verdicts that agree with their margins and say why."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.requirements.sentence import parse
from maquette.design.errors import ParameterError
from maquette.design.family.parameters import as_values, bounds_of
from pod import POD, PodPredictor

BRIEF = parse(
    "under 4.7 m, wheelbase at least 2.8 m, Cd at most 0.30, clearance of at least 140 mm, "
    "head room for tall people",
    POD,
).brief


def test_a_design_that_passes() -> None:
    judged = assess(POD, POD.defaults(), BRIEF, PodPredictor())
    assert judged.feasible
    assert judged.score == 0.0
    assert judged.misses == ()
    by_name = {v.quantity: v for v in judged.verdicts}
    assert by_name["wheelbase"].how == "parameter"
    assert by_name["overall_length"].how == "parameters"
    assert by_name["head_room_front"].how == "fast mesh"
    assert by_name["drag_coefficient"].how == "surrogate"
    assert by_name["overall_length"].reason == (
        "overall length is 4570 mm, asked at most 4700 mm: holds with 130 mm to spare"
    )
    assert "probability" in by_name["drag_coefficient"].reason
    assert by_name["drag_coefficient"].probability == pytest.approx(1.0, abs=1e-3)


def test_a_design_that_misses_says_by_how_much() -> None:
    low = POD.defaults() | {"overall_height": 1380.0, "ground_clearance": 120.0, "rear_overhang": 1200.0}
    judged = assess(POD, low, BRIEF, PodPredictor())
    assert not judged.feasible
    assert {v.quantity for v in judged.misses} == {
        "ground_clearance",
        "head_room_front",
        "overall_length",
        "head_room_rear",
    }
    clearance = judged.misses[0]
    assert clearance.margin == pytest.approx(20.0 / 140.0)
    assert clearance.reason == "ground clearance is 120 mm, asked at least 140 mm: 20 mm below it"
    assert judged.score == pytest.approx(sum(v.margin for v in judged.misses))


def test_advisory_requirements_are_reported_and_do_not_decide() -> None:
    brief = parse("ideally under 4.2 m", POD).brief
    judged = assess(POD, POD.defaults(), brief)
    assert judged.feasible
    assert not judged.verdicts[0].passed


def test_a_broken_rule_fails_whatever_the_verdicts_say() -> None:
    flat = POD.defaults() | {"overall_height": 1300.0, "ground_clearance": 250.0}
    judged = assess(POD, flat, Brief("pod"))
    assert not judged.feasible
    assert [b.rule for b in judged.broken] == ["room-above-floor"]
    assert judged.score == 1.0


def test_outside_the_domain_nothing_predicted_passes_and_simulation_is_offered() -> None:
    brief = parse("Cd at most 0.9", POD).brief
    (verdict,) = assess(POD, POD.defaults(), brief, PodPredictor(reach=0.01)).verdicts
    assert verdict.in_domain is False
    assert not verdict.passed
    assert "maquette simulate" in verdict.reason
    assert "beyond the simulated designs" in verdict.reason


def test_without_a_surrogate_predicted_requirements_do_not_pass() -> None:
    (verdict,) = assess(POD, POD.defaults(), parse("Cd at most 0.9", POD).brief).verdicts
    assert not verdict.passed
    assert "no surrogate" in verdict.reason
    assert json.loads(json.dumps(verdict.to_json(), allow_nan=False))["value"] is None


def test_exact_measures_replace_the_fast_ones() -> None:
    brief = parse("head room in front of at least 980 mm, CdA below 0.7 m2", POD).brief
    fast = assess(POD, POD.defaults(), brief, PodPredictor())
    exact = assess(
        POD, POD.defaults(), brief, PodPredictor(), {"head_room_front": 979.0, "frontal_area": 3.0}
    )
    assert [v.how for v in fast.verdicts] == ["surrogate", "fast mesh"]
    assert [v.how for v in exact.verdicts] == ["surrogate", "exact CAD"]
    assert exact.verdicts[1].value == 979.0
    assert not exact.verdicts[1].passed
    assert exact.verdicts[0].value == pytest.approx(
        fast.verdicts[0].value / fast.measures["frontal_area"] * 3.0
    )


def test_nothing_is_measured_when_nothing_measured_is_asked() -> None:
    family = type(POD)()
    assess(family, family.defaults(), parse("wheelbase over 2.7 m, under 5 m", POD).brief)
    assert family.calls == 0


def test_locks_have_verdicts() -> None:
    brief = parse("wheelbase of 2.85 m", POD).brief
    (off,) = assess(POD, POD.defaults(), brief).verdicts
    (on,) = assess(POD, POD.defaults() | {"wheelbase": 2850.0}, brief).verdicts
    assert not off.passed
    assert on.passed
    assert on.reason == "wheelbase is 2850 mm, as locked"


def test_incomplete_designs_are_refused() -> None:
    with pytest.raises(ParameterError, match="missing"):
        assess(POD, {"wheelbase": 2800.0}, BRIEF)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0.001, 0.05), st.floats(0.2, 0.5), st.floats(0.5, 0.99))
def test_verdicts_agree_with_their_margins_and_probabilities(
    seed: int, sigma: float, limit: float, confidence: float
) -> None:
    low, high = bounds_of(POD.declaration)
    values = as_values(POD.declaration, low + np.random.default_rng(seed).random(len(low)) * (high - low))
    brief = replace(
        BRIEF,
        requirements=(
            *(r for r in BRIEF.requirements if r.quantity != "drag_coefficient"),
            Requirement("drag_coefficient", "1", at_most=limit, confidence=confidence),
        ),
    )
    judged = assess(POD, values, brief, PodPredictor(sigma))
    for verdict in judged.verdicts:
        assert verdict.passed == (verdict.margin <= 0.0)
        assert "\n" not in verdict.reason
        if verdict.probability is not None and abs(verdict.probability - confidence) > 1e-9:
            assert verdict.passed == (verdict.probability >= confidence and bool(verdict.in_domain))
    assert judged.feasible == (not judged.broken and all(v.passed for v in judged.verdicts))
    json.dumps(judged.to_json(), allow_nan=False)
