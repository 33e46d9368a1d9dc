"""Limits that cannot hold together by arithmetic alone: a sum against the limits of its parts, with ways out.

No search is needed: what the parts' limits leave is known, so is a smallest set of them that leaves too
little (a deletion filter, exact here), and how far each one alone would have to move.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ...design.errors import ClashError
from ...design.family.contract import Family
from ...design.messages import Message, listed, named, say
from .quantity import get_quantity

LOCK = "lock"  # the side of a way out that is no limit
Ends = Mapping[str, tuple[float, float]]


def refuse_clash(
    family: Family, name: str, what: Message, limit: float, upper: bool, reach: Ends, locks: Collection[str]
) -> None:
    """Refuse a limit or lock of a sum that the limits of its parts leave no room for.

    Args:
        name: the sum. what: its limit in words. limit: its value, the `upper` end or the lower one.
        reach: what limits and locks leave of each parameter. locks: parameters that are locked.

    Raises:
        ClashError: the parts' limits that stand against it, how far the other parts go, and what each limit
            would have to be.
    """
    side, sign = (0, 1.0) if upper else (1, -1.0)
    parts = family.sums[name]
    ends = {p: reach[p][side] for p in parts}
    free = {p.name: (p.range.low, p.range.high)[side] for p in family.parameters if p.name in parts}
    gap = sign * (sum(ends.values()) - limit)
    against = _smallest(ends, free, limit, sign)
    if gap <= _slack(limit) or not against:
        return
    others = [_said(family, p, ends[p], p in locks, upper) for p in against]
    others += [_end(family, p, free[p], upper) for p in parts if p not in against]
    ways = [(name, _side(name, locks, upper), sum(ends.values()))]
    for p in against:
        other = ends[p] - sign * gap
        if sign * (other - free[p]) >= -_slack(other):
            ways.append((p, _side(p, locks, not upper), other))
    raise ClashError(
        say(
            "{what} cannot hold together with {others}. Any one of these mends it: {ways}",
            what=what,
            others=listed(others),
            ways=listed([_way(family, *way) for way in ways], "; "),
        ),
        tuple(ways),
    )


def _side(name: str, locks: Collection[str], upper: bool) -> str:
    return LOCK if name in locks else "at_most" if upper else "at_least"


def _smallest(
    ends: Mapping[str, float], free: Mapping[str, float], limit: float, sign: float
) -> Sequence[str]:
    """Parts whose limits leave too little, none of which can be left out."""
    held = dict(ends)
    for p in sorted(ends, key=lambda p: abs(ends[p] - free[p])):
        rest = {**held, p: free[p]}
        if sign * (sum(rest.values()) - limit) > _slack(limit):
            held = rest
    return [p for p in ends if held[p] != free[p]]


def _said(family: Family, name: str, end: float, locked: bool, upper: bool) -> Message:
    if locked:
        return _fixed(family, name, end)
    value = get_quantity(family, name).shown(end)
    if upper:
        return say("{quantity} at least {value}", quantity=named(name), value=value)
    return say("{quantity} at most {value}", quantity=named(name), value=value)


def _end(family: Family, name: str, value: float, upper: bool) -> Message:
    """How far a part goes that nothing limits but the product."""
    limit = get_quantity(family, name).shown(value)
    if upper:
        return say("{quantity} never below {limit}", quantity=named(name), limit=limit)
    return say("{quantity} never above {limit}", quantity=named(name), limit=limit)


def _fixed(family: Family, name: str, value: float) -> Message:
    fixed = get_quantity(family, name).shown(value)
    return say("{quantity} fixed at {value}", quantity=named(name), value=fixed)


def _way(family: Family, name: str, side: str, value: float) -> Message:
    if side == LOCK:
        return _fixed(family, name, value)
    limit = get_quantity(family, name).shown(value)
    if side == "at_most":
        return say("{quantity} to at most {limit}", quantity=named(name), limit=limit)
    return say("{quantity} to at least {limit}", quantity=named(name), limit=limit)


def _slack(value: float) -> float:
    return 1e-9 * max(abs(value), 1.0)
