"""What a family's declaration was before, so that files, runs and models made under it can be carried over.

A parameter that is no longer declared is held at a value now, or follows from others (`held`); one that is
new has a value at which the body is as it was before (`fresh`). Nothing here knows a family.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .parameters import Parameter, Range


@dataclass(frozen=True)
class Held:
    """What stands in place of a dropped parameter: `constant` + the sum of `slopes` times others."""

    constant: float
    slopes: Mapping[str, float] = field(default_factory=dict)

    def at(self, values: Mapping[str, Any]) -> float:
        """Its value in a design of now."""
        return float(self.constant + sum(slope * values[name] for name, slope in self.slopes.items()))


@dataclass(frozen=True)
class Earlier:
    """One declaration that a family had before.

    Attributes:
        rows: (name, low, high, default, unit) of its parameters in order; numbers as they were written.
        held: parameters dropped since, to what the body has in their place now (their default else).
        fresh: parameters new since, to the value at which the body is as before (their default else).
    """

    rows: Sequence[tuple[str, float, float, float, str]]
    held: Mapping[str, Held] = field(default_factory=dict)
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

    def held_by(self, name: str) -> Held:
        """What stands in place of a dropped parameter now."""
        return self.held.get(name) or Held(next(float(row[3]) for row in self.rows if row[0] == name))

    def had(self, name: str, value: Any) -> bool:
        """Whether `value` was one of that parameter's."""
        low, high = self.ranges[name]
        return _number(value) and low <= value <= high

    def fresh_at(self, parameter: Parameter) -> float:
        """Where a parameter that is new since stands in a design made before it."""
        return float(self.fresh.get(parameter.name, parameter.range.default))


def upgraded(
    parameters: Sequence[Parameter], earlier: Sequence[Earlier], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values of an earlier declaration under the one of now, and what was done, by parameter.

    Dropped parameters leave, new ones get the value at which the body is as before, and values beyond a limit
    that has been narrowed are brought to it. What no earlier declaration explains stays as it is: checking is
    the family's work. Values of the declaration of now come back unchanged, with nothing done.
    """
    found, done = dict(values), dict[str, str]()
    now = {p.name: p for p in parameters}
    for before in earlier:
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
    new, gone = set(now) - set(then), set(then) - set(now)
    if (new or gone) and new <= set(values) and not gone & set(values):
        return values, {}  # complete under the declaration of now; where the names agree none can tell
    for name, parameter in now.items():
        limits = parameter.range
        if name in new and name not in found:
            found[name] = before.fresh_at(parameter)
            done[name] = f"filled in ({found[name]:g} {limits.unit})"
        elif name in then and before.had(name, found[name]) and not _inside(found[name], limits):
            nearest = min(max(float(found[name]), limits.low), limits.high)
            done[name] = f"brought to its limit ({_from_to(found[name], nearest, limits.unit)})"
            found[name] = nearest
    for name in [n for n in then if n in gone and before.had(n, found.get(n))]:
        value, unit = found.pop(name), then[name][4]
        at = before.held_by(name).at(found) if _numbers(found) else value
        same = math.isclose(value, at, rel_tol=1e-9, abs_tol=1e-12)
        done[name] = f"dropped ({value:g} {unit})" if same else f"dropped ({_from_to(value, at, unit)})"
    return found, done


def notes_of(done: Mapping[str, str]) -> tuple[str, ...]:
    """One short phrase a parameter: ``tail drop dropped (40 mm)``."""
    return tuple(f"{name} {what}" for name, what in done.items())


def find_earlier(earlier: Iterable[Earlier], declaration_hash: str) -> Earlier | None:
    """The earlier declaration of that hash."""
    return next((e for e in earlier if e.declaration_hash == declaration_hash), None)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(values: Mapping[str, Any]) -> bool:
    return all(map(_number, values.values()))


def _inside(value: float, limits: Range) -> bool:
    """As :func:`.parameters.check_value` has it, with its slack for rounding."""
    slack = 1e-9 * (limits.high - limits.low)
    return limits.low - slack <= value <= limits.high + slack


def _from_to(value: float, at: float, unit: str) -> str:
    return f"{value:g} to {at:g} {unit}"
