"""What a brief says to the drawing: its looks, its numbers as limits, its locks, and what means nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ...constraints.requirements.quantity import SURROGATE, Quantity, get_quantity
from ...design.family.contract import Family
from ...design.family.sampling import drawn_choices

if TYPE_CHECKING:
    from ...constraints.requirements.brief import Brief, Heard, ParsedBrief
    from ...constraints.requirements.requirement import Requirement
    from ...design.language.description import Words
    from ...surrogate.models.surrogate import Surrogate

#: limits are asked of the drawing this share of the limit further inside, so that the body has room
MARGIN = 0.01
#: and lengths at least this many mm: by so much a body read from a sketch may miss the meant one (ground
#: clearance is read 6 mm lower in the median, up to 9 mm in a sheet)
READ_MM = 10.0

OPTIONS = 2  # third word of the seed of drawn options

Limits = tuple[float | None, float | None]
OptionsOf = Callable[[int, Mapping[str, float] | None], dict[str, float]]


@dataclass(frozen=True)
class Spoken:
    """What a brief says to the drawing.

    Attributes:
        prompt: the words as written.
        words: what its looks say, as the model has learned them.
        numbers: (low, high) by quantity, None where there is no limit on that side.
        unsteered: quantities with limits that no drawing can be steered by.
        locks: exact values, and the kinds of which the brief allows one.
        unknown: words that mean nothing, and those that the model has not learned.
        understood: phrase and meaning.
        wishes: names of the family's own wishes that hold.
        options_of: the options of a sketch by its number, from 1, and the body that is varied, if one is.
    """

    prompt: str
    words: Words
    numbers: Mapping[str, Limits]
    unsteered: tuple[str, ...]
    locks: Mapping[str, float]
    unknown: tuple[str, ...]
    understood: tuple[Heard, ...]
    wishes: tuple[str, ...] = ()
    options_of: OptionsOf = field(default=lambda number, start: {}, compare=False)


def spoken(
    parsed: ParsedBrief,
    family: Family,
    known: Collection[str],
    surrogate: Surrogate | None = None,
    locks: Mapping[str, float] | None = None,
    vocabulary: Collection[str] | None = None,
) -> Spoken:
    """Read a brief for the drawing.

    Args:
        known: the numbers that the model can be steered by.
        surrogate: tells how far inside a limit a prediction must lie.
        locks: on top of the brief's.
        vocabulary: the words that the model has learned; all of the family's where None.
    """
    from ...constraints.requirements.sentence import parse
    from ...constraints.requirements.standing_wishes import in_force
    from ...constraints.requirements.wishes import NAMED
    from ...design.language.description import Words, bounded, learned

    brief = parsed.brief
    if parsed.words is None and brief.prompt:  # a record whose words nobody has read yet
        read = parse(brief.prompt, family, check=False)
        parsed = replace(
            parsed, words=read.words, not_understood=parsed.not_understood or read.not_understood
        )
    said = bounded(parsed.words or Words())
    words = said if vocabulary is None else learned(said, vocabulary)
    unknown = [h.phrase for h in parsed.not_understood if h.meaning not in NAMED]
    numbers: dict[str, Limits] = {}
    for requirement in brief.requirements:
        if requirement.quantity in known:
            quantity = get_quantity(family, requirement.quantity)
            room = _room(requirement, quantity, family, surrogate)
            numbers[quantity.name] = _tighter(numbers.get(quantity.name), _inside(requirement, room))
    fixed = {**_told(brief, family), **brief.locks, **(locks or {})}
    return Spoken(
        prompt=brief.prompt,
        words=words,
        numbers={n: limits for n, limits in numbers.items() if n not in fixed},
        unsteered=tuple(r.quantity for r in brief.requirements if r.quantity not in (*known, *fixed)),
        locks=fixed,
        unknown=(*dict.fromkeys(unknown), *words.unknown),
        understood=parsed.understood,
        wishes=tuple(w.name for w in in_force(family, brief)),
        options_of=partial(options_of, brief, family),
    )


def options_of(
    brief: Brief, family: Family, number: int, start: Mapping[str, float] | None
) -> dict[str, float]:
    """The options of sketch `number`'s body: as the brief's words ask, else as the varied body has them, else
    drawn, so that a sheet shows more than one face.

    What is drawn depends on the brief's seed and the number alone; a choice that hangs on the body
    (`Choice.free` is False) is not drawn.
    """
    found = brief.options(family, start)
    if start is not None:
        return found
    generator = np.random.default_rng([brief.seed, number, OPTIONS])
    drawn = drawn_choices(family.choices, generator)
    asked = brief.asked_options(family)
    free = {c.name for c in family.choices if c.choice.free and c.name not in asked}
    return {name: drawn[name] if name in free else place for name, place in found.items()}


def _told(brief: Brief, family: Family) -> dict[str, float]:
    """Whole numbers of which the brief allows one value: "with arm rests", "of steel tube"."""
    whole = {p.name for p in family.parameters if p.range.whole}
    return {
        r.quantity: r.at_least
        for r in brief.requirements
        if r.hard and r.quantity in whole and r.at_least is not None and r.at_least == r.at_most
    }


def steering(numbers: Mapping[str, Limits]) -> dict[str, dict[str, float]]:
    """The limits for a report: ``{"ground_clearance": {"at_least": 202.0}}``."""
    return {
        name: {side: v for side, v in zip(("at_least", "at_most"), limits, strict=True) if v is not None}
        for name, limits in numbers.items()
    }


def _room(requirement: Requirement, quantity: Quantity, family: Family, surrogate: Surrogate | None) -> float:
    """How far inside its limit a number is asked, in the quantity's unit.

    A predicted limit must hold with a probability: the mean has to lie that many typical deviations inside.
    """
    if quantity.how == SURROGATE and surrogate is not None:
        usual = surrogate.predict_design(family.defaults()).get(quantity.name)
        if usual is not None:
            return NormalDist().inv_cdf(requirement.confidence) * usual.sigma
    limits = [abs(v) for v in (requirement.at_least, requirement.at_most) if v is not None]
    room = MARGIN * min(limits)
    return max(room, READ_MM) if quantity.unit == "mm" else room


def _inside(requirement: Requirement, room: float) -> Limits:
    low, high = requirement.at_least, requirement.at_most
    if low is not None and high is not None and high - low < 2.0 * room:
        middle = 0.5 * (low + high)
        return middle, middle
    return (None if low is None else low + room), (None if high is None else high - room)


def _tighter(a: Limits | None, b: Limits) -> Limits:
    """Both limits at once; the second where they cross (a wish against a hard limit)."""
    if a is None:
        return b
    low = max((v for v in (a[0], b[0]) if v is not None), default=None)
    high = min((v for v in (a[1], b[1]) if v is not None), default=None)
    return (low, high) if low is None or high is None or low <= high else b
