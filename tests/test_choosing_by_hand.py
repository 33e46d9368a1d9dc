"""How surrogates are chosen and their data counted, by hand on the pod and on made-up runs."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pod import POD

from maquette.design.errors import InputError
from maquette.design.family.parameters import as_row, to_unit_cube
from maquette.surrogate.models import train
from maquette.surrogate.models.gaussian_process import features as feature_module
from maquette.surrogate.models.gaussian_process.features import Feature, feature_matrix, features_of
from maquette.surrogate.models.gaussian_process.kernel import KernelSpec
from maquette.surrogate.models.gaussian_process.options import Options
from maquette.surrogate.models.gaussian_process.process import Table
from maquette.surrogate.models.gaussian_process.targets import (
    design_matrix,
    label_table,
    scatter_of,
)
from maquette.surrogate.models.surrogate import designs_of, stored_weights
from maquette.surrogate.models.train import _data_facts, _share_inside, load_training_data, training_runs
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.registry import get_study

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # gpytorch's own, of torch's
    from maquette.surrogate.models.gaussian_process import select, train_quantity
    from maquette.surrogate.models.gaussian_process.select import (
        folds_of,
        linear_baseline,
        mean_baseline,
        network_ensemble,
        score,
    )

TUNNEL = get_study("wind_tunnel")
LEVELS = ("coarse", "medium")


def run(k: int, fidelity: str = "coarse", cd: float = 0.3, **changes: Any) -> Observation:
    values = {**POD.defaults(), "wheelbase": 2300.0 + 40.0 * k, "overall_height": 1400.0 + 7.0 * (k * k % 13)}
    outputs = {o.name: cd for o in TUNNEL.learned}
    return replace(
        Observation(
            f"{fidelity}{k}", "wind_tunnel", "pod", fidelity, values, outputs, dict.fromkeys(outputs, 0.01),
            True, seconds=100.0, recipe="r",
        ),
        **changes,
    )  # fmt: skip


# -- tables of runs -----------------------------------------------------------------------------------------


def test_runs_become_a_table_of_their_numbers() -> None:
    runs = [run(0, cd=0.25), run(1, cd=0.5), run(0, "medium", cd=0.2)]
    x = np.zeros((3, 2))
    plain = label_table(LEVELS, "drag_coefficient", x, runs)
    assert (plain.level.tolist(), plain.y.tolist(), plain.noise.tolist()) == (
        [0, 0, 1],
        [0.25, 0.5, 0.2],
        [0.01] * 3,
    )
    assert (plain.group.tolist(), plain.log) == ([0, 1, 0], False)
    logs = label_table(LEVELS, "drag_coefficient", x, runs, log=True)
    assert logs.y == pytest.approx(np.log([0.25, 0.5, 0.2]))
    assert logs.noise == pytest.approx([0.04, 0.02, 0.05])
    assert logs.truth == pytest.approx([0.25, 0.5, 0.2])
    assert logs.label_noise == pytest.approx([0.01] * 3)
    assert design_matrix(POD, runs)[1] == pytest.approx(as_row(POD.declaration, runs[1].parameters))
    assert designs_of(runs, LEVELS) == (runs[2], runs[1])
    assert designs_of(runs[::-1], LEVELS) == (runs[2], runs[1])


def test_what_a_model_file_keeps_of_runs() -> None:
    runs = [run(0, cd=0.25, details={"frontal_area": 2.0}), run(1, cd=0.5)]
    kept = stored_weights(TUNNEL, runs)
    assert kept["runs.output.drag_coefficient"].tolist() == [0.25, 0.5]
    assert kept["runs.noise.drag_coefficient"].tolist() == [0.01, 0.01]
    area = kept["runs.detail.frontal_area"]
    assert area[0] == 2.0
    assert np.isnan(area[1])


def test_the_known_scatter_is_the_largest_of_the_recipes() -> None:
    def study(**known: float | None) -> Any:
        return SimpleNamespace(scatter=lambda recipe, level, quantity: known[f"{recipe}_{level}"])

    two = study(a_coarse=0.1, b_coarse=0.3, a_medium=0.2, b_medium=0.1)
    assert scatter_of(two, ["a", "b"], LEVELS, "q") == (0.3, 0.2)
    one = study(a_coarse=0.1, b_coarse=0.3, a_medium=None, b_medium=0.1)
    assert scatter_of(one, ["a", "b"], LEVELS, "q") is None
    assert scatter_of(one, ["b"], LEVELS, "q") == (0.3, 0.1)
    assert scatter_of(two, [], LEVELS, "q") is None


def test_features_are_the_parameters_and_what_the_family_derives(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = design_matrix(POD, [run(0), run(1), run(2)])
    plain = features_of(POD, matrix, True)
    assert [f.name for f in plain] == [p.name for p in POD.parameters]
    assert plain[0] == Feature("wheelbase", "mm", 2250.0, 3300.0)
    assert feature_matrix(POD, plain, matrix) == pytest.approx(to_unit_cube(POD.declaration, matrix))

    class Own(type(POD)):  # type: ignore[misc]
        def features(self, values: Any) -> dict[str, Any]:
            return {"ratio": values["wheelbase"] / 1000.0, "still": 0.0 * values["wheelbase"]}

    own = Own()
    derived = features_of(own, matrix, True)
    assert derived[-1] == Feature("ratio", "", 2.3, 2.38, derived=True)  # what stands still says nothing
    assert len(derived) == len(plain) + 1
    assert feature_matrix(own, derived, matrix)[:, -1] == pytest.approx([0.0, 0.5, 1.0])
    assert features_of(own, matrix, False) == plain
    assert feature_module.derived_columns(own, matrix[:0]) == {}
    assert feature_module.derived_columns(POD, matrix) == {}
    with pytest.raises(Exception, match="no longer offers the feature 'ratio'"):
        feature_matrix(POD, derived, matrix)


# -- choosing ------------------------------------------------------------------------------------------------


def made(n: int = 12) -> Table:
    """Each design coarse, every second one medium too; y is 1 + x + level / 10."""
    x = np.linspace(0.0, 1.0, n)
    at, level = np.concatenate([np.arange(n), np.arange(0, n, 2)]), np.repeat([0.0, 1.0], [n, n // 2])
    return Table(x[at, None], level, 1.0 + x[at] + 0.1 * level, np.full(len(at), 0.01), at)


def test_designs_are_held_out_whole_and_top_ones_evenly() -> None:
    folds = folds_of(made(), 3, 0)
    table = made()
    assert all(len(set(folds[table.group == g])) == 1 for g in range(12))
    top = folds[table.level == 1.0]
    assert sorted(np.bincount(top).tolist()) == [2, 2, 2]
    assert sorted(folds_of(table, 6, 1)[table.level == 1.0].tolist()) == list(range(6))


def test_scores_and_baselines_by_hand() -> None:
    found = score(np.array([0.0, 2.0, 4.0, 6.0]), np.array([1.0, 1.0, 6.0, 6.0]))
    assert (found.mae, found.rmse, found.r2, found.runs) == pytest.approx((1.0, math.sqrt(1.5), 0.7, 4))
    assert math.isnan(score(np.ones(2), np.zeros(2)).r2)
    table = made()
    told = mean_baseline(table, np.zeros((3, 1)), np.array([0.0, 1.0, 5.0]))
    assert told == pytest.approx([1.5, 1.1 + 5.0 / 11.0, table.y.mean()])
    line = linear_baseline(table, np.array([[0.25], [0.5]]), np.array([1.0, 0.0]))
    assert line == pytest.approx([1.35, 1.5], abs=2e-3)


def test_each_fold_is_predicted_by_what_was_fitted_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table, folds = made(), np.arange(18) % 3
    asked: list[int] = []

    def fit(rows: Table, spec: KernelSpec, restarts: int) -> set[float]:
        asked.append(restarts)
        assert rows.size == 12  # two of three folds
        return set(rows.y.tolist())

    def predict(known: set[float], rows: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        assert not known & set(rows.y.tolist())
        return rows.y + 1.0, rows.y + 2.0, rows.y + 3.0

    monkeypatch.setattr(select, "fit", fit)
    monkeypatch.setattr(select, "predict_rows", predict)
    held = select.cross_validate(table, KernelSpec(), folds, 2)
    assert asked == [2, 2, 2]
    assert held.mean == pytest.approx(table.y + 1.0)
    assert held.sigma == pytest.approx(table.y + 2.0)
    assert held.sigma_top == pytest.approx(table.y + 3.0)
    told = select.cross_validate_baseline(table, lambda rows, x, level: x[:, 0] + len(rows.y), folds)
    assert told == pytest.approx(table.x[:, 0] + 12)


def test_a_noisy_line_is_shrunk_by_its_own_leave_one_out_error() -> None:
    """The penalty of the least leave-one-out error among those tried, each fitted anew without the row."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(14, 3))
    y = x[:, 0] + 1.5 * rng.normal(size=14)
    table = Table(x, np.zeros(14), y, np.zeros(14), np.arange(14))

    def fitted(rows: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray, float]:
        z = np.column_stack([x[rows], np.zeros(len(rows))])
        centre, mean = z.mean(0), y[rows].mean()
        a = (z - centre).T @ (z - centre) + penalty * np.eye(4)
        return np.linalg.solve(a, (z - centre).T @ (y[rows] - mean)), centre, mean

    def said(rows: np.ndarray, penalty: float, at: np.ndarray) -> np.ndarray:
        slopes, centre, mean = fitted(rows, penalty)
        return np.asarray((np.append(at, 0.0) - centre) @ slopes + mean)

    def loo(penalty: float) -> float:
        z = np.column_stack([x, np.zeros(14)])
        c = z - z.mean(0)
        h = c @ np.linalg.solve(c.T @ c + penalty * np.eye(4), c.T) + 1.0 / 14.0
        left = (y - y.mean()) - (h - 1.0 / 14.0) @ (y - y.mean())
        return float(np.mean((left / (1.0 - np.diag(h))) ** 2))

    penalties = [10.0 ** (0.5 * k) for k in range(-6, 7)]
    best = min(penalties, key=loo)
    assert penalties[0] < best < penalties[-1]
    at = np.array([0.3, -0.2, 1.0])
    assert linear_baseline(table, at[None], np.zeros(1)) == pytest.approx(
        [float(said(np.arange(14), best, at))]
    )


