"""What an interrupted verb leaves behind, as a result that people can go on with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...design.records import read_design
from ..output import plain
from ..results import Candidate
from .arguments import brief_of
from .watch import watcher


def kept(verb: str, arguments: Mapping[str, Any], out: Path) -> dict[str, Any] | None:
    """The finished part of a cancelled job; None when nothing was finished.

    ``optimise``: `best` (designs judged on the fast mesh) and `feasible`; ``sketch``: `concepts` (number,
    image, design); ``design``: `design`, the best of its search. Every answer has `interrupted` true.
    """
    found: dict[str, Any] | None = None
    if verb == "optimise":
        found = _searched(arguments, out)
    elif verb == "sketch":
        concepts = watcher(verb, out, "")(True)
        found = {"concepts": concepts} if concepts else None
    elif verb == "design":
        place = out / "release.partial" / "design.json"
        found = {"design": read_design(place).to_json()} if place.is_file() else None
    return None if found is None else {**found, "interrupted": True}


def _searched(arguments: Mapping[str, Any], out: Path) -> dict[str, Any] | None:
    from ...constraints.assess import assess
    from ...design.family import get_family
    from ..reading import surrogate_for

    files = sorted((out / "best").glob("*.json"), key=lambda p: int(p.stem))
    if not files:
        return None
    parsed = brief_of(arguments["brief"], arguments.get("family") or "")
    family, surrogate = get_family(parsed.brief.family), surrogate_for(parsed.brief)
    best = []
    for design in map(read_design, files):
        judged = assess(family, design.parameters, parsed.brief, surrogate)
        best.append(Candidate(design, judged.verdicts, judged.predictions, {}, judged.feasible, "fast mesh"))
    feasible = best[0].feasible
    return {"best": plain(best), "feasible": feasible, "not_understood": plain(parsed.not_understood)}
