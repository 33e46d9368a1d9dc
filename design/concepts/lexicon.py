"""What design words mean: attributes as thirds of declared ranges, body types, moods; the token vocabulary.

An attribute is a number that shows in a side or three-quarter drawing: a parameter, or a quantity that
follows from a few of them. Its words hold by thirds of the parameter's declared range (low, middle, high), so
that a body read back from a drawing can be checked against the words that it was drawn for. Nothing here
needs a mesh.

The words themselves are in :mod:`.words_en` and :mod:`.words_zh`; they describe cars. A family that lacks an
attribute's measure is never described by it, and one that has none is left with views, styles and palettes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..family import Family
from . import words_en, words_zh
from .moods import SHIFTS

THIRDS: tuple[str, str, str] = ("low", "middle", "high")
MAX_TOKENS = 24
NONE = "<none>"


@dataclass(frozen=True)
class Attribute:
    """One visible property and its words.

    Attributes:
        name: stable key, the first half of its tokens (``wheelbase:high``).
        label: as people read it.
        measure: the parameter, or the derived quantity of `DERIVED`, whose value decides.
        low_means, high_means: the two ends in a few words.
        views: the views in which it can be read off a drawing.
        words: language to (low, middle, high), each a text block of :mod:`.words_en`'s form.
    """

    name: str
    label: str
    measure: str
    low_means: str
    high_means: str
    views: tuple[str, ...]
    words: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True)
class Derived:
    """A quantity that is a sum of parameters; its span is the sum of their declared ranges, so that every
    body lies inside it and the thirds need no figure of their own."""

    parts: tuple[str, ...]


DERIVED: Mapping[str, Derived] = MappingProxyType(
    {"overall_length": Derived(("front_overhang", "wheelbase", "rear_overhang"))}
)

_BOTH = ("side", "three_quarter")
_FRONT = ("three_quarter",)  # widths lie along the line of sight in the side view


def _attribute(
    name: str, measure: str, ends: str, views: tuple[str, ...] = _BOTH, label: str = ""
) -> Attribute:
    low, high = ends.split(" / ")
    words = MappingProxyType({"en": words_en.ATTRIBUTES[name], "zh": words_zh.ATTRIBUTES[name]})
    return Attribute(name, label or name.replace("_", " "), measure, low, high, views, words)


ATTRIBUTES: tuple[Attribute, ...] = (
    _attribute("length", "overall_length", "short / long"),
    _attribute("height", "overall_height", "low / tall"),
    _attribute("width", "overall_width", "narrow / wide", _FRONT),
    _attribute("clearance", "ground_clearance", "low / high", label="ground clearance"),
    _attribute("wheelbase", "wheelbase", "short / long"),
    _attribute("front_overhang", "front_overhang", "short / long"),
    _attribute("rear_overhang", "rear_overhang", "short / long"),
    _attribute("nose", "nose_height", "low / high", label="nose height"),
    _attribute("nose_edge", "nose_roundness", "sharp / rounded", label="nose rounding"),
    _attribute("cab", "cowl_setback", "forward, short hood / rearward, long hood", label="cab position"),
    _attribute("windscreen", "windscreen_angle", "upright / raked"),
    _attribute("roof", "roof_end_drop", "level / falling", label="roofline"),
    _attribute("backlight", "backlight_angle", "sloping / upright", label="rear window"),
    _attribute("deck", "deck_length", "short / long", label="rear deck"),
    _attribute("belt", "belt_ratio", "low, tall windows / high, slim windows", label="belt line"),
    _attribute("wedge", "belt_slope", "level / rising", label="belt slope"),
    _attribute("wheels", "tyre_diameter", "small / big"),
    _attribute("spoiler", "spoiler", "none / big"),
    _attribute("flare", "fender_flare", "flush / flared", _FRONT, label="wheel arches"),
    _attribute("shoulders", "shoulder_width", "slim / broad", _FRONT),
)
_BY_NAME: Mapping[str, Attribute] = MappingProxyType({a.name: a for a in ATTRIBUTES})

BODIES: tuple[str, ...] = tuple(words_en.BODIES)
#: moods that are nothing but an end of one attribute, said as an adjective of the whole car
MOOD_IS_ATTRIBUTE: Mapping[str, str] = MappingProxyType(
    {
        "low": "height:low",
        "tall": "height:high",
        "wide": "width:high",
        "narrow": "width:low",
        "long": "length:high",
        "short": "length:low",
        "cab forward": "cab:low",
        "long hood": "cab:high",
        "short deck": "deck:low",
        "airy": "belt:low",
    }
)
MOODS: tuple[str, ...] = tuple(m for m in words_en.MOODS if m not in MOOD_IS_ATTRIBUTE)


def _vocabulary() -> Iterable[str]:
    yield NONE
    yield from (f"body:{b}" for b in BODIES)
    for a in ATTRIBUTES:
        yield from (f"{a.name}:{state}" for state in (*THIRDS, "not_low", "not_high"))
    for mood in MOODS:
        yield f"mood:{mood}"
        yield f"mood:not_{mood}"


#: every canonical token in a fixed order; a token's id is its place
VOCABULARY: tuple[str, ...] = tuple(_vocabulary())
_ID: Mapping[str, int] = MappingProxyType({token: i for i, token in enumerate(VOCABULARY)})


def attribute(name: str) -> Attribute:
    """The attribute of that name, or :class:`InputError` naming those that exist."""
    if name not in _BY_NAME:
        raise InputError(f"attribute {name!r} is not known; known: {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def attributes_of(family: Family) -> tuple[Attribute, ...]:
    """The attributes whose measure the family has, in the lexicon's order."""
    names = {p.name for p in family.parameters}
    return tuple(a for a in ATTRIBUTES if names.issuperset(_parts(a.measure)))