def test_a_small_ensemble_of_networks_learns_a_curve_and_repeats() -> None:
    x = np.linspace(0.0, 1.0, 30)
    table = Table(x[:, None], np.zeros(30), 5.0 + 2.0 * np.sin(3.0 * x), np.zeros(30), np.arange(30))
    at = np.array([[0.15], [0.5], [0.85]])
    told = network_ensemble(table, at, np.zeros(3), members=2)
    assert told == pytest.approx(5.0 + 2.0 * np.sin(3.0 * at[:, 0]), abs=0.1)
    assert np.array_equal(told, network_ensemble(table, at, np.zeros(3), members=2))


#: error of each candidate in the made-up contest, at the top level and below
ERRORS = {
    "linear trend": (0.02, 0.02),
    "linear trend + matern": (0.01, 0.028),
    "matern, free lengthscales": (0.03, 0.001),
}


class Hooked(type(POD)):  # type: ignore[misc]
    """A pod with a derived feature."""

    def features(self, values: Any) -> dict[str, Any]:
        return {"ratio": values["wheelbase"] / values["overall_height"]}


@pytest.fixture
def contest(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cross-validation that misses by a known error; returns what was asked."""
    asked: list[str] = []
    by_spec = {train_quantity.CANDIDATES[label]: label for label in ERRORS}

    def cross_validate(table: Table, spec: KernelSpec, folds: np.ndarray) -> Any:
        label = by_spec[spec]
        asked.append(f"{label} {table.x.shape[1]}")
        top, below = ERRORS[label]
        miss = np.where(table.level == table.top, top, below) * (0.9 if table.x.shape[1] == 13 else 1.0)
        return SimpleNamespace(
            mean=table.truth + miss, sigma=np.full(table.size, 0.02), sigma_top=np.full(table.size, 0.5)
        )

    monkeypatch.setattr(train_quantity, "cross_validate", cross_validate)
    monkeypatch.setattr(
        train_quantity, "cross_validate_baseline", lambda table, baseline, folds: np.full(table.size, 0.3)
    )
    return asked


RUNS = [run(k, cd=0.3 + 0.01 * k) for k in range(10)] + [
    run(k, "medium", cd=0.28 + 0.01 * k) for k in range(5)
]
DRAG = TUNNEL.headline


def test_the_best_candidate_wins_by_both_errors_and_again_without_derived_features(
    contest: list[str],
) -> None:
    """Of 15 runs five at the top: errors over all are (5 a + 10 b) / 15, added to those at the top."""
    told: list[str] = []
    found = train_quantity.choose(
        Hooked(), LEVELS, DRAG, RUNS, Options(candidates=tuple(ERRORS)), told.append
    )
    totals = {k: a + (5 * a + 10 * b) / 15 for k, (a, b) in ERRORS.items()}
    winner = min(totals, key=lambda k: totals[k])
    assert winner == "linear trend + matern"
    assert contest == [*(f"{k} 14" for k in ERRORS), f"{winner} 13"]
    assert found.label == winner  # plain: its error is a tenth less
    assert found.table.x.shape == (15, 13)
    assert found.spec == train_quantity.CANDIDATES[winner]
    assert set(found.scores) == {*(f"{k} + derived features" for k in ERRORS), winner, train_quantity.NETWORK}
    own = found.scores["linear trend + derived features"]
    assert (own["mae_top"], own["mae_all"]) == pytest.approx((0.02, 0.02))
    assert found.scores[winner]["mae_all"] == pytest.approx(0.9 * (5 * 0.01 + 10 * 0.028) / 15)
    assert told[0] == "linear trend + derived features: held-out MAE 0.02000 at medium, 0.02000 over all runs"
    network = found.scores[train_quantity.NETWORK]
    assert network["mae_top"] == pytest.approx(np.abs(np.array([0.28, 0.29, 0.3, 0.31, 0.32]) - 0.3).mean())
    assert found.table.log  # a drag is above nothing, and learned as its logarithm


def test_without_derived_features_each_competes_once_and_one_alone_does_not(contest: list[str]) -> None:
    found = train_quantity.choose(POD, LEVELS, DRAG, RUNS, Options(candidates=tuple(ERRORS)), lambda _: None)
    assert contest == [f"{k} 13" for k in ERRORS]
    assert found.label == "linear trend + matern"
    contest.clear()
    alone = train_quantity.choose(
        POD, LEVELS, DRAG, RUNS, Options(candidates=("linear trend",)), lambda _: None
    )
    assert (alone.label, alone.scores, contest) == ("linear trend", {}, [])
    assert alone.table.size == 15
    train_quantity.choose(Hooked(), LEVELS, DRAG, RUNS, Options(candidates=("linear trend",)), lambda _: None)
    assert contest == ["linear trend 14", "linear trend 13"]


def test_a_trained_quantity_says_how_it_was_judged(
    contest: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    posterior = SimpleNamespace(mean=1.0, scale=2.0, noise=lambda _, level: 0.1 * (level + 1))
    monkeypatch.setattr(train_quantity, "fit", lambda table, spec, restarts: posterior)
    monkeypatch.setattr(train_quantity, "learning_curve", lambda *_: ["curve"])
    told: list[str] = []
    found = train_quantity.train_target(
        POD, LEVELS, DRAG, RUNS, Options(candidates=("linear trend",), most_folds=4), told.append
    )
    about = found.about
    assert about["folds"] == 4
    assert about["learned_noise"] == {"coarse": pytest.approx(0.1), "medium": pytest.approx(0.2)}
    assert about["scores"]["gp"]["top"]["mae"] == pytest.approx(0.9 * 0.02)
    assert about["scores"]["gp"]["all"]["runs"] == 15
    assert about["scores"]["mean"]["top"]["mae"] == pytest.approx(0.012)
    assert about["spread"] == pytest.approx(np.std([0.28, 0.29, 0.3, 0.31, 0.32]))
    assert about["label_noise"] == pytest.approx(0.01)
    assert (about["mean"], about["scale"], about["learning_curve"]) == (1.0, 2.0, ["curve"])
    assert found.sigma_top.tolist() == [0.5] * 15
    assert about["calibration"]["runs"] == 5
    assert found.target.factor == about["calibration"]["factor"]
    assert told[-1].startswith("drag_coefficient: linear trend chosen; held-out MAE 0.01800 (linear ")
    every = train_quantity.train_target(
        POD, LEVELS, DRAG, RUNS, Options(candidates=("linear trend",)), told.append
    )
    assert every.about["folds"] == 5  # each design of the top level alone


def test_a_learning_curve_trains_on_ever_more_designs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 designs, ten at the top too: five folds leave 16, of which 25 % and 50 % are four and eight."""
    table = made(20)
    seen: list[tuple[int, int]] = []

    def fit(rows: Table, spec: Any, restarts: int) -> int:
        assert restarts == 1
        seen.append((len(np.unique(rows.group)), len(np.unique(rows.group[rows.level == 1.0]))))
        return len(np.unique(rows.group))

    monkeypatch.setattr(train_quantity, "fit", fit)
    monkeypatch.setattr(
        train_quantity, "predict_rows", lambda count, rows: (rows.truth + 1.0 / count, None, None)
    )
    curve = train_quantity.learning_curve(table, KernelSpec(), Options(curve=(4, 10, 20, 99)))
    assert [c["designs"] for c in curve] == [8, 10, 16]  # at least four of those at the top and of the others
    assert seen[:5] == [(8, 4)] * 5
    assert seen[5:10] == [(10, 5)] * 5
    assert seen[10:] == [(16, 8)] * 5
    assert [c["mae_top"] for c in curve] == pytest.approx([1 / 8, 1 / 10, 1 / 16])
    assert [c["mae_all"] for c in curve] == pytest.approx([1 / 8, 1 / 10, 1 / 16])
    spread = float(np.var(table.truth[table.level == 1.0]))
    assert curve[0]["r2_top"] == pytest.approx(1 - (1 / 64) / spread)


# -- what may train -----------------------------------------------------------------------------------------


def test_only_sound_runs_of_the_family_and_study_train(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "misfit", lambda r: "odd" if r.run_id == "coarse2" else "")
    good = [run(k) for k in range(9)]
    few = [run(k, "medium") for k in range(7)]
    other = [
        replace(run(20), family="car"), replace(run(21), study="structure"),
        replace(run(22), converged=False, reason="no"), replace(run(23), parameters={"wheelbase": 2800.0}),
    ]  # fmt: skip
    kept, levels = training_runs(POD, [*good, *few, *other], TUNNEL)
    assert levels == ("coarse",)
    assert {r.run_id for r in kept} == {f"coarse{k}" for k in range(9)} - {"coarse2"}
    with pytest.raises(InputError, match="has 14 usable runs; training needs at least 8 designs"):
        training_runs(POD, [*good[:8], *few], TUNNEL)
    both, levels = training_runs(POD, [*good, *few, run(8, "medium")], TUNNEL)
    assert levels == ("coarse", "medium")
    assert len(both) == 16


def test_the_data_are_counted() -> None:
    runs = [
        run(0, cd=0.2, seconds=100.0, details={"cells": 1000.0}),
        run(1, cd=0.3, seconds=300.0, details={"cells": 3000.0}),
        run(2, cd=0.7, seconds=800.0),
    ]
    facts = _data_facts(runs[:3], [*runs, run(3), run(4, "medium")], ("coarse",), TUNNEL)
    assert (facts["given"], facts["used"], len(facts["sha256"])) == (5, 3, 64)
    assert facts["levels"] == {
        "coarse": {
            "runs": 3, "not_usable": 1, "cells_median": 2000, "seconds_median": 300.0, "hours": 1200 / 3600,
            "mean": pytest.approx(0.4), "std": pytest.approx(math.sqrt(0.14 / 3)), "min": 0.2, "max": 0.7,
            "noise_median": 0.01,
        }
    }  # fmt: skip
    assert _data_facts(runs[2:], runs[2:], ("coarse",), TUNNEL)["levels"]["coarse"]["cells_median"] == 0


def test_the_share_inside_counts_designs_and_corners() -> None:
    """A domain that takes what lies on the left of the first parameter: half of both."""

    class Half:
        def ratios(self, unit: np.ndarray, sigma: Any) -> dict[str, np.ndarray]:
            assert sigma["drag"].shape == (300,)
            return {"a": 2.0 * unit[:, 0], "b": np.where(unit[:, 0] > 0.5, 3.0, 1.0)}

    model = SimpleNamespace(
        features=features_of(POD, design_matrix(POD, [run(0)]), False),
        posterior=SimpleNamespace(predict=lambda x: (None, np.zeros(len(x)))),
    )
    found = _share_inside(Half(), np.zeros((1, 13)), {"drag": model}, POD)  # type: ignore[dict-item]
    assert found["random designs"] == pytest.approx(0.5, abs=0.09)
    assert found["random corners"] == pytest.approx(0.5, abs=0.09)

    class Refused(type(POD)):  # type: ignore[misc]
        def broken_rules(self, values: Any) -> list[Any]:
            return [1]

    assert set(_share_inside(Half(), np.zeros((1, 13)), {"drag": model}, Refused())) == {"random corners"}  # type: ignore[dict-item]


def test_training_from_the_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(train, "train_surrogate", lambda *a: seen.append(a))
    monkeypatch.setattr(train, "load_training_data", lambda family, paths: (family, paths))
    assert train.main(["--family", "chair", "--runs", "a.jsonl", "--seed", "3", "--out", str(tmp_path)]) == 0
    family, runs, out, options, _, command, study = seen[0]
    assert (family.name, runs, out) == ("chair", ("chair", [Path("a.jsonl")]), tmp_path)
    assert (options.seed, study.name) == (3, "structure")
    assert command == (
        f"python -m maquette.surrogate.models.train --family chair --runs a.jsonl --seed 3 --out {tmp_path}"
    )
    assert train.main([]) == 0
    family, runs, out, options, *_ = seen[1]
    assert (family.name, runs, out, options.seed) == ("car", ("car", []), Path("assets/models/car"), 0)


def test_runs_come_from_the_files_or_are_shipped() -> None:
    with pytest.raises(InputError, match="there are no shipped runs of 'pod'; name files with --runs"):
        load_training_data("pod", [])
