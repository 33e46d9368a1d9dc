"""Several processes on one study: each runs the loop, and they exchange trials through the storage.

They are fresh interpreters (:mod:`...design.processes`): a plain script, a notebook or a thread may ask for
them. One that dies is not missed while others live.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ...design.errors import InputError, MaquetteError, UnfinishedError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.messages import quoted, say
from ...design.processes import FreshProcess
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
        InputError: what a worker was given cannot be used.
        UnfinishedError: every worker stopped or died before the last trial.
    """
    with tempfile.TemporaryDirectory(prefix="maquette-search-") as folder:
        where = storage or str(Path(folder) / "study.journal")
        evaluator = Evaluator(family, brief, predictor, build_space(family, brief, start), start, faith)
        stored = studies.open_study(where, name, identity, evaluator.names)

        def first_round(told: SearchProgress) -> None:
            if progress is not None:
                progress(replace(told, total=trials, remaining=None))

        def kept() -> list[Record]:
            return studies.records_of(stored.get_trials(deepcopy=False))[:trials]

        interrupted = run(evaluator, min(trials, ROUND), stored, first_round, sampler=sampler)[1]
        records = kept()
        if interrupted or len(records) == trials:
            return records, interrupted
        began, first = time.perf_counter(), len(records)
        faults: list[BaseException] = []
        with contextlib.ExitStack() as stack:
            plain = brief.to_json()
            jobs = [stack.enter_context(FreshProcess()) for _ in range(workers)]
            turn = Path(folder) / "turn"
            try:
                for stream, job in enumerate(jobs, 1):
                    job.start(
                        work, plain, predictor, start, trials, where, name, identity, stream, faith, sampler,
                        turn,
                    )  # fmt: skip
                while jobs:
                    time.sleep(POLL)
                    for job in [job for job in jobs if job.ready()]:
                        jobs.remove(job)
                        try:
                            job.result()
                        except Exception as error:
                            faults.append(error)
                    records = kept()
                    if progress is not None:
                        progress(_progress(records, trials, time.perf_counter() - began, first))
            except KeyboardInterrupt:
                interrupted = True
        records = kept()
        if faults and not interrupted and len(records) < trials:
            raise _stopped(faults[0], len(records), trials, storage)
        return records, interrupted


def _stopped(fault: BaseException, done: int, trials: int, storage: str) -> MaquetteError:
    """Why a search with workers ended before its last trial, and what is kept."""
    if isinstance(fault, InputError):
        return fault
    why = fault.message if isinstance(fault, MaquetteError) else f"{type(fault).__name__}: {fault}"
    return UnfinishedError(
        say(
            "the search stopped after {done} of {trials} trials: {why}; they are kept in {storage}, and the "
            "same command goes on"
            if storage
            else "the search stopped after {done} of {trials} trials, which are not kept without a storage: "
            "{why}",
            done=done,
            trials=trials,
            why=quoted(why),
            storage=storage,
        )
    )


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
    turn: Path | None = None,
) -> None:
    """One process: runs in a fresh interpreter, so everything it needs comes as plain data."""
    parsed = brief_from_data(brief).brief
    family = get_family(parsed.family)
    evaluator = Evaluator(family, parsed, predictor, build_space(family, parsed, start), start, faith)
    stored = studies.open_study(where, name, identity, evaluator.names)
    run(evaluator, trials, stored, None, stream, sampler, turn=turn)


def _progress(records: list[Record], total: int, seconds: float, first: int) -> SearchProgress:
    done = len(records)
    pace = seconds / (done - first) if done > first else None
    best = min(records, key=lambda r: (not r.feasible, r.violation))
    left = None if pace is None else pace * max(0, total - done)
    return SearchProgress(min(done, total), total, sum(r.feasible for r in records), dict(best.numbers), left)
