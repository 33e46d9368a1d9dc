"""Limits, verdicts and readings on the pod, whose every number is a formula, by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from pod import POD

from maquette.constraints.requirements.assess import judge_prediction
from maquette.constraints.requirements.body_types import _kin
from maquette.constraints.requirements.boxes import boxes
from maquette.constraints.requirements.brief_files import read_brief
from maquette.constraints.requirements.quantity import get_quantity, quantities, shown
from maquette.constraints.requirements.requirement import (
    Requirement,
    Verdict,
    limit_scale,
    refuse_unreachable,
)
from maquette.constraints.requirements.sentence import parse
from maquette.constraints.requirements.units import parse_value
from maquette.design.errors import InputError
from maquette.design.family.registry import get_family
from maquette.design.geometry.zones import Zone, zone_of
from maquette.design.reading import Place
from maquette.surrogate.trust.prediction import Prediction

DRAG = get_quantity(POD, "drag_coefficient")
CAR = get_family("car")


def predicted(value: float, sigma: float = 0.01, inside: bool = True, distance: float = 0.5) -> Prediction:
    return Prediction(
        "drag_coefficient",
        value,
        "1",
        value - 1.645 * sigma,
        value + 1.645 * sigma,
        sigma,
        0.9,
        inside,
        distance,
        "",
        (),
        "pod",
        0,
    )


def on_drag(confidence: float = 0.5, **limits: float) -> Requirement:
    return Requirement("drag_coefficient", "1", confidence=confidence, **limits)


# -- verdicts -----------------------------------------------------------------------------------------------


def test_on_the_limit_half_holds_and_the_sentence_says_so() -> None:
    """A prediction just at its limit holds with a half: enough where a half is needed, and not for more."""
    at = judge_prediction(on_drag(at_most=0.3), DRAG, predicted(0.3))
    assert (at.margin, at.passed, at.probability) == (0.0, True, 0.5)
    assert at.reason.endswith("holds with probability 0.500, 0.5 needed")
    over = judge_prediction(on_drag(0.6, at_most=0.3), DRAG, predicted(0.3))
    assert not over.passed
    assert over.reason.endswith("holds only with probability 0.500, 0.6 needed")
    under = judge_prediction(on_drag(0.9, at_most=0.3), DRAG, predicted(0.25))
    assert under.reason.endswith("holds with probability 1.000, 0.9 needed")


def test_outside_the_domain_the_sentence_sends_to_the_tunnel() -> None:
    found = judge_prediction(on_drag(at_most=0.3), DRAG, predicted(0.2, inside=False, distance=1.5))
    assert (found.passed, found.in_domain, found.likely) == (False, False, False)
    assert found.margin == pytest.approx(0.01 + 0.1 * 0.5)
    assert found.reason.endswith(
        "outside what the surrogate's runs cover; settle it with `maquette simulate`"
    )
    unknown = judge_prediction(on_drag(at_least=0.2), DRAG, None)
    assert (unknown.passed, unknown.limit, unknown.margin) == (False, 0.2, 1.0)
    assert math.isnan(unknown.value)
    assert unknown.to_json()["value"] is None


@pytest.mark.parametrize(
    ("limits", "value", "likely", "sure_at"),
    [
        ({"at_most": 0.3}, 0.29, True, 0.3 - 1.2816 * 0.01),
        ({"at_most": 0.3}, 0.31, False, None),
        ({"at_least": 0.3}, 0.31, True, 0.3 + 1.2816 * 0.01),
        ({"at_least": 0.3}, 0.29, False, None),
        ({"at_least": 0.29, "at_most": 0.31}, 0.3, True, None),
        ({"at_most": 0.3}, 0.2, False, None),
        ({"at_most": 0.3}, 0.3, True, 0.3 - 1.2816 * 0.01),
    ],
)
def test_what_is_likely_says_from_where_it_would_be_sure(
    limits: dict[str, float], value: float, likely: bool, sure_at: float | None
) -> None:
    """At nine tenths: 1.2816 standard deviations from the limit (0.2 passes, so it is not only likely)."""
    found = judge_prediction(on_drag(0.9, **limits), DRAG, predicted(value))
    assert found.likely is likely
    assert found.sure_at == (None if sure_at is None else pytest.approx(sure_at, abs=1e-5))


def test_limits_in_words_and_in_files() -> None:
    def words(**limits: float) -> str:
        return str(Requirement("wheelbase", "mm", **limits).limits)

    assert words(at_most=2800.0) == "at most 2800 mm"
    assert words(at_least=2800.0) == "at least 2800 mm"
    assert words(at_least=0.0) == "at least 0 mm"
    assert words(at_least=2700.0, at_most=2800.0) == "between 2700 mm and 2800 mm"
    assert words(at_least=2800.0, at_most=2800.0) == "exactly 2800 mm"
    assert Requirement("wheelbase", "mm", 2700.0, source="me").to_json() == {
        "quantity": "wheelbase",
        "unit": "mm",
        "at_least": 2700.0,
        "confidence": 0.9,
        "hard": True,
        "source": "me",
    }


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_limit_is_finite_and_a_confidence_a_probability(value: float) -> None:
    with pytest.raises(InputError, match="give a finite number"):
        Requirement("wheelbase", "mm", at_most=value)
    with pytest.raises(InputError, match="has no limit"):
        Requirement("wheelbase", "mm")
    for confidence in (0.49, 1.0):
        with pytest.raises(InputError, match=r"allowed 0\.5 to below 1"):
            Requirement("wheelbase", "mm", 1.0, confidence=confidence)
    with pytest.raises(InputError):
        Requirement("wheelbase", "mm", 2.0, 1.0)


def test_margins_are_divided_by_the_limit_or_the_scale() -> None:
    """The pod's wheelbase spans 2250 to 3300 mm; a limit below a thousandth of 1050 takes that."""
    base = get_quantity(POD, "wheelbase")
    assert limit_scale(2800.0, base) == 2800.0
    assert limit_scale(-2800.0, base) == 2800.0
    assert limit_scale(1.0, base) == 1050.0
    assert limit_scale(1.06, base) == 1.06


