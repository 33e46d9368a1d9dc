"""Plans: which designs of a family to simulate, in an order that never changes.

A plan is one endless, repeatable stream: asking for more keeps those already there. Most of it fills the
family's space (scrambled Sobol); a share lies around the family's archetypes, where designers work. Finer
runs take a spread-out subset of the coarse plan, so that every one of them has its coarse twin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, as_values, bounds_of, from_unit_cube, to_unit_cube
from ...design.family.registry import get_family
from ...design.statistics import farthest_first
from ..studies.contract import DIGITS

Values = dict[str, float]
SPREAD = 0.15  # half width of the cloud around an archetype, share of each parameter's range
TRIES = 400  # draws around one archetype before the cloud is narrowed
POOL = 160  # coarse designs among which a nested subset is chosen
MOST_RUNS = 20000


def plan(family: Family | str, n: int, seed: int = 0, archetype_share: float = 0.5) -> list[Values]:
    """The first `n` designs of a family's stream; all keep the family's rules.

    >>> plan("ahmed", 5, seed=1)[:2] == plan("ahmed", 2, seed=1)
    True

    Appearance-only parameters (``shapes_hull=False``) stay at their defaults.

    Raises:
        InputError: n or archetype_share out of range, or the family's rules refuse nearly every draw.
    """
    chosen = get_family(family) if isinstance(family, str) else family
    _check_count(n)
    if not 0.0 <= archetype_share <= 1.0:
        raise InputError(f"archetype_share is {archetype_share:g}; allowed 0 to 1")
    share = archetype_share if chosen.archetypes else 0.0
    fill, clouds = filling(chosen, seed), around_archetypes(chosen, seed)
    return [next(clouds if _from_archetype(k, share) else fill) for k in range(n)]


def nested(
    family: Family | str, n: int, seed: int = 0, archetype_share: float = 0.5, pool: int = POOL
) -> list[Values]:
    """`n` spread-out designs of the first `pool` of :func:`plan` (greedy maximin within each stream)."""
    chosen = get_family(family) if isinstance(family, str) else family
    _check_count(n)
    share = archetype_share if chosen.archetypes else 0.0
    designs = plan(chosen, max(pool, n), seed, archetype_share)
    cube = to_unit_cube(chosen.declaration, np.array([as_row(chosen.declaration, d) for d in designs]))
    origin = np.array([_from_archetype(k, share) for k in range(len(designs))])
    orders = {kind: _maximin(cube, np.flatnonzero(origin == kind)) for kind in (False, True)}
    taken: list[int] = []
    for k in range(n):
        kind = _from_archetype(k, share)
        order = orders[kind] or orders[not kind]
        taken.append(order.pop(0))
    return [designs[k] for k in taken]


def _from_archetype(k: int, share: float) -> bool:
    return int((k + 1) * share + 1e-9) > int(k * share + 1e-9)


def filling(family: Family, seed: int) -> Iterator[Values]:
    """Scrambled Sobol points that keep the rules, endless."""
    from scipy.stats import qmc

    engine = qmc.Sobol(len(family.parameters), scramble=True, seed=seed)
    refused = 0
    while True:
        for row in from_unit_cube(family.declaration, engine.random(64)):
            values = cleaned(family, row)
            if family.broken_rules(values):
                refused += 1
                if refused > 20000:
                    raise InputError(f"the rules of {family.name} refused {refused} draws running")
                continue
            refused = 0
            yield values


def around_archetypes(family: Family, seed: int, width: float = SPREAD) -> Iterator[Values]:
    """Archetypes in turn, each parameter moved by up to `width` of its range, endless."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 77]))
    low, high = bounds_of(family.declaration)
    while True:
        for difference in family.archetypes.values():
            centre = as_row(family.declaration, {**family.defaults(), **difference})
            spread = width
            for attempt in range(4 * TRIES):
                row = centre + spread * (high - low) * rng.uniform(-1.0, 1.0, len(centre))
                values = cleaned(family, np.clip(row, low, high))
                if not family.broken_rules(values):
                    yield values
                    break
                if (attempt + 1) % TRIES == 0:
                    spread *= 0.5


def cleaned(family: Family, row: FloatArray) -> Values:
    """Rounded values inside the bounds, appearance left at its default."""
    values = as_values(family.declaration, np.round(row, DIGITS))
    for parameter in family.parameters:
        r, value = parameter.range, values[parameter.name]
        values[parameter.name] = min(max(value, r.low), r.high) if r.shapes_hull else r.default
    return values


def _maximin(cube: FloatArray, members: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    """Members in greedy maximin order, the one nearest the members' mean first."""
    if len(members) == 0:
        return []
    points = cube[members]
    first = int(np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1)))
    return [int(members[k]) for k in farthest_first(points, first, len(points))]


def _check_count(n: int) -> None:
    if not 1 <= n <= MOST_RUNS:
        raise InputError(f"n is {n}; allowed 1 to {MOST_RUNS}")
