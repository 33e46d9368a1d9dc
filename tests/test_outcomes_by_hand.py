"""What a search makes of what it tried (fronts, prices, who set what, the loop), by hand on the pod."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pod import POD, PodPredictor
from test_conflicts_by_hand import LOW, NICE, ROOM, WIDE, judge, tried

from maquette.constraints.requirements.brief import Brief
from maquette.constraints.requirements.requirement import Requirement
from maquette.constraints.requirements.standing_wishes import checked_names
from maquette.constraints.search import loop as loops
from maquette.constraints.search import study as studies
from maquette.constraints.search.designs import DesignProposals
from maquette.constraints.search.evaluate import Evaluator, Screened
from maquette.constraints.search.front import hypervolume, nondominated, spread_out
from maquette.constraints.search.prices import _freed, _loosened, _spread, improved, prices
from maquette.constraints.search.record import Record
from maquette.constraints.search.samplers import penalised
from maquette.constraints.search.search import provenance, search
from maquette.constraints.search.similarity import Faith, parted, without_faith
from maquette.constraints.search.space import build_space
from maquette.design.errors import InputError

# -- fronts -------------------------------------------------------------------------------------------------


def test_a_front_and_its_volume_by_counting_boxes() -> None:
    """In three objectives against (4, 4, 4): unit cubes of the integer grid that some point dominates."""
    points = np.array([[1, 2, 3], [2, 1, 2], [3, 3, 0], [2, 2, 2], [1, 2, 3], [0, 4, 0]], dtype=np.float64)
    assert nondominated(points) == [5, 0, 1, 2]
    cells = itertools.product(range(4), repeat=3)
    held = sum(any(all(c >= v for c, v in zip(cell, p, strict=True)) for p in points[:5]) for cell in cells)
    assert hypervolume(points, [4.0, 4.0, 4.0]) == pytest.approx(held)
    assert hypervolume(np.array([[4.0, 0.0]]), [4.0, 4.0]) == 0.0
    assert hypervolume(np.array([[1.0], [3.0]]), [4.0]) == 3.0
    assert hypervolume(np.array([[0.0, 3.0], [1.0, 1.0], [3.0, 0.0]]), [4.0, 4.0]) == 4 + 6 + 1
    assert hypervolume(np.zeros((0, 2)), [4.0, 4.0]) == 0.0


def test_what_lies_too_near_is_passed_over() -> None:
    """Root mean square distances in two columns: (0.3, 0.4) is 0.354 away from the origin."""
    rows = np.array([[0.0, 0.0], [0.3, 0.4], [0.5, 0.5], [1.0, 1.0]])
    assert spread_out(rows, [0, 1, 2, 3], 9, 0.36) == [0, 2, 3]
    assert spread_out(rows, [0, 1, 2, 3], 9, 0.35) == [0, 1, 3]
    assert spread_out(rows, [3, 2, 1, 0], 2, 0.5) == [3, 2]
    assert spread_out(rows, [0, 3], 9, 1.0) == [0, 3]


# -- prices -------------------------------------------------------------------------------------------------

PRICED = Brief(
    "pod",
    requirements=(
        Requirement("ground_clearance", "mm", at_least=160.0),
        Requirement("overall_width", "mm", at_least=1700.0, at_most=1900.0),
        Requirement("drag_coefficient", "1", at_most=0.3),
    ),
    minimise=("drag_coefficient",),
    locks={"overall_height": 1500.0, "spoiler": 58.0},
    lifted=tuple(w.name for w in POD.default_wishes),
)


def priced() -> Evaluator:
    return Evaluator(POD, PRICED, PodPredictor(), build_space(POD, PRICED))


def test_a_limit_is_loosened_by_a_twentieth() -> None:
    own = priced()
    clearance, width, drag = PRICED.requirements
    name, kind, least, most, brief = _loosened(own, "ground_clearance", clearance)
    assert (name, kind, least, most) == ("ground_clearance", "limit", pytest.approx(152.0), None)
    assert brief.requirements == (replace(clearance, at_least=least), width, drag)
    _, _, least, most, brief = _loosened(own, "overall_width", width)  # a twentieth of the upper one
    assert (least, most) == pytest.approx((1605.0, 1995.0))
    assert brief.requirements[0] == clearance
    assert _loosened(own, "drag_coefficient", drag)[3] == pytest.approx(0.315)


def test_a_lock_is_freed_by_a_tenth_of_the_range_within_it() -> None:
    """Heights of 1300 to 1850 mm: 55 mm to either side; a spoiler of up to 60 mm from 58: 52 to 60."""
    own = priced()
    name, kind, low, high, brief = _freed(own, "overall_height")
    assert (name, kind, low, high) == ("overall_height", "lock", pytest.approx(1445.0), pytest.approx(1555.0))
    assert brief.locks == {"spoiler": 58.0}
    assert brief.requirements[:3] == PRICED.requirements
    assert (brief.requirements[3].at_least, brief.requirements[3].at_most) == (low, high)
    assert _freed(own, "spoiler")[2:4] == (pytest.approx(52.0), 60.0)


def test_the_doubt_of_a_difference() -> None:
    own = priced()
    one = own.evaluate(0, own.space.start, "start", None)
    drag = own.objectives[0].quantity
    assert _spread(own, drag, one, one) == pytest.approx(math.hypot(0.008, 0.008))  # as if independent
    assert _spread(own, own.known["overall_width"], one, one) == 0.0

    class Joint(PodPredictor):
        def difference(self, rows: np.ndarray, quantity: str) -> float | None:
            assert rows.shape == (2, len(own.space.names))
            return 0.5 if quantity == "drag_coefficient" else None

    own.predictor = Joint()
    assert _spread(own, drag, one, one) == 0.5
    lift = replace(drag, name="lift_coefficient")
    two = replace(one, sigmas={"lift_coefficient": 0.3})
    assert _spread(own, lift, two, replace(two, sigmas={"lift_coefficient": 0.4})) == pytest.approx(0.5)


def test_the_best_in_a_box_is_found_within_the_limits() -> None:
    """Without noise the drag falls with length of tail, a raked screen, lowness: each goes 0.15 of its range,
    or to its limit; the clearance is held at 160, the height at 1500."""
    own = priced()
    start = own.evaluate(0, own.space.start, "start", None)
    own.centre(start)
    best = improved(own, PRICED, start, own.objectives[0], None)
    span = dict(zip(own.space.names, own.space.high - own.space.low, strict=True))
    moved = {n: (best.values[n] - start.values[n]) / span[n] for n in own.space.names}
    assert moved["rear_overhang"] == pytest.approx(0.15, abs=1e-3)
    assert moved["windscreen_angle"] == pytest.approx(0.15, abs=1e-3)
    assert moved["backlight_angle"] == pytest.approx(-0.15, abs=1e-3)
    assert moved["mirror_scale"] == pytest.approx(-0.15, abs=1e-3)
    assert best.values["ground_clearance"] == pytest.approx(160.0, abs=0.1)
    assert (best.values["overall_height"], best.values["spoiler"]) == (1500.0, 58.0)
    assert moved["wheelbase"] == pytest.approx(0.0, abs=1e-3)  # says nothing of the drag
    assert best.feasible
    again = improved(own, PRICED, best, own.objectives[0], None, start)
    assert again.numbers["drag_coefficient"] == pytest.approx(best.numbers["drag_coefficient"], abs=1e-4)


def test_prices_are_the_drag_that_loosening_wins() -> None:
    """Of the pod 0.03 over 145 mm of clearance, 0.05 over 550 of height: 8 mm and 55 mm."""
    found = search(PRICED, PodPredictor(), trials=25, family=POD, priced=True)
    told = {p.name: p for p in found.prices}
    assert set(told) == {"ground_clearance", "overall_height", "spoiler"}
    clearance, height = told["ground_clearance"], told["overall_height"]
    assert clearance.gain == pytest.approx(0.03 * 8 / 145, rel=0.05)
    assert height.gain == pytest.approx(0.05 * 55 / 550, rel=0.05)
    reach = 1.6449 * math.hypot(0.008, 0.008)  # 90 % of a normal
    assert (height.upper - height.gain, height.gain - height.lower) == pytest.approx((reach, reach), rel=1e-3)
    assert (height.unit, height.wish, height.wish_unit) == ("mm", "drag_coefficient", "1")
    assert [p.gain for p in found.prices] == sorted((p.gain for p in found.prices), reverse=True)
    assert height.values["overall_height"] < 1500.0
    data = height.to_json()
    assert set(data) == {
        "name", "kind", "at_least", "at_most", "unit", "wish", "gain", "lower", "upper", "wish_unit", "text",
    }  # fmt: skip
    assert data["gain"] == height.gain
    assert found.explanation.count("What locks and binding limits cost: ") == 1


def test_without_a_wish_nothing_has_a_price() -> None:
    brief = Brief("pod", requirements=(LOW,))
    own = Evaluator(POD, brief, None, build_space(POD, brief))
    assert own.objectives == ()
    assert prices(own, own.evaluate(0, own.space.start, "start", None), []) == ()


# -- who set what -------------------------------------------------------------------------------------------


def test_each_parameter_says_who_set_it() -> None:
    brief = Brief(
        "pod",
        requirements=(Requirement("ground_clearance", "mm", at_least=150.0),),
        locks={"wheelbase": 2800.0, "overall_length": 4600.0},
        start={"overall_width": 1900.0},
        start_sources={"overall_width": "words", "ground_clearance": "archetype"},
    )
    own = Evaluator(POD, brief, PodPredictor(), build_space(POD, brief))
    start = dict(zip(own.space.names, own.space.start.tolist(), strict=True))
    told = provenance(own, {**start, "tyre_diameter": 700.0, "spoiler": 12.0 + 60e-9 * 0.5}, 7)
    assert told["wheelbase"] == "lock"
    assert told["rear_overhang"] == "lock"  # follows from the locked sum
    assert told["overall_width"] == "words"
    assert told["overall_height"] == "default"
    assert told["ground_clearance"] == "archetype, moved to keep the brief's limits"
    assert told["tyre_diameter"] == "search trial 7"
    assert told["spoiler"] == "default"
    assert provenance(own, {**start, "spoiler": 12.0 + 60e-9 * 2}, 7)["spoiler"] == "search trial 7"
    begun = Evaluator(POD, brief, PodPredictor(), build_space(POD, brief, POD.defaults()), POD.defaults())
    assert provenance(begun, POD.defaults(), 1)["overall_height"] == "start design"


def test_names_of_wishes_are_checked() -> None:
    known = sorted(w.name for w in POD.default_wishes)
    assert checked_names(POD, [*reversed(known), *known], "lift") == tuple(known)
    with pytest.raises(InputError, match="lift names 'nothing'; default wishes of family pod: "):
        checked_names(POD, ["nothing"], "lift")


# -- faith --------------------------------------------------------------------------------------------------


def test_without_the_picture_only_the_brief_counts() -> None:
    base = tried()
    told = without_faith(
        [
            replace(base, violation=0.5, margins={"agreement": 0.2}),
            replace(base, violation=0.5, margins={"agreement": -0.2}),
            replace(base, violation=0.2, margins={"agreement": 0.3}),
            replace(base, violation=0.4, margins={}),
        ]
    )
    assert [r.violation for r in told] == pytest.approx([0.3, 0.5, 0.0, 0.4])
    floor = Faith(lambda rows: np.ones(len(rows)), 0.8).requirement
    assert floor is not None
    assert (floor.quantity, floor.unit, floor.at_least, floor.at_most) == ("agreement", "1", 0.8, None)
    assert Faith(lambda rows: np.ones(len(rows))).requirement is None
    assert "keeps 0.80 of the concept's silhouette" in parted(
        0.8, replace(base, numbers={"agreement": 0.756})
    )
    assert "keeps about 0.76." in parted(0.8, replace(base, numbers={"agreement": 0.756}))


def test_a_likeness_is_a_wish_or_a_floor() -> None:
    brief = Brief("pod", minimise=("drag_coefficient",), lifted=tuple(w.name for w in POD.default_wishes))
    space = build_space(POD, brief)

    def like(rows: np.ndarray) -> np.ndarray:
        return np.full(len(rows), 0.7)

    wish = Evaluator(POD, brief, PodPredictor(), space, faith=Faith(like))
    assert wish.names == ("minimise drag_coefficient", "maximise agreement", "departure")
    told = wish.evaluate(0, space.start, "start", None)
    assert told.objectives[1] == pytest.approx(-0.7)
    assert told.numbers["agreement"] == 0.7
    floor = Evaluator(POD, brief, PodPredictor(), space, faith=Faith(like, 0.75))
    assert floor.names == ("minimise drag_coefficient", "departure")
    missed = floor.evaluate(0, space.start, "start", None)
    assert missed.margins["agreement"] == pytest.approx(0.05 / 0.75)
    assert not missed.feasible


# -- evaluating many at once --------------------------------------------------------------------------------


def test_standing_wishes_that_are_missed_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    own = judge()
    guess = Screened(np.zeros(3), {"a": np.array([0.1, -0.2, 0.3]), "b": np.array([0.5, 0.5, -1.0])},
                     np.zeros((3, 1)), np.zeros(3))  # fmt: skip
    monkeypatch.setattr(own, "wishes", (("a", NICE), ("b", NICE)))
    assert own.unwished(guess).tolist() == pytest.approx([0.6, 0.5, 0.3])
    monkeypatch.setattr(own, "wishes", ())
    assert own.unwished(guess).tolist() == [0.0, 0.0, 0.0]


def test_a_guess_from_a_trend_is_inside_up_to_a_distance_of_one() -> None:
    own = priced()

    class Guess:
        error = np.arange(float(len(own.trended)))

        def __call__(self, units: np.ndarray) -> np.ndarray:
            told = {"distance": np.array([0.5, 1.0, 1.2]), "drag_coefficient": np.array([0.1, 0.2, 0.3])}
            return np.stack([told.get(name, np.zeros(3)) for name in own.trended], axis=1)

    rows = np.repeat(own.space.start[None], 3, axis=0)
    found = own._from_trend(rows, Guess(), own.predicted)  # type: ignore[arg-type]
    assert found.in_domain.tolist() == [True, True, False]
    assert found.distance.tolist() == [0.5, 1.0, 1.2]
    assert found.values["drag_coefficient"].tolist() == [0.1, 0.2, 0.3]
    assert found.sigma["drag_coefficient"].tolist() == [1e-9] * 3
    measured = own._from_trend(rows, Guess(), ())  # type: ignore[arg-type]
    assert measured.in_domain.all()
    assert measured.distance.tolist() == [0.0, 0.0, 0.0]
    assert "drag_coefficient" not in measured.values
    assert own._from_trend(rows, None, own.predicted).sigma == {}


def test_penalties_for_samplers_of_one_number() -> None:
    """Merit, a hundred... times what is missed, and one for missing anything."""
    own = priced()
    base = own.evaluate(0, own.space.start, "start", None)
    own.centre(base)
    good = replace(base, violation=0.0)
    assert penalised(own, good) == pytest.approx(float(own.merit(np.array(good.objectives))[0]))
    from maquette.constraints.search.propose import VIOLATED

    bad = replace(base, violation=0.25)
    assert penalised(own, bad) - penalised(own, good) == pytest.approx(0.25 * VIOLATED + 1.0)


# -- the loop -----------------------------------------------------------------------------------------------


def test_the_time_that_is_left_follows_the_last_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(float(10 * k) for k in range(200))
    monkeypatch.setattr(loops.time, "perf_counter", lambda: next(clock))
    pace = loops._Pace()
    for done in range(1, 5):
        pace.add(done)
        assert pace.remaining(20) is None
    pace.add(5)
    assert pace.remaining(20) == pytest.approx(150.0)
    assert pace.remaining(5) == 0.0
    for done in range(6, 60):
        pace.add(done)
    assert len(pace._marks) == 31  # three rounds and the last
    assert pace.remaining(60) == pytest.approx(10.0)


def test_a_loop_counts_stops_and_tells() -> None:
    own = priced()
    seen: list[Any] = []
    records, interrupted = loops.run(own, 6, None, seen.append)
    assert ([r.number for r in records], interrupted) == ([0, 1, 2, 3, 4, 5], False)
    assert [(p.done, p.total) for p in seen] == [(k, 6) for k in range(1, 7)]
    assert seen[-1].feasible == sum(r.feasible for r in records)
    assert records[0].origin == "start"
    assert records[1].origin == "archetype city_car"
    some, _ = loops.run(priced(), 6, None, None, enough=lambda r: r.number == 2)
    assert len(some) == 3

    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    kept, interrupted = loops.run(priced(), 6, None, stop)
    assert (len(kept), interrupted) == (1, True)


def test_a_round_is_eight_of_ours_and_two_of_tpe() -> None:
    own = judge((LOW, ROOM, WIDE))
    proposals = DesignProposals(own, 100)
    first = proposals._round([], 0)
    assert [s.origin for s in first][:2] == ["start", "archetype city_car"]
    assert len(first) == 10
    assert [s.row is None for s in first] == [s.origin == "tpe" for s in first]
    rng = np.random.default_rng(0)
    rows = own.space.low + rng.random((10, len(own.space.names))) * (own.space.high - own.space.low)
    base = [own.evaluate(k, row, "screen", None) for k, row in enumerate(own.space.project(rows))]
    own.centre(base[0])
    second = proposals._round(base, 0)
    assert [s.origin for s in second] == ["screen"] * 8 + ["tpe"] * 2
    assert len(proposals._round([*base, base[0]], 1)) == 9


def test_every_second_round_without_success_asks_for_a_price() -> None:
    """Of 100 trials from the fortieth on, in odd rounds: each hard limit in turn."""
    own = judge((LOW, ROOM, WIDE, NICE))
    proposals = DesignProposals(own, 100)
    bad = tried(room=0.5)

    def asks(count: int, record: Record = bad) -> str:
        return proposals._focus([record] * count)[0]

    assert [asks(n) for n in (0, 10, 30, 39, 40)] == [""] * 5
    assert [asks(n) for n in (50, 60, 70, 80, 90, 110)] == [
        "overall_width", "", "overall_height", "", "head_room_front", "overall_width",
    ]  # fmt: skip
    assert asks(50, tried()) == ""
    key, space = proposals._focus([bad] * 50)
    assert (key, space.floor[space.names.index("overall_width")]) == ("overall_width", 1600.0)
    assert own.space.floor[space.names.index("overall_width")] == 1700.0
    soft = DesignProposals(judge((NICE,)), 100)
    assert soft._focus([bad] * 50)[0] == ""


def test_distributions_of_optuna_are_the_ranges() -> None:
    found = studies.distributions(POD, ["wheelbase", "spoiler"], {"spoiler": (1.5, 20.0)})
    assert [(n, d.low, d.high) for n, d in found.items()] == [
        ("wheelbase", 2250.0, 3300.0),
        ("spoiler", 1.5, 20.0),
    ]
    assert studies.constraints_of(tried(low=0.3), ["overall_height"]) == {"overall_height": 0.3, "rules": 0.0}
    assert studies.constraints_of(replace(tried(), broken=("a", "b")), []) == {"rules": 2.0}


def test_optuna_is_kept_quiet(tmp_path: Path) -> None:
    import optuna

    where = str(tmp_path / "j")
    study = studies.open_study(where, "s", "id", ["a", "b"])
    assert len(study.directions) == 2
    for ask in (
        studies.quiet,
        lambda: studies.stored(where, "s"),
        lambda: studies.open_study(where, "s", "id", ["a", "b"]),
        lambda: studies.sampling_study(1, optuna.samplers.RandomSampler(seed=0)),
    ):
        optuna.logging.set_verbosity(optuna.logging.INFO)
        ask()
        assert optuna.logging.get_verbosity() == optuna.logging.ERROR
    for other in (("s", "other", ["a", "b"]), ("s", "id", ["a"])):
        with pytest.raises(InputError, match="belongs to another brief or family"):
            studies.open_study(where, *other)
    assert studies.stored(where, "s").user_attrs["maquette"] == "id"
    assert studies.copied(studies.stored(where, "s")).user_attrs["maquette"] == "id"
    (tmp_path / "k").write_text("no journal\n")
    with pytest.raises(InputError):
        studies.open_study(str(tmp_path / "k"), "s", "id", ["a"])


def test_a_study_belongs_to_what_changes_the_search() -> None:
    brief = Brief("pod", requirements=(LOW,), prompt="a", seed=1)
    own = studies.identity_of(POD, brief)
    assert len(own) == 16
    for same in (
        replace(brief, prompt="b"),
        replace(brief, start_sources={"wheelbase": "me"}),
        replace(brief, requirements=(replace(LOW, source="other words"),)),
    ):
        assert studies.identity_of(POD, same) == own
    for other in (
        replace(brief, seed=2),
        replace(brief, requirements=(replace(LOW, at_most=1401.0),)),
        replace(brief, minimise=("drag_coefficient",)),
        replace(brief, locks={"wheelbase": 2800.0}),
    ):
        assert studies.identity_of(POD, other) != own


def test_tpe_depends_on_seed_number_and_salt() -> None:
    def asks(*how: int) -> float:
        study = studies.sampling_study(1, studies.tpe_sampler(*how))
        for k in range(3):
            asked = study.ask()
            study.tell(asked, (asked.suggest_float("x", 0.0, 1.0) - 0.3) ** 2 + k)
        return study.ask().suggest_float("x", 0.0, 1.0)

    told = [asks(1, 2, 0), asks(2, 2, 0), asks(1, 3, 0), asks(1, 2, 1)]
    assert asks(1, 2, 0) == told[0]
    assert len(set(told)) == 4


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"trials": 0}, "trials is 0; allowed 1 to"),
        ({"trials": 10**9}, "trials is 1000000000; allowed 1 to"),
        ({"workers": 0}, "workers is 0; allowed 1 to"),
        ({"workers": 10**6}, "workers is 1000000; allowed 1 to"),
    ],
)
def test_counts_out_of_bounds_are_refused(kind: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        search(PRICED, PodPredictor(), family=POD, **kind)


def test_a_result_counts_names_and_orders() -> None:
    found = search(PRICED, PodPredictor(), trials=12, family=POD)
    assert (found.trials, found.feasible, found.interrupted, found.nearest) == (12, True, False, None)
    assert len(found.records) == 12
    assert found.prices == ()
    assert found.storage == ""
    assert found.study.startswith("pod-")
    passing = [r for r in found.records if r.feasible]
    assert found.best[0].trial in {r.number for r in passing}
    drags = {r.number: r.numbers["drag_coefficient"] for r in passing}
    assert found.best[0].objectives["drag_coefficient"] == pytest.approx(drags[found.best[0].trial])
    assert set(found.best[0].objectives) == {"drag_coefficient", "departure"}
    assert found.hypervolume > 0.0
    one = search(PRICED, PodPredictor(), trials=1, family=POD)
    assert (one.trials, one.best[0].trial) == (1, 0)
