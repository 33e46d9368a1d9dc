"""Why nothing passes, and what the least change of the brief would be: read off the tried designs.

Nothing here is extrapolated: each relaxation names the trial that would then pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from ...design.family.contract import Family
from ...design.messages import Message, listed, named, say
from ..requirements.brief import Brief
from ..requirements.quantity import MESH, SURROGATE, Quantity, get_quantity
from ..requirements.requirement import Requirement
from .evaluate import MESH_SLACK
from .record import NO_TRIAL, Record, keys_of

if TYPE_CHECKING:
    from .conflict import Conflict

AT_MOST, AT_LEAST = "at most", "at least"
DIGITS = 3  # significant digits that a loosened limit keeps, rounded to the generous side


@dataclass(frozen=True)
class Relaxation:
    """Limits that would have to move for a tried design to pass.

    Attributes:
        changes: requirement and the limit it would need ("at most" or "at least", value in its unit).
        trial: number of the design that then meets everything; `NO_TRIAL` of one that no trial has.
        cost: sum of the loosenings, each divided by its limit's scale.
        values: the design.
    """

    changes: tuple[tuple[Requirement, str, float], ...]
    trial: int
    cost: float
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> Message:
        """``drag coefficient to at most 0.291 (trial 212)``."""
        parts = [
            say(
                "{quantity} to at most {limit}" if side == AT_MOST else "{quantity} to at least {limit}",
                quantity=named(r.quantity),
                limit=r.shown(v),
            )
            for r, side, v in self.changes
        ]
        changes = say("{one} and {other}", one=parts[0], other=parts[1]) if len(parts) > 1 else parts[0]
        if self.trial == NO_TRIAL:
            return changes
        return say("{changes} (trial {trial})", changes=changes, trial=self.trial)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        changes = [
            {"quantity": r.quantity, side.replace(" ", "_"): value, "unit": r.unit}
            for r, side, value in self.changes
        ]
        trial = None if self.trial == NO_TRIAL else self.trial
        return {"changes": changes, "trial": trial, "cost": self.cost, "parameters": dict(self.values)}


def taken(brief: Brief, relaxation: Relaxation) -> Brief:
    """The brief with its limits loosened so far."""
    moved = {
        r: replace(r, at_most=value) if side == AT_MOST else replace(r, at_least=value)
        for r, side, value in relaxation.changes
    }
    return replace(brief, requirements=tuple(moved.get(r, r) for r in brief.requirements))


@dataclass(frozen=True)
class Explanation:
    """What a search shows about its brief.

    Attributes:
        text: in a few sentences.
        conflicts: quantities of the hard requirements that stand against each other.
        relaxations: the cheapest first; empty when designs pass.
        met: for each requirement's key, how many tried designs met it.
    """

    text: str
    conflicts: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]
    met: Mapping[str, int]


def explain(
    family: Family,
    brief: Brief,
    records: Sequence[Record],
    conflict: Conflict | None = None,
    approach: Sequence[Record] = (),
) -> Explanation:
    """Read the tried designs: how many pass, else what is in each other's way and what would help.

    Args:
        conflict: what cannot hold together, where that was asked.
        approach: designs that come as near as can be to one limit of it (:mod:`.approach`).
    """
    keys = [(k, r) for k, r in keys_of(brief) if r.hard]
    sound = [r for r in records if r.measured and not r.broken]
    met = {k: sum(r.margins[k] <= 0.0 for r in sound) for k, _ in keys}
    passing = sum(r.feasible for r in records)
    if passing:
        return Explanation(
            say(
                "{passing} of {tried} tried designs meet every hard requirement on the fast mesh.",
                passing=passing,
                tried=len(records),
            ),
            (),
            (),
            met,
        )
    if not sound:
        text = say(
            "None of {tried} tried designs keeps the family's rules within these limits and locks.",
            tried=len(records),
        )
        return Explanation(text, (), (), met)
    near = [r for r in approach if r.measured and not r.broken]
    relaxations = _relaxations(family, keys, [*sound, *near])
    conflicts: tuple[str, ...] = ()
    if conflict is not None:
        conflicts = tuple(dict.fromkeys([*(r.quantity for r in conflict.requirements), *conflict.locks]))
    text = _sentences(keys, records, sound, met, relaxations, _together(family, brief, conflict))
    return Explanation(text, conflicts, relaxations, met)


def _together(family: Family, brief: Brief, conflict: Conflict | None) -> Message | None:
    """What cannot hold together, in a sentence; None where one limit alone fails, which is said elsewhere."""
    if conflict is None:
        return None
    held = [
        say(
            "{quantity} held at {value}",
            quantity=named(n),
            value=get_quantity(family, n).shown(brief.locks[n]),
        )
        for n in conflict.locks
    ]
    asked = [
        say("{quantity} {limits}", quantity=named(r.quantity), limits=r.limits) for r in conflict.requirements
    ]
    if len(held) + len(asked) < 2:
        return None
    if conflict.smallest:
        return say(
            "These cannot hold together, in {tried} tried designs, though without any one of them they can: "
            "{asked}.",
            tried=conflict.tried,
            asked=listed([*asked, *held], "; "),
        )
    return say(
        "These cannot hold together, in {tried} tried designs: {asked}.",
        tried=conflict.tried,
        asked=listed([*asked, *held], "; "),
    )


def _sentences(
    keys: Sequence[tuple[str, Requirement]],
    records: Sequence[Record],
    sound: Sequence[Record],
    met: Mapping[str, int],
    relaxations: Sequence[Relaxation],
    together: Message | None,
) -> Message:
    lines = [
        say(
            "No design among {tried} tried ones meets all {asked} hard requirements together.",
            tried=len(records),
            asked=len(keys),
        )
    ]
    never = [
        say("{quantity} {limits}", quantity=named(r.quantity), limits=r.limits)
        for k, r in keys
        if met[k] == 0
    ]
    if never:
        lines.append(say("Never met, not even alone: {asked}.", asked=listed(never, "; ")))
    nearest = min(sound, key=lambda r: r.violation)
    missed = [named(r.quantity) for k, r in keys if nearest.margins[k] > 0.0]
    if missed:
        lines.append(
            say("The nearest (trial {trial}) misses {missed}.", trial=nearest.number, missed=listed(missed))
        )
    if together is not None:
        lines.append(together)
    if relaxations:
        ways = listed([r.text for r in relaxations[:3]], ", or ")
        lines.append(say("A tried design would pass if you loosened {ways}.", ways=ways))
    elif any(not r.in_domain for r in sound):
        lines.append(
            say("What comes near lies outside the surrogate's domain: simulate it before trusting it.")
        )
    return listed(lines, " ")


def _relaxations(
    family: Family, keys: Sequence[tuple[str, Requirement]], sound: Sequence[Record]
) -> tuple[Relaxation, ...]:
    """For each one or two limits whose loosening lets a tried design pass, the cheapest such design."""
    known = {r.quantity: get_quantity(family, r.quantity) for _, r in keys}
    best: dict[tuple[str, ...], Relaxation] = {}
    for record in sound:
        missed = [(k, r) for k, r in keys if record.margins[k] > 0.0]
        if (
            not missed
            or len(missed) > 2
            or record.violation > sum(record.margins[k] for k, _ in missed) + 1e-9
        ):
            continue
        changes = [_needed(r, known[r.quantity], record) for _, r in missed]
        if any(change is None for change in changes):
            continue
        cost = sum(record.margins[k] for k, _ in missed)
        names = tuple(k for k, _ in missed)
        if names not in best or cost < best[names].cost:
            found = tuple((r, *change) for (_, r), change in zip(missed, changes, strict=True) if change)
            best[names] = Relaxation(found, record.number, cost, record.values)
    singles = [r for names, r in best.items() if len(names) == 1]
    return tuple(sorted(singles or best.values(), key=lambda r: r.cost))


def _needed(requirement: Requirement, quantity: Quantity, record: Record) -> tuple[str, float] | None:
    """The limit that the record's value would meet, or None when no limit can help (outside the domain)."""
    value = record.numbers.get(quantity.name)
    if value is None:
        return None
    reach = 0.0
    if quantity.how == SURROGATE:
        if not record.in_domain:
            return None
        reach = NormalDist().inv_cdf(requirement.confidence) * record.sigmas[quantity.name]
    if quantity.how == MESH:
        reach = MESH_SLACK * abs(value)
    if requirement.at_most is not None and value + reach > requirement.at_most:
        return AT_MOST, quantity.typed(_rounded(value + reach, math.ceil))
    if requirement.at_least is not None and value - reach < requirement.at_least:
        return AT_LEAST, quantity.typed(_rounded(value - reach, math.floor))
    return None


def _rounded(value: float, direction: Any) -> float:
    """Three significant digits, or whole numbers above a thousand, on the generous side."""
    if value == 0.0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)
    step = min(step, 1.0)
    return float(
        round(direction(value / step - 1e-9 if direction is math.ceil else value / step + 1e-9) * step, 9)
    )
