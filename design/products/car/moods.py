"""Moods as directions in the space of parameters: a brief shifts along them, and a body is judged by them."""

from __future__ import annotations

from collections.abc import Mapping


def _numbers(text: str) -> dict[str, float]:
    """``"a -0.1, b 0.2"`` as a mapping."""
    return {name: float(value) for name, value in (item.split() for item in text.split(",") if item.strip())}


#: shift of the starting point as a share of each parameter's range
SHIFTS: Mapping[str, Mapping[str, float]] = {
    "low": _numbers("overall_height -0.14, ground_clearance -0.08"),
    "tall": _numbers("overall_height 0.18"),
    "long": _numbers("wheelbase 0.15, rear_overhang 0.1, front_overhang 0.05"),
    "short": _numbers("wheelbase -0.15, rear_overhang -0.1, front_overhang -0.05"),
    "wide": _numbers("overall_width 0.2, wheel_inset -0.2, tyre_width 0.15"),
    "narrow": _numbers("overall_width -0.2, tyre_width -0.1"),
    "compact": _numbers("""
        wheelbase -0.18, front_overhang -0.12, rear_overhang -0.15, overall_width -0.12
    """),
    "large": _numbers("""
        wheelbase 0.18, front_overhang 0.08, rear_overhang 0.12, overall_width 0.15
    """),
    "calm": _numbers("""
        belt_slope -0.15, fender_flare -0.15, spoiler -0.1, nose_roundness 0.15, side_crown 0.1,
        hood_crown 0.1, diffuser_angle -0.05
    """),
    "elegant": _numbers("""
        wheelbase 0.08, deck_length 0.05, belt_slope -0.05, tumblehome 0.08, fender_flare -0.1
    """),
    "sporty": _numbers("""
        overall_height -0.12, ground_clearance -0.08, tyre_diameter 0.1, tyre_width 0.2, fender_flare
        0.2, windscreen_angle 0.12, belt_slope 0.12, spoiler 0.1, front_overhang -0.08, tumblehome 0.12
    """),
    "aggressive": _numbers("""
        belt_slope 0.2, fender_flare 0.25, nose_height -0.1, nose_roundness -0.2, spoiler 0.2,
        overall_height -0.08
    """),
    "muscular": _numbers("""
        fender_flare 0.3, shoulder_width 0.25, tyre_width 0.15, belt_ratio 0.12, side_crown 0.1
    """),
    "rugged": _numbers("""
        ground_clearance 0.25, tyre_diameter 0.18, fender_flare 0.25,
        windscreen_angle -0.12, nose_height 0.15, chin_rise 0.2, front_overhang -0.1
    """),
    "sleek": _numbers("""
        overall_height -0.08, windscreen_angle 0.15, nose_roundness 0.1, tumblehome 0.1, backlight_angle
        -0.08, hood_crown 0.08
    """),
    "aero": _numbers("""
        windscreen_angle 0.15, nose_roundness 0.15, boat_tail_angle 0.15, overall_height -0.06,
        ground_clearance -0.06
    """),
    "upright": _numbers("""
        windscreen_angle -0.25, backlight_angle 0.2, nose_height 0.15, tumblehome -0.15
    """),
    "boxy": _numbers("""
        windscreen_angle -0.2, backlight_angle 0.25, nose_roundness -0.25, roof_camber -0.15,
        nose_height 0.15, tumblehome -0.2, side_crown -0.15, tail_roundness -0.25, crease_sharpness 0.2
    """),
    "round": _numbers("""
        nose_roundness 0.25, roof_camber 0.2, tail_roundness 0.25, side_crown 0.2, hood_crown 0.2,
        crease_sharpness -0.25
    """),
    "wedge": _numbers("belt_slope 0.3, nose_height -0.2, deck_rise 0.15, roof_peak 0.1"),
    "cab forward": _numbers("cowl_setback -0.25, windscreen_angle 0.15"),
    "long hood": _numbers("cowl_setback 0.3, front_overhang -0.05"),
    "short deck": _numbers("deck_length -0.2, rear_overhang -0.1"),
    "airy": _numbers("belt_ratio -0.25, tumblehome -0.05"),
    "roomy": _numbers("overall_height 0.08, wheelbase 0.1, tumblehome -0.1"),
    "practical": _numbers("overall_height 0.05, tumblehome -0.05"),
    "light": _numbers("overall_width -0.08, wheelbase -0.05"),
    "futuristic": _numbers("""
        windscreen_angle 0.15, cowl_setback -0.15, nose_roundness 0.1
    """),
    "stable": _numbers("overall_width 0.1, overall_height -0.05, wheel_inset -0.15"),
}
