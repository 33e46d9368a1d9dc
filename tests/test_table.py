"""`maquette train` on made tables: accuracy, invariance, intervals, leaks, domain, splits, cards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import NOISE, made, write

from maquette.design.errors import InputError, ModelError
from maquette.surrogate.models.table import gaussian, ridge, trees
from maquette.surrogate.models.table.card import card
from maquette.surrogate.models.table.data import prepare
from maquette.surrogate.models.table.folds import group_folds, read_split
from maquette.surrogate.models.table.model import TableModel, load_table_model
from maquette.surrogate.models.table.reading import read_table
from maquette.surrogate.models.table.stack import fit_interval, stack, weigh
from maquette.surrogate.models.table.train import train_table

PLAIN = made()


def learned(path: Path, features: Sequence[str] = ("a", "b", "kind"), **asked: str) -> TableModel:
    return train_table(read_table(path), features, "y", **asked)


@cache
def plain_model() -> TableModel:
    """One model of the plain table, for every test that only looks at it."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return learned(write(Path(folder) / "plain.csv", PLAIN))


def answers(model: TableModel, path: Path) -> np.ndarray:
    return np.array([r.value for r in model.predict(read_table(path))])


def test_it_learns_what_a_line_cannot(tmp_path: Path) -> None:
    info = plain_model().info
    assert info["r2"] > 0.9
    assert info["mae"] < 2 * NOISE
    assert info["mae"] < 0.7 * info["baseline"]["linear"]["mae"]
    assert info["baseline"]["mean"]["r2"] < 0.05
    fresh = made(60, seed=9)
    said = answers(plain_model(), write(tmp_path / "fresh.csv", fresh))
    assert np.abs(said - np.array(fresh["y"], dtype=float)).mean() < 2 * NOISE


@pytest.mark.parametrize("change", ["rows", "columns", "writing", "scale"])
def test_what_says_the_same_predicts_the_same(tmp_path: Path, change: str) -> None:
    """Order of rows and columns, separators and the unit of a feature are no information."""
    turned = dict(PLAIN)
    order = np.random.default_rng(3).permutation(len(PLAIN["y"]))
    asked = write(tmp_path / "asked.csv", {k: v[:10] for k, v in PLAIN.items()})
    how: dict[str, object] = {}
    if change == "rows":
        turned = {k: [v[i] for i in order] for k, v in PLAIN.items()}
    elif change == "columns":
        turned = {k: PLAIN[k] for k in ("y", "kind", "b", "a")}
    elif change == "writing":
        how = {"separator": ";", "encoding": "utf-16", "comma": True}
    else:
        turned["a"] = [f"{1024 * float(v):.9f}" for v in PLAIN["a"]]
        asked = write(tmp_path / "asked.csv", {k: v[:10] for k, v in turned.items()})
    names = ("kind", "b", "a") if change == "columns" else ("a", "b", "kind")
    model = learned(write(tmp_path / "t.csv", turned, **how), names)  # type: ignore[arg-type]
    same = answers(plain_model(), write(tmp_path / "same.csv", {k: v[:10] for k, v in PLAIN.items()}))
    np.testing.assert_allclose(answers(model, asked), same, rtol=0, atol=1e-4 if change == "scale" else 1e-12)
    assert model.info["r2"] == pytest.approx(plain_model().info["r2"], abs=1e-4)


def test_the_interval_holds_what_it_says_on_fresh_rows(tmp_path: Path) -> None:
    """Known noise: of 600 fresh rows 90 % lie inside; the interval is about as wide as the noise asks."""
    model = learned(write(tmp_path / "t.csv", made(200, seed=5)))
    fresh = made(600, seed=6)
    rows = [r for r in model.predict(read_table(write(tmp_path / "f.csv", fresh))) if r.in_domain]
    truth = dict(enumerate(np.array(fresh["y"], dtype=float), start=2))
    held = np.mean([r.lower <= truth[r.line] <= r.upper for r in rows])
    assert len(rows) > 540
    assert 0.85 <= held <= 0.97
    width = np.mean([r.upper - r.lower for r in rows])
    assert 2 * 1.645 * NOISE * 0.9 < width < 2 * 1.645 * NOISE * 1.6
    assert 0.84 <= model.info["coverage"] <= 0.96


