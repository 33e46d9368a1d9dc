"""What a family's words mean for its designs: attributes as thirds of declared ranges; the token vocabulary.

An attribute is a number that shows in a drawing: a parameter, or a sum of a few. Its words hold by thirds of
its declared range (low, middle, high), so that a body read back from a drawing can be checked against the
words that it was drawn for. Nothing here needs a mesh.

The words stand in the family's lexicon (:mod:`..family.lexicon`). An attribute whose measure the family lacks
never describes it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ..errors import InputError
from ..family.contract import Family
from ..family.lexicon import Attribute, Lexicon

THIRDS: tuple[str, str, str] = ("low", "middle", "high")
MAX_TOKENS = 24
NONE = "<none>"
#: kinds of tokens that are no attributes
_OTHERS = frozenset({"body", "mood"})


@lru_cache(maxsize=64)
def bodies_of(lexicon: Lexicon) -> tuple[str, ...]:
    """The archetypes that have words, in the lexicon's order."""
    return tuple(dict.fromkeys(b for tongue in lexicon.tongues.values() for b in tongue.bodies))


@lru_cache(maxsize=64)
def moods_of(lexicon: Lexicon) -> tuple[str, ...]:
    """The moods that are not just one end of an attribute, in the lexicon's order."""
    named = dict.fromkeys(m for tongue in lexicon.tongues.values() for m in tongue.moods)
    return tuple(m for m in named if m not in lexicon.mood_is_attribute)


@lru_cache(maxsize=64)
def vocabulary_of(lexicon: Lexicon) -> tuple[str, ...]:
    """Every canonical token in a fixed order, the empty one first: what a model trained now would learn."""
    return tuple(_vocabulary(lexicon))


def vocabulary_hash(vocabulary: Sequence[str]) -> str:
    """Identity of the words that a text encoder was trained for."""
    return hashlib.sha256("\n".join(vocabulary).encode()).hexdigest()


def _vocabulary(lexicon: Lexicon) -> Iterator[str]:
    yield NONE
    yield from (f"body:{b}" for b in bodies_of(lexicon))
    for a in lexicon.attributes:
        yield from (f"{a.name}:{state}" for state in (*THIRDS, "not_low", "not_high"))
    for mood in moods_of(lexicon):
        yield f"mood:{mood}"
        yield f"mood:not_{mood}"


@lru_cache(maxsize=64)
def _places(vocabulary: tuple[str, ...]) -> Mapping[str, int]:
    return {token: i for i, token in enumerate(vocabulary)}


@lru_cache(maxsize=64)
def _by_name(lexicon: Lexicon) -> Mapping[str, Attribute]:
    return {a.name: a for a in lexicon.attributes}


def attribute(lexicon: Lexicon, name: str) -> Attribute:
    """The attribute of that name, or :class:`InputError` naming those that exist."""
    known = _by_name(lexicon)
    if name not in known:
        raise InputError(f"attribute {name!r} is not known; known: {', '.join(known) or 'none'}")
    return known[name]


def attributes_of(family: Family) -> tuple[Attribute, ...]:
    """The attributes whose measure the family has, in its lexicon's order."""
    names = {p.name for p in family.parameters}
    return tuple(a for a in family.lexicon.attributes if names.issuperset(parts_of(family, a.measure)))


def parts_of(family: Family, measure: str) -> tuple[str, ...]:
    """The parameters whose sum a measure is: itself, or those of its `sum_of`. A sum's span is the sum of
    their declared ranges, so that every body lies inside it and its thirds need no figure of their own."""
    return family.sums.get(measure, (measure,))


def attribute_value(family: Family, values: Mapping[str, float], name: str) -> float:
    """The attribute's number for a design, in its parameter's unit.

    Raises:
        InputError: an attribute that is not known, or that the family does not have.
    """
    return sum(float(values[part]) for part in _held(family, name))


def span_of(family: Family, name: str) -> tuple[float, float]:
    """(low, high) of the attribute: its parameter's declared range, or the sum of several; a whole number's
    reaches half a step beyond its ends, so that each value has an equal share of the thirds."""
    parts = _held(family, name)
    ends = [p.range.ends for p in family.parameters if p.name in parts]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _held(family: Family, name: str) -> tuple[str, ...]:
    parts = parts_of(family, attribute(family.lexicon, name).measure)
    if not {p.name for p in family.parameters}.issuperset(parts):
        raise InputError(f"family {family.name!r} has no attribute {name!r}")
    return parts


def third_of(family: Family, name: str, value: float) -> int:
    """0, 1 or 2: the third of the attribute's span that holds `value`; beyond an end counts as that end."""
    low, high = span_of(family, name)
    return min(2, max(0, math.floor(3.0 * (value - low) / (high - low))))


def token_ids(tokens: Iterable[str], vocabulary: Sequence[str]) -> list[int]:
    """Place of each token in a vocabulary.

    Raises:
        InputError: for a token that is not in it.
    """
    places = _places(tuple(vocabulary))
    try:
        return [places[token] for token in tokens]
    except KeyError as error:
        raise InputError(f"token {error.args[0]!r} is not in the vocabulary") from None


def canonical(tokens: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The tokens in the vocabulary's order, each once: the form in which captions and readings agree."""
    vocabulary = vocabulary_of(lexicon)
    return tuple(vocabulary[i] for i in sorted(set(token_ids(tokens, vocabulary))))


def attribute_tokens(tokens: Sequence[str]) -> dict[str, int]:
    """{attribute: third} of the tokens that fix one."""
    pairs = (token.partition(":") for token in tokens)
    return {a: THIRDS.index(s) for a, _, s in pairs if a not in _OTHERS and s in THIRDS}


def words_of(
    lexicon: Lexicon, token: str, language: str, choose: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:
    """The phrases for a token in a language; `choose` picks them out of a block. Empty for negations."""
    kind, _, state = token.partition(":")
    words = lexicon.tongue(language)
    if kind == "body":
        return choose(words.bodies.get(state, ""))
    if kind == "mood":
        return choose(words.moods.get(state, ""))
    if state in THIRDS and kind in words.attributes:
        return choose(words.attributes[kind][THIRDS.index(state)])
    return ()
