"""First pass over a clause: each number finds its comparison and quantity and becomes a limit or a lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...design.messages import listed, say
from .brief_words import ABOUT, AT_LEAST, AT_MOST, BETTER_THAN, EXACTLY, THREE_AXES, TIMES
from .notebook import Notes
from .phrases import Clause, Phrase
from .quantity import DERIVED, PARAMETER, SURROGATE, Quantity, shown
from .requirement import Requirement
from .tokens import Amount
from .units import convert, kind_of
from .vocabulary import alternate_of

ABOUT_SHARE = 0.02  # "about 4.7 m" is met within 2 %
EXACT_SHARE = 0.005  # "exactly 0.65 m2" of something measured is met within half a percent


@dataclass(frozen=True)
class _Link:
    """An amount with its comparison and the quantities that it limits."""

    amount: Amount
    operator: str
    names: tuple[str, ...]
    phrases: tuple[Phrase, ...]


def link_amounts(clause: Clause, notes: Notes) -> None:
    """Turn every number of the clause into limits or locks, or list it as not understood.

    Raises:
        InputError: when a number's unit is of another kind than the quantity beside it.
    """
    phrases = clause.phrases
    numbers = [i for i, p in enumerate(phrases) if p.amount is not None]
    soft = [p for p in phrases if p.has("soft")]
    used: set[int] = set()
    numbers = _three_dimensions(phrases, numbers, notes)
    for k, i in enumerate(numbers):
        start = numbers[k - 1] + 1 if k else 0
        stop = numbers[k + 1] if k + 1 < len(numbers) else len(phrases)
        if _confidence(phrases, i, notes):
            continue
        link = _link(clause, notes, i, range(start, stop), used, k + 1 < len(numbers))
        if link is None:
            beside = _next(phrases, i, range(start, stop))
            after = [phrases[beside]] if beside is not None and phrases[beside].has("measured_by") else []
            notes.miss([phrases[i], *after], _why_alone(phrases[i].amount))
            continue
        for phrase in soft:
            if not notes.is_taken(phrase):
                notes.hear([phrase], say("advisory: reported, not enforced"))
        _record(link, notes, hard=not soft)
        notes.last = link.names
    if not numbers:
        named = [n for p in phrases if p.has("quantity") for n in p.readings["quantity"]]
        notes.last = tuple(named) if named else notes.last if clause.join else ()


def _link(clause: Clause, notes: Notes, i: int, window: range, used: set[int], more: bool) -> _Link | None:
    phrases = clause.phrases
    amount = phrases[i].amount
    assert amount is not None  # noqa: S101 - told to mypy; callers pass indices of amounts
    parts = [phrases[i]]
    if i > window.start and phrases[i - 1].has("between"):
        parts.append(phrases[i - 1])
    compare = _comparison(phrases, i, window, used, more, bare=amount.unit == "")
    operator, candidates = "", ()
    if compare is not None:
        used.add(compare)
        parts.append(phrases[compare])
        readings = phrases[compare].readings
        operator, candidates = readings["directed"] if "directed" in readings else (readings["compare"], ())
    names: tuple[str, ...] = ()
    own = _quantities(phrases, i, window, used, bool(clause.notes.get("shared")), bare=amount.unit == "")
    if own:
        names = _fitting(tuple(n for j in own for n in phrases[j].readings["quantity"]), amount, notes)
        for j in own:
            if set(phrases[j].readings["quantity"]) & set(names) or len(own) == 1:
                used.add(j)
                parts.append(phrases[j])
        parts += [phrases[j - 1] for j in own if j > 0 and phrases[j - 1].has("size") and j in used]
    beside = _next(phrases, i, window)
    foreign = not names and _of_something_else(phrases, i, compare, window)
    if (
        not foreign
        and beside is not None
        and phrases[beside].has("measured_by")
        and kind_of_amount(amount) in ("length", "mass")
    ):
        parts.append(phrases[beside])
        used.add(beside)
        names = names or tuple(n for n in phrases[beside].readings["measured_by"] if n in notes.known)
    if not names and not foreign:
        names = _guess(clause, notes, amount, candidates)
    return _Link(amount, operator, names, tuple(parts)) if names else None


def _of_something_else(phrases: Sequence[Phrase], i: int, compare: int | None, window: range) -> bool:
    """Whether a number without a quantity stands beside a word that we do not know, or a part's name.

    "turning circle under 5 m" is no length of the car.
    """
    first = i if compare is None else min(i, compare)
    last = i if compare is None else max(i, compare)
    before = [p for p in phrases[window.start : first] if not p.has("stop")]
    after = [p for p in phrases[last + 1 : window.stop] if not p.has("stop")]
    beside = [*before[-1:], *after[:1]]
    return any((not p.readings and p.amount is None) or p.has("feature") for p in beside)


def _three_dimensions(phrases: Sequence[Phrase], numbers: list[int], notes: Notes) -> list[int]:
    """Read "4.3 m x 1.8 m x 1.45 m" as length, width and height; returns the numbers that are left."""
    axes = notes.family.lexicon.quantities.axes
    dimensions = [n for axis in THREE_AXES for n in axes.get(axis, ())[:1] if n in notes.known]
    if len(dimensions) < len(THREE_AXES):
        return numbers
    for three in zip(numbers, numbers[1:], numbers[2:], strict=False):
        gaps = [phrases[i + 1 : j] for i, j in pairwise(three)]
        if not all(len(gap) == 1 and gap[0].text.lower() in TIMES for gap in gaps):
            continue
        amounts = [a for i in three if (a := phrases[i].amount) is not None]
        unit = next((a.unit for a in reversed(amounts) if a.unit), "")
        if kind_of(unit or "mm") != "length":
            continue
        whole = phrases[three[0] : three[-1] + 1]
        source = notes.span(whole)
        for name, amount in zip(dimensions, amounts, strict=True):
            value = convert(amount.low, amount.unit or unit, notes.known[name], source)
            notes.lock(name, value, source)
        notes.hear(whole, say("overall length, width and height fixed"))
        return [i for i in numbers if i not in three]
    return numbers


def _comparison(
    phrases: Sequence[Phrase], i: int, window: range, used: set[int], more: bool, bare: bool
) -> int | None:
    for j in range(i - 1, window.start - 1, -1):
        if phrases[j].has("compare", "directed") and j not in used:
            return j
        if bare and not phrases[j].readings:
            break
    for j in range(i + 1, window.stop):
        if phrases[j].has("compare") and j not in used:
            rest = phrases[j + 1 : window.stop]
            belongs_to_next = more and all(p.has("stop") for p in rest)
            return None if belongs_to_next else j
        if not phrases[j].readings:
            break
    return None


def _quantities(
    phrases: Sequence[Phrase], i: int, window: range, used: set[int], shared: bool, bare: bool
) -> list[int]:
    """Indices of the quantity phrases that the number at `i` speaks of: the nearest before it, else after."""
    before: list[int] = []
    for j in range(i - 1, window.start - 1, -1):
        if phrases[j].has("quantity") and j not in used:
            before.append(j)
            if not shared:
                break
        if bare and not phrases[j].readings:
            break
    if before:
        return before
    for j in range(i + 1, window.stop):
        if phrases[j].has("quantity") and j not in used:
            return [j]
        if bare and not phrases[j].readings:
            break
    return []


def _fitting(names: tuple[str, ...], amount: Amount, notes: Notes) -> tuple[str, ...]:
    """Those of `names` whose kind the unit has (all of them when none fits: the error names the first)."""
    kind = kind_of_amount(amount)
    if kind == "":
        return tuple(dict.fromkeys(names))
    swapped = [alternate_of(notes.family.lexicon, n, kind) for n in names]
    swapped = [s if s in notes.known else n for s, n in zip(swapped, names, strict=True)]
    fits = [n for n in swapped if notes.known[n].kind == kind or _share(amount, notes.known[n])]
    return tuple(dict.fromkeys(fits or swapped))


def _share(amount: Amount, quantity: Quantity) -> bool:
    return amount.unit == "percent" and quantity.unit == "1" and quantity.how == PARAMETER


def _guess(clause: Clause, notes: Notes, amount: Amount, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """The quantity of a number without one: implied by the comparison, the clause before, or its size."""
    if candidates:
        return _reaching(candidates, amount, notes) or candidates[:1]
    if amount.unit in ("", "percent"):
        return ()
    inherited = tuple(n for n in notes.last if _reaching((n,), amount, notes))
    if clause.join and inherited:
        return inherited
    bare = notes.family.lexicon.quantities.bare.get(kind_of_amount(amount), ())
    default = _reaching(bare, amount, notes)
    if default:
        return default
    if inherited and not clause.sentence_start:
        return inherited
    return _reaching(bare, amount, notes, slack=0.4)


def _reaching(names: Iterable[str], amount: Amount, notes: Notes, slack: float = 0.0) -> tuple[str, ...]:
    """The only one of `names` whose reach holds the number; none when several do."""
    found = []
    for name in names:
        quantity = notes.known.get(name)
        if quantity is None or quantity.kind != kind_of_amount(amount):
            continue
        value = convert(amount.low, amount.unit, quantity, "")
        low, high = quantity.low, quantity.high
        if low is None or high is None or low * (1.0 - slack) <= value <= high * (1.0 + slack):
            found.append(name)
            if low is None:
                break
    return tuple(found) if len(found) == 1 else ()


def _record(link: _Link, notes: Notes, hard: bool) -> None:
    source = notes.span(link.phrases)
    meanings = []
    for name in link.names:
        quantity = notes.known[name]
        low, high, locked = _limits(link, quantity, source)
        if locked is not None:
            notes.lock(name, locked, source)
            value = shown(locked, quantity.unit)
            meanings.append(say("{quantity} fixed at {value}", quantity=quantity.label, value=value))
            continue
        requirement = Requirement(name, quantity.unit, low, high, hard=hard, source=source)
        notes.require(requirement)
        meanings.append(say("{quantity} {limits}", quantity=quantity.label, limits=requirement.limits))
    notes.hear(link.phrases, listed(meanings, " and "))


def _limits(link: _Link, quantity: Quantity, source: str) -> tuple[float | None, float | None, float | None]:
    """(at_least, at_most, lock) of one quantity."""
    amount = link.amount
    value = convert(amount.low, amount.unit, quantity, source)
    if amount.high is not None:
        return value, convert(amount.high, amount.unit, quantity, source), None
    band = abs(value) * (EXACT_SHARE if link.operator == EXACTLY else ABOUT_SHARE)
    if amount.spread is not None:
        band = abs(convert(amount.spread, amount.spread_unit, quantity, source))
        return value - band, value + band, None
    band = max(1, round(band)) if quantity.whole else band
    operator = link.operator
    if operator == BETTER_THAN:
        operator = AT_LEAST if quantity.better == "high" else AT_MOST
    if operator in (AT_MOST, AT_LEAST):
        return (None, value, None) if operator == AT_MOST else (value, None, None)
    if operator != ABOUT and quantity.how in (PARAMETER, DERIVED):
        return None, None, value
    if quantity.how == SURROGATE or (operator == "" and quantity.better):
        return (value, None, None) if quantity.better == "high" else (None, value, None)
    return value - band, value + band, None


def _confidence(phrases: Sequence[Phrase], i: int, notes: Notes) -> bool:
    """ "with 95 % confidence": the probability with which predicted limits must hold."""
    amount = phrases[i].amount
    if amount is None or amount.unit != "percent" or not 50.0 <= amount.low < 100.0:
        return False
    beside = [j for j in (i - 1, i + 1) if 0 <= j < len(phrases) and phrases[j].has("confidence")]
    if not beside:
        return False
    notes.confidence = max(notes.confidence or 0.0, amount.low / 100.0)
    notes.hear(
        [phrases[i], phrases[beside[0]]],
        say("predicted limits hold with probability {share:g}", share=amount.low / 100.0),
    )
    return True


def _next(phrases: Sequence[Phrase], i: int, window: range) -> int | None:
    for j in range(i + 1, window.stop):
        if not phrases[j].has("stop"):
            return j
    return None


def kind_of_amount(amount: Amount) -> str:
    """Kind of the amount's unit; "" when none is written."""
    return kind_of(amount.unit) if amount.unit else ""


def _why_alone(amount: Amount | None) -> str:
    if amount is None or not amount.unit:
        return say("a number without a quantity")
    return say("no quantity found for it")
