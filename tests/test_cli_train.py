"""`maquette train` and `maquette predict TABLE --model DIR`, as their users run them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from running import Ran, maquette
from tables import made, write

import maquette as mq

PLAIN = made(60)
KEYS = {"r2", "mae", "coverage", "baseline", "folds", "model", "leaks", "members", "learning_curve"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A folder with `own.csv`, a German table whose last column is half of the target, and `model`."""
    folder = tmp_path_factory.mktemp("train")
    leaking = {"a [m]": PLAIN["a"], "b": PLAIN["b"], "kind": PLAIN["kind"], "y [N]": PLAIN["y"]}
    leaking["half"] = [f"{float(v) / 2:.9f}" for v in PLAIN["y"]]
    write(folder / "own.csv", leaking, ";", "utf-16", comma=True)
    return folder, maquette("train", "own.csv", "--target", "y", "--out", "model", "--json", cwd=folder)


def test_train_prints_its_keys_and_names_the_leak(trained: tuple[Path, Ran]) -> None:
    folder, ran = trained
    assert ran.code == 0, ran.err
    found = ran.json
    assert set(found) >= KEYS
    assert found["target"] == "y"
    assert found["unit"] == "N"
    assert found["features"] == ["a", "b", "kind"]
    assert [leak["columns"] for leak in found["leaks"]] == [["half"]]
    assert set(found["baseline"]) == {"mean", "linear"}
    assert found["folds"] == len(found["fold_scores"]) == 5
    assert found["r2"] > found["baseline"]["linear"]["r2"]
    assert Path(found["model"]) == (folder / "model").resolve()
    assert "LEAK" not in ran.err


def test_predict_answers_every_row_and_measures_itself(trained: tuple[Path, Ran]) -> None:
    folder, _ = trained
    write(folder / "new.csv", {"kind": ["steel", "glass"], "b": ["0", "0"], "a": ["1.5", "1.5"]})
    ran = maquette("predict", "new.csv", "--model", "model", "--json", "--out", "said.csv", cwd=folder)
    assert ran.code == 0, ran.err
    inside, outside = ran.json["predictions"]["y"]
    assert inside["lower"] < inside["value"] < inside["upper"]
    assert inside["in_domain"]
    assert not outside["in_domain"]
    assert "'glass'" in outside["reason"]
    assert ran.json["outside"] == 1
    assert ran.json["measured"] is None
    with (folder / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["y inside"] for r in rows] == ["yes", "no"]
    assert float(rows[0]["y predicted"]) == pytest.approx(inside["value"], rel=1e-8)
    again = mq.predict_table(folder / "own.csv", folder / "model")
    assert again.measured is not None
    assert again.measured["r2"] > 0.9


def test_a_formula_in_a_cell_is_written_as_text(trained: tuple[Path, Ran]) -> None:
    folder, _ = trained
    evil = {"a": ["1.5"], "b": ["-0.5"], "kind": ["=cmd|' /C calc'!A0"]}
    write(folder / "evil.csv", evil)
    mq.predict_table(folder / "evil.csv", folder / "model", out=folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["kind"].startswith("'=")
    assert row["b"] == "-0.5"


def test_the_same_command_writes_the_same_bytes(trained: tuple[Path, Ran]) -> None:
    folder, _ = trained
    mq.train(folder / "own.csv", [], "y", folder / "again")
    for path in (folder / "model").iterdir():
        assert path.read_bytes() == (folder / "again" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "own.csv", "--target", "z", "--out", "x"), "no column 'z'"),
        (("train", "own.csv", "--target", "kind", "--out", "x"), "must hold numbers"),
        (("train", "own.csv", "--target", "y", "--features", "a,bb", "--out", "x"), "nearest: b"),
        (("train", "none.csv", "--target", "y", "--out", "x"), "none.csv: cannot be read"),
        (
            ("train", "own.csv", "--target", "y", "--split", "no.json", "--out", "x"),
            "neither a readable file",
        ),
        (("train", "own.csv", "--target", "y", "--folds", "1", "--out", "x"), "--folds must be 2 to 20"),
        (("predict", "own.csv"), "--model DIR must name a model"),
        (("predict", "own.csv", "--model", "nowhere"), "nowhere"),
    ],
)
def test_bad_input_is_one_line_and_2(trained: tuple[Path, Ran], words: tuple[str, ...], said: str) -> None:
    ran = maquette(*words, cwd=trained[0])
    assert ran.code == 2
    assert said in ran.complaint
