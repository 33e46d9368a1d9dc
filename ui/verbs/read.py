"""The verb that only reads a brief."""

from __future__ import annotations

from pathlib import Path

from ...constraints.requirements.brief import ARCHETYPE, Brief, ParsedBrief
from ...design.family.records import named_values
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
        understood=parsed.understood,
        not_understood=parsed.not_understood,
        assumed=assume,
    )
