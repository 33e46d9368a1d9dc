"""A brief on the designer's desk: what was understood, and one change at a time.

The words are read once; from then on the record is edited, so that a loosened limit stays loosened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np

from ..constraints.requirements.body_types import LIKE
from ..constraints.requirements.brief import ARCHETYPE, Brief, Heard, ParsedBrief, Question, checked
from ..constraints.requirements.brief_files import brief_from_data
from ..constraints.requirements.clash import LOCK
from ..constraints.requirements.product import brief_from_text
from ..constraints.requirements.quantity import SURROGATE, get_quantity
from ..constraints.requirements.requirement import Requirement, Verdict
from ..constraints.requirements.standing_wishes import (
    BY_DEFAULT,
    checked_names,
    in_force,
    said_by_default,
    standing,
)
from ..constraints.requirements.units import parse_value
from ..design.arrays import FloatArray
from ..design.errors import InputError
from ..design.family.parameters import as_row, as_values
from ..design.family.records import Design
from ..design.family.registry import get_family
from ..design.messages import Message, listed, named, say, spelt
from .workbench import Workbench, open_workbench

SIDES = ("at_least", "at_most")
EXACTLY = "exactly"  # both sides at once: of kinds


@dataclass(frozen=True)
class Draft:
    """A brief as it stands on the desk.

    Attributes:
        text: the words, as written. brief: the record, edits included.
        understood, not_understood: how the words were taken.
        questions: what is in doubt, and not in the brief. remarks: what is pointed out of the rest.
    """

    text: str
    brief: Brief
    understood: tuple[Heard, ...] = ()
    not_understood: tuple[Heard, ...] = ()
    questions: tuple[Question, ...] = ()
    remarks: tuple[Heard, ...] = ()

    @cached_property
    def product(self) -> Workbench:
        """What the brief is about, opened once."""
        return open_workbench(self.brief.family)

    @property
    def parsed(self) -> ParsedBrief:
        """The form that the verbs take."""
        return ParsedBrief(self.brief, self.understood, self.not_understood)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        pairs = {
            "understood": [[h.phrase, h.meaning] for h in self.understood],
            "not_understood": [[h.phrase, h.meaning] for h in self.not_understood],
            "remarks": [[h.phrase, h.meaning] for h in self.remarks],
            "questions": [
                [q.words, q.question, list(q.choices), *([list(q.nearest)] if q.nearest else [])]
                for q in self.questions
            ],
        }
        return {"text": self.text, "brief": self.brief.to_json(), **pairs}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Draft:
        """Inverse of :meth:`to_json`; the words are not read again."""
        bare = dict(data["brief"]) | {"prompt": ""}
        brief = brief_from_data(bare, say("the session's brief")).brief
        kinds = ("understood", "not_understood", "remarks")
        heard = {k: tuple(Heard(a, b) for a, b in data.get(k, ())) for k in kinds}
        asked = tuple(
            Question(w, q, tuple(c), *((str(n[0]), str(n[1]), float(n[2])) for n in near))
            for w, q, c, *near in data.get("questions", ())
        )
        prompt = str(data["brief"]["prompt"])
        return Draft(str(data["text"]), replace(brief, prompt=prompt), questions=asked, **heard)


def draft_from_text(text: str, family: str = "") -> Draft:
    """Read the words of a brief about `family`, or where it is "" about the product that they name.

    Raises:
        InputError: empty or too long, contradictory or unreachable limits.
    """
    if not text.strip():
        raise InputError(
            say("the brief is empty; say what you want, for example: a low fastback under 4.7 m")
        )
    return _drafted(text, brief_from_text(text, family))


def _drafted(text: str, found: ParsedBrief) -> Draft:
    """What was read in the words, as a draft."""
    return Draft(text, found.brief, found.understood, found.not_understood, found.questions, found.remarks)


def mended(text: str, family: str, ways: Iterable[tuple[str, str, float | None]]) -> Draft:
    """The draft of words whose limits cannot be met, after ways out: each a limit (or lock) of a quantity at
    another value, or left out where that is None.

    Raises:
        InputError: as of :func:`draft_from_text`, for another limit.
    """
    from ..constraints.requirements.sentence import parse

    found = parse(text, get_family(family), check=False)
    brief = found.brief
    for quantity, side, value in ways:
        if side == LOCK and value is not None:
            brief = replace(brief, locks={**brief.locks, quantity: value})
            continue
        rows = tuple(
            replace(r, **{side: value}) if r.quantity == quantity and r.hard else r  # type: ignore[arg-type]
            for r in brief.requirements
            if value is not None or not (r.quantity == quantity and r.hard)
        )
        brief = replace(brief, requirements=rows)
    return _checked(_drafted(text, replace(found, brief=brief)))


def for_a_job(draft: Draft) -> dict[str, Any]:
    """The brief as a job takes it, with the sentence as it was written: kept, and not read a second time."""
    return {**draft.brief.to_json(), "prompt": "", "said": draft.text}


def with_limit(draft: Draft, index: int, side: str, value: str | float) -> Draft:
    """The draft with one limit of one requirement set, or both (`side` EXACTLY); an empty `value` takes that
    side away.

    Raises:
        InputError: no such requirement, not a value of its unit, or limits that cannot hold together.
    """
    old = _requirement(draft, index)
    if side not in (*SIDES, EXACTLY):
        raise InputError(_no_side(side))
    quantity = get_quantity(draft.product.family, old.quantity)
    number = parse_value(value, quantity, quantity.label) if str(value).strip() else None
    low = old.at_least if side == "at_most" else number
    high = old.at_most if side == "at_least" else number
    if low is None and high is None:
        return without_requirement(draft, index)
    return _set(draft, index, replace(old, at_least=low, at_most=high))


def with_hardness(draft: Draft, index: int, hard: bool) -> Draft:
    """The draft with a requirement made hard (it decides) or advisory (it is reported)."""
    return _set(draft, index, replace(_requirement(draft, index), hard=hard))


def without_requirement(draft: Draft, index: int) -> Draft:
    """The draft without one requirement."""
    _requirement(draft, index)
    kept = tuple(r for k, r in enumerate(draft.brief.requirements) if k != index)
    return replace(draft, brief=replace(draft.brief, requirements=kept))


def standing_wishes(draft: Draft) -> list[tuple[Requirement, str]]:
    """The family's own wishes that hold in the draft, with the names that lift them."""
    family = draft.product.family
    names = {w.quantity: w.name for w in in_force(family, draft.brief)}
    return [(r, names[r.quantity]) for r in standing(family, draft.brief)]


