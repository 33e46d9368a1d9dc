"""Campaigns: simulating a plan's designs on any number of machines without losing a run.

Runs are tasks of `dask.distributed`: on threads of this process, or on the workers of a scheduler whose
address is given. Every finished run is one line of ``runs.jsonl``, on disk before it counts. Runs that are
there are never repeated; an interrupted campaign goes on where it stopped. A worker that dies takes its
solver with it, and its run is begun again on another.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError, MaquetteError, MissingComponentError, SolverError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ...design.json_lines import append_line
from ..studies.contract import Study
from ..studies.record import Observation
from ..studies.registry import simulate_design, study_of
from .dataset import read_jsonl
from .plan import POOL, Values, nested, plan
from .rows import run_to_json

if TYPE_CHECKING:
    from distributed import Client

Progress = Callable[[int, int, Observation], None]
Runner = Callable[..., Observation]
RUNS_FILE = "runs.jsonl"
CONNECT = "15s"  # to find a scheduler
STOPPING = 20.0  # seconds in which this process's solvers have ended after an interrupt


@dataclass(frozen=True)
class CampaignState:
    """What a campaign has come to.

    Attributes:
        done: converged runs of the plan on disk; failed: runs on disk that did not converge;
        remaining: planned runs not on disk. runs: the file.
    """

    done: int
    failed: int
    remaining: int
    runs: Path


@dataclass(frozen=True)
class CampaignRequest:
    """Which designs are simulated, how, and on which machines.

    Attributes:
        n: designs. fidelity: of the study, its usual one when ""; a dearer one than that takes the
            :func:`nested` subset of the plan's first `pool` designs.
        study: one of the family's; its first when "".
        workers: runs at a time on this machine (one core each).
        scheduler: address of a dask scheduler; its workers need Maquette and the study's components.
        seed, archetype_share: of the plan.
        redo_failed: runs on disk that did not converge are done again.
        recipe: of the study; its current one when "".
        designs: instead of the plan's; `n`, `seed`, `archetype_share` and `pool` then say nothing.

    Raises:
        InputError: workers out of range.
    """

    n: int
    fidelity: str = ""
    study: str = ""
    workers: int = 2
    scheduler: str | None = None
    seed: int = 0
    archetype_share: float = 0.5
    pool: int = POOL
    redo_failed: bool = False
    recipe: str = ""
    designs: Sequence[Values] | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= 256:
            raise InputError(f"workers is {self.workers}; allowed 1 to 256")

    def planned(self, family: Family, dearer: bool) -> Sequence[Values]:
        """The designs, for a fidelity `dearer` than the standard one a subset of its designs.

        Raises:
            InputError: n out of range.
        """
        if self.designs is not None:
            return self.designs
        if dearer:
            return nested(family, self.n, self.seed, self.archetype_share, self.pool)
        return plan(family, self.n, self.seed, self.archetype_share)


def run_campaign(
    family: Family | str,
    n: int,
    fidelity: str = "",
    out: Path | str = "out/campaign",
    *,
    progress: Progress | None = None,
    runner: Runner = simulate_design,
    **asked: Any,
) -> CampaignState:
    """Simulate the plan's designs that are not yet in ``out/runs.jsonl``.

    Args:
        family: registered family. n, fidelity: see :class:`CampaignRequest`; `asked`: its other fields, by
            name.
        progress: called after each run with how many are on disk, how many are planned, and the run.
        runner: what turns ``(study name, family name, values, fidelity=..., recipe=..., cancel=...)`` into a
            run; the study itself unless said otherwise. `cancel.is_set()` once nobody waits for it any more.

    Raises:
        InputError: study, fidelity, n or workers out of range, or no scheduler at the address.
        MissingComponentError: a component of the study is absent.
        KeyboardInterrupt: interrupted; every finished run is saved, running ones are killed.
    """
    chosen = get_family(family) if isinstance(family, str) else family
    request = CampaignRequest(n, fidelity, **asked)
    study = study_of(chosen, request.study)
    level = fidelity or study.standard
    study.check_fidelity(level)
    designs = request.planned(chosen, study.levels.index(level) > study.levels.index(study.standard))
    if request.scheduler is None and runner is simulate_design:
        study.require()
    file = Path(out) / RUNS_FILE
    book = {run.run_id: run for run in read_jsonl(file)} if file.is_file() else {}
    jobs = {study.run_id(chosen.name, level, design): design for design in designs}
    left = [i for i in jobs if i not in book or (request.redo_failed and not book[i].converged)]

    def keep(run: Observation) -> None:
        append_line(json.dumps(run_to_json(run)), file)
        book[run.run_id] = run
        if progress is not None:
            progress(sum(i in book for i in jobs), len(jobs), run)

    if left:
        file.parent.mkdir(parents=True, exist_ok=True)
        order = _Order(study, chosen.name, level, request.recipe)
        with _terminated_as_interrupted(), _client(request.workers, request.scheduler) as client:
            _drive(client, runner, order, {i: jobs[i] for i in left}, keep)
    return state_of(book.values(), list(jobs), file)


@dataclass(frozen=True)
class _Order:
    """What the runs of a campaign have in common."""

    study: Study
    family: str
    fidelity: str
    recipe: str


def state_of(runs: Iterable[Observation], ids: Sequence[str], path: Path) -> CampaignState:
    """Count the planned runs among `runs`."""
    found = {run.run_id: run for run in runs}
    there = [found[i] for i in ids if i in found]
    done = sum(run.converged for run in there)
    return CampaignState(done, len(there) - done, len(ids) - len(there), path)


def _drive(
    client: Client, runner: Runner, order: _Order, jobs: Mapping[str, Values],
    keep: Callable[[Observation], None],
) -> None:  # fmt: skip
    """Run all jobs; one that cannot be solved is kept as failed."""
    from distributed import as_completed

    common = (runner, order.study.name, order.family, order.fidelity, order.recipe)
    futures = {
        client.submit(_task, *common, values, key=name, pure=False, priority=-k): name
        for k, (name, values) in enumerate(jobs.items())
    }
    try:
        for future in as_completed(list(futures)):
            name = futures.pop(future)
            try:
                run: Observation = future.result()
            except MissingComponentError:
                raise
            except MaquetteError as error:
                run = order.study.failed(
                    order.family, jobs[name], order.fidelity, error.message, order.recipe
                )
            keep(run)
            future.release()
    except KeyboardInterrupt:
        for future, name in futures.items():
            if future.status == "finished" and name in jobs:
                keep(future.result())
        raise
    finally:
        client.cancel(list(futures), force=True)
        _await_tasks()


# -- on a worker -------------------------------------------------------------------------------------

_running: set[str] = set()  # tasks of this process


class Unwanted:
    """Whether the task that made this is still wanted by anybody: set once it is cancelled, or the campaign
    that asked for it has gone."""

    def __init__(self) -> None:
        from distributed import get_worker

        self._worker = get_worker()
        self._key = str(self._worker.get_current_task())

    def is_set(self) -> bool:
        """True when the run should end now."""
        task = self._worker.state.tasks.get(self._key)
        return task is None or task.state == "cancelled"


def _task(runner: Runner, study: str, family: str, fidelity: str, recipe: str, values: Values) -> Observation:
    """One run on a worker."""
    unwanted = Unwanted()
    mark = f"{threading.get_ident()}-{time.monotonic_ns()}"
    _running.add(mark)
    try:
        return runner(study, family, values, fidelity=fidelity, recipe=recipe, cancel=unwanted)
    except KeyboardInterrupt as stop:  # would end the worker, not the run
        raise SolverError(f"interrupted ({stop})") from stop
    finally:
        _running.discard(mark)


def _await_tasks() -> None:
    """Wait for the cancelled tasks of this process, so that no solver outlives it."""
    until = time.monotonic() + STOPPING
    while _running and time.monotonic() < until:
        time.sleep(0.05)


# -- the cluster -------------------------------------------------------------------------------------


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Client]:
    """A client of the scheduler, or of one on threads of this process: a solver is a process of its own."""
    import dask
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.ERROR)
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=CONNECT)
        except (OSError, ValueError) as error:
            raise InputError(
                f"--scheduler {scheduler!r}: no dask scheduler answers there ({error})"
            ) from error
        with client:
            yield client
        return
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),  # it would cost a tenth of a core
        LocalCluster(
            n_workers=1,
            threads_per_worker=workers,
            processes=False,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM treated like Ctrl-C, so that no solver outlives the campaign (main thread only)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
