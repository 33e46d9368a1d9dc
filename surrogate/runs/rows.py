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
from ...design.family.parameters import Range
from ...design.family.registry import get_family
from ..studies.contract import Study
from ..studies.record import SCHEMA_VERSION, Observation
from ..studies.registry import get_study
from ..studies.wind_tunnel.earlier import row_of_now

TEXTS = ("run_id", "study", "family", "fidelity", "reason", "solver", "recipe", "carried_from")
NUMBERS = ("parameters", "outputs", "noise", "details")
SLACK = 1e-6  # of a range, by which a written value may miss it


def run_to_json(run: Observation) -> dict[str, Any]:
    """The row of a run."""
    return {"schema_version": SCHEMA_VERSION, **dataclasses.asdict(run)}


def run_from_json(data: Any) -> Observation:
    """A run from its row; fields that a later version added are ignored.

    Raises:
        ValueError: a field is missing or of the wrong kind; says which, its value, and what it must be.
    """
    row = _object("it", data, "a run is an object")
    if "study" not in row:
        row = row_of_now(row, _number)
    fields = dataclasses.fields(Observation)
    missing = [
        f.name for f in fields if f.name not in row and f.default is f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ValueError(f"it lacks {', '.join(missing)}")
    run = Observation(**{f.name: _field(f.name, row[f.name]) for f in fields if f.name in row})
    study = _study(run.study)
    if study is not None and run.fidelity not in study.levels:
        raise ValueError(f"fidelity is {run.fidelity!r}; known: {', '.join(study.levels)}")
    return run


def _field(name: str, value: Any) -> Any:
    if name in NUMBERS:
        return _numbers(name, value)
    if name == "slopes":
        return {k: _numbers(f"slopes.{k}", v) for k, v in _object(name, value).items()}
    if name == "fields":
        return {k: _text(f"fields.{k}", v) for k, v in _object(name, value).items()}
    if name in TEXTS:
        return _text(name, value)
    if name == "converged":
        if not isinstance(value, bool):
            told = json.dumps(value)
            raise ValueError(f"converged is {told}; it must be true or false, not {_kind(value)}")
        return value
    return _number(name, value)


def _object(name: str, value: Any, told: str = "it must be an object") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is JSON {_kind(value)}; {told}")
    return {str(k): v for k, v in value.items()}


def _numbers(name: str, value: Any) -> dict[str, float]:
    rows = _object(name, value, "it must be an object of numbers")
    return {k: _number(f"{name}.{k}", v) for k, v in rows.items()}


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}; it must be text")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is {json.dumps(value)}; it must be a number, not {_kind(value)}")
    return float(value)


def _kind(value: Any) -> str:
    kinds = {str: "text", bool: "a truth value", list: "a list", dict: "an object", type(None): "null"}
    return kinds.get(type(value), type(value).__name__)


def _study(name: str) -> Study | None:
    try:
        return get_study(name)
    except InputError:
        return None


def misfit(run: Observation) -> str:
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
    for c in family.choices:  # what a study that knows options holds of them: places
        last, about = len(c.choice.options) - 1, c.choice
        declared[c.name] = Range(0, last, 0, "1", about.doc, about.group, shapes_hull=False, whole=True)
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


def unsound(run: Observation) -> str:
    """Why a run must not train, in words; "" where it may."""
    if not run.converged:
        return f"it did not converge ({run.reason or 'no reason given'})"
    if not run.parameters:
        return "it has no parameters"
    study = _study(run.study)
    return f"its study {run.study!r} is not installed here" if study is None else _implausible(run, study)


def _implausible(run: Observation, study: Study) -> str:
    for output in study.learned:
        name, bounds = output.name, f"{output.low:g} to {output.high:g}"
        for kind, numbers in (("outputs", run.outputs), ("noise", run.noise)):
            if not math.isfinite(numbers.get(name, math.nan)):
                return f"{kind}.{name} is {numbers.get(name, 'missing')}, in a run that says it converged"
        if not output.low < run.outputs[name] < output.high:
            return f"{name} is {run.outputs[name]:g}; plausible are {bounds}"
    for product in study.products:
        factor = run.details.get(product.measure)
        if factor is not None and not (math.isfinite(factor) and factor > 0.0):
            return f"{product.measure} is {factor:g}; it must be positive"
    return ""


def value_of(run: Observation, study: Study, quantity: str) -> float:
    """An output of a run, or one times the measure that the run keeps; NaN where it does not keep it."""
    return _of(run, study, quantity, run.outputs)


def noise_of(run: Observation, study: Study, quantity: str) -> float:
    """The noise of :func:`value_of`; NaN where the run does not state it."""
    return _of(run, study, quantity, run.noise)


def _of(run: Observation, study: Study, quantity: str, numbers: Mapping[str, float]) -> float:
    product = next((p for p in study.products if p.name == quantity), None)
    if product is None:
        return numbers.get(quantity, math.nan)
    return numbers[product.output] * run.details.get(product.measure, math.nan)
