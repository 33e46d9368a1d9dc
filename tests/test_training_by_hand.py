"""What training says of itself, and what two answers become together, on data whose truth is known."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from maquette.design.geometry.mesh import Mesh
from maquette.surrogate.models.shape import train as shape_train
from maquette.surrogate.models.shape.answers import _reasons, _weighed, _with_products
from maquette.surrogate.models.shape.domain import fit_shape_domain
from maquette.surrogate.models.shape.pressure import (
    drawn,
    fit_pressure,
    point_numbers,
    relative_l2,
    vertex_areas,
)
from maquette.surrogate.models.shape.pressure_baselines import baseline_errors, places_of
from maquette.surrogate.studies.wind_tunnel.pressure import laid
from maquette.surrogate.trust.prediction import Evidence, Prediction

# -- two answers about a shape ------------------------------------------------------------------------------


def said(value: float, sigma: float, distance: float = 0.5) -> Prediction:
    near = (Evidence("r1", "medium", 0.1, value),)
    return Prediction(
        "drag_coefficient", value, "1", value - sigma, value + sigma, sigma, 0.9, True, distance, "", near,
        "m", 0,
    )  # fmt: skip


def test_two_answers_are_weighed_by_their_precision() -> None:
    """0.30 +- 0.01 and 0.36 +- 0.02: weights of 0.8 and 0.2, the mixture's mean and spread."""
    own, other = said(0.30, 0.01), replace(said(0.36, 0.02), model="n")
    found = _weighed(own, other, 0.5, 0.9, "")
    assert found.value == pytest.approx(0.8 * 0.30 + 0.2 * 0.36)
    spread = math.sqrt(0.8 * 0.01**2 + 0.2 * 0.02**2 + 0.16 * 0.06**2)
    assert found.sigma == pytest.approx(spread)
    assert (found.lower, found.upper) == pytest.approx(
        (found.value - 1.6449 * spread, found.value + 1.6449 * spread), abs=1e-5
    )
    assert (found.in_domain, found.distance, found.model) == (True, 0.9, "m + n")
    assert _weighed(own, other, 0.5, 1.0, "").in_domain
    assert not _weighed(own, other, 0.5, 1.01, "").in_domain
    assert _weighed(own, other, 1.0, 0.9, "").value == found.value  # as near as it may be
    for alone in (_weighed(own, None, 0.5, 0.2, "why"), _weighed(own, other, 1.01, 0.2, "why")):
        assert (alone.value, alone.sigma, alone.distance, alone.reason) == (0.30, 0.01, 0.5, "why")


def test_what_speaks_against_an_answer_is_said() -> None:
    fit = SimpleNamespace(left_over=12.4)
    assert _reasons(1.0, {"drag_coefficient": 1.0}, fit) == []  # type: ignore[arg-type]
    told = [str(m) for m in _reasons(2.0, {"drag_coefficient": 1.1, "lift": 0.9}, fit)]  # type: ignore[arg-type]
    assert told == [
        "the nearest body of the family lies 12 mm off (root mean square), 2.0 times what simulated bodies "
        "differ by",
        "both answers disagree about the drag coefficient",
    ]


def test_products_are_the_answer_times_the_measure() -> None:
    product = SimpleNamespace(name="drag_area", unit="m2", output="drag_coefficient", measure="frontal_area")
    surrogate = SimpleNamespace(study=SimpleNamespace(products=[product]))
    found = _with_products({"drag_coefficient": said(0.3, 0.01)}, surrogate, {"frontal_area": 2.5})  # type: ignore[arg-type]
    area = found["drag_area"]
    assert (area.value, area.lower, area.upper, area.sigma) == pytest.approx((0.75, 0.725, 0.775, 0.025))
    assert (area.quantity, area.unit, area.evidence[0].value) == ("drag_area", "m2", pytest.approx(0.75))
    assert set(_with_products({"drag_coefficient": said(0.3, 0.01)}, surrogate, {})) == {"drag_coefficient"}  # type: ignore[arg-type]
    assert set(_with_products({"drag_coefficient": said(0.3, 0.01)}, None, {"frontal_area": 1.0})) == {
        "drag_coefficient"
    }


