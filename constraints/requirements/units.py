"""Units as people write them: any sensible form in, the quantity's own unit out (pint calculates)."""

from __future__ import annotations

import math
from typing import Any

from ...design.errors import InputError
from ...design.family.parameters import snake
from ...design.language.amounts import amount_at
from ...design.language.tokens import cleaned, tokenise
from ...design.language.units import MONEY, PINT_OF, UNSAID, kind_of, registry, unit_text
from ...design.messages import Message, marked, named, say, spelt
from .quantity import Quantity

_EXAMPLES = {
    "length": marked("mm, cm, m, inches or feet"),
    "angle": marked("degrees"),
    "area": marked("m2 or square feet"),
    "volume": marked("litres, m3 or cubic feet"),
    "mass": marked("kg or pounds"),
    "force": marked("N or kN"),
    "stress": marked("MPa or N/mm2"),
    "stiffness": marked("N/mm or kN/m"),
    "power": marked("W or kW"),
    "dimensionless": marked("a plain number"),
}
_KINDS = {
    "length": marked("a length"),
    "angle": marked("an angle"),
    "area": marked("an area"),
    "volume": marked("a volume"),
    "mass": marked("a mass"),
    "force": marked("a force"),
    "stress": marked("a stress"),
    "stiffness": marked("a stiffness"),
    "power": marked("a power"),
    "dimensionless": marked("a plain number"),
    "speed": marked("a speed"),
    "time": marked("a time"),
}
_PERCENTAGE, _OTHER = marked("a percentage"), marked("something else")


def convert(value: float, unit: str, quantity: Quantity, phrase: str, called: Message | None = None) -> float:
    """`value` in `unit` (a pint expression, or "" for none written) as the quantity's own unit.

    A number without a unit is read in the quantity's unit, or, for lengths, in metres when only that lies
    within reach (2.8 for a wheelbase).

    Args:
        called: the field of a file that it stands in, which messages name in place of the quantity.

    Raises:
        InputError: when the unit is of another kind; names quantity, phrase and the units that would do.
    """
    name = called or named(quantity.name)
    if not math.isfinite(value):
        raise InputError(say("{quantity}: {phrase!r} is not a finite number", quantity=name, phrase=phrase))
    if unit == "":
        return quantity.typed(_bare(value, quantity))
    if unit == "percent" and quantity.unit == "1" and quantity.how == "parameter" and not quantity.whole:
        return value / 100.0
    kind = kind_of(unit)
    if quantity.kind == "dimensionless" and unit in MONEY:
        raise InputError(
            say("{quantity} is told in euro: how much is {phrase!r} in euro?",
                quantity=name, phrase=phrase)
        )  # fmt: skip
    if kind != quantity.kind or unit == "percent":
        raise InputError(
            say(
                "{quantity} is {own}, but {phrase!r} is {other}; give it as {units}",
                quantity=name,
                own=say(_KINDS[quantity.kind]),
                phrase=phrase,
                other=say(_PERCENTAGE if unit == "percent" else _KINDS.get(kind, _OTHER)),
                units=say(_EXAMPLES[quantity.kind]),
            )
        )
    ureg = registry()
    return quantity.typed(float(ureg.Quantity(value, unit).to(PINT_OF[quantity.unit]).magnitude))


def parse_value(raw: Any, quantity: Quantity, field: str) -> float:
    """A number or text like ``"150 mm"`` from a brief file, in the quantity's own unit.

    >>> from maquette.constraints.requirements.quantity import get_quantity
    >>> from maquette.design.family.registry import get_family
    >>> parse_value("9 ft 2 1/4 in", get_quantity(get_family("car"), "wheelbase"), "lock.wheelbase")
    2800.35

    Raises:
        InputError: naming the field, the value and what is allowed.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise InputError(
            say(
                "{name} is {value}; give a number in plain numbers or text with a unit"
                if quantity.unit == "1"
                else "{name} is {value}; give a number in {unit} or text with a unit",
                name=field,
                value=repr(raw),
                unit=quantity.unit,
            )
        )
    if not isinstance(raw, str):
        value = float(raw)
        if not math.isfinite(value):
            raise InputError(_not_finite(field, quantity, str(value)))
        return quantity.typed(value)
    for value, kind in quantity.kinds:
        if kind == snake(raw):
            return value
    tokens = tokenise(cleaned(raw.strip()))
    found = amount_at(tokens, 0)
    if found is None or found.last != len(tokens) or found.high is not None:
        raise InputError(
            say(
                "{name} is {value}; give a number and a unit, for example {example!r}",
                name=field,
                value=repr(raw),
                example=_example(quantity),
            )
        )
    if not math.isfinite(found.low):
        raise InputError(_not_finite(field, quantity, repr(raw)))
    if found.unit == "":
        return quantity.typed(plausible(found.low, quantity, field))
    readings = [found.low] if found.other is None else [found.low, found.other[0]]
    called = spelt(field) if field.endswith(quantity.name) else None
    values = [convert(v, found.unit, quantity, raw.strip(), called) for v in readings]
    if not all(map(math.isfinite, values)):
        raise InputError(_not_finite(field, quantity, repr(raw)))
    reach = quantity.reach
    return next((v for v in values if reach is None or reach[0] <= v <= reach[1]), values[0])


def plausible(value: float, quantity: Quantity, field: str) -> float:
    """A number without a unit, unless another unit than the quantity's own is meant.

    Raises:
        InputError: nothing near the quantity's reach in its own unit, but inside it in another one.
    """
    if quantity.reach is None or quantity.kind not in UNSAID:
        return value
    low, high = quantity.reach
    if (0.5 * low if low > 0.0 else 2.0 * low - high) <= value <= 2.0 * high - min(low, 0.0):
        return value
    for unit in UNSAID[quantity.kind]:
        if unit != PINT_OF[quantity.unit] and low <= convert(value, unit, quantity, field) <= high:
            meant = f"{value:g} {unit_text(unit)}"
            raise InputError(
                say("{name} is {value:g} without a unit; if {meant} is meant, write so",
                    name=field, value=value, meant=meant)
            )  # fmt: skip
    return value


def _not_finite(field: str, quantity: Quantity, value: str) -> Message:
    return say(
        "{name} is {value}; give a finite number in plain numbers"
        if quantity.unit == "1"
        else "{name} is {value}; give a finite number in {unit}",
        name=field,
        value=value,
        unit=quantity.unit,
    )


def _bare(value: float, quantity: Quantity) -> float:
    if quantity.unit != "mm":
        return value
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        return value * 1000.0 if 0.0 < abs(value) < 10.0 else value
    inside_mm, inside_m = low <= value <= high, low <= value * 1000.0 <= high
    metres = inside_m or (not inside_mm and low >= 500.0 and 0.0 < abs(value) < 10.0)
    return value * 1000.0 if metres and not inside_mm else value


def _example(quantity: Quantity) -> str:
    value = quantity.high if quantity.high is not None else quantity.scale
    return quantity.shown(value if quantity.whole else float(value))
