"""Rows that are held out and the data of a target, worked out by hand on tables of a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from test_tables_by_hand import table

from maquette.design.errors import InputError
from maquette.surrogate.models.table import data as of_data
from maquette.surrogate.models.table.data import prepare
from maquette.surrogate.models.table.folds import Split, _checked, read_split
from maquette.surrogate.models.table.reading import RawTable

# -- rows held out -------------------------------------------------------------------------------------------

RUNS = table(run=["11", "12", "13", "14"], y=["1", "2", "3", "4"], part=["train", "Test", "val", "train"])


def rows(split: Split) -> list[list[int]]:
    return [np.flatnonzero(m).tolist() for m in (split.train, split.calibrate, split.test)]


def test_a_split_in_a_column_of_the_table() -> None:
    found = read_split(RUNS, "part")
    assert rows(found) == [[0, 3], [2], [1]]
    assert (found.name, found.ids) == ("part", "")


@pytest.mark.parametrize(
    ("name", "text", "asked", "told", "ids"),
    [
        ("s.json", {"train": [11, 12], "test": [14], "val": [13]}, "", [[0, 1], [2], [3]], "run"),
        ("s.json", {"train": ["run_11", "run_12"], "test": ["run_13"]}, "", [[0, 1], [], [2]], "run"),
        ("s.json", {"train": [0, 1], "test": [3]}, "", [[0, 1], [], [3]], "row numbers from 0"),
        ("s.json", {"full_train": [11], "full_test": [12], "few_train": [13], "few_test": [12]}, "",
         [[0], [], [1]], "run"),
        ("s.json", {"full_train": [11], "full_test": [12], "few_train": [13], "few_test": [12]}, "#Few",
         [[2], [], [1]], "run"),
        ("s.json", {"a_train": [11], "a_test": [12], "b_train": [13]}, "", [[0], [], [1]], "run"),
        ("s.json", ["train", "test", "train", "other"], "", [[0, 2], [], [1]], "row order"),
        ("s.csv", "part\ntrain\ntest\ntrain\ntest\n", "", [[0, 2], [], [1, 3]], "row order"),
        ("s.csv", "train\ntest\ntrain\ntest\n", "", [[0, 2], [], [1, 3]], "row order"),
        ("s.csv", "run;part\n11;train\n13;validation\n14;holdout\n", "", [[0], [2], [3]], "run"),
        ("s.csv", "part,run\ntrain,11\ntest,14\n", "", [[0], [], [3]], "run"),
    ],
)  # fmt: skip
def test_split_files(
    tmp_path: Path, name: str, text: object, asked: str, told: list[list[int]], ids: str
) -> None:
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    found = read_split(RUNS, f"{path}{asked}")
    assert rows(found) == told
    assert found.ids == ids


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.json", "{", "is not valid JSON"),
        ("s.json", "3", "must hold an object with lists under train and test"),
        ("s.json", '{"a_train": [11], "a_test": [12], "b_train": [13], "b_test": [12]}',
         "has no split ''; it has a, b (say FILE#NAME)"),
        ("s.json", '{"train": [11]}', "has no split ''; it has train, test"),
        ("s.json", '{"train": [1, 9], "test": [2]}', "names rows, such as '9', that no column"),
        ("s.json", '{"train": [0, 4], "test": [2]}', "names rows, such as '4', that no column"),
        ("s.csv", "train\n", "--split"),
        ("s.csv", "a,b\n1,2\n3,4\n", "has no column that says train or test for each row"),
    ],
)  # fmt: skip
def test_split_files_that_say_nothing(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_split(RUNS, str(path))
    assert said in str(caught.value)


def test_a_split_is_refused_when_it_cannot_be_meant(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="speaks of 4 rows or more than the table has"):
        _checked({"train": [0, 3], "test": [1]}, 3, "s", "")
    assert rows(_checked({"train": [0], "test": [2]}, 3, "s", "")) == [[0], [], [2]]
    both_ways = _checked({"train": [0, 1], "calibrate": [1, 3], "test": [2]}, 4, "s", "")
    assert rows(both_ways) == [[0, 1], [3], [2]]  # what trains does not calibrate
    for both in ({"train": [0, 1], "test": [1]}, {"train": [0], "calibrate": [1], "test": [1]}):
        with pytest.raises(InputError, match="has 1 rows both in train and in test"):
            _checked(both, 3, "s", "")
    for one in ({"train": [0]}, {"test": [0]}):
        with pytest.raises(InputError):
            _checked(one, 3, "s", "")
    with pytest.raises(InputError, match="neither a readable file nor a column"):
        read_split(RUNS, str(tmp_path / "none.csv"))


# -- the data of a target -----------------------------------------------------------------------------------


def forty() -> RawTable:
    """x and z tell y roughly; one row stands there twice, one repeats only the inputs, one has no target."""
    rng = np.random.default_rng(0)
    x, z = rng.uniform(0, 1, 40).round(3), rng.uniform(0, 1, 40).round(3)
    y = (x + z**2 + 0.3 * rng.normal(size=40)).round(3)
    x[[38, 39]], z[[38, 39]] = x[0], z[0]
    y[38], y[39] = y[0], y[0] + 1.0
    text = [f"{v:g}" for v in y]
    text[5] = ""
    return table(
        x__mm=[f"{v:g}" for v in x],
        z=[f"{v:g}" for v in z],
        name=[f"row {i}" for i in range(40)],
        still=["3"] * 40,
        twice=["" if t == "" else f"{2 * float(t):g}" for t in text],
        y__N=text,
    )


def test_the_data_of_a_target_are_counted() -> None:
    found = prepare(forty(), (), "y")
    assert [c.name for c in found.columns] == ["x", "z"]
    assert (found.target, found.unit, found.group) == ("y", "N", "")
    assert found.counts == {"rows": 40.0, "without_target": 1.0, "duplicates": 1.0, "repeated_inputs": 0.0}
    assert len(found.y) == 39
    assert found.train.sum() == 38
    assert (found.calibrate.any(), found.test.any(), found.split) == (False, False, None)
    assert sorted(found.lines.tolist()) == sorted({*range(2, 42)} - {7})
    assert [leak.columns for leak in found.leaks] == [("twice",)]
    assert [str(r) for r in found.remarks] == [
        "left out because they name the rows: name",
        "1 rows stand there twice; one of each is kept",
        "left out because they give the target away: twice",
        "left out because they are the same in every row: still",
    ]
    asked = prepare(forty(), ("x", "z"), "y")  # without `twice` two rows have the same inputs
    assert asked.counts["repeated_inputs"] == 1.0
    assert "1 rows repeat another one with another y; they scatter by 0.707" in map(str, asked.remarks)
    x = asked.columns[0].numbers
    assert x is not None
    assert np.all(np.diff(x) >= 0.0)  # in their own order
    again = asked.groups[np.isin(asked.lines, [2, 40, 41])]
    assert len(set(again.tolist())) == 1
    assert len(set(asked.groups.tolist())) == 37


def test_columns_asked_by_name_are_kept_and_refused_where_they_say_nothing() -> None:
    assert [c.name for c in prepare(forty(), ("twice", "x", "twice"), "y").columns] == ["twice", "x"]
    with pytest.raises(InputError, match="--features: 'y' is the target itself"):
        prepare(forty(), ("x", "y"), "y")
    with pytest.raises(InputError, match="--features: name only name the rows"):
        prepare(forty(), ("name",), "y")
    with pytest.raises(InputError, match="no column is left to learn y from"):
        prepare(forty(), ("still",), "y")
    with pytest.raises(InputError, match="--target: 'still' is 3 in every row"):
        prepare(forty(), (), "still")
    by = prepare(forty(), ("x", "z"), "y", group="z")
    assert by.group == "z"
    assert "z is both a feature and the group that is held out" in [str(r) for r in by.remarks]
    assert prepare(forty(), (), "y", group="x").columns[0].name == "z"  # a group is no feature


def test_too_few_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_data, "MIN_TABLE_ROWS", 39)
    with pytest.raises(InputError, match="38 different rows train; at least 39 are needed"):
        prepare(forty(), (), "y")
    monkeypatch.setattr(of_data, "MIN_TABLE_ROWS", 40)
    with pytest.raises(InputError, match="39 rows have a value of y; at least 40 are needed"):
        prepare(forty(), (), "y")
    monkeypatch.setattr(of_data, "MIN_TABLE_ROWS", 38)
    assert prepare(forty(), (), "y").train.sum() == 38
