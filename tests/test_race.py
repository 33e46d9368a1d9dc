"""The race's problems have the answers that are published for them, and its marks count every trial."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from maquette.ui.bench.race import Marks, race
from maquette.ui.bench.race_problems import PROBLEMS

# published optima: Coello Coello (2000) and later solutions of the same formulae, as collected by Mirjalili,
# "Grey wolf optimizer" (2014), and Akhtar, Tai and Ray (2002) for the reducer
OPTIMA: Mapping[str, Mapping[str, float]] = {
    "spring": {"d": 0.051689, "D": 0.356718, "n": 11.288966},
    "truss": {"a": 0.788675, "b": 0.408248},
    "vessel": {"shell": 13, "head": 7, "radius": 42.0984456, "length": 176.6365958},
    "welded-beam": {"h": 0.205730, "l": 3.470489, "t": 9.036624, "b": 0.205730},
    "reducer": {"b": 3.5, "m": 0.7, "z": 17, "l1": 7.3, "l2": 7.715320, "d1": 3.350215, "d2": 5.286654},
}


@pytest.mark.parametrize("name", OPTIMA)
def test_published_optima_meet_the_limits_and_give_the_best_value(name: str) -> None:
    problem = PROBLEMS[name]
    (value,), limits = problem.judge(OPTIMA[name])
    assert problem.best is not None
    assert value == pytest.approx(problem.best, rel=1e-3)
    assert max(limits) < 1e-3


@pytest.mark.parametrize("name", OPTIMA)
def test_less_material_than_the_published_optimum_breaks_a_limit(name: str) -> None:
    """Each of the numbers a twentieth down: cheaper, so it must break something."""
    problem = PROBLEMS[name]
    for key, there in OPTIMA[name].items():
        moved = {**OPTIMA[name], key: there - 1 if key in problem.whole else 0.95 * there}
        (value,), limits = problem.judge(moved)
        if problem.best is not None and value < 0.999 * problem.best:
            inside = all(low <= moved[k] <= high for k, (low, high) in problem.bounds.items())
            assert max(limits) > 1e-4 or not inside, key


def test_marks_count_every_trial_and_only_what_meets_the_limits() -> None:
    marks = Marks(PROBLEMS["truss"], 60, None)
    for k in range(1, 61):
        marks.tell([2.0 * 263.8958434 if k == 60 else 1.0], [0.0 if k == 60 else 0.1])
    assert set(marks.marks) == {"50", "60"}
    assert math.isinf(marks.marks["50"][0])
    assert marks.marks["60"][0] == pytest.approx(1.0)


def test_a_run_repeats_and_gets_better_with_trials() -> None:
    one, two = (race(PROBLEMS["truss"], "nsgaii", 3, 100, None)["marks"] for _ in range(2))
    assert {k: v[0] for k, v in one.items()} == {k: v[0] for k, v in two.items()}
    assert one["100"][0] <= one["50"][0]
    assert 0.0 <= one["100"][0] < 0.2
