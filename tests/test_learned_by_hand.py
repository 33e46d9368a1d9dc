"""Small parts of what is learned (processes, ridges, stacks, domains) against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from maquette.surrogate.models.gaussian_process.kernel import covariance, nearness, variance
from maquette.surrogate.models.gaussian_process.process import Table, condition, log_likelihood
from maquette.surrogate.models.push_pull import _beside
from maquette.surrogate.models.shape.learners import _ridge as shape_ridge
from maquette.surrogate.models.slopes import Slope
from maquette.surrogate.models.table import ridge
from maquette.surrogate.models.table.columns import Column, _number, _styles
from maquette.surrogate.models.table.domain import coordinates
from maquette.surrogate.models.table.domain import fit_domain as table_domain
from maquette.surrogate.models.table.encoding import fit_feature
from maquette.surrogate.models.table.folds import group_folds
from maquette.surrogate.models.table.report import alike, leaks
from maquette.surrogate.models.table.stack import disagreement, fit_interval, stack, weigh
from maquette.surrogate.models.table.trees import answer, flattened
from maquette.surrogate.trust.calibration import calibrate
from maquette.surrogate.trust.validity import Domain, fit_domain, widened

# -- the surrogate's process --------------------------------------------------------------------------------


def matern(r: float) -> float:
    return (1 + math.sqrt(5) * r + 5 * r * r / 3) * math.exp(-math.sqrt(5) * r)


H = {
    "constant": np.array([0.5]),
    "linear": np.array([0.3, 0.7]),
    "amplitude": np.array([1.2]),
    "lengthscale": np.array([0.8]),
    "relative": np.array([1.0, 2.0]),
    "rho": np.array([0.9]),
    "delta_constant": np.array([0.1]),
    "delta_linear": np.array([0.2]),
    "delta_amplitude": np.array([0.05]),
    "noise": np.array([0.01, 0.02, 0.03]),
}
A, B = np.array([[0.1, 0.9], [0.5, 0.5]]), np.array([[0.7, 0.2], [0.1, 0.9], [0.4, 0.4]])
LA, LB = np.array([1.0, 2.0]), np.array([0.0, 1.0, 2.0])


def test_the_covariance_is_kennedy_and_ohagans_written_out() -> None:
    """Levels share rho to the power of each one's level, and the steps below the lower of the two."""
    told = covariance(np, H, A, LA, B, LB)
    for i in range(2):
        for j in range(3):
            a, b = A[i] - 0.5, B[j] - 0.5
            shape = matern(math.hypot((A[i, 0] - B[j, 0]) / 0.8, (A[i, 1] - B[j, 1]) / 1.6))
            f = 0.5 + 0.3 * a[0] * b[0] + 0.7 * a[1] * b[1] + 1.2 * shape
            delta = 0.1 + 0.2 * float(a @ b) + 0.05 * shape
            wanted = f * 0.9 ** LA[i] * 0.9 ** LB[j] + delta * min(LA[i], LB[j])
            assert told[i, j] == pytest.approx(wanted, rel=1e-6)
    assert variance(np, H, A, LA) == pytest.approx(np.diag(covariance(np, H, A, LA, A, LA)), rel=1e-6)


def test_neighbours_speak_for_each_other_within_reach_and_on_one_level() -> None:
    """1 at the same design, 0.52 (Matern 5/2 at 1) where every feature differs by 0.01, 0 across levels."""
    near = nearness(A, LA, np.array([[0.11, 0.91], [0.5, 0.5], [0.5, 0.5]]), np.array([1.0, 2.0, 1.0]))
    assert near == pytest.approx(np.array([[matern(1.0), 0.0, near[0, 2]], [0.0, 1.0, 0.0]]), abs=1e-5)
    assert near[0, 2] < 1e-3


def table(levels: int = 2) -> Table:
    rng = np.random.default_rng(3)
    x, level = rng.random((9, 2)), np.arange(9.0) % levels
    y = 5.0 + 2.0 * x[:, 0] + rng.normal(0, 0.1, 9)
    return Table(x, level, y, np.full(9, 0.05), np.arange(9))


