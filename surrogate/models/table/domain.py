"""Do the table's rows vouch for an answer? Ranges, categories and distance to the nearest rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....design.arrays import AnyArray, FloatArray, IntArray
from ....design.messages import listed, say, spelt
from .columns import Column
from .encoding import Feature

NEIGHBOURS = 3
PERCENTILE = 99.0
LEAST_WEIGHT = 0.1  # of a column that moves nothing, against the one that moves most
_BLOCK = 512


@dataclass(frozen=True)
class Domain:
    """Limits of validity over d columns and N rows.

    Attributes:
        features: the columns. weight: of each in distances (d,).
        anchors: rows that trained, numbers standardised, categories by their place (N x d).
        slack: how far beyond its range a number counts as inside (d,), as a share of the range.
        reach: limit of the mean distance to the nearest rows.
    """

    features: tuple[Feature, ...]
    weight: FloatArray
    anchors: FloatArray
    slack: float
    reach: float

    def nearest(self, rows: FloatArray, count: int, but_itself: bool = False) -> tuple[IntArray, FloatArray]:
        """Places (m x count) of the nearest anchors and their distances, nearest first."""
        a, b = self._spread(rows), self._spread(self.anchors)
        count = min(count, len(b) - but_itself)
        places, found = [np.zeros((0, count), dtype=np.int64)], [np.zeros((0, count))]
        size = (b * b).sum(1)
        for i in range(0, len(a), _BLOCK):
            block = a[i : i + _BLOCK]
            squared = (block * block).sum(1)[:, None] + size[None] - 2.0 * (block @ b.T)
            if but_itself:
                squared[np.arange(len(block)), np.arange(i, i + len(block))] = np.inf
            near = np.argpartition(squared, count - 1, axis=1)[:, :count]
            short = np.take_along_axis(squared, near, axis=1)
            order = np.lexsort((near, short), axis=1)
            places.append(np.take_along_axis(near, order, axis=1))
            found.append(np.sqrt(np.maximum(np.take_along_axis(short, order, axis=1), 0.0)))
        return np.vstack(places), np.vstack(found)

    def judge(self, columns: Sequence[Column], rows: FloatArray) -> tuple[FloatArray, list[str]]:
        """How far outside each row is (m,), 1 at the edge, and why; "" inside."""
        ratio = np.zeros(len(rows))
        why: list[list[str]] = [[] for _ in range(len(rows))]
        for f, c in zip(self.features, columns, strict=True):
            if f.levels:
                for i, text in enumerate(c.texts):
                    if text and text not in f.levels:
                        ratio[i] = max(ratio[i], 2.0)
                        why[i].append(
                            say(
                                "{column}: {value!r} is in no row that trained",
                                column=spelt(f.name),
                                value=text[:40],
                            )
                        )
                continue
            numbers = np.asarray(c.numbers)
            room = self.slack * max(f.high - f.low, 1e-12 + 1e-9 * abs(f.high))
            beyond = np.nan_to_num(np.maximum(f.low - numbers, numbers - f.high) / room, nan=0.0)
            for i in np.flatnonzero(beyond > 1.0).tolist():
                ratio[i] = max(ratio[i], float(beyond[i]))
                why[i].append(
                    say(
                        "{column} {value:g}: the rows that trained go from {low:g} to {high:g}",
                        column=spelt(f.name),
                        value=float(numbers[i]),
                        low=f.low,
                        high=f.high,
                    )
                )
        near = self.nearest(rows, NEIGHBOURS)[1].mean(1) / self.reach
        for i in np.flatnonzero(near > 1.0).tolist():
            why[i].append(
                say("nearest rows {more:.0f} % further away than the limit", more=100 * (float(near[i]) - 1))
            )
        return np.maximum(ratio, near), [listed(w[:4], "; ") if w else "" for w in why]

    def _spread(self, rows: FloatArray) -> FloatArray:
        """Rows in a space where squared differences add up, categories one axis each."""
        parts = []
        for j, f in enumerate(self.features):
            if f.levels:
                one = np.zeros((len(rows), len(f.levels) + 1))
                one[np.arange(len(rows)), rows[:, j].astype(np.int64)] = self.weight[j] * math.sqrt(0.5)
                parts.append(one)
            else:
                parts.append((self.weight[j] * rows[:, j])[:, None])
        return np.ascontiguousarray(np.hstack(parts))

    def to_json(self) -> dict[str, Any]:
        """What is no array."""
        return {"slack": self.slack, "reach": self.reach}


def coordinates(features: Sequence[Feature], columns: Sequence[Column]) -> FloatArray:
    """Rows as (n x d): numbers standardised (missing: at the median), categories by their place."""
    found: list[AnyArray] = []
    for f, c in zip(features, columns, strict=True):
        if f.levels:
            place = {level: float(j) for j, level in enumerate(f.levels)}
            found.append(np.array([place.get(t, float(len(f.levels))) for t in c.texts]))
        else:
            numbers = np.asarray(c.numbers)
            found.append((np.where(np.isfinite(numbers), numbers, f.middle) - f.mean) / f.scale)
    return np.column_stack(found).astype(np.float64)


def fit_domain(features: Sequence[Feature], rows: FloatArray, relevance: FloatArray) -> Domain:
    """Limits from the rows that train (N x d).

    Args:
        relevance: how much each column moves the prediction (d,), any scale.
    """
    weight = np.maximum(np.sqrt(relevance / max(float(relevance.max()), 1e-300)), LEAST_WEIGHT)
    slack = min(0.5, math.log(2 * len(features) / 0.01) / len(rows))
    bare = Domain(tuple(features), weight, rows, slack, 1.0)
    own = bare.nearest(rows, NEIGHBOURS, but_itself=True)[1].mean(1)
    reach = float(np.percentile(own, PERCENTILE))
    return Domain(tuple(features), weight, rows, slack, max(reach, 1e-9))
