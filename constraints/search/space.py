"""The part of a family's space that a brief leaves open: bounds, locks and limits on sums of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...design.arrays import BoolArray, FloatArray
from ...design.family.contract import Family
from ...design.family.parameters import bounds_of, names_of, rounded
from ..requirements.brief import Brief
from ..requirements.requirement import Requirement


@dataclass(frozen=True)
class Sum:
    """Limits on a sum of parameters: `parts` are their columns."""

    name: str
    parts: tuple[int, ...]
    low: float
    high: float


@dataclass(frozen=True)
class Space:
    """Where the search may look; d parameters in declaration order, own units.

    Attributes:
        declaration: of the family.
        names: parameter names.
        low, high: declared bounds (d,).
        floor, ceiling: bounds narrowed by hard limits on single parameters; equal where a lock holds (d,).
        sums: limits and locks on sums of parameters.
        start: the starting point, projected into the rest (d,).
        wished: the starting point as the brief states it (d,).
    """

    declaration: type
    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    floor: FloatArray
    ceiling: FloatArray
    sums: tuple[Sum, ...]
    start: FloatArray
    wished: FloatArray

    @property
    def locked(self) -> BoolArray:
        """Which columns cannot move (d,)."""
        return np.asarray(self.floor == self.ceiling, dtype=np.bool_)

    @property
    def dependent(self) -> Mapping[int, Sum]:
        """Columns that follow from the others because their sum is locked: column to sum."""
        found: dict[int, Sum] = {}
        for item in self.sums:
            free = [k for k in item.parts if not self.locked[k] and k not in found]
            if item.low == item.high and free:
                found[free[-1]] = item
        return found

    @property
    def free(self) -> tuple[int, ...]:
        """Columns that the search chooses."""
        dependent = self.dependent
        return tuple(k for k in range(len(self.names)) if not self.locked[k] and k not in dependent)

    def unit(self, rows: FloatArray) -> FloatArray:
        """Rows in the unit cube of the declared bounds."""
        return np.asarray((rows - self.low) / (self.high - self.low), dtype=np.float64)

    def project(self, rows: FloatArray) -> FloatArray:
        """The rows (n x d) moved by as little as need be into bounds, locks, sums and whole numbers."""
        rows = np.clip(np.atleast_2d(np.asarray(rows, dtype=np.float64)), self.floor, self.ceiling)
        for item in self.sums:
            parts = list(item.parts)
            total = rows[:, parts].sum(axis=1)
            shift = np.clip(total, item.low, item.high) - total
            room = np.where(
                shift[:, None] > 0.0, self.ceiling[parts] - rows[:, parts], rows[:, parts] - self.floor[parts]
            )
            share = room / np.maximum(room.sum(axis=1, keepdims=True), 1e-12)
            rows[:, parts] += shift[:, None] * share
        return np.clip(rounded(self.declaration, rows), self.floor, self.ceiling)

    def complete(self, chosen: Mapping[str, float]) -> FloatArray:
        """A row (d,) from the free parameters: locks hold, and a locked sum decides the dependent one."""
        row = np.where(self.locked, self.floor, self.start)
        index = {name: k for k, name in enumerate(self.names)}
        for name, value in chosen.items():
            row[index[name]] = value
        for k, item in self.dependent.items():
            row[k] = item.low - sum(row[j] for j in item.parts if j != k)
        return row


def kept_kinds(family: Family, brief: Brief) -> tuple[str, ...]:
    """The family's kinds (`Family.kinds`) of which a brief does not speak: a search keeps the start's."""
    spoken = {r.quantity for r in brief.requirements} | set(brief.locks)
    return tuple(name for name in family.kinds if name not in spoken)


def build_space(
    family: Family,
    brief: Brief,
    start: Mapping[str, float] | None = None,
    without: Sequence[Requirement] = (),
) -> Space:
    """The space that `brief` leaves, without the limits of the requirements in `without`.

    `start` is a complete design to begin at; otherwise the brief's starting point is taken.
    """
    names = names_of(family.declaration)
    low, high = bounds_of(family.declaration)
    floor, ceiling = low.copy(), high.copy()
    index = {name: k for k, name in enumerate(names)}
    hard = [r for r in brief.hard if r not in without]
    for item in hard:
        if item.quantity in index:
            k = index[item.quantity]
            floor[k] = max(floor[k], item.at_least if item.at_least is not None else low[k])
            ceiling[k] = min(ceiling[k], item.at_most if item.at_most is not None else high[k])
    values = family.defaults() | dict(brief.start) | dict(start or {})
    for name in kept_kinds(family, brief):
        floor[index[name]] = ceiling[index[name]] = values[name]
    for name, value in brief.locks.items():
        if name in index:
            floor[index[name]] = ceiling[index[name]] = value
    sums = []
    for name, parts in family.sums.items():
        least, most = -np.inf, np.inf
        for item in hard:
            if item.quantity == name:
                least = max(least, item.at_least if item.at_least is not None else least)
                most = min(most, item.at_most if item.at_most is not None else most)
        if name in brief.locks:
            least = most = brief.locks[name]
        if np.isfinite(least) or np.isfinite(most):
            sums.append(Sum(name, tuple(index[p] for p in parts), float(least), float(most)))
    wished = np.array([values[n] for n in names], dtype=np.float64)
    space = Space(family.declaration, names, low, high, floor, ceiling, tuple(sums), wished, wished)
    return replace(space, start=space.project(wished)[0])
