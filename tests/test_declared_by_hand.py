"""Parameters of earlier declarations, design files and numbers without units, by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pod import POD

from maquette.constraints.requirements.quantity import get_quantity
from maquette.constraints.requirements.units import _bare
from maquette.design.errors import InputError, ParameterError
from maquette.design.family.earlier import Earlier, Held, _inside, find_earlier, notes_of, upgraded
from maquette.design.family.parameters import Parameter, Range, bounds_of, rounded, whole_columns
from maquette.design.family.records import Design, check_schema, named_values, read_design, write_design
from maquette.design.family.registry import get_family

# -- what a number without a unit means -------------------------------------------------------------------

BASE = get_quantity(POD, "wheelbase")  # 2250 to 3300 mm


@pytest.mark.parametrize(
    ("low", "high", "value", "mm"),
    [
        (2250.0, 3300.0, 2800.0, 2800.0),
        (2250.0, 3300.0, 2.8, 2800.0),
        (2250.0, 3300.0, 2.25, 2250.0),
        (2250.0, 3300.0, 3.3, 3300.0),
        (2250.0, 3300.0, 9.9, 9900.0),  # metres, and out of range
        (2250.0, 3300.0, 10.0, 10.0),
        (2250.0, 3300.0, 0.0, 0.0),
        (2250.0, 3300.0, -2.0, -2000.0),
        (2250.0, 3300.0, 3400.0, 3400.0),
        (2250.0, 3300.0, 2250.0, 2250.0),
        (2250.0, 3300.0, 3300.0, 3300.0),
        (0.0, 60.0, 0.05, 0.05),  # both: as it stands
        (0.0, 60.0, 2.0, 2.0),
        (400.0, 600.0, 0.5, 500.0),
        (400.0, 600.0, 0.3, 0.3),  # no length of half a metre and more is meant for sure
        (500.0, 600.0, 0.3, 300.0),
        (499.0, 600.0, 0.3, 0.3),
        (None, None, 2.8, 2800.0),
        (None, None, -9.5, -9500.0),
        (None, None, 10.0, 10.0),
        (None, None, 0.0, 0.0),
        (None, 100.0, 2.0, 2000.0),
        (1.0, None, 2.0, 2000.0),
    ],
)
def test_a_bare_number_is_metres_where_that_alone_fits(
    low: float | None, high: float | None, value: float, mm: float
) -> None:
    assert _bare(value, replace(BASE, low=low, high=high)) == pytest.approx(mm)
    assert _bare(value, replace(BASE, low=low, high=high, unit="deg")) == value


# -- earlier declarations ----------------------------------------------------------------------------------

BEFORE = Earlier(
    rows=(
        ("a", 0.0, 10.0, 5.0, "mm"),
        ("b", 0.0, 100.0, 50.0, "mm"),
        ("old", 1.0, 3.0, 2.0, "deg"),
    ),
    held={"old": Held(1.0, {"a": 0.5, "b": 0.01})},
    fresh={"new": 0.7},
)


def parameter(name: str, low: float, high: float, default: float, unit: str = "mm") -> Parameter:
    return Parameter(name, Range(low, high, default, unit, "What.", "group"))


NOW = [parameter("a", 0.0, 10.0, 5.0), parameter("b", 20.0, 80.0, 50.0), parameter("new", 0.0, 1.0, 0.2, "1"),
       parameter("more", 0.0, 1.0, 0.3, "1")]  # fmt: skip


def test_a_design_of_an_earlier_declaration_is_brought_to_now() -> None:
    found, done = upgraded(NOW, [BEFORE], {"a": 4.0, "b": 100.0, "old": 2.0})
    assert found == {"a": 4.0, "b": 80.0, "new": 0.7, "more": 0.3}
    assert done == {
        "b": "brought to its limit (100 to 80 mm)",
        "new": "filled in (0.7 1)",
        "more": "filled in (0.3 1)",
        "old": "dropped (2 to 3.8 deg)",  # 1 + 0.5 * 4 + 0.01 * 80
    }
    low, done = upgraded(NOW, [BEFORE], {"a": 0.4, "b": 19.0, "old": 1.4})
    assert low["b"] == 20.0
    assert done["old"] == "dropped (1.4 deg)"  # 1 + 0.2 + 0.2: as it was
    assert notes_of({"b": "moved", "c": "gone"}) == ("b moved", "c gone")


def test_what_no_earlier_declaration_explains_stays() -> None:
    now = {"a": 4.0, "b": 50.0, "new": 0.1, "more": 0.1}
    assert upgraded(NOW, [BEFORE], now) == (now, {})
    part = {"a": 4.0, "old": 2.0}
    assert upgraded(NOW, [BEFORE], part) == (part, {})
    far = {"a": 4.0, "b": 50.0, "old": 9.0}  # none of the old range
    found, done = upgraded(NOW, [BEFORE], far)
    assert found["old"] == 9.0
    assert "old" not in done
    text = {"a": 4.0, "b": "x", "old": 2.0}
    found, done = upgraded(NOW, [BEFORE], text)
    assert (found["b"], done["old"]) == ("x", "dropped (2 deg)")
    beyond, done = upgraded(NOW, [BEFORE], {"a": 4.0, "b": 101.0, "old": 2.0})
    assert beyond["b"] == 101.0
    assert "b" not in done
    assert upgraded(NOW, [], far) == (far, {})


def test_the_first_declaration_that_says_something_is_taken() -> None:
    other = replace(BEFORE, fresh={"new": 0.9})
    found, _ = upgraded(NOW, [BEFORE, other], {"a": 4.0, "b": 50.0, "old": 2.0})
    assert found["new"] == 0.7
    assert find_earlier([other, BEFORE], BEFORE.declaration_hash) is other  # one hash: names, bounds, units
    moved = replace(BEFORE, rows=(*BEFORE.rows[:2], ("old", 1.0, 3.5, 2.0, "deg")))
    assert find_earlier([moved, BEFORE], BEFORE.declaration_hash) is BEFORE
    assert find_earlier([moved], BEFORE.declaration_hash) is None


def test_pieces_of_a_declaration() -> None:
    assert BEFORE.ranges == {"a": (0.0, 10.0), "b": (0.0, 100.0), "old": (1.0, 3.0)}
    assert BEFORE.held_by("old").at({"a": 2.0, "b": 10.0}) == pytest.approx(2.1)
    assert BEFORE.held_by("b") == Held(50.0)
    assert [BEFORE.had("old", v) for v in (1.0, 3.0, 0.9, 3.1, "2", True, float("nan"))] == [
        True, True, False, False, False, False, False,
    ]  # fmt: skip
    assert BEFORE.fresh_at(NOW[2]) == 0.7
    assert BEFORE.fresh_at(NOW[3]) == 0.3
    limits = NOW[1].range  # 20 to 80: a slack of 60e-9
    assert [_inside(v, limits) for v in (20.0 - 50e-9, 80.0 + 50e-9, 20.0 - 70e-9, 80.0 + 70e-9)] == [
        True, True, False, False,
    ]  # fmt: skip


# -- design files ------------------------------------------------------------------------------------------

CHAIR = get_family("chair")


def test_a_design_file_holds_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    values = CHAIR.defaults()
    write_design(Design("chair", values, {"seat_height": "brief"}), path)
    again = read_design(path)
    assert (again.family, again.parameters, again.notes) == ("chair", values, ())
    assert again.provenance["seat_height"] == "brief"
    data = json.loads(path.read_text())
    assert data["schema_version"] == 1
    assert isinstance(data["parameters"]["back_kind"], (str, int))
    named = named_values("chair", values)
    assert named["seat_height"] == values["seat_height"]
    assert isinstance(named["frame_colour"], str)
    assert named_values("nobody", {"a": 1, "b": 2.5}) == {"a": 1, "b": 2.5}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "s: expected a JSON object, found list"),
        (
            {"schema_version": 9, "family": "chair", "parameters": {}},
            "s: schema_version is 9; this version reads 1",
        ),
        ({"parameters": {}}, "s: family is None; a family name is needed"),
        ({"family": 3, "parameters": {}}, "s: family is 3"),
        ({"family": "chair"}, "s: parameters is missing or not an object"),
        ({"family": "chair", "parameters": []}, "s: parameters is missing or not an object"),
        ({"family": "chair", "parameters": {}, "provenance": []}, "s: provenance is not an object"),
    ],
)
def test_a_design_that_is_none_is_refused(data: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        Design.from_json(data, "s")
    assert str(caught.value).startswith(said)


def test_options_that_are_missing_are_filled_in_and_unknown_ones_refused() -> None:
    data = Design("chair", CHAIR.defaults()).to_json()
    full = Design.from_json(data, "s")
    assert full.filled == ()
    del data["parameters"]["frame_colour"]
    filled = Design.from_json(data, "s")
    assert filled.filled == ("frame_colour",)
    assert filled.parameters["frame_colour"] == CHAIR.defaults()["frame_colour"]
    data["parameters"]["frame_colour"] = "plaid"
    with pytest.raises(ParameterError, match=r"^s: "):
        Design.from_json(data, "s")
    other = Design.from_json({"family": "nobody", "parameters": {"a": 1}, "provenance": {"a": 3}}, "s")
    assert (other.parameters, other.provenance) == ({"a": 1}, {"a": "3"})
    check_schema({}, "s")
    check_schema({"schema_version": 1}, "s")


def test_whole_numbers_are_the_nearest_of_their_values() -> None:
    """Halves go up, and none beyond its range; real numbers stay; the rows given are not touched."""
    names = [p.name for p in CHAIR.parameters]
    whole = whole_columns(CHAIR.declaration)
    assert len(whole) > 0
    low, high = bounds_of(CHAIR.declaration)
    k = int(whole[0])
    row = np.array([CHAIR.defaults()[n] for n in names], dtype=np.float64)
    given = np.stack([row, row, row, row])
    given[:, k] = [low[k] + 0.49, low[k] + 0.5, low[k] - 3.0, high[k] + 3.0]
    given[:, next(j for j in range(len(names)) if j not in whole)] += 0.25
    kept = given.copy()
    found = rounded(CHAIR.declaration, given)
    assert found[:, k].tolist() == [low[k], low[k] + 1.0, low[k], high[k]]
    others = [j for j in range(len(names)) if j not in whole]
    assert np.array_equal(found[:, others], given[:, others])
    assert np.array_equal(given, kept)
    assert rounded(POD.declaration, given[:, :13]) is not None
    assert rounded(CHAIR.declaration, given[0]).shape == row.shape
