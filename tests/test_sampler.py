"""Our Optuna sampler: the tests that Optuna ships for samplers, known optima, cheap constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.samplers import BaseSampler
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    MultiObjectiveSamplerTestCase,
    RelativeSamplerTestCase,
)

from maquette.constraints.search.coding import Coding
from maquette.constraints.search.sampler import ScreeningSampler
from maquette.ui.bench.race_problems import PROBLEMS

optuna.logging.set_verbosity(optuna.logging.ERROR)


class TestOptunasOwn(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    """What Optuna asks of any sampler (`optuna.testing.pytest_samplers`)."""

    @pytest.fixture
    def sampler(self) -> Callable[[], BaseSampler]:
        return lambda: ScreeningSampler(seed=1)


def truss(trial: optuna.Trial) -> float:
    """Three-bar truss (Nowacki 1973): volume; best known 263.8958."""
    problem = PROBLEMS["truss"]
    values = {name: trial.suggest_float(name, *bounds) for name, bounds in problem.bounds.items()}
    (volume,), limits = problem.judge(values)
    for k, limit in enumerate(limits):
        trial.set_constraint(f"stress {k}", limit)
    return volume


def best_of(objective: Callable[[optuna.Trial], float], trials: int, sampler: BaseSampler) -> float:
    study = optuna.create_study(sampler=sampler)
    study.optimize(objective, n_trials=trials)
    met = [t for t in study.trials if all(v <= 0.0 for v in t.constraints.values())]
    return min((t.value for t in met if t.value is not None), default=float("inf"))


def test_a_truss_comes_within_a_thousandth_of_the_best_known() -> None:
    assert best_of(truss, 60, ScreeningSampler(seed=2)) < 263.8958434 * 1.001


def test_a_seed_repeats_a_study_and_another_one_does_not() -> None:
    def points(seed: int) -> list[Mapping[str, Any]]:
        study = optuna.create_study(sampler=ScreeningSampler(seed=seed))
        study.optimize(truss, n_trials=18)
        return [t.params for t in study.trials]

    assert points(3) == points(3)
    assert points(3) != points(4)


def test_a_cheap_constraint_is_asked_of_candidates_and_hardly_a_trial_misses_it() -> None:
    asked: list[int] = []

    def cheap(designs: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[float]]:
        asked.append(len(designs))
        return {"ring": [abs(np.hypot(d["x"], d["y"]) - 3.0) - 0.2 for d in designs]}

    def objective(trial: optuna.Trial) -> float:
        x, y = trial.suggest_float("x", -5.0, 5.0), trial.suggest_float("y", -5.0, 5.0)
        return (x - 1.0) ** 2 + y * y

    study = optuna.create_study(sampler=ScreeningSampler(cheap, seed=0))
    study.optimize(objective, n_trials=40)
    later = [t.params for t in study.trials[1:]]  # nothing is known of the space before the first
    assert sum(cheap([p])["ring"][0] <= 0.0 for p in later) == len(later)
    assert study.trials[-1].number == 39
    assert max(asked) > 300
    best = min(t.value for t in study.trials[1:] if t.value is not None)
    assert best == pytest.approx((2.8 - 1.0) ** 2, rel=0.02)  # the nearest point of the ring, by hand


def test_maximising_is_minimising_of_the_negative() -> None:
    def up(trial: optuna.Trial) -> float:
        return 7.0 - (trial.suggest_float("x", -2.0, 3.0) - 1.25) ** 2

    study = optuna.create_study(sampler=ScreeningSampler(seed=0), direction="maximize")
    study.optimize(up, n_trials=25)
    assert study.best_value == pytest.approx(7.0, abs=1e-3)


def test_codes_of_parameters_come_back() -> None:
    space = {
        "w": optuna.distributions.IntDistribution(1, 9, step=2),
        "l": optuna.distributions.IntDistribution(1, 1000, log=True),
        "f": optuna.distributions.FloatDistribution(-1.0, 4.0),
        "s": optuna.distributions.FloatDistribution(0.0, 1.0, step=0.25),
        "g": optuna.distributions.FloatDistribution(1e-5, 10.0, log=True),
        "c": optuna.distributions.CategoricalDistribution(["a", None, 3]),
    }
    coding = Coding.of(space)
    points = coding.snapped(np.random.default_rng(0).random((50, coding.width)))
    params = coding.decoded(points)
    assert np.allclose(coding.coded(params), points, atol=1e-9)
    assert all(space[n]._contains(space[n].to_internal_repr(v)) for p in params for n, v in p.items())
    moved = coding.decoded(coding.moved(points, 0.1, np.random.default_rng(1)))
    assert all(space[n]._contains(space[n].to_internal_repr(v)) for p in moved for n, v in p.items())
    assert {p["c"] for p in moved} == {"a", None, 3}
