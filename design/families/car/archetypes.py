"""Body types as points of the space: the parameters that differ from the middle.

The dimensions of the production cars are the manufacturers' published ones (length, width, height,
wheelbase, ground clearance; within 1 %); everything else is our reading of each car's proportions.
"""

from __future__ import annotations

CITY_CAR = {
    "wheelbase": 2350, "front_overhang": 680, "rear_overhang": 560, "overall_width": 1640,
    "overall_height": 1500, "ground_clearance": 140, "tyre_diameter": 580, "tyre_width": 185,
    "wheel_inset": 14, "nose_height": 0.74, "nose_sweep": 150, "nose_roundness": 200, "hood_crown": 30,
    "cowl_setback": 0.10, "cowl_rise": 30, "belt_ratio": 0.585, "belt_slope": 1.0, "windscreen_angle": 52,
    "roof_end_drop": 60, "roof_peak": 0.35, "tumblehome": 17, "shoulder_width": 30, "backlight_angle": 64,
    "deck_length": 30, "deck_rise": 0, "tail_drop": 10, "tail_rake": 8, "tail_roundness": 110, "spoiler": 10,
    "boat_tail_angle": 4, "diffuser_length": 260, "sill_radius": 70, "fender_flare": 14,
}  # fmt: skip
HATCHBACK = {
    "wheelbase": 2640, "front_overhang": 860, "rear_overhang": 790, "overall_width": 1790,
    "overall_height": 1456, "ground_clearance": 140, "tyre_diameter": 640, "tyre_width": 215,
    "wheel_inset": 16, "nose_height": 0.72, "nose_sweep": 170, "cowl_setback": 0.15, "cowl_rise": 30,
    "belt_ratio": 0.61, "belt_slope": 1.4, "windscreen_angle": 60, "roof_end_drop": 70, "tumblehome": 21,
    "backlight_angle": 56, "deck_length": 40, "deck_rise": 20, "tail_drop": 10, "tail_rake": 9,
    "tail_roundness": 90, "spoiler": 25, "boat_tail_angle": 5, "diffuser_length": 320, "roof_peak": 0.3,
}  # fmt: skip
NOTCHBACK = {
    "wheelbase": 2851, "front_overhang": 790, "rear_overhang": 1068, "overall_width": 1827,
    "overall_height": 1435, "ground_clearance": 135, "tyre_diameter": 650, "tyre_width": 225,
    "wheel_inset": 14, "nose_height": 0.74, "nose_sweep": 160, "hood_crown": 22, "cowl_setback": 0.20,
    "cowl_rise": 25, "belt_ratio": 0.615, "belt_slope": 1.2, "windscreen_angle": 61, "roof_end_drop": 75,
    "roof_peak": 0.32, "tumblehome": 23, "backlight_angle": 27, "deck_length": 410, "deck_rise": 55,
    "tail_drop": 12, "tail_rake": 5, "tail_roundness": 70, "spoiler": 16, "boat_tail_angle": 4.5,
    "diffuser_length": 450,
}  # fmt: skip
FASTBACK = {
    "wheelbase": 2875, "front_overhang": 841, "rear_overhang": 978, "overall_width": 1849,
    "overall_height": 1443, "ground_clearance": 140, "tyre_diameter": 670, "tyre_width": 235,
    "wheel_inset": 12, "nose_height": 0.66, "nose_sweep": 210, "nose_roundness": 190, "hood_crown": 34,
    "cowl_setback": 0.14, "cowl_rise": 35, "belt_ratio": 0.615, "belt_slope": 1.0, "windscreen_angle": 63,
    "roof_end_drop": 95, "roof_peak": 0.26, "roof_camber": 50, "tumblehome": 24, "backlight_angle": 20,
    "deck_length": 130, "deck_rise": 95, "tail_drop": 10, "tail_rake": 4, "tail_roundness": 70, "spoiler": 18,
    "boat_tail_angle": 6, "diffuser_angle": 7, "diffuser_length": 550, "chin_rise": 30,
}  # fmt: skip
ESTATE = {
    "wheelbase": 2860, "front_overhang": 880, "rear_overhang": 1060, "overall_width": 1835,
    "overall_height": 1470, "ground_clearance": 140, "tyre_diameter": 670, "tyre_width": 225,
    "wheel_inset": 14, "nose_height": 0.72, "nose_sweep": 170, "cowl_setback": 0.17, "cowl_rise": 30,
    "belt_ratio": 0.61, "belt_slope": 1.3, "windscreen_angle": 61, "roof_end_drop": 70, "roof_peak": 0.22,
    "tumblehome": 21, "backlight_angle": 54, "deck_length": 40, "deck_rise": 35, "tail_drop": 10,
    "tail_rake": 8, "tail_roundness": 70, "spoiler": 20, "boat_tail_angle": 4, "diffuser_length": 420,
}  # fmt: skip
SUV = {
    "wheelbase": 2819, "front_overhang": 880, "rear_overhang": 964, "overall_width": 1893,
    "overall_height": 1659, "ground_clearance": 208, "tyre_diameter": 740, "tyre_width": 235,
    "wheel_inset": 12, "nose_height": 0.79, "nose_sweep": 150, "nose_roundness": 130, "hood_crown": 20,
    "cowl_setback": 0.16, "cowl_rise": 25, "belt_ratio": 0.615, "belt_slope": 1.2, "windscreen_angle": 57,
    "roof_end_drop": 75, "roof_peak": 0.28, "tumblehome": 20, "backlight_angle": 57, "deck_length": 45,
    "deck_rise": 25, "tail_drop": 10, "tail_rake": 10, "tail_roundness": 80, "spoiler": 30,
    "boat_tail_angle": 3.5, "fender_flare": 28, "chin_rise": 60, "sill_radius": 50, "diffuser_length": 380,
    "diffuser_angle": 9, "mirror_scale": 1.1,
}  # fmt: skip
LARGE_SUV = {
    "wheelbase": 2984, "front_overhang": 885, "rear_overhang": 1081, "overall_width": 1923,
    "overall_height": 1776, "ground_clearance": 238, "tyre_diameter": 775, "tyre_width": 255,
    "wheel_inset": 10, "nose_height": 0.82, "nose_sweep": 120, "nose_roundness": 110, "hood_crown": 15,
    "cowl_setback": 0.17, "cowl_rise": 15, "belt_ratio": 0.60, "belt_slope": 0.8, "windscreen_angle": 54,
    "roof_end_drop": 45, "roof_peak": 0.3, "tumblehome": 17, "backlight_angle": 66, "deck_length": 40,
    "deck_rise": 20, "tail_drop": 8, "tail_rake": 6, "tail_roundness": 80, "spoiler": 30,
    "boat_tail_angle": 2.5, "fender_flare": 26, "chin_rise": 70, "sill_radius": 45, "diffuser_length": 380,
    "diffuser_angle": 9, "mirror_scale": 1.2,
}  # fmt: skip
LARGE_SALOON = {
    "wheelbase": 3120, "front_overhang": 880, "rear_overhang": 1140, "overall_width": 1910,
    "overall_height": 1490, "ground_clearance": 135, "tyre_diameter": 700, "tyre_width": 255,
    "wheel_inset": 12, "nose_height": 0.75, "nose_sweep": 150, "cowl_setback": 0.205, "cowl_rise": 25,
    "belt_ratio": 0.615, "belt_slope": 0.8, "windscreen_angle": 61, "roof_end_drop": 80, "roof_peak": 0.3,
    "tumblehome": 22, "backlight_angle": 25, "deck_length": 440, "deck_rise": 55, "tail_drop": 15,
    "boat_tail_angle": 4.5, "diffuser_length": 480, "spoiler": 12,
}  # fmt: skip

