"""Each named rule of our products with a design that it accepts and one a little further that it refuses.

The values were found by halving the way between the two; they stand here as numbers, so that a limit that
moves is seen. Three cases lie beyond the declared ranges, in two of them because the rule does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from maquette.design.errors import RuleError
from maquette.design.family.registry import get_family
from maquette.design.products.bicycle import rules as bicycle
from maquette.design.products.car import rules as car
from maquette.design.products.chair import rules as chair

#: family, rule, archetype ("": the defaults), what is changed, a parameter, its accepted and refused value
CASES: tuple[tuple[str, str, str, Mapping[str, float], str, float, float], ...] = (
    # by hand: 2 x 118.4 = height - 20; 300 sin 35 = 172.07 = 0.75 height
    ("ahmed", "nose-keeps-a-face", "", {"radius": 118.4}, "height", 256.9, 256.7),
    ("ahmed", "slant-leaves-a-base", "slant 35", {"slant_length": 300.0}, "height", 229.5, 229.3),
    # by hand: 222 cos 25 = 201.2 = length - 100 - 50
    ("ahmed", "slant-behind-nose", "", {}, "length", 351.3, 351.1),
    ("chair", "bends-can-be-made", "bentwood", {}, "bend_radius", 68.1, 67.9),
    ("chair", "wall-can-be-bent", "", {}, "leg_size", 31.15, 31.3),
    ("chair", "bends-fit-the-frame", "shell", {"bend_radius": 110.0}, "seat_width", 374.8, 373.4),
    ("chair", "legs-under-the-seat", "dining", {}, "leg_inset", 6.191, 5.709),
    ("chair", "tenon-leaves-wood", "sled", {"frame_material": 1}, "leg_size", 22.1, 21.9),
    ("chair", "seat-is-thick-enough", "windsor", {"base": 2}, "seat_thickness", 12.1, 11.9),
    ("chair", "seat-takes-sockets", "windsor", {"seat_material": 2}, "seat_thickness", 24.1, 23.9),
    ("chair", "rails-under-the-seat", "", {}, "seat_dish", 9.91, 10.09),
    ("chair", "shell-can-be-bent", "dining", {"back_kind": 5}, "seat_material", 2, 3),
    ("chair", "arms-are-held", "school", {"arms": 1}, "seat_roundness", 0.7987, 0.8067),
    ("chair", "back-has-a-field", "sled", {"back_kind": 1, "back_members": 9}, "back_height", 385.0, 383.0),
    ("chair", "back-is-not-too-high", "windsor", {"base": 2}, "seat_height", 778.1, 781.9),
    ("chair", "stands-with-a-sitter", "ladder_back", {}, "base", 1, 3),
    ("bicycle", "tubes-apart-on-head-tube", "", {"head_tube_upper": 55.97}, "head_tube_length", 134.2, 133.2),
    ("bicycle", "tubes-inside-head-tube", "road_race", {}, "head_tube_upper", 19.1, 18.9),
    (
        "bicycle", "top-tube-above-bottom-bracket", "", {"seat_tube_extension": 295.6}, "seat_tube_length",
        391.9, 389.9,
    ),
    (
        "bicycle", "chain-stays-on-shell", "step_through",
        {"chain_stay_diameter": 24.28, "dropout_spacing": 145.0}, "chain_stay_inset", 9.761, 9.663,
    ),
    (
        "bicycle", "tyre-fits", "road_race", {"seat_stay_drop": 75.42, "seat_stay_spread": 8.311},
        "seat_tube_length", 422.0, 419.9,
    ),
    (
        "bicycle", "fork-exists", "track", {"chain_stay_length": 405.3, "seat_stay_bridge": 0},
        "head_tube_length", 185.4, 186.4,
    ),
    (
        "bicycle", "seat-post-fits", "", {"reach": 469.6, "seat_angle": 69.06, "seat_tube_length": 438.9},
        "stack", 636.7, 638.0,
    ),
    (
        "bicycle", "tubes-meet-wide-ones", "track", {"head_tube_length": 148.5}, "top_tube_diameter",
        37.1, 37.26,
    ),
    (
        "bicycle", "walls-thick-enough", "road_race", {"head_tube_wall": 0.8021}, "head_tube_diameter",
        48.03, 48.22,
    ),
    (
        "car", "roof-long-enough", "one_box", {"backlight_angle": 31.65, "deck_length": 460.0},
        "cowl_setback", 0.2336, 0.2366,
    ),
    ("car", "greenhouse-low-enough", "large_suv", {"belt_ratio": 0.4858}, "ground_clearance", 122.6, 121.3),
    (
        "car", "rear-glass-tall-enough", "fastback", {"ground_clearance": 236.3, "belt_slope": 3.186},
        "overall_height", 1412.0, 1404.0,
    ),
    ("car", "tail-face-tall-enough", "notchback", {"rear_overhang": 1200.0}, "diffuser_angle", 30.0, 45.0),
    ("car", "nose-face-tall-enough", "city_car", {}, "nose_height", 0.4, 0.3),
    ("car", "arches-under-skin", "", {}, "overall_height", 1296.0, 1288.0),
    ("car", "arches-inside-ends", "city_car", {}, "wheel_arch_gap", 64.68, 65.05),
    ("car", "wheels-below-body", "", {"tyre_diameter": 576.3}, "ground_clearance", 238.9, 240.1),
    (
        "car", "track-wide-enough", "", {"tyre_width": 280.8, "wheel_inset": 33.77, "boat_tail_angle": 8.062},
        "overall_width", 1659.0, 1655.0,
    ),
    ("car", "doors-between-arches", "large_suv", {"wheel_arch_gap": 70.0}, "wheelbase", 2280.0, 2270.0),
    ("car", "roof-wide-enough", "one_box", {}, "tumblehome", 24.52, 24.7),
    ("car", "tail-wide-enough", "notchback", {"boat_tail_angle": 12.0}, "overall_width", 1652.0, 1648.0),
)  # fmt: skip
BEYOND = ("slant-behind-nose", "tail-face-tall-enough", "nose-face-tall-enough")


def test_no_rule_is_left_out() -> None:
    named = {(family, rule) for family, rule, *_ in CASES}
    ours = {"bicycle": bicycle.RULES, "car": car.RULES, "chair": chair.RULES}
    assert {n for n in named if n[0] != "ahmed"} == {(f, rule) for f, rules in ours.items() for rule in rules}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_rule_begins_where_it_says(
    case: tuple[str, str, str, Mapping[str, float], str, float, float],
) -> None:
    name, rule, archetype, changes, parameter, accepted, refused = case
    family = get_family(name)
    base = {**family.defaults(), **family.archetypes.get(archetype, {}), **changes}
    assert archetype in {"", *family.archetypes}
    assert family.broken_rules({**base, parameter: accepted}) == []
    assert [b.rule for b in family.broken_rules({**base, parameter: refused})] == [rule]
    if rule not in BEYOND:
        family.accept({**base, parameter: accepted})
        with pytest.raises(RuleError, match=rule):
            family.accept({**base, parameter: refused})