def test_a_posterior_is_that_of_a_joint_normal() -> None:
    """Mean and spread by Schur's complement and the normal's own likelihood, in the labels' unit."""
    t, mean, scale = table(), 6.0, 2.0
    p = condition(H, t, mean, scale)
    level = t.level.astype(int)
    k = covariance(np, H, t.x, t.level, t.x, t.level)
    k = k + np.diag(H["noise"][level] + (0.05 / scale) ** 2 + 1e-8)
    fresh = np.array([[0.3, 0.3], [0.9, 0.1]])
    top = np.ones(2)
    cross = covariance(np, H, fresh, top, t.x, t.level)
    left = covariance(np, H, fresh, top, fresh, top) - cross @ np.linalg.solve(k, cross.T)
    told, smooth, whole = p.respond(fresh)
    assert told == pytest.approx(mean + scale * cross @ np.linalg.solve(k, (t.y - mean) / scale))
    assert smooth == pytest.approx(scale * np.sqrt(np.diag(left)))
    assert np.array_equal(whole, smooth)
    assert p.together(fresh) == pytest.approx(scale**2 * left)
    z = (t.y - mean) / scale
    logarithm = -0.5 * (z @ np.linalg.solve(k, z) + np.linalg.slogdet(2.0 * np.pi * k)[1])
    assert log_likelihood(p) == pytest.approx(logarithm)
    assert p.noise() == pytest.approx(scale * math.sqrt(0.02))
    assert p.noise(level=0.0) == pytest.approx(scale * math.sqrt(0.01))


def test_what_repeats_is_not_noise_at_its_own_place() -> None:
    """Of a learned variance of 0.02 a known scatter of 0.1 (0.0025 standardised) is noise, the rest local."""
    t, scale = table(), 2.0
    p = condition(H, t, 6.0, scale, [0.1, 0.1, 0.1])
    assert p.local == pytest.approx([0.0075, 0.0175, 0.0275])
    assert p.noise() == pytest.approx(0.1)
    there, far = t.x[t.level == 1][:1], np.array([[0.0, 1.0]])
    smooth, whole = p.respond(there)[1:]
    assert smooth[0] > 0.0
    assert whole[0] < 2.0 * math.hypot(0.1, 0.05)  # almost what the run itself is sure of
    smooth, whole = p.respond(far)[1:]
    assert whole[0] ** 2 - smooth[0] ** 2 == pytest.approx(scale**2 * 0.0175, rel=0.3)


def test_beside_the_doubt_of_slopes_stands_that_of_a_sure_change() -> None:
    doubt, g = np.array([[4.0, 1.0], [1.0, 9.0]]), np.array([3.0, 1.0])
    told = _beside(doubt, g)
    assert told.shape == (3, 3)
    assert np.array_equal(told[:2, :2], doubt)
    assert told[2, :2].tolist() == told[:2, 2].tolist() == [0.0, 0.0]
    assert 0.0 < told[2, 2] < 0.1 * 5.0  # a small share of the mean square


@pytest.mark.parametrize(
    ("down", "up", "sign", "better", "gain"),
    [
        (-0.2, 0.1, 1.0, "down", -0.2),
        (-0.2, 0.1, -1.0, "up", 0.1),
        (0.2, 0.1, 1.0, "", 0.0),
        (None, -0.1, 1.0, "up", -0.1),
        (-0.1, None, -1.0, "", 0.0),
        (0.0, 0.0, 1.0, "", 0.0),
    ],
)
def test_the_better_way_of_a_slope(down: Any, up: Any, sign: float, better: str, gain: float) -> None:
    found = Slope(1.0, down, up, sign)
    assert (found.better, found.gain) == (better, gain)


# -- trust --------------------------------------------------------------------------------------------------


