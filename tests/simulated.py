"""Pretended CFD of the Ahmed family: a known function at two mesh levels, for tests of the surrogate.

The coarse level is a scaled, tilted copy of the medium one plus more scatter, as real meshes are.
"""

from __future__ import annotations

import numpy as np
from maquette.design.family.contract import Family
from maquette.design.family.parameters import as_values, from_unit_cube
from maquette.design.family.registry import get_family
from maquette.surrogate.models.gaussian_process.process import FloatArray
from maquette.surrogate.studies.record import RunResult

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


def simulated_runs(coarse: int, medium: int, seed: int = 0) -> list[RunResult]:
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


def run_of(unit_row: FloatArray, level: str, cd: float, cl: float, run_id: str) -> RunResult:
    area = 0.1
    return RunResult(
        run_id=run_id,
        family="ahmed",
        level=level,
        parameters=design(unit_row),
        cd=cd,
        cl=cl,
        cl_front=cl / 2,
        cl_rear=cl / 2,
        drag_area=cd * area,
        reference_area=area,
        cd_std=0.0005,
        cl_std=0.001,
        cd_drift=0.002,
        converged=True,
        reason="",
        iterations=600,
        window=100,
        residuals={"p": 1e-4, "Ux": 2e-5},
        cells=35_000 if level == "coarse" else 110_000,
        seconds=60.0 if level == "coarse" else 240.0,
        solver="pretended",
        recipe="test-1",
    )
