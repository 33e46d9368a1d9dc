"""Requirements and verdicts, and the two ways in which limits are refused before any search."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from ...design.errors import InputError, UnreachableError
from ...design.family.contract import Family
from ...design.messages import Message, listed, named, say, span, spelt
from .clash import refuse_clash
from .quantity import PARAMETER, SURROGATE, Kinds, Quantity, get_quantity, shown

DEFAULT_CONFIDENCE = 0.9
NEVER_NEGATIVE = ("length", "area", "volume", "mass")
HALF = NormalDist().inv_cdf(0.95)  # half of a prediction's interval in standard deviations: it covers 90 %


@dataclass(frozen=True)
class Requirement:
    """What must hold of one quantity.

    Attributes:
        quantity: its name.
        unit: its unit; the limits are in it.
        at_least, at_most: the limits; both for "between", never none.
        confidence: for predicted quantities, the probability with which the limit must hold.
        hard: a design that misses a hard requirement fails; an advisory one is reported.
        source: who asked, in their words.
        kinds: names of the quantity's values, where it has some.
    """

    quantity: str
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    confidence: float = DEFAULT_CONFIDENCE
    hard: bool = True
    source: str = ""
    kinds: Kinds = field(default=(), compare=False)

    def __post_init__(self) -> None:
        limits = [v for v in (self.at_least, self.at_most) if v is not None]
        if not limits:
            raise InputError(
                say(
                    "requirement on {quantity} has no limit; give at_most, at_least or between",
                    quantity=spelt(self.quantity),
                )
            )
        for value in limits:
            if not math.isfinite(value):
                raise InputError(
                    say(
                        "requirement on {quantity}: the limit is {value}; give a finite number",
                        quantity=spelt(self.quantity),
                        value=value,
                    )
                )
        if not 0.5 <= self.confidence < 1.0:
            raise InputError(
                say(
                    "requirement on {quantity}: confidence is {confidence:g}; allowed 0.5 to below 1",
                    quantity=spelt(self.quantity),
                    confidence=self.confidence,
                )
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise InputError(_crossed(self, self, ""))

    def shown(self, value: float) -> Message:
        """A value of the quantity as people read it."""
        return shown(value, self.unit, self.kinds)

    @property
    def limits(self) -> Message:
        """The limits in words: ``at most 4700 mm``."""
        if self.at_least is not None and self.at_least == self.at_most:
            return say("exactly {limit}", limit=self.shown(self.at_least))
        if self.at_least is not None and self.at_most is not None:
            low, high = self.shown(self.at_least), self.shown(self.at_most)
            return say("between {low} and {high}", low=low, high=high)
        if self.at_most is not None:
            return say("at most {limit}", limit=self.shown(self.at_most))
        return say("at least {limit}", limit=self.shown(self.at_least or 0.0))

    def to_json(self) -> dict[str, Any]:
        """The form that a brief file takes."""
        data: dict[str, Any] = {"quantity": self.quantity, "unit": self.unit}
        if self.at_least is not None:
            data["at_least"] = self.at_least
        if self.at_most is not None:
            data["at_most"] = self.at_most
        return data | {"confidence": self.confidence, "hard": self.hard, "source": self.source}


def asked_of(
    quantity: Quantity, at_least: float | None, at_most: float | None, hard: bool = True, source: str = ""
) -> Requirement:
    """A requirement on `quantity`, its limits whole where it is and shown as it shows its values."""
    low, high = (None if v is None else quantity.typed(v) for v in (at_least, at_most))
    return Requirement(
        quantity.name, quantity.unit, low, high, hard=hard, source=source, kinds=quantity.kinds
    )


@dataclass(frozen=True)
class Verdict:
    """How one design meets one requirement.

    Attributes:
        requirement: what was asked.
        quantity, unit: of the value.
        value: what the design has (for predicted quantities the best estimate).
        limit: the limit that the margin is measured to.
        margin: signed and divided by the limit's scale; at or below 0 passes.
        passed: ``margin <= 0``.
        hard: whether the requirement is.
        reason: one sentence.
        how: ``parameter``, ``parameters``, ``fast mesh``, ``exact CAD`` or ``surrogate``.
        lower, upper: of the prediction's interval, or of nine in ten products where a strength is computed.
        probability, in_domain: of the prediction; None for what is measured.
    """

    requirement: Requirement
    quantity: str
    unit: str
    value: float
    limit: float
    margin: float
    passed: bool
    hard: bool
    reason: str
    how: str
    probability: float | None = None
    lower: float | None = None
    upper: float | None = None
    in_domain: bool | None = None

    @property
    def got(self) -> Message:
        """The value as people read it."""
        return self.requirement.shown(self.value) if math.isfinite(self.value) else say("unknown")

    @property
    def likely(self) -> bool:
        """The best estimate is within the limits, and only not sure enough to pass."""
        r = self.requirement
        return bool(
            not self.passed
            and self.in_domain
            and self.probability is not None
            and (r.at_most is None or self.value <= r.at_most)
            and (r.at_least is None or self.value >= r.at_least)
        )

    @property
    def sure_at(self) -> float | None:
        """The predicted value from which the limit would hold with the confidence that is asked, its interval
        as wide as now; None for what is not :attr:`likely`, or asked between two limits."""
        r = self.requirement
        if not self.likely or self.upper is None or (r.at_most is None) == (r.at_least is None):
            return None
        reach = (self.upper - self.value) * NormalDist().inv_cdf(r.confidence) / HALF
        return r.at_most - reach if r.at_most is not None else (r.at_least or 0.0) + reach

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object; ``asked`` is the requirement in words. Infinite numbers become null."""
        return {
            "quantity": self.quantity,
            "asked": self.requirement.limits,
            "source": self.requirement.source,
            "value": _finite(self.value),
            "got": self.got,
            "limit": self.limit,
            "unit": self.unit,
            "margin": _finite(self.margin),
            "passed": self.passed,
            "hard": self.hard,
            "confidence": self.requirement.confidence if self.probability is not None else None,
            "probability": self.probability,
            "likely": self.likely,
            "sure_at": self.sure_at,
            "lower": self.lower,
            "upper": self.upper,
            "in_domain": self.in_domain,
            "reason": self.reason,
            "how": self.how,
        }


