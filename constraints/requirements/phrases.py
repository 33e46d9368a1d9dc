"""From tokens to phrases with readings, and from phrases to clauses.

A phrase may have several readings ("long" is a mood, a size and the direction of a length); which one holds
is decided by its clause in :mod:`.sentence`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...design.family.contract import Family
from ...design.family.lexicon import Lexicon, QuantityWords
from ...design.language.blocks import phrases
from .brief_words import (
    BREAKS,
    COMPARISONS,
    CONFIDENCE,
    DIRECTED,
    FIRM,
    INTENSITY,
    JOINS,
    MEASURED_BY,
    NEGATIONS,
    SIZES,
    SOFT,
    STOPS,
    WHOLE_WISHES,
    WISHES,
)
from .quantity import Quantity, quantities
from .tokens import Amount, Token, amount_at
from .vocabulary import feature_phrases, group_phrases, sources

Readings = Mapping[str, Any]
#: punctuation that carries nothing
IGNORED = frozenset({"-", "'", "/", ":", "(", ")", "[", "]", '"', "`", "*", "_"})
#: readings that carry a payload, and those that are just so
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "compare": COMPARISONS,
    "size": SIZES,
    "wish": WISHES,
    "intensity": INTENSITY,
}
_FLAGS: Mapping[str, Iterable[str]] = {
    "negation": NEGATIONS,
    "soft": SOFT,
    "firm": FIRM,
    "join": JOINS,
    "break": BREAKS,
    "stop": STOPS,
    "between": ("between",),
    "confidence": CONFIDENCE,
}


@dataclass(frozen=True)
class Phrase:
    """Tokens `first` to `last` (exclusive) and what they may mean; `amount` for numbers."""

    first: int
    last: int
    text: str
    readings: Readings
    amount: Amount | None = None

    def has(self, *kinds: str) -> bool:
        """Whether the phrase has one of these readings."""
        return any(k in self.readings for k in kinds)


@dataclass
class Clause:
    """Phrases between two separators; `join` tells that the separator before it passes a quantity on."""

    phrases: list[Phrase]
    join: bool
    sentence_start: bool = False
    notes: dict[str, Any] = field(default_factory=dict)


@cache
def dictionary(family: Family) -> tuple[Mapping[tuple[str, ...], Readings], int]:
    """Phrases of a family (as tuples of words) with their readings, and the longest one's length."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for kind, phrase, payload in _entries(family):
        found.setdefault(tuple(phrase.replace("-", " ").split()), {}).setdefault(kind, payload)
    return found, max(len(k) for k in found)


def _entries(family: Family) -> Iterator[tuple[str, str, Any]]:
    """(kind of reading, phrase, payload); of two entries of one kind the first counts."""
    lexicon, known = family.lexicon, quantities(family)
    yield from _named(family, known)
    yield from _starting_points(family)
    for wish in family.default_wishes:
        yield from (("lift", phrase, wish) for phrase in (*wish.lift, *wish.lift_unspaced))
    for words in sources(lexicon):
        yield from _own(words)
    yield from _along_axes(lexicon, known)
    noun = lexicon.tongue("en").noun.lower()
    yield from (("stop", phrase, True) for phrase in ((noun, f"{noun}s") if noun else ()))
    yield from ((kind, p, payload) for kind, words in _TABLES.items() for p, payload in words.items())
    yield from ((kind, p, True) for kind, words in _FLAGS.items() for p in words)


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
    for name, quantity in known.items():
        for phrase in quantity.synonyms:
            yield "quantity", phrase, (name,)
            yield "quantity", phrase + "s", (name,)


def _starting_points(family: Family) -> Iterator[tuple[str, str, Any]]:
    """Body types and moods."""
    lexicon, parameters = family.lexicon, {p.name for p in family.parameters}
    tongue = lexicon.tongue("en")
    bodies = [(phrase, body) for body, block in tongue.bodies.items() for phrase in phrases(block)]
    for phrase, archetype in [*bodies, *((a.replace("_", " "), a) for a in family.archetypes)]:
        if archetype in family.archetypes:
            yield "body", phrase, archetype
            yield "body", phrase + "s", archetype
    for mood, block in tongue.moods.items():
        if parameters.intersection(lexicon.moods.get(mood, ())):
            yield from (("mood", phrase, mood) for phrase in phrases(block))


