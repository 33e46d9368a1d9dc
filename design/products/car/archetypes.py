"""Body types as points of the space: the parameters that differ from the middle, and options that suit them.

The dimensions of the production cars are the manufacturers' published ones (length, width, height,
wheelbase, ground clearance; within 1 %); everything else is our reading of each car's proportions.
"""

from __future__ import annotations

Body = dict[str, float | str]

CITY_CAR: Body = {
    "wheelbase": 2350, "front_overhang": 680, "rear_overhang": 560, "overall_width": 1640,
    "overall_height": 1500, "ground_clearance": 140, "tyre_diameter": 602, "tyre_width": 185,
    "wheel_inset": 6, "nose_height": 0.84, "nose_sweep": 170, "nose_roundness": 150, "hood_crown": 30,
    "cowl_setback": 0.075, "cowl_rise": 52, "belt_ratio": 0.567, "belt_slope": 1.4, "windscreen_angle": 53,
    "roof_end_drop": 60, "roof_peak": 0.35, "tumblehome": 18, "shoulder_width": 34, "backlight_angle": 64,
    "deck_length": 30, "deck_rise": 0, "tail_rake": 8, "tail_roundness": 100, "spoiler": 14,
    "boat_tail_angle": 4, "fender_flare": 18, "side_sculpture": 10, "crease_sharpness": 0.4,
    "diffuser_angle": 12, "chin_rise": 60, "side_crown": 40,
    "front_lamps": "round", "rear_lamps": "round", "rim": "five_spoke", "roof": "black",
    "door_handles": "bow",
}  # fmt: skip
HATCHBACK: Body = {
    "wheelbase": 2640, "front_overhang": 845, "rear_overhang": 805, "overall_width": 1790,
    "overall_height": 1456, "ground_clearance": 140, "tyre_diameter": 658, "tyre_width": 225,
    "wheel_inset": 5, "nose_height": 0.82, "nose_sweep": 190, "nose_roundness": 110, "hood_crown": 30,
    "cowl_setback": 0.14, "cowl_rise": 55, "belt_ratio": 0.587, "belt_slope": 1.6, "windscreen_angle": 61,
    "roof_end_drop": 75, "roof_peak": 0.28, "tumblehome": 24, "shoulder_width": 45, "backlight_angle": 56,
    "deck_length": 40, "deck_rise": 20, "tail_rake": 9, "tail_roundness": 80, "spoiler": 26,
    "boat_tail_angle": 5, "fender_flare": 24, "side_sculpture": 11, "crease_sharpness": 0.55,
    "diffuser_angle": 12, "chin_rise": 65, "side_crown": 45,
    "front_lamps": "blade", "grille": "slot", "rear_lamps": "wrap", "rim": "turbine",
}  # fmt: skip
NOTCHBACK: Body = {
    "wheelbase": 2851, "front_overhang": 790, "rear_overhang": 1068, "overall_width": 1827,
    "overall_height": 1435, "ground_clearance": 135, "tyre_diameter": 682, "tyre_width": 235,
    "wheel_inset": 5, "nose_height": 0.82, "nose_sweep": 180, "nose_roundness": 110, "hood_crown": 28,
    "cowl_setback": 0.205, "cowl_rise": 52, "belt_ratio": 0.592, "belt_slope": 1.2, "windscreen_angle": 61,
    "roof_end_drop": 80, "roof_peak": 0.32, "tumblehome": 25, "shoulder_width": 48, "backlight_angle": 27,
    "deck_length": 380, "deck_rise": 50, "tail_rake": 5, "tail_roundness": 70, "spoiler": 18,
    "boat_tail_angle": 4.5, "fender_flare": 22, "side_sculpture": 11, "crease_sharpness": 0.6,
    "diffuser_angle": 11, "chin_rise": 65, "side_crown": 45,
    "front_lamps": "twin_round", "grille": "split", "rear_lamps": "hook", "rim": "twin_five",
    "trim": "bright",
}  # fmt: skip
FASTBACK: Body = {
    "wheelbase": 2875, "front_overhang": 841, "rear_overhang": 978, "overall_width": 1849,
    "overall_height": 1443, "ground_clearance": 140, "tyre_diameter": 690, "tyre_width": 235,
    "wheel_inset": 6, "nose_height": 0.75, "nose_sweep": 220, "nose_roundness": 150, "hood_crown": 40,
    "cowl_setback": 0.125, "cowl_rise": 62, "belt_ratio": 0.597, "belt_slope": 1.0, "windscreen_angle": 63,
    "roof_end_drop": 95, "roof_peak": 0.26, "roof_camber": 50, "tumblehome": 25, "shoulder_width": 44,
    "backlight_angle": 20, "deck_length": 130, "deck_rise": 90, "tail_rake": 4, "tail_roundness": 70,
    "spoiler": 20, "boat_tail_angle": 6, "diffuser_angle": 9, "chin_rise": 50, "fender_flare": 22,
    "side_sculpture": 9, "crease_sharpness": 0.4, "side_crown": 48,
    "front_lamps": "slim", "grille": "closed", "rear_lamps": "light_bar", "rim": "aero_disc",
    "roof": "glass",
}  # fmt: skip
ESTATE: Body = {
    "wheelbase": 2860, "front_overhang": 850, "rear_overhang": 1060, "overall_width": 1835,
    "overall_height": 1470, "ground_clearance": 140, "tyre_diameter": 688, "tyre_width": 235,
    "wheel_inset": 5, "nose_height": 0.82, "nose_sweep": 180, "nose_roundness": 110, "hood_crown": 28,
    "cowl_setback": 0.175, "cowl_rise": 55, "belt_ratio": 0.587, "belt_slope": 1.3, "windscreen_angle": 61,
    "roof_end_drop": 75, "roof_peak": 0.22, "tumblehome": 24, "shoulder_width": 45, "backlight_angle": 50,
    "deck_length": 40, "deck_rise": 35, "tail_rake": 8, "tail_roundness": 70, "spoiler": 26,
    "boat_tail_angle": 4, "fender_flare": 22, "side_sculpture": 11, "crease_sharpness": 0.6,
    "diffuser_angle": 11, "chin_rise": 65, "side_crown": 45,
    "front_lamps": "hook", "grille": "wide", "rear_lamps": "vertical", "rim": "multi_spoke",
    "trim": "bright", "door_handles": "bow",
}  # fmt: skip
SUV: Body = {
    "wheelbase": 2819, "front_overhang": 870, "rear_overhang": 974, "overall_width": 1893,
    "overall_height": 1659, "ground_clearance": 208, "tyre_diameter": 750, "tyre_width": 245,
    "wheel_inset": 4, "nose_height": 0.86, "nose_sweep": 160, "nose_roundness": 100, "hood_crown": 22,
    "cowl_setback": 0.155, "cowl_rise": 55, "belt_ratio": 0.592, "belt_slope": 1.3, "windscreen_angle": 58,
    "roof_end_drop": 80, "roof_peak": 0.28, "tumblehome": 22, "shoulder_width": 50, "backlight_angle": 54,
    "deck_length": 45, "deck_rise": 25, "tail_rake": 10, "tail_roundness": 75, "spoiler": 34,
    "boat_tail_angle": 3.5, "fender_flare": 30, "side_sculpture": 13, "crease_sharpness": 0.65,
    "chin_rise": 75, "diffuser_angle": 13, "side_crown": 48,
    "front_lamps": "blade", "grille": "shield", "rear_lamps": "wrap", "rim": "six_spoke",
    "door_handles": "bow", "mirrors": "square",
}  # fmt: skip
LARGE_SUV: Body = {
    "wheelbase": 2984, "front_overhang": 875, "rear_overhang": 1091, "overall_width": 1923,
    "overall_height": 1776, "ground_clearance": 238, "tyre_diameter": 785, "tyre_width": 275,
    "wheel_inset": 4, "nose_height": 0.88, "nose_sweep": 130, "nose_roundness": 95, "hood_crown": 16,
    "cowl_setback": 0.17, "cowl_rise": 50, "belt_ratio": 0.582, "belt_slope": 0.8, "windscreen_angle": 55,
    "roof_end_drop": 45, "roof_peak": 0.3, "tumblehome": 18, "shoulder_width": 46, "backlight_angle": 64,
    "deck_length": 40, "deck_rise": 20, "tail_rake": 6, "tail_roundness": 75, "spoiler": 32,
    "boat_tail_angle": 2.5, "fender_flare": 28, "side_sculpture": 12, "crease_sharpness": 0.7,
    "chin_rise": 80, "diffuser_angle": 13, "side_crown": 42,
    "front_lamps": "hook", "grille": "slats", "rear_lamps": "vertical", "rim": "ten_spoke",
    "trim": "bright", "mirrors": "square", "door_handles": "bow",
}  # fmt: skip
LARGE_SALOON: Body = {
    "wheelbase": 3120, "front_overhang": 860, "rear_overhang": 1160, "overall_width": 1910,
    "overall_height": 1490, "ground_clearance": 135, "tyre_diameter": 728, "tyre_width": 255,
    "wheel_inset": 5, "nose_height": 0.83, "nose_sweep": 160, "nose_roundness": 105, "hood_crown": 26,
    "cowl_setback": 0.205, "cowl_rise": 52, "belt_ratio": 0.592, "belt_slope": 0.8, "windscreen_angle": 61,
    "roof_end_drop": 85, "roof_peak": 0.3, "tumblehome": 24, "shoulder_width": 50, "backlight_angle": 25,
    "deck_length": 420, "deck_rise": 50, "boat_tail_angle": 4.5, "spoiler": 14, "fender_flare": 20,
    "side_sculpture": 10, "crease_sharpness": 0.6, "diffuser_angle": 10, "chin_rise": 60, "side_crown": 46,
    "tail_rake": 5, "tail_roundness": 70,
    "front_lamps": "blade", "grille": "slats", "rear_lamps": "light_bar", "rim": "multi_spoke",
    "trim": "bright",
}  # fmt: skip
COUPE: Body = {
    "wheelbase": 2650, "front_overhang": 860, "rear_overhang": 940, "overall_width": 1875,
    "overall_height": 1320, "ground_clearance": 120, "tyre_diameter": 685, "tyre_width": 265,
    "wheel_inset": 3, "nose_height": 0.76, "nose_sweep": 210, "nose_roundness": 120, "hood_crown": 34,
    "cowl_setback": 0.255, "cowl_rise": 48, "belt_ratio": 0.627, "belt_slope": 1.6, "windscreen_angle": 63,
    "roof_end_drop": 75, "roof_peak": 0.32, "roof_camber": 45, "tumblehome": 29, "shoulder_width": 62,
    "backlight_angle": 24, "deck_length": 240, "deck_rise": 45, "tail_rake": 3, "tail_roundness": 70,
    "spoiler": 26, "boat_tail_angle": 4, "fender_flare": 36, "side_sculpture": 9, "crease_sharpness": 0.55,
    "diffuser_angle": 10, "chin_rise": 45, "side_crown": 52,
    "front_lamps": "slim", "grille": "wide", "rear_lamps": "round", "rim": "mesh", "doors": "two",
    "door_handles": "hidden",
}  # fmt: skip
ONE_BOX: Body = {
    "wheelbase": 2990, "front_overhang": 830, "rear_overhang": 890, "overall_width": 1940,
    "overall_height": 1900, "ground_clearance": 155, "tyre_diameter": 716, "tyre_width": 235,
    "wheel_inset": 6, "nose_height": 0.81, "nose_sweep": 170, "nose_roundness": 130, "hood_crown": 26,
    "cowl_setback": -0.02, "cowl_rise": 40, "belt_ratio": 0.517, "belt_slope": 0.3, "windscreen_angle": 50,
    "roof_end_drop": 30, "roof_peak": 0.35, "tumblehome": 13, "shoulder_width": 30, "backlight_angle": 76,
    "deck_length": 30, "deck_rise": -10, "tail_rake": 3, "tail_roundness": 85, "spoiler": 24,
    "boat_tail_angle": 2, "fender_flare": 16, "side_sculpture": 11, "crease_sharpness": 0.5,
    "diffuser_angle": 10, "chin_rise": 60, "side_crown": 34,
    "front_lamps": "light_bar", "grille": "closed", "rear_lamps": "light_bar", "rim": "five_spoke",
    "roof": "glass", "door_handles": "bow", "mirrors": "square",
}  # fmt: skip

