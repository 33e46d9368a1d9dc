"""What the search is made of: fronts, spaces, trends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pod import POD

from maquette.constraints.requirements.sentence import parse
from maquette.constraints.search.front import hypervolume, nondominated, spread_out
from maquette.constraints.search.space import build_space
from maquette.constraints.search.trend import fit_trend


def points(dimensions: int) -> st.SearchStrategy[np.ndarray]:
    """Up to twelve points with coordinates on a coarse grid, so that ties happen."""
    row = st.lists(st.integers(0, 6), min_size=dimensions, max_size=dimensions)
    return st.lists(row, min_size=1, max_size=12).map(lambda rows: np.array(rows, dtype=np.float64))


@given(points(3))
def test_the_front_holds_exactly_the_unbeaten_points(cloud: np.ndarray) -> None:
    kept = nondominated(cloud)
    for i in kept:
        assert not any(np.all(cloud[j] <= cloud[i]) for j in kept if j != i)
    for i in range(len(cloud)):
        assert any(np.all(cloud[j] <= cloud[i]) for j in kept)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
@settings(max_examples=40)
@given(data=st.data())
def test_hypervolume_counts_the_dominated_cells(dimensions: int, data: st.DataObject) -> None:
    cloud = data.draw(points(dimensions))
    axis = np.arange(7) + 0.5
    cells = np.stack(np.meshgrid(*[axis] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)
    count = sum(bool(np.any(np.all(cloud <= cell, axis=1))) for cell in cells)
    assert hypervolume(cloud, [7.0] * dimensions) == pytest.approx(count)


def test_hypervolume_of_nothing_is_zero() -> None:
    assert hypervolume(np.zeros((0, 2)), [1.0, 1.0]) == 0.0
    assert hypervolume(np.array([[2.0, 0.0]]), [1.0, 1.0]) == 0.0


def test_spread_out_keeps_the_order_and_the_distance() -> None:
    rows = np.array([[0.0], [0.01], [0.5], [0.51], [1.0]])
    assert spread_out(rows, [1, 0, 3, 2, 4], 5, 0.1) == [1, 3, 4]
    assert spread_out(rows, [1, 0, 3, 2, 4], 2, 0.1) == [1, 3]


BRIEFS = [
    "wheelbase at least 2.8 m, under 4.5 m",
    "4.6 m long",
    "4.6 m long, wheelbase of 2.9 m",
    "between 4.4 and 4.5 m long, clearance over 150 mm, no spoiler",
    "4.37 m long, wheelbase over 3.2 m",
]


@pytest.mark.parametrize("text", BRIEFS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_projection_lands_inside_and_stays(text: str, seed: int) -> None:
    brief = parse(text, POD).brief
    space = build_space(POD, brief)
    rows = space.low + np.random.default_rng(seed).random((20, len(space.names))) * (space.high - space.low)
    inside = space.project(rows)
    assert np.all(inside >= space.floor)
    assert np.all(inside <= space.ceiling)
    for item in space.sums:
        total = inside[:, list(item.parts)].sum(axis=1)
        assert np.all(total <= item.high + 1e-6)
        assert np.all(total >= item.low - 1e-6)
    assert space.project(inside) == pytest.approx(inside, abs=1e-9)


@pytest.mark.parametrize("text", BRIEFS)
def test_a_row_is_complete_from_its_free_parameters(text: str) -> None:
    space = build_space(POD, parse(text, POD).brief)
    names = [space.names[k] for k in space.free]
    chosen = {name: space.start[space.names.index(name)] for name in names}
    assert space.complete(chosen) == pytest.approx(space.start)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_trend_finds_a_linear_measure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, slope = rng.random((60, 5)), rng.normal(size=(5, 2))
    trend = fit_trend(units, units @ slope + 3.0, units[0])
    fresh = rng.random((10, 5))
    assert trend(fresh) == pytest.approx(fresh @ slope + 3.0, abs=0.05)
    assert np.all(trend.error < 0.05)


def test_every_point_of_a_long_front_counts() -> None:
    """A thousand points of the quarter circle: all but their steps of its outside up to (1, 1)."""
    turn = np.linspace(0.0, np.pi / 2.0, 1000)
    front = np.stack([1.0 - np.cos(turn), 1.0 - np.sin(turn)], axis=1)
    assert hypervolume(front, [1.0, 1.0]) == pytest.approx(np.pi / 4.0, abs=2e-3)


def test_a_front_is_widened_where_its_gap_is() -> None:
    """Of candidates between two tried designs the middle adds most area, and what lies behind adds none."""
    from maquette.constraints.search.learned import Fitted, Tried, improvement

    class Known:
        def __init__(self, axis: int) -> None:
            self.axis = axis

        def predict(self, units: np.ndarray, return_std: bool) -> tuple[np.ndarray, np.ndarray]:
            return units[:, self.axis], np.full(len(units), 1e-6)

    tried = Tried(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros((2, 0)))
    pool = np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8], [1.05, 1.05]])
    promise = improvement(Fitted([Known(0), Known(1)], []), tried, pool, None, np.random.default_rng(0))
    gains = np.exp(promise)
    # squares under the staircase: (1 - x)(1 - y) each; the reference at 1.1 counts for none of these
    assert gains[:3] == pytest.approx([0.09, 0.25, 0.16], abs=1e-3)
    assert gains[3] < 1e-9
    assert int(np.argmax(promise)) == 1


def test_the_usual_size_of_a_constraint_does_not_vanish_along_a_border() -> None:
    """Half of a front's trials lie on a border; what is far from it must not look as near."""
    from maquette.constraints.search.learned import Tried, squeezed

    values = np.concatenate([np.full(60, -1e-4), np.linspace(0.1, 1.0, 40)])[:, None]
    several = Tried(np.zeros((100, 2)), np.zeros((100, 2)), values)
    far = squeezed(several.constraints, several.share)
    assert far.max() < 1.5
    assert far[:60].max() > -1e-2
