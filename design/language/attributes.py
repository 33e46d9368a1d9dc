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
from types import MappingProxyType

from ..errors import InputError
from ..family.contract import Family
from . import words_en, words_zh

THIRDS: tuple[str, str, str] = ("low", "middle", "high")
MAX_TOKENS = 24
NONE = "<none>"


@dataclass(frozen=True)
class Attribute:
    """One visible property and its words.

    Attributes:
        name: stable key, the first half of its tokens (``wheelbase:high``).
        label: as people read it.
        measure: the parameter, or the family's measure with a `sum_of`, whose value decides; the span of a
            sum is that of its parts' declared ranges, so that every body lies inside it.
        low_means, high_means: the two ends in a few words.
        views: the views in which it can be read off a drawing: those in which a third of its span changes at
            least 50 pixels' worth of tone at base size. For the spoiler, 20 mm a third, that is none.
        words: language to (low, middle, high), each a text block of :mod:`.words_en`'s form.
    """

    name: str
    label: str
    measure: str
    low_means: str
    high_means: str
    views: tuple[str, ...]
    words: Mapping[str, tuple[str, str, str]]


_BOTH = ("side", "three_quarter")
_FRONT = ("three_quarter",)  # lies along the line of sight in the side view


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
    _attribute("nose_edge", "nose_roundness", "sharp / rounded", _FRONT, label="nose rounding"),
    _attribute("cab", "cowl_setback", "forward, short hood / rearward, long hood", label="cab position"),
    _attribute("windscreen", "windscreen_angle", "upright / raked"),
    _attribute("roof", "roof_end_drop", "level / falling", label="roofline"),
    _attribute("backlight", "backlight_angle", "sloping / upright", label="rear window"),
    _attribute("deck", "deck_length", "short / long", label="rear deck"),
    _attribute("belt", "belt_ratio", "low, tall windows / high, slim windows", label="belt line"),
    _attribute("wedge", "belt_slope", "level / rising", label="belt slope"),
    _attribute("wheels", "tyre_diameter", "small / big"),
    _attribute("spoiler", "spoiler", "none / big", ()),
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
    return tuple(a for a in ATTRIBUTES if names.issuperset(parts_of(family, a.measure)))


def parts_of(family: Family, measure: str) -> tuple[str, ...]:
    """The parameters whose sum a measure is: itself, or those of its `sum_of`."""
    return family.sums.get(measure, (measure,))


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
    parts = parts_of(family, attribute(name).measure)
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
