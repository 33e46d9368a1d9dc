"""How long a body, a prediction and a whole run of `maquette design` take, and the run's memory."""

from __future__ import annotations

import itertools
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...design.errors import ModelError
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ..progress import seconds_text
from .memory import Peak
from .rows import Row

#: random designs over which the geometry is timed, each once
DESIGNS = 5
#: asked of the fast mesh and of a beam study with all its load cases, on an idle core
MESH_MS, BEAMS_MS = 12.0, 20.0
#: random designs whose beam study is timed, and rounds of which the quickest counts
STUDIED, ROUNDS = 12, 5
#: asked of all load cases over one of them: they share the structure and its factorisation
CASES_OVER_ONE = 1.5
_MOVES = itertools.count(1)


def start_rows() -> list[Row]:
    """How soon the command line answers."""
    command = [sys.executable, "-m", "maquette.ui.cli.main", "--help"]
    once = _median(lambda: subprocess.run(command, capture_output=True, check=True), 7)
    return [Row("maquette --help", once * 1e3, "ms", at_most=500.0)]


def geometry_rows(family: Family) -> list[Row]:
    """Fast body against exact build of the same design, exact build against the bare kernel.

    Each design is timed by itself, the fast body on both sides of the exact one, so that a machine which
    slows down for a while slows both.
    """
    from ...design.geometry.worker import KernelPool

    meshes: list[float] = []
    fast: list[float] = []
    exact: list[tuple[float, float]] = []
    ratios: list[float] = []
    bare: list[tuple[float, float]] = []
    warm, *designs = sampled(family, DESIGNS + 1)
    with KernelPool() as pool:
        pool.run(kernel_seconds, family.name, warm)
        _fast_seconds(family, warm)
        for values in designs:
            before = _fast_seconds(family, values)
            parts, hull, kernel = pool.run(kernel_seconds, family.name, values)
            times = [*before, *_fast_seconds(family, values)]
            mesh, quick = (statistics.median(column) for column in zip(*times, strict=True))
            meshes.append(mesh)
            fast.append(quick)
            exact.append((parts, hull))
            ratios.append((parts + hull) / quick)
            bare.append((parts / kernel, kernel))
    parts, hull = (statistics.median(column) for column in zip(*exact, strict=True))
    between = f"{min(ratios):.0f} to {max(ratios):.0f} over {DESIGNS} random designs"
    kernel = statistics.median(seconds for _, seconds in bare)
    over = statistics.median(share for share, _ in bare)
    of = f"{DESIGNS} random designs"
    return [
        Row("fast mesh", statistics.median(meshes) * 1e3, "ms", at_most=MESH_MS, detail=of),
        Row("fast mesh and measures", statistics.median(fast) * 1e3, "ms", detail=of),
        Row("exact build", parts + hull, "s", detail=f"parts {parts:.2f} s, hull {hull:.2f} s"),
        Row(
            "exact build / fast mesh and measures",
            statistics.median(ratios),
            "x",
            at_least=100.0,
            detail=between,
        ),
        Row("exact parts / bare kernel", over, "x", at_most=3.0, detail=f"bare kernel {kernel:.3f} s"),
    ]


def sampled(family: Family, count: int, seed: int = 1) -> list[dict[str, float]]:
    """Accepted random designs."""
    from ...design.family.sampling import sample

    return [dict(design.parameters) for design in sample(family, count, seed).designs]


def _fast_seconds(family: Family, values: Mapping[str, float], repeats: int = 5) -> list[tuple[float, float]]:
    """Seconds of the fast mesh, and of it with its measures, each time moved a little, so that nothing kept
    fits it."""
    times = []
    for _ in range(repeats):
        fresh = {k: v * (1.0 + 1e-9 * next(_MOVES)) for k, v in values.items()}
        began = time.perf_counter()
        family.mesh(fresh)
        meshed = time.perf_counter()
        family.measures(fresh)
        times.append((meshed - began, time.perf_counter() - began))
    return times


