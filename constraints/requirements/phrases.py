"""What a product's words mean in a brief: its quantities, parts, body types and moods, in every language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from ...design.family.contract import Family
from ...design.family.lexicon import QuantityWords
from ...design.language.blocks import phrases
from ...design.language.clauses import Table, compiled, general_entries
from ...design.language.linked import Vocabulary
from ...design.language.looks import looks_of
from ...design.language.tokens import keys_of
from ...design.language.units import UNIT_KEYS
from .quantity import Quantity, quantities
from .vocabulary import (
    alternate_of,
    feature_phrases,
    group_phrases,
    names_of_measures,
    parts_of,
    place_phrases,
    sources,
)


@cache
def dictionary(family: Family) -> Table:
    """Phrases of a family with their readings: of numbers and of looks."""
    return compiled(_entries(family), looks_of(family.lexicon), family.lexicon.size)


@cache
def vocabulary(family: Family) -> Vocabulary:
    """What the reader of numbers must know of a family."""
    lexicon = family.lexicon
    return Vocabulary(
        quantities(family),
        lexicon.quantities.bare,
        _axes(family),
        lambda name, kind: alternate_of(lexicon, name, kind),
        frozenset(lexicon.quantities.places),
        {name: measures for _, measures in parts_of(family) for name in measures.values()},
        {name: way for way, block in lexicon.quantities.measured_from.items() for name in phrases(block)},
    )


@cache
def spelt_words(family: Family) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words of its quantities' names, which may be misspelt, and every word that means something."""
    table = dictionary(family)
    named = (keys for keys, readings in table.readings.items() if "quantity" in readings)
    names = {w for keys in named for w in keys if w.isascii()}
    return tuple(sorted(names)), table.known | {w for keys in UNIT_KEYS for w in keys}


@cache
def silent_parts(family: Family) -> frozenset[str]:
    """Words of the product's parts that say nothing by themselves: "doors", "mirrors"."""
    tongues = family.lexicon.tongues.values()
    return frozenset(w for t in tongues for phrase in phrases(t.stops) for w in keys_of(phrase))


#: what such words speak of where a product does not say it
AXES = {"long": "overall_length", "wide": "overall_width", "tall": "overall_height", "deep": "overall_depth",
        "heavy": "mass"}  # fmt: skip


def _axes(family: Family) -> Mapping[str, tuple[str, ...]]:
    known = quantities(family)
    usual = {axis: (name,) for axis, name in AXES.items()}
    said = {**usual, **family.lexicon.quantities.axes}
    return {axis: tuple(n for n in names if n in known) for axis, names in said.items()}


def _entries(family: Family) -> Iterator[tuple[str, str, Any]]:
    """(kind of reading, phrase, payload); of two entries of one kind the first counts."""
    yield from family_entries(family)
    yield from general_entries(_axes(family))


def family_entries(family: Family) -> Iterator[tuple[str, str, Any]]:
    """What the product's own words mean, in the form of :func:`general_entries`."""
    lexicon, known = family.lexicon, quantities(family)
    yield from _named(family, known)
    yield from _starting_points(family)
    for wish in family.default_wishes:
        yield from (("lift", phrase, wish) for phrase in (*wish.lift, *wish.lift_unspaced))
    for words in sources(lexicon):
        yield from _own(words, known)
    for noun in {family.noun.lower(), *(t.noun.lower() for t in lexicon.tongues.values())} - {""}:
        yield from ((kind, phrase, True) for kind in ("stop", "product") for phrase in (noun, f"{noun}s"))


def _named(family: Family, known: Mapping[str, Quantity]) -> Iterator[tuple[str, str, Any]]:
    """Quantities and parts by name."""
    parameters = {p.name for p in family.parameters}
    for phrase, group in group_phrases(family.lexicon):
        names = tuple(n for n in group if n in known)
        if names:
            yield "quantity", phrase, names
    for phrase, parameter in feature_phrases(family.lexicon):
        if parameter in parameters:
            yield "feature", phrase, (parameter,)
    for phrase, place in place_phrases(family.lexicon):
        yield "place", phrase, place
    for name, quantity in known.items():
        for phrase in quantity.synonyms:
            yield "quantity", phrase, (name,)
            if phrase.isascii():
                yield "quantity", phrase + "s", (name,)
    figures = {p for words in sources(family.lexicon) for block in words.figures for p in phrases(block)}
    for block, measures in parts_of(family):
        for part in block:
            yield from (("measures", p, measures) for p in figures if p != part and _of_part(p, part))
            yield "measures", part, measures
            if part in figures:
                continue  # 钢管直径 says steel too
            yield from (
                ("quantity", phrase, (name,))
                for measure, name in measures.items()
                for phrase in names_of_measures(part, measure)
            )


def _of_part(phrase: str, part: str) -> bool:
    """Whether a phrase is of a part: "plywood seat", "seat in birch ply"."""
    blank = " " if part.isascii() else ""
    return phrase.endswith(f"{blank}{part}") or phrase.startswith(f"{part}{blank}")


def _starting_points(family: Family) -> Iterator[tuple[str, str, Any]]:
    """Body types and moods."""
    lexicon, parameters = family.lexicon, {p.name for p in family.parameters}
    bodies = [
        (phrase, body)
        for tongue in lexicon.tongues.values()
        for body, block in tongue.bodies.items()
        for phrase in phrases(block)
    ]
    for phrase, archetype in [*bodies, *((a.replace("_", " "), a) for a in family.archetypes)]:
        if archetype in family.archetypes:
            yield "body", phrase, archetype
    for tongue in lexicon.tongues.values():
        for mood, block in tongue.moods.items():
            if parameters.intersection(lexicon.moods.get(mood, ())):
                yield from (("mood", phrase, mood) for phrase in phrases(block))


def _own(words: QuantityWords, known: Collection[str]) -> Iterator[tuple[str, str, Any]]:
    """Sizes, superlatives of `known` quantities, figures and stop words of a family or a study."""
    for direction, block in words.sizes.items():
        yield from (("size", phrase, direction) for phrase in phrases(block))
    for wish, block in words.superlatives.items():
        if wish[1] in known:
            yield from (("whole_wish", phrase, wish) for phrase in phrases(block))
    for bundle in words.bundles:
        named_so = (bundle.name.replace("_", " "), *phrases(bundle.words))
        yield from (("figures", phrase, bundle.figures) for phrase in named_so)
    for block, figures in words.figures.items():
        yield from (("figures", phrase, figures) for phrase in phrases(block))
    yield from (("stop", phrase, True) for phrase in phrases(words.stops))