def test_outside_the_domain_sigma_grows_with_the_distance_into_the_spread() -> None:
    """At 1.125 half of the spread has come in, from 1.25 all of it; inside nothing changes."""
    sigma = np.full(5, 0.01)
    told = widened(sigma, np.array([0.0, 1.0, 1.125, 1.25, 2.0]), 0.03)
    exact = [0.01, 0.01, math.hypot(0.01125, 0.015), math.hypot(0.0125, 0.03), math.hypot(0.02, 0.03)]
    assert told == pytest.approx(exact)


def test_the_limits_of_a_domain_by_hand() -> None:
    """Ten designs on a line, two parameters: the slack is ln(2 * 2 / 0.01) / 10 of the range, at most half;
    relevance 4 to 1 weighs 1 to 0.25; the reach is the 99th percentile of the mean distance to five."""
    unit = np.column_stack([np.linspace(0.1, 1.0, 10), np.full(10, 0.5)])
    found = fit_domain(("a", "b"), unit, np.array([4.0, 1.0]), {"drag": np.array([0.01, 0.02, 0.03])})
    assert found.weight == pytest.approx([1.0, 0.25])
    assert found.slack == pytest.approx([0.5 * 0.9, 0.5 * 0.05])
    assert found.sigma["drag"] == pytest.approx(0.0298)
    # from an end: 0.1 to 0.5, mean 0.3; one in: (0.1 + 0.1 + 0.2 + 0.3 + 0.4) / 5; then 0.18 throughout
    own = np.array([0.3, 0.22, 0.18, 0.18, 0.18, 0.18, 0.18, 0.18, 0.22, 0.3])
    assert found.reach == pytest.approx(np.percentile(own, 99.0))
    least = fit_domain(("a", "b"), unit, np.array([4.0, 0.1]), {"drag": np.array([0.01])})
    assert least.weight == pytest.approx([1.0, 0.1])
    long = fit_domain(("a", "b"), np.tile(unit, (100, 1)), np.array([1.0, 0.0]), {"drag": np.array([0.01])})
    assert long.slack == pytest.approx([0.9 * math.log(400.0) / 1000, 0.05 * math.log(400.0) / 1000])
    assert long.weight == pytest.approx([1.0, 0.0])


def test_a_domain_says_why_in_every_way() -> None:
    """Beyond by slacks of 0.1; neighbours a half farther than the limit; sigma a quarter above its own."""
    names = ("a", "b_c", "d", "e", "f")
    zero, one = np.zeros(5), np.ones(5)
    found = Domain(
        names, np.array([1.0, 1, 1, 1, 0]), zero, one, np.full(5, 0.1), zero[None], 0.2, {"q": 0.04}
    )
    inside = {k: np.array([1.0]) for k in ("range", "neighbours", "sigma", "value")}
    here = np.full((1, 5), 0.5)
    assert found.explain(here, inside) == ""

    def why(at: Any = here, **ratios: float) -> str:
        return str(found.explain(at, inside | {k: np.array([v]) for k, v in ratios.items()}))

    far = np.array([[1.15, 1.4, -0.2, 1.3, 9.0]])
    assert why(far, range=4.0) == "b_c, e, d beyond every simulated design"
    assert why(np.array([[1.15, 1.05, 0.5, 0.5, 0.5]]), range=1.5) == "a beyond every simulated design"
    assert why(neighbours=1.5) == "nearest simulated designs 50 % further away than the limit"
    assert why(sigma=1.25) == "the model's own uncertainty 25 % above the limit"
    assert why(value=1.01) == "the prediction lies beyond every simulated value"
    assert why(neighbours=1.5, value=2.0).count("; ") == 1
    bare = {k: v for k, v in inside.items() if k != "value"}
    assert found.explain(here, bare) == ""
    told = found.ratios(np.array([[1.05, 0.5, 0.5, 0.5, 9.0]]), {"q": np.array([0.05])})
    assert told["range"] == pytest.approx([0.5])
    assert told["sigma"] == pytest.approx([1.25])
    assert told["neighbours"] == pytest.approx([math.sqrt(1.05**2 + 3 * 0.25) / 0.2])


