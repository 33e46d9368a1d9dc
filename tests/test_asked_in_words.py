"""Words without a figure come with the figure that they came to, on sheets and in the studio."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from maquette.constraints.requirements.product import brief_from_text
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui.messages.words import Words
from maquette.ui.results_concepts import Concept, Figure, Likeness
from maquette.ui.sheets.figures import asked_in_words, figures_of
from maquette.ui.sheets.sheet import marks_of


@pytest.mark.parametrize(
    ("sentence", "family", "asked"),
    [
        ("a gravel frame under 2.2 kg, long wheelbase", "bicycle", {"wheelbase": "long"}),
        ("a chair with a wide seat", "chair", {"seat_width": "wide seat"}),
        ("a saloon with a long wheelbase and a low roof", "car",
         {"wheelbase": "long", "overall_height": "low roof"}),
        # "light" moves five parameters and wishes for one figure, of which there is a limit here
        ("a light chair", "chair", {"mass": "light"}),
        ("a light chair of at most 4 kg", "chair", {}),
        ("a gravel frame, wheelbase 1060 mm", "bicycle", {}),
        ("宽座面的椅子", "chair", {"seat_width": "宽座面"}),
    ],
)  # fmt: skip
def test_what_is_asked_in_words_alone(sentence: str, family: str, asked: dict[str, str]) -> None:
    assert asked_in_words(brief_from_text(sentence, family), get_family(family)) == asked


def test_a_brief_that_comes_back_from_a_record_is_read_for_it() -> None:
    read = brief_from_text("a chair with a wide seat", "chair")
    bare = replace(read, understood=(), words=None)
    assert asked_in_words(bare, get_family("chair")) == {"seat_width": "wide seat"}


def test_figures_are_the_bodys_own() -> None:
    car = get_family("car")
    values = car.defaults() | {"front_overhang": 800.0, "wheelbase": 2700.0, "rear_overhang": 900.0}
    found = figures_of(car, values, {"overall_length": "long", "drag_coefficient": "slippery"})
    assert found == (
        Figure("overall_length", 4400.0, "mm", "long"),
    )  # the sum; a prediction has its own place


def test_sheets_and_cards_show_them() -> None:
    from maquette.ui.output import plain
    from maquette.ui.web.sheet import _figures

    figure = Figure("wheelbase", 1062.3, "mm", "long")
    design = Design("bicycle", get_family("bicycle").defaults())
    concept = Concept(
        1,
        Path("x.png"),
        "side",
        "ink",
        "graphite",
        "",
        design,
        None,
        Likeness(0.9, 1.0, 0.9),
        figures=(figure,),
    )
    assert ("plain", "wheelbase 1062 mm (asked: long)") in marks_of(concept)
    shown = _figures({"figures": plain(concept.figures)}, Words("en"))
    assert "wheelbase 1062 mm (asked: long)" in shown
    assert "1062 mm（要求：long）" in _figures({"figures": plain(concept.figures)}, Words("zh"))
    assert _figures({}, Words("en")) == ""  # a sheet of before
