"""What a family's declaration was before, so that files, runs and models made under it can be carried over.

A parameter that is no longer declared is held at one value now (`fixed`); one that is new has a value at
which the body is as it was before (`fresh`). Nothing here knows a family: each lists its earlier ones.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .parameters import Parameter, Range


@dataclass(frozen=True)
class Earlier:
    """One declaration that a family had before.

    Attributes:
        rows: (name, low, high, default, unit) of its parameters in order; numbers as they were written.
        fixed: parameters dropped since, to the value that the body has in their place now (default else).
        fresh: parameters new since, to the value at which the body is as before (their default else).
    """

    rows: Sequence[tuple[str, float, float, float, str]]
    fixed: Mapping[str, float] = field(default_factory=dict)
    fresh: Mapping[str, float] = field(default_factory=dict)

    @property
    def declaration_hash(self) -> str:
        """What :func:`.parameters.declaration_hash` said of it: models made for it carry this."""
        rows = [(name, low, high, unit) for name, low, high, _, unit in self.rows]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Hard bounds by name, in order."""
        return {name: (float(low), float(high)) for name, low, high, _, _ in self.rows}

    def held_at(self, name: str) -> float:
        """Where a dropped parameter stands now."""
        defaults = {row[0]: float(row[3]) for row in self.rows}
        return float(self.fixed.get(name, defaults[name]))

    def fresh_at(self, parameter: Parameter) -> float:
        """Where a parameter that is new since stands in a design made before it."""
        return float(self.fresh.get(parameter.name, parameter.range.default))


class Declared(Protocol):
    """What is needed of a family."""

    earlier: Sequence[Earlier]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters declared now."""


def upgraded(family: Declared, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values of an earlier declaration under the one of now, and what was done, by parameter.

    Dropped parameters leave, new ones get the value at which the body is as before, and values beyond a limit
    that has been narrowed are brought to it. What no earlier declaration explains stays as it is: checking is
    the family's work. Values of the declaration of now come back unchanged, with nothing done.
    """
    found, done = dict(values), dict[str, str]()
    now = {p.name: p for p in family.parameters}
    for before in family.earlier:
        found, said = _from(before, found, now)
        done |= said
        if said:
            break
    return found, done


def _from(
    before: Earlier, values: dict[str, Any], now: Mapping[str, Parameter]
) -> tuple[dict[str, Any], dict[str, str]]:
    then = {row[0]: row for row in before.rows}
    if any(name not in values for name in then if name in now):
        return values, {}  # incomplete under that declaration too
    found, done = dict(values), dict[str, str]()
    new = set(now) - set(then)
    # a design that is complete under the declaration of now is none of an earlier one, unless the names agree
    older = (
        not new <= set(values)
        or any(name in values for name in set(then) - set(now))
        or set(then) == set(now)
    )
    if not older:
        return values, {}
    for name, (_, low, high, _, unit) in then.items():
        value = found.get(name)
        if not _number(value) or not low <= value <= high:
            continue
        if name not in now:
            del found[name]
            at = before.held_at(name)
            same = math.isclose(value, at, rel_tol=1e-9, abs_tol=1e-12)
            done[name] = f"dropped ({value:g} {unit})" if same else f"dropped ({_from_to(value, at, unit)})"
            continue
        limits = now[name].range
        nearest = min(max(float(value), limits.low), limits.high)
        if nearest != value and not _inside(value, limits):
            found[name] = nearest
            done[name] = f"brought to its limit ({_from_to(value, nearest, unit)})"
    for name, parameter in now.items():
        if name in new and name not in found:
            found[name] = before.fresh_at(parameter)
            done[name] = f"filled in ({found[name]:g} {parameter.range.unit})"
    return found, done


def notes_of(done: Mapping[str, str]) -> tuple[str, ...]:
    """One short phrase a parameter: ``tail drop dropped (40 mm)``."""
    return tuple(f"{name} {what}" for name, what in done.items())


def find_earlier(earlier: Iterable[Earlier], declaration_hash: str) -> Earlier | None:
    """The earlier declaration of that hash."""
    return next((e for e in earlier if e.declaration_hash == declaration_hash), None)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _inside(value: float, limits: Range) -> bool:
    """As :func:`.parameters.check_value` has it, with its slack for rounding."""
    slack = 1e-9 * (limits.high - limits.low)
    return limits.low - slack <= value <= limits.high + slack


def _from_to(value: float, at: float, unit: str) -> str:
    return f"{value:g} to {at:g} {unit}"
