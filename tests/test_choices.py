"""Named choices: declared once, held as places, shown by name, and of no consequence for hull and drag."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from maquette.design.errors import InputError, ParameterError
from maquette.design.families.car.choices import CHOICES
from maquette.design.family import get_family
from maquette.design.parameters import (
    Choice,
    Range,
    as_row,
    as_values,
    choices_of,
    declaration_hash,
    named,
    names_of,
    parameters_of,
    validate,
)
from maquette.design.records import FILLED, Design, read_design, write_design
from maquette.design.sampling import draws, sample

HANDLE = Choice(("round", "long_grip"), "round", "Form of the handle.", "details")


@dataclass(frozen=True)
class Bare:
    width: Annotated[float, Range(1, 5, 2, "mm", "Width of it.", "size")]


@dataclass(frozen=True)
class Chosen(Bare):
    handle: Annotated[str, HANDLE]


def test_a_choice_is_beside_the_numbers_and_not_among_them() -> None:
    assert [c.name for c in choices_of(Chosen)] == ["handle"]
    assert [p.name for p in parameters_of(Chosen)] == list(names_of(Chosen)) == ["width"]
    assert declaration_hash(Chosen) == declaration_hash(Bare)
    assert as_row(Chosen, {"width": 3.0, "handle": 1.0}).tolist() == [3.0]


def test_a_choice_is_taken_by_name_or_place_and_filled_in() -> None:
    for given in ("long_grip", "Long grip", "long-grip", 1, 1.0, np.float64(1.0)):
        assert validate(Chosen, {"width": 3.0, "handle": given}) == {"width": 3.0, "handle": 1.0}
    assert validate(Chosen, {"width": 3.0}) == {"width": 3.0, "handle": 0.0}
    assert named(Chosen, {"width": 3.0, "handle": 1.0}) == {"width": 3.0, "handle": "long_grip"}


@pytest.mark.parametrize("given", ["long_grib", 2, -1, 0.5, True, None, float("nan"), "", []])
def test_an_unknown_option_is_refused_with_the_options(given: object) -> None:
    with pytest.raises(ParameterError, match=r"handle is .*options: round, long_grip") as told:
        validate(Chosen, {"width": 3.0, "handle": given})
    assert "\n" not in str(told.value)
    if given == "long_grib":
        assert "did you mean 'long_grip'?" in str(told.value)


def test_a_row_keeps_the_choices_that_it_is_given() -> None:
    row = np.array([3.0])
    assert as_values(Chosen, row) == {"width": 3.0}
    assert as_values(Chosen, row, {"width": 9.0, "handle": 1.0}) == {"width": 3.0, "handle": 1.0}


def test_choices_cannot_stand_before_numbers_or_without_a_default() -> None:
    @dataclass(frozen=True)
    class Wrong:
        handle: Annotated[str, HANDLE]
        width: Annotated[float, Range(1, 5, 2, "mm", "Width of it.", "size")]

    with pytest.raises(TypeError, match="width must stand before the choices"):
        parameters_of(Wrong)
    with pytest.raises(ValueError, match="'square' is not one of"):
        Choice(("round", "long"), "square", "Form of it.", "details")


def test_the_car_declares_every_choice_with_the_first_option_as_its_default() -> None:
    car = get_family("car")
    assert {c.name: c.choice.options for c in car.choices} == CHOICES
    assert all(car.defaults()[name] == 0.0 for name in CHOICES)


def test_a_design_file_holds_names_and_reads_back(tmp_path: Path) -> None:
    car = get_family("car")
    design = Design("car", car.defaults() | {"grille": 3.0, "doors": 1.0}, {"grille": "brief"})
    path = tmp_path / "design.json"
    write_design(design, path)
    held = json.loads(path.read_text())["parameters"]
    assert (held["grille"], held["doors"], held["rim"]) == ("shield", "two", "twin_five")
    back = read_design(path)
    assert back == design
    assert back.filled == ()


def test_a_file_from_before_the_choices_opens_and_says_what_was_filled_in(tmp_path: Path) -> None:
    car = get_family("car")
    old = {n: v for n, v in car.defaults().items() if n not in CHOICES}
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"family": "car", "parameters": old | {"grille": "slats"}}))
    found = read_design(path)
    assert found.parameters == car.defaults() | {"grille": 5.0}
    assert set(found.filled) == set(CHOICES) - {"grille"}
    assert found.provenance == dict.fromkeys(found.filled, FILLED)


def test_an_unknown_option_in_a_file_is_one_line_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(
        json.dumps({"family": "car", "parameters": get_family("car").defaults() | {"roof": "glas"}})
    )
    with pytest.raises(InputError, match=r"bad\.json: roof is 'glas'; did you mean 'glass'\? options: "):
        read_design(path)


def test_options_are_drawn_beside_the_numbers_of_a_seed() -> None:
    car = get_family("car")
    taken = [d for d, _ in zip(draws(car, 7), range(200), strict=False)]
    numbers = np.random.default_rng(7).random((200, len(car.parameters)))
    low, high = (np.array([getattr(p.range, e) for p in car.parameters]) for e in ("low", "high"))
    assert np.allclose([as_row(car.declaration, d.values) for d in taken], low + numbers * (high - low))
    for name, options in CHOICES.items():
        assert {d.values[name] for d in taken} == set(map(float, range(len(options))))
    assert sample(car, 3, 7).designs == sample(car, 5, 7).designs[:3]
