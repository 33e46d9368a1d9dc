"""The outline model: predicted overlaps of silhouettes against drawn ones."""

from __future__ import annotations

import numpy as np
import pytest
from maquette.design.concepts.fit.alignment import overlap
from maquette.design.concepts.generate.silhouette_similarity import OutlineModel, outline_model, silhouette_of
from maquette.design.family.parameters import as_row, as_values
from maquette.design.family.registry import get_family

CAR = get_family("car")
FASTBACK = {**CAR.defaults(), **CAR.archetypes["fastback"]}


@pytest.fixture(scope="module")
def model() -> OutlineModel:
    return outline_model(CAR, FASTBACK)


def test_the_design_itself_overlaps_entirely(model: OutlineModel) -> None:
    row = as_row(CAR.declaration, FASTBACK)
    assert model(row)[0] == 1.0
    assert model.overlap(CAR, FASTBACK) == 1.0
    assert model(np.stack([row, row])).shape == (2,)


def test_predicted_overlaps_are_the_drawn_ones(model: OutlineModel) -> None:
    rng = np.random.default_rng(3)
    row, errors, seen = as_row(CAR.declaration, FASTBACK), [], []
    while len(errors) < 8:
        step = rng.normal(size=len(row)) * 0.08 * (model.high - model.low)
        moved = np.clip(row + step * (rng.random(len(row)) < 0.5), model.low, model.high)
        values = as_values(CAR.declaration, moved)
        if CAR.broken_rules(values):
            continue
        seen.append(model.overlap(CAR, values))
        errors.append(abs(model(moved)[0] - seen[-1]))
    assert min(seen) < 0.96, "the moves are too small to show anything"
    assert np.mean(errors) < 0.006
    assert max(errors) < 0.02


def test_what_a_side_view_does_not_show_costs_nothing(model: OutlineModel) -> None:
    hidden = FASTBACK | {"overall_width": 1700.0, "tumblehome": 30.0}
    assert model(as_row(CAR.declaration, hidden))[0] > 0.995
    longer = FASTBACK | {"wheelbase": FASTBACK["wheelbase"] + 150.0}
    assert model(as_row(CAR.declaration, longer))[0] < 0.98


def test_overlap_of_masks() -> None:
    a, b = np.zeros((2, 4), dtype=bool), np.zeros((2, 4), dtype=bool)
    assert overlap(a, b) == 1.0
    a[:, :2] = True
    b[:, 1:3] = True
    assert overlap(a, b) == pytest.approx(1.0 / 3.0)
    assert silhouette_of(CAR, FASTBACK).mean() == pytest.approx(0.25, abs=0.15)
