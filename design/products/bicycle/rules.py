"""What no frame builder can join, or nobody can ride: each rule with its numbers and the mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...family.contract import Broken
from ...messages import say
from .definition import Definition, define
from .fit import front_axle, post_shown, widest_tyre
from .materials import alloy

WELD_MM = 4.0  # of bare head tube between two weld seams
FORK_MM = (325.0, 575.0)  # track fork on a 622 mm wheel; suspension fork of 150 mm travel
LEAST_TYRE_MM = 23.0
POST_MM = (25.0, 400.0)  # collar and least post shown; longest post less what must stay inside
WIDER = 1.3  # a tube may be so much wider than the one that it is mitred to: beyond, its wings do not meet


def broken_rules(values: Mapping[str, float]) -> list[Broken]:
    """Those that `values` break, in the order of :data:`RULES`."""
    d = define(values)
    found = [(name, rule(d)) for name, rule in RULES.items()]
    return [Broken(name, reason) for name, reason in found if reason]


def _tubes_apart_on_head_tube(d: Definition) -> str:
    p = d.p
    apart = p["head_tube_length"] - p["head_tube_lower"] - p["head_tube_upper"]
    least = 0.53 * (p["top_tube_diameter"] + p["down_tube_diameter"]) + WELD_MM
    if apart >= least:
        return ""
    return say(
        "top tube and down tube meet the head tube {apart:.0f} mm apart, at least {least:.0f} mm are needed "
        "between their axes; raise head_tube_length, or lower head_tube_lower, head_tube_upper or "
        "down_tube_diameter",
        apart=apart,
        least=least,
    )


def _tubes_inside_head_tube(d: Definition) -> str:
    p = d.p
    for end, place, name in (("lower", "head_tube_lower", "down"), ("upper", "head_tube_upper", "top")):
        least = 0.5 * p[f"{name}_tube_diameter"] + 2.0
        if p[place] < least:
            return say(
                "the down tube's axis meets the head tube {place:.0f} mm above its lower end, at least "
                "{least:.0f} mm are needed; raise head_tube_lower or lower down_tube_diameter"
                if end == "lower"
                else "the top tube's axis meets the head tube {place:.0f} mm below its upper end, at least "
                "{least:.0f} mm are needed; raise head_tube_upper or lower top_tube_diameter",
                place=p[place],
                least=least,
            )
    return ""


def _top_tube_above_down_tube(d: Definition) -> str:
    height = d.p["seat_tube_length"] - d.p["seat_tube_extension"]
    least = 0.5 * (d.p["shell_diameter"] + d.p["top_tube_diameter"]) + 60.0
    if height >= least:
        return ""
    return say(
        "the top tube meets the seat tube {height:.0f} mm above the bottom bracket, at least {least:.0f} mm "
        "are needed; lower seat_tube_extension or raise seat_tube_length",
        height=height,
        least=least,
    )


def _chain_stays_on_shell(d: Definition) -> str:
    p = d.p
    radius, inset = 0.5 * p["chain_stay_diameter"], p["chain_stay_inset"]
    if inset < 0.8 * radius:
        return say(
            "the chain stays' axes lie {inset:.0f} mm inside the shell's ends, at least {least:.0f} mm are "
            "needed; raise chain_stay_inset or lower chain_stay_diameter",
            inset=inset,
            least=0.8 * radius,
        )
    apart = p["shell_width"] - 2.0 * inset
    if apart >= 2.0 * radius + 2.0:
        return ""
    return say(
        "the chain stays' axes are {apart:.0f} mm apart on the shell, at least {least:.0f} mm are needed; "
        "lower chain_stay_inset or chain_stay_diameter, or raise shell_width",
        apart=apart,
        least=2.0 * radius + 2.0,
    )


def _tyre_fits(d: Definition) -> str:
    tyre = widest_tyre(d)
    if tyre >= LEAST_TYRE_MM:
        return ""
    return say(
        "a tyre of {tyre:.0f} mm is the widest that fits a 622 mm rim, at least {least:.0f} mm are needed; "
        "raise chain_stay_length, shell_width or dropout_spacing, or lower chain_stay_inset or "
        "chain_stay_diameter",
        tyre=tyre,
        least=LEAST_TYRE_MM,
    )


def _fork_exists(d: Definition) -> str:
    length = front_axle(d)[1]
    low, high = FORK_MM
    if low <= length <= high:
        return ""
    return say(
        "a fork of {length:.0f} mm would hold the front axle level, the shortest has {low:.0f} mm; raise "
        "stack or lower head_tube_length"
        if length < low
        else "a fork of {length:.0f} mm would hold the front axle level, the longest has {high:.0f} mm; "
        "lower stack or raise head_tube_length",
        length=length,
        low=low,
        high=high,
    )


def _seat_post_fits(d: Definition) -> str:
    shown = post_shown(d)
    low, high = POST_MM
    if low <= shown <= high:
        return ""
    return say(
        "{shown:.0f} mm of seat post are left for the rider whom the frame's stack and reach suit, at least "
        "{low:.0f} mm are needed; lower seat_tube_length"
        if shown < low
        else "the rider whom the frame's stack and reach suit needs {shown:.0f} mm of seat post, at most "
        "{high:.0f} mm can be had; raise seat_tube_length",
        shown=shown,
        low=low,
        high=high,
    )


def _tubes_meet_wide_ones(d: Definition) -> str:
    for tube, other in (
        ("down_tube", "head_tube"),
        ("top_tube", "head_tube"),
        ("top_tube", "seat_tube"),
        ("down_tube", "shell"),
        ("seat_tube", "shell"),
    ):
        wide, base = d.p[f"{tube}_diameter"], d.p[f"{other}_diameter"]
        if wide > WIDER * base:
            return say(
                "a tube of {wide:.0f} mm meets one of {base:.0f} mm, at most {most:.0f} mm can be mitred to "
                "it; lower {tube} or raise {other}",
                wide=wide,
                base=base,
                most=WIDER * base,
                tube=f"{tube}_diameter",
                other=f"{other}_diameter",
            )
    return ""


def _walls_not_too_thin(d: Definition) -> str:
    kind = alloy(d.p)
    for name in ("head_tube", "top_tube", "down_tube", "seat_tube", "chain_stay", "seat_stay"):
        diameter, wall = d.p[f"{name}_diameter"], d.p[f"{name}_wall"]
        least = diameter / kind.most_slender
        if wall < least:
            return say(
                "a tube of {material} of {diameter:.0f} mm has a wall of {wall:.2f} mm, below {least:.2f} mm "
                "it dents and buckles; raise {name}",
                material=kind.name,
                diameter=diameter,
                wall=wall,
                least=least,
                name=f"{name}_wall",
            )
    return ""


RULES: dict[str, Callable[[Definition], str]] = {
    "tubes-apart-on-head-tube": _tubes_apart_on_head_tube,
    "tubes-inside-head-tube": _tubes_inside_head_tube,
    "top-tube-above-bottom-bracket": _top_tube_above_down_tube,
    "chain-stays-on-shell": _chain_stays_on_shell,
    "tyre-fits": _tyre_fits,
    "fork-exists": _fork_exists,
    "seat-post-fits": _seat_post_fits,
    "tubes-meet-wide-ones": _tubes_meet_wide_ones,
    "walls-thick-enough": _walls_not_too_thin,
}
