"""What quantities are called: the words of a family's lexicon, and those of the studies that are installed.

The families' own parameter names ("front overhang") are synonyms without being written anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from ...design.family.contract import Family
from ...design.family.lexicon import Lexicon, QuantityWords
from ...design.language import relations_en, relations_zh
from ...design.language.blocks import phrases
from ...design.plugins import names
from ...surrogate.studies.registry import ENTRY_POINT_GROUP, get_study


@lru_cache(maxsize=8)
def _words_of(studies: tuple[str, ...]) -> tuple[QuantityWords, ...]:
    return tuple(get_study(name).words for name in studies)


def sources(lexicon: Lexicon) -> tuple[QuantityWords, ...]:
    """Where words of quantities are looked up: the family's first."""
    return (lexicon.quantities, *_words_of(names(ENTRY_POINT_GROUP)))


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


@cache
def parts_of(family: Family) -> tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]:
    """(names of a part, its measures and their quantities): as the lexicon says, the rest by the names of
    parameters and measures ("seat_width" measures a seat)."""
    lexicon = family.lexicon
    known = [*(p.name for p in family.parameters), *(m.name for m in family.measure_list)]
    found = [
        (phrases(block), {m: n for m, n in measures.items() if n in known})
        for block, measures in lexicon.quantities.parts.items()
    ]
    said = {name for _, measures in found for name in measures.values()}
    own: dict[str, dict[str, str]] = {}
    for name in known:
        stem, _, measure = name.rpartition("_")
        if stem not in ("", *_WHOLE) and name not in said and measure in relations_en.PART_MEASURES:
            own.setdefault(stem, {})[measure] = name
    for stem, measures in own.items():
        features = [p for p, n in feature_phrases(lexicon) if n in measures.values()]
        found.append((tuple(dict.fromkeys([stem.replace("_", " "), *features])), measures))
    return tuple(found)


#: no part: the product itself, and adjectives
_WHOLE = frozenset(["overall", "body", "total", "usable", "max", "peak"])


def names_of_measures(part: str, measure: str) -> Iterator[str]:
    """What the measure of a part may be called: "width of the tyres", 轮胎宽度."""
    if not part.isascii():
        yield from (
            f"{part}{the}{noun}"
            for the in ("", "的")
            for noun in phrases(relations_zh.PART_MEASURES[measure])
        )
        return
    for noun in phrases(relations_en.PART_MEASURES[measure]):
        yield from (f"{part} {noun}", f"{noun} of the {part}", f"{noun} of {part}")
