"""What the linked numbers become: limits and locks in the quantity's unit, remarks, and questions.

An amount without a unit is taken only where one unit is plausible, and that is said; digits that may be
read two ways ("4.650 mm") are read the way that the product can have; a limit that every design meets, or
none can, is pointed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...design.errors import InputError
from ...design.language.amounts import Amount
from ...design.language.clauses import Clause, Phrase
from ...design.language.linked import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    BETTER,
    EXACTLY,
    LIMIT,
    WORSE,
    Link,
    Linked,
)
from ...design.language.units import UNSAID, unit_text
from ...design.messages import Message, amount, listed, quoted, say, span
from .notebook import Notes
from .phrases import vocabulary
from .quantity import DERIVED, PARAMETER, SURROGATE, Quantity
from .requirement import Requirement, asked_of
from .units import convert

ABOUT_SHARE = 0.02  # "about 4.7 m" is met within 2 %
EXACT_SHARE = 0.005  # "exactly 0.65 m2" of something measured is met within half a percent
WIDEST = 0.2  # share of its number that a tolerance without a unit may be
#: words of comparisons that fit a range
_OF_RANGES = frozenset(
    ["from", "between", "介于", "在", "within", "inside", "控制在", "限制在", "限定在", "somewhere", "around"]
)


@dataclass(frozen=True)
class _Value:
    """An amount in its quantity's unit; `unit` is the one it was read in where none was written."""

    low: float
    high: float | None
    unit: str = ""
    other: bool = False


@dataclass(frozen=True)
class _Ask:
    """Nothing is taken: what to ask instead."""

    question: Message
    choices: tuple[Message, ...] = ()
    nearest: tuple[str, str, float] | None = None


@dataclass(frozen=True)
class _Limits:
    at_least: float | None = None
    at_most: float | None = None
    lock: float | None = None


def settle(found: Linked, notes: Notes) -> None:
    """Turn links into requirements and locks, doubts and units of another kind into questions."""
    for link in found.links:
        try:
            _settle_link(link, found, notes)
        except InputError as error:  # a unit of another kind
            told = error.message
            notes.ask(link.phrases, told if isinstance(told, Message) else quoted(told))
    for doubt in found.doubts:
        notes.ask(doubt.phrases, doubt.question)
    for phrases in found.missed:
        number = next((p.amount for p in phrases if p.amount is not None), None)
        alone = number is None or not number.unit
        reason = say("a number without a quantity") if alone else say("no quantity found for it")
        notes.miss(phrases, reason)


def of_level(found: Linked, clauses: Sequence[Clause]) -> None:
    """ "safety factor of at least 1.2 (EN 12520)": the factor is that of the standard which is named beside
    it, where its figures have one of their own."""
    named = [(p, f.quantity) for c in clauses for p in c.phrases for f in p.readings.get("figures", ())]
    for link in found.links:
        own = {q for _, q in named if q.endswith(f"_{link.names[0]}")}
        if len(own) == 1 and len(link.names) == 1:
            link.names = (own.pop(),)