def kernel_seconds(family_name: str, values: Mapping[str, float]) -> tuple[float, float, float]:
    """Seconds of the exact parts, the exact hull and the bare kernel calls of one design; in a worker."""
    family = get_family(family_name)
    times = []
    for work in (family.solid, family.hull_solid, family.bare_kernel):
        began = time.perf_counter()
        work(values)
        times.append(time.perf_counter() - began)
    return times[0], times[1], times[2]


def structure_rows(families: Sequence[str] = ("chair", "bicycle")) -> list[Row]:
    """Processor time of a design's beams under all load cases, its structure included, and over that of its
    first load case alone, in turns; of each design the quickest of some rounds."""
    from ...surrogate.studies.structure.study import outputs_of

    rows = []
    for name in families:
        family = get_family(name)

        def study(values: Mapping[str, float], cases: int | None = None, family: Family = family) -> None:
            from ...design.structures.solve import solve

            structure = family.structure(values)
            assert structure is not None  # noqa: S101 - both families carry loads
            outputs_of(solve(replace(structure, cases=structure.cases[:cases], probes=())))

        times = [_least([partial(study, v), partial(study, v, 1)]) for v in sampled(family, STUDIED)]
        middle, most = (f([t for t, _ in times]) * 1e3 for f in (statistics.median, max))
        over = [t / one for t, one in times]
        of = f"processor time, {STUDIED} random designs, the slowest {most:.1f} ms"
        between = f"{min(over):.2f} to {max(over):.2f}"
        rows += [
            Row(f"{name}: beams, all load cases", middle, "ms", at_most=BEAMS_MS, detail=of),
            Row(
                f"{name}: all load cases / one", statistics.median(over), "x", at_most=CASES_OVER_ONE,
                detail=between,
            ),
        ]  # fmt: skip
    return rows


def _least(works: Sequence[Callable[[], object]]) -> list[float]:
    """Least processor time of each work, in turns."""
    found = [math.inf] * len(works)
    for _ in range(ROUNDS):
        for k, work in enumerate(works):
            began = time.process_time()
            work()
            found[k] = min(found[k], time.process_time() - began)
    return found


def surrogate_rows(family: Family) -> list[Row]:
    """One prediction with interval, and time of a run over prediction time."""
    from ...surrogate.models.surrogate import load_surrogate
    from ...surrogate.runs.dataset import load_runs

    try:
        surrogate = load_surrogate(family, local=False)
    except ModelError as error:
        print(f"no surrogate to measure: {error}", file=sys.stderr)
        return []
    values = family.defaults()
    measures = family.measures(values)
    once = _median(lambda: surrogate.predict_design(values, measures), 50)
    rows = [Row("one prediction with interval and evidence", once * 1e3, "ms", at_most=5.0)]
    for level in surrogate.levels:
        times = [
            run.seconds
            for run in load_runs(family.name, local=False)
            if run.fidelity == level and run.seconds
        ]
        if times:
            typical = statistics.median(times)
            detail = f"median {seconds_text(typical)} of {len(times)} runs"
            rows.append(Row(f"{level} run / one prediction", typical / once, "x", detail=detail))
    return rows


def design_rows(brief: str) -> list[Row]:
    """Wall time, imports included, and peak memory of `maquette design`, its processes together."""
    command = [sys.executable, "-m", "maquette.ui.cli.main", "design", brief, "--json", "--out"]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        with Peak(process.pid) as peak:
            out, _ = process.communicate()
        wall = time.perf_counter() - began
    answer: dict[str, Any] = json.loads(out)
    laps = ", ".join(f"{k} {seconds_text(s)}" for k, s in answer.get("seconds", {}).items())
    return [
        Row("maquette design, wall", wall, "s", at_most=60.0, detail=laps),
        Row(
            "maquette design, peak memory",
            peak.bytes / 1e9,
            "GB",
            at_most=3.0,
            detail="all processes, shared once",
        ),
    ]


def _median(work: Callable[[], object], repeats: int) -> float:
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
