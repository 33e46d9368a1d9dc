"""The registry of quantities and the units that people write."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lamp import Lamp
from pod import POD

from maquette.constraints.requirements.quantity import (
    KINDS,
    MESH,
    Quantity,
    get_quantity,
    quantities,
    shown,
)
from maquette.constraints.requirements.units import convert, parse_value
from maquette.constraints.requirements.vocabulary import better_of, group_phrases, sources
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.language.units import UNIT_WORDS, kind_of
from maquette.design.plugins import names as installed_names
from maquette.surrogate.studies.registry import ENTRY_POINT_GROUP, get_study, studies_of

LAMP = Lamp()


def test_every_parameter_measure_and_predicted_number_is_a_quantity() -> None:
    for family in (POD, LAMP, get_family("car"), get_family("ahmed")):
        known = quantities(family)
        names = {p.name for p in family.parameters} | {m.name for m in family.measure_list}
        names |= {n.name for study in studies_of(family) for n in study.predicted(family)}
        assert set(known) == names
        assert ("drag_coefficient" in known) == ("wind_tunnel" in family.studies)
        for quantity in known.values():
            assert quantity.kind in KINDS.values()
            assert quantity.doc


def test_how_a_quantity_is_computed() -> None:
    known = quantities(get_family("car"))
    assert known["wheelbase"].how == "parameter"
    assert known["overall_length"].how == "parameters"
    assert known["luggage_volume"].how == "fast mesh"
    assert known["drag_coefficient"].how == "surrogate"
    parts = [known[n] for n in ("front_overhang", "wheelbase", "rear_overhang")]
    assert known["overall_length"].low == sum(p.low or 0.0 for p in parts)
    assert known["overall_length"].high == sum(p.high or 0.0 for p in parts)


def test_the_vocabulary_names_quantities_of_the_car() -> None:
    car = get_family("car")
    known = set(quantities(car))
    studies = map(get_study, installed_names(ENTRY_POINT_GROUP))
    elsewhere = {n.name for study in studies for n in (*study.outputs, *study.products)}
    assert {name for words in sources(car.lexicon) for name in words.synonyms} <= known | elsewhere
    assert set(better_of(car.lexicon)) <= known
    assert {name for _, group in group_phrases(car.lexicon) for name in group} <= known
    words = car.lexicon.quantities
    assert {name for names in words.axes.values() for name in names} <= known
    assert {name for names in words.bare.values() for name in names} <= known
    assert {name for _, name in words.superlatives} <= known
    assert {f.quantity for figures in words.figures.values() for f in figures} <= known
    assert set(words.features) <= {p.name for p in car.parameters}


def test_no_phrase_means_two_quantities_of_the_car() -> None:
    seen: dict[str, str] = {}
    for name, quantity in quantities(get_family("car")).items():
        for phrase in quantity.synonyms:
            assert seen.setdefault(phrase, name) == name, f"{phrase!r} means {seen[phrase]} and {name}"


def test_names_are_found_and_near_misses_suggested() -> None:
    assert get_quantity(POD, "wheelbase").name == "wheelbase"
    assert get_quantity(POD, "boot space").name == "luggage_volume"
    with pytest.raises(InputError, match="wheelbase"):
        get_quantity(POD, "weelbase")
    with pytest.raises(InputError, match="known: wheelbase"):
        get_quantity(POD, "zzzz")


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        ("150 mm", "ground_clearance", 150.0),
        ("15cm", "ground_clearance", 150.0),
        (".15 m", "ground_clearance", 150.0),
        ("6 inches", "ground_clearance", 152.4),
        ("1,850 mm", "overall_width", 1850.0),
        ("1 850 mm", "overall_width", 1850.0),
        ("1,85 m", "overall_width", 1850.0),
        ("2.3 m²", "frontal_area", 2.3),
        ("0.45 m³", "luggage_volume", 450.0),
        ("16 cu ft", "luggage_volume", 453.0695),
        ("1 t", "body_mass", 1000.0),
        ("0.3", "drag_coefficient", 0.3),
        (2850, "wheelbase", 2850.0),
    ],
)
def test_values_of_a_file(raw: object, name: str, expected: float) -> None:
    assert parse_value(raw, get_quantity(POD, name), "field") == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("unit", "kind", "text", "value"),
    [("N", "force", "1.6 kN", 1600.0), ("MPa", "stress", "0.2 GPa", 200.0), ("W", "power", "0.04 kW", 40.0)],
)
def test_forces_stresses_and_powers_have_units(unit: str, kind: str, text: str, value: float) -> None:
    load = Quantity("load", unit, KINDS[unit], "What it bears.", MESH)
    assert load.kind == kind
    assert parse_value(text, load, "load") == pytest.approx(value)
    with pytest.raises(InputError, match=rf"load is a {kind}, but '3 kg' is a mass"):
        parse_value("3 kg", load, "load")


def test_every_unit_word_is_known_to_pint() -> None:
    for unit in set(UNIT_WORDS.values()):
        assert kind_of(unit)


@given(st.floats(0.1, 1e4), st.sampled_from(["mm", "cm", "m", "inch", "foot", "yard"]))
def test_conversion_is_linear_and_goes_back(value: float, unit: str) -> None:
    quantity = get_quantity(POD, "wheelbase")
    there = convert(value, unit, quantity, "x")
    assert convert(2.0 * value, unit, quantity, "x") == pytest.approx(2.0 * there)
    assert there / convert(1.0, unit, quantity, "x") == pytest.approx(value)


def test_percentages_are_shares_of_parameters_only() -> None:
    assert convert(62.0, "percent", get_quantity(POD, "belt_ratio"), "62 %") == pytest.approx(0.62)
    with pytest.raises(InputError, match="percentage"):
        convert(30.0, "percent", get_quantity(POD, "drag_coefficient"), "30 %")


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_is_shown_in_a_way_that_fails(value: float) -> None:
    for unit in ("mm", "1", "m2", "l"):
        assert shown(value, unit)
    if math.isfinite(value) and abs(value) < 1e6:
        assert float(shown(value, "1")) == pytest.approx(value, abs=5.001e-4)  # 0.1875 is a tie