def without_wish(draft: Draft, name: str) -> Draft:
    """The draft without one of the family's own wishes.

    Raises:
        InputError: the family has no such wish.
    """
    if name.startswith(LIKE):
        return replace(draft, brief=replace(draft.brief, kind=""))
    family = draft.product.family
    brief = replace(draft.brief, lifted=checked_names(family, [*draft.brief.lifted, name], "the brief"))
    said = tuple(h for h in draft.understood if h.phrase != BY_DEFAULT)
    return replace(draft, brief=brief, understood=said + said_by_default(family, brief))


def with_requirement(draft: Draft, quantity: str, side: str, value: str | float) -> Draft:
    """The draft with one more requirement; on a quantity that has one already, that one is set.

    Raises:
        InputError: an unknown quantity, not a value of its unit, limits that cannot hold together.
    """
    known = get_quantity(draft.product.family, quantity)
    if side not in SIDES:
        raise InputError(_no_side(side))
    for index, old in enumerate(draft.brief.requirements):
        if old.quantity == known.name:
            return with_limit(draft, index, side, value)
    number = parse_value(value, known, known.label)
    low, high = (number, None) if side == "at_least" else (None, number)
    new = Requirement(known.name, known.unit, low, high, source="designer")
    rows = tuple(sorted((*draft.brief.requirements, new), key=lambda r: r.quantity))
    return _checked(replace(draft, brief=replace(draft.brief, requirements=rows)))


def with_wishes(draft: Draft, minimise: tuple[str, ...], maximise: tuple[str, ...]) -> Draft:
    """The draft with other preferred directions."""
    family = draft.product.family
    low, high = (tuple(sorted({get_quantity(family, n).name for n in w})) for w in (minimise, maximise))
    return _checked(replace(draft, brief=replace(draft.brief, minimise=low, maximise=high)))


