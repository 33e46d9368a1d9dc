"""Campaigns: which designs to simulate, and simulating them without losing a run.

A plan is one endless, repeatable stream of designs: asking for more keeps those already there. Most of it
fills the family's space (scrambled Sobol); a share lies around the family's archetypes, where designers
work. Medium runs take a spread-out subset of the coarse plan, so that every medium run has its coarse twin.

Every finished run is one line of ``runs.jsonl``, on disk before the next begins. Runs that are there are
never repeated; an interrupted campaign goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..design.errors import InputError, MaquetteError, MissingComponentError
from ..design.family import Family, get_family
from ..design.geometry.mesh import FloatArray
from ..design.parameters import as_row, as_values, bounds_of, from_unit_cube, to_unit_cube
from .physics import openfoam
from .physics.recipe import CURRENT
from .physics.record import LEVELS, RunResult
from .physics.simulate import simulate

Values = dict[str, float]
Progress = Callable[[int, int, RunResult], None]
RUNS_FILE = "runs.jsonl"
SPREAD = 0.15  # half width of the cloud around an archetype, share of each parameter's range
TRIES = 400  # draws around one archetype before the cloud is narrowed
DIGITS = 4  # decimals of planned parameters
POOL = 160  # coarse designs among which a nested subset is chosen
MOST_RUNS = 20000
SCALE_HELP = "dask.distributed is not installed: pip install 'maquette[scale]'"


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


# -- plans -------------------------------------------------------------------------------------------


def plan(family: Family | str, n: int, seed: int = 0, archetype_share: float = 0.5) -> list[Values]:
    """The first `n` designs of a family's stream; all keep the family's rules.

    Appearance-only parameters (``shapes_hull=False``) stay at their defaults.

    Raises:
        InputError: n or archetype_share out of range, or the family's rules refuse nearly every draw.
    """
    chosen = get_family(family) if isinstance(family, str) else family
    _check_count(n)
    if not 0.0 <= archetype_share <= 1.0:
        raise InputError(f"archetype_share is {archetype_share:g}; allowed 0 to 1")
    share = archetype_share if chosen.archetypes else 0.0
    filling, clouds = _filling(chosen, seed), _around_archetypes(chosen, seed)
    return [next(clouds if _from_archetype(k, share) else filling) for k in range(n)]


def nested(
    family: Family | str, n: int, seed: int = 0, archetype_share: float = 0.5, pool: int = POOL
) -> list[Values]:
    """`n` spread-out designs of the first `pool` of :func:`plan` (greedy maximin within each stream)."""
    chosen = get_family(family) if isinstance(family, str) else family
    _check_count(n)
    share = archetype_share if chosen.archetypes else 0.0
    designs = plan(chosen, max(pool, n), seed, archetype_share)
    cube = to_unit_cube(chosen.declaration, np.array([as_row(chosen.declaration, d) for d in designs]))
    origin = np.array([_from_archetype(k, share) for k in range(len(designs))])
    orders = {kind: _maximin(cube, np.flatnonzero(origin == kind)) for kind in (False, True)}
    taken: list[int] = []
    for k in range(n):
        kind = _from_archetype(k, share)
        order = orders[kind] or orders[not kind]
        taken.append(order.pop(0))
    return [designs[k] for k in taken]


def _from_archetype(k: int, share: float) -> bool:
    return int((k + 1) * share + 1e-9) > int(k * share + 1e-9)


def _filling(family: Family, seed: int) -> Iterator[Values]:
    """Scrambled Sobol points that keep the rules, endless."""
    from scipy.stats import qmc

    engine = qmc.Sobol(len(family.parameters), scramble=True, seed=seed)
    refused = 0
    while True:
        for row in from_unit_cube(family.declaration, engine.random(64)):
            values = _clean(family, row)
            if family.broken_rules(values):
                refused += 1
                if refused > 20000:
                    raise InputError(f"the rules of {family.name} refused {refused} draws running")
                continue
            refused = 0
            yield values


def _around_archetypes(family: Family, seed: int) -> Iterator[Values]:
    """Archetypes in turn, each parameter moved by up to SPREAD of its range, endless."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 77]))
    low, high = bounds_of(family.declaration)
    while True:
        for difference in family.archetypes.values():
            centre = as_row(family.declaration, {**family.defaults(), **difference})
            spread = SPREAD
            for attempt in range(4 * TRIES):
                row = centre + spread * (high - low) * rng.uniform(-1.0, 1.0, len(centre))
                values = _clean(family, np.clip(row, low, high))
                if not family.broken_rules(values):
                    yield values
                    break
                if (attempt + 1) % TRIES == 0:
                    spread *= 0.5


