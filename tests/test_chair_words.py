"""Briefs about chairs, in English and Chinese, and what they ask for."""

from __future__ import annotations

import pytest

from maquette.design.products.chair import Chair
from maquette.ui.results import ReadResult
from maquette.ui.verbs import read

CHAIR = Chair()


def heard(text: str, family: str | None = "chair") -> ReadResult:
    return read(text, family)


def limits(said: ReadResult) -> dict[str, tuple[float | None, float | None]]:
    return {r["quantity"]: (r["at_least"], r["at_most"]) for r in said.requirements}


SENTENCES = {
    "a light stacking chair for a café, seat at 450 mm, at most 4 kg, passes the contract strength test": {
        "mass": (None, 4.0), "safety_factor": (1.0, None), "stability": (1.0, None),
        "stack_pitch": (None, 120.0),
    },
    "a wooden dining chair for the home, no heavier than 6 kg": {
        "frame_material": (1.0, 1.0), "domestic_safety_factor": (1.0, None), "mass": (None, 6.0),
    },
    "a cantilever chair of steel, EN 16139 level 2, material cost below 30": {
        "frame_material": (3.0, 3.0), "severe_safety_factor": (1.0, None),
    },
    "a stool with box stretchers at the bar": {"stretchers": (3.0, 3.0), "seat_height": (720.0, 790.0)},
    "an aluminium chair with arms, stackable": {
        "frame_material": (2.0, 2.0), "arms": (1.0, 1.0), "stack_pitch": (None, 120.0),
    },
    "一把轻便的可叠放椅子，座高450毫米，不超过4公斤，通过商用强度测试": {
        "mass": (None, 4.0), "safety_factor": (1.0, None), "stability": (1.0, None),
    },
    "一把木制餐椅，家用，重量不超过6公斤": {
        "frame_material": (1.0, 1.0), "domestic_safety_factor": (1.0, None), "mass": (None, 6.0),
    },
}  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_briefs_are_understood(text: str) -> None:
    found = limits(heard(text))
    for quantity, expected in SENTENCES[text].items():
        assert found.get(quantity) == expected, (quantity, found)


def test_the_seat_is_locked_where_it_is_asked_for() -> None:
    assert heard("a stacking chair, seat at 450 mm").locks["seat_height"] == 450.0
    assert heard("一把椅子，座高450毫米").locks["seat_height"] == 450.0


@pytest.mark.parametrize(
    ("text", "archetype"),
    [
        ("a windsor chair", "windsor"),
        ("a shaker chair", "ladder_back"),
        ("a bentwood cafe chair", "bentwood"),
        ("a monobloc chair", "shell"),
        ("a counter stool", "bar_stool"),
        ("一把温莎椅", "windsor"),
        ("一把悬臂椅", "cantilever"),
    ],
)
def test_kinds_of_chair_are_starting_points(text: str, archetype: str) -> None:
    assert f"starting point: {archetype.replace('_', ' ')}" in str(heard(text).understood)


def test_a_chair_is_not_taken_for_a_car() -> None:
    assert heard("a light stacking chair, seat at 450 mm", None).family == "chair"
    assert heard("一把轻便的可叠放椅子，座高450毫米", None).family == "chair"


def test_the_trade_has_its_words() -> None:
    """Forty words and more of each language, every parameter and measure with a Chinese name."""
    for language in ("en", "zh"):
        tongue = CHAIR.lexicon.tongue(language)
        words = [w for block in tongue.moods.values() for w in block.replace("|", ",").split(",")]
        assert len({w.strip() for w in words}) >= 40, language
        assert set(tongue.bodies) == set(CHAIR.archetypes)
    names = CHAIR.lexicon.tongue("zh").names
    shown = [p.name for p in CHAIR.parameters] + [m.name for m in CHAIR.measure_list]
    assert [n for n in shown if n not in names] == []
    assert [o for c in CHAIR.choices for o in c.choice.options if o not in names] == []


def test_the_height_of_something_else_is_not_the_chair_s() -> None:
    """ "Table height" is a look of chairs, and its number is the table's; no chair has a window."""
    for text in ("a chair, table height 750 mm", "a chair, window height 400 mm"):
        found = heard(text)
        assert "overall_height" not in {r["quantity"] for r in found.requirements} | {*found.locks}, text
        assert found.questions, text
    assert "seat_height" in {r["quantity"] for r in heard("a chair at table height").requirements}
