"""A family's design in the tunnel: what its declaration says of the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ....design.family.contract import Family
from ....design.family.parameters import as_row, as_values
from ....design.family.registry import get_family
from ....design.geometry.measures import frontal_area
from ..record import RunResult
from . import openfoam
from .recipe import CURRENT, Recipe
from .simulate import simulate
from .tunnel import size_of

DIGITS = 4  # decimals of planned parameters


def run_id(family: str, level: str, parameters: Mapping[str, float]) -> str:
    """Stable id of a run: family, level and a hash of the parameters."""
    text = json.dumps([family, level, {k: round(float(v), DIGITS) for k, v in sorted(parameters.items())}])
    return f"{family}-{level}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def simulate_design(
    family_name: str, values: Mapping[str, float], level: str, workdir: str | None = None, keep: bool = False,
    cancel: openfoam.Cancel | None = None, progress: Callable[[str, float], None] | None = None,
    recipe: Recipe = CURRENT,
) -> RunResult:  # fmt: skip
    """CFD of one design of a family; a plain function of plain values, so that it can run on any machine.

    Raises:
        MaquetteError: see :func:`.simulate.simulate`.
    """
    family = get_family(family_name)
    row = as_row(family.declaration, values)
    values = as_values(family.declaration, row)  # a run has no options
    return simulate_body(
        family, values, level, run_id=run_id(family_name, level, values), keep=keep,
        workdir=Path(workdir) if workdir else None, cancel=cancel, progress=progress, recipe=recipe,
    )  # fmt: skip


def simulate_body(
    family: Family, values: Mapping[str, float], level: str, *, recipe: Recipe, **more: Any
) -> RunResult:
    """:func:`.simulate.simulate` with what a design says of its run; `more` is the rest of it."""
    return simulate(
        family.hull(values), level, family=family.name, parameters=values, axles=family.axles(values),
        speed=family.reference_speed, size=typical_size(family) if recipe.fixed else None, recipe=recipe,
        **more,
    )  # fmt: skip


@cache
def typical_size(family: Family) -> float:
    """Size (m) of a family's design as declared, which recipes with fixed cells take their cells from."""
    hull = family.hull(family.defaults())
    return size_of(1e-3 * float(np.ptp(hull.bounds[:, 0])), frontal_area(hull))


def failed_run(
    name: str, family: str, level: str, values: Mapping[str, float], reason: str, recipe: Recipe = CURRENT
) -> RunResult:
    """The record of a run that gave no coefficients."""
    nan = float("nan")
    return RunResult(
        run_id=name, family=family, level=level, parameters=dict(values), cd=nan, cl=nan, cl_front=nan,
        cl_rear=nan, drag_area=nan, reference_area=nan, cd_std=nan, cl_std=nan, cd_drift=nan,
        converged=False, reason=reason, iterations=0, window=recipe.rule.window,
        solver=openfoam.version(), recipe=recipe.name,
    )  # fmt: skip
