"""Wishes that stand until someone lifts them: the family's own, in force in every brief that does not, and
the kind of body that a sentence asks for.

They are advisory requirements like any other one: they appear among the verdicts and in what a brief was
understood as, they steer a search, and they never decide about passing. A brief lifts them in words ("any
proportions"), in a file (``lift = ["road_proportions"]``), or replaces them by a requirement of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...design.errors import InputError
from ...design.family.contract import DefaultWish, Family
from ...design.messages import capital, listed, marked, say
from .body_types import LIKE, wish_of
from .brief import Brief, Heard
from .requirement import Requirement

#: what stands in place of the words of the brief for what nobody said
BY_DEFAULT = marked("by default")


def standing(family: Family, brief: Brief) -> tuple[Requirement, ...]:
    """The family's wishes that are in force in `brief`, as advisory requirements."""
    units = {m.name: m.unit for m in family.measure_list}
    return tuple(
        Requirement(
            w.quantity,
            units.get(w.quantity, "1"),
            w.at_least,
            w.at_most,
            hard=False,
            source=say(w.says) if _is_kind(w) else say("default: {wish}", wish=say(w.says)),
        )
        for w in in_force(family, brief)
    )


def said_by_default(family: Family, brief: Brief) -> tuple[Heard, ...]:
    """The same in words, for the list of what was understood."""
    return tuple(
        Heard(BY_DEFAULT, say("{wish}; say '{words}' to lift it", wish=say(w.says), words=w.lift[0]))
        for w in in_force(family, brief)
        if not _is_kind(w)
    )


def in_force(family: Family, brief: Brief) -> list[DefaultWish]:
    """The wishes that hold in `brief`: the kind of body that it asks for, and the family's that are neither
    lifted nor replaced by a requirement."""
    own = {r.quantity for r in brief.requirements}
    kind = [wish_of(family, brief.kind)] if brief.kind else []
    return kind + [w for w in family.default_wishes if w.name not in brief.lifted and w.quantity not in own]


def _is_kind(wish: DefaultWish) -> bool:
    return wish.name.startswith(LIKE)


def checked_names(family: Family, names: Sequence[object], where: str) -> tuple[str, ...]:
    """Names of wishes to lift, sorted.

    Raises:
        InputError: one that the family does not have.
    """
    known = {w.name for w in family.default_wishes}
    for name in names:
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise InputError(f"{where} names {name!r}; default wishes of family {family.name}: {has}")
    return tuple(sorted({str(n) for n in names}))


def left_out(family: Family, brief: Brief, values: Mapping[str, float]) -> str:
    """What to say when no passing design keeps a standing wish; `values` of the best one."""
    wishes = in_force(family, brief)
    said = say(
        "No tried design meets every hard requirement and keeps the default wish: {wishes}.",
        wishes=listed([say(w.says) for w in wishes], "; "),
    )
    whys = [t for w in wishes if (t := family.why(values, w.quantity))]
    return listed([said, *(say("{sentence}.", sentence=capital(t)) for t in whys)], " ")
