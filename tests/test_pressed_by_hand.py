"""Limits that are improved instead of only asked for: which search is made, from where, and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pod import POD, PodPredictor
from test_conflicts_by_hand import LOW, ROOM, WIDE, judge, tried

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.editing import edited
from maquette.constraints.requirements.edits import Ask, Edits
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.search import approach, conflict, prices
from maquette.constraints.search.conflict import Conflict, _Asked, _meets, _Set, improving, missed
from maquette.constraints.search.evaluate import Evaluator
from maquette.constraints.search.record import NO_TRIAL, Record
from maquette.constraints.search.space import build_space
from maquette.constraints.search.trend import fit_trend

DRAG = Requirement("drag_coefficient", "1", at_most=0.25)


def test_what_is_missed_is_a_sum_and_what_is_met_a_place_between() -> None:
    assert missed(tried(low=0.2, room=-0.5, wide=0.3), ("overall_height", "overall_width")) == pytest.approx(
        0.5
    )
    assert missed(tried(), ()) == 0.0
    band = Requirement("overall_width", "mm", at_least=1700.0, at_most=1800.0)
    for value, met in ((1699.0, False), (1700.0, True), (1750.0, True), (1800.0, True), (1801.0, False)):
        assert _meets(band, replace(tried(), numbers={"overall_width": value})) == met
    assert not _meets(band, tried())  # nobody knows its width
    assert _meets(WIDE, replace(tried(), numbers={"overall_width": 9e9}))
    assert not _meets(WIDE, replace(tried(), numbers={"overall_width": 0.0}))
    assert _meets(LOW, replace(tried(), numbers={"overall_height": -1.0}))


@pytest.fixture
def improved(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Record]]:
    """What :func:`improving` is asked, and what it is to find."""
    asked: list[Any] = []
    found: list[Record] = []

    def stand_in(*given: Any) -> tuple[int, list[Record]]:
        asked.append(given)
        return 7, found

    monkeypatch.setattr(conflict, "improving", stand_in)
    monkeypatch.setattr(approach, "improving", stand_in)
    return asked, found


KEYS = ("overall_height", "head_room_front", "overall_width")


def test_what_the_nearest_misses_most_is_improved_under_the_rest(improved: Any) -> None:
    """Of two designs the second misses less: 0.1 of the height and 0.2 of the room, which is improved under
    height and width, as far as trials are left."""
    asked, found = improved
    own = judge(wheelbase=2800.0)
    case = _Asked(own, [tried(low=0.5, room=0.3), tried(1, low=0.1, room=0.2, overall_height=1500.0)])
    case.left = 50
    assert not case.pressed(_Set(KEYS, ("wheelbase",)))
    evaluator, brief, limit, start, trials = asked[0]
    assert evaluator is own
    assert (limit, trials, start["overall_height"]) == (ROOM, 50, 1500.0)
    assert [r.quantity for r in brief.requirements] == ["overall_height", "overall_width"]
    assert brief.locks == {"wheelbase": 2800.0}
    assert case.left == 43
    case.left, case.short = 200, 120
    found[:] = [replace(tried(5), numbers={"head_room_front": 999.0})]
    assert not case.pressed(_Set(KEYS, ()))  # it found a design, which misses it still
    assert (asked[1][4], asked[1][1].locks, len(case.pool)) == (120, {}, 2)
    found[:] = [replace(tried(6), numbers={"head_room_front": 1000.0}), tried(7)]
    assert case.pressed(_Set(KEYS, ()))
    assert case.left == 200 - 14
    assert (len(case.pool), case.pool[-1].number) == (3, 6)
    assert case.pool[-1].margins == dict.fromkeys(KEYS, 0.0)


def test_nothing_is_improved_without_trials_designs_or_limits_or_where_it_is_predicted(improved: Any) -> None:
    asked, found = improved
    found[:] = [replace(tried(), numbers={"head_room_front": 2000.0, "drag_coefficient": 0.1})]
    near = tried(room=0.2)
    case = _Asked(judge(), [near])
    case.left = 0
    assert not case.pressed(_Set(KEYS, ()))
    case.left = 1
    assert not case.pressed(_Set((), ("wheelbase",)))
    assert not _Asked(judge(), []).pressed(_Set(KEYS, ()))
    drag = replace(near, margins={**near.margins, "drag_coefficient": 0.9})
    assert not _Asked(judge((LOW, ROOM, DRAG)), [drag]).pressed(
        _Set(("head_room_front", "drag_coefficient"), ())
    )
    assert asked == []
    assert case.pressed(_Set(KEYS, ()))


def test_each_limit_of_a_conflict_is_approached_from_what_misses_least_of_the_rest(improved: Any) -> None:
    asked, found = improved
    own = judge()
    records = [
        tried(1, low=-1.0, room=0.4, wide=0.1),
        tried(2, low=0.6, room=0.1, overall_width=1750.0),
        replace(tried(3), broken=("rule",)),
        replace(tried(4), measured=False),
    ]
    found[:] = [tried(k, overall_height=1400.0 + k) for k in range(9)]
    near = approach.closest(own, Conflict((LOW,), (), 4, True), records)
    ((evaluator, brief, limit, start, trials),) = asked
    assert evaluator is own
    assert (limit, trials) == (LOW, approach.TRIALS)
    assert brief.requirements == (ROOM, WIDE)  # hard ones, but this
    assert start["overall_width"] == 1750.0  # misses 0.1 of the rest, the other one 0.5
    assert [r.values["overall_height"] for r in near] == [1400.0 + k for k in range(1 + approach.NEARBY)]
    assert {(r.number, r.origin) for r in near} == {(NO_TRIAL, "approach")}
    approach.closest(own, Conflict((LOW, WIDE), ("wheelbase",), 4, True), [])
    assert [(given[2], given[3]) for given in asked[1:]] == [(LOW, None), (WIDE, None)]


@pytest.mark.parametrize(
    ("limit", "least", "most", "order"),
    [
        (ROOM, (), ("head_room_front",), [3, 1, 2]),
        (replace(ROOM, at_least=None, at_most=900.0), ("head_room_front",), (), [2, 1, 3]),
    ],
)
def test_the_search_wishes_for_the_limit_that_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
    limit: Requirement,
    least: tuple[str, ...],
    most: tuple[str, ...],
    order: list[int],
) -> None:
    asked: list[Any] = []
    room = {1: 950.0, 2: 900.0, 3: 990.0, 4: 2000.0}
    records = [replace(tried(k), numbers={"head_room_front": v}) for k, v in room.items()]
    records[3] = replace(records[3], violation=0.1)
    records.append(tried(5))  # its room is not known

    def run(evaluator: Evaluator, count: int, *rest: Any) -> tuple[list[Record], None]:
        asked.append((evaluator, count, *rest))
        return records, None

    monkeypatch.setattr(conflict, "run", run)
    monkeypatch.setattr(
        conflict, "pushed", lambda own, brief, first: replace(first, number=first.number + 10)
    )
    own = judge()
    start = {**POD.defaults(), "overall_height": 1600.0}
    brief = replace(own.brief, requirements=(LOW, WIDE), minimise=("frontal_area",))
    count, found = improving(own, brief, limit, start, 33)
    assert count == 5
    assert [r.number for r in found] == [order[0] + 10, *order]
    evaluator, trials, *_ = asked[0]
    assert trials == 33
    assert (evaluator.brief.minimise, evaluator.brief.maximise) == (least, most)
    assert evaluator.brief.requirements == (LOW, WIDE)
    assert set(evaluator.brief.lifted) == {w.name for w in POD.default_wishes}
    assert evaluator.predictor is None  # nothing is predicted
    assert dict(zip(evaluator.space.names, evaluator.space.start, strict=True))["overall_height"] <= 1600.0
    own = judge((LOW, ROOM, WIDE, DRAG))
    improving(own, replace(brief, requirements=(LOW, DRAG)), limit, start, 33)
    assert asked[1][0].predictor is own.predictor
    records[:] = [tried(5)]
    assert improving(own, brief, limit, None, 33) == (1, [])


def test_a_design_is_pushed_box_after_box_until_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = Brief("pod", minimise=("drag_coefficient",))
    own = Evaluator(POD, brief, PodPredictor(), build_space(POD, brief))
    starts: list[int] = []

    def at(number: int, drag: float) -> Record:
        return replace(tried(number), numbers={"drag_coefficient": drag})

    def stand_in(evaluator: Evaluator, asked: Brief, start: Record, wish: Any, trend: Any) -> Record:
        assert (evaluator, asked, wish, trend) == (own, brief, own.objectives[0], None)
        starts.append(start.number)
        return at(start.number + 1, max(0.2, start.numbers["drag_coefficient"] - 0.04))

    monkeypatch.setattr(prices, "improved", stand_in)
    assert prices.pushed(own, brief, at(0, 0.3)).number == 3
    assert starts == [0, 1, 2, 3]
    starts.clear()
    assert prices.pushed(own, brief, at(0, 9.0)).number == prices.BOXES
    assert starts == list(range(prices.BOXES))


def test_measured_slopes_are_those_of_the_formulas() -> None:
    """Room is the height less the clearance less 330: in shares of the ranges 550 and -145 mm; differences go
    inward, and not where the box is shut."""
    brief = Brief("pod", requirements=(ROOM,))
    own = Evaluator(POD, brief, PodPredictor(), build_space(POD, brief))
    here = own.space.unit(own.space.start[None, :])[0]
    at = {n: k for k, n in enumerate(own.space.names)}
    low, high = np.maximum(here - 0.1, 0.0), np.minimum(here + 0.1, 1.0)
    high[at["ground_clearance"]] = low[at["ground_clearance"]]
    found = prices._measured_trend(own, here, (low, high))
    assert found is not None
    k = list(own.trended).index("head_room_front")
    assert found.value[k] == pytest.approx(1450.0 - 145.0 - 330.0)
    slopes = found.slope[:, k]
    assert slopes[at["overall_height"]] == pytest.approx(550.0)
    assert [n for n in at if abs(slopes[at[n]]) > 1e-6] == ["overall_height"]
    whole = prices._measured_trend(own, here, (here - 0.1, here + 0.1))
    assert whole is not None
    assert whole.slope[at["ground_clearance"], k] == pytest.approx(-145.0)
    beyond = here.copy()
    beyond[at["overall_height"]] = 1.0
    steep = prices._measured_trend(own, beyond, (here - 0.1, here + 0.1))
    assert steep is not None
    assert steep.slope[at["overall_height"], k] == pytest.approx(550.0)
    blind = Evaluator(POD, Brief("pod", minimise=("overall_width",)), None, own.space)
    if not blind.meshed:
        assert prices._measured_trend(blind, here, (low, high)) is None


def test_nothing_is_known_where_the_mesh_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = Brief("pod", requirements=(ROOM,))
    own = Evaluator(POD, brief, PodPredictor(), build_space(POD, brief))
    here = own.space.unit(own.space.start[None, :])[0]
    calls: list[int] = []

    def fails_at(count: int) -> Any:
        calls.clear()

        def measure(values: Any) -> dict[str, float]:
            calls.append(1)
            return {} if len(calls) == count else POD.measures(values)

        return measure

    for count in (1, 2, 5):
        monkeypatch.setattr(own, "measure", fails_at(count))
        assert prices._measured_trend(own, here, (here - 0.1, here + 0.1)) is None
    monkeypatch.setattr(own, "measure", fails_at(99))
    assert prices._measured_trend(own, here, (here - 0.1, here + 0.1)) is not None


def test_a_trend_is_a_weighted_ridge_and_its_error_that_of_each_design_left_out() -> None:
    """By least squares with a row for each penalty; leaving a row out divides its miss by one less its share
    in its own answer. Weights fall as a bell over the distance of the ninth of thirty designs (two for each
    of three parameters and the level, and the nearest)."""
    rng = np.random.default_rng(2)
    units, centre = rng.uniform(size=(30, 3)), np.array([0.4, 0.5, 0.6])
    measures = units @ np.array([[3.0, 900.0], [-2.0, 100.0], [0.5, -400.0]]) + [7.0, 5000.0]
    measures += rng.normal(size=(30, 2)) * [0.1, 30.0]
    gap = np.sqrt(((units - centre) ** 2).mean(axis=1))
    weight = np.exp(-0.5 * (gap / np.sort(gap)[8]) ** 2) + 1e-4
    root, spread = np.sqrt(weight)[:, None], measures.std(axis=0)
    middle, origin = (np.average(a, axis=0, weights=weight) for a in (measures, units))
    rows = np.vstack([(units - origin) * root, np.sqrt(1e-3) * np.eye(3)])
    wanted = np.vstack([(measures - middle) / spread * root, np.zeros((3, 2))])
    slope = np.linalg.lstsq(rows, wanted, rcond=None)[0] * spread
    hat = np.diag(rows @ np.linalg.pinv(rows))[:30]
    miss = (measures - middle - (units - origin) @ slope) / (1.0 - np.minimum(hat, 0.98))[:, None]
    found = fit_trend(units, measures, centre)
    assert found.slope == pytest.approx(slope, rel=1e-6)
    assert found.value == pytest.approx(middle + (centre - origin) @ slope)
    assert found.error == pytest.approx(np.sqrt(np.average(miss**2, axis=0, weights=weight)), rel=1e-6)
    assert found(units[:2]) == pytest.approx(middle + (units[:2] - origin) @ slope)
    same = fit_trend(np.tile(centre, (9, 1)), np.tile([2.0, 3.0], (9, 1)), centre)
    assert same.value == pytest.approx([2.0, 3.0])
    assert same.slope == pytest.approx(0.0)


def test_an_edit_is_met_though_a_parameter_cannot_be_varied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bodies of another wheelbase (the first parameter) fail to be measured: 40 mm more room come from height
    and clearance, by the squares of their ranges of 550 and 145 mm."""
    measures = POD.measures

    def fails(values: Any) -> dict[str, float]:
        if values["wheelbase"] != 2800.0:
            raise ValueError("no body")
        return measures(values)

    monkeypatch.setattr(POD, "measures", fails)
    ask = Ask("head_room_front", "more room", value=40.0, relative=True)
    found = edited(POD, POD.defaults(), Edits(asks=[ask]))
    moved = {n: v - POD.defaults()[n] for n, v in found.values.items() if v != POD.defaults()[n]}
    share = 550.0**2 / (550.0**2 + 145.0**2)
    assert moved == pytest.approx(
        {"overall_height": 40.0 * share, "ground_clearance": -40.0 * (1.0 - share)}, rel=0.02
    )
    assert found.short == ()
