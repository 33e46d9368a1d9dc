"""The live numbers beside the sliders say what the slower paths say, and an arrow keeps its word."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maquette.constraints.requirements.assess import assess
from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.brief_files import brief_from_data
from maquette.constraints.requirements.product import brief_from_text
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.parameters import as_row, as_values, from_unit_cube, to_unit_cube
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.surrogate.models import slopes as slopes_module
from maquette.surrogate.models.slopes import NETWORK, SURROGATE, response_of, slopes, source_of
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.surrogate.runs.dataset import append_run
from maquette.ui.live import arrows_of, live
from maquette.ui.workbench import open_workbench

CAR = get_family("car")
NAMES = [p.name for p in CAR.parameters]
BRIEF = brief_from_data(
    {
        "family": "car",
        "require": [
            {"quantity": "drag_coefficient", "at_most": 0.3},
            {"quantity": "luggage_volume", "at_least": "300 l"},
            {"quantity": "ground_clearance", "at_least": "120 mm"},
        ],
        "lock": {"rear_overhang": CAR.defaults()["rear_overhang"]},
    }
).brief


@pytest.fixture(autouse=True)
def only_the_shipped_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path / "data"))


def car(**changes: float) -> Design:
    return Design("car", {**CAR.defaults(), **changes})


def test_numbers_are_those_of_the_slower_paths() -> None:
    now = live(car(), BRIEF)
    measures = CAR.measures(CAR.defaults())
    assert {n: r.value for n, r in now.measures.items()} == pytest.approx(measures)
    assert {n: r.unit for n, r in now.measures.items()} == {m.name: m.unit for m in CAR.measure_list}
    surrogate = load_surrogate("car", local=False)
    assert now.predictions == surrogate.predict_design(CAR.defaults(), measures)
    judged = assess(CAR, CAR.defaults(), BRIEF, surrogate)
    assert [v.margin for v in now.verdicts] == [v.margin for v in judged.verdicts]
    assert now.feasible == judged.feasible
    drag = now.predictions["drag_coefficient"]
    assert drag.lower < drag.value < drag.upper


def test_predictions_do_not_need_a_brief_that_asks_for_them() -> None:
    now = live(car())
    assert [v.quantity for v in now.verdicts] == [w.quantity for w in CAR.default_wishes]
    assert set(now.predictions) == {"drag_coefficient", "lift_coefficient", "drag_area"}


def test_a_step_along_an_arrow_lowers_the_predicted_drag() -> None:
    now = live(car())
    surrogate = load_surrogate("car", local=False)
    before = now.predictions["drag_coefficient"].value
    strong = [(n, a) for n, a in now.arrows.items() if -a.gain > 5e-4]
    assert len(strong) >= 4
    for name, arrow in strong:
        moved = live(car(**{name: arrow.to}), arrows=False)
        true = surrogate.predict_design(moved.design.parameters)["drag_coefficient"].value - before
        assert true < 0, name
        assert true == pytest.approx(arrow.gain, rel=0.3, abs=2.5e-4), name
        low, high = next((p.range.low, p.range.high) for p in CAR.parameters if p.name == name)
        assert arrow.step == pytest.approx(0.02 * (high - low))


def test_a_moving_slider_has_the_same_numbers_with_fewer_measures() -> None:
    brief = brief_from_text("drag coefficient at most 0.3, approach angle at least 14 deg").brief
    whole, quick = live(car(), brief), live(car(), brief, arrows=False, measures=False)
    assert quick.verdicts == whole.verdicts
    assert quick.predictions == whole.predictions
    assert set(quick.measures) == {"frontal_area", "approach_angle", "proportion_distance"}
    assert all(quick.measures[n] == whole.measures[n] for n in quick.measures)


def test_both_sources_of_the_arrows_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    surrogate = load_surrogate("car", local=False)
    assert source_of(surrogate) == NETWORK  # what is shipped fits together
    rows = np.array([as_row(CAR.declaration, CAR.defaults() | dict(a)) for a in CAR.archetypes.values()])
    unit = to_unit_cube(CAR.declaration, rows)
    own = surrogate.predict(from_unit_cube(CAR.declaration, unit)).value["drag_coefficient"]
    assert np.abs(response_of(surrogate)(unit) - own).max() < 0.01
    quick = slopes(surrogate, CAR.defaults())
    monkeypatch.setattr(slopes_module, "_network", lambda *_: None)
    slow = slopes(surrogate, CAR.defaults())
    a = np.array([[s.down, s.up] for s in quick.values()]).ravel()
    b = np.array([[s.down, s.up] for s in slow.values()]).ravel()
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > 0.95
    assert np.linalg.norm(a) == pytest.approx(np.linalg.norm(b), rel=0.2)


def test_the_quick_source_is_the_network_that_steers_sketches() -> None:
    from maquette.surrogate.models.differentiable import response

    surrogate = load_surrogate("car", local=False)
    assert source_of(surrogate) == NETWORK  # what is shipped fits together
    import torch

    unit = np.random.default_rng(0).random((5, len(CAR.parameters)))
    with torch.no_grad():
        said = response("car")(torch.from_numpy(2.0 * unit - 1.0)).numpy()
    assert response_of(surrogate)(unit) == pytest.approx(said, abs=1e-9)


def test_a_sessions_runs_speak_to_that_session_alone(tmp_path: Path) -> None:
    """A run dearer by 0.08 at the design moves the numbers that take in its file, and no others."""
    surrogate = load_surrogate("car", local=False)
    design = car()
    before = live(design, arrows=False)
    area = before.predictions["drag_area"].value / before.predictions["drag_coefficient"].value
    like = next(r for r in surrogate.runs if r.fidelity == surrogate.levels[-1])
    dear = before.predictions["drag_coefficient"].value + 0.08
    numbers = {p.name: design.parameters[p.name] for p in CAR.parameters}  # a run has no options
    run = replace(
        like, run_id="mine", parameters=numbers, recipe=surrogate.info["recipes"][0],
        outputs=like.outputs | {"drag_coefficient": dear}, noise=like.noise | {"drag_coefficient": 0.001},
        details={"frontal_area": area},
    )  # fmt: skip
    mine, theirs = tmp_path / "a" / "runs.jsonl", tmp_path / "b" / "runs.jsonl"
    append_run(run, mine)
    with_it = live(design, arrows=False, own=mine).predictions["drag_coefficient"]
    assert with_it.value > before.predictions["drag_coefficient"].value + 0.02
    assert "1 own run" in with_it.model
    assert with_it.own_runs == 1
    assert before.predictions["drag_coefficient"].own_runs == 0
    for own in (theirs, None):
        assert live(design, arrows=False, own=own).predictions == before.predictions


def test_own_runs_change_the_source_to_the_surrogate_that_knows_them() -> None:
    surrogate = load_surrogate("car", local=False)
    old = replace(surrogate.runs[0], recipe=surrogate.info["recipes"][0])
    numbers = {p.name: CAR.defaults()[p.name] for p in CAR.parameters}  # a run has no options
    moved = old.outputs | {"drag_coefficient": old.outputs["drag_coefficient"] + 0.02}
    run = replace(old, run_id="mine", parameters=numbers, outputs=moved)
    assert source_of(surrogate.learn([run])) == SURROGATE


def test_a_locked_slider_has_no_arrow_and_the_end_of_a_range_has_one_way() -> None:
    now = live(car(), BRIEF)
    arrow = now.arrows["rear_overhang"]
    assert arrow.locked
    assert arrow.better == ""
    assert arrow.down is not None
    assert not live(car()).arrows["rear_overhang"].locked
    top = next(p.range.high for p in CAR.parameters if p.name == "tyre_width")
    edge = live(car(tyre_width=top)).arrows["tyre_width"]
    assert edge.up is None
    assert edge.down is not None


def test_no_arrow_leads_into_a_broken_rule_unsaid() -> None:
    surrogate = load_surrogate("car", local=False)
    rng = np.random.default_rng(3)
    bodies = [CAR.defaults() | dict(a) for a in CAR.archetypes.values()]
    told = 0
    for k in range(160):
        unit = to_unit_cube(CAR.declaration, as_row(CAR.declaration, bodies[k % len(bodies)]))
        near = np.clip(unit + 0.16 * rng.standard_normal(len(unit)), 0.0, 1.0)
        values = as_values(CAR.declaration, from_unit_cube(CAR.declaration, near))
        if CAR.broken_rules(values):
            continue
        for name, arrow in arrows_of(CAR, values, Brief("car"), surrogate)[0].items():
            after = CAR.broken_rules({**values, name: arrow.to})
            assert bool(after) == bool(arrow.refused), name
            told += bool(arrow.refused)
    assert told > 0


def test_outside_the_domain_it_says_so_and_why() -> None:
    low = {p.name: p.range.low for p in CAR.parameters}
    now = live(Design("car", low))
    assert not now.in_domain
    assert now.why_not
    assert not now.feasible or not now.broken


def test_a_broken_design_is_still_answered() -> None:
    values = next(
        v
        for row in from_unit_cube(CAR.declaration, np.random.default_rng(1).random((200, len(NAMES))))
        if CAR.broken_rules(v := dict(zip(NAMES, row.tolist(), strict=True)))
    )
    now = live(Design("car", values), BRIEF)
    assert now.broken
    assert not now.feasible
    assert len(now.verdicts) == 5  # the family's standing wish is one


def test_a_family_without_a_surrogate_has_measures_and_no_predictions() -> None:
    ahmed = get_family("ahmed")
    now = live(Design("ahmed", ahmed.defaults()))
    assert now.measures["frontal_area"].value == pytest.approx(
        ahmed.measures(ahmed.defaults())["frontal_area"]
    )
    assert now.predictions == {}
    assert now.arrows == {}
    assert not now.in_domain
    assert "no surrogate" in now.why_not


def test_what_is_refused_is_refused_in_a_sentence() -> None:
    with pytest.raises(ParameterError, match="wheelbase is 99999 mm; allowed"):
        live(car(wheelbase=99999.0))
    with pytest.raises(InputError, match="the brief is about a car, the design is a ahmed"):
        live(Design("ahmed", get_family("ahmed").defaults()), BRIEF)
    with pytest.raises(InputError, match="step is 0"):
        slopes(load_surrogate("car", local=False), CAR.defaults(), 0.0)


def test_own_runs_are_noticed_without_a_restart(tmp_path: Path) -> None:
    from maquette.design.environment import runs_file
    from maquette.surrogate.runs.dataset import append_run

    before = open_workbench("car").predictor_or_none
    assert before is open_workbench("car").predictor_or_none
    assert before is not None
    recipe = before.info["recipes"][0]
    run = replace(
        before.runs[0],
        run_id="mine",
        parameters={n: CAR.defaults()[n] for n in NAMES},
        fidelity=before.levels[-1],
        recipe=recipe,
    )
    append_run(run)
    assert runs_file().is_relative_to(tmp_path)
    after = open_workbench("car").predictor_or_none
    assert after is not None
    assert after.learned == 1
    now = live(car())
    assert now.predictions["drag_coefficient"].evidence[0].run_id == "mine"
    assert now.arrows_from == SURROGATE


def test_nothing_heavy_is_loaded() -> None:
    code = (
        "import sys; from maquette.ui.live import live; from maquette.design.family.records import Design;"
        "from maquette.design.family.registry import get_family; car = get_family('car');"
        "live(Design('car', car.defaults()));"
        "heavy = {'torch', 'cadquery', 'OCP', 'optuna', 'gpytorch', 'diffusers'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
