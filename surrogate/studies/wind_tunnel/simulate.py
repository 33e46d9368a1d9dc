"""One CFD run: a closed mesh in, coefficients with their scatter out.

Half model in a tunnel with a moving ground, steady RANS (k-omega SST, wall functions). A run starts from
uniform flow with upwind convection, goes over to second order, and stops as soon as the convergence rule
holds. A case that blows up is run once more with gentler relaxation.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ....design.errors import InputError, SolverError
from ....design.geometry.measures import frontal_area
from ....design.geometry.mesh import Mesh
from ....design.messages import say
from ..contract import HERE, Work
from ..fields import pack
from ..record import Observation
from . import openfoam
from .case import cell_count, stick, write_case, write_files
from .dictionaries import Flow, case_files, fields, stage_files
from .forces import History, Verdict, blew_up, judge, last_iteration, read_history, read_residuals
from .pressure import PRESSURE, on_vertices, read_pressure
from .recipe import CHECK_EVERY, CURRENT, Level, Numerics, Recipe
from .tunnel import check_mesh, domain_of, grounded

NAME = "wind_tunnel"
#: of a run, in the order of `forces.COLUMNS`
DRAG, LIFT = "drag_coefficient", "lift_coefficient"
COEFFICIENTS = (DRAG, LIFT, "front_lift_coefficient", "rear_lift_coefficient")
AREA = "frontal_area"
DEFAULT_SPEED = 30.0  # m/s
AXLE_SHARES = (0.2, 0.8)  # where lift is split on a body without axles, shares of its length


@dataclass(frozen=True)
class _Outcome:
    verdict: Verdict
    iterations: int
    residuals: dict[str, float]


@dataclass(frozen=True)
class Body:
    """What stands in the tunnel.

    Attributes:
        mesh: closed, mm, symmetric about y = 0, ground at z = 0, flow along +x.
        family, parameters: of the design, copied into the result; "" and {} of a bare shape.
        axles: x of front and rear axle, mm, between which lift is split; None: 0.2 and 0.8 of the length.
        speed: of air and ground, m/s.
        size: m, that cells are shares of, standing still in space, where a recipe fixes them for a family;
            None: the body's own.

    Raises:
        InputError: a speed that is not allowed.
    """

    mesh: Mesh
    family: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    axles: tuple[float, float] | None = None
    speed: float = DEFAULT_SPEED
    size: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.speed) and 1.0 <= self.speed <= 100.0):
            raise InputError(say("speed is {speed!r} m/s; allowed 1 to 100 m/s", speed=self.speed))

    def flow(self, area: float) -> Flow:
        """The flow about its half, of a full frontal area of `area`, m2."""
        x0, x1 = self.mesh.bounds[:, 0] * 1e-3
        if self.axles is None:
            front, rear = (x0 + s * (x1 - x0) for s in AXLE_SHARES)
        else:
            front, rear = (1e-3 * a for a in self.axles)
        return Flow(self.speed, 0.5 * area, (float(front), float(rear)))


def simulate(
    body: Body,
    level: str,
    run_id: str,
    *,
    recipe: Recipe = CURRENT,
    area: float | None = None,
    work: Work = HERE,
    watch_history: Callable[[History], None] | None = None,
) -> Observation:
    """Solve the flow about a full, closed body and return its coefficients.

    Args:
        level: ``coarse``, ``medium`` or ``fine``. run_id: name of the run, and of its case in `work.folder`.
        recipe: mesh levels, numerics and convergence rule.
        area: frontal area of the full body, m2; measured by projection when left out.
        work: as everywhere; what is kept is the case with the last fields, pressure included.
        watch_history: called once with the coefficients of every iteration when the run is over.

    Raises:
        MissingComponentError: OpenFOAM is not installed.
        InputError: the mesh cannot be put into the tunnel, the level is unknown, or the area not allowed.
        SolverError: the mesh could not be generated, or a time limit passed before the solver ran.
        KeyboardInterrupt: cancelled; the running program's process group is killed.
    """
    openfoam.require()
    if level not in recipe.levels:
        raise InputError(
            say("mesh level is {level!r}; allowed: {levels}", level=level, levels=", ".join(recipe.levels))
        )
    check_mesh(body.mesh)
    area = _positive(frontal_area(body.mesh) if area is None else float(area))
    size = body.size if recipe.fixed else None
    run = _Run(recipe, recipe.levels[level], body.flow(area), work, size)
    clock = openfoam.Stopwatch(recipe.levels[level].seconds)
    root = Path(tempfile.mkdtemp(prefix="maquette-cfd-")) if work.folder is None else work.folder
    case = root / run_id
    try:
        outcome = _solve(case, body.mesh, area, run, clock)
        if watch_history is not None:
            watch_history(read_history(case))
        found = _result(outcome, case, body, run_id, level, area, clock.seconds(), recipe)
        return replace(found, fields=_pressure(case, body)) if found.converged else found
    except openfoam.InterruptedRunError as stop:
        raise KeyboardInterrupt(f"{run_id} interrupted in {stop}") from stop
    finally:
        if not work.keep:
            shutil.rmtree(case, ignore_errors=True)
        if work.folder is None and not work.keep:
            shutil.rmtree(root, ignore_errors=True)


def _positive(area: float) -> float:
    if not (math.isfinite(area) and area > 0.0):
        raise InputError(say("reference_area is {area!r} m2; it must be positive", area=area))
    return area


@dataclass(frozen=True)
class _Run:
    """What does not change between the attempts of one run."""

    recipe: Recipe
    level: Level
    flow: Flow
    work: Work
    size: float | None


def _solve(case: Path, mesh: Mesh, area: float, run: _Run, clock: openfoam.Stopwatch) -> _Outcome:
    level, recipe = run.level, run.recipe
    domain = domain_of(mesh.bounds * 1e-3, area, level, run.size, recipe.hug)
    write_case(case, grounded(mesh), case_files(domain, level, run.flow, recipe.model))
    write_files(case, stage_files(run.flow, recipe.start, 0, level.start))
    for k, command in enumerate((["blockMesh"], ["surfaceFeatureExtract"], ["snappyHexMesh", "-overwrite"])):
        run.work.progress("meshing", k / 3)
        openfoam.run_program(command, case, clock, run.work.cancel)
    outcome, blown = _attempt(case, run, (recipe.start, recipe.main), 1.0, clock)
    if blown:
        outcome, _ = _attempt(case, run, recipe.again, 1.5, clock)
    return outcome


def _attempt(
    case: Path, run: _Run, numerics: tuple[Numerics, Numerics], stretch: float, clock: openfoam.Stopwatch,
) -> tuple[_Outcome, bool]:  # fmt: skip
    """Both stages once; the outcome, and whether the case blew up."""
    level, flow, rule, work = run.level, run.flow, run.recipe.rule, run.work
    (case / "log.simpleFoam").unlink(missing_ok=True)
    shutil.rmtree(case / "postProcessing", ignore_errors=True)
    for folder in case.iterdir():
        if folder.is_dir() and folder.name.isdigit() and folder.name != "0":
            shutil.rmtree(folder)
    first, least, most = (round(stretch * n) for n in (level.start, level.least, level.most))
    looked = -least // CHECK_EVERY
    settled: Verdict | None = None

    def watch() -> bool:
        nonlocal looked, settled
        now = last_iteration(case)
        work.progress("solving", min(now / most, 1.0))
        if (now - least) // CHECK_EVERY == looked:
            return False
        looked = (now - least) // CHECK_EVERY
        history = read_history(case)
        if blew_up(history, first):
            raise SolverError(say("the case blew up"))
        verdict = judge(history, first, read_residuals(case), rule)
        if now >= least and verdict.converged:
            settled = verdict
        return settled is not None

    trouble, blown = "", False
    try:
        slide = run.recipe.slide
        write_files(case, fields(flow, run.recipe.model, slide))
        write_files(case, stage_files(flow, numerics[0], 0, first, readable=slide))
        openfoam.run_program(["simpleFoam"], case, clock, work.cancel, watch)
        if slide:
            stick(case / str(first) / "U")
        write_files(case, stage_files(flow, numerics[1], first, most))
        openfoam.run_program(["simpleFoam"], case, clock, work.cancel, watch, poll=0.5)
    except SolverError as error:
        trouble = error.why if isinstance(error, openfoam.StoppedError) else error.message
        blown = not isinstance(error, openfoam.OutOfTimeError)
    history, residuals = read_history(case), read_residuals(case)
    # the few iterations in which a solver ends do not undo what was found
    verdict = settled or judge(history, first, residuals, rule)
    if trouble:
        verdict = Verdict(verdict.means, verdict.std, verdict.drift, False, trouble)
    done = int(history.iterations[-1]) if len(history.iterations) else 0
    return _Outcome(verdict, done, residuals), blown


def _result(
    outcome: _Outcome, case: Path, body: Body, run_id: str, level: str, area: float, seconds: float,
    recipe: Recipe,
) -> Observation:  # fmt: skip
    verdict = outcome.verdict
    means, noise = verdict.means.tolist(), verdict.std.tolist()
    counts = {"iterations": outcome.iterations, "window": recipe.rule.window, "cells": cell_count(case)}
    return Observation(
        run_id=run_id,
        study=NAME,
        family=body.family,
        fidelity=level,
        parameters=dict(body.parameters),
        outputs=dict(zip(COEFFICIENTS, means, strict=True)),
        noise=dict(zip(COEFFICIENTS, noise, strict=True)),
        converged=verdict.converged and math.isfinite(means[0]),
        reason=verdict.reason,
        details={AREA: area, "drift": verdict.drift}
        | {name: float(n) for name, n in counts.items()}
        | {f"residual_{name}": value for name, value in outcome.residuals.items()},
        seconds=seconds,
        solver=openfoam.version(),
        recipe=recipe.name,
    )


def _pressure(case: Path, body: Body) -> dict[str, str]:
    found = read_pressure(case, body.speed)
    return {} if found is None else {PRESSURE: pack(on_vertices(body.mesh, *found))}
