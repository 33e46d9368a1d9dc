"""From tokens to phrases with readings, and from phrases to clauses.

A phrase may have several readings ("long" is a mood, a size and the direction of a length); which one holds
is decided by its clause in :mod:`.sentence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...design.family.contract import Family
from .brief_words import (
    BODIES,
    BREAKS,
    COMPARISONS,
    CONFIDENCE,
    DIRECTED,
    FIRM,
    INTENSITY,
    JOINS,
    MEASURED_BY,
    MOODS,
    NEGATIONS,
    SHIFTS,
    SIZES,
    SOFT,
    STOPS,
    TALL_ROOM,
    WHOLE_WISHES,
    WISHES,
)
from .quantity import quantities
from .tokens import Amount, Token, amount_at
from .vocabulary import FEATURES, GROUPS

Readings = Mapping[str, Any]
#: punctuation that carries nothing
IGNORED = frozenset({"-", "'", "/", ":", "(", ")", "[", "]", '"', "`", "*", "_"})
#: readings that carry a payload, and those that are just so
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "compare": COMPARISONS,
    "directed": DIRECTED,
    "measured_by": MEASURED_BY,
    "size": SIZES,
    "wish": WISHES,
    "whole_wish": WHOLE_WISHES,
    "tall_room": TALL_ROOM,
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
    known = quantities(family)
    parameters = {p.name for p in family.parameters}
    for kind, table, allowed in (("quantity", GROUPS, set(known)), ("feature", FEATURES, parameters)):
        for phrase, group in table.items():
            names = tuple(n for n in group if n in allowed)
            if names:
                yield kind, phrase, names
    for name, quantity in known.items():
        for phrase in quantity.synonyms:
            yield "quantity", phrase, (name,)
            yield "quantity", phrase + "s", (name,)
    for phrase, archetype in [*BODIES.items(), *((a.replace("_", " "), a) for a in family.archetypes)]:
        if archetype in family.archetypes:
            yield "body", phrase, archetype
            yield "body", phrase + "s", archetype
    for phrase, mood in MOODS.items():
        if parameters.intersection(SHIFTS[mood]):
            yield "mood", phrase, mood
    for wish in family.default_wishes:
        yield from (("lift", phrase, wish) for phrase in (*wish.lift, *wish.lift_unspaced))
    yield from ((kind, p, payload) for kind, words in _TABLES.items() for p, payload in words.items())
    yield from ((kind, p, True) for kind, words in _FLAGS.items() for p in words)


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


def clauses_of(phrases: Sequence[Phrase]) -> list[Clause]:
    """Split at punctuation, "and", "with" and their kin; separators themselves belong to no clause."""
    clauses = [Clause([], False, True)]
    for phrase in phrases:
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
