"""How a design gets to where words want it: parameters set, sums and measures met with the least move.

What is asked of a parameter is set. What is asked of a sum or a measure is met by Gauss-Newton steps of
least norm over the free parameters that matter (finite differences of the fast mesh, in the unit cube); what
is kept stands still or is one more row with its value of now. A result that breaks a rule of the family goes
back on the straight way from the start to the last place that keeps it, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError, MaquetteError
from ...design.family.contract import Family
from ...design.family.parameters import as_row, as_values, from_unit_cube, to_unit_cube
from ...design.messages import Message, named, say
from .edits import Ask, Edits
from .quantity import DERIVED, MESH, PARAMETER, Quantity, quantities

STEPS, CLOSE = 10, 1e-4
#: finite difference, and the largest move of a parameter in one step, in the unit cube
DIFFERENCE, STRIDE = 0.01, 0.25
#: a parameter that moves nothing asked by at least this share of what the strongest does is left alone
MATTERS = 0.2
#: places tried on the way back to the start
WAY_BACK = 64
#: a measure has moved when it changes by more than this share of itself
MOVED = 1e-3


@dataclass(frozen=True)
class Change:
    """A quantity before and after; `words` asked for it, "" where it followed."""

    quantity: str
    unit: str
    before: float
    after: float
    words: str = ""


@dataclass(frozen=True)
class Edited:
    """A design after an edit.

    Attributes:
        values: complete parameters.
        changes: parameters that changed, and sums and measures that were asked for.
        moved: measures that moved with them.
        short: what could not be reached, with the nearest value that could, in words.
    """

    values: dict[str, float]
    changes: tuple[Change, ...]
    moved: tuple[Change, ...]
    short: tuple[Message, ...]


def edited(family: Family, values: Mapping[str, float], edits: Edits) -> Edited:
    """The design that the edits make of another one.

    Raises:
        InputError: two edits of one quantity that contradict each other, or of one that is kept.
        MaquetteError: a body that cannot be measured.
    """
    known, start = quantities(family), family.validate(values)
    now = _numbers(family, start, _measured(known, edits))
    targets = _targets(known, edits.asks, now)
    for name in targets:
        if name in edits.keeps:
            raise InputError(
                say("{quantity} is to change ({words!r}) and to be kept ({kept!r})", quantity=named(name),
                    words=_words(edits.asks, name), kept=edits.keeps[name])
            )  # fmt: skip
    short: list[Message] = []
    after = {**start, **edits.options}
    held = {n for n in edits.keeps if known[n].how == PARAMETER}
    for name, value in targets.items():
        if known[name].how == PARAMETER:
            after[name] = _inside(known[name], value, short)
            held.add(name)
    goals = {n: v for n, v in targets.items() if known[n].how != PARAMETER}
    goals |= {n: now[n] for n in edits.keeps if known[n].how in (DERIVED, MESH)}
    if goals:
        after = _met(family, after, goals, held)
    after = _sound(family, start, after, short)
    return _told(family, start, after, edits, targets, short)


def _measured(known: Mapping[str, Quantity], edits: Edits) -> list[str]:
    return [n for n in (*(a.quantity for a in edits.asks), *edits.keeps) if known[n].how == MESH]


def _numbers(family: Family, values: Mapping[str, float], measures: Sequence[str]) -> dict[str, float]:
    """Parameters, sums and these measures of a design."""
    found = {p.name: float(values[p.name]) for p in family.parameters}
    found |= {name: sum(values[p] for p in parts) for name, parts in family.sums.items()}
    return found | (dict(family.measures_of(values, set(measures))) if measures else {})


def _targets(
    known: Mapping[str, Quantity], asks: Sequence[Ask], now: Mapping[str, float]
) -> dict[str, float]:
    """The value that each quantity is asked to have; relative asks of one quantity add up."""
    found: dict[str, float] = {}
    fixed: dict[str, Ask] = {}
    for ask in asks:
        quantity = known[ask.quantity]
        if ask.relative:
            here = found.get(ask.quantity, now[ask.quantity])
            span = (quantity.high or 0.0) - (quantity.low or 0.0)
            found[ask.quantity] = here + ask.value + ask.share * (span if ask.of_range else here)
            continue
        other = fixed.setdefault(ask.quantity, ask)
        if other.value != ask.value:
            raise InputError(
                say("{quantity} cannot be both {one} and {other}", quantity=named(ask.quantity),
                    one=quantity.shown(other.value), other=quantity.shown(ask.value))
            )  # fmt: skip
        found[ask.quantity] = ask.value
    return {name: known[name].typed(round(v) if known[name].whole else v) for name, v in found.items()}


def _inside(quantity: Quantity, value: float, short: list[Message]) -> float:
    low = quantity.low if quantity.low is not None else value
    high = quantity.high if quantity.high is not None else value
    if low <= value <= high:
        return value
    nearest = min(max(value, low), high)
    short.append(
        say("{quantity} of {value} is out of its range {range}; {nearest} is aimed at",
            quantity=quantity.label, value=quantity.shown(value), range=quantity.span,
            nearest=quantity.shown(nearest))
    )  # fmt: skip
    return nearest


def _met(
    family: Family, values: Mapping[str, float], goals: Mapping[str, float], held: set[str]
) -> dict[str, float]:
    """The nearest design whose sums and measures have these values, as far as steps get there."""
    declaration = family.declaration
    free = np.array(
        [p.name not in held and p.range.shapes_hull and not p.range.whole for p in family.parameters]
    )
    options = {c.name: values[c.name] for c in family.choices}
    names, wanted = list(goals), np.array(list(goals.values()))
    scale = np.maximum(np.abs(wanted), 1e-9)
    measures = [n for n in names if n not in family.sums]

    def at(unit: FloatArray) -> FloatArray:
        row = from_unit_cube(declaration, unit[None])[0]
        found = _numbers(family, as_values(declaration, row) | options, measures)
        return np.array([found[n] for n in names])

    start = to_unit_cube(declaration, as_row(declaration, values)[None])[0]
    unit = start.copy()
    for _ in range(STEPS):
        here = at(unit)
        gap = (wanted - here) / scale
        if np.abs(gap).max() < CLOSE:
            break
        jacobian = np.zeros((len(names), len(unit)))
        for k in np.flatnonzero(free):
            step = DIFFERENCE if unit[k] + DIFFERENCE <= 1.0 else -DIFFERENCE
            moved = unit.copy()
            moved[k] += step
            try:
                jacobian[:, k] = (at(moved) - here) / scale / step
            except (MaquetteError, ValueError, ArithmeticError):
                continue
        strongest = np.abs(jacobian).max(axis=1, keepdims=True)
        jacobian *= (np.abs(jacobian) >= MATTERS * strongest).any(axis=0)
        kernel = jacobian @ jacobian.T
        ridge = 1e-9 * max(float(np.trace(kernel)), 1e-12)
        move = jacobian.T @ np.linalg.solve(kernel + ridge * np.eye(len(names)), gap)
        unit = np.clip(unit + move * min(1.0, STRIDE / max(float(np.abs(move).max()), 1e-12)), 0.0, 1.0)
    reached = as_values(declaration, from_unit_cube(declaration, unit[None])[0])
    moved = [p.name for p, d in zip(family.parameters, unit - start, strict=True) if d != 0.0]
    return {**values, **{name: reached[name] for name in moved}}


def _sound(
    family: Family, start: Mapping[str, float], after: Mapping[str, float], short: list[Message]
) -> dict[str, float]:
    """`after`, or the last place on the way to it that breaks no rule that the start keeps."""
    before = {b.rule for b in family.broken_rules(start)}
    new = family.newly_broken(after, before)
    if not new:
        return dict(after)
    short.append(
        say("{rule}: {reason}; the design goes as far as that allows", rule=new[0].rule, reason=new[0].reason)
    )
    declaration = family.declaration
    ends = [to_unit_cube(declaration, as_row(declaration, v)[None])[0] for v in (start, after)]
    options = {c.name: after[c.name] for c in family.choices}
    for share in np.linspace(1.0, 0.0, WAY_BACK, endpoint=False)[1:]:
        row = from_unit_cube(declaration, ((1.0 - share) * ends[0] + share * ends[1])[None])[0]
        tried = as_values(declaration, row) | options
        if not family.newly_broken(tried, before):
            return tried
    return dict(start)


def _told(
    family: Family, start: Mapping[str, float], after: dict[str, float], edits: Edits,
    targets: Mapping[str, float], short: list[Message],
) -> Edited:  # fmt: skip
    known = quantities(family)
    listed = [m.name for m in family.measure_list if m.name not in family.sums]
    one, other = (_numbers(family, v, listed) for v in (start, after))
    changes: list[Change] = []
    moved: list[Change] = []
    for name in one:
        asked = name in targets
        apart = abs(other[name] - one[name])
        if apart <= (0.0 if known[name].how == PARAMETER else MOVED * max(abs(one[name]), 1e-9)):
            continue
        change = Change(name, known[name].unit, one[name], other[name], _words(edits.asks, name))
        (changes if asked or known[name].how == PARAMETER else moved).append(change)
    for name, value in targets.items():
        if known[name].how != PARAMETER and abs(other[name] - value) > 5 * CLOSE * max(abs(value), 1e-9):
            short.append(
                say("{quantity} of {value} cannot be reached from here; it is {nearest} now",
                    quantity=known[name].label, value=known[name].shown(value),
                    nearest=known[name].shown(other[name]))
            )  # fmt: skip
    return Edited(after, tuple(changes), tuple(moved), tuple(short))


def _words(asks: Sequence[Ask], name: str) -> str:
    return "; ".join(dict.fromkeys(a.words for a in asks if a.quantity == name))
