"""One row of a run file: is it a run, and is it one of the family as it is declared now?

Run files are written by programs, by hand and by spreadsheets. A row that is wrong is named and left out; it
never stops a prediction, and never trains one.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

from ...design.errors import InputError
from ...design.family.registry import get_family
from ..studies.record import LEVELS, RunResult

TEXTS = ("run_id", "family", "level", "reason", "solver", "recipe", "carried_from", "pressure")
COUNTS = ("iterations", "window", "cells")
#: what a converged run must have as finite numbers
RESULTS = ("cd", "cl", "cd_std", "cl_std", "reference_area")
#: a half model of a road vehicle or bluff body outside these bounds is a broken run, whatever it claims
PLAUSIBLE_CD = (0.02, 2.0)
SLACK = 1e-6  # of a range, by which a written value may miss it


def run_from_json(data: Any) -> RunResult:
    """A run from its JSON object; fields that a later version added are ignored.

    Raises:
        ValueError: a field is missing or of the wrong kind; says which, its value, and what it must be.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"it is JSON {_kind(data)}; a run is an object")
    given = {f.name: data[f.name] for f in dataclasses.fields(RunResult) if f.name in data}
    missing = [
        f.name
        for f in dataclasses.fields(RunResult)
        if f.name not in data and f.default is f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ValueError(f"it lacks {', '.join(missing)}")
    given = {name: _field(name, value) for name, value in given.items()}
    if given["level"] not in LEVELS:
        raise ValueError(f"level is {given['level']!r}; known: {', '.join(LEVELS)}")
    return RunResult(**given)


def _field(name: str, value: Any) -> Any:
    if name in ("parameters", "residuals"):
        if not isinstance(value, Mapping):
            raise ValueError(f"{name} is {_kind(value)}; it must be an object of numbers")
        return {str(k): _number(f"{name}.{k}", v) for k, v in value.items()}
    if name in TEXTS:
        if not isinstance(value, str):
            raise ValueError(f"{name} is {value!r}; it must be text")
        return value
    if name == "converged":
        if not isinstance(value, bool):
            raise ValueError(
                f"converged is {json.dumps(value)}; it must be true or false, not {_kind(value)}"
            )
        return value
    number = _number(name, value)
    if name in COUNTS:
        if not math.isfinite(number) or number != int(number):
            raise ValueError(f"{name} is {value!r}; it must be a whole number")
        return int(number)
    return number


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is {json.dumps(value)}; it must be a number, not {_kind(value)}")
    return float(value)


def _kind(value: Any) -> str:
    kinds = {str: "text", bool: "a truth value", list: "a list", dict: "an object", type(None): "null"}
    return kinds.get(type(value), type(value).__name__)


def misfit(run: RunResult) -> str:
    """Why a run is none of its family as declared now, in words; "" where it is, or the family is unknown
    here. Parameters that do not shape the hull need not be there: a run has none of them to itself."""
    try:
        family = get_family(run.family)
    except InputError:
        return ""
    for name, value in run.parameters.items():
        if not math.isfinite(value):
            return f"{name} is {value}; it must be a finite number"
    declared = {p.name: p.range for p in family.parameters}
    unknown = [name for name in run.parameters if name not in declared]
    missing = [name for name, r in declared.items() if r.shapes_hull and name not in run.parameters]
    if unknown or missing:
        told = [f"has {', '.join(unknown)}"] if unknown else []
        told += [f"lacks {', '.join(missing)}"] if missing else []
        return f"it is of another parameter declaration of {run.family!r}: it {' and '.join(told)}"
    for name, value in run.parameters.items():
        r = declared[name]
        slack = SLACK * (r.high - r.low)
        if not r.low - slack <= value <= r.high + slack:
            metres = r.unit == "mm" and r.low <= 1e3 * value <= r.high
            hint = " (is it in metres?)" if metres else ""
            return f"{name} is {value:g}; allowed {r.low:g} to {r.high:g} {r.unit}{hint}"
        if r.whole and value != r.nearest(value):
            return f"{name} is {value:g}, which is not a whole number; allowed {r.low:g} to {r.high:g}"
    return ""


def unsound(run: RunResult) -> str:
    """Why a run must not train, in words; "" where it may."""
    if not run.converged:
        return f"it did not converge ({run.reason or 'no reason given'})"
    if not run.parameters:
        return "it has no parameters"
    for name in RESULTS:
        if not math.isfinite(getattr(run, name)):
            return f"{name} is {getattr(run, name)}, in a run that says it converged"
    low, high = PLAUSIBLE_CD
    if not low < run.cd < high:
        return f"cd is {run.cd:g}; plausible are {low:g} to {high:g}"
    if not run.reference_area > 0.0:
        return f"reference_area is {run.reference_area:g} m2; it must be positive"
    return ""