def limit_scale(limit: float, quantity: Quantity) -> float:
    """What a margin to `limit` is divided by: the limit, or the quantity's scale when that is near zero."""
    return abs(limit) if abs(limit) > 1e-3 * quantity.scale else quantity.scale


def merged(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """One requirement per quantity, hardness and confidence: the tightest limits, sorted by quantity.

    Raises:
        InputError: when limits on one quantity contradict each other; names both.
    """
    groups: dict[tuple[str, bool, float], list[Requirement]] = {}
    for item in requirements:
        groups.setdefault((item.quantity, item.hard, item.confidence), []).append(item)
    result: list[Requirement] = []
    for (name, hard, confidence), items in groups.items():
        lows = [r for r in items if r.at_least is not None]
        highs = [r for r in items if r.at_most is not None]
        low = max(lows, key=lambda r: r.at_least or 0.0, default=None)
        high = min(highs, key=lambda r: r.at_most or 0.0, default=None)
        _refuse_crossed(low, high)
        sources = sorted({r.source for r in (low, high) if r is not None and r.source})
        result.append(
            Requirement(
                name,
                items[0].unit,
                low.at_least if low else None,
                high.at_most if high else None,
                confidence,
                hard,
                "; ".join(sources),
                items[0].kinds,
            )
        )
    result.sort(key=lambda r: (r.quantity, not r.hard, r.confidence))
    for a in result:
        for b in result:
            if a.quantity == b.quantity and a.hard and b.hard:
                _refuse_crossed(a, b)
    return tuple(result)


def refuse_unreachable(
    family: Family, requirements: Iterable[Requirement], locks: Mapping[str, float]
) -> None:
    """Refuse hard limits and locks that no design of the family can meet, from the declaration alone.

    Raises:
        InputError: naming the limit and the range that the family allows, or the value that is not whole.
    """
    requirements = tuple(requirements)
    reach = {p.name: (p.range.low, p.range.high) for p in family.parameters}
    hard = [r for r in requirements if r.hard]
    for item in requirements:
        quantity = get_quantity(family, item.quantity)
        _sensible(item, quantity)
    for name, value in locks.items():
        quantity = get_quantity(family, name)
        refuse_between(quantity, value, _lock(name, value, quantity))
        if quantity.how == SURROGATE or quantity.low is None or quantity.high is None:
            raise InputError(
                say(
                    "lock on {quantity}: only parameters and their sums can be locked; use a requirement",
                    quantity=spelt(name),
                )
            )
        _inside(
            _lock(name, value, quantity),
            value,
            value,
            quantity.low,
            quantity.high,
            quantity,
        )
        if name in reach:
            reach[name] = (value, value)
    for item in hard:
        quantity = get_quantity(family, item.quantity)
        if quantity.how == SURROGATE:
            _plausible(item, quantity)
        if quantity.how == PARAMETER:
            low, high = reach[item.quantity]
            locked = item.quantity in locks
            _inside(_named(item), item.at_least, item.at_most, low, high, quantity, locked)
            reach[item.quantity] = (
                low if item.at_least is None else max(low, item.at_least),
                high if item.at_most is None else min(high, item.at_most),
            )
    _refuse_sums(family, hard, locks, reach)


def _refuse_sums(
    family: Family,
    hard: Iterable[Requirement],
    locks: Mapping[str, float],
    reach: Mapping[str, tuple[float, float]],
) -> None:
    """Refuse limits and locks of sums for which the limits of their parts leave no room."""
    for name, parts in family.sums.items():
        quantity = get_quantity(family, name)
        low, high = sum(reach[p][0] for p in parts), sum(reach[p][1] for p in parts)
        for item in hard:
            if item.quantity == name:
                what = _sum(_named(item), name, parts)
                for limit, upper in ((item.at_most, True), (item.at_least, False)):
                    if limit is not None:
                        refuse_clash(family, name, what, limit, upper, reach, locks)
                _inside(what, item.at_least, item.at_most, low, high, quantity)
        if name in locks:
            what = _sum(_lock(name, locks[name], quantity), name, parts)
            for upper in (True, False):
                refuse_clash(family, name, what, locks[name], upper, reach, locks)
            _inside(what, locks[name], locks[name], low, high, quantity)


def _sensible(item: Requirement, quantity: Quantity) -> None:
    for limit in (item.at_least, item.at_most):
        refuse_between(quantity, limit, _named(item))
        if limit is not None and limit < 0.0 <= (quantity.low or 0.0) and quantity.kind in NEVER_NEGATIVE:
            raise InputError(
                say("{what}: {quantity} is never negative", what=_named(item), quantity=quantity.label)
            )


def refuse_between(quantity: Quantity, value: float | None, what: str) -> None:
    """Refuse a value between the whole numbers of a quantity.

    Raises:
        InputError: `what`, and what is allowed.
    """
    if value is not None and quantity.whole and value != int(value):
        raise InputError(
            say("{what}: only whole numbers are allowed, {range}", what=what, range=quantity.span)
        )


def _plausible(item: Requirement, quantity: Quantity) -> None:
    low = 0.0 if quantity.low is None else quantity.low
    high = math.inf if quantity.high is None else quantity.high
    for limit in (item.at_least, item.at_most):
        if limit is not None and not low <= limit <= high:
            raise InputError(
                say(
                    "{what}: no plausible limit; a {quantity} lies within {range}",
                    what=_named(item),
                    quantity=quantity.label,
                    range=quantity.span,
                )
            )


def _inside(
    what: str,
    at_least: float | None,
    at_most: float | None,
    low: float,
    high: float,
    quantity: Quantity,
    locked: bool = False,
) -> None:
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    too_high = at_least is not None and at_least > high + slack
    too_low = at_most is not None and at_most < low - slack
    if too_high or too_low:
        if locked:
            raise InputError(
                say(
                    "{what} contradicts its lock at {value}; change one of the two",
                    what=what,
                    value=quantity.shown(low),
                )
            )
        raise UnreachableError(
            say(
                "{what} is out of reach: allowed {range}"
                if (low, high) == (quantity.low, quantity.high)
                else "{what} is out of reach: the other limits and locks leave {range}",
                what=what,
                range=span(low, high, quantity.unit),
            ),
            quantity.name,
            "at_least" if too_high else "at_most",
            high if too_high else low,
        )


def _lock(name: str, value: float, quantity: Quantity) -> Message:
    return say("lock {quantity} = {value}", quantity=named(name), value=quantity.shown(value))


def _sum(what: Message, name: str, parts: Iterable[str]) -> Message:
    return say(
        "{what} ({sum} is the sum of {parts})", what=what, sum=named(name), parts=listed(map(named, parts))
    )


def _named(item: Requirement) -> Message:
    name, limits = named(item.quantity), item.limits
    if not item.source:
        return say("{quantity} {limits}", quantity=name, limits=limits)
    return say("{quantity} {limits} ({source!r})", quantity=name, limits=limits, source=item.source)


def _refuse_crossed(low: Requirement | None, high: Requirement | None) -> None:
    if low is None or high is None or low.at_least is None or high.at_most is None:
        return
    if low.at_least > high.at_most:
        raise InputError(_crossed(low, high, low.source))


def _crossed(low: Requirement, high: Requirement, low_source: str) -> Message:
    return say(
        "{quantity} cannot be at least {low} and at most {high}; change one of the two",
        quantity=named(low.quantity),
        low=_asked(low, low.at_least, low_source),
        high=_asked(high, high.at_most, high.source),
    )


def _asked(item: Requirement, limit: float | None, source: str) -> Message:
    """A limit with the words of whoever asked for it."""
    value = item.shown(limit or 0.0)
    return say("{value} ({source!r})", value=value, source=source) if source else value


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