def test_a_calibration_by_hand() -> None:
    """Nineteen residuals of 1 to 19 sigmas: the 18th, of the half width of nine tenths, which is 1.645."""
    found = calibrate(np.arange(1.0, 20.0), np.ones(19), np.ones(19, dtype=bool))
    assert found.factor == pytest.approx(18.0 / 1.6449, rel=1e-3)
    assert (found.runs, found.runs_all) == (19, 19)
    assert found.raw_coverage == pytest.approx(1 / 19)


def test_of_few_top_runs_the_others_make_up_half_of_the_weight() -> None:
    """Two top runs of ratio 10 weigh a quarter each, ninety-eight others of ratio 1 the other half: at nine
    tenths of it with a fresh top run of a quarter beside them stands a top run."""
    ratio = np.concatenate([np.full(2, 10.0), np.full(98, 1.0)])
    top = np.arange(100) < 2
    assert calibrate(ratio, np.ones(100), top).factor == pytest.approx(10.0 / 1.6449, rel=1e-3)


# -- learners of tables -------------------------------------------------------------------------------------


def test_trees_by_hand_to_their_full_depth_on_either_side() -> None:
    """x0 <= 0.5: 1; else x1 <= 2: 2; else x0 <= 0.8: 3, else 4; and a second tree of one leaf, 10."""
    deep = {
        "split_feature": 0,
        "threshold": 0.8,
        "left_child": {"leaf_value": 3.0},
        "right_child": {"leaf_value": 4.0},
    }
    right = {"split_feature": 1, "threshold": 2.0, "left_child": {"leaf_value": 2.0}, "right_child": deep}
    tree = {"split_feature": 0, "threshold": 0.5, "left_child": {"leaf_value": 1.0}, "right_child": right}
    rows = np.array([[0.5, 9.0], [0.6, 2.0], [0.8, 2.1], [0.9, 3.0]])
    for mirrored in (False, True):
        weights = flattened([_mirrored(tree) if mirrored else tree, {"leaf_value": 10.0}])
        told = answer({**weights, "level": np.array([100.0, 2.0])}, -rows if mirrored else rows)
        assert told.tolist() == [122.0, 124.0, 126.0, 128.0]


def _mirrored(node: dict[str, Any]) -> dict[str, Any]:
    """The same answers of rows with the other sign (no row lies just on a threshold but at its left)."""
    if "leaf_value" in node:
        return node
    return {
        "split_feature": node["split_feature"],
        "threshold": -node["threshold"] - 1e-9,
        "left_child": _mirrored(node["right_child"]),
        "right_child": _mirrored(node["left_child"]),
    }


@pytest.mark.parametrize("wide", [False, True])
def test_both_ways_to_a_ridge_find_the_line(wide: bool) -> None:
    """y = 3 + 2a - b without noise, of columns of very different sizes; by squares (many rows) and by
    singular values (few)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(12 if wide else 200, 4)) * [1.0, 1000.0, 0.01, 1.0]
    y = 3.0 + 2.0 * x[:, 0] - 0.001 * x[:, 1]
    found = ridge._fit(x, y, 4)
    assert found["slopes"] * [1.0, 1000.0, 0.01, 1.0] == pytest.approx([2.0, -1.0, 0.0, 0.0], abs=2e-3)
    assert float(found["level"][0] - found["middle"] @ found["slopes"]) == pytest.approx(3.0, abs=0.01)


def test_a_ridge_believes_noise_less_the_more_there_is() -> None:
    """Pure noise on as many columns as rows: generalised cross-validation leaves almost nothing of it."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(60, 40)), rng.normal(size=60)
    assert np.linalg.norm(ridge._fit(x, y, 40)["slopes"]) < 0.3
    slopes, level = shape_ridge(x, y)
    assert np.linalg.norm(slopes) < 0.3
    assert level == pytest.approx(float(y.mean()) - float(x.mean(0) @ slopes))


