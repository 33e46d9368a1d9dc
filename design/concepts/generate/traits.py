"""What holds for a design: its attributes' places, its body type where that is clear, its moods. No mesh.

A mood holds by the direction in the space of parameters that a brief shifts along for the same word
(`Lexicon.moods`). A body type holds when the design lies near that archetype, and clearly nearer
than to the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from ...arrays import FloatArray, IntArray
from ...family.contract import Family
from ...family.lexicon import Attribute, Lexicon
from ...family.parameters import ends_of
from ...language.attributes import (
    THIRDS,
    attribute_value,
    attributes_of,
    bodies_of,
    moods_of,
    parts_of,
    third_of,
)

BODY_REACH = 0.62  # weighted distance within which an archetype's name still fits
BODY_CLEAR = 0.80  # the nearest archetype must be at most this share of the next one's distance
MOOD_HOLDS = 1.0  # standard deviations of a uniform draw above the middle


@dataclass(frozen=True)
class Space:
    """A family's parameters as arrays, for judging many designs quickly.

    Attributes:
        names: parameters in order (P).
        low, width: where their axes of the unit cube begin, and how long they are (P,).
        attributes: the attributes that hold for the family (A).
        sums: (A, P) gives each attribute's place in its span, 0..1, of unit-cube rows.
        moods: the moods of which the family has at least two parameters (M).
        mood_weights, mood_offsets: (M, P) and (M,) give each mood's score of unit-cube rows.
        bodies: the archetypes that have words (B).
        body_columns, body_weights: which attributes tell them apart, and how much each counts.
        body_numbers: more numbers of a design that do (`Lexicon.also_by`).
        body_rows: the archetypes' features (B, F).
    """

    names: tuple[str, ...]
    low: FloatArray
    width: FloatArray
    attributes: tuple[Attribute, ...]
    sums: FloatArray
    moods: tuple[str, ...]
    mood_weights: FloatArray
    mood_offsets: FloatArray
    bodies: tuple[str, ...]
    body_columns: IntArray
    body_weights: FloatArray
    body_numbers: tuple[tuple[float, Callable[[Mapping[str, float]], float]], ...]
    body_rows: FloatArray

    def unit(self, values: Mapping[str, float]) -> FloatArray:
        """The design in the unit cube, shape (P,)."""
        row = np.array([values[n] for n in self.names], dtype=np.float64)
        return np.asarray((row - self.low) / self.width)

    def shares(self, unit: FloatArray) -> FloatArray:
        """Each attribute's place in its span, 0..1: shape (..., A) of unit rows (..., P)."""
        return np.asarray(unit @ self.sums.T)

    def mood_scores(self, unit: FloatArray) -> FloatArray:
        """Each mood's score, shape (..., M): 0 in the middle of the space, 1 one standard deviation above."""
        return np.asarray(unit @ self.mood_weights.T + self.mood_offsets)

    def features(self, values: Mapping[str, float], shares: FloatArray) -> FloatArray:
        """What tells body types apart, weighted, shape (F,)."""
        more = [weight * number(values) for weight, number in self.body_numbers]
        return np.append(shares[self.body_columns] * self.body_weights, more)

    def body(self, values: Mapping[str, float], shares: FloatArray) -> str | None:
        """The body type where it is clear; `shares` as of :meth:`shares`."""
        if not self.bodies:
            return None
        apart = self.body_rows - self.features(values, shares)
        found = np.sqrt((apart * apart).sum(axis=1))
        order = np.argsort(found)
        nearest = float(found[order[0]])
        if nearest > BODY_REACH or (len(order) > 1 and nearest > BODY_CLEAR * float(found[order[1]])):
            return None
        return self.bodies[int(order[0])]


def space_of(family: Family) -> Space:
    """The family's :class:`Space`, made once."""
    return _space(family.declaration_hash, family)


@cache
def _space(_: str, family: Family) -> Space:
    parameters = family.parameters
    names = tuple(p.name for p in parameters)
    place = {n: i for i, n in enumerate(names)}
    low, high = ends_of(family.declaration)
    width = high - low
    held, lexicon = attributes_of(family), family.lexicon
    sums = np.zeros((len(held), len(names)))
    for row, a in enumerate(held):
        columns = [place[part] for part in parts_of(family, a.measure)]
        sums[row, columns] = width[columns] / width[columns].sum()
    weights = lexicon.told_apart_by or {a.name: 1.0 for a in held}
    telling = {a.name: i for i, a in enumerate(held) if a.name in weights}
    whole = 0 < len(telling) == len(weights)
    space = Space(
        names=names,
        low=low,
        width=width,
        attributes=held,
        sums=sums,
        **_mood_rows(place, lexicon),
        bodies=tuple(b for b in bodies_of(lexicon) if b in family.archetypes) if whole else (),
        body_columns=np.array(list(telling.values()), dtype=np.int64),
        body_weights=np.array([weights[name] for name in telling]),
        body_numbers=lexicon.also_by,
        body_rows=np.zeros((0, 0)),
    )
    rows = []
    for body in space.bodies:
        values = {**family.defaults(), **family.archetypes[body]}
        rows.append(space.features(values, space.shares(space.unit(values))))
    return replace(space, body_rows=np.array(rows)) if rows else space