@given(st.integers(0, 10_000), st.integers(60, 300))
@settings(max_examples=20)
def test_conformal_widths_hold_the_rows_they_were_made_from(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    value, apart = rng.normal(size=count), rng.uniform(0.1, 1.0, count)
    residual = apart * rng.normal(size=count)
    interval = fit_interval(value, apart, residual, 0.0, 1.0)
    held = (np.abs(residual) <= interval.half(value, apart) * (1 + 1e-12)).mean()
    assert 0.9 <= held <= 0.9 + 3.0 / count + 0.01


def test_a_stack_is_not_worse_than_its_best_member_and_its_weights_are_shares() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=200)
    held = np.column_stack(
        [y + 0.3 * rng.normal(size=200), y + 0.3 * rng.normal(size=200), rng.normal(size=200)]
    )
    weights = weigh(held, y)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert weights[2] == 0.0
    found = stack(held, y, np.arange(200) % 5)
    assert ((found.value - y) ** 2).mean() < 0.7 * ((held - y[:, None]) ** 2).mean(0).min()


# -- what is suspicious ------------------------------------------------------------------------------------


def leaks_of(
    tmp_path: Path, extra: dict[str, list[str]], features: Sequence[str] = ()
) -> list[tuple[str, ...]]:
    table = read_table(write(tmp_path / "t.csv", {**PLAIN, **extra}))
    return [leak.columns for leak in prepare(table, features, "y").leaks]


def test_columns_that_give_the_target_away_are_named(tmp_path: Path) -> None:
    y = np.array(PLAIN["y"], dtype=float)
    noise = np.random.default_rng(0).normal(size=len(y))
    assert leaks_of(tmp_path, {}) == []
    assert leaks_of(tmp_path, {"half": [f"{v / 2 + 1:.9f}" for v in y]}) == [("half",)]
    assert leaks_of(tmp_path, {"bent": [f"{np.exp(v):.9f}" for v in y]}) == [("bent",)]
    assert leaks_of(tmp_path, {"near": [f"{v:.9f}" for v in y + 0.05 * noise]}) == [("near",)]
    assert leaks_of(tmp_path, {"noisy": [f"{v:.9f}" for v in y + 2 * noise]}) == []
    parts = {"p": [f"{v:.9f}" for v in noise], "q": [f"{v:.9f}" for v in y - noise]}
    assert leaks_of(tmp_path, parts) == [("p", "q")]


def test_a_leak_is_left_out_unless_it_is_asked_for_by_name(tmp_path: Path) -> None:
    leaking = {**PLAIN, "half": [f"{float(v) / 2:.9f}" for v in PLAIN["y"]]}
    table = read_table(write(tmp_path / "t.csv", leaking))
    assert [f.name for f in prepare(table, (), "y").features] == ["a", "b", "kind"]
    assert [f.name for f in prepare(table, ("a", "half"), "y").features] == ["a", "half"]


def test_rows_twice_empty_columns_and_names_of_rows_are_said(tmp_path: Path) -> None:
    n = len(PLAIN["y"])
    more = {**PLAIN, "id": [f"run{i}" for i in range(n)], "same": ["1"] * n, "none": [""] * n}
    more = {k: [*v, v[0], v[1]] for k, v in more.items()}
    data = prepare(read_table(write(tmp_path / "t.csv", more)), (), "y")
    assert data.train.sum() == n
    assert data.counts["duplicates"] == 2
    assert [f.name for f in data.features] == ["a", "b", "kind"]
    said = " | ".join(data.remarks)
    assert "2 rows stand there twice" in said
    assert "name the rows: id" in said
    assert "same in every row: none, same" in said


