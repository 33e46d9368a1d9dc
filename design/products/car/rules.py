"""Named rules between the car's parameters: each says what is wrong in numbers and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...family.contract import Broken
from ...messages import say
from .definition import Definition, define

MIN_ROOF = 520.0  # mm of roof between windscreen and rear glass
MAX_CABIN_SHARE = 0.47  # of the overall height above the belt
MIN_TAIL_FACE = 330.0  # mm of rear face between diffuser and deck edge
MIN_NOSE_FACE = 230.0
METAL_OVER_ARCH = 30.0  # mm of body over a wheel arch
METAL_AT_WING = 15.0  # mm of it left where the wing's edge rounds into its side
METAL_BESIDE_ARCH = 40.0  # mm of body ahead of the front arch and behind the rear arch
MIN_FRONT_TRACK = 1200.0


def broken_rules(values: Mapping[str, float]) -> list[Broken]:
    """All rules that `values` (validated, in range) break."""
    d = define(values)
    return [Broken(name, reason) for name, rule in RULES.items() if (reason := rule(d))]


def _roof_long_enough(d: Definition) -> str:
    if d.roof_length >= MIN_ROOF:
        return ""
    return say(
        "the roof between windscreen and rear glass is {length:.0f} mm long, at least {least:.0f} mm are "
        "needed; raise backlight_angle or wheelbase, or lower deck_length or cowl_setback",
        length=d.roof_length,
        least=MIN_ROOF,
    )


def _greenhouse_low_enough(d: Definition) -> str:
    height = d.p["overall_height"] - float(d.belt(0.5 * (d.x_header + max(d.x_roof_end, d.x_header))))
    most = MAX_CABIN_SHARE * d.p["overall_height"]
    if height <= most:
        return ""
    return say(
        "the greenhouse is {height:.0f} mm tall above the belt line, at most {most:.0f} mm are allowed; "
        "raise belt_ratio or lower overall_height",
        height=height,
        most=most,
    )


def _deck_below_roof(d: Definition) -> str:
    fall = d.z_roof_end - d.z_deck
    if fall >= 160.0:
        return ""
    return say(
        "the rear glass is only {fall:.0f} mm tall, at least 160 mm are needed; lower deck_rise, belt_slope "
        "or roof_end_drop",
        fall=fall,
    )


def _tail_face_tall_enough(d: Definition) -> str:
    end = np.asarray(d.length)
    face = float(d.profile(end) - d.bottom(end))
    if face >= MIN_TAIL_FACE:
        return ""
    return say(
        "the tail is {face:.0f} mm tall between diffuser and deck, at least {least:.0f} mm are needed; lower "
        "diffuser_angle or rear_overhang, or raise deck_rise",
        face=face,
        least=MIN_TAIL_FACE,
    )


def _nose_face_tall_enough(d: Definition) -> str:
    origin = np.asarray(0.0)
    face = float(d.profile(origin) - d.bottom(origin))
    if face >= MIN_NOSE_FACE:
        return ""
    return say(
        "the nose is {face:.0f} mm tall between lip and hood, at least {least:.0f} mm are needed; raise "
        "nose_height or lower chin_rise",
        face=face,
        least=MIN_NOSE_FACE,
    )


def _arches_under_skin(d: Definition) -> str:
    for axle, x in (("front", d.x_front_axle), ("rear", d.x_rear_axle)):
        y = d.track(x) / 2.0
        xs = x + d.arch_radius * np.array([-0.5, 0.0, 0.5])
        arch = d.z_axle + np.sqrt(d.arch_radius**2 - (xs - x) ** 2)
        metal = float((d.top(xs, y) - arch).min())
        xs = x + d.arch_radius * np.linspace(-0.7, 0.7, 9)
        edge_y, edge_z = d.top_edge(xs)
        _, rounded = d.corner_reach(edge_y, edge_z - d.bottom(xs))
        arch = d.z_axle + np.sqrt(d.arch_radius**2 - (xs - x) ** 2)
        wing = float((edge_z - 0.4 * rounded - arch).min()) + METAL_OVER_ARCH - METAL_AT_WING
        metal = min(metal, wing)
        if metal < METAL_OVER_ARCH:
            return say(
                "{metal:.0f} mm of body over the front wheel arch below the hood, at least {least:.0f} mm "
                "are needed; lower tyre_diameter or wheel_arch_gap, or raise nose_height, cowl_rise or "
                "belt_ratio"
                if axle == "front"
                else "{metal:.0f} mm of body over the rear wheel arch below the deck, at least {least:.0f} "
                "mm are needed; lower tyre_diameter or wheel_arch_gap, or raise deck_rise or belt_ratio",
                metal=metal,
                least=METAL_OVER_ARCH,
            )
    return ""


def _arches_inside_ends(d: Definition) -> str:
    z = np.asarray(d.z_axle)
    for axle, x in (("front", d.x_front_axle), ("rear", d.x_rear_axle)):
        y = np.asarray(d.y_tyre_outer(x))
        end = d.nose_insets[0] * 0.5 if axle == "front" else d.length - d.tail_insets[0] * 0.5
        skin_x = float(d.place(np.asarray(end), y, z)[0])
        metal = (x - d.arch_radius - skin_x) if axle == "front" else (skin_x - x - d.arch_radius)
        if metal < METAL_BESIDE_ARCH:
            return say(
                "{metal:.0f} mm of body ahead of the front wheel arch, at least {least:.0f} mm are needed; "
                "raise front_overhang, or lower nose_sweep, or lower tyre_diameter or wheel_arch_gap"
                if axle == "front"
                else "{metal:.0f} mm of body behind the rear wheel arch, at least {least:.0f} mm are needed; "
                "raise rear_overhang, or lower tyre_diameter or wheel_arch_gap",
                metal=metal,
                least=METAL_BESIDE_ARCH,
            )
    return ""


def _wheels_reach_road_below_body(d: Definition) -> str:
    if d.z_axle - d.p["ground_clearance"] >= 40.0:
        return ""
    return say(
        "the axle is {height:.0f} mm high, at least 40 mm above the floor are needed; raise tyre_diameter "
        "or lower ground_clearance",
        height=d.z_axle,
    )


def _track_wide_enough(d: Definition) -> str:
    track = min(d.track(d.x_front_axle), d.track(d.x_rear_axle))
    if track >= MIN_FRONT_TRACK:
        return ""
    return say(
        "the track is {track:.0f} mm, at least {least:.0f} mm are needed; lower tyre_width, wheel_inset or "
        "boat_tail_angle, or raise overall_width",
        track=track,
        least=MIN_FRONT_TRACK,
    )


def _doors_between_arches(d: Definition) -> str:
    gap = d.p["wheelbase"] - 2.0 * d.arch_radius
    if gap >= 1350.0:
        return ""
    return say(
        "{gap:.0f} mm between the wheel arches, at least 1350 mm are needed for doors; raise wheelbase or "
        "lower tyre_diameter",
        gap=gap,
    )


def _roof_has_width(d: Definition) -> str:
    x = np.linspace(d.x_header, max(d.x_roof_end, d.x_header + 1.0), 9)
    width = 2.0 * float(d.half_width(x, d.profile(x) - 60.0).min())
    if width >= 720.0:
        return ""
    return say(
        "the roof is {width:.0f} mm wide at its narrowest, at least 720 mm are needed; lower tumblehome or "
        "shoulder_width, or raise overall_width",
        width=width,
    )


def _tail_clears_boot(d: Definition) -> str:
    width = 2.0 * float(d.half_width(np.asarray(d.length), 0.5 * (d.bottom(np.asarray(d.length)) + d.z_tail)))
    if width >= 0.66 * d.p["overall_width"]:
        return ""
    return say(
        "the tail is {width:.0f} mm wide, at least {least:.0f} mm are needed; lower boat_tail_angle or "
        "rear_overhang",
        width=width,
        least=0.66 * d.p["overall_width"],
    )


RULES: dict[str, Callable[[Definition], str]] = {
    "roof-long-enough": _roof_long_enough,
    "greenhouse-low-enough": _greenhouse_low_enough,
    "rear-glass-tall-enough": _deck_below_roof,
    "tail-face-tall-enough": _tail_face_tall_enough,
    "nose-face-tall-enough": _nose_face_tall_enough,
    "arches-under-skin": _arches_under_skin,
    "arches-inside-ends": _arches_inside_ends,
    "wheels-below-body": _wheels_reach_road_below_body,
    "track-wide-enough": _track_wide_enough,
    "doors-between-arches": _doors_between_arches,
    "roof-wide-enough": _roof_has_width,
    "tail-wide-enough": _tail_clears_boot,
}
