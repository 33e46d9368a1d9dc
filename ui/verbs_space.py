"""Verbs about the space of designs: which families there are, random designs of one."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design.errors import BuildError
from ..design.family import ENTRY_POINT_GROUP, Family, get_family
from ..design.records import Design, write_design
from .output import prepare_folder, write_json
from .progress import Progress, silent
from .results import FamiliesResult, FamilyInfo, RejectedDraw, SampledDesign, SampleResult

if TYPE_CHECKING:
    from ..design.geometry.worker import KernelPool


def families() -> FamiliesResult:
    """Every installed family with its parameters, starting points, measures and surrogate."""
    names = sorted(point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return FamiliesResult(tuple(_info(get_family(name)) for name in names))


def sample(
    family: str,
    n: int = 12,
    *,
    seed: int = 0,
    out: Path | None = None,
    build: bool = False,
    progress: Progress = silent,
) -> SampleResult:
    """`n` random valid designs of a family's declared space, written as design files into `out`.

    Each accepted design's hull is built and checked for being closed; with `build` its exact solids are
    built too (seconds a design) and checked.

    Raises:
        InputError: unknown family, `n` or `seed` out of bounds, or a folder that cannot be written.
    """
    from ..design.sampling import sample as draw

    chosen = get_family(family)
    folder = prepare_folder(out) if out is not None else None
    found = draw(chosen, n, seed)
    rows = _closed(chosen, found.designs, folder, progress)
    if build:
        rows = _built(chosen, rows, progress)
    rejected = tuple(
        RejectedDraw(d.index, d.broken[0].rule, tuple(b.rule for b in d.broken), d.broken[0].reason)
        for d in found.refused
    )
    result = SampleResult(family, seed, tuple(rows), rejected, found.accepted_share)
    if folder is not None:
        write_json(result, folder / "sample.json")
    return result


def _closed(
    family: Family, designs: Sequence[Design], folder: Path | None, progress: Progress
) -> list[SampledDesign]:
    """Design files, and whether each fast hull is closed."""
    rows = []
    for k, design in enumerate(designs):
        progress("checking hulls", k / len(designs))
        file = folder / f"{family.name}-{k:04d}.json" if folder is not None else None
        if file is not None:
            write_design(design, file)
        rows.append(SampledDesign(file, design.parameters, family.hull(design.parameters).is_watertight))
    progress("checking hulls", 1.0)
    return rows


def _built(family: Family, rows: Sequence[SampledDesign], progress: Progress) -> list[SampledDesign]:
    """The same rows with the exact solids built and checked, one kernel process a core."""
    from ..design.geometry.worker import KernelPool

    pools = [KernelPool() for _ in range(min(os.cpu_count() or 1, len(rows)))]
    free: queue.SimpleQueue[KernelPool] = queue.SimpleQueue()
    for pool in pools:
        free.put(pool)
    result: list[SampledDesign] = []
    with ExitStack() as stack:
        for pool in pools:
            stack.enter_context(pool)
        threads = stack.enter_context(ThreadPoolExecutor(len(pools)))
        stack.callback(_stop, threads, pools)
        progress("building designs", 0.0)
        for row in threads.map(partial(_build_one, family.name, free), rows):
            result.append(row)
            progress("building designs", len(result) / len(rows))
    return result


def _stop(threads: ThreadPoolExecutor, pools: Sequence[KernelPool]) -> None:
    """Drop what waits and end what runs, so that an interruption leaves nothing behind."""
    threads.shutdown(wait=False, cancel_futures=True)
    for pool in pools:
        pool.abort()


def _build_one(family: str, free: queue.SimpleQueue[KernelPool], row: SampledDesign) -> SampledDesign:
    from ..design.testing import exact_fault

    pool = free.get()
    began = time.perf_counter()
    try:
        fault = pool.run(exact_fault, family, dict(row.parameters), parameters=row.parameters)
    except BuildError as error:
        fault = str(error)
    finally:
        free.put(pool)
    return replace(row, valid=not fault, fault=fault, seconds=time.perf_counter() - began)


def _info(family: Family) -> FamilyInfo:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for p in family.parameters:
        r = p.range
        row = {
            "name": p.name,
            "low": r.low,
            "high": r.high,
            "default": r.default,
            "unit": r.unit,
            "doc": r.doc,
        }
        groups.setdefault(r.group, []).append({**row, "sae": r.sae} if r.sae else row)
    return FamilyInfo(
        family.name,
        family.title,
        groups,
        tuple(family.archetypes),
        {m.name: m.unit for m in family.measure_list},
        family.declaration_hash,
        _model_of(family.name),
    )


def _model_of(family: str) -> str | None:
    from importlib.resources import files

    shipped = files("maquette.assets") / "models" / family
    return family if shipped.is_dir() else None
