"""Several processes on one study: each runs the loop, and they exchange trials through the storage."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.messages import say
from ..requirements.assess import Predictor
from ..requirements.brief import Brief
from ..requirements.brief_files import brief_from_data
from . import study as studies
from .designs import ROUND
from .evaluate import Evaluator
from .loop import SearchProgress, run
from .record import Record
from .samplers import OURS
from .similarity import Faith
from .space import build_space

POLL = 0.3  # seconds between looks at the storage


def run_workers(
    brief: Brief,
    family: Family,
    predictor: Predictor | None,
    start: Mapping[str, float] | None,
    trials: int,
    storage: str,
    name: str,
    identity: str,
    workers: int,
    progress: Callable[[SearchProgress], None] | None,
    faith: Faith | None = None,
    sampler: str = OURS,
) -> tuple[list[Record], bool]:
    """As :func:`maquette.constraints.search.search.run`, by `workers` processes.

    Raises:
        InputError: a worker could not work.
    """
    with tempfile.TemporaryDirectory(prefix="maquette-search-") as folder:
        where = storage or str(Path(folder) / "study.journal")
        evaluator = Evaluator(family, brief, predictor, build_space(family, brief, start), start, faith)
        stored = studies.open_study(where, name, identity, evaluator.names)
        records, interrupted = run(evaluator, min(trials, ROUND), stored, progress, sampler=sampler)
        if interrupted or len(records) >= trials:
            return records, interrupted
        context = multiprocessing.get_context("spawn")
        jobs = [
            context.Process(
                target=work,
                args=(
                    brief.to_json(),
                    predictor,
                    start,
                    trials,
                    where,
                    name,
                    identity,
                    stream,
                    faith,
                    sampler,
                ),
                daemon=True,
            )
            for stream in range(1, workers + 1)
        ]
        for job in jobs:
            job.start()
        try:
            began, first = time.perf_counter(), len(records)
            while any(job.is_alive() for job in jobs):
                time.sleep(POLL)
                records = studies.records_of(stored.get_trials(deepcopy=False))
                if progress is not None:
                    progress(_progress(records, trials, time.perf_counter() - began, first))
        except KeyboardInterrupt:
            interrupted = True
        finally:
            for job in jobs:
                job.join(timeout=2.0)
                if job.is_alive():
                    job.kill()
        records = studies.records_of(stored.get_trials(deepcopy=False))
        if not interrupted and any(job.exitcode for job in jobs):
            raise InputError(say("a search worker stopped with an error; run with --workers 1 to see it"))
        return records, interrupted


def work(
    brief: Mapping[str, object],
    predictor: Predictor | None,
    start: Mapping[str, float] | None,
    trials: int,
    where: str,
    name: str,
    identity: str,
    stream: int,
    faith: Faith | None = None,
    sampler: str = OURS,
) -> None:
    """One process: runs in a fresh interpreter, so everything it needs comes as plain data."""
    parsed = brief_from_data(brief).brief
    family = get_family(parsed.family)
    evaluator = Evaluator(family, parsed, predictor, build_space(family, parsed, start), start, faith)
    run(evaluator, trials, studies.open_study(where, name, identity, evaluator.names), None, stream, sampler)


def _progress(records: list[Record], total: int, seconds: float, first: int) -> SearchProgress:
    done = len(records)
    pace = seconds / (done - first) if done > first else None
    best = min(records, key=lambda r: (not r.feasible, r.violation))
    left = None if pace is None else pace * max(0, total - done)
    return SearchProgress(min(done, total), total, sum(r.feasible for r in records), dict(best.numbers), left)
