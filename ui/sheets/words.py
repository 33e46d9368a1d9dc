"""What a brief says to the drawing: its words, its numbers as limits, its locks, and what nobody understood.

Two readers share the words. The brief's grammar takes numbers, limits, preferences and locks; the sketches'
lexicon takes everything that can be seen. A word is unknown only when both let it pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

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
        words: as the lexicon reads them, without what the grammar has taken.
        numbers: (low, high) by quantity, None where there is no limit on that side.
        unsteered: quantities with limits that no drawing can be steered by.
        locks: exact values.
        unknown: words that neither reader knows, and those that the model has not learned.
        understood: phrase and meaning, of both, the grammar's first.
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
    from ...constraints.requirements.brief import Heard
    from ...constraints.requirements.choosing import without_choices
    from ...constraints.requirements.standing_wishes import BY_DEFAULT, in_force
    from ...design.language.description import learned, read_words

    brief = parsed.brief
    # what only moves the starting point is read by the lexicon too
    taken = [h for h in parsed.understood if not h.starts and h.phrase != BY_DEFAULT]
    wishes = [h.phrase for h in taken if h.wishes]
    limits = [h.phrase for h in taken if h.phrase not in wishes]
    # "great length" is a wish for the search and a word for the drawing; "low drag" is no low car
    prompt = without_choices(brief.prompt, family)  # options are chosen, not drawn
    lexicon = family.lexicon
    drawable = [p.casefold() for p, _ in read_words(prompt, lexicon, limits).understood]
    undrawn = [w for w in wishes if not any(w.casefold() in phrase for phrase in drawable)]
    read = read_words(prompt, lexicon, [*limits, *undrawn])
    words = read if vocabulary is None else learned(read, vocabulary)
    unlearned = [u for u in words.unknown if u not in read.unknown]
    numbers: dict[str, Limits] = {}
    for requirement in brief.requirements:
        if requirement.quantity in known:
            quantity = get_quantity(family, requirement.quantity)
            room = _room(requirement, quantity, family, surrogate)
            numbers[quantity.name] = _tighter(numbers.get(quantity.name), _inside(requirement, room))
    fixed = {**brief.locks, **(locks or {})}
    seen = {h.phrase.casefold(): h.meaning for h in parsed.understood}
    drawn = [Heard(p, f"drawn as {m}") for p, m in words.understood if p.casefold() not in seen]
    return Spoken(
        prompt=brief.prompt,
        words=words,
        numbers={n: limits for n, limits in numbers.items() if n not in fixed},
        unsteered=tuple(r.quantity for r in brief.requirements if r.quantity not in known),
        locks=fixed,
        unknown=(*unknown_to_both(read.unknown, parsed.unknown_words), *unlearned),
        understood=(*parsed.understood, *drawn),
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


def unknown_to_both(lexicon: Collection[str], grammar: Collection[str]) -> tuple[str, ...]:
    """The lexicon's unknown phrases, cut down to the words that the grammar does not know either."""
    missed = [phrase.casefold() for phrase in grammar]
    plain = {word for phrase in missed for word in phrase.split()}
    found: list[str] = []
    for phrase in lexicon:
        left: list[str] = []
        for word in [*phrase.split(), ""]:
            known = word.casefold() not in plain and not (
                _unspaced(word) and any(word.casefold() in m for m in missed)
            )
            if word and not known:
                left.append(word)
                continue
            if left:
                found.append(" ".join(left))
            left = []
    return tuple(dict.fromkeys(found))


def steering(numbers: Mapping[str, Limits]) -> dict[str, dict[str, float]]:
    """The limits for a report: ``{"ground_clearance": {"at_least": 202.0}}``."""
    return {
        name: {side: v for side, v in zip(("at_least", "at_most"), limits, strict=True) if v is not None}
        for name, limits in numbers.items()
    }


def still_unknown(not_understood: Collection[Any], unknown: Collection[str]) -> tuple[Any, ...]:
    """The grammar's list of what it did not understand, without phrases that the lexicon knows entirely."""
    words = {w.casefold() for phrase in unknown for w in phrase.split()}
    return tuple(
        h
        for h in not_understood
        if any(w in words for w in h.phrase.casefold().split())
        or any(_unspaced(w) and w in h.phrase.casefold() for w in words)
    )


def _unspaced(word: str) -> bool:
    """Chinese and the like: words are not set apart by blanks."""
    return any(ord(c) > 0x2E7F for c in word)


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