def test_scores_of_a_shape_model_by_hand() -> None:
    """Errors 1, -1, 2, 0 of truths 0, 2, 4, 6 (of spread 20): 1 - 6 / 20, mean 1."""
    told = shape_train._score(np.array([0.0, 2.0, 4.0, 6.0]), np.array([1.0, 1.0, 6.0, 6.0]))
    assert told == {"r2": 0.7, "mae": 1.0}
    third = shape_train._score(np.array([0.0, 1.0]), np.array([0.0, 4.0 / 3.0]))
    assert third == {"r2": 0.7778, "mae": 0.16667}  # so many places are kept


# -- the shape model --------------------------------------------------------------------------------------


def test_an_output_is_scored_on_designs_held_out() -> None:
    """A linear law of two named numbers with a little noise, and stations that say nothing."""
    rng = np.random.default_rng(1)
    names = ["length", "height", *(f"crown_{k}" for k in range(3))]
    numbers = rng.normal(size=(120, 5))
    y = 1.0 + 0.5 * numbers[:, 0] - 0.2 * numbers[:, 1] + rng.normal(0, 0.02, 120)
    domain = SimpleNamespace(middle=np.zeros(5), scale=np.ones(5))
    about, level, slopes = shape_train._output(names, numbers, y, np.arange(120) % 10, domain)
    assert level == pytest.approx(1.0, abs=0.02)
    assert slopes == pytest.approx([0.5, -0.2, 0.0, 0.0, 0.0], abs=0.02)
    assert about["r2"] > 0.99
    assert about["coverage"] == pytest.approx(0.9, abs=0.07)
    assert about["half_width"] == pytest.approx(1.645 * 0.02, rel=0.3)
    assert about["rows"] == 120
    assert about["baselines"]["mean"]["r2"] < 0.05
    assert about["baselines"]["linear"]["r2"] > 0.99
    assert 0.3 < about["baselines"]["nearest"]["r2"] < 0.99
    assert about["held_out"][3][0] == pytest.approx(y[3])
    assert about["held_out"][3][1] == pytest.approx(y[3], abs=0.1)
    assert set(about["members"]) == set(shape_train.CANDIDATES)


def test_a_kind_that_was_left_out_is_refused_and_ordinary_ones_are_not() -> None:
    """Of a hundred bodies twelve are half a metre higher than any other."""
    rng = np.random.default_rng(2)
    keys = rng.uniform(1.0, 2.0, (100, 5))
    keys[:12, 1] += 10.0
    numbers = np.column_stack([keys, keys @ rng.normal(size=(5, 3))])
    found = shape_train._groups_left_out(numbers, keys, ())
    assert list(found) == [
        "SUV-like (highest)", "high off the ground", "estate-like (highest tail)", "very short", "very low",
    ]  # fmt: skip
    high = found["SUV-like (highest)"]
    assert (high["of"], high["refused"]) == (12, 1.0)
    assert high["ordinary_refused"] < 0.35
    assert all(row["of"] == 12 for row in found.values())
    assert fit_shape_domain(numbers, keys).high[1] > 11.0


def _box() -> Mesh:
    x, y, z = np.meshgrid([0.0, 4.0], [-1.0, 1.0], [0.0, 1.0], indexing="ij")
    corners = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return Mesh(corners, np.array([t for a, b, c, d in sides for t in ((a, b, c), (a, c, d))]))