def test_missing_cells_are_learned_from_not_refused(tmp_path: Path) -> None:
    holed = {**PLAIN, "a": ["n/a" if i % 9 == 0 else v for i, v in enumerate(PLAIN["a"])]}
    holed["kind"] = ["" if i % 11 == 0 else v for i, v in enumerate(PLAIN["kind"])]
    holed["y"] = ["" if i < 3 else v for i, v in enumerate(PLAIN["y"])]
    path = write(tmp_path / "t.csv", holed)
    model = learned(path)
    assert model.info["data"]["without_target"] == 3
    assert np.isfinite(answers(model, path)).all()
    assert model.info["r2"] > 0.6


# -- held out ----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=6, max_size=60), st.integers(2, 8))
def test_a_group_is_never_in_two_folds(groups: list[int], count: int) -> None:
    given_groups = np.array(groups, dtype=np.int64)
    if len(set(groups)) < 2:
        with pytest.raises(InputError):
            group_folds(given_groups, count, 0)
        return
    fold = group_folds(given_groups, count, 0)
    assert len(set(fold.tolist())) == min(count, len(set(groups)))
    for g in set(groups):
        assert len(set(fold[given_groups == g].tolist())) == 1


def test_groups_make_the_score_honest(tmp_path: Path) -> None:
    """A group's own level cannot be known from other groups: only by row is the score too good."""
    rng = np.random.default_rng(0)
    g = np.repeat(np.arange(12), 8)
    level = 3 * rng.normal(size=12)
    own = rng.normal(size=12)
    table = {
        "mark": [f"{v:.6f}" for v in own[g] + 0.001 * rng.normal(size=96)],
        "g": [f"g{v}" for v in g],
        "y": [f"{v:.6f}" for v in level[g] + 0.1 * rng.normal(size=96)],
    }
    path = write(tmp_path / "t.csv", table)
    by_row = learned(path, ["mark"]).info
    by_group = learned(path, ["mark"], group="g").info
    assert by_row["r2"] > 0.8
    assert by_group["r2"] < 0.4
    assert by_group["data"]["groups"] == 12


def test_every_kind_of_split_file_says_the_same(tmp_path: Path) -> None:
    n = len(PLAIN["y"])
    table = {"run": [str(i + 100) for i in range(n)], **PLAIN}
    label = ["test" if i % 5 == 0 else "val" if i % 5 == 1 else "train" for i in range(n)]
    table["part"] = label
    raw = read_table(write(tmp_path / "t.csv", table))
    ids = {p: [f"run_{i + 100}" for i in range(n) if label[i] == p] for p in ("train", "val", "test")}
    places = {p: [i for i in range(n) if label[i] == p] for p in ("train", "val", "test")}
    (tmp_path / "ids.json").write_text(json.dumps(ids))
    (tmp_path / "places.json").write_text(json.dumps(places))
    both = {f"full_{p}": v for p, v in ids.items()} | {"few_train": ids["train"][:5], "few_test": ids["test"]}
    (tmp_path / "both.json").write_text(json.dumps(both))
    rows = "".join(f"{i + 100},{p}\n" for i, p in enumerate(label))
    (tmp_path / "beside.csv").write_text("run,part\n" + rows)
    (tmp_path / "order.json").write_text(json.dumps(label))
    wanted = np.array(label) == "test"
    files = ("ids.json", "places.json", "both.json", "both.json#full", "beside.csv", "order.json")
    for given_split in [*(str(tmp_path / f) for f in files), "part"]:
        found = read_split(raw, given_split)
        np.testing.assert_array_equal(found.test, wanted)
        np.testing.assert_array_equal(found.calibrate, np.array(label) == "val")
        assert found.train.sum() == label.count("train")
    assert read_split(raw, f"{tmp_path / 'both.json'}#few").train.sum() == 5
    with pytest.raises(InputError, match="no split 'none'; it has few, full"):
        read_split(raw, f"{tmp_path / 'both.json'}#none")
    (tmp_path / "twice.json").write_text(json.dumps({"train": [0, 1], "test": [1, 2]}))
    with pytest.raises(InputError, match="1 rows both in train and in test"):
        read_split(raw, str(tmp_path / "twice.json"))


