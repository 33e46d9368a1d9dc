"""The words that a brief understands, as data: comparisons, body types, moods, sizes, wishes and stop words.

Every phrase is lower case, its words separated by one blank; hyphens count as blanks; phrases of a group are
separated by commas. A word that is not here is reported to the writer, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from .vocabulary import phrases

K = TypeVar("K")
AT_MOST, AT_LEAST, ABOUT, EXACTLY, BETTER_THAN = "at most", "at least", "about", "exactly", "better than"


def _grouped(groups: Mapping[K, str]) -> dict[str, K]:
    """Phrase to its group."""
    return {phrase: key for key, text in groups.items() for phrase in phrases(text)}


def _numbers(text: str) -> dict[str, float]:
    """``"a -0.1, b 0.2"`` as a mapping."""
    return {name: float(value) for name, value in (item.split() for item in phrases(text))}


#: comparisons: phrase to operator
COMPARISONS: Mapping[str, str] = _grouped(
    {
        AT_MOST: """
            at most, at the most, no more than, not more than, not over, not above, not exceeding, not
            exceed, never exceed, must not exceed, should not exceed, does not exceed, under, below,
            beneath, less than, smaller than, fewer than, up to, max, maximum, maximum of, a maximum of,
            max of, no greater than, not greater than, no bigger than, no larger than, within, limited
            to, capped at, cap of, or less, or lower, or below, or under, or smaller, at maximum, at
            max, tops, upper limit, upper limit of, inside, <=, <, ≤, ⩽, =<
        """,
        AT_LEAST: """
            at least, at the least, no less than, not less than, not under, not below, over, above, more
            than, greater than, larger than, bigger than, exceeding, exceeds, in excess of, min,
            minimum, minimum of, a minimum of, min of, no smaller than, not smaller than, or more, or
            higher, or above, or greater, or over, or larger, at minimum, at min, upwards of, from,
            lower limit, lower limit of, >=, >, ≥, ⩾, =>
        """,
        ABOUT: """
            about, around, roughly, approximately, approx, circa, ca, nearly, almost, some, close to,
            near, in the region of, more or less, ~, ≈, or so, in the order of
        """,
        EXACTLY: """
            exactly, precisely, equal to, equals, fixed at, locked at, locked to, fixed to, =, ==
        """,
        BETTER_THAN: "better than, or better, no worse than, not worse than, as good as",
    }
)

#: comparisons that name the dimension too: phrase to (operator, candidates; the one within reach is meant)
DIRECTED: Mapping[str, tuple[str, tuple[str, ...]]] = _grouped(
    {
        (AT_LEAST, ("overall_length",)): "longer than",
        (AT_MOST, ("overall_length",)): "no longer than, not longer than",
        (AT_MOST, ("overall_length", "overall_height")): "shorter than",
        (AT_LEAST, ("overall_length", "overall_height")): "no shorter than, not shorter than",
        (AT_LEAST, ("overall_width",)): "wider than, no narrower than",
        (AT_MOST, ("overall_width",)): "no wider than, not wider than, narrower than",
        (AT_LEAST, ("overall_height",)): "taller than, higher than, no lower than, not lower than",
        (AT_MOST, ("overall_height",)): """
            no taller than, not taller than, no higher than, not higher than, lower than
        """,
        (AT_LEAST, ("body_mass",)): "heavier than, no lighter than",
        (AT_MOST, ("body_mass",)): "no heavier than, not heavier than, lighter than",
    }
)

#: what an adjective after a number means: "4.7 m long"
MEASURED_BY: Mapping[str, tuple[str, ...]] = _grouped(
    {
        ("overall_length",): "long, in length",
        ("overall_width",): "wide, in width, broad",
        ("overall_height",): "tall, high, in height",
        ("body_mass",): "heavy",
    }
)
#: what a bare number of a kind may mean: the one whose reach holds it
BARE: Mapping[str, tuple[str, ...]] = {
    "length": ("overall_length", "overall_height", "overall_width"),
    "volume": ("luggage_volume", "cabin_volume"),
    "area": ("frontal_area",),
    "mass": ("body_mass",),
}
#: what stands between the three dimensions of "4.3 m x 1.8 m x 1.45 m", and what they are
TIMES = frozenset(phrases("x, by, ×"))
THREE_DIMENSIONS = ("overall_length", "overall_width", "overall_height")

#: body types: phrase to the family's archetype
BODIES: Mapping[str, str] = _grouped(
    {
        "city_car": "city car, citycar, microcar, micro car, kei car, supermini, runabout",
        "hatchback": "hatchback, hatch, hot hatch, family hatchback",
        "notchback": """
            notchback, saloon, sedan, three box, 3 box, three box saloon, notchback saloon, berline
        """,
        "fastback": """
            fastback, liftback, coupe, coupé, four door coupe, four door coupé, fastback saloon,
            fastback sedan, sportback, gran coupe, grand tourer, gran turismo, gt, fastback coupe
        """,
        "estate": """
            estate, wagon, station wagon, estate car, shooting brake, touring, tourer, kombi, avant
        """,
        "suv": """
            suv, crossover, off roader, offroader, 4x4, sport utility vehicle, soft roader, compact suv
        """,
        "large_suv": "large suv, full size suv, big suv, seven seat suv, luxury suv",
        "large_saloon": """
            large saloon, large sedan, big saloon, big sedan, limousine, limo, luxury saloon, luxury
            sedan, executive saloon, executive sedan, full size sedan, full size saloon, one bow saloon,
            one bow
        """,
    }
)

#: moods: phrase to a key of SHIFTS
MOODS: Mapping[str, str] = _grouped(
    {
        "calm": """
            calm, calmer, serene, quiet, understated, clean, simple, minimal, minimalist, restrained
        """,
        "elegant": "elegant, graceful, refined, luxurious, premium, stately",
        "sporty": "sporty, sportier, sportive, sports, dynamic, athletic",
        "aggressive": "aggressive, angry",
        "muscular": "muscular, powerful, strong",
        "rugged": """
            rugged, robust, tough, adventurous, outdoor, off road, offroad, sturdy
        """,
        "compact": "compact, more compact, small, smaller, little, tiny, mini",
        "large": "large, larger, big, bigger, full size, fullsize",
        "sleek": "sleek, sleeker, flowing, smooth, slim, slender, swoopy",
        "aero": "slippery, streamlined, aerodynamic, aero, efficient, teardrop",
        "low": "low, lower, low slung, low riding, ground hugging, squat",
        "tall": "tall, taller, high, higher",
        "upright": "upright",
        "boxy": "boxy, square, angular, cubic",
        "round": "rounded, rounder, round, soft, softer, curvy, bubbly, friendly, cute",
        "wide": "wide, wider, broad, broader, planted, wide stance, wide bodied",
        "narrow": "narrow, narrower",
        "long": "long, longer, stretched",
        "short": "short, shorter, stubby",
        "wedge": "wedge, wedge shaped, wedgy",
        "cab forward": "cab forward",
        "long hood": "long nosed, long hood, long bonnet, long bonneted",
        "short deck": "short deck",
        "airy": "airy, glassy, light filled",
        "roomy": "roomy, roomier, more spacious, spacious, commodious",
        "practical": "practical, family, versatile",
        "light": "light, lighter, lightweight, light weight",
        "futuristic": "futuristic, modern",
        "stable": "stable",
    }
)

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
        0.2, windscreen_angle 0.12, belt_slope 0.12, wheel_inset -0.15, spoiler 0.1, front_overhang
        -0.08
    """),
    "aggressive": _numbers("""
        belt_slope 0.2, fender_flare 0.25, nose_height -0.1, nose_roundness -0.2, spoiler 0.2,
        overall_height -0.08
    """),
    "muscular": _numbers("""
        fender_flare 0.3, shoulder_width 0.25, tyre_width 0.15, belt_ratio 0.12, side_crown 0.1
    """),
    "rugged": _numbers("""
        ground_clearance 0.25, tyre_diameter 0.18, wheel_arch_gap 0.2, fender_flare 0.25,
        windscreen_angle -0.12, nose_height 0.15, chin_rise 0.2, front_overhang -0.1
    """),
    "sleek": _numbers("""
        overall_height -0.08, windscreen_angle 0.15, nose_roundness 0.1, tumblehome 0.1, backlight_angle
        -0.08, hood_crown 0.08
    """),
    "aero": _numbers("""
        windscreen_angle 0.15, nose_roundness 0.15, boat_tail_angle 0.15, overall_height -0.06,
        mirror_scale -0.2, ground_clearance -0.06, wheel_arch_gap -0.15
    """),
    "upright": _numbers("""
        windscreen_angle -0.25, backlight_angle 0.2, nose_height 0.15, tumblehome -0.15
    """),
    "boxy": _numbers("""
        windscreen_angle -0.2, backlight_angle 0.25, nose_roundness -0.25, roof_camber -0.15,
        nose_height 0.15, tumblehome -0.2, side_crown -0.15, tail_roundness -0.25
    """),
    "round": _numbers("""
        nose_roundness 0.25, roof_camber 0.2, tail_roundness 0.25, side_crown 0.2, hood_crown 0.2,
        sill_radius 0.15
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
        windscreen_angle 0.15, cowl_setback -0.15, nose_roundness 0.1, mirror_scale -0.2
    """),
    "stable": _numbers("overall_width 0.1, overall_height -0.05, wheel_inset -0.15"),
}