@pytest.mark.parametrize(
    ("limits", "locks", "said"),
    [
        ({"at_least": 3301.0}, {}, "is out of reach: allowed 2250 to 3300 mm"),
        ({"at_most": 2249.0}, {}, "is out of reach: allowed 2250 to 3300 mm"),
        ({"at_most": 2700.0}, {"wheelbase": 2800.0}, "contradicts its lock at 2800 mm"),
        ({"at_least": 2900.0}, {"wheelbase": 2800.0}, "contradicts its lock at 2800 mm"),
    ],
)
def test_limits_out_of_reach_are_refused_on_either_side(
    limits: dict[str, float], locks: dict[str, float], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        refuse_unreachable(POD, [Requirement("wheelbase", "mm", **limits)], locks)


def test_limits_at_the_ends_and_within_are_taken() -> None:
    for limits in (
        {"at_least": 3300.0},
        {"at_most": 2250.0},
        {"at_least": 2250.0, "at_most": 3300.0},
        {"at_most": 9e3},
    ):
        refuse_unreachable(POD, [Requirement("wheelbase", "mm", **limits)], {})
    refuse_unreachable(POD, [Requirement("wheelbase", "mm", 2800.0, 2800.0)], {"wheelbase": 2800.0})
    # lengths: 650 + 2250 + 520 = 3420 to 1000 + 3300 + 1200 = 5500 mm; with a wheelbase of 2800 from 3970
    length = Requirement("overall_length", "mm", at_most=3420.0)
    refuse_unreachable(POD, [length], {})
    with pytest.raises(InputError, match="out of reach"):
        refuse_unreachable(POD, [Requirement("overall_length", "mm", at_most=3419.0)], {})
    with pytest.raises(InputError, match="overall length to at most 3970 mm; wheelbase fixed at 2250 mm"):
        refuse_unreachable(POD, [length], {"wheelbase": 2800.0})
    with pytest.raises(InputError, match="only parameters and their sums can be locked"):
        refuse_unreachable(POD, [], {"frontal_area": 2.0})
    with pytest.raises(InputError, match="no plausible limit"):
        refuse_unreachable(POD, [on_drag(at_most=-0.1)], {})


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (3900.0, "fixed at 3970 mm; wheelbase fixed at 2730 mm"),  # 650 + 2800 + 520
        (5500.0, "fixed at 5000 mm; wheelbase fixed at 3300 mm"),  # 1000 + 2800 + 1200
        (3419.0, "is out of reach: allowed 3420 to 5500 mm"),
        (5501.0, "is out of reach: allowed 3420 to 5500 mm"),
    ],
)
def test_a_locked_sum_clashes_with_locked_parts_both_ways(length: float, said: str) -> None:
    with pytest.raises(InputError) as caught:
        refuse_unreachable(POD, [], {"overall_length": length, "wheelbase": 2800.0})
    assert str(caught.value).endswith(said)
    for fine in (3970.0, 5000.0):
        refuse_unreachable(POD, [], {"overall_length": fine, "wheelbase": 2800.0})


