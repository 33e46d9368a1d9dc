"""One declaration per parameter: `Annotated[float, Range(...)]` on a frozen dataclass, `Annotated[int,
Range(...)]` for whole numbers (spokes, legs), and after the numbers `Annotated[str, Choice(...)]` for named
options that change a design's looks and never its hull.

From it alone come search distributions, surrogate features, sliders, pickers, the parameter table in the
documentation and every validation message. Vectors (rows, the unit cube, features) and the declaration's
hash know the numbers only. In a mapping of values a choice is the place of its option, as a float, so that
values stay `Mapping[str, float]`; wherever people look, :func:`named` gives the option's name.

A whole number is an ``int`` in every mapping of values, and a number like any other in rows and features. On
its axis of the unit cube each of its values has an equal share (the axis ends half a step beyond either
bound), so that uniform draws are uniform over the values, both ends included. :func:`rounded` is where real
numbers become whole: everything that makes rows or values ends there.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_type_hints

import numpy as np

from ..arrays import FloatArray
from ..errors import ParameterError
from ..messages import Message, amount, listed, say, span, spelt

_WHOLE = re.compile(r"[+-]?\d+(\.0*)?")


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
        whole: only whole numbers are allowed; the annotation says so (`Annotated[int, ...]`), not the caller.
        words: of whole numbers that stand for kinds: a snake_case name for each value, from `low` on. Files
            hold the numbers and may give the names; no part of the declaration's hash.
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
    whole: bool = False
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"Range needs finite low < high, got {self.low}, {self.high}")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"default {self.default} outside {self.low} to {self.high}")
        if self.whole and any(v != int(v) for v in (self.low, self.high, self.default)):
            raise ValueError(f"whole numbers cannot lie at {self.low}, {self.high}, {self.default}")

        count = len(self.words)
        if count and (count != self.high - self.low + 1 or len(set(self.words)) != count):
            raise ValueError(f"{self.low} to {self.high} needs a name for each value, got {self.words}")

    @property
    def kinds(self) -> dict[float, str]:
        """The name of each value that has one."""
        return {self.low + k: word for k, word in enumerate(self.words)}

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of its axis of the unit cube: the bounds, for whole numbers half a step beyond them."""
        half = 0.5 if self.whole else 0.0
        return self.low - half, self.high + half

    def nearest(self, value: float) -> float:
        """The allowed value that is nearest, an ``int`` where whole."""
        inside = min(max(value, self.low), self.high)
        return math.floor(inside + 0.5) if self.whole else inside

    def moved(self, value: float, share: float) -> float:
        """`value` moved by a share of the range and kept inside; a whole number by one step at least."""
        there = self.nearest(value + share * (self.high - self.low))
        stuck = self.whole and share != 0.0 and there == value
        return self.nearest(value + math.copysign(1.0, share)) if stuck else there


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


def snake(text: str) -> str:
    """`text` as names are written: any case, blanks or hyphens."""
    return "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())


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
            plain = snake(option)
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
                raise ParameterError(text, self.name)
            raise ParameterError(self._no_option(option), self.name)
        number = isinstance(option, (int, float, np.floating, np.integer)) and not isinstance(option, bool)
        if not number or option not in range(len(options)):
            raise ParameterError(self._no_option(option), self.name)
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
        hint = hints[field.name]
        marks = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, (Range, Choice))]
        if len(marks) != 1:
            raise TypeError(
                f"{declaration.__name__}.{field.name} needs exactly one Range or Choice annotation"
            )
        if isinstance(marks[0], Range) and found and isinstance(found[-1][1], Choice):
            raise TypeError(f"{declaration.__name__}.{field.name} must stand before the choices")
        found.append((field.name, _whole(marks[0]) if hint.__origin__ is int else marks[0]))
    return tuple(found)