#: wishes that a mood brings with it: (direction, quantity)
MOOD_WISHES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "aero": (("minimise", "drag_coefficient"),),
    "roomy": (("maximise", "cabin_volume"),),
    "practical": (("maximise", "luggage_volume"),),
    "light": (("minimise", "body_mass"),),
    "stable": (("maximise", "static_stability_factor"),),
}

#: sizes: +1 more of what follows, -1 less
SIZES: Mapping[str, int] = _grouped(
    {
        1: """
            long, high, tall, wide, broad, big, large, great, generous, ample, good, huge, steep,
            strong, wider, longer, higher, taller, bigger, larger, plenty of, lots of, a lot of, much,
            more, deep, pronounced, roomy, spacious, raked, fast, thick, fat
        """,
        -1: """
            short, low, narrow, small, little, tiny, shorter, lower, narrower, smaller, less, minimal,
            reduced, slim, shallow, flat, thin, light, upright, subtle, gentle
        """,
    }
)
SIZE_SHIFT = 0.22  # share of a parameter's range that one size adjective moves it
#: adjectives whose sense for a part is not "more of its parameter"
ODD_SIZES: Mapping[tuple[str, str], int] = {
    ("steep", "backlight_angle"): 1,
    ("flat", "backlight_angle"): -1,
    ("raked", "backlight_angle"): -1,
    ("fast", "backlight_angle"): -1,
    ("steep", "windscreen_angle"): -1,
    ("upright", "windscreen_angle"): -1,
    ("upright", "backlight_angle"): 1,
    ("flat", "windscreen_angle"): 1,
    ("low", "windscreen_angle"): 1,
}