def test_test_rows_never_train(tmp_path: Path) -> None:
    """Nonsense in the test rows' target changes their score and nothing else."""
    n = len(PLAIN["y"])
    label = ["test" if i % 4 == 0 else "train" for i in range(n)]
    spoilt = [
        f"{50.0 + i}" if p == "test" else v for i, (v, p) in enumerate(zip(PLAIN["y"], label, strict=True))
    ]
    kept = learned(write(tmp_path / "t.csv", {**PLAIN, "part": label}), split="part")
    other = learned(write(tmp_path / "s.csv", {**PLAIN, "y": spoilt, "part": label}), split="part")
    path = write(tmp_path / "q.csv", PLAIN)
    np.testing.assert_array_equal(answers(kept, path), answers(other, path))
    assert kept.info["r2"] > 0.8
    assert other.info["r2"] < 0
    assert kept.info["rows"] == label.count("test")


# -- members -----------------------------------------------------------------------------------------------


def test_trees_kept_as_arrays_answer_as_lightgbm_does() -> None:
    import lightgbm

    rng = np.random.default_rng(0)
    z = rng.normal(size=(300, 4))
    u = np.where(z[:, 0] > 0, z[:, 1], z[:, 2] ** 2)
    data = lightgbm.Dataset(z, u, params={"verbose": -1})
    booster = lightgbm.train({"verbose": -1, "num_threads": 1}, data, 40)
    flat = trees.flattened([t["tree_structure"] for t in booster.dump_model()["tree_info"]])
    asked = rng.normal(size=(200, 4))
    said = trees.answer({**flat, "level": np.array([0.0, 1.0])}, asked)
    np.testing.assert_allclose(said, booster.predict(asked), rtol=1e-12, atol=1e-12)


def test_the_process_gradient_agrees_with_differences() -> None:
    rng = np.random.default_rng(0)
    z, v = rng.normal(size=(40, 3)), rng.normal(size=40)
    theta = np.array([0.3, 0.8, 1.2, 0.1, -2.0, -1.5])
    prior = np.zeros(6)
    _, slope = gaussian.loss(theta, z, v, prior)
    for j in range(6):
        step = np.eye(6)[j] * 1e-5
        up, down = gaussian.loss(theta + step, z, v, prior)[0], gaussian.loss(theta - step, z, v, prior)[0]
        assert slope[j] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)


def test_quadratic_ridge_finds_a_quadratic() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(120, 4))
    u = 1 + z[:, 0] * z[:, 1] - 2 * z[:, 2] ** 2 + z[:, 3]
    asked = rng.normal(size=(50, 4))
    said = ridge.answer(ridge.fit_quadratic(z, u, 0), asked)
    np.testing.assert_allclose(
        said, 1 + asked[:, 0] * asked[:, 1] - 2 * asked[:, 2] ** 2 + asked[:, 3], atol=1e-3
    )


# -- kept, asked, shown ------------------------------------------------------------------------------------


def test_a_kept_model_answers_the_same_and_a_changed_byte_is_refused(tmp_path: Path) -> None:
    plain_model().save(tmp_path / "m")
    path = write(tmp_path / "q.csv", made(20, seed=4))
    assert load_table_model(tmp_path / "m").predict(read_table(path)) == plain_model().predict(
        read_table(path)
    )
    files = {p.name for p in (tmp_path / "m").iterdir()}
    assert files == {"model.json", "weights.safetensors", "README.md", "card.html", "predicted.svg"}
    weights = tmp_path / "m" / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="SHA-256"):
        load_table_model(tmp_path / "m")


