"""Verbs about studies: one run, and a campaign of them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.family.records import Design
from ...design.limits import MAX_RUNS, MAX_WORKERS
from ..inputs import accepted_design
from ..output import prepare_folder
from ..progress import Progress, silent
from ..results import CampaignResult, SimulateResult
from ..workbench import Workbench, at

if TYPE_CHECKING:
    from ...surrogate.studies.contract import Number
    from ...surrogate.studies.record import Observation
    from ...surrogate.trust.prediction import Prediction


def simulate(
    design: Design | Path,
    *,
    study: str = "",
    fidelity: str = "",
    keep: Path | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> SimulateResult:
    """One run of a study; it is added to the local dataset (``$MAQUETTE_DATA`` or the XDG data folder).

    Args:
        study: one of the family's; its first when "".
        fidelity: of the study; its usual one when "".
        keep: a folder in which the run's files stay.

    Raises:
        MissingComponentError: a component of the study is not installed.
        InputError: the design file, a rule that it breaks, an unknown study or fidelity.
        SolverError: the run could not be set up.
    """
    from ...surrogate.runs.rows import noise_of, value_of
    from ...surrogate.studies.contract import Work
    from ...surrogate.studies.registry import study_of

    chosen = accepted_design(design, workbench)
    product = at(chosen.family, workbench)
    known = study_of(product.family, study)
    known.check_fidelity(fidelity or known.standard)
    known.require()
    folder = prepare_folder(keep) if keep is not None else None
    run = known.observe(
        product.family,
        chosen.parameters,
        fidelity or known.standard,
        Work(folder, keep is not None, progress=progress),
    )
    expected, now, learned = _beside(run, product)
    kept = [o for o in known.outputs if not o.learned]
    every = (*known.learned, *known.products_of(product.family), *kept)
    values = {o.name: value_of(run, known, o.name) for o in every}
    noise = {o.name: noise_of(run, known, o.name) for o in every}
    return kept_run(run, every, values, noise, expected=expected, now=now, learned=learned)


def kept_run(
    run: Observation,
    numbers: Sequence[Number],
    values: Mapping[str, float],
    noise: Mapping[str, float],
    **more: Any,
) -> SimulateResult:
    """A run, added to the local dataset, as the verb's answer.

    Args:
        numbers: what `values` and `noise` hold by name. more: of the answer, by name.
    """
    from ...surrogate.runs.dataset import append_run

    same = ("run_id", "family", "study", "fidelity", "converged", "reason", "seconds", "details")
    return SimulateResult(
        **{name: getattr(run, name) for name in same},
        saved=append_run(run),
        outputs=values,
        noise=noise,
        units={n.name: n.unit for n in numbers},
        symbols={n.name: n.symbol for n in numbers if n.symbol},
        **more,
    )


def _beside(run: Observation, product: Workbench) -> tuple[Prediction | None, Prediction | None, bool]:
    """The study's first output as predicted before a run and with it, and whether the model took the run in;
    no predictions of a family without a model, or by one of another study."""
    before = product.predictor_or_none
    if before is None or before.study.name != run.study:
        return None, None, False
    after = before.learn([run])
    name = before.study.headline.name
    said = [s.predict_design(run.parameters, run.details)[name] for s in (before, after)]
    return said[0], said[1], after is not before


def campaign(
    family: str,
    n: int,
    out: Path,
    *,
    study: str = "",
    fidelity: str = "",
    seed: int = 0,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
    workbench: Workbench | None = None,
) -> CampaignResult:
    """Runs of the first `n` designs of the family's plan; those already in `out` are not repeated.

    Args:
        study, fidelity: as of :func:`simulate`.

    Raises:
        MissingComponentError: a component of the study is not installed.
        InputError: a count out of bounds, an unknown family, study or fidelity, an unusable folder.
        KeyboardInterrupt: interrupted; finished runs are on disk and the running ones killed.
    """
    from ...surrogate.runs.campaign import run_campaign
    from ...surrogate.studies.registry import study_of

    began = time.perf_counter()
    if not 1 <= n <= MAX_RUNS:
        raise InputError(f"n is {n}; allowed 1 to {MAX_RUNS}")
    side_by_side = workers if workers is not None else os.cpu_count() or 1
    if not 1 <= side_by_side <= MAX_WORKERS:
        raise InputError(f"workers is {side_by_side}; allowed 1 to {MAX_WORKERS}")
    chosen = at(family, workbench).family
    known = study_of(chosen, study)
    level = fidelity or known.standard
    known.check_fidelity(level)
    folder = prepare_folder(out)
    stage = f"{level} runs"
    progress(stage, 0.0)
    state = run_campaign(
        chosen,
        n,
        level,
        folder,
        study=known.name,
        workers=side_by_side,
        scheduler=scheduler,
        seed=seed,
        progress=lambda done, planned, _run: progress(stage, done / planned),
    )
    progress(stage, 1.0)
    return CampaignResult(
        family=chosen.name,
        study=known.name,
        fidelity=level,
        done=state.done,
        failed=state.failed,
        remaining=state.remaining,
        out=state.runs,
        seconds=time.perf_counter() - began,
    )
