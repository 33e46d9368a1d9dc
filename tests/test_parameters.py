"""One declaration: bounds, messages, unit cube, identity; and design files that carry its values."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from brick import Brick, BrickParameters
from hypothesis import given
from hypothesis import strategies as st

from maquette.design.errors import InputError, ParameterError, RuleError
from maquette.design.family.parameters import (
    Range,
    as_row,
    as_values,
    bounds_of,
    declaration_hash,
    defaults_of,
    from_unit_cube,
    names_of,
    parameters_of,
    to_unit_cube,
    validate,
)
from maquette.design.family.records import Design, read_design, write_design
from maquette.design.family.registry import get_family
from maquette.design.reading import read_json

GOOD = {"length": 200.0, "width": 100.0, "height": 60.0}
UNIT = st.floats(0, 1)


def test_a_declaration_is_read_in_the_order_written() -> None:
    assert names_of(BrickParameters) == ("length", "width", "height")
    assert defaults_of(BrickParameters) == GOOD
    assert parameters_of(BrickParameters)[0].range.doc == "Side along x."
    assert parameters_of(BrickParameters)[0].label == "length"


def test_a_field_without_a_range_is_a_mistake_of_the_author() -> None:
    @dataclass(frozen=True)
    class Bare:
        length: Annotated[float, "no range"]

    with pytest.raises(TypeError, match=r"Bare\.length needs exactly one Range"):
        parameters_of(Bare)


@pytest.mark.parametrize(
    ("low", "high", "default"),
    [(1, 0, 0.5), (0, 0, 0), (0, math.inf, 1), (math.nan, 1, 0.5), (0, 1, 2)],
)
def test_a_range_must_make_sense(low: float, high: float, default: float) -> None:
    with pytest.raises(ValueError, match=r"low < high|outside"):
        Range(low, high, default, "mm", "A side.", "size")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": 99.0}, "length is 99 mm; allowed 100 to 300 mm"),
        ({"length": 301.0}, "length is 301 mm; allowed 100 to 300 mm"),
        ({"length": math.nan}, "length is nan, which is not a finite number"),
        ({"length": math.inf}, "length is inf, which is not a finite number"),
        ({"length": "200"}, "length is '200', which is not a number"),
        ({"length": True}, "length is True, which is not a number"),
        ({"length": None}, "length is None, which is not a number"),
        ({"lenght": 200.0}, "unknown parameter 'lenght'; did you mean 'length'?"),
        ({"qqq": 200.0}, "unknown parameter 'qqq'"),
    ],
)
def test_a_refusal_names_field_value_and_range(change: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        validate(BrickParameters, {**GOOD, **change})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(ParameterError, match="'width' is missing; allowed 50 to 150 mm"):
        validate(BrickParameters, {"length": 200.0, "height": 60.0})


def test_values_come_back_complete_in_order_and_as_floats() -> None:
    clean = validate(BrickParameters, {"height": np.float64(60), "length": 200, "width": 100.0})
    assert list(clean) == ["length", "width", "height"]
    assert {type(v) for v in clean.values()} == {float}


@given(UNIT, UNIT, UNIT)
def test_the_unit_cube_is_a_round_trip_into_the_space(a: float, b: float, c: float) -> None:
    row = from_unit_cube(BrickParameters, np.array([a, b, c]))
    low, high = bounds_of(BrickParameters)
    assert np.all(row >= low)
    assert np.all(row <= high + 1e-9)
    assert to_unit_cube(BrickParameters, row) == pytest.approx([a, b, c], abs=1e-12)
    values = as_values(BrickParameters, row)
    assert np.array_equal(as_row(BrickParameters, values), row)
    assert validate(BrickParameters, values) == pytest.approx(values)


def test_identity_follows_names_bounds_and_units_and_not_words() -> None:
    def declare(low: float = 1.0, unit: str = "mm", doc: str = "A side.") -> type:
        @dataclass(frozen=True)
        class Made:
            side: Annotated[float, Range(low, 9.0, 5.0, unit, doc, "size")]

        # a class made in a function cannot resolve its own annotations by name
        Made.__annotations__ = {"side": Annotated[float, Range(low, 9.0, 5.0, unit, doc, "size")]}
        return Made

    same = declaration_hash(declare())
    assert declaration_hash(declare(doc="Another sentence.")) == same
    assert declaration_hash(declare(low=2.0)) != same
    assert declaration_hash(declare(unit="deg")) != same


def test_accept_names_every_broken_rule() -> None:
    with pytest.raises(RuleError, match=r"not-a-tower: height is 1\.67 of the width") as caught:
        Brick().accept({**GOOD, "width": 60.0, "height": 100.0})
    assert caught.value.rules == ("not-a-tower",)
    assert caught.value.exit_code == 2


def test_an_unknown_family_is_answered_with_those_there_are() -> None:
    with pytest.raises(
        InputError, match=r"family 'amhed' is not known; did you mean 'ahmed'\?; installed: .*car"
    ):
        get_family("amhed")


# -- design files -----------------------------------------------------------------------------------------


def test_a_design_file_is_a_round_trip(tmp_path: Path) -> None:
    family = get_family("ahmed")
    design = Design("ahmed", family.defaults(), {next(iter(family.defaults())): "brief"})
    write_design(design, tmp_path / "d.json")
    assert read_design(tmp_path / "d.json") == design
    assert json.loads((tmp_path / "d.json").read_text())["schema_version"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[1]", "expected a JSON object, found list"),
        ("{}", "family is None"),
        ('{"family": 3}', "family is 3"),
        ('{"family": "ahmed"}', "parameters is missing"),
        ('{"family": "ahmed", "parameters": [1]}', "parameters is missing or not an object"),
        ('{"family": "ahmed", "parameters": {}, "provenance": 1}', "provenance is not an object"),
        ('{"schema_version": 99, "family": "ahmed", "parameters": {}}', "schema_version is 99"),
        ('{"family": "ahmed", "parameters": {"slant_angle": NaN}}', "NaN is not a finite number"),
        ('{"family": "nothing", "parameters": {}}', "family 'nothing' is not known"),
    ],
)
def test_a_bad_design_file_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_design(path)
    assert "\n" not in str(caught.value)


def test_a_missing_binary_or_huge_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: no such file"):
        read_json(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_json(tmp_path)
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_json(tmp_path / "b.json")
    with (tmp_path / "h.json").open("wb") as file:
        file.truncate(5_000_000)
    with pytest.raises(InputError, match="larger than 4000000 bytes"):
        read_json(tmp_path / "h.json")
