"""The verb that only reads a brief."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...constraints.requirements.brief import ARCHETYPE, Brief, Heard, ParsedBrief
from ...constraints.requirements.quantity import get_quantity
from ...design.family.records import named_values
from ...design.family.registry import get_family
from ...design.messages import say
from ..inputs import parsed_brief
from ..results import ReadResult
from ..workbench import Workbench


def read(
    brief: str | Path | Brief | ParsedBrief,
    family: str = "",
    *,
    assume: bool = False,
    workbench: Workbench | None = None,
) -> ReadResult:
    """What a brief says, nothing else: requirements, locks, preferences, questions, what was not understood.

    Args:
        assume: open questions do not count as a failure; what they ask about is left out all the same.

    Raises:
        InputError: in one line, naming the file and field, or the phrase; a product of no family.
    """
    parsed = parsed_brief(brief, family or ("" if workbench is None else workbench.name), asking=True)
    held = parsed.brief
    asked = {n: v for n, v in held.start.items() if not held.start_sources.get(n, "").startswith(ARCHETYPE)}
    ways = (("minimise", held.minimise), ("maximise", held.maximise))
    return ReadResult(
        family=held.family,
        requirements=tuple(
            {**r.to_json(), "at_least": r.at_least, "at_most": r.at_most, "words": r.source}
            for r in held.requirements
        ),
        locks=dict(held.locks),
        preferences=tuple({"quantity": n, "direction": way} for way, names in ways for n in names),
        start=named_values(held.family, asked),
        questions=parsed.questions,
        remarks=parsed.remarks,
        understood=(*_stated(held), *parsed.understood),
        not_understood=parsed.not_understood,
        assumed=assume,
    )


def _stated(brief: Brief) -> Iterator[Heard]:
    """Limits and locks that a table gives without words, as people read them."""
    family = get_family(brief.family)
    for r in brief.requirements:
        if not r.source:
            label = get_quantity(family, r.quantity).label
            yield Heard("require", say("{quantity} {limits}", quantity=label, limits=r.limits))
    for name, value in () if brief.prompt else brief.locks.items():
        quantity = get_quantity(family, name)
        limits = say("exactly {limit}", limit=quantity.shown(value))
        yield Heard("lock", say("{quantity} {limits}", quantity=quantity.label, limits=limits))
