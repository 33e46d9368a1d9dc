"""Proportions against cars on the road: the table, the measure, and the words for what is unusual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pace import paces

from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.products.car import proportions as prop
from maquette.design.products.car.archetypes import ARCHETYPES, PRODUCTION_CARS
from maquette.design.products.car.definition import Definition, define, fresh
from maquette.design.products.car.road_cars import RoadCar, road_cars, tyre_diameter

CAR = get_family("car")


def definition(**changes: Any) -> Definition:
    return define(CAR.validate({**CAR.defaults(), **changes}))


def test_tyre_sizes_give_the_diameters_of_tyre_tables() -> None:
    # ETRTO outer diameters: 225/45R18 660 mm, 195/65R15 635 mm, 255/55R20 789 mm (rounded there)
    assert tyre_diameter("225/45R18") == pytest.approx(659.7)
    assert tyre_diameter("195/65 R15") == pytest.approx(634.5)
    assert tyre_diameter("255/55R20") == pytest.approx(788.5)
    with pytest.raises(InputError, match="225/45R18"):
        tyre_diameter("18 inches")


def test_the_table_holds_real_cars_of_every_kind_and_says_where_from() -> None:
    cars = road_cars()
    assert len(cars) >= 48
    assert len({c.name for c in cars}) == len(cars)
    kinds = {c.kind for c in cars}
    assert {"city car", "hatchback", "saloon", "estate", "fastback", "coupé", "small SUV", "SUV"} <= kinds
    assert {"large SUV", "one-box"} <= kinds
    assert {c.drive for c in cars} == {"combustion", "electric"}
    assert all(c.source for c in cars)
    for car in cars:
        assert car.wheelbase < car.length
        assert 2.8 < car.wheelbase / car.tyre_diameter < 5.0, car.name
        if car.front_overhang is not None and car.rear_overhang is not None:
            assert car.front_overhang + car.wheelbase + car.rear_overhang == pytest.approx(car.length, abs=12)


@pytest.mark.parametrize("name", PRODUCTION_CARS)
def test_the_eight_cars_of_the_field_stand_in_the_table_with_their_dimensions(name: str) -> None:
    _, values = PRODUCTION_CARS[name]
    d = definition(**values)
    short = name.replace(" (2007)", "").replace("Mercedes ", "Mercedes-Benz ")
    car = next(c for c in road_cars() if c.name == short)
    for ours, theirs in (
        (d.length, car.length),
        (d.p["overall_width"], car.width),
        (d.p["overall_height"], car.height),
        (d.p["wheelbase"], car.wheelbase),
    ):
        assert ours == pytest.approx(theirs, rel=0.01)


def test_road_cars_left_out_one_by_one_are_inside() -> None:
    cars = list(road_cars())
    inside = []
    for k, car in enumerate(cars):
        others = prop.fitted(cars[:k] + cars[k + 1 :])
        inside.append(float(prop.outer_distances(prop.outer_of([car]), others)[0]) <= 1.0)
    assert np.mean(inside) >= 0.95
    assert not all(inside)  # the edge is an edge: the rarest shapes lie beyond it when nobody knows them


def test_known_overhangs_lie_inside_their_soft_ranges() -> None:
    ranges = {s.name: s for s in prop.INNER}
    known = [c for c in road_cars() if c.front_overhang and c.rear_overhang]
    assert len(known) >= 8
    for car in known:
        for name, value in (("front overhang", car.front_overhang), ("rear overhang", car.rear_overhang)):
            assert ranges[name].low < (value or 0.0) / car.length < ranges[name].high, (car.name, name)


@pytest.mark.parametrize("name", [*ARCHETYPES, *PRODUCTION_CARS])
def test_archetypes_and_production_cars_are_inside(name: str) -> None:
    values = ARCHETYPES.get(name) or PRODUCTION_CARS[name][1]
    d = definition(**values)
    assert prop.proportion_distance(d) < 1.0, [f.text for f in prop.findings(d)[:3]]


OUTSIDE: dict[str, tuple[dict[str, Any], str]] = {
    "hearse": (
        {"backlight_angle": 40, "deck_rise": 125, "belt_ratio": 0.64, "belt_slope": 3},
        "tail",
    ),
    "slit windows": ({"overall_height": 1330, "belt_ratio": 0.67, "roof_camber": 60}, "side glass"),
    "castors": ({"tyre_diameter": 570, "overall_height": 1700}, "body side"),
    "small wheels": ({"tyre_diameter": 575, "overall_height": 1480, "wheelbase": 3100}, "tyre"),
    "endless tail": ({"wheelbase": 2500, "rear_overhang": 1200, "front_overhang": 800}, "rear overhang"),
    "short": ({"wheelbase": 2260, "front_overhang": 1000, "rear_overhang": 1100}, "wheelbase"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_nobody_builds_is_outside_and_the_right_ratio_is_named(name: str) -> None:
    changes, culprit = OUTSIDE[name]
    d = definition(**changes)
    assert prop.proportion_distance(d) > 1.0
    first = prop.findings(d)[0]
    assert culprit in [f.name for f in prop.findings(d)[:2]], first
    assert first.score == pytest.approx(prop.proportion_distance(d))
    assert not first.low <= first.value <= first.high
    words = prop.proportion_words(d)
    assert words.startswith("proportions unlike cars on the road")
    assert first.text in words
    assert "road cars" in words


def test_the_same_shape_twice_as_large_is_as_usual() -> None:
    lengths = ("wheelbase", "front_overhang", "rear_overhang", "overall_width", "overall_height",
               "ground_clearance", "tyre_diameter", "roof_camber", "roof_end_drop", "cowl_rise", "deck_rise",
               "deck_length", "tail_drop")  # fmt: skip
    base = dict(definition().p)
    large = Definition({n: v * (1.05 if n in lengths else 1.0) for n, v in base.items()})
    a, b = prop.ratios(Definition(base)), prop.ratios(large)
    glass = [s.name for s in prop.INNER].index("side glass") + len(prop.OUTER)
    a[glass] = b[glass] = 0.0  # the rail over the glass keeps its thickness
    np.testing.assert_allclose(a, b, rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "kind"), [("suv", "SUV"), ("hatchback", "hatchback"), ("city_car", "city car")]
)
def test_the_nearest_car_on_the_road_is_of_the_archetypes_kind(name: str, kind: str) -> None:
    assert prop.nearest_road_car(definition(**ARCHETYPES[name])).kind == kind


def test_one_car_is_nearest_to_itself() -> None:
    for car in (
        c for c in road_cars() if c.name in ("Audi Q5", "Porsche Taycan", "VW Touran II", "Audi TT 8S")
    ):
        assert prop.nearest_road_car(_as_design(car)).name == car.name


def _as_design(car: RoadCar) -> Definition:
    own = {
        "wheelbase": car.wheelbase,
        "overall_width": car.width,
        "overall_height": car.height,
        "tyre_diameter": car.tyre_diameter,
        "front_overhang": 0.46 * (car.length - car.wheelbase),
        "rear_overhang": 0.54 * (car.length - car.wheelbase),
    }
    return fresh({**CAR.defaults(), **own})


def test_the_measure_is_the_familys_and_costs_a_search_nothing() -> None:
    values = CAR.validate({**CAR.defaults(), **ARCHETYPES["notchback"]})
    alone = CAR.measures_of(values, {"proportion_distance"})
    assert list(alone) == ["proportion_distance"]
    assert alone["proportion_distance"] == pytest.approx(CAR.measures(values)["proportion_distance"])
    names = [p.name for p in CAR.parameters]
    rows = np.array([[values[n] * (1.0 + 1e-4 * k) for n in names] for k in range(200)])
    assert paces(lambda: CAR.quick(rows), 5) < len(rows)  # 0.3 a row when this was written
    quick = CAR.quick(rows)["proportion_distance"]
    assert quick[0] == pytest.approx(alone["proportion_distance"])