#: superlatives and verbs of wishing: phrase to +1 (maximise) or -1 (minimise)
WISHES: Mapping[str, int] = _grouped(
    {
        -1: """
            as little, as low, as small, as few, minimise, minimize, minimising, minimizing, least,
            lowest, smallest, lowest possible, smallest possible, least possible, minimum, minimal,
            reduce, cut, keep down
        """,
        1: """
            as much, as big, as large, as high, as great, as generous, as many, maximise, maximize,
            maximising, maximizing, most, largest, biggest, highest, greatest, largest possible, biggest
            possible, highest possible, most possible, maximum, increase, as good
        """,
    }
)
#: superlatives that name their quantity: phrase to (direction, quantity)
WHOLE_WISHES: Mapping[str, tuple[int, str]] = _grouped(
    {
        (-1, ""): "as little as possible",
        (1, ""): "as much as possible",
        (1, "overall_height"): "as high as possible, as tall as possible",
        (1, "overall_length"): "as large as possible, as big as possible, as long as possible",
        (-1, "overall_length"): "as short as possible, as compact as possible, as small as possible",
        (-1, "overall_height"): "as low as possible",
        (-1, "overall_width"): "as narrow as possible",
        (1, "overall_width"): "as wide as possible",
        (-1, "body_mass"): "as light as possible",
        (1, "cabin_volume"): "as roomy as possible, as spacious as possible",
        (-1, "drag_coefficient"): """
            as slippery as possible, as aerodynamic as possible, as streamlined as possible, as
            efficient as possible
        """,
        (1, "luggage_volume"): "as practical as possible",
        (1, "static_stability_factor"): "as stable as possible",
    }
)

