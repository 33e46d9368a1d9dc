"""A campaign in rounds: thirds that do not depend on who runs them, and a plan that outlives a stop."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from simulated import closed_form

from maquette.design.family.parameters import as_row, to_unit_cube
from maquette.design.family.registry import get_family
from maquette.surrogate import rounds
from maquette.surrogate.models.surrogate import load_surrogate
from maquette.surrogate.rounds import PLAN_FILE, ROUND, plan_round, planned, run_rounds, taken_up
from maquette.surrogate.runs.campaign import RUNS_FILE
from maquette.surrogate.runs.dataset import fields_path, read_jsonl, write_fields, write_runs
from maquette.surrogate.studies.fields import pack
from maquette.surrogate.studies.registry import get_study

AHMED, CAR = get_family("ahmed"), get_family("car")
TUNNEL = get_study("wind_tunnel")
run_id = TUNNEL.run_id


def test_rounds_without_a_model_fill_the_space_and_never_repeat() -> None:
    designs = [d for k in range(3) for d in plan_round(AHMED, k, 5, None)]
    assert len(designs) == 3 * ROUND
    assert len({run_id("ahmed", "x", d) for d in designs}) == len(designs)
    assert plan_round(AHMED, 1, 5, None) == designs[ROUND : 2 * ROUND]
    for design in designs:
        AHMED.accept(design)


@pytest.mark.slow
def test_a_round_goes_where_searches_go_and_where_the_model_is_unsure() -> None:
    surrogate = load_surrogate("car", local=False)
    designs = plan_round(CAR, 0, 1, surrogate)
    assert len(designs) >= ROUND - 6  # sketches that break a rule are left out
    for design in designs:
        CAR.accept(design)
    rows = np.array([as_row(CAR.declaration, d) for d in designs])
    batch = surrogate.predict(rows)
    drag, sigma = batch.value["drag_coefficient"], batch.sigma["drag_coefficient"]
    fill, led = np.arange(0, len(designs), 3), np.arange(2, len(designs), 3)
    half = len(led) // 2
    assert np.median(drag[led[:half]]) < np.quantile(drag[fill], 0.1)
    assert np.median(sigma[led[half:]]) > np.median(sigma[fill])
    unit = to_unit_cube(CAR.declaration, rows[led[:half]])
    apart = [np.sqrt(np.mean((a - b) ** 2)) for a, b in itertools.combinations(unit, 2)]
    assert min(apart) >= rounds.APART


def test_a_stopped_campaign_goes_on_with_its_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ENOUGH", 10_000)  # no training here
    said: list[str] = []
    arguments = (AHMED, 3, "coarse", tmp_path, said.append)
    run_rounds(*arguments, runner=closed_form)
    first = (tmp_path / PLAN_FILE).read_text()
    assert len(list(planned(tmp_path / PLAN_FILE))) == ROUND
    assert len(read_jsonl(tmp_path / RUNS_FILE)) == 3
    run_rounds(AHMED, ROUND + 2, *arguments[2:], runner=closed_form)
    assert (tmp_path / PLAN_FILE).read_text().startswith(first)
    runs = read_jsonl(tmp_path / RUNS_FILE)
    assert len(runs) == len({r.run_id for r in runs}) == ROUND + 2
    assert any("h left" in text for text in said)


def test_a_fresh_machine_takes_up_the_runs_that_the_project_holds(tmp_path: Path) -> None:
    """Runs, their pressures and their designs come back; those of another recipe and a second time do not."""
    designs = plan_round(AHMED, 0, 0, None)[:5]
    runs = [closed_form(TUNNEL.name, "ahmed", d, "coarse", TUNNEL.recipe) for d in designs]
    pressure = np.linspace(-1.0, 1.0, 9).astype(np.float16)
    runs[2] = replace(runs[2], fields={"pressure_coefficient": pack(pressure)})
    runs[4] = replace(runs[4], recipe="another")
    kept = tmp_path / "ahmed_campaign.parquet"
    write_runs(runs, kept)
    write_fields(runs, fields_path(kept))
    out = tmp_path / "out"
    assert taken_up(AHMED, TUNNEL.recipe, out, kept) == 4
    assert read_jsonl(out / RUNS_FILE) == runs[:4]
    assert list(planned(out / PLAN_FILE)) == designs[:4]
    assert taken_up(AHMED, TUNNEL.recipe, out, kept) == 0
    assert taken_up(AHMED, TUNNEL.recipe, tmp_path / "other", tmp_path / "none.parquet") == 0
