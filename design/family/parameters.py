"""One declaration per parameter: `Annotated[float, Range(...)]` on a frozen dataclass, and after the numbers
`Annotated[str, Choice(...)]` for named options that change a design's looks and never its hull.

From it alone come search distributions, surrogate features, sliders, pickers, the parameter table in the
documentation and every validation message. Vectors (rows, the unit cube, features) and the declaration's
hash know the numbers only. In a mapping of values a choice is the place of its option, as a float, so that
values stay `Mapping[str, float]`; wherever people look, :func:`named` gives the option's name.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

import numpy as np

from ..arrays import FloatArray
from ..errors import ParameterError
from ..messages import Message, amount, listed, say, span, spelt


@dataclass(frozen=True)
class Range:
    """Hard bounds, unit and meaning of one parameter.

    Attributes:
        low, high: hard bounds, inclusive, in ``unit``.
        default: the value at the middle of the family's space (a sound design when all are default).
        unit: ``mm``, ``deg`` or ``1`` (dimensionless).
        doc: one sentence that a designer understands.
        group: heading under which interfaces show it.
        sae: SAE J1100 code where the standard defines the dimension, else "".
        advisory: bounds that designers usually stay in; leaving them warns and never refuses.
        shapes_hull: False when the parameter only changes appearance (lamps), so CFD cannot depend on it.
    """

    low: float
    high: float
    default: float
    unit: str
    doc: str
    group: str
    sae: str = ""
    advisory: tuple[float, float] | None = None
    shapes_hull: bool = True

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Range needs finite low < high, got {self.low}, {self.high}")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"default {self.default} outside {self.low} to {self.high}")


@dataclass(frozen=True)
class Choice:
    """Named options of one detail.

    Attributes:
        options: snake_case names in the order in which interfaces show them.
        default: the option of a design that says nothing.
        doc: one sentence that a designer understands.
        group: heading under which interfaces show it.
        free: sketches may draw any option where nobody has said one; False where it hangs on the body.
    """

    options: tuple[str, ...]
    default: str
    doc: str
    group: str
    free: bool = True

    def __post_init__(self) -> None:
        if len(self.options) < 2 or len(set(self.options)) != len(self.options):
            raise ValueError(f"Choice needs at least two different options, got {self.options}")
        if self.default not in self.options:
            raise ValueError(f"default {self.default!r} is not one of {self.options}")


@dataclass(frozen=True)
class NamedChoice:
    """A named :class:`Choice`, as read from a declaration."""

    name: str
    choice: Choice

    @property
    def label(self) -> str:
        """Name as people read it: ``front lamps``."""
        return self.name.replace("_", " ")

    @property
    def default(self) -> float:
        """Place of the default option."""
        return self.place(self.choice.default)

    def place(self, option: Any) -> float:
        """Place of an option given by its name (any case, spaces or hyphens) or already by its place.

        Raises:
            ParameterError: not an option; the message lists them.
        """
        options = self.choice.options
        if isinstance(option, str):
            plain = "_".join(option.strip().lower().replace("-", " ").replace("_", " ").split())
            if plain in options:
                return float(options.index(plain))
            near = difflib.get_close_matches(plain, options, n=1)
            if near:
                text = say(
                    "{name} is {option!r}; did you mean {near!r}? options: {options}",
                    name=spelt(self.name),
                    option=option,
                    near=near[0],
                    options=listed(map(spelt, options)),
                )
                raise ParameterError(text)
            raise ParameterError(self._no_option(option))
        number = isinstance(option, (int, float, np.floating, np.integer)) and not isinstance(option, bool)
        if not number or option not in range(len(options)):
            raise ParameterError(self._no_option(option))
        return float(option)

    def option(self, place: float) -> str:
        """Name of the option at that place."""
        return self.choice.options[int(place)]

    def _no_option(self, given: Any) -> Message:
        options = listed(map(spelt, self.choice.options))
        return say(
            "{name} is {option}; options: {options}",
            name=spelt(self.name),
            option=repr(given),
            options=options,
        )


@dataclass(frozen=True)
class Parameter:
    """A named :class:`Range`, as read from a declaration."""

    name: str
    range: Range

    @property
    def label(self) -> str:
        """Name as people read it: ``overall length``."""
        return self.name.replace("_", " ")


@cache
def parameters_of(declaration: type) -> tuple[Parameter, ...]:
    """Numeric parameters of a declaration, in the order written."""
    return tuple(Parameter(name, mark) for name, mark in _marks(declaration) if isinstance(mark, Range))


@cache
def choices_of(declaration: type) -> tuple[NamedChoice, ...]:
    """Named choices of a declaration, in the order written."""
    return tuple(NamedChoice(name, mark) for name, mark in _marks(declaration) if isinstance(mark, Choice))


@cache
def _marks(declaration: type) -> tuple[tuple[str, Range | Choice], ...]:
    hints = get_type_hints(declaration, include_extras=True)
    found: list[tuple[str, Range | Choice]] = []
    for field in dataclasses.fields(declaration):
        marks = [m for m in getattr(hints[field.name], "__metadata__", ()) if isinstance(m, (Range, Choice))]
        if len(marks) != 1:
            raise TypeError(
                f"{declaration.__name__}.{field.name} needs exactly one Range or Choice annotation"
            )
        if isinstance(marks[0], Range) and found and isinstance(found[-1][1], Choice):
            raise TypeError(f"{declaration.__name__}.{field.name} must stand before the choices")
        found.append((field.name, marks[0]))
    return tuple(found)


def names_of(declaration: type) -> tuple[str, ...]:
    """Numeric parameters' names in declaration order: the column order of every matrix."""
    return tuple(p.name for p in parameters_of(declaration))