def _clean(family: Family, row: FloatArray) -> Values:
    """Rounded values inside the bounds, appearance left at its default."""
    values = as_values(family.declaration, np.round(row, DIGITS))
    for parameter in family.parameters:
        r, value = parameter.range, values[parameter.name]
        values[parameter.name] = min(max(value, r.low), r.high) if r.shapes_hull else r.default
    return values


def _maximin(cube: FloatArray, members: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    """Members in greedy maximin order, the one nearest the members' mean first."""
    if len(members) == 0:
        return []
    points = cube[members]
    first = int(np.argmin(np.linalg.norm(points - points.mean(axis=0), axis=1)))
    order = [first]
    nearest = np.linalg.norm(points - points[first], axis=1)
    while len(order) < len(members):
        nearest[order] = -1.0
        order.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, np.linalg.norm(points - points[order[-1]], axis=1))
    return [int(members[k]) for k in order]


# -- runs --------------------------------------------------------------------------------------------


def run_id(family: str, level: str, parameters: Mapping[str, float]) -> str:
    """Stable id of a run: family, level and a hash of the parameters."""
    text = json.dumps([family, level, {k: round(float(v), DIGITS) for k, v in sorted(parameters.items())}])
    return f"{family}-{level}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def simulate_design(
    family_name: str, values: Values, level: str, workdir: str | None = None, keep: bool = False,
    cancel: threading.Event | None = None, progress: Callable[[str, float], None] | None = None,
) -> RunResult:  # fmt: skip
    """CFD of one design of a family; a plain function of plain values, so that it can run on any machine.

    Raises:
        MaquetteError: see :func:`maquette.surrogate.physics.simulate.simulate`.
    """
    family = get_family(family_name)
    values = as_values(family.declaration, as_row(family.declaration, values))  # a run has no options
    return simulate(
        family.hull(values),
        level,
        run_id=run_id(family_name, level, values),
        family=family_name,
        parameters=values,
        axles=axles_of(values),
        speed=family.reference_speed,
        workdir=Path(workdir) if workdir else None,
        keep=keep,
        cancel=cancel,
        progress=progress,
    )


def axles_of(values: Mapping[str, float]) -> tuple[float, float] | None:
    """x of front and rear axle (mm) of a design that has them."""
    if "wheelbase" in values and "front_overhang" in values:
        return values["front_overhang"], values["front_overhang"] + values["wheelbase"]
    return None


def read_lines(path: Path) -> list[RunResult]:
    """Runs of a ``runs.jsonl``; a last line cut short by a crash is left out, the latest of an id wins."""
    found: dict[str, RunResult] = {}
    if not path.is_file():
        return []
    names = {f.name for f in dataclasses.fields(RunResult)}
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            run = RunResult(**{k: v for k, v in row.items() if k in names})
        except (ValueError, TypeError, AttributeError) as error:
            if number == len(lines):
                break
            raise InputError(f"{path}: line {number} is not a run ({error})") from error
        found.pop(run.run_id, None)
        found[run.run_id] = run
    return list(found.values())


def run_campaign(
    family: Family | str,
    n: int,
    level: str = "coarse",
    out: Path | str = "out/campaign",
    *,
    workers: int = 2,
    scheduler: str | None = None,
    seed: int = 0,
    archetype_share: float = 0.5,
    pool: int = POOL,
    progress: Progress | None = None,
    redo_failed: bool = False,
    runner: Callable[..., RunResult] = simulate_design,
) -> CampaignState:
    """Simulate the plan's designs that are not yet in ``out/runs.jsonl``.

    Args:
        family: registered family. n: designs. level: ``coarse`` takes the plan; finer levels take its
            :func:`nested` subset of the first `pool` designs.
        workers: runs at a time on this machine (one core each).
        scheduler: address of a dask scheduler; its workers need OpenFOAM and Maquette.
        progress: called after each run with how many are on disk, how many are planned, and the run.
        redo_failed: runs on disk that did not converge are done again.
        runner: what turns ``(family name, values, level=...)`` into a run; OpenFOAM unless said otherwise.
            On this machine it is also given ``cancel``, an event that is set on Ctrl-C.

    Raises:
        InputError: level, n or workers out of range. MissingComponentError: OpenFOAM or dask absent.
        KeyboardInterrupt: interrupted; every finished run is saved, running ones are killed.
    """
    chosen = get_family(family) if isinstance(family, str) else family
    if level not in LEVELS:
        raise InputError(f"mesh level is {level!r}; allowed: {', '.join(LEVELS)}")
    if not 1 <= workers <= 256:
        raise InputError(f"workers is {workers}; allowed 1 to 256")
    designs = (
        plan(chosen, n, seed, archetype_share)
        if level == LEVELS[0]
        else nested(chosen, n, seed, archetype_share, pool)
    )
    if scheduler is None and runner is simulate_design:
        openfoam.require()
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    book = _Book(folder / RUNS_FILE)
    ids = [run_id(chosen.name, level, d) for d in designs]
    open_runs = [
        (i, d) for i, d in zip(ids, designs, strict=True)
        if i not in book.runs or (redo_failed and not book.runs[i].converged)
    ]  # fmt: skip
    cancel = threading.Event()
    executor, wide = _executor(workers, scheduler)
    job = partial(runner, chosen.name, level=level)
    if scheduler is None:
        job = partial(job, cancel=cancel)
    try:
        with _terminated_as_interrupted():
            _drive(executor, wide, job, open_runs, chosen.name, level, book, ids, progress)
    finally:
        cancel.set()
        executor.shutdown(wait=True, cancel_futures=True)
    return state_of(folder / RUNS_FILE, ids)


