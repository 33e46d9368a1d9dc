"""What an interrupted verb leaves behind, as a result that people can go on with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...design.family.records import Design, read_design
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
    from ..workbench import open_workbench

    parsed = brief_of(arguments["brief"], arguments.get("family") or "")
    product = open_workbench(parsed.brief.family)
    files = sorted((out / "best").glob("*.json"), key=lambda p: int(p.stem))
    designs = list(map(read_design, files)) or _leading(out, product.name)
    if not designs:
        return None
    task = product.assignment(parsed)
    best = []
    for design in designs:
        judged = task.assess(design.parameters)
        best.append(Candidate(design, judged.verdicts, judged.predictions, {}, judged.feasible, "fast mesh"))
    feasible = best[0].feasible
    return {"best": plain(best), "feasible": feasible, "not_understood": plain(parsed.not_understood)}


def _leading(out: Path, family: str) -> list[Design]:
    """The best trial in the journal: a stop may come before the search could write its best designs."""
    told = [e["design"] for e in watcher("optimise", out, family)(True) if e["kind"] == "leading"]
    return [Design.from_json(told[-1])] if told else []
