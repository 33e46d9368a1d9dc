"""Briefs for a bicycle frame, in English and Chinese: which family, what is asked, what is fixed."""

from __future__ import annotations

import pytest

from maquette.constraints.requirements.about import family_named
from maquette.constraints.requirements.brief import ParsedBrief
from maquette.constraints.requirements.product import brief_from_text, product_of
from maquette.constraints.requirements.sentence import parse
from maquette.design.family.registry import get_family
from maquette.design.products.bicycle.materials import ALUMINIUM, STEEL, TITANIUM

GRAVEL = "a steel gravel frame for a rider of 182 cm, under 2 kg, stiff at the bottom bracket"
GRAVEL_ZH = "轻盈的钢制砾石车架，骑手身高182厘米，重量不超过2公斤，五通刚性好"


def read(text: str) -> ParsedBrief:
    return parse(text, get_family(family_named(text) or "car"))


@pytest.mark.parametrize(
    "text",
    [
        GRAVEL,
        GRAVEL_ZH,
        "a bicycle frame under 2.6 kg",
        "a slack, muscular hardtail frame",
        "an aluminium city step-through frame with a low standover",
        "a mountain bike frame",
        "一个钛合金公路车架，不超过1.5公斤",
    ],
)
def test_a_frame_is_a_frame(text: str) -> None:
    assert family_named(text) == "bicycle"


@pytest.mark.parametrize(
    "text",
    [
        "A calm, low fastback under 4.7 m",
        "a rugged SUV with big wheels",
        "an estate with room for two bicycles",
        "一辆低矮的溜背车，轴距不小于2.8米",
    ],
)
def test_a_car_is_no_frame(text: str) -> None:
    assert family_named(text) != "bicycle"


@pytest.mark.parametrize("text", [GRAVEL, GRAVEL_ZH])
def test_the_gravel_frame_is_read_whole(text: str) -> None:
    parsed = read(text)
    brief = parsed.brief
    limits = {r.quantity: (r.at_least, r.at_most) for r in brief.requirements}
    assert limits["mass"] == (None, 2.0)
    low, high = limits["rider_height"]
    assert low is not None
    assert high is not None
    assert low < 1820.0 < high
    assert high - low < 100.0
    assert limits["material"] == (STEEL, STEEL)
    assert "bottom_bracket_stiffness" in brief.maximise
    assert brief.start_sources["chain_stay_length"].startswith("archetype")
    assert not parsed.not_understood


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("a titanium road bike", TITANIUM),
        ("an aluminum commuter frame", ALUMINIUM),
        ("a chromoly touring frame", STEEL),
        ("铝合金城市车架", ALUMINIUM),
        ("钛架公路车架", TITANIUM),
    ],
)
def test_materials_are_fixed(text: str, material: int) -> None:
    limits = {r.quantity: (r.at_least, r.at_most) for r in read(text).brief.requirements}
    assert limits["material"] == (material, material)


def test_a_stiffness_has_a_unit() -> None:
    (wish,) = read("a road race frame, bottom bracket stiffness at least 300 N/mm").brief.requirements
    assert (wish.quantity, wish.at_least, wish.unit) == ("bottom_bracket_stiffness", 300.0, "N/mm")


def test_every_word_of_a_mood_moves_something_that_exists() -> None:
    family = get_family("bicycle")
    known = {p.name for p in family.parameters}
    for mood, shares in family.lexicon.moods.items():
        assert set(shares) <= known, mood
    for tongue in family.lexicon.tongues.values():
        assert set(tongue.moods) == set(family.lexicon.moods)
        assert set(tongue.bodies) == set(family.archetypes)
        assert set(tongue.attributes) == {a.name for a in family.lexicon.attributes}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Gravel frame: down tube 38 mm, wall 0.9 mm", "bicycle"),
        ("Frame: stack 590, reach 390", "bicycle"),
        ("stack 590 mm, reach 390 mm", "bicycle"),
        ("head angle 66 degrees, chain stays 440 mm", "bicycle"),
        ("Seat: 450 mm high, 420 mm wide", "chair"),
        ("Geometry: wheelbase at least 2.7 m", "car"),
        ("几何：轴距不小于2.7米", "car"),
        ("We're stuck with the 2,680 mm wheelbase of the old platform.", "car"),
        ("轮胎规格235/45 R18", "car"),
        ("something nice", "car"),
        ("wheelbase at least 9 m", "car"),  # out of reach, and yet a car's
        ("at most 4 kg", "car"),  # of chairs and frames alike
    ],
)
def test_a_text_without_its_product_goes_to_the_family_that_understands_it(text: str, family: str) -> None:
    assert product_of(text) == family


def test_the_product_in_hand_stays_while_it_understands_anything() -> None:
    assert product_of("wheelbase at least 1040 mm, at most 2 kg", "bicycle") == "bicycle"
    assert product_of("stack 590 mm, reach 390 mm", "chair") == "bicycle"


def test_one_wall_behind_two_tubes_is_asked_about() -> None:
    found = read("a gravel frame with top tube 31.8 mm and down tube 38 mm, wall 0.9 mm")
    assert not {n for n in found.brief.locks if n.endswith("wall")}
    assert len(found.questions) == 1
    both = read("a gravel frame with top tube 31.8 mm and down tube 38 mm, walls 0.9 mm")
    assert {"top_tube_wall", "down_tube_wall"} <= both.brief.locks.keys()


def test_a_text_that_two_products_understand_alike_is_asked_about_and_nothing_taken() -> None:
    text = "seat height 450 mm, at most 4 kg"
    found = brief_from_text(text)
    (question,) = found.questions
    assert {str(choice) for choice in question.choices} == {"bicycle frame", "chair"}
    assert not found.brief.requirements
    assert not found.brief.locks
    assert found.brief.prompt == text
    assert brief_from_text(text, "chair").questions == ()