def defaults_of(declaration: type) -> dict[str, float]:
    """The middle of the space, every choice at its default."""
    numbers = {p.name: p.range.default for p in parameters_of(declaration)}
    return numbers | {c.name: c.default for c in choices_of(declaration)}


@cache
def declaration_hash(declaration: type) -> str:
    """SHA-256 over names, bounds and units; a model made for another declaration is refused by it.

    Choices are not in it: no model depends on them.
    """
    rows = [(p.name, p.range.low, p.range.high, p.range.unit) for p in parameters_of(declaration)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def validate(declaration: type, values: Mapping[str, Any]) -> dict[str, float]:
    """Complete, finite, in-range values in declaration order; a choice that is missing gets its default.

    Choices are taken by name or place, and given as places.

    Raises:
        ParameterError: naming the first unknown, missing, non-numeric or out-of-range parameter, or the
            options of a choice that has no such one.
    """
    known = {p.name: p.range for p in parameters_of(declaration)}
    choices = {c.name: c for c in choices_of(declaration)}
    for name in values:
        if name not in known and name not in choices:
            near = difflib.get_close_matches(str(name), [*known, *choices], n=1)
            if not near:
                raise ParameterError(say("unknown parameter {name}", name=repr(name)))
            raise ParameterError(
                say("unknown parameter {name}; did you mean {near!r}?", name=repr(name), near=near[0])
            )
    clean: dict[str, float] = {}
    for name, rng in known.items():
        if name not in values:
            raise ParameterError(
                say("parameter {name!r} is missing; allowed {range}", name=spelt(name), range=_span(rng))
            )
        clean[name] = check_value(name, rng, values[name])
    for name, choice in choices.items():
        clean[name] = choice.place(values[name]) if name in values else choice.default
    return clean


def indexed(declaration: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with every choice as the place of its option; nothing else is changed, added or checked.

    Raises:
        ParameterError: a choice without such an option.
    """
    choices = {c.name: c for c in choices_of(declaration)}
    return {k: choices[k].place(v) if k in choices else v for k, v in values.items()}


def named(declaration: type, values: Mapping[str, Any]) -> dict[str, float | str]:
    """`values` with every choice as its option's name: what files, reports and messages show."""
    choices = {c.name: c for c in choices_of(declaration)}
    return {
        k: choices[k].option(choices[k].place(v)) if k in choices else float(v) for k, v in values.items()
    }


def choices_in(declaration: type, values: Mapping[str, float]) -> dict[str, float]:
    """The choices that `values` hold, as places, in declaration order."""
    return {c.name: float(values[c.name]) for c in choices_of(declaration) if c.name in values}


def check_value(name: str, rng: Range, value: Any) -> float:
    """``value`` as a finite float inside ``rng``, or :class:`ParameterError`."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise ParameterError(
            say(
                "{name} is {value}, which is not a number; allowed {range}",
                name=spelt(name),
                value=repr(value),
                range=_span(rng),
            )
        )
    number = float(value)
    if not math.isfinite(number):
        raise ParameterError(
            say(
                "{name} is {value}, which is not a finite number; allowed {range}",
                name=spelt(name),
                value=number,
                range=_span(rng),
            )
        )
    slack = 1e-9 * (rng.high - rng.low)
    if not rng.low - slack <= number <= rng.high + slack:
        given = amount(number, rng.unit, f"{number:g}", one=True)
        raise ParameterError(
            say("{name} is {value}; allowed {range}", name=spelt(name), value=given, range=_span(rng))
        )
    return min(max(number, rng.low), rng.high)


def to_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Map parameter rows (n x d, own units) to the unit cube (n x d)."""
    low, high = bounds_of(declaration)
    return (np.asarray(matrix, dtype=np.float64) - low) / (high - low)


def from_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Inverse of :func:`to_unit_cube`."""
    low, high = bounds_of(declaration)
    return low + np.asarray(matrix, dtype=np.float64) * (high - low)


def bounds_of(declaration: type) -> tuple[FloatArray, FloatArray]:
    """Lower and upper hard bounds, each of shape (d,)."""
    ranges = [p.range for p in parameters_of(declaration)]
    return (
        np.array([r.low for r in ranges], dtype=np.float64),
        np.array([r.high for r in ranges], dtype=np.float64),
    )


def as_row(declaration: type, values: Mapping[str, float]) -> FloatArray:
    """Numeric values in declaration order, shape (d,); a row holds no choices."""
    return np.array([values[name] for name in names_of(declaration)], dtype=np.float64)


def as_values(
    declaration: type, row: FloatArray, choices: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Inverse of :func:`as_row`, with the choices that `choices` (a design's values will do) hold.

    Without them the values have none, which every family reads as its defaults.
    """
    numbers = {name: float(v) for name, v in zip(names_of(declaration), row, strict=True)}
    return numbers | choices_in(declaration, choices) if choices else numbers


def _span(rng: Range) -> Message:
    return span(rng.low, rng.high, rng.unit, one=True)