def _settle_link(link: Link, found: Linked, notes: Notes) -> None:
    source = notes.span(link.phrases)
    taken: list[tuple[Quantity, _Value, _Limits]] = []
    for name in link.names:
        quantity = notes.known[name]
        value = _value(link, quantity, found, source)
        alone = sum(name in other.names for other in found.links) == 1
        limits = value if isinstance(value, _Ask) else _limits(link, value, quantity, source, alone)
        if isinstance(limits, _Limits) and not link.soft:
            limits = _out_of_reach(limits, quantity, vocabulary(notes.family).measured_from) or limits
        if isinstance(value, _Ask) or isinstance(limits, _Ask):
            asked = value if isinstance(value, _Ask) else limits
            assert isinstance(asked, _Ask)  # noqa: S101 - told to mypy
            notes.ask(link.phrases, asked.question, asked.choices, asked.nearest)
            return
        taken.append((quantity, value, limits))
    meanings = []
    for quantity, value, _ in taken:
        named = any(quantity.name in p.readings.get("quantity", ()) for p in link.phrases)
        if not named and not link.operator and not _within(value, quantity, 0.25):
            notes.ask(link.phrases, say("is this {quantity}? it can be {range}",
                                        quantity=quantity.label, range=_reach(quantity)))  # fmt: skip
            return
    for quantity, value, limits in taken:
        if limits.lock is not None and not link.soft:
            notes.lock(quantity.name, limits.lock, link.phrases)
            meanings.append(
                say(
                    "{quantity} fixed at {value}",
                    quantity=quantity.label,
                    value=quantity.shown(limits.lock),
                )
            )
        else:
            low, high = limits.at_least, limits.at_most
            if limits.lock is not None:
                band = _band(limits.lock, ABOUT_SHARE, quantity)
                low, high = limits.lock - band, limits.lock + band
            requirement = asked_of(quantity, low, high, hard=not link.soft, source=source)
            notes.require(requirement)
            meanings.append(say("{quantity} {limits}", quantity=quantity.label, limits=requirement.limits))
            if (told := pointed_out(requirement, quantity)) is not None:
                notes.remark(requirement.source, told)
        if value.unit and len(UNSAID.get(quantity.kind, ())) > 1:
            notes.remark(
                source,
                say("read in {unit}, as nothing else is plausible for {quantity}",
                    unit=unit_text(value.unit), quantity=quantity.label),
            )  # fmt: skip
        if value.other:
            notes.remark(
                source,
                say("read as {value}, which {quantity} can be",
                    value=quantity.shown(value.low), quantity=quantity.label),
            )  # fmt: skip
    notes.hear(link.phrases, listed(meanings, " and "))


# -- the number ------------------------------------------------------------------------------------


def _value(link: Link, quantity: Quantity, found: Linked, source: str) -> _Value | _Ask:  # noqa: PLR0911 - one return a case
    """The number in the quantity's unit, or what to ask."""
    given = link.amount
    unit = given.unit or link.unit
    if not unit and given.above is not None and given.band not in ("", "percent"):
        unit = given.band
    if not unit and quantity.kind in found.units:
        unit = found.units[quantity.kind]
    if unit:
        first = _converted(given, unit, quantity, source)
        if given.other is not None and not _within(first, quantity, 0.0):
            second = _converted(_other(given), unit, quantity, source, other=True)
            if _within(second, quantity, 0.0):
                return second
        return first
    units = UNSAID.get(quantity.kind, ("",))
    if quantity.kind == "dimensionless":
        units = ("", "percent") if quantity.how == PARAMETER and not quantity.whole else ("",)
    if quantity.reach is None:
        first = _converted(given, "", quantity, source)
        return _Value(first.low, first.high, "mm" if quantity.unit == "mm" else "")
    for slack in (0.0, 0.5):
        near = units if slack == 0.0 else units[:2]
        readings = [r for r in _readings(given, near, quantity, source) if _within(r, quantity, slack)]
        different = {round(r.low, 6): r for r in reversed(readings)}
        alike = [r for r in different.values() if r.unit and r.unit == found.assumed.get(quantity.kind)]
        if len(different) == 1 or alike:
            one = alike[0] if alike else next(iter(different.values()))
            found.assumed.setdefault(quantity.kind, one.unit)
            return _Value(one.low, one.high, one.unit, one.other)
        if different:
            return _Ask(
                say("which unit has {quantity}?", quantity=quantity.label),
                tuple(quantity.shown(v.low) for v in different.values()),
            )
    if quantity.kind in UNSAID:
        return _Ask(
            say(
                "which unit has {quantity}? it can be {range}",
                quantity=quantity.label,
                range=_reach(quantity),
            ),
            tuple(amount(given.low, unit_text(u), f"{given.low:g}") for u in units[:3]),
        )
    return _converted(given, "", quantity, source)


