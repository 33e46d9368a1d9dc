"""What quantities are called: the words of a family's lexicon, and those of predicted numbers.

The families' own parameter names ("front overhang") are synonyms without being written anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from ...design.family.lexicon import Lexicon, QuantityWords
from ...design.language.blocks import phrases

#: predicted by the surrogate: name to (unit, meaning)
PREDICTED: Mapping[str, tuple[str, str]] = {
    "drag_coefficient": ("1", "Aerodynamic drag coefficient Cd, referred to the frontal area."),
    "lift_coefficient": (
        "1",
        "Aerodynamic lift coefficient Cl, referred to the frontal area; upward positive.",
    ),
    "drag_area": ("m2", "Drag coefficient times frontal area, CdA."),
}

#: limits outside these are slips of the pen (26 for 0.26), whatever the family
PLAUSIBLE: Mapping[str, tuple[float, float]] = {
    "drag_coefficient": (0.05, 1.5),
    "lift_coefficient": (-2.0, 2.0),
    "drag_area": (0.01, 5.0),
}

#: how people speak of what is predicted, whatever the family
PREDICTED_WORDS = QuantityWords(
    synonyms={
        "drag_coefficient": """
            coefficient of drag, cd, cx, cw, c d, cd value, cw value, cx value, drag, air drag, air
            resistance, aerodynamic drag, aerodynamic resistance, drag value, cd figure, aero drag,
            风阻系数, 风阻, 阻力系数, 空气阻力系数, cd值, cw值, 气动阻力系数, 风阻值
        """,
        "lift_coefficient": "coefficient of lift, cl, lift, aerodynamic lift, 升力系数, 升力",
        "drag_area": """
            cda, cd a, cdxa, cd x a, cd times a, cd times area, scx, drag area, 阻力面积, 风阻面积
        """,
    },
    better={"low": "drag_coefficient, drag_area, lift_coefficient"},
    alternates={("drag_coefficient", "area"): "drag_area"},  # "drag below 0.6 m2"
    superlatives={
        (-1, "drag_coefficient"): """
            as slippery as possible, as aerodynamic as possible, as streamlined as possible, as
            efficient as possible
        """
    },
)


def sources(lexicon: Lexicon) -> tuple[QuantityWords, QuantityWords]:
    """Where words of quantities are looked up: the family's first."""
    return lexicon.quantities, PREDICTED_WORDS


def synonyms_of(lexicon: Lexicon, name: str, code: str = "") -> tuple[str, ...]:
    """Phrases for a quantity in any language, its own name first; `code` is the standard's name for it."""
    own = [name.replace("_", " ")]
    own.extend(t.names[name].lower() for t in lexicon.tongues.values() if name in t.names)
    for words in sources(lexicon):
        own.extend(phrases(words.synonyms.get(name, "")))
    if code:
        own.append(code.lower())
    spelt = [
        s.replace(one, other) for one, other in lexicon.quantities.spellings.items() for s in own if one in s
    ]
    return tuple(dict.fromkeys([*own, *spelt]))


@lru_cache(maxsize=64)
def better_of(lexicon: Lexicon) -> Mapping[str, str]:
    """Quantity to ``low`` or ``high``: what is better when nobody says."""
    rows = [(way, block) for words in sources(lexicon) for way, block in words.better.items()]
    return {name: way for way, block in rows for name in phrases(block)}


def alternate_of(lexicon: Lexicon, name: str, kind: str) -> str:
    """The quantity that is meant by the name of one when its number has a unit of that kind."""
    found = (words.alternates.get((name, kind)) for words in sources(lexicon))
    return next((other for other in found if other), name)


def group_phrases(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(phrase, the quantities that it names at once)."""
    for words in sources(lexicon):
        yield from ((phrase, names) for block, names in words.groups.items() for phrase in phrases(block))


def feature_phrases(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """(phrase of a part that people qualify with an adjective, its parameter)."""
    rows = lexicon.quantities.features.items()
    return ((phrase, parameter) for parameter, block in rows for phrase in phrases(block))


def place_phrases(lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """(phrase of a place, the part of a quantity's name that it picks from a group)."""
    rows = lexicon.quantities.places.items()
    return ((phrase, place) for place, block in rows for phrase in phrases(block))


@lru_cache(maxsize=64)
def inverted(lexicon: Lexicon) -> frozenset[str]:
    """Parts whose "big" is a small value of their parameter."""
    return frozenset(phrases(lexicon.quantities.inverted))