def _parts(measure: str) -> tuple[str, ...]:
    return DERIVED[measure].parts if measure in DERIVED else (measure,)


def attribute_value(family: Family, values: Mapping[str, float], name: str) -> float:
    """The attribute's number for a design, in its parameter's unit.

    Raises:
        InputError: an attribute that is not known, or that the family does not have.
    """
    return sum(float(values[part]) for part in _held(family, name))


def span_of(family: Family, name: str) -> tuple[float, float]:
    """(low, high) of the attribute: its parameter's declared range, or the sum of several."""
    parts = _held(family, name)
    ranges = [p.range for p in family.parameters if p.name in parts]
    return sum(r.low for r in ranges), sum(r.high for r in ranges)


def _held(family: Family, name: str) -> tuple[str, ...]:
    parts = _parts(attribute(name).measure)
    if not {p.name for p in family.parameters}.issuperset(parts):
        raise InputError(f"family {family.name!r} has no attribute {name!r}")
    return parts


def third_of(family: Family, name: str, value: float) -> int:
    """0, 1 or 2: the third of the attribute's span that holds `value`; beyond an end counts as that end."""
    low, high = span_of(family, name)
    return min(2, max(0, math.floor(3.0 * (value - low) / (high - low))))


def token_ids(tokens: Iterable[str]) -> list[int]:
    """Place of each token in `VOCABULARY`.

    Raises:
        InputError: for a token that is not in it.
    """
    try:
        return [_ID[token] for token in tokens]
    except KeyError as error:
        raise InputError(f"token {error.args[0]!r} is not in the vocabulary") from None


def canonical(tokens: Iterable[str]) -> tuple[str, ...]:
    """The tokens in the vocabulary's order, each once: the form in which captions and readings agree."""
    return tuple(VOCABULARY[i] for i in sorted(set(token_ids(tokens))))


