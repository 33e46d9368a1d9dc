"""What a running verb has finished so far, read from its folder: sketches, judged trials, settling runs.

A look is cheap and reads only what is new. It returns events: plain objects with a ``kind``.

    sketch    number, image, design (object or None: its body is not read yet; then it is told once more)
    trials    done, trials: [{number, origin, feasible, violation, objectives, numbers, sigmas, in_domain,
              parameters}]
    leading   number, feasible, design: the best of the trials so far, when it has changed
    history   quantity, iterations, values (equally long) of the study's first output, residuals by equation
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import MaquetteError
from ..output import plain
from .places import read_object

if TYPE_CHECKING:
    from optuna.study import Study

    from ...constraints.search.record import Record

Look = Callable[[bool], list[dict[str, Any]]]
SKETCH = re.compile(r"concept_(\d+)\.png")
#: of a history, at most this many iterations in one event
MOST_ITERATIONS = 2_000


def watcher(verb: str, out: Path, family: str) -> Look:
    """The look that fits a verb; its argument says that the verb is over and nothing more will come."""
    if verb == "sketch":
        return _sketches(out)
    if verb == "design":
        return _sketches(out / "release.concepts")
    if verb == "optimise":
        return _trials(out / "search.journal", family)
    if verb == "simulate":
        return _history(out, family)
    return lambda _over: []


def _sketches(folder: Path) -> Look:
    told: dict[int, bool] = {}  # with its body

    def look(_over: bool) -> list[dict[str, Any]]:
        there = {int(m[1]): p for p in folder.glob("concept_*.png") if (m := SKETCH.fullmatch(p.name))}
        found = []
        for number in sorted(n for n in there if not told.get(n)):
            design = read_object(there[number].with_suffix(".json"))
            if number in told and design is None:
                continue
            told[number] = design is not None
            found.append({"kind": "sketch", "number": number, "image": str(there[number]), "design": design})
        return found

    return look


def _trials(journal: Path, family: str) -> Look:
    study: Study | None = None
    done = 0
    best: tuple[bool, float, float] | None = None

    def look(_over: bool) -> list[dict[str, Any]]:
        nonlocal study, done, best
        study = study or _study(journal)
        if study is None:
            return []
        from ...constraints.search.study import records_of

        records = records_of(study.get_trials(deepcopy=False))
        fresh, done = records[done:], len(records)
        if not fresh:
            return []
        names = list(study.metric_names or [])
        rows = [_row(r, names) for r in fresh]
        events = [{"kind": "trials", "done": done, "trials": rows}]
        leader = min(fresh, key=_order)
        if best is None or _order(leader) < best:
            best = _order(leader)
            by = dict.fromkeys(leader.values, f"search trial {leader.number}")
            design = {
                "schema_version": 1,
                "family": family,
                "parameters": dict(leader.values),
                "provenance": by,
            }
            events.append(
                {
                    "kind": "leading",
                    "number": leader.number,
                    "feasible": leader.feasible,
                    "design": design,
                }
            )
        return events

    return look


def _study(journal: Path) -> Study | None:
    """The one study in a search's journal, None while it is being made."""
    if not journal.is_file():
        return None
    import optuna

    from ...constraints.search.storage import open_storage

    try:
        names = optuna.get_all_study_names(open_storage(str(journal)))
        if not names:
            return None
        return optuna.load_study(study_name=names[0], storage=open_storage(str(journal)))
    except (KeyError, ValueError, MaquetteError):
        return None  # half of its first line


def _order(record: Record) -> tuple[bool, float, float]:
    first = record.objectives[0] if record.objectives else 0.0
    return not record.feasible, 0.0 if record.feasible else record.violation, first


def _row(record: Record, names: list[str]) -> dict[str, Any]:
    """A trial as pictures need it; maximised objectives with their natural sign."""
    objectives = {}
    for name, value in zip(names, record.objectives, strict=False):
        sign = -1.0 if name.startswith("maximise ") else 1.0
        objectives[name.removeprefix("minimise ").removeprefix("maximise ")] = sign * value
    row: Mapping[str, Any] = {
        "number": record.number,
        "origin": record.origin,
        "feasible": record.feasible,
        "violation": record.violation,
        "objectives": objectives,
        "numbers": record.numbers,
        "sigmas": record.sigmas,
        "in_domain": record.in_domain,
        "parameters": record.values,
    }
    return dict(plain(row))


def _history(folder: Path, family: str) -> Look:
    last = -1.0

    def look(_over: bool) -> list[dict[str, Any]]:
        nonlocal last
        from ...design.family.registry import get_family
        from ...surrogate.studies.registry import study_of

        study = study_of(get_family(family))
        history = study.history(folder)
        if history is None or not history.iterations:
            return []
        if history.iterations[-1] < last:
            last = -1.0  # the run was started again
        first = study.headline.name
        rows = zip(history.iterations, history.outputs[first], strict=True)
        new = [(i, value) for i, value in rows if i > last][-MOST_ITERATIONS:]
        if not new:
            return []
        last = history.iterations[-1]
        return [
            {
                "kind": "history",
                "quantity": first,
                "iterations": [i for i, _ in new],
                "values": [v if math.isfinite(v) else None for _, v in new],
                "residuals": {k: v for k, v in history.residuals.items() if math.isfinite(v)},
            }
        ]

    return look
