"""The words of any brief, as data: comparisons, sizes, wishes, degrees and stop words.

What a family's words mean (body types, moods, parts, superlatives of its own) stands in its lexicon.
Every phrase is lower case, its words separated by one blank; hyphens count as blanks; phrases of a group are
separated by commas. A word that is not here is reported to the writer, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ...design.language.blocks import phrases

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

#: comparisons that name the dimension too: phrase to (operator, axes; the one within reach is meant)
DIRECTED: Mapping[str, tuple[str, tuple[str, ...]]] = _grouped(
    {
        (AT_LEAST, ("long",)): "longer than",
        (AT_MOST, ("long",)): "no longer than, not longer than",
        (AT_MOST, ("long", "tall")): "shorter than",
        (AT_LEAST, ("long", "tall")): "no shorter than, not shorter than",
        (AT_LEAST, ("wide",)): "wider than, no narrower than",
        (AT_MOST, ("wide",)): "no wider than, not wider than, narrower than",
        (AT_LEAST, ("tall",)): "taller than, higher than, no lower than, not lower than",
        (AT_MOST, ("tall",)): """
            no taller than, not taller than, no higher than, not higher than, lower than
        """,
        (AT_LEAST, ("heavy",)): "heavier than, no lighter than",
        (AT_MOST, ("heavy",)): "no heavier than, not heavier than, lighter than",
    }
)

#: what an adjective after a number means: "4.7 m long"
MEASURED_BY: Mapping[str, str] = _grouped(
    {
        "long": "long, in length",
        "wide": "wide, in width, broad",
        "tall": "tall, high, in height",
        "heavy": "heavy",
    }
)
#: what stands between the three dimensions of "4.3 m x 1.8 m x 1.45 m", and what they are
TIMES = frozenset(phrases("x, by, ×"))
THREE_AXES = ("long", "wide", "tall")

#: sizes: +1 more of what follows, -1 less
SIZES: Mapping[str, int] = _grouped(
    {
        1: """
            long, high, tall, wide, broad, big, large, great, generous, ample, good, huge, steep,
            strong, wider, longer, higher, taller, bigger, larger, plenty of, lots of, a lot of, much,
            more, deep, pronounced, thick, fat
        """,
        -1: """
            short, low, narrow, small, little, tiny, shorter, lower, narrower, smaller, less, minimal,
            reduced, slim, shallow, flat, thin, light, subtle, gentle
        """,
    }
)
SIZE_SHIFT = 0.22  # share of a parameter's range that one size adjective moves it
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
#: superlatives by what they speak of: an axis of `QuantityWords.axes`, or "" for the quantity beside them
WHOLE_WISHES: Mapping[str, tuple[int, str]] = _grouped(
    {
        (-1, ""): "as little as possible",
        (1, ""): "as much as possible",
        (1, "tall"): "as high as possible, as tall as possible",
        (1, "long"): "as long as possible",
        (-1, "long"): "as short as possible",
        (-1, "tall"): "as low as possible",
        (-1, "wide"): "as narrow as possible",
        (1, "wide"): "as wide as possible",
        (-1, "heavy"): "as light as possible",
    }
)

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
        a, about, also, an, are, as, at, be, been, being, bodied, body, build, by, can, could, create,
        design, did, do, does, draw, even, featuring, feel, feeling, figure, for, generate, get, give,
        gives, giving, got, had, has, have, having, here, i, i'd, i'm, in, into, is, it, it's, its, just,
        keep, keeping, kind, let, lets, like, limit, look, looking, looks, make, may, me, my, number, of,
        offer, offering, offers, on, one, only, onto, our, overall, please, possible, provide, provides,
        providing, s, shape, shaped, should, so, sort, still, style, styled, target, than, that, the, there,
        these, this, those, to, too, total, type, us, value, want, wanted, wants, we, we'd, we're, which,
        whose, will, with, would, you, your
        """
    )
)