def test_products_and_sums_that_are_the_target_are_named() -> None:
    rng = np.random.default_rng(2)
    a, b, c = (rng.uniform(1.0, 2.0, 60) for _ in range(3))
    columns = [Column(n, "", v) for n, v in (("a", a), ("b", b), ("c", c))]
    (found,) = leaks(columns, a * a / b, "y")
    assert (found.kind, found.columns) == ("product", ("a", "b"))
    assert found.r2 == pytest.approx(1.0, abs=1e-9)
    assert found.to_json() == {"columns": ("a", "b"), "kind": "product", "r2": found.r2, "text": found.text}
    assert str(found.text).startswith("y is a product of powers of a, b (R² 1.0")
    (found,) = leaks(columns, 3.0 - a + 5.0 * c, "y")
    assert (found.kind, found.columns) == ("sum", ("a", "c"))
    assert str(found.text).startswith("y is a sum of a, c (R² 1.0")
    assert leaks(columns, a * b + c * c + rng.normal(0, 0.2, 60), "y") == ()
    (found,) = leaks([Column("a", "", a)], np.exp(9.0 * a), "y")
    assert (found.kind, found.columns) == ("order", ("a",))
    (found,) = leaks([Column("a", "", a)], 2.0 - 7.0 * a, "y")
    assert (found.kind, found.r2) == ("equal", pytest.approx(1.0))
    (found,) = leaks([Column("a", "", a)], np.abs(a - 1.5) + 1e-3 * b, "y")
    assert found.kind == "determines"
    kinds = np.arange(60) % 3
    (found,) = leaks([Column("k", "", None, tuple("xyz"[k] for k in kinds))], kinds + 0.01 * b, "y")
    assert (found.kind, found.columns) == ("determines", ("k",))


def test_weights_of_members_are_least_squares_with_shares() -> None:
    """y = 0.7 p + 0.3 q exactly; a third member of noise gets nothing; the best alone when none helps it."""
    rng = np.random.default_rng(4)
    p, q, r = rng.normal(size=(3, 200))
    assert weigh(np.column_stack([p, q, r]), 0.7 * p + 0.3 * q) == pytest.approx([0.7, 0.3, 0.0], abs=1e-3)
    assert weigh(np.column_stack([p, q]), q) == pytest.approx([0.0, 1.0], abs=1e-6)


def test_intervals_of_few_rows_are_one_width_and_of_many_follow_what_is_known() -> None:
    few = fit_interval(np.zeros(19), np.ones(19), np.arange(1.0, 20.0), 0.0, 1.0)
    assert few.half(np.array([-5.0, 9.0]), np.array([0.1, 3.0])).tolist() == [18.0, 18.0]
    apart = np.exp(np.random.default_rng(5).uniform(-2, 2, 4000))
    residual = apart * np.random.default_rng(6).normal(size=4000)
    many = fit_interval(np.zeros(4000), apart, residual, 0.0, 1.0)
    assert (np.abs(residual) <= many.half(np.zeros(4000), apart)).mean() == pytest.approx(0.9, abs=0.01)
    wide, narrow = many.half(np.zeros(2), np.array([4.0, 0.5]))
    assert wide / narrow == pytest.approx(8.0, rel=0.15)
    assert (
        many.half(np.zeros(2), np.array([1e3, 1e9])).tolist()[0] == many.half(np.zeros(1), np.array([1e9]))[0]
    )


def test_a_stack_judges_each_fold_without_it() -> None:
    """The second member knows the answer in fold 0 only: no weight made elsewhere trusts it there."""
    rng = np.random.default_rng(7)
    y = rng.normal(size=120)
    fold = np.arange(120) % 2
    liar = np.where(fold == 0, y, rng.normal(size=120))
    answers = np.column_stack([y + rng.normal(0, 0.3, 120), liar])
    found = stack(answers, y, fold)
    held = np.abs(found.value - y)[fold == 0].mean()
    assert held > 0.15
    assert disagreement(np.array([[1.0, 3.0], [2.0, 2.0]])).tolist() == [1.0, 0.0]


