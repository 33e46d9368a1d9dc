"""Runs survive every way they are stored, and only sound ones train."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated import simulated_runs

from maquette.design.errors import InputError
from maquette.surrogate.runs import dataset
from maquette.surrogate.runs.rows import run_from_json, run_to_json
from maquette.surrogate.studies.record import Observation

RUNS = simulated_runs(6, 3)
numbers = st.floats(allow_nan=False, width=64)


def test_parquet_round_trip_is_exact_and_documented(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "deep" / "runs.parquet"
    dataset.write_runs(RUNS, path)
    assert dataset.read_runs(path) == RUNS
    schema = pq.read_schema(path)
    column = schema.field("parameter.slant_angle")
    assert str(column.type) == "double"
    assert column.metadata[b"doc"].endswith(b"[deg]")
    assert all(schema.field(name).metadata[b"doc"] for name in schema.names)


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        dataset.write_runs(RUNS, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@given(cd=numbers, cl=numbers, text=st.text(max_size=30))
def test_json_round_trip_is_exact(cd: float, cl: float, text: str) -> None:
    outputs = {"drag_coefficient": cd, "lift_coefficient": cl}
    run = dataclasses.replace(RUNS[0], outputs=outputs, reason=text)
    assert run_from_json(json.loads(json.dumps(run_to_json(run)))) == run


def test_a_cut_off_line_costs_only_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "runs.jsonl"
    for run in RUNS[:3]:
        dataset.append_run(run, path)
    path.write_bytes(path.read_bytes()[:-40])
    with caplog.at_level(logging.WARNING):
        assert dataset.read_jsonl(path) == RUNS[:2]
        dataset.append_run(RUNS[4], path)
        assert dataset.read_jsonl(path) == [*RUNS[:2], RUNS[4]]
    assert caplog.text == "", "what was cut off is not there: there is nothing to warn of"


ROW = run_to_json(RUNS[0])
#: the same run as the first version wrote it, when the wind tunnel was the only study
OLD_ROW = {
    "run_id": RUNS[0].run_id, "family": "ahmed", "level": "coarse", "parameters": ROW["parameters"],
    "cd": RUNS[0].outputs["drag_coefficient"], "cl": RUNS[0].outputs["lift_coefficient"], "cl_front": 0.0,
    "cl_rear": 0.0, "drag_area": 0.03, "reference_area": 0.1, "cd_std": 0.0005, "cl_std": 0.001,
    "cd_drift": 0.002, "converged": True, "reason": "", "iterations": 600, "window": 100,
    "residuals": {"p": 1e-4}, "cells": 35000, "seconds": 60.0, "solver": "pretended", "recipe": "test-1",
}  # fmt: skip


def changed(**to: object) -> dict[str, object]:
    return {"outputs": {**ROW["outputs"], **to}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changed(drag_coefficient="0,193"), "outputs.drag_coefficient is \"0,193\"; it must be a number"),
        (changed(drag_coefficient=None), "outputs.drag_coefficient is null; it must be a number"),
        (changed(drag_coefficient=True), "it must be a number, not a truth value"),
        (changed(drag_coefficient=math.nan), "drag_coefficient is nan, in a run that says it converged"),
        ({"outputs": {}}, "outputs.drag_coefficient is missing, in a run that says it converged"),
        ({"noise": {}}, "noise.drag_coefficient is missing, in a run that says it converged"),
        ({"converged": "false"}, "converged is \"false\"; it must be true or false"),
        ({"run_id": 7}, "run_id is 7; it must be text"),
        ({"study": "water_tunnel"}, "its study 'water_tunnel' is not installed here"),
        ({"fidelity": "ultra"}, "fidelity is 'ultra'; known: coarse, medium, fine"),
        ({"fields": {"pressure": 1}}, "fields.pressure is 1; it must be text"),
        ({"slopes": {"drag_coefficient": {"length": "x"}}}, "slopes.drag_coefficient.length is \"x\""),
        ({"parameters": [1]}, "parameters is JSON a list; it must be an object of numbers"),
        ({"parameters": {**ROW["parameters"], "slant_angle": math.nan}}, "slant_angle is nan"),
        ({"parameters": {**ROW["parameters"], "slant_angle": "25"}}, "parameters.slant_angle is \"25\""),
        ({"parameters": {**ROW["parameters"], "slant_angle": 400.0}}, "slant_angle is 400; allowed"),
        ({"parameters": {**ROW["parameters"], "foo": 1.0}}, "parameter declaration of 'ahmed': it has foo"),
        ({"parameters": {}}, "it lacks"),
        ({"converged": False, "reason": "it swings"}, "it did not converge (it swings)"),
        (changed(drag_coefficient=4.0), "drag_coefficient is 4; plausible are 0.05 to 1.5"),
        ({"details": {"frontal_area": 0.0}}, "frontal_area is 0; it must be positive"),
    ],
)  # fmt: skip
def test_a_bad_local_row_is_named_and_skipped(
    change: dict[str, object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ({**ROW, **change}, ROW)))
    monkeypatch.setenv("MAQUETTE_DATA", str(path))
    with caplog.at_level(logging.WARNING):
        assert dataset.local_runs("ahmed") == [RUNS[0]]
    assert f"{path} line 1 skipped: " in caplog.text
    assert told in caplog.text


@pytest.mark.parametrize("line", ["[1, 2]", "run_id,cd", "3", "null", "{", '{"run_id": "x"}'])
def test_a_line_that_is_no_run_is_skipped(
    line: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(line + "\n" + json.dumps(ROW) + "\n")
    with caplog.at_level(logging.WARNING):
        assert dataset.read_jsonl(path) == [RUNS[0]]
    assert "line 1 skipped: it " in caplog.text


def test_a_design_in_metres_is_asked_about() -> None:
    from maquette.design.family.registry import get_family
    from maquette.surrogate.runs.rows import misfit

    car = get_family("car")
    values = {p.name: car.defaults()[p.name] for p in car.parameters}
    run = dataclasses.replace(RUNS[0], family="car", parameters=values)
    assert misfit(run) == ""
    short = dataclasses.replace(run, parameters=values | {"wheelbase": values["wheelbase"] / 1e3})
    assert misfit(short).endswith("allowed 2250 to 3300 mm (is it in metres?)")
    assert misfit(dataclasses.replace(run, family="nobody's")) == ""


def test_of_equal_ids_the_last_one_counts() -> None:
    again = dataclasses.replace(RUNS[1], reason="again")
    assert dataset.merge_runs(RUNS, [again]) == [RUNS[0], again, *RUNS[2:]]


@pytest.mark.parametrize(
    "change",
    [
        {"converged": False},
        changed(drag_coefficient=math.nan),
        changed(drag_coefficient=4.0),
        changed(lift_coefficient=math.inf),
        {"details": {"frontal_area": 0.0}},
        {"parameters": {}},
    ],
)
def test_unsound_runs_do_not_train(change: dict[str, object]) -> None:
    assert dataset.usable(RUNS[0])
    assert not dataset.usable(dataclasses.replace(RUNS[0], **change))


def test_design_key_joins_levels_and_separates_designs() -> None:
    keys = [dataset.design_key(run.parameters) for run in RUNS]
    assert keys[:3] == keys[6:]
    assert len(set(keys)) == 6
    turned = dict(reversed(RUNS[0].parameters.items()))
    assert dataset.design_key(turned) == keys[0]


def test_local_data_are_found_and_of_one_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAQUETTE_DATA", str(tmp_path))
    assert dataset.local_runs("ahmed") == []
    dataset.append_run(RUNS[0])
    dataset.append_run(dataclasses.replace(RUNS[1], family="car"))
    assert dataset.runs_file() == tmp_path / "runs.jsonl"
    assert dataset.local_runs("ahmed") == [RUNS[0]]
    assert RUNS[0] in dataset.load_runs("ahmed")
    assert RUNS[0] not in dataset.load_runs("ahmed", local=False)


def test_damaged_files_are_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "runs.parquet"
    with pytest.raises(InputError, match="no such file"):
        dataset.read_runs(path)
    dataset.write_runs(RUNS, path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="not a readable Parquet file") as caught:
        dataset.read_runs(path)
    assert "\n" not in str(caught.value)


def test_one_file_holds_one_family_and_one_set_of_parameters(tmp_path: Path) -> None:
    def with_change(**change: object) -> list[Observation]:
        return [RUNS[0], dataclasses.replace(RUNS[1], **change)]

    with pytest.raises(InputError, match="is of 'car' in the study"):
        dataset.write_runs(with_change(family="car"), tmp_path / "x")
    with pytest.raises(InputError, match="other parameters than"):
        dataset.write_runs(with_change(parameters={"length": 1.0}), tmp_path / "x")
    with pytest.raises(InputError, match="no runs"):
        dataset.write_runs([], tmp_path / "x")


def test_merge_command_writes_what_it_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "runs.jsonl"
    for run in [*RUNS, dataclasses.replace(RUNS[0], run_id="bad", converged=False)]:
        dataset.append_run(run, source)
    out = tmp_path / "ahmed_runs.parquet"
    assert dataset.main(["ahmed", str(source), "--out", str(out)]) == 0
    assert "coarse: 7 runs, 6 usable" in capsys.readouterr().out
    assert len(dataset.read_runs(out)) == 10


def test_rows_of_the_first_version_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps(OLD_ROW) + "\n")
    (run,) = dataset.read_jsonl(path, of_now=True)
    assert run.study == "wind_tunnel"
    assert run.fidelity == "coarse"
    assert run.outputs["drag_coefficient"] == OLD_ROW["cd"]
    assert run.noise == {"drag_coefficient": 0.0005, "lift_coefficient": 0.001}
    assert run.details["frontal_area"] == 0.1
    assert run.details["residual_p"] == 1e-4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cd": "0,193"}, 'cd is "0,193"; it must be a number, not text'),
        ({"cd": None}, "cd is null; it must be a number"),
        ({"cells": "many"}, 'cells is "many"; it must be a number'),
        ({"level": "ultra"}, "fidelity is 'ultra'"),
        ({"converged": "false"}, 'converged is "false"'),
    ],
)
def test_a_bad_row_of_the_first_version_is_named_as_it_was_written(
    change: dict[str, object], told: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps({**OLD_ROW, **change}) + "\n")
    assert dataset.read_jsonl(path, of_now=True) == []
    assert told in caplog.text


def test_parquet_files_of_the_first_version_are_read(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [value] for name, value in OLD_ROW.items() if name not in ("parameters", "residuals")}
    columns["residuals"] = [json.dumps(OLD_ROW["residuals"])]
    columns |= {f"parameter.{name}": [value] for name, value in ROW["parameters"].items()}
    table = pa.table(columns).replace_schema_metadata({"schema_version": "1", "family": "ahmed"})
    pq.write_table(table, tmp_path / "old.parquet")
    (run,) = dataset.read_runs(tmp_path / "old.parquet")
    assert run == run_from_json(OLD_ROW)
    assert run.parameters == RUNS[0].parameters
    assert run.carried_from == ""


def test_runs_that_state_more_and_less_noise_share_a_file(tmp_path: Path) -> None:
    noisier = dataclasses.replace(RUNS[1], noise={**RUNS[1].noise, "front_lift_coefficient": 0.002})
    dataset.write_runs([RUNS[0], noisier], tmp_path / "both.parquet")
    assert dataset.read_runs(tmp_path / "both.parquet") == [RUNS[0], noisier]


def test_own_data_of_another_kind_is_named_and_never_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "runs.csv"
    table.write_text("wheelbase;cd\n2800,5;0,25\n")
    monkeypatch.setenv("MAQUETTE_DATA", str(table))
    with pytest.raises(InputError, match=r"MAQUETTE_DATA is .*runs\.csv; it must be a"):
        dataset.load_runs("car")
    with pytest.raises(InputError, match=r"runs\.csv: runs are a \.jsonl or \.parquet file"):
        dataset.read_any(table)
