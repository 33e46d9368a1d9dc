"""What a sampled concept keeps: locked parameters exactly, and the family's rules.

Locked parameters (and the overall length, a plain sum of three) are kept by projecting the predicted clean
concept vector at every step, which moves their noisy coordinates straight to the known values: inpainting of
the concept vector. A concept that still breaks rules is pulled back towards a sound one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..family import Family
from ..parameters import check_value
from .frame import from_concept, to_concept

FloatArray = NDArray[np.float64]
#: halvings of the way between a sound concept and one that breaks rules
_HALVINGS = 7


@dataclass(frozen=True)
class Sum:
    """Parameters (their columns) that add up to `total` in their own unit."""

    columns: tuple[int, ...]
    total: float


@dataclass(frozen=True)
class Known:
    """What every sampled concept must keep.

    Attributes:
        family: whose concept vector it is.
        fixed: parameter name to exact value in its own unit.
        columns: (k,) indices of the fixed parameters in the concept vector; coordinates: (k,) their values
            in [-1, 1].
        sums: locked sums of parameters that are not all fixed.
    """

    family: Family
    fixed: Mapping[str, float]
    columns: tuple[int, ...]
    coordinates: tuple[float, ...]
    sums: tuple[Sum, ...]

    def project(self, z: Any) -> Any:
        """`z` (n, P), tensor or array in [-1, 1], with the known coordinates put in and the sums met."""
        if not self.columns and not self.sums:
            return z
        z = z.clone() if hasattr(z, "clone") else np.array(z, copy=True)
        for column, coordinate in zip(self.columns, self.coordinates, strict=True):
            z[:, column] = coordinate
        for item in self.sums:
            self._meet(z, item)
        return z

    def values(self, z: NDArray[np.float32]) -> dict[str, float]:
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

    def _meet(self, z: Any, item: Sum) -> None:
        """Spread what a sum misses over its free parameters by the room that each has left."""
        ranges = [p.range for p in self.family.parameters]
        low = {c: ranges[c].low for c in item.columns}
        half = {c: 0.5 * (ranges[c].high - ranges[c].low) for c in item.columns}
        free = [c for c in item.columns if c not in self.columns]
        missing = item.total - sum(low[c] + (z[:, c] + 1.0) * half[c] for c in item.columns)
        upward = missing > 0
        room = {c: half[c] * ((1.0 - z[:, c]) * upward + (z[:, c] + 1.0) * ~upward) for c in free}
        total_room = sum(room.values())
        share = missing / (total_room + 1e-9)
        for c in free:
            z[:, c] = (z[:, c] + share * room[c] / half[c]).clip(-1.0, 1.0)


def keep(family: Family, fixed: Mapping[str, float] | None) -> Known:
    """Locks on parameters, or on a plain sum of them (`overall_length`).

    Raises:
        InputError: unknown name, value outside its range, or a sum that the other locks leave out of reach.
    """
    given = dict(fixed or {})
    parameters = {p.name: p.range for p in family.parameters}
    index = {name: i for i, name in enumerate(parameters)}
    sums = plain_sums(family)
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
    return Known(family, exact, columns, tuple(float(unit[c]) for c in columns), tuple(locked))


def plain_sums(family: Family) -> dict[str, tuple[str, ...]]:
    """Measures that are plain sums of parameters: the overall length of a body with overhangs."""
    parts = ("front_overhang", "wheelbase", "rear_overhang")
    names = {p.name for p in family.parameters}
    has = names.issuperset(parts) and any(m.name == "overall_length" for m in family.measure_list)
    return {"overall_length": parts} if has and "overall_length" not in names else {}


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


def broken(known: Known, z: NDArray[np.float32]) -> tuple[str, ...]:
    """Names of the family's rules that one concept vector (P,) breaks."""
    return tuple(b.rule for b in known.family.broken_rules(known.values(z)))


def pull_back(
    known: Known, z: NDArray[np.float32], sound: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """`z` (P,) moved towards a sound concept just as far as the rules need; unchanged where none helps.

    Args:
        sound: concept vectors that break no rule, tried from the nearest; the family's middle is tried last.
    """
    middle = to_concept(known.family, known.family.defaults())
    anchors = sorted(sound, key=lambda s: float(np.linalg.norm(s - z)))[:3]
    for anchor in (*anchors, middle):
        target = known.project(anchor[None])[0]
        if broken(known, target):
            continue
        near, far = 0.0, 1.0
        for _ in range(_HALVINGS):
            half = 0.5 * (near + far)
            if broken(known, _between(known, z, target, half)):
                near = half
            else:
                far = half
        return _between(known, z, target, far)
    return z


def _between(
    known: Known, a: NDArray[np.float32], b: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    mixed: NDArray[np.float32] = known.project((a + np.float32(share) * (b - a))[None])[0]
    return mixed.astype(np.float32)