def _readings(given: Amount, units: Sequence[str], quantity: Quantity, source: str) -> Iterator[_Value]:
    for unit in units:
        yield _converted(given, unit, quantity, source, said=unit)
        if given.other is not None:
            yield _converted(_other(given), unit, quantity, source, said=unit, other=True)


def _converted(
    given: Amount, unit: str, quantity: Quantity, source: str, said: str = "", other: bool = False
) -> _Value:
    low = convert(given.low, unit, quantity, source)
    high = None if given.high is None else convert(given.high, unit, quantity, source)
    return _Value(low, high, said, other)


def _other(given: Amount) -> Amount:
    assert given.other is not None  # noqa: S101 - callers ask first
    return replace(given, low=given.other[0], high=given.other[1], other=None)


def _within(value: _Value, quantity: Quantity, slack: float) -> bool:
    if quantity.reach is None:
        return True
    low, high = quantity.reach
    room = slack * max(high - low, 0.5 * abs(high))
    ends = [value.low] if value.high is None else [value.low, value.high]
    return all(low - room <= v <= high + room for v in ends)


# -- the limits ------------------------------------------------------------------------------------


def _limits(  # noqa: PLR0911 - one return a case
    link: Link, value: _Value, quantity: Quantity, source: str, alone: bool
) -> _Limits | _Ask:
    """What the number asks; `alone`: no other limit of the quantity stands in the text."""
    operator, low = link.operator, value.low
    if link.amount.above is not None:
        return _tolerated(link, value, quantity, source)
    if value.high is not None:
        words = {p.text.lower() for p in link.phrases if p.has("compare")}
        if operator in (AT_MOST, AT_LEAST, BETTER, WORSE) and not words <= _OF_RANGES:
            return _Ask(say("a comparison with a range: which of its ends is the limit?"))
        return _Limits(low, value.high)
    if operator in (BETTER, WORSE, LIMIT):
        way = quantity.better or ("low" if operator == LIMIT and quantity.name.startswith("overall_") else "")
        down = any(p.text.lower() == "down to" for p in link.phrases)
        if not way and down and quantity.how == PARAMETER:
            return _Limits(lock=low)  # "seat height down to 440 mm"
        if not way:
            return _which_way(quantity, low)
        high_is_good = (way == "high") != (operator == WORSE)
        operator = AT_LEAST if high_is_good else AT_MOST
    if alone and (operator, quantity.better) in ((AT_MOST, "high"), (AT_LEAST, "low")):
        return _which_way(
            quantity, low
        )  # "tyres up to 38 mm must fit": no limit of what there is too much of
    if operator == AT_MOST:
        return _Limits(None, low)
    if operator == AT_LEAST:
        return _Limits(low, None)
    if operator != ABOUT and quantity.how in (PARAMETER, DERIVED):
        return _Limits(lock=low)
    if quantity.how == SURROGATE or (operator == "" and quantity.better):
        return _Limits(low, None) if quantity.better == "high" else _Limits(None, low)
    band = _band(low, EXACT_SHARE if operator == EXACTLY else ABOUT_SHARE, quantity)
    return _Limits(low - band, low + band)


def _out_of_reach(limits: _Limits, quantity: Quantity, ways: Mapping[str, str]) -> _Ask | None:
    """What to ask of a value that no design can have, or of a limit that none can meet: the nearest that can
    be, and of an angle the one from the other axis (a windscreen's 28 degrees are from the horizontal)."""
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        return None
    least = limits.at_least if limits.lock is None else limits.lock
    most = limits.at_most if limits.lock is None else limits.lock
    beyond = least is not None and least > high + 1e-9 * abs(high)
    short = most is not None and most < low - 1e-9 * abs(low)
    if quantity.how == SURROGATE:  # no plausible limit
        beyond, short = (
            beyond or (most is not None and most > high),
            short or (least is not None and least < low),
        )
    if not (beyond or short):
        return None
    nearest = high if beyond else low
    choices = [quantity.shown(nearest)]
    asked = least if least is not None else most
    way = ways.get(quantity.name, "")
    if way and asked is not None and low <= 90.0 - asked <= high:
        told = {"other": quantity.shown(90.0 - asked), "value": quantity.shown(asked)}
        if way == "vertical":
            choices.insert(0, say("{other}, if the {value} are from the horizontal", **told))
        else:
            choices.insert(0, say("{other}, if the {value} are from the vertical", **told))
    return _Ask(
        say("{quantity} is out of reach: allowed {range}; what is meant?",
            quantity=quantity.label, range=span(low, high, quantity.unit)),
        tuple(choices),
        (quantity.name, "at_least" if least is not None and beyond else "at_most", nearest),
    )  # fmt: skip