def with_locks(draft: Draft, locks: Mapping[str, float]) -> Draft:
    """The draft with these locks and no others (quantity to value in its unit)."""
    return _checked(replace(draft, brief=replace(draft.brief, locks=dict(sorted(locks.items())))))


def loosened(draft: Draft, verdict: Verdict) -> Draft:
    """The draft with the missed limit of `verdict` moved as far as this design needs.

    Raises:
        InputError: the verdict belongs to no requirement of the draft, or no limit would help.
    """
    side, value = needed(verdict)
    for index, old in enumerate(draft.brief.requirements):
        if old.quantity == verdict.quantity and getattr(old, side) is not None:
            return with_limit(draft, index, side, value)
    raise InputError(
        say("{quantity} has no limit in this brief that could be loosened", quantity=named(verdict.quantity))
    )


def needed(verdict: Verdict) -> tuple[str, float]:
    """Side and value of the limit that this design would meet, for predicted values with confidence.

    Raises:
        InputError: outside the surrogate's domain, where no limit would help.
    """
    r = verdict.requirement
    reach = 0.0
    if verdict.how == SURROGATE:
        if not verdict.in_domain or verdict.upper is None:
            raise InputError(
                say(
                    "{quantity} is outside what the runs cover: simulate the design instead",
                    quantity=named(verdict.quantity),
                )
            )
        sigma = (verdict.upper - verdict.value) / NormalDist().inv_cdf(0.95)
        reach = NormalDist().inv_cdf(r.confidence) * sigma
    if isinstance(verdict.value, int):
        return "at_most" if r.at_most is not None and verdict.value > r.at_most else "at_least", verdict.value
    room = 1e-4 * abs(verdict.value) + reach  # 1e-4: rounding, and the exact solid against the fast mesh
    if r.at_most is not None and verdict.value + reach > r.at_most:
        return "at_most", float(f"{verdict.value + room:.4g}") + 10.0 ** _place(verdict.value)
    if r.at_least is not None and verdict.value - reach < r.at_least:
        return "at_least", float(f"{verdict.value - room:.4g}") - 10.0 ** _place(verdict.value)
    raise InputError(say("{quantity} already holds", quantity=named(verdict.quantity)))


def starting_design(draft: Draft) -> Design:
    """Where the search would begin: the brief's body type and words, moved inside limits and locks; words
    that ask for more than can be built ("light") are followed as far as it can be."""
    from ..constraints.search.space import build_space

    family = draft.product.family
    options = draft.brief.options(family)
    space = build_space(family, draft.brief)
    values = family.validate(as_values(family.declaration, space.start) | options)
    if family.broken_rules(values):
        values = _nearer_the_body(draft, space.start) or values
    sources = {n: draft.brief.start_sources.get(n, "default") for n in values}
    sources |= {n: "lock" for n in draft.brief.locks if n in values}
    moved = {n for n, a, b in zip(space.names, space.start, space.wished, strict=True) if abs(a - b) > 1e-9}
    sources |= {n: "brief" for n in moved if sources[n] != "lock"}
    return Design(family.name, values, sources)


def _nearer_the_body(draft: Draft, start: FloatArray) -> dict[str, float] | None:
    """Values that can be built between `start` and the brief's body type alone; None where none can."""
    from ..constraints.search.space import build_space

    family = draft.product.family
    said = draft.brief.start_sources.values()
    bodies = {s.removeprefix(ARCHETYPE).partition(",")[0].strip() for s in said if s.startswith(ARCHETYPE)}
    body = {n: v for name in bodies for n, v in family.archetypes.get(name, {}).items()}
    plain = build_space(family, replace(draft.brief, start=body)).start
    whole = np.array([p.range.whole for p in family.parameters])
    for share in (0.75, 0.5, 0.25, 0.0):
        row = plain + share * (start - plain)
        row[whole] = np.round(row[whole])
        values = family.validate(as_values(family.declaration, row) | draft.brief.options(family))
        if not family.broken_rules(values):
            return values
    return None