# -- what holds for a design ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Space:
    """A family's parameters as arrays, for reading many designs quickly.

    Attributes:
        names: parameters in order (P).
        low, width: their ranges (P,).
        attributes: the attributes that hold for the family (A).
        sums: (A, P) gives each attribute's place in its span, 0..1, of unit-cube rows.
        moods: the moods of which the family has at least two parameters (M).
        mood_weights, mood_offsets: (M, P) and (M,) give each mood's score of unit-cube rows.
        bodies: the archetypes that have words (B).
        body_features, body_weights: which attributes tell them apart (F), and how much each counts.
        body_rows: the archetypes' places in those attributes (B, F).
    """

    names: tuple[str, ...]
    low: NDArray[np.float64]
    width: NDArray[np.float64]
    attributes: tuple[Attribute, ...]
    sums: NDArray[np.float64]
    moods: tuple[str, ...]
    mood_weights: NDArray[np.float64]
    mood_offsets: NDArray[np.float64]
    bodies: tuple[str, ...]
    body_rows: NDArray[np.float64]
    body_features: NDArray[np.int64]
    body_weights: NDArray[np.float64]

    def unit(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """The design in the unit cube, shape (P,)."""
        return np.asarray(
            (np.array([values[n] for n in self.names], dtype=np.float64) - self.low) / self.width
        )

    def shares(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each attribute's place in its span, 0..1: shape (..., A) of unit rows (..., P)."""
        return np.asarray(unit @ self.sums.T)

    def mood_scores(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each mood's score, shape (..., M): 0 in the middle of the space, 1 one standard deviation above."""
        return np.asarray(unit @ self.mood_weights.T + self.mood_offsets)


@cache
def _space(family_name: str, _hash: str, family: Family) -> Space:
    parameters = family.parameters
    names = tuple(p.name for p in parameters)
    place = {n: i for i, n in enumerate(names)}
    low = np.array([p.range.low for p in parameters], dtype=np.float64)
    width = np.array([p.range.high - p.range.low for p in parameters], dtype=np.float64)
    held = attributes_of(family)
    sums = np.zeros((len(held), len(names)))
    for row, a in enumerate(held):
        columns = [place[part] for part in _parts(a.measure)]
        sums[row, columns] = width[columns] / width[columns].sum()
    moods, weights, offsets = _mood_rows(place)
    features = [i for i, a in enumerate(held) if a.name in BODY_FEATURES]
    body_weights = np.array([BODY_FEATURES[held[i].name] for i in features])
    bodies = tuple(b for b in BODIES if b in family.archetypes) if features else ()
    rows = []
    for body in bodies:
        values = {**family.defaults(), **family.archetypes[body]}
        unit = (np.array([values[n] for n in names], dtype=np.float64) - low) / width
        rows.append((sums @ unit)[features])
    return Space(
        names, low, width, held, sums, moods, weights, offsets, bodies,
        np.array(rows).reshape(len(bodies), len(features)), np.array(features, dtype=np.int64), body_weights,
    )  # fmt: skip


def space_of(family: Family) -> Space:
    """The family's :class:`Space`, made once."""
    return _space(family.name, family.declaration_hash, family)


def _mood_rows(
    place: Mapping[str, int],
) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]:
    """A mood's score is the mean of its parameters' places in their ranges, each turned the mood's way and
    weighted as in `SHIFTS`, less one half, over that mean's standard deviation for a uniform draw."""
    moods, weights = [], []
    for mood in MOODS:
        shares = {n: s for n, s in SHIFTS[mood].items() if n in place}
        if len(shares) < 2:
            continue
        row = np.zeros(len(place))
        for n, s in shares.items():
            row[place[n]] = s
        moods.append(mood)
        weights.append(row / (math.sqrt(1.0 / 12.0) * float(np.linalg.norm(row))))
    matrix = np.array(weights).reshape(len(moods), len(place))
    return tuple(moods), matrix, -0.5 * matrix.sum(axis=1)


#: what tells body types apart, with its weight: the rear end's shape first, then stature, then size
BODY_FEATURES: Mapping[str, float] = MappingProxyType(
    {
        "backlight": 1.6,
        "deck": 1.6,
        "height": 1.3,
        "clearance": 0.8,
        "length": 1.2,
        "wheelbase": 0.6,
        "rear_overhang": 0.8,
        "wheels": 0.5,
    }
)
BODY_REACH = 0.62  # weighted distance within which an archetype's name still fits
BODY_CLEAR = 0.80  # the nearest archetype must be at most this share of the next one's distance
MOOD_HOLDS = 1.0  # standard deviations of a uniform draw above the middle


def body_distances(family: Family, values: Mapping[str, float]) -> dict[str, float]:
    """Weighted distance of a design to each archetype that has words, nearest first."""
    space = space_of(family)
    found = _body_distances(space, space.shares(space.unit(values)))
    return dict(sorted(zip(space.bodies, found.tolist(), strict=True), key=lambda pair: pair[1]))


def _body_distances(space: Space, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    apart = (space.body_rows - shares[space.body_features]) * space.body_weights
    return np.asarray(np.sqrt((apart * apart).sum(axis=1)))


def body_type(family: Family, values: Mapping[str, float]) -> str | None:
    """The archetype whose name a designer would give the body; None where that is not clear."""
    space = space_of(family)
    return clear_body(space, space.shares(space.unit(values)))


def clear_body(space: Space, shares: NDArray[np.float64]) -> str | None:
    """:func:`body_type` where the attributes' shares (A,) are known."""
    if not space.bodies:
        return None
    found = _body_distances(space, shares)
    order = np.argsort(found)
    nearest = float(found[order[0]])
    if nearest > BODY_REACH or (len(order) > 1 and nearest > BODY_CLEAR * float(found[order[1]])):
        return None
    return space.bodies[int(order[0])]


def mood_scores(family: Family, values: Mapping[str, float]) -> dict[str, float]:
    """Each mood's score for a design; it holds at `MOOD_HOLDS` and above."""
    space = space_of(family)
    return dict(zip(space.moods, space.mood_scores(space.unit(values)).tolist(), strict=True))


#: gap kept free on both sides of a third's bounds: near them no caption says either word
MARGIN = 0.04


def holds(family: Family, values: Mapping[str, float], token: str) -> bool:
    """Whether a token is true of a design (thirds without the captions' margin)."""
    kind, _, state = token.partition(":")
    if kind == "body":
        return body_type(family, values) == state
    if kind == "mood":
        scores = mood_scores(family, values)
        if state.startswith("not_"):
            return scores.get(state[4:], 0.0) < 0.0
        return scores.get(state, -1.0) >= MOOD_HOLDS
    third = THIRDS[third_of(family, kind, attribute_value(family, values, kind))]
    return third != state[4:] if state.startswith("not_") else third == state


def attribute_tokens(tokens: Sequence[str]) -> dict[str, int]:
    """{attribute: third} of the tokens that fix one."""
    pairs = (token.partition(":") for token in tokens)
    return {a: THIRDS.index(s) for a, _, s in pairs if a in _BY_NAME and s in THIRDS}


def words_of(token: str, language: str, choose: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The phrases for a token in a language; `choose` picks them out of a text block. Empty for negations."""
    kind, _, state = token.partition(":")
    words = words_en if language == "en" else words_zh
    if kind == "body":
        return choose(words.BODIES[state])
    if kind == "mood":
        return choose(words.MOODS[state]) if state in words.MOODS else ()
    if state in THIRDS and kind in _BY_NAME:
        return choose(attribute(kind).words[language][THIRDS.index(state)])
    return ()