def _whole(mark: Range | Choice) -> Range | Choice:
    """The mark of a whole number, its figures as ``int``."""
    if isinstance(mark, Choice):
        return mark
    whole = replace(mark, whole=True)  # refuses figures between
    return replace(whole, low=int(mark.low), high=int(mark.high), default=int(mark.default))


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
    ranges = [(p.name, p.range) for p in parameters_of(declaration)]
    rows = [(n, r.low, r.high, r.unit, *(["whole"] if r.whole else [])) for n, r in ranges]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def validate(declaration: type, values: Mapping[str, Any]) -> dict[str, float]:
    """Complete, finite, in-range values in declaration order; a choice that is missing gets its default.

    Choices are taken by name or place, and given as places; whole numbers are given as ``int``.

    Raises:
        ParameterError: naming the first unknown, missing, non-numeric, not whole or out-of-range parameter,
            or the options of a choice that has no such one.
    """
    known = {p.name: p.range for p in parameters_of(declaration)}
    choices = {c.name: c for c in choices_of(declaration)}
    for name in values:
        if name not in known and name not in choices:
            near = difflib.get_close_matches(str(name), [*known, *choices], n=1)
            if not near:
                raise ParameterError(say("unknown parameter {name}", name=repr(name)), name)
            raise ParameterError(
                say("unknown parameter {name}; did you mean {near!r}?", name=repr(name), near=near[0]), name
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
    whole = {p.name: p.range for p in parameters_of(declaration) if p.range.whole}

    def shown(name: str, value: Any) -> float | str:
        if name in choices:
            return choices[name].option(choices[name].place(value))
        return whole[name].nearest(float(value)) if name in whole else float(value)

    return {k: shown(k, v) for k, v in values.items()}


def kinds_in(declaration: type, values: Mapping[str, float]) -> dict[str, str]:
    """The names of those whole numbers in `values` that stand for kinds."""
    kinds = {p.name: p.range.kinds for p in parameters_of(declaration)}
    return {name: kinds[name][value] for name, value in values.items() if value in kinds.get(name, {})}


def choices_in(declaration: type, values: Mapping[str, float]) -> dict[str, float]:
    """The choices that `values` hold, as places, in declaration order."""
    return {c.name: float(values[c.name]) for c in choices_of(declaration) if c.name in values}


def check_value(name: str, rng: Range, value: Any) -> float:
    """``value`` as a finite number inside ``rng``, whole where it must be, or :class:`ParameterError`.

    Whole numbers are also taken as text (``"5"``), as files of other programs hold them, or by their names.
    """
    if isinstance(value, str) and snake(value) in rng.words:
        return rng.nearest(rng.low + rng.words.index(snake(value)))
    if rng.whole and isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, str) and rng.words:
        options = listed(map(spelt, rng.words))
        raise ParameterError(
            say(
                "{name} is {option}; options: {options}",
                name=spelt(name),
                option=repr(value),
                options=options,
            ),
            name,
        )
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise ParameterError(
            say(
                "{name} is {value}, which is not a number; allowed {range}",
                name=spelt(name),
                value=repr(value),
                range=_span(rng),
            ),
            name,
        )
    number = float(value)
    if not math.isfinite(number):
        raise ParameterError(
            say(
                "{name} is {value}, which is not a finite number; allowed {range}",
                name=spelt(name),
                value=number,
                range=_span(rng),
            ),
            name,
        )
    slack = 1e-9 * (rng.high - rng.low)
    if not rng.low - slack <= number <= rng.high + slack:
        given = amount(number, rng.unit, f"{number:g}", one=not rng.whole)
        raise ParameterError(
            say("{name} is {value}; allowed {range}", name=spelt(name), value=given, range=_span(rng)), name
        )
    if rng.whole and abs(number - rng.nearest(number)) > slack:
        raise ParameterError(
            say(
                "{name} is {value}, which is not a whole number; allowed {range}",
                name=spelt(name),
                value=f"{number:g}",
                range=_span(rng),
            ),
            name,
        )
    return rng.nearest(number)


def to_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Map parameter rows (n x d, own units) to the unit cube (n x d)."""
    low, high = ends_of(declaration)
    return (np.asarray(matrix, dtype=np.float64) - low) / (high - low)


def from_unit_cube(declaration: type, matrix: FloatArray) -> FloatArray:
    """Inverse of :func:`to_unit_cube`; whole numbers come out whole, wherever in their share the point is."""
    low, high = ends_of(declaration)
    return rounded(declaration, low + np.asarray(matrix, dtype=np.float64) * (high - low))


def rounded(declaration: type, matrix: FloatArray) -> FloatArray:
    """Rows (n x d or d, own units) with every whole number at the nearest of its values; others untouched."""
    whole = whole_columns(declaration)
    if not whole:
        return matrix
    low, high = bounds_of(declaration)
    matrix = np.array(matrix, dtype=np.float64)
    matrix[..., whole] = np.clip(np.floor(matrix[..., whole] + 0.5), low[whole], high[whole])
    return matrix


def rounded_unit(declaration: type, unit: FloatArray) -> FloatArray:
    """The same in the unit cube: whole numbers in the middle of their shares."""
    whole = whole_columns(declaration)
    if not whole:
        return unit
    unit = np.array(unit, dtype=np.float64)
    unit[..., whole] = to_unit_cube(declaration, from_unit_cube(declaration, unit))[..., whole]
    return unit


def unit_steps(declaration: type, share: float) -> FloatArray:
    """Steps (d,) in the unit cube for differences: `share` of a range, one whole step of a whole number."""
    return np.array([1.0 / (r.high - r.low + 1.0) if r.whole else share for r in _ranges(declaration)])


def whole_columns(declaration: type) -> list[int]:
    """Columns of the whole numbers."""
    return [k for k, r in enumerate(_ranges(declaration)) if r.whole]


def ends_of(declaration: type) -> tuple[FloatArray, FloatArray]:
    """Ends of the unit cube's axes in own units (:attr:`Range.ends`), each of shape (d,)."""
    low, high = np.array([r.ends for r in _ranges(declaration)], dtype=np.float64).reshape(-1, 2).T
    return low, high


def bounds_of(declaration: type) -> tuple[FloatArray, FloatArray]:
    """Lower and upper hard bounds, each of shape (d,)."""
    ranges = _ranges(declaration)
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
    """Inverse of :func:`as_row`, with the choices that `choices` (a design's values will do) hold; whole
    numbers at their nearest value, as ``int``.

    Without them the values have none, which every family reads as its defaults.
    """
    names = names_of(declaration)
    numbers: dict[str, float] = dict(zip(names, map(float, rounded(declaration, row)), strict=True))
    numbers |= {names[k]: int(numbers[names[k]]) for k in whole_columns(declaration)}
    return numbers | choices_in(declaration, choices) if choices else numbers


def _ranges(declaration: type) -> list[Range]:
    return [p.range for p in parameters_of(declaration)]


def _span(rng: Range) -> Message:
    return span(rng.low, rng.high, rng.unit, one=not rng.whole)