ARCHETYPES: dict[str, Body] = {
    name: dict(values)
    for name, values in {
        "city_car": CITY_CAR,
        "hatchback": HATCHBACK,
        "notchback": NOTCHBACK,
        "fastback": FASTBACK,
        "estate": ESTATE,
        "suv": SUV,
        "large_suv": LARGE_SUV,
        "large_saloon": LARGE_SALOON,
        "coupe": COUPE,
        "one_box": ONE_BOX,
    }.items()
}

TAYCAN: Body = FASTBACK | {
    "wheelbase": 2900, "front_overhang": 925, "rear_overhang": 1138, "overall_width": 1966,
    "overall_height": 1381, "ground_clearance": 128, "tyre_diameter": 728, "tyre_width": 275,
    "nose_height": 0.74, "cowl_setback": 0.175, "roof_end_drop": 110, "belt_ratio": 0.615,
    "fender_flare": 38, "backlight_angle": 19, "deck_length": 200, "deck_rise": 70, "spoiler": 26,
    "windscreen_angle": 64, "shoulder_width": 66, "tumblehome": 28, "wheel_inset": 3,
    "front_lamps": "stacked", "rim": "mesh", "mirrors": "slim", "door_handles": "hidden", "roof": "black",
}  # fmt: skip
EQS: Body = FASTBACK | {
    "wheelbase": 3210, "front_overhang": 860, "rear_overhang": 1146, "overall_width": 1926,
    "overall_height": 1512, "ground_clearance": 140, "tyre_diameter": 745, "tyre_width": 255,
    "nose_height": 0.80, "cowl_setback": 0.075, "hood_crown": 50, "cowl_rise": 68, "windscreen_angle": 65,
    "roof_end_drop": 130, "roof_peak": 0.3, "backlight_angle": 19.5, "deck_length": 170, "deck_rise": 105,
    "belt_ratio": 0.587, "boat_tail_angle": 5, "fender_flare": 12,
    "front_lamps": "light_bar", "rim": "aero_disc",
}  # fmt: skip
FIAT_500: Body = CITY_CAR | {
    "wheelbase": 2300, "front_overhang": 690, "rear_overhang": 556, "overall_width": 1627,
    "overall_height": 1488, "ground_clearance": 130, "tyre_diameter": 588, "nose_roundness": 200,
    "tail_roundness": 120, "wheel_arch_gap": 34,
    "roof_camber": 60, "hood_crown": 40, "backlight_angle": 55, "crease_sharpness": 0.25,
    "side_sculpture": 6,
    "doors": "two",
}  # fmt: skip
GOLF: Body = HATCHBACK | {
    "wheelbase": 2636, "front_overhang": 848, "rear_overhang": 800, "overall_width": 1789,
}  # fmt: skip

#: cars on the road, after their makers' figures: name to (kind, parameters that differ from the defaults)
PRODUCTION_CARS: dict[str, tuple[str, Body]] = {
    "Fiat 500 (2007)": ("city car", FIAT_500),
    "VW Golf 8": ("hatchback", GOLF),
    "BMW 3 Series G20": ("notchback saloon", NOTCHBACK),
    "Tesla Model 3": ("fastback saloon", FASTBACK),
    "Porsche Taycan": ("low fastback", TAYCAN),
    "Audi Q5": ("SUV", SUV),
    "Volvo XC90": ("large SUV", LARGE_SUV),
    "Mercedes EQS": ("large one-bow saloon", EQS),
}
