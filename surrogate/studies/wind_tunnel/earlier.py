"""Runs as they were written when the wind tunnel was the only study: their row as one of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .pressure import PRESSURE
from .simulate import AREA, COEFFICIENTS, NAME

#: where each field of then stands now
OUTPUTS = dict(zip(("cd", "cl", "cl_front", "cl_rear"), COEFFICIENTS, strict=True))
NOISE = {"cd_std": COEFFICIENTS[0], "cl_std": COEFFICIENTS[1]}
DETAILS = {"reference_area": AREA, "cd_drift": "drift"}
COUNTS = ("iterations", "window", "cells")
NEEDED = (
    "run_id", "family", "level", "parameters", *OUTPUTS, *NOISE, *DETAILS, "drag_area", "converged", "reason",
    "iterations", "window",
)  # fmt: skip
SAME = (
    "run_id", "family", "parameters", "converged", "reason", "seconds", "solver", "recipe", "carried_from",
    "moved_mm",
)  # fmt: skip


def row_of_now(row: Mapping[str, Any], number: Callable[[str, Any], float]) -> dict[str, Any]:
    """The row under today's names.

    Args:
        number: of a field's name and value, or ValueError saying what is wrong with it.

    Raises:
        ValueError: a field is missing, or no number where one must be.
    """
    missing = [name for name in NEEDED if name not in row]
    if missing:
        raise ValueError(f"it lacks {', '.join(missing)}")
    numbers = {name: number(name, row[name]) for name in (*OUTPUTS, *NOISE, *DETAILS)}
    residuals = row.get("residuals") or {}
    details = {now: numbers[then] for then, now in DETAILS.items()}
    details |= {name: number(name, row.get(name, 0)) for name in COUNTS}
    details |= {f"residual_{name}": number(f"residuals.{name}", v) for name, v in residuals.items()}
    return {name: row[name] for name in SAME if name in row} | {
        "study": NAME,
        "fidelity": row["level"],
        "outputs": {now: numbers[then] for then, now in OUTPUTS.items()},
        "noise": {now: numbers[then] for then, now in NOISE.items()},
        "details": details,
        "fields": {PRESSURE: row["pressure"]} if row.get("pressure") else {},
    }