def _mood_rows(place: Mapping[str, int], lexicon: Lexicon) -> dict[str, Any]:
    """A mood's score is the mean of its parameters' places in their ranges, each turned the mood's way and
    weighted as the mood has it, less one half, over that mean's standard deviation for a uniform draw."""
    moods, weights = [], []
    for mood in moods_of(lexicon):
        shares = {n: s for n, s in lexicon.moods.get(mood, {}).items() if n in place}
        if len(shares) < 2:
            continue
        row = np.zeros(len(place))
        for n, s in shares.items():
            row[place[n]] = s
        moods.append(mood)
        weights.append(row / (math.sqrt(1.0 / 12.0) * float(np.linalg.norm(row))))
    matrix = np.array(weights).reshape(len(moods), len(place))
    return {"moods": tuple(moods), "mood_weights": matrix, "mood_offsets": -0.5 * matrix.sum(axis=1)}


def body_distances(family: Family, values: Mapping[str, float]) -> dict[str, float]:
    """Weighted distance of a design to each archetype that has words, nearest first."""
    space = space_of(family)
    if not space.bodies:
        return {}
    found = np.linalg.norm(space.body_rows - space.features(values, space.shares(space.unit(values))), axis=1)
    return dict(sorted(zip(space.bodies, found.tolist(), strict=True), key=lambda pair: float(pair[1])))


def body_type(family: Family, values: Mapping[str, float]) -> str | None:
    """The archetype whose name a designer would give the body; None where that is not clear."""
    space = space_of(family)
    return space.body(values, space.shares(space.unit(values)))


def mood_scores(family: Family, values: Mapping[str, float]) -> dict[str, float]:
    """Each mood's score for a design; it holds at `MOOD_HOLDS` and above."""
    space = space_of(family)
    return dict(zip(space.moods, space.mood_scores(space.unit(values)).tolist(), strict=True))


def word_misses(family: Family, values: Mapping[str, float], tokens: Sequence[str]) -> FloatArray:
    """How far each token is from being true of a design, 0 where it is.

    An attribute: thirds of its span from the asked one. A body type: share by which another archetype lies
    nearer. A mood: standard deviations short of where it holds.
    """
    space = space_of(family)
    unit = space.unit(values)
    shares = dict(zip((a.name for a in space.attributes), space.shares(unit).tolist(), strict=True))
    found = np.zeros(len(tokens))
    for k, token in enumerate(tokens):
        kind, plain, negated = meaning(token)
        if kind == "body":
            distances = body_distances(family, values)
            if plain in distances:
                found[k] = 1.0 - min(distances.values()) / max(distances[plain], 1e-12)
        elif kind == "mood":
            score = mood_scores(family, values).get(plain, math.inf)
            found[k] = max(0.0, score if negated else MOOD_HOLDS - score)
        elif kind in shares:
            third = THIRDS.index(plain)
            low = third / 3.0 if third > 0 else -math.inf
            high = (third + 1) / 3.0 if third < 2 else math.inf
            place = shares[kind]
            outside = max(low - place, place - high)
            found[k] = 3.0 * max(0.0, -outside if negated else outside)
    return found


def meaning(token: str) -> tuple[str, str, bool]:
    """Kind of a token, what it says, and whether it says "not"."""
    kind, _, state = token.partition(":")
    return kind, state.removeprefix("not_"), state.startswith("not_")


def holds(family: Family, values: Mapping[str, float], token: str) -> bool:
    """Whether a token is true of a design. A mood's "not" holds below the middle of the space."""
    kind, plain, negated = meaning(token)
    if kind == "body":
        return body_type(family, values) == plain
    if kind == "mood":
        score = mood_scores(family, values).get(plain)
        return score is not None and (score < 0.0 if negated else score >= MOOD_HOLDS)
    third = THIRDS[third_of(family, kind, attribute_value(family, values, kind))]
    return (third == plain) != negated
