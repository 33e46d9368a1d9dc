"""What a sampled concept keeps: locked parameters exactly, and the family's rules.

Locked parameters (and the overall length, a plain sum of three) are kept by projecting the predicted clean
concept vector at every step, which moves their noisy coordinates straight to the known values: inpainting of
the concept vector. A concept that still breaks rules is pulled back towards a sound one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Float32Array, FloatArray, IntArray
from ...errors import InputError
from ...family.contract import DefaultWish, Family
from ...family.parameters import check_value
from ..artist.frame import from_concept, to_concept

if TYPE_CHECKING:
    from torch import Tensor

#: how far inside a limit a coordinate is put, so that rounding does not take it out again
INSIDE = 1e-4
#: halvings of the way between a sound concept and one that breaks rules
_HALVINGS = 7
#: places tried on the way to each archetype, and ways that are taken to their end
_SHARES, _NEAREST = 4, 3


@dataclass(frozen=True)
class Sum:
    """Parameters (their columns) that add up to `total` in their own unit."""

    columns: tuple[int, ...]
    total: float


@dataclass(frozen=True)
class Bounds:
    """Limits on parameters of m concepts, one row each; infinite where there is none.

    Attributes:
        low, high: (m, P) on the concept vector's coordinates.
        sums: columns of parameters whose sum is limited, with its lowest and highest values (m,).
    """

    low: Tensor
    high: Tensor
    sums: tuple[tuple[tuple[int, ...], Tensor, Tensor], ...]


@dataclass(frozen=True)
class Known:
    """What every sampled concept must keep.

    Attributes:
        family: whose concept vector it is.
        fixed: parameter name to exact value in its own unit.
        columns: (k,) indices of the fixed parameters in the concept vector; coordinates: (k,) their values
            in [-1, 1].
        sums: locked sums of parameters that are not all fixed.
        wishes: the family's own wishes that a concept keeps where it can.
    """

    family: Family
    fixed: Mapping[str, float]
    columns: tuple[int, ...]
    coordinates: tuple[float, ...]
    sums: tuple[Sum, ...]
    wishes: tuple[DefaultWish, ...] = ()

    def project(self, z: Tensor, bounds: Bounds | None = None) -> Tensor:
        """`z` (m, P) in [-1, 1] with the known coordinates put in, and limits and locked sums met.

        Locks win over limits; a limit that cannot be reached is met as far as it can.
        """
        if not self.columns and not self.sums and bounds is None:
            return z
        z = z.clone()
        if bounds is not None:
            z = z.clamp(bounds.low.to(z), bounds.high.to(z)).clamp(-1.0, 1.0)
        for column, coordinate in zip(self.columns, self.coordinates, strict=True):
            z[:, column] = coordinate
        for columns, low, high in bounds.sums if bounds is not None else ():
            total = self._sum(z, columns)
            self._meet(z, columns, total.clamp(low.to(z), high.to(z)) - total)
        for item in self.sums:
            self._meet(z, item.columns, item.total - self._sum(z, item.columns))
        return z

    def bounds(self, held: Sequence[Mapping[str, tuple[float, float]]]) -> Bounds | None:
        """Limits (low, high) on parameters and plain sums by name, one set per concept; no others."""
        if not any(held):
            return None
        import torch

        index = {p.name: (i, *p.range.ends) for i, p in enumerate(self.family.parameters)}
        low = torch.full((len(held), len(index)), -torch.inf)
        high = torch.full((len(held), len(index)), torch.inf)
        for row, limits in enumerate(held):
            for name, (lowest, highest) in limits.items():
                if name not in index:
                    continue
                column, first, last = index[name]
                half = 0.5 * (last - first)
                low[row, column] = (lowest - first) / half - 1.0 + INSIDE
                high[row, column] = (highest - first) / half - 1.0 - INSIDE
        middle = 0.5 * (low + high)
        crossed = low > high
        low, high = torch.where(crossed, middle, low), torch.where(crossed, middle, high)
        sums = []
        for name, parts in self.family.sums.items():
            ends = [limits.get(name, (-np.inf, np.inf)) for limits in held]
            if any(name in limits for limits in held):
                columns = tuple(index[part][0] for part in parts)
                least, most = (torch.tensor([end[k] for end in ends], dtype=low.dtype) for k in (0, 1))
                sums.append((columns, least, most))
        return Bounds(low, high, tuple(sums))

    def values(self, z: Float32Array) -> dict[str, float]:
        """Parameters of one concept vector (P,), the locked ones exactly as they were given."""
        found = {**from_concept(self.family, z), **self.fixed}
        names = [p.name for p in self.family.parameters]
        ranges = [p.range for p in self.family.parameters]
        for item in self.sums:
            # In double precision, so that the sum is the asked one and nobody leaves their range by rounding.
            free = {names[c]: ranges[c] for c in item.columns if c not in self.columns}
            missing = item.total - sum(found[names[c]] for c in item.columns)
            room = {n: (r.high - found[n]) if missing > 0 else (found[n] - r.low) for n, r in free.items()}
            for n in free:
                found[n] += missing * room[n] / max(sum(room.values()), 1e-9)
        return found

    def _sum(self, z: Tensor, columns: Sequence[int]) -> Tensor:
        """Sum (m,) of parameters in their unit."""
        ranges = [p.range for p in self.family.parameters]
        parts = [ranges[c].low + 0.5 * (z[:, c] + 1.0) * (ranges[c].high - ranges[c].low) for c in columns]
        total: Tensor = sum(parts[1:], parts[0])
        return total

    def _meet(self, z: Tensor, columns: Sequence[int], missing: Tensor) -> None:
        """Spread what a sum misses (m,) over its free parameters, in place, by the room that each has."""
        ranges = [p.range for p in self.family.parameters]
        free = [c for c in columns if c not in self.columns]
        half = {c: 0.5 * (ranges[c].high - ranges[c].low) for c in free}
        room = {c: half[c] * (1.0 - z[:, c] * missing.sign()) for c in free}
        share = missing.abs() / (sum(room.values()) + 1e-9) if free else missing
        for c in free:
            z[:, c] = (z[:, c] + missing.sign() * share * room[c] / half[c]).clamp(-1.0, 1.0)


def towards_wishes(
    known: Known, z: Float32Array, held: Mapping[str, tuple[float, float]]
) -> list[Float32Array]:
    """Concept vectors that keep the wishes: `z` (P,) moved towards an archetype of the family just as far as
    that needs, in the parameters that wishes feel; the :data:`_NEAREST` shortest moves, shortest first.

    Args:
        held: limits that are kept on the way, as :meth:`Known.bounds` takes them.
    """
    import torch

    family = known.family
    names = tuple(sorted(w.quantity for w in known.wishes))
    feel = _felt(family, names)
    archetypes = [to_concept(family, {**family.defaults(), **a}) for a in family.archetypes.values()]
    anchors = np.array(archetypes or [to_concept(family, family.defaults())], dtype=np.float32)

    def between(which: IntArray, share: FloatArray) -> Float32Array:
        step = (share[:, None] * feel * (anchors[which] - z)).astype(np.float32)
        mixed, bounds = torch.from_numpy(z + step), known.bounds([held] * len(which))
        return np.asarray(known.project(mixed, bounds).numpy(), dtype=np.float32)

    grid = np.arange(1, _SHARES + 1) / _SHARES
    which, share = np.repeat(np.arange(len(anchors)), _SHARES), np.tile(grid, len(anchors))
    kept = (_misses(known, between(which, share)) <= 0.0).reshape(len(anchors), _SHARES)
    good = np.flatnonzero(kept.any(axis=1))
    if len(good) == 0:
        return []
    far = grid[kept[good].argmax(axis=1)]
    order = np.argsort(far * np.linalg.norm(feel * (anchors[good] - z), axis=1))[:_NEAREST]
    good, far = good[order], far[order]
    near = far - grid[0]
    for _ in range(_HALVINGS // 2):
        half = 0.5 * (near + far)
        inside = _misses(known, between(good, half)) <= 0.0
        near, far = np.where(inside, near, half), np.where(inside, half, far)
    return list(between(good, far))


def _misses(known: Known, z: Float32Array) -> FloatArray:
    """By how much sound concepts (m, P) miss the wishes, each as a share of its limit, (m,); measured at once
    where the family can."""
    family, wanted = known.family, {w.quantity for w in known.wishes}
    values = [known.values(row) for row in z]
    if wanted <= set(family.quick_measures):
        found = family.quick(np.array([[v[p.name] for p in family.parameters] for v in values]))
    else:
        measured = [family.measures_of(v, wanted) for v in values]
        found = {name: np.array([m[name] for m in measured]) for name in wanted}
    missed = np.zeros(len(z))
    for w in known.wishes:
        value = found[w.quantity]
        if w.at_most is not None:
            missed += np.maximum(0.0, value - w.at_most) / abs(w.at_most)
        if w.at_least is not None:
            missed += np.maximum(0.0, w.at_least - value) / abs(w.at_least)
    return missed


@lru_cache(maxsize=8)
def _felt(family: Family, quantities: tuple[str, ...]) -> FloatArray:
    """1 for each parameter (P,) that moves one of the quantities anywhere between the archetypes, else 0."""
    starts = [to_concept(family, {**family.defaults(), **a}) for a in [{}, *family.archetypes.values()]]
    felt = np.zeros(len(family.parameters))
    for start in starts:
        rows = np.repeat(np.asarray(start, dtype=np.float64)[None], len(felt) + 1, axis=0)
        rows[np.arange(len(felt)), np.arange(len(felt))] += np.where(start > 0.0, -0.3, 0.3)
        measured = [family.measures_of(from_concept(family, row), quantities) for row in rows]
        for name in quantities:
            found = np.array([m[name] for m in measured])
            felt[np.abs(found[:-1] - found[-1]) > 1e-9] = 1.0
    return felt


def unwished(known: Known, z: Float32Array) -> float:
    """By how much a sound concept (P,) misses the wishes, each as a share of its limit."""
    return float(_misses(known, z[None])[0]) if known.wishes else 0.0


def keep(family: Family, fixed: Mapping[str, float] | None, wishes: Sequence[DefaultWish] = ()) -> Known:
    """Locks on parameters, or on a plain sum of them (a measure's `sum_of`); and wishes to keep if possible.

    Raises:
        InputError: unknown name, value outside its range, or a sum that the other locks leave out of reach.
    """
    given = dict(fixed or {})
    parameters = {p.name: p.range for p in family.parameters}
    index = {name: i for i, name in enumerate(parameters)}
    sums = family.sums
    for name in given:
        if name not in parameters and name not in sums:
            allowed = ", ".join([*sums, *parameters])
            raise InputError(
                f"fixed {name!r} is not a parameter of family {family.name!r}; allowed: {allowed}"
            )
    exact = {n: check_value(n, parameters[n], v) for n, v in given.items() if n in parameters}
    kept = []
    for name, value in given.items():
        if name in sums:
            kept.append(_check_sum(name, value, sums[name], exact, parameters))
    # A sum with one free parameter left is that parameter's lock.
    locked = [
        Sum(tuple(index[p] for p in sums[n]), t) for n, t in kept if any(p not in exact for p in sums[n])
    ]
    unit = to_concept(family, {**family.defaults(), **exact})
    columns = tuple(index[n] for n in exact)
    return Known(family, exact, columns, tuple(float(unit[c]) for c in columns), tuple(locked), tuple(wishes))


def _check_sum(
    name: str, value: Any, parts: Sequence[str], exact: Mapping[str, float], ranges: Mapping[str, Any]
) -> tuple[str, float]:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise InputError(f"fixed {name} is {value!r}, which is not a number")
    low = sum(exact.get(p, ranges[p].low) for p in parts)
    high = sum(exact.get(p, ranges[p].high) for p in parts)
    if not low - 1e-6 <= float(value) <= high + 1e-6:
        raise InputError(
            f"fixed {name} is {float(value):g}; with the other locks {low:g} to {high:g} can be reached"
        )
    return name, float(value)


def broken(known: Known, z: Float32Array) -> tuple[str, ...]:
    """Names of the family's rules that one concept vector (P,) breaks."""
    return tuple(b.rule for b in known.family.broken_rules(known.values(z)))


def pull_back(
    known: Known,
    z: Float32Array,
    sound: Sequence[Float32Array],
    held: Mapping[str, tuple[float, float]],
) -> Float32Array:
    """`z` (P,) moved towards a sound concept just as far as the rules need; unchanged where none helps.

    Args:
        sound: concept vectors that break no rule, tried from the nearest; the family's middle is tried last.
        held: limits that are kept on the way, as :meth:`Known.bounds` takes them.
    """
    import torch

    bounds = known.bounds([held])

    def between(a: Float32Array, b: Float32Array, share: float) -> Float32Array:
        mixed = torch.from_numpy((a + np.float32(share) * (b - a)).astype(np.float32))
        return np.asarray(known.project(mixed[None], bounds)[0].numpy(), dtype=np.float32)

    middle = to_concept(known.family, known.family.defaults())
    anchors = sorted(sound, key=lambda s: float(np.linalg.norm(s - z)))[:3]
    for anchor in (*anchors, middle):
        if broken(known, between(z, anchor, 1.0)):
            continue
        near, far = 0.0, 1.0
        for _ in range(_HALVINGS):
            half = 0.5 * (near + far)
            if broken(known, between(z, anchor, half)):
                near = half
            else:
                far = half
        return between(z, anchor, far)
    return z