def _which_way(quantity: Quantity, value: float) -> _Ask:
    """Whether a value is the least or the most."""
    return _Ask(
        say("is {quantity} to be at least or at most this?", quantity=quantity.label),
        (
            say("at least {limit}", limit=quantity.shown(value)),
            say("at most {limit}", limit=quantity.shown(value)),
        ),
    )


def _band(value: float, share: float, quantity: Quantity) -> float:
    """How far from a value is still about it: of a count, one at least."""
    band = abs(value) * share
    return max(1, round(band)) if quantity.whole else band


def _tolerated(link: Link, value: _Value, quantity: Quantity, source: str) -> _Limits | _Ask:
    """A value with what may be missing on either side."""
    given = link.amount
    assert given.above is not None and given.below is not None  # noqa: S101, PT018 - callers ask first
    if link.operator in (AT_MOST, AT_LEAST, BETTER, WORSE) or value.high is not None:
        return _Ask(say("a limit with a tolerance: what is the limit itself?"))
    below, above = given.below, given.above
    if given.band == "percent" and given.unit != "percent":
        below, above = abs(value.low) * below / 100.0, abs(value.low) * above / 100.0
    elif given.band == "":
        unit = given.unit or link.unit or value.unit
        if max(below, above) > WIDEST * abs(given.low):
            units = UNSAID.get(quantity.kind, ())[:3]
            return _Ask(
                say("which unit has the tolerance?"),
                tuple(amount(above, unit_text(u), f"±{above:g}") for u in units),
            )
        below, above = (abs(convert(v, unit, quantity, source)) if unit else v for v in (below, above))
    else:
        below, above = (abs(convert(v, given.band, quantity, source)) for v in (below, above))
    return _Limits(value.low - below, value.low + above)


def pointed_out(requirement: Requirement, quantity: Quantity) -> Message | None:
    """What is to be said of a limit that every design meets, or none can."""
    if quantity.reach is None or (quantity.how == SURROGATE and quantity.usual is None):
        return None
    low, high = quantity.reach
    least, most = requirement.at_least, requirement.at_most
    met_low, met_high = least is None or least <= low, most is None or most >= high
    if met_low and met_high:
        return say(
            "every design meets this: {quantity} is {range}",
            quantity=quantity.label, range=_reach(quantity),
        )  # fmt: skip
    if (least is not None and least > high) or (most is not None and most < low):
        return say(
            "no design is known to meet this: {quantity} is {range}",
            quantity=quantity.label, range=_reach(quantity),
        )  # fmt: skip
    return None


def _reach(quantity: Quantity) -> Message:
    assert quantity.reach is not None  # noqa: S101 - callers ask first
    return span(*quantity.reach, quantity.unit)


def confidence(phrases: Sequence[Phrase], notes: Notes) -> None:
    """ "with 95 % confidence": the probability with which predicted limits must hold."""
    for i, phrase in enumerate(phrases):
        given = phrase.amount
        if given is None or given.unit != "percent" or not 50.0 <= given.low < 100.0:
            continue
        beside = [j for j in (i - 1, i + 1) if 0 <= j < len(phrases) and phrases[j].has("confidence")]
        if beside:
            notes.confidence = max(notes.confidence or 0.0, given.low / 100.0)
            share = given.low / 100.0
            notes.hear(
                [phrase, phrases[beside[0]]],
                say("predicted limits hold with probability {share:g}", share=share),
            )