def _own(words: QuantityWords) -> Iterator[tuple[str, str, Any]]:
    """Sizes, superlatives, figures and stop words of a family, or of predicted numbers."""
    for direction, block in words.sizes.items():
        yield from (("size", phrase, direction) for phrase in phrases(block))
    for wish, block in words.superlatives.items():
        yield from (("whole_wish", phrase, wish) for phrase in phrases(block))
    for block, figures in words.figures.items():
        yield from (("figures", phrase, figures) for phrase in phrases(block))
    yield from (("stop", phrase, True) for phrase in phrases(words.stops))


def _along_axes(lexicon: Lexicon, known: Collection[str]) -> Iterator[tuple[str, str, Any]]:
    """What "longer than", "wide" and "as low as possible" speak of, as far as the family says."""
    axes = {axis: tuple(n for n in names if n in known) for axis, names in lexicon.quantities.axes.items()}
    for phrase, (operator, along) in DIRECTED.items():
        names = tuple(n for axis in along for n in axes.get(axis, ()))
        yield ("directed", phrase, (operator, names)) if names else ("compare", phrase, operator)
    for phrase, axis in MEASURED_BY.items():
        if axes.get(axis):
            yield "measured_by", phrase, axes[axis]
    for phrase, (direction, axis) in WHOLE_WISHES.items():
        for name in axes.get(axis, ()) if axis else ("",):
            yield "whole_wish", phrase, (direction, name)


def phrases_of(text: str, tokens: Sequence[Token], family: Family) -> list[Phrase]:
    """Longest known phrases first, amounts as amounts, everything else with no reading."""
    table, longest = dictionary(family)
    found: list[Phrase] = []
    i = 0
    while i < len(tokens):
        last, readings = _longest(tokens, i, table, longest)
        amount = None
        if last - i <= 1 or tokens[i].kind != "number":
            between = bool(found) and found[-1].has("between")
            starts = tokens[i].kind == "number" or tokens[i].key in ("-", "+")
            amount = amount_at(tokens, i, between) if starts else None
        if amount is not None:
            last, readings = amount.last, {}
        elif last == i:
            last = i + 1
            readings = {"separator": tokens[i].key} if tokens[i].kind == "break" else {}
            readings = {"stop": True} if tokens[i].key in IGNORED else readings
        found.append(Phrase(i, last, text[tokens[i].start : tokens[last - 1].end], readings, amount))
        i = last
    return found


def clauses_of(read: Sequence[Phrase]) -> list[Clause]:
    """Split at punctuation, "and", "with" and their kin; separators themselves belong to no clause."""
    clauses = [Clause([], False, True)]
    for phrase in read:
        separator = phrase.readings.get("separator")
        if separator is not None or phrase.has("join", "break"):
            join = separator is None and phrase.has("join")
            if clauses[-1].phrases:
                clauses.append(Clause([], join, separator in (".", "!", "?", "\n", ";")))
            else:
                clauses[-1].join = clauses[-1].join or join
        else:
            clauses[-1].phrases.append(phrase)
    return [c for c in clauses if c.phrases]


def _longest(
    tokens: Sequence[Token], i: int, table: Mapping[tuple[str, ...], Readings], longest: int
) -> tuple[int, Readings]:
    """End index and readings of the longest phrase beginning at `i`; (`i`, {}) when none is known."""
    words: list[str] = []
    best: tuple[int, Readings] = (i, {})
    j = i
    while j < len(tokens) and len(words) < longest:
        token = tokens[j]
        if token.kind == "break":
            break
        if token.key == "-" and words:
            j += 1
            continue
        words.append(token.key)
        j += 1
        readings = table.get(tuple(words))
        if readings is not None:
            best = (j, readings)
    return best