ARCHETYPES: dict[str, dict[str, float]] = {
    name: {k: float(v) for k, v in values.items()}
    for name, values in {
        "city_car": CITY_CAR,
        "hatchback": HATCHBACK,
        "notchback": NOTCHBACK,
        "fastback": FASTBACK,
        "estate": ESTATE,
        "suv": SUV,
        "large_suv": LARGE_SUV,
        "large_saloon": LARGE_SALOON,
    }.items()
}

TAYCAN = FASTBACK | {
    "wheelbase": 2900, "front_overhang": 925, "rear_overhang": 1138, "overall_width": 1966,
    "overall_height": 1381, "ground_clearance": 128, "tyre_diameter": 700, "tyre_width": 275,
    "nose_height": 0.62, "cowl_setback": 0.18, "roof_end_drop": 110, "belt_ratio": 0.62, "fender_flare": 32,
    "backlight_angle": 19, "deck_length": 200, "deck_rise": 75, "spoiler": 24, "windscreen_angle": 64,
    "shoulder_width": 60, "tumblehome": 27,
}  # fmt: skip
EQS = FASTBACK | {
    "wheelbase": 3210, "front_overhang": 860, "rear_overhang": 1146, "overall_width": 1926,
    "overall_height": 1512, "ground_clearance": 140, "tyre_diameter": 735, "tyre_width": 255,
    "nose_height": 0.70, "cowl_setback": 0.085, "hood_crown": 50, "cowl_rise": 50, "windscreen_angle": 65,
    "roof_end_drop": 130, "roof_peak": 0.3, "backlight_angle": 19.5, "deck_length": 170, "deck_rise": 110,
    "belt_ratio": 0.60, "boat_tail_angle": 5,
}  # fmt: skip
FIAT_500 = CITY_CAR | {
    "wheelbase": 2300, "front_overhang": 690, "rear_overhang": 556, "overall_width": 1627,
    "overall_height": 1488, "ground_clearance": 130, "nose_roundness": 240, "tail_roundness": 130,
    "roof_camber": 60, "hood_crown": 45, "backlight_angle": 55,
}  # fmt: skip
GOLF = HATCHBACK | {"wheelbase": 2636, "front_overhang": 858, "rear_overhang": 790, "overall_width": 1789}

#: FIELD.md 10: name to (kind, parameters that differ from the defaults)
PRODUCTION_CARS: dict[str, tuple[str, dict[str, float]]] = {
    "Fiat 500 (2007)": ("city car", FIAT_500),
    "VW Golf 8": ("hatchback", GOLF),
    "BMW 3 Series G20": ("notchback saloon", NOTCHBACK),
    "Tesla Model 3": ("fastback saloon", FASTBACK),
    "Porsche Taycan": ("low fastback", TAYCAN),
    "Audi Q5": ("SUV", SUV),
    "Volvo XC90": ("large SUV", LARGE_SUV),
    "Mercedes EQS": ("large one-bow saloon", EQS),
}
