"""Numbers as people ask for them: exact values and limits, what the prior is told, and what came of it.

An exact value is told to the prior as it is, and counts as met within `SLACK`. A limit that can be measured
on the body is told only where a first draw breaks it: then the prior is asked for a value inside the limit.
Whatever is missed is asked again, with what was missed added. So words keep their say, and a limit changes
the drawing only as far as it must.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import InputError

#: how far from the training mean, in deviations, a number may lie
SPAN = 6.0
#: how far inside a limit a redraw aims, in deviations: this at least, and this much more on average
MARGIN, TAIL = 0.1, 0.25
#: how near an exact value counts as met, in deviations
SLACK = 0.1
#: share of what was missed that the next draw is asked for: priors answer a little too weakly
INSIST = 1.3


@dataclass(frozen=True)
class Asked:
    """One number: `low` equals `high` for an exact value; infinite where there is no limit on that side."""

    name: str
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """A value and not a limit."""
        return self.low == self.high

    def miss(self, value: float, slack: float = 0.0) -> float:
        """Signed distance to the nearest allowed value: positive when too small, 0 within `slack`."""
        distance = max(self.low - value, 0.0) - max(value - self.high, 0.0)
        return distance if abs(distance) > slack else 0.0


@dataclass(frozen=True)
class Numbers:
    """The numbers that a prior knows, in its order, with mean and deviation over its training designs."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def scale(self, name: str) -> float:
        """Standard deviation of a number over the training designs."""
        return self.scales[self.names.index(name)]

    def miss(self, asked: Asked, value: float) -> float:
        """Signed miss of one number, exact values within `SLACK` deviations counting as met."""
        return asked.miss(value, SLACK * self.scale(asked.name) if asked.exact else 0.0)


def read_numbers(numbers: Mapping[str, Any] | None, known: Numbers) -> tuple[Asked, ...]:
    """Numbers given as {name: value} or {name: (low, high)}, either end None for no limit.

    Raises:
        InputError: a name that the model does not know, something that is not a number, limits the wrong way
            round, or a value far from anything that the model has seen.
    """
    if numbers is not None and not isinstance(numbers, Mapping):
        raise InputError(
            f"numbers is {type(numbers).__name__}; {{name: value}} or {{name: (low, high)}} is needed"
        )
    found = []
    for name, value in (numbers or {}).items():
        if name not in known.names:
            near = difflib.get_close_matches(str(name), known.names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError(
                f"number {name!r} is not known to this model{hint}; allowed: {', '.join(known.names)}"
            )
        found.append(_read(name, value, known))
    return tuple(found)


def _read(name: str, value: Any, known: Numbers) -> Asked:
    pair = value if isinstance(value, (tuple, list)) else (value, value)
    if len(pair) != 2:
        raise InputError(f"{name} is {value!r}; a number or a pair (low, high) is needed")
    low = _finite(name, pair[0], -math.inf)
    high = _finite(name, pair[1], math.inf)
    if low > high:
        raise InputError(
            f"{name} is asked from {low:g} to {high:g}; the lower limit must not be above the higher"
        )
    k = known.names.index(name)
    least, most = (known.means[k] + side * SPAN * known.scales[k] for side in (-1.0, 1.0))
    if low > most or high < least:
        asked = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        raise InputError(
            f"{name} is {asked}; this model knows values between {max(least, 0.0):.4g} and {most:.4g}"
        )
    return Asked(name, low, high)


def _finite(name: str, value: Any, absent: float) -> float:
    if value is None:
        return absent
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise InputError(f"{name} is {value!r}, which is not a number")
    number = float(value)
    if math.isnan(number) or (math.isinf(number) and number != absent):
        raise InputError(f"{name} is {number}, which is not a finite number")
    return number


def told(asked: Asked, known: Numbers, die: float) -> float:
    """What the prior is told before anything is drawn, for a limit that cannot be measured: a value from the
    training designs' normal distribution inside the limit; `die` (uniform 0..1) makes it repeatable."""
    from scipy.special import ndtr, ndtri

    if asked.exact:
        return asked.low
    k = known.names.index(asked.name)
    low, high = (ndtr((end - known.means[k]) / known.scales[k]) for end in (asked.low, asked.high))
    drawn = known.means[k] + known.scales[k] * float(ndtri(np.clip(low + die * (high - low), 1e-9, 1 - 1e-9)))
    return float(np.clip(drawn, asked.low, asked.high))


def aim(asked: Asked, known: Numbers, measured: float, before: float | None, die: float) -> float:
    """What the prior is told after a draw missed: a value inside the limit, further in by what was missed.

    Args:
        before: what it was told for that draw; None when it was told nothing of this number.
        die: uniform 0..1: how far inside the limit.
    """
    scale = known.scale(asked.name)
    miss = asked.miss(measured)
    if before is None:
        inside = (MARGIN - TAIL * math.log(1.0 - min(die, 0.999))) * scale
        inside = min(inside, 0.5 * (asked.high - asked.low))
        target = asked.low + inside if miss > 0 else asked.high - inside
    else:
        margin = 0.0 if asked.exact else math.copysign(MARGIN * scale, miss)
        target = before + INSIST * miss + margin
    k = known.names.index(asked.name)
    return min(max(target, known.means[k] - SPAN * scale), known.means[k] + SPAN * scale)


def violation(
    asked: Sequence[Asked], known: Numbers, measured: Mapping[str, float], exact: bool = True
) -> float:
    """Sum of what is missed, in deviations; what was not measured does not count, exact values by `exact`."""
    return sum(
        abs(known.miss(a, measured[a.name])) / known.scale(a.name)
        for a in asked
        if (exact or not a.exact) and a.name in measured and math.isfinite(measured[a.name])
    )