def test_verdicts_in_json_carry_the_confidence_of_predictions_only() -> None:
    r = Requirement("wheelbase", "mm", at_most=2800.0)
    known = Verdict(r, "wheelbase", "mm", 2700.0, 2800.0, -0.04, True, True, "", "parameter").to_json()
    assert (known["confidence"], known["probability"], known["asked"]) == (None, None, "at most 2800 mm")
    found = judge_prediction(on_drag(0.8, at_most=0.3), DRAG, predicted(0.29)).to_json()
    assert found["confidence"] == 0.8
    assert found["probability"] == pytest.approx(0.8413, abs=1e-4)


# -- readings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name", "low", "high"),
    [
        ("wheelbase about 2.8 m", "wheelbase", 2744.0, 2856.0),
        ("wheelbase 2.8 to 2.9 m", "wheelbase", 2800.0, 2900.0),
        ("wheelbase at least 9 ft", "wheelbase", 2743.2, None),
        ("under 4.7 m", "overall_length", None, 4700.0),
        ("frontal area of exactly 2 m2", "frontal_area", 1.99, 2.01),
        ("frontal area about 2 m2", "frontal_area", 1.96, 2.04),
        ("frontal area of 2 m2", "frontal_area", None, 2.0),
        ("head room of 900 mm", "head_room_front", 900.0, None),
        ("drag coefficient of 0.3", "drag_coefficient", None, 0.3),
        ("wheelbase 2800 mm ± 1 %", "wheelbase", 2772.0, 2828.0),
        ("wheelbase 2800 ± 10 mm", "wheelbase", 2790.0, 2810.0),
        ("drag coefficient better than 0.3", "drag_coefficient", None, 0.3),
    ],
)
def test_a_number_becomes_the_limit_that_it_means(
    words: str, name: str, low: float | None, high: float | None
) -> None:
    found = [r for r in parse(words, POD).brief.requirements if r.quantity == name]
    assert len(found) == 1, parse(words, POD)
    assert (found[0].at_least, found[0].at_most) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("words", "value"), [("wheelbase of 2.8 m", 2800.0), ("wheelbase 110 inches", 2794.0)]
)
def test_a_plain_number_of_a_parameter_is_a_lock(words: str, value: float) -> None:
    brief = parse(words, POD).brief
    assert brief.locks == {"wheelbase": pytest.approx(value)}
    assert brief.requirements == ()


def test_wishes_names_and_confidence_are_read() -> None:
    brief = parse("as short as possible, lowest drag, with 95 % confidence Cd at most 0.3", POD).brief
    assert {"overall_length", "drag_coefficient"} <= set(brief.minimise)
    (limit,) = (r for r in brief.requirements if r.quantity == "drag_coefficient")
    assert limit.confidence == 0.95
    assert parse("no spoiler", POD).brief.locks == {"spoiler": 0.0}