def test_pressure_is_laid_by_nearness() -> None:
    known = np.zeros((5, 6))
    known[:, 0] = [0.0, 0.1, 0.2, 0.3, 9.0]
    values = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    wanted = np.zeros((1, 6))
    wanted[0, 0] = 0.05
    weights = np.array([1 / 0.05**2, 1 / 0.05**2, 1 / 0.15**2, 1 / 0.25**2])
    assert laid(known, values, wanted) == pytest.approx(float(weights @ values[:4] / weights.sum()))
    assert laid(known, values, known[:1]) == pytest.approx(1.0, abs=1e-3)
    assert relative_l2(np.array([1.0, 3.0]), np.array([2.0, 1.0]), np.array([1.0, 0.5])) == pytest.approx(
        math.sqrt((1.0 + 0.5 * 4.0) / (4.0 + 0.5))
    )


def test_baselines_of_pressure_never_see_the_run_held_out() -> None:
    """Three runs of one surface whose pressures are 1, 2 and 4; the first two lie near each other."""
    places = [np.random.default_rng(0).uniform(size=(20, 6))] * 3
    truth = [np.full(20, v) for v in (1.0, 2.0, 4.0)]
    found = baseline_errors(places, truth, [np.ones(20)] * 3, np.array([[0.0], [0.1], [5.0]]), np.arange(3))
    assert found["nearest"] == pytest.approx(np.mean([1.0, 0.5, 0.5]), abs=1e-3)
    assert found["mean"] == pytest.approx(np.mean([2.0, 0.25, 2.5 / 4.0]), abs=1e-3)


def test_trees_learn_a_pressure_that_depends_on_the_place_and_on_the_whole_body() -> None:
    rng = np.random.default_rng(0)
    points = [rng.uniform(size=(300, 2)) for _ in range(12)]
    wholes = np.linspace(-1.0, 1.0, 12)[:, None]
    values = [np.sign(p[:, 0] - 0.5) + w for p, w in zip(points, wholes, strict=True)]
    model = fit_pressure(points, values, wholes)
    assert model.of(np.array([[0.1, 0.5], [0.9, 0.5]]), wholes[2]) == pytest.approx(
        [wholes[2, 0] - 1.0, wholes[2, 0] + 1.0], abs=0.15
    )


def test_numbers_of_points_are_alike_on_both_sides_wherever_a_body_stands() -> None:
    box = _box()
    found = point_numbers(box)
    mirrored = Mesh(box.vertices * np.array([1.0, -1.0, 1.0]), box.faces[:, ::-1])
    assert np.abs(point_numbers(mirrored) - found).max(axis=0) == pytest.approx(
        0.0, abs=0.05
    )  # ties of bends
    moved = Mesh(box.vertices + np.array([700.0, 0.0, 0.0]), box.faces)
    assert point_numbers(moved) == pytest.approx(found, abs=1e-6)
    assert found[:, 0].tolist() == [0.0] * 4 + [1.0] * 4
    assert found[:, 4].tolist() == [0.0, 1.0] * 4
    assert np.all(found[:, 7] > 0.0)  # both sides look outward
    right = np.flatnonzero(box.vertices[:, 1] > 0.0)
    assert sorted(drawn(box, right, 0).tolist()) == right.tolist()


def test_places_are_shares_of_the_body_and_the_left_is_the_right() -> None:
    """A box of 4 x 2 x 1: corners at shares of 0 and 1, 0.35 of half the width and of the height, and normals
    that look along the three sides alike; a third of the triangles' areas about each."""
    mesh = _box()
    assert mesh.volume == pytest.approx(8.0)
    found = places_of(mesh)
    assert found[:, 0].tolist() == [0.0] * 4 + [1.0] * 4
    assert found[:, 1] == pytest.approx(0.35)
    assert found[:, 2] == pytest.approx(np.tile([0.0, 0.35], 4))
    assert np.linalg.norm(found[:, 3:], axis=1) == pytest.approx(0.12)
    assert np.all(found[:, 4] > 0.0)  # both sides look outward
    assert np.all(np.sign(found[:, 3]) == [-1, -1, -1, -1, 1, 1, 1, 1])
    assert vertex_areas(mesh).sum() == pytest.approx(28.0)
    assert vertex_areas(mesh)[0] == pytest.approx((1 + 1 + 2 + 2 + 4 + 4) / 3)
