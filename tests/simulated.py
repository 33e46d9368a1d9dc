"""Pretended CFD of the Ahmed family: a known function at two mesh levels, for tests of the surrogate.

The coarse level is a scaled, tilted copy of the medium one plus more scatter, as real meshes are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from maquette.design.arrays import FloatArray
from maquette.design.family.contract import Family
from maquette.design.family.parameters import as_values, from_unit_cube
from maquette.design.family.registry import get_family
from maquette.surrogate.studies.record import Observation
from maquette.surrogate.studies.registry import get_study

SCATTER = {"coarse": 0.003, "medium": 0.0015}


def family() -> Family:
    return get_family("ahmed")


def true_cd(unit: FloatArray) -> FloatArray:
    """The medium level without scatter, designs (n x 7) in the unit cube; most depends on the slant."""
    u = unit
    slant = u[:, 5]
    bump = 0.08 * np.exp(-(((slant - 0.7) / 0.25) ** 2)) * (0.6 + 0.8 * u[:, 6])
    return np.asarray(0.25 + 0.04 * (u[:, 2] - 0.5) - 0.05 * u[:, 4] * (1.2 - u[:, 4]) + bump)


def true_cl(unit: FloatArray) -> FloatArray:
    return np.asarray(0.05 + 0.25 * np.sin(2.5 * unit[:, 5]) - 0.1 * (unit[:, 3] - 0.5))


def design(unit_row: FloatArray) -> dict[str, float]:
    fam = family()
    return as_values(fam.declaration, from_unit_cube(fam.declaration, unit_row[None, :])[0])


def simulated_runs(coarse: int, medium: int, seed: int = 0) -> list[Observation]:
    """Runs of random designs; the first `medium` designs were run at both levels."""
    rng = np.random.default_rng(seed)
    unit = rng.random((max(coarse, medium), len(family().parameters)))
    runs = []
    for level, count in (("coarse", coarse), ("medium", medium)):
        u = unit[:count]
        cd, cl = true_cd(u), true_cl(u)
        if level == "coarse":
            cd = 1.08 * cd + 0.01 + 0.02 * (u[:, 0] - 0.5)
            cl = 0.95 * cl + 0.02
        cd = cd + SCATTER[level] * rng.normal(size=count)
        cl = cl + 3 * SCATTER[level] * rng.normal(size=count)
        for i in range(count):
            runs.append(run_of(u[i], level, float(cd[i]), float(cl[i]), f"ahmed-{level}-{seed}-{i:04d}"))
    return runs


def run_of(unit_row: FloatArray, level: str, cd: float, cl: float, run_id: str) -> Observation:
    return of_design(design(unit_row), level, cd, cl, run_id)


def of_design(values: dict[str, float], level: str, cd: float, cl: float, run_id: str) -> Observation:
    coarse = level == "coarse"
    return Observation(
        run_id=run_id,
        study="wind_tunnel",
        family="ahmed",
        fidelity=level,
        parameters=values,
        outputs={
            "drag_coefficient": cd,
            "lift_coefficient": cl,
            "front_lift_coefficient": cl / 2,
            "rear_lift_coefficient": cl / 2,
        },
        noise={"drag_coefficient": 0.0005, "lift_coefficient": 0.001},
        converged=True,
        details={
            "frontal_area": 0.1,
            "drift": 0.002,
            "iterations": 600.0,
            "cells": 35_000.0 if coarse else 110_000.0,
            "residual_p": 1e-4,
        },
        seconds=60.0 if coarse else 240.0,
        solver="pretended",
        recipe="test-1",
    )


def closed_form(
    study: str, family: str, values: dict[str, float], fidelity: str, recipe: str = "", **_: Any
) -> Observation:
    """A drag formula in place of the solver: what a campaign does must not depend on who computes."""
    name = get_study(study).run_id(family, fidelity, values)
    run = of_design(values, fidelity, 0.25 + 0.001 * values["slant_angle"], 0.1, name)
    return replace(run, recipe=recipe)
