"""Which requirements and locks cannot hold together: a smallest set, found by leaving one out after another.

A deletion filter (Chinneck and Dravnieks, "Locating minimal infeasible constraint sets", ORSA Journal on
Computing 3, 1991): what can be left out while the rest still fails does not belong to the conflict. Whether
the rest fails is asked of the designs tried so far, and of a short search of its own for that rest alone; so
a conflict is what no tried design meets together, while each part of it is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from ..requirements.brief import Brief
from ..requirements.quantity import SURROGATE
from ..requirements.requirement import Requirement
from .evaluate import Evaluator
from .loop import run
from .prices import pushed
from .record import Record, keys_of
from .space import build_space

SHORT = 60  # designs that a search for a part of the requirements tries at most
MOST = 1200  # designs that all of these searches together try
ROUNDS = 3  # times the search begins anew, twice as long, when what it found turns out to hold
NEAR = 10  # of the nearest designs, what they miss is looked at first


@dataclass(frozen=True)
class Conflict:
    """What cannot hold together.

    Attributes:
        requirements: of the set, in the brief's order.
        locks: parameters whose locks belong to the set.
        tried: how many designs were judged by all of it.
        smallest: each part of the set is met when any one member is left out; False where the search for
            that ended before.
    """

    requirements: tuple[Requirement, ...]
    locks: tuple[str, ...]
    tried: int
    smallest: bool


@dataclass(frozen=True)
class _Set:
    """Requirements by key, and locks."""

    keys: tuple[str, ...]
    locks: tuple[str, ...]

    def without(self, item: str) -> _Set:
        """The rest."""
        return _Set(tuple(k for k in self.keys if k != item), tuple(k for k in self.locks if k != item))

    @property
    def members(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.keys, *self.locks)


class _Asked:
    """Answers whether a set is met by some design, and remembers what was tried."""

    def __init__(self, evaluator: Evaluator, records: Sequence[Record]) -> None:
        self.evaluator = evaluator
        self.requirements = {k: r for k, r in keys_of(evaluator.brief) if r.hard}
        self.pool = [r for r in records if r.measured and not r.broken]
        self.left = MOST
        self.short = SHORT

    def meets(self, wanted: _Set) -> bool:
        """Whether a tried design, or one of a short search for it alone, meets the set."""
        if any(self._holds(r, wanted) for r in self.pool):
            return True
        found = self.search(wanted)
        return any(r.feasible for r in found)

    def search(self, wanted: _Set) -> list[Record]:
        """The designs of a short search for the set alone; it ends with the first that meets it."""
        count = min(self.short, self.left)
        if count <= 0:
            return []
        own = self.evaluator
        brief = self._brief(wanted.keys, wanted.locks)
        predicted = any(own.known[r.quantity].how == SURROGATE for r in brief.requirements)
        start = self._near(wanted)
        evaluator = Evaluator(
            own.family,
            brief,
            own.predictor if predicted else None,
            build_space(own.family, brief, start),
            start,
        )
        records, _ = run(evaluator, count, None, None, enough=lambda r: r.feasible)
        self.left -= len(records)
        names = dict(zip((k for k, _ in keys_of(brief)), wanted.keys, strict=True))
        named = [replace(r, margins={names[k]: v for k, v in r.margins.items()}) for r in records]
        self.pool += [r for r in named if r.measured and not r.broken]
        return named

    def pressed(self, wanted: _Set) -> bool:
        """Whether a design meets the set after all, when what the nearest design misses most is improved
        under the rest, not only asked for."""
        near = self._nearest(wanted)
        if near is None or not wanted.keys or self.left <= 0:
            return False
        worst = max(wanted.keys, key=lambda k: near.margins[k])
        asked, own = self.requirements[worst], self.evaluator
        if own.known[asked.quantity].how == SURROGATE:
            return False  # its confidence is judged by its own requirement alone
        brief = self._brief([k for k in wanted.keys if k != worst], wanted.locks)
        tried, found = improving(own, brief, asked, dict(near.values), min(self.short, self.left))
        self.left -= tried
        if not found or not _meets(asked, found[0]):
            return False
        self.pool.append(replace(found[0], margins=dict.fromkeys(wanted.keys, 0.0)))
        return True

    def _brief(self, keys: Sequence[str], locks: Sequence[str]) -> Brief:
        """These limits and locks alone, and nothing wished."""
        own = self.evaluator
        return replace(
            own.brief,
            requirements=tuple(self.requirements[k] for k in keys),
            minimise=(),
            maximise=(),
            locks={n: own.brief.locks[n] for n in locks},
            lifted=tuple(w.name for w in own.family.default_wishes),
            kind="",
        )

    def _near(self, wanted: _Set) -> dict[str, float] | None:
        near = self._nearest(wanted)
        return None if near is None else dict(near.values)

    def _nearest(self, wanted: _Set) -> Record | None:
        """The tried design that misses least of a set."""
        known = [r for r in self.pool if all(k in r.margins for k in wanted.keys)]
        return min(known, key=lambda r: missed(r, wanted.keys)) if known else None

    def _holds(self, record: Record, wanted: _Set) -> bool:
        if any(record.margins.get(k, inf) > 0.0 for k in wanted.keys):
            return False
        locks = self.evaluator.brief.locks
        sums = self.evaluator.family.sums
        value = {n: sum(record.values[p] for p in sums.get(n, (n,))) for n in wanted.locks}
        return all(abs(value[n] - locks[n]) <= 1e-6 * max(abs(locks[n]), 1.0) for n in wanted.locks)


def smallest_conflict(evaluator: Evaluator, records: Sequence[Record]) -> Conflict | None:
    """The conflict behind a search in which nothing passed; None where a design that meets everything turns
    up or nothing sound was tried.

    Args:
        records: what the search tried; none of them meets every hard requirement.
    """
    asked = _Asked(evaluator, records)
    whole = _Set(tuple(asked.requirements), tuple(evaluator.brief.locks))
    if not whole.members:
        return None
    for _ in range(ROUNDS):
        current, smallest = _narrowed(asked, whole)
        if any(r.feasible for r in asked.search(current)) or asked.pressed(current):
            if current == whole:
                return None
            asked.short *= 2  # it can hold after all: what was left out belongs to the conflict
            continue
        tried = sum(all(k in r.margins for k in current.keys) for r in asked.pool)
        if not tried:
            return None
        requirements = tuple(r for k, r in asked.requirements.items() if k in current.keys)
        return Conflict(requirements, current.locks, tried, smallest)
    return None


def _narrowed(asked: _Asked, whole: _Set) -> tuple[_Set, bool]:
    """A set of which nothing more can be left out, and whether all of it was asked."""
    suspects = _suspects(asked, whole)
    current = suspects if suspects != whole and not asked.meets(suspects) else whole
    for item in sorted(current.members, key=lambda k: -_met(asked, k)):
        rest = current.without(item)
        if not rest.members or asked.meets(rest):
            continue
        if asked.left <= 0:
            return current, False
        current = rest
    return current, True


def improving(
    evaluator: Evaluator, brief: Brief, asked: Requirement, start: dict[str, float] | None, trials: int
) -> tuple[int, list[Record]]:
    """A search under `brief`, which leaves the limit `asked` out, for designs that come near to it: how many
    it tried, and those that pass, nearest first, led by the nearest pushed on."""
    upper = asked.at_most is not None
    brief = replace(
        brief,
        minimise=(asked.quantity,) if upper else (),
        maximise=() if upper else (asked.quantity,),
        lifted=tuple(w.name for w in evaluator.family.default_wishes),
    )
    needed = {asked.quantity, *(r.quantity for r in brief.requirements)}
    predicted = any(evaluator.known[n].how == SURROGATE for n in needed)
    space = build_space(evaluator.family, brief, start)
    own = Evaluator(evaluator.family, brief, evaluator.predictor if predicted else None, space, start)
    records, _ = run(own, trials, None, None)
    passing = [r for r in records if r.feasible and asked.quantity in r.numbers]
    passing.sort(key=lambda r: r.numbers[asked.quantity] * (1.0 if upper else -1.0))
    return len(records), [pushed(own, brief, passing[0]), *passing] if passing else []


def missed(record: Record, keys: Sequence[str]) -> float:
    """Sum of what a design misses of some requirements, each by its limit's scale."""
    return sum(max(0.0, record.margins[k]) for k in keys)


def _meets(asked: Requirement, record: Record) -> bool:
    """Whether a measured number is within a requirement."""
    value = record.numbers.get(asked.quantity)
    low, high = asked.at_least, asked.at_most
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _suspects(asked: _Asked, whole: _Set) -> _Set:
    """What the nearest designs miss, with the locks, and the limits on parameters that nobody can miss."""
    near = sorted(asked.pool, key=lambda r: missed(r, [k for k in whole.keys if k in r.margins]))[:NEAR]
    bound = {*asked.evaluator.space.names, *asked.evaluator.family.sums}
    keys = tuple(
        k
        for k in whole.keys
        if asked.requirements[k].quantity in bound or any(r.margins.get(k, 0.0) > 0.0 for r in near)
    )
    return _Set(keys, whole.locks)


def _met(asked: _Asked, item: str) -> int:
    """How many tried designs meet a requirement; locks are met by all."""
    return (
        sum(r.margins.get(item, inf) <= 0.0 for r in asked.pool)
        if item in asked.requirements
        else len(asked.pool)
    )
