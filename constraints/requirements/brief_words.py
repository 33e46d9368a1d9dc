"""The words that a brief understands, as data: comparisons, body types, moods, sizes, wishes and stop words.

Every phrase is lower case, its words separated by one blank; hyphens count as blanks; phrases of a group are
separated by commas. A word that is not here is reported to the writer, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ...design.language import moods, words_en
from ...design.language.words_en import phrases

K = TypeVar("K")
AT_MOST, AT_LEAST, ABOUT, EXACTLY, BETTER_THAN = "at most", "at least", "about", "exactly", "better than"


def _grouped(groups: Mapping[K, str]) -> dict[str, K]:
    """Phrase to its group."""
    return {phrase: key for key, text in groups.items() for phrase in phrases(text)}


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

#: body types: phrase to the family's archetype; the words are those of the concept sketches
BODIES: Mapping[str, str] = _grouped(words_en.BODIES)
#: moods: phrase to a key of SHIFTS
MOODS: Mapping[str, str] = _grouped(words_en.MOODS)
#: shift of the starting point as a share of each parameter's range
SHIFTS: Mapping[str, Mapping[str, float]] = moods.SHIFTS

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