def test_rows_outside_are_flagged_with_the_reason_and_a_wider_interval(tmp_path: Path) -> None:
    cells = {"a": ["1.5", "30", "1.5"], "b": ["0", "0", "0"], "kind": ["steel", "steel", "glass"]}
    inside, far, new = plain_model().predict(read_table(write(tmp_path / "q.csv", cells)))
    assert inside.in_domain
    assert inside.reason == ""
    assert not far.in_domain
    assert "a 30: the rows that trained go from" in far.reason
    assert not new.in_domain
    assert "'glass' is in no row" in new.reason
    assert far.upper - far.lower > 2 * (inside.upper - inside.lower)
    assert len(inside.evidence) == 3
    assert inside.evidence[0].distance <= inside.evidence[1].distance
    truth = {i + 2: float(v) for i, v in enumerate(PLAIN["y"])}
    assert all(truth[e.line] == e.value for e in inside.evidence)


def test_ordinary_fresh_rows_are_inside(tmp_path: Path) -> None:
    rows = plain_model().predict(read_table(write(tmp_path / "q.csv", made(400, seed=11))))
    assert np.mean([r.in_domain for r in rows]) > 0.9


def test_the_card_says_what_the_record_says_and_hides_no_markup(tmp_path: Path) -> None:
    info = json.loads(json.dumps(dict(plain_model().info)))
    heads = [what for kind, what in card(info) if kind == "head"]
    assert {"Data", "Accuracy", "Learning curve", "Interval", "What moves it", "Known failures"} <= set(heads)
    nasty = {"<b>a": PLAIN["a"], "b": PLAIN["b"], "y": PLAIN["y"]}
    learned(write(tmp_path / "t.csv", nasty), ["<b>a", "b"]).save(tmp_path / "m")
    for name in ("card.html", "README.md"):
        text = (tmp_path / "m" / name).read_text(encoding="utf-8")
        assert "<b>a" not in text
        assert "&lt;b&gt;a" in text or "&lt;b>a" in text
    assert f"{info['r2']:.3f}" in str(card(info))


def test_the_learning_curve_grows_and_what_moves_it_is_found() -> None:
    info = plain_model().info
    points = [p["trained_on"] for p in info["learning_curve"]]
    assert points == sorted(points)
    assert info["learning_curve"][-1]["mae"] < info["learning_curve"][0]["mae"]
    assert set(list(info["sobol_total"])[:2]) == {"a", "kind"}


@pytest.mark.parametrize(
    ("features", "target", "said"),
    [
        (("a",), "kind", "must hold numbers; line 2"),
        (("a",), "yy", "no column 'yy'; nearest: y"),
        (("y",), "y", "is the target itself"),
        (("aa",), "y", "no column 'aa'; nearest: a"),
    ],
)
def test_bad_asks_are_one_line(tmp_path: Path, features: Sequence[str], target: str, said: str) -> None:
    table = read_table(write(tmp_path / "t.csv", PLAIN))
    with pytest.raises(InputError, match=said) as refused:
        train_table(table, features, target)
    assert "\n" not in str(refused.value)


def test_too_few_rows_and_a_target_that_stands_still_are_refused(tmp_path: Path) -> None:
    few = read_table(write(tmp_path / "t.csv", {k: v[:8] for k, v in PLAIN.items()}))
    with pytest.raises(InputError, match="8 rows have a value of y; at least 12"):
        train_table(few, ("a",), "y")
    still = read_table(write(tmp_path / "s.csv", {**PLAIN, "y": ["2"] * len(PLAIN["y"])}))
    with pytest.raises(InputError, match="'y' is 2 in every row"):
        train_table(still, ("a",), "y")


def test_a_table_in_another_unit_is_refused(tmp_path: Path) -> None:
    model = learned(
        write(tmp_path / "t.csv", {"a [m]": PLAIN["a"], "b": PLAIN["b"], "y": PLAIN["y"]}), ["a", "b"]
    )
    asked = read_table(write(tmp_path / "q.csv", {"a [mm]": ["1"], "b": ["1"]}))
    with pytest.raises(InputError, match="'a' is in mm, the model learned it in m"):
        model.predict(asked)