def test_adjectives_move_the_start_by_a_share_of_the_range() -> None:
    """A long one moves by 0.22 of a range (the wheelbase's is 1050 mm from 2800), a short one the other way,
    a very long one farther and a slightly long one less."""
    longer = parse("long wheelbase", POD).brief.start["wheelbase"]
    shorter = parse("short wheelbase", POD).brief.start["wheelbase"]
    assert longer == pytest.approx(2800.0 + 0.22 * 1050.0)
    assert shorter == pytest.approx(2800.0 - 0.22 * 1050.0)
    assert parse("very long wheelbase", POD).brief.start["wheelbase"] > longer
    assert 2800.0 < parse("slightly long wheelbase", POD).brief.start["wheelbase"] < longer


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (2800, 2800.0),
        ("2800", 2800.0),
        ("2.8 m", 2800.0),
        ("280 cm", 2800.0),
        ("110 in", 2794.0),
        ("9 ft 2 in", 2794.0),
        ("2,800 mm", 2800.0),
        ("2800.5 mm", 2800.5),
    ],
)
def test_a_field_takes_any_unit_of_its_kind(raw: Any, value: float) -> None:
    assert parse_value(raw, get_quantity(POD, "wheelbase"), "f") == pytest.approx(value)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (True, "give a number in mm"),
        ("2 kg", "is a length, but '2 kg' is a mass"),
        ("1 to 2 m", "give a number and a unit"),
        (math.inf, "finite"),
        ("nan", "give a number and a unit"),
        ([], "give a number in mm"),
        ("2.8", "2.8 m is meant"),
        ("50 %", "is a percentage"),
    ],
)
def test_a_field_that_is_no_length_is_refused(raw: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_value(raw, get_quantity(POD, "wheelbase"), "f")
    assert said in str(caught.value)


def test_a_quantity_that_is_not_known_names_the_nearest() -> None:
    for wrong, near in (
        ("overall_lenght", "did you mean overall_length?"),
        ("boot volme", "did you mean luggage_volume?"),
        ("Ground_Clearence", "did you mean ground_clearance?"),
        ("zzzzqq", "known: wheelbase, front_overhang, "),
    ):
        with pytest.raises(InputError) as caught:
            get_quantity(POD, wrong)
        assert f"quantity {wrong!r} is not known for family 'pod'; {near}" in str(caught.value)
    for words in ("Cd", "drag", " DRAG coefficient ", "drag_coefficient"):
        assert get_quantity(POD, words).name == "drag_coefficient"


def test_values_are_shown_with_as_many_digits_as_their_unit_has() -> None:
    texts = [
        shown(v, u)
        for v, u in ((2850.04, "mm"), (0.3, "1"), (2.0, "m2"), (2.1234, "m2"), (-0.01, "mm"), (5, "1"))
    ]
    assert [str(t) for t in texts] == ["2850 mm", "0.300", "2 m2", "2.123 m2", "0 mm", "5"]


def test_light_things_are_weighed_in_tens_of_grams() -> None:
    """Two frames of 0.97 and 1.04 kg both read "1 kg"."""
    texts = [shown(v, "kg") for v in (0.97, 1.04, 4.3, 12.34, 1500.4)]
    assert [str(t) for t in texts] == ["0.97 kg", "1.04 kg", "4.3 kg", "12.3 kg", "1500.4 kg"]


def test_briefs_in_files_of_another_kind_and_folders_are_refused(tmp_path: Path) -> None:
    picture = tmp_path / "brief.png"
    picture.write_text("wheelbase of 2.8 m")
    with pytest.raises(InputError, match=r"a brief is a \.toml or \.json file, or words in a \.txt or \.md"):
        read_brief(picture)
    with pytest.raises(InputError, match="is a folder"):
        read_brief(tmp_path)
    assert read_brief(f"@{picture}").brief.locks == {"wheelbase": 2800.0}
    for name in ("brief.txt", "brief" + ".md", "brief"):
        (tmp_path / name).write_text("wheelbase of 2.8 m")
        assert read_brief(tmp_path / name).brief.locks == {"wheelbase": 2800.0}
    table = tmp_path / "brief.toml"
    table.write_text('[start]\narchetype = "spaceship"\n')
    with pytest.raises(InputError, match="'spaceship'; family car has"):
        read_brief(table)
    table.write_text('[start]\narchetype = "suv"\n')
    assert read_brief(table).brief.start["overall_height"] == CAR.archetypes["suv"]["overall_height"]


def test_a_kind_of_body_has_its_kin() -> None:
    """A large SUV is an SUV; an SUV is not a saloon, and none is of another one's kind both ways."""
    assert "large_suv" in _kin(CAR, "suv")
    assert "suv" in _kin(CAR, "suv")
    for kind in ("suv", "notchback", "estate"):
        assert not _kin(CAR, kind) & {"fastback", "city_car"}


# -- boxes --------------------------------------------------------------------------------------------------


def boxed(**changes: Any) -> Requirement:
    row = {"kind": "keep_out", "low": ["1 m", 0, "2 cm"], "high": [1500, 400.5, 300]} | changes
    (found,) = boxes([{k: v for k, v in row.items() if v is not None}], CAR, Place("b", {}))
    return found


def test_a_box_is_a_limit_on_the_room_about_it() -> None:
    found = boxed()
    assert zone_of(found.quantity) == Zone("keep_out", (1000.0, 0.0, 20.0), (1500.0, 400.5, 300.0))
    assert (found.unit, found.at_least, found.at_most, found.hard, found.source) == (
        "mm",
        0.0,
        None,
        True,
        "keep out",
    )
    named = boxed(kind="preserve", gap="1 cm", hard=False, name="engine")
    assert (named.at_least, named.hard, named.source) == (10.0, False, "engine")
    zone = zone_of(named.quantity)
    assert zone is not None
    assert zone.kind == "preserve"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "other"}, "is 'other'; allowed keep_out, preserve"),
        ({"kind": None}, "allowed keep_out, preserve"),
        ({"low": [0, 0]}, "give three lengths: x, y, z"),
        ({"low": 3}, "give three lengths: x, y, z"),
        ({"low": [1500, 0, 0]}, "every number of low must be below its fellow of high"),
        ({"low": [1600, 0, 0]}, "every number of low must be below its fellow of high"),
        ({"high": [1500, 400, 1e9]}, "mm from the origin"),
        ({"low": [-1e9, 0, 0]}, "mm from the origin"),
        ({"hard": "yes"}, "allowed true or false"),
        ({"gap": -1}, "is -1 mm; allowed 0 or more"),
        ({"gap": 1e9}, "allowed 0 or more"),
        ({"gap": "1 kg"}, "is a mass"),
        ({"colour": 3}, "colour"),
    ],
)
def test_a_box_that_is_none_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        boxed(**changes)
    assert said in str(caught.value)


def test_boxes_are_a_list_of_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    for raw in ("x", {"kind": "keep_out"}):
        with pytest.raises(InputError, match="must be a list of at most"):
            boxes(raw, CAR, Place("b", {}))
    with pytest.raises(InputError, match="must be a table with kind, low and high"):
        boxes(["x"], CAR, Place("b", {}))
    row = {"kind": "keep_out", "low": [0, 0, 0], "high": [1, 1, 1]}
    monkeypatch.setattr("maquette.constraints.requirements.boxes.MOST", 2)
    assert len(boxes([row, row], CAR, Place("b", {}))) == 2
    with pytest.raises(InputError, match="at most 2 tables"):
        boxes([row] * 3, CAR, Place("b", {}))


def test_predicted_quantities_have_a_better_way() -> None:
    assert quantities(POD)["drag_coefficient"].better == "low"
    assert quantities(POD)["frontal_area"].better == "low"
    assert quantities(POD)["cabin_volume"].better == "high"
