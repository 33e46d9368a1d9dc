"""What the car's declaration was before; designs, CFD runs and models made under it are carried over.

Each table is a declaration as it was released (name, low, high, default, unit). Beside it: what stands in
place of what has been dropped since, and where what is new leaves the body as it was.
"""

from __future__ import annotations

from ...family.earlier import Earlier, Held

#: what the body has in place of the parameters of BEFORE_NAMED_OPTIONS that have been dropped since:
#: :func:`.definition.derived`, in numbers
HELD = {
    "sill_radius": Held(50.0),
    "tail_drop": Held(5.0, {"deck_length": 0.05}),
    "diffuser_length": Held(0.0, {"rear_overhang": 0.48}),
    "mirror_scale": Held(1.0 - 0.3e-3 * 1450.0, {"overall_height": 0.3e-3}),
}
#: of the parameters that are new since, the value at which the body is as it was
FRESH = {"side_sculpture": 0.0, "crease_sharpness": 0.0}

BEFORE_NAMED_OPTIONS = (
    ("wheelbase", 2250, 3300, 2800, "mm"),
    ("front_overhang", 680, 1000, 850, "mm"),
    ("rear_overhang", 550, 1200, 920, "mm"),
    ("overall_width", 1620, 2020, 1840, "mm"),
    ("overall_height", 1300, 1850, 1450, "mm"),
    ("ground_clearance", 105, 250, 145, "mm"),
    ("tyre_diameter", 570, 785, 670, "mm"),
    ("tyre_width", 165, 285, 225, "mm"),
    ("wheel_inset", 4, 45, 15, "mm"),
    ("wheel_arch_gap", 25, 70, 42, "mm"),
    ("fender_flare", 0, 45, 15, "mm"),
    ("nose_height", 0.58, 0.86, 0.72, "1"),
    ("nose_roundness", 60, 280, 150, "mm"),
    ("nose_sweep", 60, 280, 170, "mm"),
    ("hood_crown", 0, 60, 25, "mm"),
    ("cowl_setback", 0.08, 0.28, 0.17, "1"),
    ("cowl_rise", -30, 90, 30, "mm"),
    ("belt_ratio", 0.55, 0.67, 0.615, "1"),
    ("belt_slope", -0.5, 3.5, 1.2, "deg"),
    ("windscreen_angle", 42, 66, 59, "deg"),
    ("roof_peak", 0.1, 0.6, 0.3, "1"),
    ("roof_camber", 10, 90, 40, "mm"),
    ("roof_end_drop", 15, 130, 70, "mm"),
    ("tumblehome", 10, 32, 22, "deg"),
    ("shoulder_width", 5, 90, 40, "mm"),
    ("side_crown", 10, 90, 40, "mm"),
    ("backlight_angle", 15, 70, 32, "deg"),
    ("deck_length", 20, 560, 220, "mm"),
    ("deck_rise", -60, 125, 45, "mm"),
    ("tail_drop", 0, 120, 40, "mm"),
    ("boat_tail_angle", 0, 12, 5, "deg"),
    ("tail_roundness", 25, 140, 60, "mm"),
    ("tail_rake", -4, 18, 6, "deg"),
    ("spoiler", 0, 60, 12, "mm"),
    ("diffuser_angle", 0, 14, 6, "deg"),
    ("diffuser_length", 200, 800, 500, "mm"),
    ("chin_rise", 0, 120, 40, "mm"),
    ("sill_radius", 30, 120, 60, "mm"),
    ("mirror_scale", 0.6, 1.3, 1.0, "1"),
    ("lamp_height", 60, 180, 110, "mm"),
)

#: latest first
EARLIER = (Earlier(BEFORE_NAMED_OPTIONS, HELD, FRESH),)
