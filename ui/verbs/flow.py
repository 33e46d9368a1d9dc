"""Verbs about the air: one CFD run, and a campaign of them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.limits import MAX_RUNS, MAX_WORKERS
from ..inputs import accepted_design
from ..output import prepare_folder
from ..progress import Progress, silent
from ..results import CampaignResult, SimulateResult
from ..workbench import Workbench, at

if TYPE_CHECKING:
    from ...surrogate.studies.record import RunResult
    from ...surrogate.trust.prediction import Prediction


def simulate(
    design: Design | Path,
    *,
    mesh: str = "coarse",
    keep: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> SimulateResult:
    """CFD of one design; the run is added to the local dataset (``$MAQUETTE_DATA`` or the XDG data folder).

    Args:
        mesh: ``coarse``, ``medium`` or ``fine``.
        keep: a folder in which the OpenFOAM case stays.

    Raises:
        MissingComponentError: OpenFOAM is not installed.
        InputError: the design file, or a rule that it breaks.
        SolverError: the run could not be set up.
    """
    from ...surrogate.runs.dataset import append_run
    from ...surrogate.studies.wind_tunnel import openfoam
    from ...surrogate.studies.wind_tunnel.problem import simulate_design

    openfoam.require()
    chosen = accepted_design(design, workbench)
    product = at(chosen.family, workbench)
    folder = str(prepare_folder(keep)) if keep is not None else None
    run = simulate_design(
        chosen.family, dict(chosen.parameters), mesh, workdir=folder, keep=keep is not None, progress=progress
    )
    expected, now, learned = _beside(run, product)
    saved = append_run(run)
    return SimulateResult(
        run_id=run.run_id,
        family=run.family,
        mesh=run.level,
        cd=run.cd,
        cl=run.cl,
        drag_area=run.drag_area,
        reference_area=run.reference_area,
        converged=run.converged,
        reason=run.reason,
        cells=run.cells,
        iterations=run.iterations,
        seconds=run.seconds,
        saved=saved,
        outputs={"drag_coefficient": run.cd, "lift_coefficient": run.cl, "drag_area": run.drag_area},
        noise={
            "drag_coefficient": run.cd_std,
            "lift_coefficient": run.cl_std,
            "drag_area": run.cd_std * run.reference_area,
        },
        expected=expected,
        now=now,
        learned=learned,
    )


def _beside(run: RunResult, product: Workbench) -> tuple[Prediction | None, Prediction | None, bool]:
    """The drag coefficient as predicted before a run and with it, and whether the model took the run in; no
    predictions of a family without a model."""
    before = product.predictor_or_none
    if before is None:
        return None, None, False
    after = before.learn([run])
    said = [s.predict_design(run.parameters, run.reference_area)["drag_coefficient"] for s in (before, after)]
    return said[0], said[1], after is not before


def campaign(
    family: str,
    n: int,
    out: Path,
    *,
    mesh: str = "coarse",
    seed: int = 0,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> CampaignResult:
    """CFD of the first `n` designs of the family's plan; runs already in `out` are not repeated.

    Raises:
        MissingComponentError: OpenFOAM (or dask, with `scheduler`) is not installed.
        InputError: a count out of bounds, an unknown family or mesh level, an unusable folder.
        KeyboardInterrupt: interrupted; finished runs are on disk and the running ones killed.
    """
    from ...surrogate.runs.campaign import run_campaign

    began = time.perf_counter()
    if not 1 <= n <= MAX_RUNS:
        raise InputError(f"n is {n}; allowed 1 to {MAX_RUNS}")
    side_by_side = workers if workers is not None else os.cpu_count() or 1
    if not 1 <= side_by_side <= MAX_WORKERS:
        raise InputError(f"workers is {side_by_side}; allowed 1 to {MAX_WORKERS}")
    folder = prepare_folder(out)
    chosen = at(family, workbench).family
    stage = f"{mesh} runs"
    progress(stage, 0.0)
    state = run_campaign(
        chosen,
        n,
        mesh,
        folder,
        workers=side_by_side,
        scheduler=scheduler,
        seed=seed,
        progress=lambda done, planned, _run: progress(stage, done / planned),
    )
    progress(stage, 1.0)
    return CampaignResult(
        family=chosen.name,
        mesh=mesh,
        done=state.done,
        failed=state.failed,
        remaining=state.remaining,
        out=state.runs,
        seconds=time.perf_counter() - began,
    )
