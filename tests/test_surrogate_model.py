"""A surrogate trained on pretended CFD with a known truth: accurate, honest, refused when damaged.

When accuracy fails but `test_process_equals_gpytorch` passes, look at the fit (priors, starts); when the
latter fails too, look at the kernel.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import paces
from simulated import design, family, run_of, simulated_runs, true_cd

from maquette.design.errors import InputError, ModelError
from maquette.design.family.parameters import as_row, from_unit_cube
from maquette.surrogate.models.card import CARD_NAME, check
from maquette.surrogate.models.gaussian_process.options import Options
from maquette.surrogate.models.surrogate import Surrogate, load_surrogate
from maquette.surrogate.models.train import train_surrogate, training_runs
from maquette.surrogate.studies.registry import get_study
from maquette.surrogate.trust.prediction import HALF_WIDTH

# gpytorch's own import still calls torch.jit.script
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")

TUNNEL = get_study("wind_tunnel")
SMALL = {"frontal_area": 0.1}  # m2
RUNS = simulated_runs(48, 20)
OPTIONS = Options(candidates=("matern, free lengthscales",), most_folds=5, curve=(25,))
FAMILY = family()
DIMENSIONS = len(FAMILY.parameters)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model")
    train_surrogate(FAMILY, RUNS, out, OPTIONS, progress=lambda _: None, command="the test")
    return out


@pytest.fixture(scope="session")
def surrogate(folder: Path) -> Surrogate:
    return load_surrogate("ahmed", folder, local=False)


def _fresh(n: int, seed: int = 99) -> tuple[np.ndarray, np.ndarray]:
    unit = np.random.default_rng(seed).random((n, DIMENSIONS))
    return unit, from_unit_cube(FAMILY.declaration, unit)


def test_fresh_designs_are_predicted_at_the_medium_level(surrogate: Surrogate) -> None:
    unit, matrix = _fresh(500)
    batch = surrogate.predict(matrix)
    error = batch.value["drag_coefficient"] - true_cd(unit)
    assert np.abs(error).mean() < 0.2 * true_cd(unit).std()
    assert abs(error.mean()) < 0.002  # the coarse level lies 0.03 higher
    label = true_cd(unit) + 0.0015 * np.random.default_rng(1).normal(size=500)
    lower, upper = batch.interval("drag_coefficient")
    assert 0.8 < ((lower <= label) & (label <= upper)).mean() < 0.99
    assert batch.in_domain.mean() > 0.9


def test_card_states_what_was_measured(surrogate: Surrogate, folder: Path) -> None:
    drag = surrogate.info["targets"]["drag_coefficient"]
    ours, linear, mean = (drag["scores"][k]["top"]["mae"] for k in ("gp", "linear (ridge)", "mean"))
    assert ours < 0.5 * linear < 0.5 * mean
    assert [p["designs"] for p in drag["learning_curve"]] == [25, 38]
    assert next(iter(surrogate.info["sensitivities"]["drag_coefficient"])) == "slant_angle"
    card = (folder / CARD_NAME).read_text()
    assert f"{ours:.4f}" in card
    assert f"{linear:.4f}" in card
    assert surrogate.info["weights_sha256"] in card


def test_fresh_runs_can_be_checked_and_known_ones_cannot(surrogate: Surrogate) -> None:
    fresh = [run for run in simulated_runs(10, 10, seed=5) if run.fidelity == "medium"]
    found = check(surrogate, fresh)["drag_coefficient"]
    assert found["runs"] == 10
    assert found["r2"] > 0.8
    with pytest.raises(InputError, match="no fresh converged"):
        check(surrogate, RUNS)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 40))
def test_a_batch_is_its_rows(surrogate: Surrogate, seed: int, rows: int) -> None:
    _, matrix = _fresh(rows, seed)
    batch = surrogate.predict(matrix, SMALL)
    i = seed % rows
    one = surrogate.predict_design(dict(zip(batch_names(), matrix[i].tolist(), strict=True)), SMALL)
    for quantity, prediction in one.items():
        assert prediction.value == pytest.approx(batch.value[quantity][i], rel=1e-9)
        assert prediction.sigma == pytest.approx(batch.sigma[quantity][i], rel=1e-6)
        assert prediction.in_domain == batch.in_domain[i]


def batch_names() -> list[str]:
    return [p.name for p in FAMILY.parameters]


def test_probability_agrees_with_the_interval(surrogate: Surrogate) -> None:
    found = surrogate.predict_design(FAMILY.defaults(), SMALL)["drag_coefficient"]
    assert found.probability(at_most=found.value) == pytest.approx(0.5)
    assert found.probability(at_least=found.lower, at_most=found.upper) == pytest.approx(0.9)
    assert found.probability(at_most=found.upper) == pytest.approx(0.95)
    assert found.probability(at_most=found.bound(0.9)) == pytest.approx(0.9)
    assert found.upper - found.value == pytest.approx(HALF_WIDTH * found.sigma)
    assert found.probability(at_least=0.3, at_most=0.2) == 0.0
    with pytest.raises(InputError, match="needs a limit"):
        found.probability()
    matrix = as_row(FAMILY.declaration, FAMILY.defaults())[None, :]
    batch = surrogate.predict(matrix)
    for limits in ({"at_most": 0.3}, {"at_least": 0.24}, {"at_least": 0.24, "at_most": 0.3}):
        assert batch.probability("drag_coefficient", **limits)[0] == pytest.approx(
            found.probability(**limits)
        )


def test_no_interval_goes_beyond_what_a_number_can_be(surrogate: Surrogate) -> None:
    """A model a thousand times less sure: +-1.645 sigma of the drag reaches far below zero, no body does."""
    wide = {n: dataclasses.replace(t, factor=1000.0 * t.factor) for n, t in surrogate.targets.items()}
    unsure = dataclasses.replace(surrogate, targets=wide)
    for values in (dict(RUNS[0].parameters), dict(RUNS[7].parameters)):
        said, sure = unsure.predict_design(values, SMALL), surrogate.predict_design(values, SMALL)
        assert said["drag_coefficient"].sigma > 0.5
        assert (said["drag_coefficient"].lower, said["drag_coefficient"].upper) == (0.05, 1.5)
        assert (said["lift_coefficient"].lower, said["lift_coefficient"].upper) == (-2.0, 2.0)
        one = sure["drag_coefficient"]
        assert one.upper - one.lower == pytest.approx(2 * HALF_WIDTH * one.sigma)


def test_drag_area_is_drag_times_the_exact_area(surrogate: Surrogate) -> None:
    found = surrogate.predict_design(FAMILY.defaults(), {"frontal_area": 0.123})
    assert found["drag_area"].value == pytest.approx(0.123 * found["drag_coefficient"].value)
    assert found["drag_area"].upper == pytest.approx(0.123 * found["drag_coefficient"].upper)
    measured = surrogate.predict_design(FAMILY.defaults())
    area = FAMILY.measures(FAMILY.defaults())["frontal_area"]
    assert measured["drag_area"].value == pytest.approx(area * found["drag_coefficient"].value)


def test_evidence_is_the_nearest_runs_at_their_best_level(surrogate: Surrogate) -> None:
    known = next(run for run in RUNS if run.fidelity == "medium")
    found = surrogate.predict_design(known.parameters, SMALL)["drag_coefficient"]
    assert len(found.evidence) == 5
    nearest = found.evidence[0]
    assert (nearest.run_id, nearest.fidelity, nearest.value) == (
        known.run_id,
        "medium",
        known.outputs["drag_coefficient"],
    )
    assert nearest.distance < 1e-5
    assert [e.distance for e in found.evidence] == sorted(e.distance for e in found.evidence)


def test_sensitivities_are_the_slopes_of_the_truth(surrogate: Surrogate) -> None:
    unit = np.full(DIMENSIONS, 0.5)
    found = surrogate.sensitivities(design(unit))
    up, down = unit.copy(), unit.copy()
    up[5], down[5] = 0.52, 0.48
    true_slope = (true_cd(up[None, :])[0] - true_cd(down[None, :])[0]) / 0.04
    assert found["slant_angle"] == pytest.approx(true_slope, rel=0.3)
    assert next(iter(found)) == "slant_angle"
    assert abs(found["clearance"]) < 0.2 * abs(found["slant_angle"])


def test_a_simulated_design_is_learned(surrogate: Surrogate) -> None:
    corners = np.array(list(itertools.product([0.0, 1.0], repeat=DIMENSIONS)))
    distance = surrogate.predict(from_unit_cube(FAMILY.declaration, corners)).distance
    corner = corners[np.argmax(distance)]
    before = surrogate.predict_design(design(corner), SMALL)["drag_coefficient"]
    assert not before.in_domain
    assert before.reason
    surprise = before.value + 0.05
    run = run_of(corner, "medium", surprise, 0.1, "own-1")
    after_surrogate = surrogate.learn([run, run])
    after = after_surrogate.predict_design(design(corner), SMALL)["drag_coefficient"]
    assert abs(after.value - surprise) < 0.5 * abs(before.value - surprise)
    assert after.upper - after.lower < before.upper - before.lower
    assert after.evidence[0].run_id == "own-1"
    assert after.model.startswith(before.model + " + 1 own run (")
    again = surrogate.predict_design(design(corner), SMALL)["drag_coefficient"]
    assert again == before


def test_a_run_moves_the_prediction_at_its_design_and_nowhere_far(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a known scatter the rest of what the fit called noise is local: a run of 0.05 too much at a design
    in the midst of the data is believed there, and leaves a design far from it alone."""
    from maquette.surrogate.models import surrogate as model

    known = {"drag_coefficient": 0.002, "lift_coefficient": 0.01}
    monkeypatch.setattr(type(TUNNEL), "scatter", lambda _, recipe, fidelity, output: known[output])
    model._load.cache_clear()
    loud = load_surrogate("ahmed", folder, local=False)
    target = loud.targets["drag_coefficient"].posterior
    h = {**target.h, "noise": np.array([0.1, 0.1])}  # a fit that calls much of the labels noise
    posterior = model.condition(h, target.table, target.mean, target.scale, (0.002, 0.002))
    targets = {**loud.targets, "drag_coefficient": dataclasses.replace(
        loud.targets["drag_coefficient"], posterior=posterior
    )}  # fmt: skip
    loud = dataclasses.replace(loud, targets=targets)
    model._load.cache_clear()
    here, there = np.full(DIMENSIONS, 0.5), np.full(DIMENSIONS, 0.9)
    said = {k: loud.predict_design(design(u), SMALL)["drag_coefficient"] for k, u in ((0, here), (1, there))}
    gave = said[0].upper + 0.02
    after = loud.learn([run_of(here, "medium", gave, 0.1, "own-5")])
    now = {k: after.predict_design(design(u), SMALL)["drag_coefficient"] for k, u in ((0, here), (1, there))}
    assert abs(now[0].value - gave) < 0.1 * abs(said[0].value - gave)
    assert now[0].sigma < 0.5 * said[0].sigma
    assert now[0].lower < gave < now[0].upper
    assert abs(now[1].value - said[1].value) < 0.1 * abs(now[0].value - said[0].value)


