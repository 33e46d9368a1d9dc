"""The training of a table with one member, least squares, which anybody can repeat: scores, folds, record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from test_tables_by_hand import table

from maquette.design.arrays import AnyArray, FloatArray
from maquette.design.errors import InputError, ModelError
from maquette.surrogate.models.store import load_model, save_model
from maquette.surrogate.models.table import ridge, train
from maquette.surrogate.models.table.folds import group_folds
from maquette.surrogate.models.table.members import Member, candidates
from maquette.surrogate.models.table.model import load_table_model
from maquette.surrogate.models.table.reading import RawTable
from maquette.surrogate.models.table.train import train_table


def least_squares(z: FloatArray, y: FloatArray, seed: int) -> dict[str, AnyArray]:
    slopes = np.linalg.lstsq(z - z.mean(0), y - y.mean(), rcond=None)[0]
    return {"middle": z.mean(0), "slopes": slopes, "level": np.array([y.mean()])}


LINE = Member("quadratic", "least squares", least_squares, ridge.answer)  # a name that a model file may have


def nothing(z: FloatArray, y: FloatArray, seed: int) -> dict[str, AnyArray]:
    return {"level": np.array([y.mean() + 50.0])}


def answered(weights: Mapping[str, AnyArray], z: FloatArray) -> FloatArray:
    return np.full(len(z), weights["level"][0])


NOTHING = Member("nothing", "worse than the mean", nothing, answered)


@pytest.fixture(autouse=True)
def one_member(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "candidates", lambda y: (LINE, NOTHING))


def made(parts: bool = False, n: int = 120) -> tuple[RawTable, FloatArray, FloatArray]:
    """y = 5 + 3 a - b / 2 and noise of 0.3; of six rows one may be for tests and one for the interval."""
    rng = np.random.default_rng(3)
    x = rng.uniform([0.0, 0.0], [1.0, 10.0], (n, 2)).round(4)
    y = (5.0 + 3.0 * x[:, 0] - 0.5 * x[:, 1] + 0.3 * rng.normal(size=n)).round(4)
    columns = {"a": [f"{v:g}" for v in x[:, 0]], "b__mm": [f"{v:g}" for v in x[:, 1]]}
    if parts:
        columns["part"] = [("test", "val", "train", "train", "train", "train")[i % 6] for i in range(n)]
    return table(**columns, y__N=[f"{v:g}" for v in y]), x, y


def by_hand(x: FloatArray, y: FloatArray, there: FloatArray) -> FloatArray:
    one = np.column_stack([np.ones(len(x)), x])
    return np.asarray(np.column_stack([np.ones(len(there)), there]) @ np.linalg.lstsq(one, y, rcond=None)[0])


def r2(truth: FloatArray, said: FloatArray) -> float:
    return float(1.0 - ((truth - said) ** 2).sum() / ((truth - truth.mean()) ** 2).sum())


def test_a_model_trained_by_folds_records_what_it_did() -> None:
    given, x, y = made()
    heard: list[tuple[str, float]] = []
    model = train_table(
        given, (), "y", folds=4, seed=2, progress=lambda stage, share: heard.append((stage, share))
    )
    info = model.info
    order = model.lines - 2
    x, y = x[order], y[order]
    assert np.array_equal(model.targets, y)
    assert sorted(order.tolist()) == list(range(120))
    fold = group_folds(np.arange(120), 4, 2)
    said, mean = np.empty(120), np.empty(120)
    for f in range(4):
        out = fold == f
        said[out], mean[out] = by_hand(x[~out], y[~out], x[out]), y[~out].mean()
    off = np.abs(y - said)
    assert info["r2"] == pytest.approx(r2(y, said), rel=1e-6)
    assert info["mae"] == pytest.approx(off.mean(), rel=1e-6)
    assert info["rows"] == 120
    assert info["judged_on"] == "cross-validation"
    assert info["baseline"]["mean"]["r2"] == pytest.approx(r2(y, mean), abs=1e-9)
    assert info["baseline"]["mean"]["mae"] == pytest.approx(np.abs(y - mean).mean())
    assert info["baseline"]["linear"]["r2"] == pytest.approx(
        r2(y, said), abs=2e-3
    )  # ridge that hardly shrinks
    assert [m["name"] for m in info["members"]] == ["quadratic"]  # the other one is worse than the mean
    assert info["members"][0] == {
        "name": "quadratic", "title": "least squares", "weight": 1.0,
        "r2": pytest.approx(info["r2"]), "mae": pytest.approx(info["mae"]), "rows": 120,
    }  # fmt: skip
    assert [(s["fold"], s["rows"]) for s in info["fold_scores"]] == [(k, 30) for k in range(4)]
    for s in info["fold_scores"]:
        out = fold == s["fold"]
        assert s["mae"] == pytest.approx(off[out].mean(), rel=1e-6)
        assert s["r2"] == pytest.approx(r2(y[out], said[out]), rel=1e-6)
        assert 0.7 <= s["coverage"] <= 1.0
    assert 0.85 <= info["coverage"] <= 0.97
    assert info["coverage_nominal"] == 0.9
    assert info["half_width"] == pytest.approx(np.quantile(off, 0.9), rel=0.2)
    held = np.array(info["held_out"])
    assert held[:, :2] == pytest.approx(np.column_stack([y, said]), rel=1e-6)
    assert held[:, 2].mean() == pytest.approx(info["half_width"])
    worst = np.argsort(-off)[:5]
    assert [f["line"] for f in info["failures"]] == (order[worst] + 2).tolist()
    assert [f["truth"] for f in info["failures"]] == y[worst].tolist()
    assert [f["value"] for f in info["failures"]] == pytest.approx(said[worst].tolist())
    assert [f["half"] for f in info["failures"]] == held[worst, 2].tolist()
    fifths = info["by_fifth"]
    ranked = np.sort(y)
    assert [f["rows"] for f in fifths] == [24] * 5
    assert [(f["low"], f["high"]) for f in fifths] == [
        (ranked[24 * k], ranked[24 * k + 23]) for k in range(5)
    ]
    assert fifths[0]["mae"] == pytest.approx(off[np.argsort(y)[:24]].mean())
    data = info["data"]
    assert (data["trained_on"], data["tested_on"], data["groups"]) == (120, 0, 120)
    assert (data["target_low"], data["target_high"]) == (ranked[0], ranked[-1])
    assert (data["target_mean"], data["target_std"]) == pytest.approx((y.mean(), y.std()))
    assert (info["kind"], info["target"], info["unit"], info["seed"], info["folds"]) == (
        "table",
        "y",
        "N",
        2,
        4,
    )
    assert info["split"] is None
    a, b = 9.0 / 12.0, 25.0 / 12.0  # variances of 3 a and b / 2
    assert info["sobol_total"] == pytest.approx({"b": b / (a + b), "a": a / (a + b)}, abs=0.12)
    assert list(info["sobol_total"]) == ["b", "a"]
    assert [p["trained_on"] for p in info["learning_curve"]] == [22, 45, 90]  # of 90 rows beside a fold
    assert info["learning_curve"][-1]["r2"] == pytest.approx(info["r2"])
    few = info["learning_curve"][0]
    assert few["rows"] == 120
    assert 0.8 * info["mae"] < few["mae"] < 1.5 * info["mae"]
    assert [s for stage, s in heard if stage == "cross-validation"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert [s for stage, s in heard if stage == "learning curve"] == [0.25, 0.5]
    value, half = model.answer(np.zeros((1, 2)))
    assert value[0] == pytest.approx(by_hand(x, y, x.mean(0)[None])[0], abs=0.1)
    assert half[0] == pytest.approx(info["half_width"], rel=0.5)


def test_rows_of_a_split_are_judged_and_never_train() -> None:
    given, x, y = made(parts=True)
    info = train_table(given, (), "y", split="part").info
    k = np.arange(120) % 6
    said = by_hand(x[k > 1], y[k > 1], x)
    out, more = k == 0, k == 1
    assert (info["data"]["trained_on"], info["data"]["tested_on"], info["rows"]) == (80, 20, 20)
    assert info["judged_on"] == "test rows of the split"
    assert info["split"] == {"name": "part", "ids": ""}
    assert info["r2"] == pytest.approx(r2(y[out], said[out]), rel=1e-6)
    assert info["mae"] == pytest.approx(np.abs(y - said)[out].mean(), rel=1e-6)
    assert info["baseline"]["mean"]["mae"] == pytest.approx(np.abs(y[out] - y[k > 1].mean()).mean())
    assert info["baseline"]["linear"]["mae"] == pytest.approx(info["mae"], rel=0.02)
    held = np.array(info["held_out"])
    assert sorted(held[:, 0].tolist()) == sorted(y[out].tolist())
    alone = train_table(without(given, more), (), "y", split="part").info
    assert alone["interval"] != info["interval"]  # rows for validation widen or narrow it
    assert alone["r2"] == pytest.approx(info["r2"])


def without(given: RawTable, rows: FloatArray) -> RawTable:
    cells = zip(given.names, given.cells, strict=True)
    return table(**{n: [c for c, gone in zip(of, rows, strict=True) if not gone] for n, of in cells})


@pytest.mark.parametrize("count", [1, 21])
def test_folds_are_two_to_twenty(count: int) -> None:
    with pytest.raises(InputError, match=f"--folds must be 2 to 20, not {count}"):
        train_table(made()[0], (), "y", folds=count)


def test_groups_are_learned_and_left_out_together() -> None:
    """Sixty groups of two rows: of 45 beside a fold 11 are a quarter and 22 half."""
    given, _, _ = made()
    cells = {n: list(c) for n, c in zip(given.names, given.cells, strict=True)}
    grouped = table(g=[f"{i // 2}" for i in range(120)], **cells)
    info = train_table(grouped, (), "y", group="g", folds=4).info
    assert info["data"]["groups"] == 60
    assert info["group"] == "g"
    assert [p["trained_on"] for p in info["learning_curve"]] == [22, 44, 90]


def test_a_curve_of_a_large_table_is_measured_on_its_first_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "_ALL_FOLDS", 119)
    info = train_table(made()[0], (), "y", folds=4, seed=2).info
    assert [(p["trained_on"], p["rows"]) for p in info["learning_curve"]] == [(22, 30), (45, 30), (90, 30)]
    assert info["learning_curve"][-1]["mae"] == pytest.approx(info["fold_scores"][0]["mae"])


def test_a_curve_has_no_point_of_less_than_twelve_rows() -> None:
    info = train_table(made(n=48)[0], (), "y", folds=4).info
    assert [p["trained_on"] for p in info["learning_curve"]] == [18, 36]  # a quarter of 36 rows are nine


def test_fifths_of_few_values_are_those_that_there_are() -> None:
    truth = np.array([1.0, 1.0, 1.0, 1.0, 2.0, 2.0])
    found = train._by_fifth(truth, truth + np.array([0.5, 0.5, 0.5, 0.5, 1.0, 0.0]), np.full(6, 0.6))
    assert [(f["low"], f["high"], f["rows"], f["r2"]) for f in found] == [
        (1.0, 1.0, 4, None),
        (2.0, 2.0, 2, None),
    ]
    assert [(f["mae"], f["coverage"]) for f in found] == [(0.5, 1.0), (0.5, 0.5)]


def test_members_are_bent_for_heavy_tails() -> None:
    """Sixty even values are flat, one of a thousand far away is a tail; skewness counts twice."""
    even, far = np.arange(60.0), np.where(np.arange(60) == 0, 1000.0, 1.0)
    assert not any(m.bent for m in candidates(even))
    assert sum(m.bent for m in candidates(far)) == 3
    assert not any(m.bent for m in candidates(np.ones(60)))


# -- the file --------------------------------------------------------------------------------------------


def test_a_model_comes_back_from_its_files(tmp_path: Path) -> None:
    given, _, _ = made()
    model = train_table(given, (), "y", folds=4)
    model.save(tmp_path)
    back = load_table_model(tmp_path)
    assert back.target == "y"
    assert [f.to_json() for f in back.features] == [f.to_json() for f in model.features]
    assert (back.domain.slack, back.domain.reach) == (model.domain.slack, model.domain.reach)
    assert back.predict(given) == model.predict(given)
    assert back.lines.tolist() == model.lines.tolist()
    one = back.predict(given)[7]
    assert one.in_domain
    assert one.line == 9
    assert one.evidence[0].line == 9  # it trained itself
    assert one.evidence[0].distance == pytest.approx(0.0, abs=1e-6)
    assert 0.5 * (one.lower + one.upper) == pytest.approx(one.value)
    assert one.to_json()["evidence"][0]["line"] == 9
    far = back.predict(table(a=["30"], b__mm=["5"]))[0]
    assert not far.in_domain
    assert far.upper - far.lower > 3.0 * (one.upper - one.lower)
    with pytest.raises(InputError, match="'b' is in cm, the model learned it in mm"):
        back.predict(table(a=["0.5"], b__cm=["5"]))
    assert back.predict(table(a=["0.5"], b=["5"]))[0].in_domain


def test_files_of_models_say_what_is_amiss(tmp_path: Path) -> None:
    full = save_model(tmp_path, {"kind": "pod", "name": "one"}, {"b": np.arange(3.0), "a": np.ones((2, 2))})
    info, weights = load_model(tmp_path)
    assert info == full
    assert {k: v.tolist() for k, v in weights.items()} == {"a": [[1, 1], [1, 1]], "b": [0, 1, 2]}
    with pytest.raises(ModelError, match="is no model of a table"):
        load_table_model(tmp_path)
    text, data = (tmp_path / "model.json").read_text(), (tmp_path / "weights.safetensors").read_bytes()
    assert text.startswith('{\n "format_version": 2,\n "kind"')  # one blank a level, a line a key
    for name, changed, said in (
        ("model.json", text.replace("one", "two"), "content differs from its SHA-256"),
        ("model.json", text.replace(": 2", ": 3"), "not a surrogate of format version 2"),
        ("model.json", text[:-9], "not valid JSON"),
        ("model.json", "[]", "not a surrogate of format version 2"),
        ("weights.safetensors", data[:-1] + b"?", "SHA-256 differs from model.json"),
    ):
        path = tmp_path / name
        sound = path.read_bytes()
        path.write_bytes(changed.encode() if isinstance(changed, str) else changed)
        with pytest.raises(ModelError, match=said):
            load_model(tmp_path)
        path.write_bytes(sound)
    (tmp_path / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match=r"weights\.safetensors"):
        load_model(tmp_path)
    save_model(tmp_path, {"kind": "table", "features": []}, {"a": np.ones(1)})
    with pytest.raises(ModelError, match="the model is incomplete"):
        load_table_model(tmp_path)


# -- ridge -----------------------------------------------------------------------------------------------


def test_squares_and_products_of_the_columns_that_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """y = 2 + a b + c: a linear model cannot, a quadratic one does; with room for nine terms of four columns,
    three columns are crossed: (sqrt(8 x 9 + 9) - 3) / 2 = 3."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(300, 4))
    y = 2.0 + z[:, 0] * z[:, 1] + z[:, 2] + 0.5 * z[:, 0] + 0.4 * z[:, 1]
    whole = ridge.fit_quadratic(z, y)
    assert whole["crossed"].tolist() == [0, 1, 2, 3]
    assert r2(y, ridge.answer(whole, z)) > 0.9999
    assert r2(y, ridge.answer(ridge.fit_linear(z, y), z)) < 0.75
    monkeypatch.setattr(ridge, "MOST_TERMS", 9)
    few = ridge.fit_quadratic(z, y)
    assert few["crossed"].tolist() == [0, 1, 2]
    assert r2(y, ridge.answer(few, z)) > 0.9999
    monkeypatch.setattr(ridge, "MOST_TERMS", 8)
    assert len(ridge.fit_quadratic(z, y)["crossed"]) == 2
    terms = ridge._terms(np.array([[2.0, -3.0, 9.0]]), np.array([0, 2]))
    assert terms.tolist() == [[2, -3, 9, 4, 16, 64]]  # far values are held to 8 in products
    assert math.isclose(ridge._terms(np.array([[-9.0]]), np.array([0]))[0, 1], 64.0)