#: phrases for room above tall heads: the rows meant
_TALL = tuple(
    f"{a} {b}"
    for a in ("tall", "very tall", "big")
    for b in ("passengers", "people", "occupants", "adults", "persons", "men", "folk", "friends")
)
_ROOMS = ("head room", "headroom", "room", "space", "enough head room", "enough headroom", "head clearance")
TALL_ROOM: Mapping[str, tuple[str, ...]] = {
    **{f"{r} for {t}": ("front", "rear") for r in _ROOMS for t in _TALL},
    **{
        f"{r} for {t} in the {s}": (w,)
        for r in _ROOMS
        for t in _TALL
        for s, w in (("rear", "rear"), ("back", "rear"), ("front", "front"))
    },
    **{f"{s} {r} for {t}": (s,) for s in ("front", "rear") for r in ("head room", "headroom") for t in _TALL},
    **{
        f"{r} for {t}": ("front",)
        for r in _ROOMS
        for t in ("tall drivers", "a tall driver", "very tall drivers", "the tall driver")
    },
}

NEGATIONS = frozenset(phrases("avoid, don't, isn't, neither, never, no, non, nor, not, without, zero"))
SOFT = frozenset(
    phrases("""
        hopefully, ideally, if possible, nice to have, optionally, preferably, would be nice
    """)
)
FIRM = frozenset(
    phrases("""
        has to, has to be, must, must be, must have, need, needs, required, shall
    """)
)
CONFIDENCE = frozenset(phrases("confidence, certainty, probability, sure, confident"))
INTENSITY: Mapping[str, float] = _grouped(
    {
        1.6: "very, super",
        1.8: "extremely, ultra",
        1.5: "really",
        1.0: "quite",
        0.8: "rather, fairly",
        0.5: "slightly, a bit, a little",
        0.6: "somewhat",
        0.7: "moderately",
    }
)

#: separators of clauses; "and" and "but" may pass the quantity on
JOINS = frozenset(phrases("&, and, but, or, plus"))
BREAKS = frozenset(
    phrases("""
        featuring, having, plus, that, then, whereas, which, while, whose, with, yet
    """)
)

STOPS = frozenset(
    phrases(
        """
        a, about, also, an, are, as, at, auto, automobile, be, been, being, bodied, body, build, by,
        can, car, cars, could, create, design, did, do, does, draw, even, featuring, feel, feeling,
        figure, for, generate, get, give, gives, giving, got, had, has, have, having, here, i, i'd, i'm,
        in, into, is, it, it's, its, just, keep, keeping, kind, let, lets, like, limit, look, looking,
        looks, make, may, me, my, number, of, offer, offering, offers, on, one, only, onto, our,
        overall, please, possible, provide, provides, providing, s, shape, shaped, should, so, sort,
        still, style, styled, target, than, that, the, there, these, this, those, to, too, total, type,
        us, value, vehicle, want, wanted, wants, we, we'd, we're, which, whose, will, with, would, you,
        your
        """
    )
)