@pytest.mark.parametrize(
    "change", [{"converged": False}, {"recipe": "other"}, {"fidelity": "fine"}, {"family": "car"}]
)
def test_runs_that_do_not_fit_are_not_learned(surrogate: Surrogate, change: dict[str, object]) -> None:
    run = dataclasses.replace(run_of(np.full(DIMENSIONS, 0.3), "medium", 0.3, 0.1, "own-2"), **change)
    assert surrogate.learn([run]) is surrogate
    assert surrogate.learn(RUNS) is surrogate


def test_local_runs_are_learned_on_loading(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maquette.surrogate.runs.dataset import append_run

    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "mine.jsonl"))
    append_run(run_of(np.full(DIMENSIONS, 0.3), "coarse", 0.3, 0.1, "own-3"))
    assert load_surrogate("ahmed", folder).learned == 1
    assert load_surrogate("ahmed", folder, local=False).learned == 0


def test_fitting_again_gives_the_same_bytes(surrogate: Surrogate, tmp_path: Path) -> None:
    from maquette.surrogate.models.gaussian_process.fit import fit
    from maquette.surrogate.models.gaussian_process.select import CANDIDATES
    from maquette.surrogate.models.store import save_model

    table = surrogate.targets["drag_coefficient"].posterior.table
    for name in ("a", "b"):
        save_model(tmp_path / name, {}, fit(table, CANDIDATES["matern, free lengthscales"], restarts=1).h)
    for file in ("weights.safetensors", "model.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_process_equals_gpytorch() -> None:
    """Our NumPy posterior and likelihood are gpytorch's, for every candidate's kernel at two mesh levels."""
    import gpytorch
    import torch

    from maquette.surrogate.models.gaussian_process.features import features_of
    from maquette.surrogate.models.gaussian_process.fit import build
    from maquette.surrogate.models.gaussian_process.process import condition, log_likelihood
    from maquette.surrogate.models.gaussian_process.select import CANDIDATES
    from maquette.surrogate.models.gaussian_process.targets import design_matrix, table_of

    runs = simulated_runs(20, 10)
    features = features_of(FAMILY, design_matrix(FAMILY, runs), derive=False)
    table = table_of(FAMILY, ("coarse", "medium"), "drag_coefficient", features, runs)
    logs = table_of(FAMILY, ("coarse", "medium"), "drag_coefficient", features, runs, log=True)
    assert logs.truth == pytest.approx(table.y)
    assert logs.label_noise == pytest.approx(table.noise)
    x = np.random.default_rng(0).random((7, DIMENSIONS))
    rng = np.random.default_rng(2)
    for spec in CANDIDATES.values():
        process, mll, y, mean, scale = build(table, spec)
        with torch.no_grad():
            for parameter in process.parameters():
                parameter.add_(torch.from_numpy(0.3 * rng.normal(size=tuple(parameter.shape))))
        h = {k: v.detach().numpy() for k, v in process.covar_module.natural().items()}
        h["noise"] = process.likelihood.noise_covar.natural().detach().numpy()
        ours = condition(h, table, mean, scale)
        with torch.no_grad(), gpytorch.settings.fast_computations(False, False, False):
            process.train()
            output = process(*process.train_inputs)
            theirs = float(mll.likelihood(output, *process.train_inputs).log_prob(y))
            process.eval()
            at = torch.from_numpy(np.column_stack([x, np.ones(7)]))
            latent = process(at)
        assert log_likelihood(ours) == pytest.approx(theirs, rel=1e-8)
        value, sd = ours.predict(x)
        assert value == pytest.approx(mean + scale * latent.mean.numpy(), rel=1e-7)
        assert sd == pytest.approx(scale * latent.stddev.numpy(), rel=1e-5)


def test_a_prediction_is_quick(surrogate: Surrogate) -> None:
    values = FAMILY.defaults()
    assert paces(lambda: surrogate.predict_design(values, SMALL)) < 15.0  # 4 when this was written


def test_predicting_loads_neither_torch_nor_the_kernel(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from maquette.surrogate.models.surrogate import load_surrogate\n"
        f"s = load_surrogate('ahmed', Path({str(folder)!r}), local=False)\n"
        "s.predict_design(s.family.defaults())\n"
        "print([m for m in ('torch', 'gpytorch', 'cadquery', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- refusals ------------------------------------------------------------------------------------------


def _copy(folder: Path, target: Path) -> Path:
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def _matters(text: bytes, at: int) -> bool:
    """Whether the place holds a digit, and another one there would say something else: the last of seventeen
    need not."""
    other = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
    try:
        return text[at : at + 1].isdigit() and json.loads(other) != json.loads(text)
    except ValueError:
        return True


@pytest.mark.parametrize("name", ["weights.safetensors", "model.json"])
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_flipped_byte_is_refused(folder: Path, tmp_path: Path, name: str, place: float) -> None:
    copy = _copy(folder, tmp_path / "copy")
    data = bytearray((copy / name).read_bytes())
    at = int(place * len(data))
    while name.endswith("json") and not _matters(bytes(data), at):
        at += 1
    data[at] ^= 1
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(ModelError, match="damaged"):
        load_surrogate("ahmed", copy, local=False)


def test_truncated_missing_and_foreign_models_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no surrogate"):
        load_surrogate("ahmed", tmp_path / "nowhere", local=False)
    copy = _copy(folder, tmp_path / "a")
    (copy / "weights.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        load_surrogate("ahmed", copy, local=False)
    (copy / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        load_surrogate("ahmed", copy, local=False)
    (copy / "model.json").write_text("{}")
    with pytest.raises(ModelError, match="format version"):
        load_surrogate("ahmed", copy, local=False)
    with pytest.raises(ModelError, match="a surrogate of family 'ahmed', not 'car'"):
        load_surrogate("car", folder, local=False)


def test_another_declaration_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from maquette.surrogate.models import surrogate as model

    monkeypatch.setattr(type(FAMILY), "declaration_hash", "0" * 64)
    model._load.cache_clear()
    with pytest.raises(ModelError, match="another parameter declaration"):
        load_surrogate("ahmed", folder, local=False)


def test_bad_matrices_and_too_few_runs_are_refused(surrogate: Surrogate) -> None:
    with pytest.raises(InputError, match="must be finite"):
        surrogate.predict(np.full((2, DIMENSIONS), np.nan))
    with pytest.raises(InputError, match="n x 7"):
        surrogate.predict(np.zeros((2, 3)))
    with pytest.raises(InputError, match="at least 8 designs"):
        training_runs(FAMILY, RUNS[:5], TUNNEL)
    kept, levels = training_runs(FAMILY, [run for run in RUNS if run.fidelity == "coarse"], TUNNEL)
    assert (len(kept), levels) == (48, ("coarse",))