def state_of(path: Path, ids: list[str]) -> CampaignState:
    """Count the planned runs that are on disk."""
    runs = {r.run_id: r for r in read_lines(path)}
    there = [runs[i] for i in ids if i in runs]
    done = sum(r.converged for r in there)
    return CampaignState(done, len(there) - done, len(ids) - len(there), path)


class _Book:
    """The runs file: appends whole lines and makes them durable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs = {r.run_id: r for r in read_lines(path)}
        self._mend()

    def _mend(self) -> None:
        """Cut a last line that a crash left unfinished."""
        if not self.path.is_file():
            return
        data = self.path.read_bytes()
        if data and not data.endswith(b"\n"):
            os.truncate(self.path, data.rfind(b"\n") + 1)

    def add(self, run: RunResult) -> None:
        self.runs[run.run_id] = run
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(dataclasses.asdict(run)) + "\n")
            out.flush()
            os.fsync(out.fileno())


def _drive(
    executor: Executor, wide: int, job: Callable[[Values], RunResult], open_runs: list[tuple[str, Values]],
    family: str, level: str, book: _Book, ids: list[str], progress: Progress | None,
) -> None:  # fmt: skip
    """Keep `wide` runs going until none is left; a run that cannot be solved is written down as failed."""
    waiting = list(reversed(open_runs))
    going: dict[Future[RunResult], tuple[str, Values]] = {}
    while waiting or going:
        while waiting and len(going) < wide:
            name, values = waiting.pop()
            going[executor.submit(job, values)] = (name, values)
        try:
            ended, _ = wait(going, return_when=FIRST_COMPLETED)
        except KeyboardInterrupt:
            for future in going:
                if future.done() and future.exception() is None:
                    book.add(future.result())
            raise
        for future in ended:
            name, values = going.pop(future)
            try:
                run = future.result()
            except MissingComponentError:
                raise
            except MaquetteError as error:
                run = failed_run(name, family, level, values, str(error))
            book.add(run)
            if progress is not None:
                progress(sum(i in book.runs for i in ids), len(ids), run)


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


def failed_run(name: str, family: str, level: str, values: Values, reason: str) -> RunResult:
    """The record of a run that gave no coefficients."""
    nan = float("nan")
    return RunResult(
        run_id=name, family=family, level=level, parameters=dict(values), cd=nan, cl=nan, cl_front=nan,
        cl_rear=nan, drag_area=nan, reference_area=nan, cd_std=nan, cl_std=nan, cd_drift=nan,
        converged=False, reason=reason, iterations=0, window=CURRENT.rule.window,
        solver=openfoam.version(), recipe=CURRENT.name,
    )  # fmt: skip


def _executor(workers: int, scheduler: str | None) -> tuple[Executor, int]:
    """An executor and how many runs to keep going in it."""
    if scheduler is None:
        return ThreadPoolExecutor(workers, thread_name_prefix="cfd"), workers
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingComponentError(SCALE_HELP) from error
    client = Client(scheduler, timeout="15s")
    threads = sum(client.ncores().values()) or 1
    return client.get_executor(), threads


def _check_count(n: int) -> None:
    if not 1 <= n <= MOST_RUNS:
        raise InputError(f"n is {n}; allowed 1 to {MOST_RUNS}")