def halfway(a: Design, b: Design) -> Design:
    """The design in the middle of two of one family, with the options of the first.

    Raises:
        InputError: designs of different families.
    """
    if a.family != b.family:
        raise InputError(
            say(
                "a {one} and a {other} cannot be mixed; both must be of one family",
                one=spelt(a.family),
                other=spelt(b.family),
            )
        )
    family = open_workbench(a.family).family
    middle = 0.5 * (as_row(family.declaration, a.parameters) + as_row(family.declaration, b.parameters))
    values = as_values(family.declaration, middle, a.parameters)
    return Design(a.family, values, dict.fromkeys(values, "mix"))


def askable(family: str) -> list[tuple[str, str]]:
    """What a requirement can name: label with unit, and name, in the family's order."""
    known = open_workbench(family).quantities.values()
    return [(q.label + ("" if q.unit == "1" else f" [{q.unit}]"), q.name) for q in known]


def example_of(family: str, name: str) -> str:
    """A limit that one could write for a quantity, from the middle of its range.

    Its unit alone where it has none.
    """
    known = get_quantity(open_workbench(family).family, name)
    ends = known.usual or ((known.low, known.high) if None not in (known.low, known.high) else None)
    if ends is None or None in ends:
        return "" if known.unit == "1" else f"… {known.unit}"
    middle = 0.5 * (float(ends[0] or 0.0) + float(ends[1] or 0.0))
    value = round(middle) if known.whole else float(f"{middle:.2g}")
    return f"{value:g}" if known.unit == "1" else f"{value:g} {known.unit}"


def _place(value: float) -> int:
    """Power of ten of the third digit after the first: what a loosened limit is rounded up by."""
    from math import floor, log10

    return floor(log10(abs(value))) - 3 if value else -3


def _no_side(side: str) -> Message:
    return say("side {side!r} is not known; allowed: {sides}", side=side, sides=", ".join(SIDES))


def difference(before: Draft | None, after: Draft) -> str:
    """What changed from one brief to another, in one sentence; "" where nothing did."""
    if before is None or before.text != after.text or before.brief.family != after.brief.family:
        return say("brief: “{words}”", words=after.text[:160])
    was, now = ({(r.quantity, r.hard): r for r in draft.brief.requirements} for draft in (before, after))
    told: list[str] = []
    for key in sorted({*was, *now}):
        old, new, quantity = was.get(key), now.get(key), named(key[0])
        if new is None:
            told.append(say("no limit of {quantity} any more", quantity=quantity))
        elif old is None or old.limits != new.limits:
            told.append(say("{quantity} {limits}", quantity=quantity, limits=new.limits))
    for name in sorted({*before.brief.locks, *after.brief.locks}):
        if before.brief.locks.get(name) != after.brief.locks.get(name):
            on = name in after.brief.locks
            told.append(say("{quantity} locked" if on else "{quantity} unlocked", quantity=named(name)))
    if not told and replace(before.brief, seed=after.brief.seed) != after.brief:
        told.append(say("wishes of the brief changed"))
    return listed(told, "; ") if told else ""


def keys_of(draft: Draft) -> list[str]:
    """A name for each requirement that stays its own when others come and go: its quantity, and a number
    where a quantity is asked for more than once (a must and a wish)."""
    names = [r.quantity for r in draft.brief.requirements]
    before = [names[:k].count(name) for k, name in enumerate(names)]
    return [f"{name}~{k}" if k else name for name, k in zip(names, before, strict=True)]


def place_of(draft: Draft, key: str) -> int:
    """Where the requirement of one of :func:`keys_of` stands in the draft.

    Raises:
        InputError: there is none.
    """
    keys = keys_of(draft)
    if key not in keys:
        quantity = named(key.partition("~")[0])
        raise InputError(say("the brief has no limit of {quantity} any more", quantity=quantity))
    return keys.index(key)


def _requirement(draft: Draft, index: int) -> Requirement:
    rows = draft.brief.requirements
    if not 0 <= index < len(rows):
        raise InputError(
            say("requirement {number} does not exist; the brief has {rows}", number=index + 1, rows=len(rows))
        )
    return rows[index]


def _set(draft: Draft, index: int, requirement: Requirement) -> Draft:
    rows = list(draft.brief.requirements)
    rows[index] = requirement
    return _checked(replace(draft, brief=replace(draft.brief, requirements=tuple(rows))))


def _checked(draft: Draft) -> Draft:
    checked(draft.brief, draft.product.family)
    return draft