def test_folds_are_about_equally_large_and_keep_groups_whole() -> None:
    """Groups of 6, 3, 2 and 1 rows on two folds: six and six."""
    groups = np.repeat([0, 1, 2, 3], [6, 3, 2, 1])
    fold = group_folds(groups, 2, 0)
    assert sorted(np.bincount(fold).tolist()) == [6, 6]
    assert all(len(set(fold[groups == g])) == 1 for g in range(4))
    assert set(group_folds(np.arange(3), 9, 0).tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [
        ("1,234.5", False, 1234.5),
        ("1.234,5", True, 1234.5),
        ("1 234,5", True, 1234.5),
        ("−3.5", False, -3.5),
        ("12 %", False, 12.0),
        ("1e-3", False, 0.001),
        (".5", False, 0.5),
        ("5.", False, 5.0),
        ("+2,5", True, 2.5),
        ("inf", False, math.inf),
        ("-Infinity", False, math.inf),
        ("1'000", False, 1000.0),
        ("x", False, None),
        ("1,2", False, None),
        ("1.2", True, None),
        ("12,34", False, None),
        ("1 23", False, None),
    ],
)
def test_numbers_as_people_write_them(cell: str, comma: bool, value: float | None) -> None:
    assert _number(cell, comma) == value


@pytest.mark.parametrize(
    ("cells", "separator", "comma_first"),
    [
        (("1,5", "2,5"), ";", True),
        (("1.5", "2.5"), ";", False),
        (("1,234", "5,678"), ",", False),
        (("1,234.5", "2,000.1"), ";", False),
        (("1.234.567", "2.345.678"), ";", True),
        (("1.234.567", "2.345.678"), ",", False),
        (("1.234,5", "2,5"), ";", True),
        (("12", "13"), ";", False),
    ],
)
def test_the_likelier_way_of_writing_comes_first(
    cells: tuple[str, ...], separator: str, comma_first: bool
) -> None:
    assert _styles(cells, separator)[0] is comma_first


def test_a_domain_of_a_table_by_hand() -> None:
    """One number from 0 to 9 and one category: distances in standard deviations, and 1 (root of twice a half)
    between categories, each times its weight."""
    number = Column("n", "", np.arange(10.0))
    kind = Column("k", "", None, tuple("ab"[i % 2] for i in range(10)))
    every = np.ones(10, dtype=bool)
    features = [fit_feature(number, every), fit_feature(kind, every)]
    rows = coordinates(features, [number, kind])
    size = float(np.arange(10.0).std())
    assert rows[:, 0] == pytest.approx((np.arange(10.0) - 4.5) / size)
    assert rows[:2, 1].tolist() != rows[1:3, 1].tolist()
    found = table_domain(features, rows, np.array([4.0, 1.0]))
    assert found.weight == pytest.approx([1.0, 0.5])
    assert found.slack == pytest.approx(0.5)
    places, far = found.nearest(rows[:1], 3)
    assert places.tolist() == [[0, 2, 1]] or places.tolist() == [[0, 1, 2]]
    assert sorted(far[0].tolist()) == pytest.approx(sorted([0.0, 2 / size, math.hypot(1 / size, 0.5)]))
    new = [Column("n", "", np.array([4.0, 15.0, np.nan])), Column("k", "", None, ("a", "b", "c"))]
    ratio, why = found.judge(new, coordinates(features, new))
    assert ratio[0] <= 1.0
    assert why[0] == ""
    assert ratio[1] >= 6.0 / 4.5 - 1e-9  # 6 beyond 9, of half of 9
    assert why[1].startswith("n 15: the rows that trained go from 0 to 9")
    assert ratio[2] >= 2.0
    assert why[2].startswith("k: 'c' is in no row that trained")
    strict = replace(found, reach=float(found.nearest(coordinates(features, new)[:1], 3)[1].mean()) / 1.25)
    ratio, why = strict.judge(new, coordinates(features, new))
    assert ratio[0] == pytest.approx(1.25)
    assert why[0] == "nearest rows 25 % further away than the limit"


def test_rows_that_are_the_same_have_the_same_number() -> None:
    told = alike(np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [1.0, 4.0]]))
    assert told[0] == told[2]
    assert len(set(told.tolist())) == 3
