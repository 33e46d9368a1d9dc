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
from maquette.design.errors import InputError
from maquette.surrogate import dataset
from maquette.surrogate.physics.record import RunResult
from simulated import simulated_runs

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
    run = dataclasses.replace(RUNS[0], cd=cd, cl=cl, reason=text)
    assert dataset.run_from_json(json.loads(json.dumps(dataclasses.asdict(run)))) == run


def test_a_cut_off_line_costs_only_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "runs.jsonl"
    for run in RUNS[:3]:
        dataset.append_run(run, path)
    path.write_bytes(path.read_bytes()[:-40])
    with caplog.at_level(logging.WARNING):
        assert dataset.read_jsonl(path) == RUNS[:2]
    assert "line 3 skipped" in caplog.text
    dataset.append_run(RUNS[4], path)
    assert dataset.read_jsonl(path) == [*RUNS[:2], RUNS[4]]


def test_of_equal_ids_the_last_one_counts() -> None:
    again = dataclasses.replace(RUNS[1], cd=0.5)
    assert dataset.merge_runs(RUNS, [again]) == [RUNS[0], again, *RUNS[2:]]


@pytest.mark.parametrize(
    "change",
    [
        {"converged": False},
        {"cd": math.nan},
        {"cd": 4.0},
        {"cl": math.inf},
        {"reference_area": 0.0},
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
    assert dataset.local_data_path() == tmp_path / "runs.jsonl"
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
    def with_change(**change: object) -> list[RunResult]:
        return [RUNS[0], dataclasses.replace(RUNS[1], **change)]

    with pytest.raises(InputError, match="is of family 'car'"):
        dataset.write_runs(with_change(family="car"), tmp_path / "x")
    with pytest.raises(InputError, match="other parameters"):
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
