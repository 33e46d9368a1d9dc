"""The exact builds of `sample --build`: one kernel process a core, each verdict kept as soon as it is there.

With a folder the verdicts stand in `builds.jsonl`, a line a design, so that a run of an hour that was stopped
goes on where it stopped. A verdict counts only for the code that made it: its `code` is a hash of the
family's and the geometry's sources. A worker that died or took too long is a fault of this run, but no
verdict: the next run builds that design again.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..design import exchange, geometry, limits
from ..design import family as contract
from ..design.errors import BuildError
from ..design.family.conformance import exact_fault
from ..design.family.contract import Family
from ..design.json_lines import append_line, read_lines
from .progress import Progress
from .results import SampledDesign

if TYPE_CHECKING:
    from ..design.geometry.worker import KernelPool

BUILDS = "builds.jsonl"


def built(
    family: Family, rows: Sequence[SampledDesign], folder: Path | None, progress: Progress
) -> list[SampledDesign]:
    """The same rows with the exact solids built and checked; those whose verdict is kept are not built again.

    Raises:
        InputError: the verdicts cannot be written.
    """
    code = code_hash(family)
    keys = [_key(row.parameters) for row in rows]
    file = folder / BUILDS if folder is not None else None
    kept = _kept(file, code)
    found = {key: _with(row, kept[key]) for key, row in zip(keys, rows, strict=True) if key in kept}
    todo = [(key, row) for key, row in zip(keys, rows, strict=True) if key not in found]
    progress("building designs", len(found) / len(rows))
    for key, row, judged in _build(family.name, todo):
        found[key] = row
        if file is not None and judged:
            verdict = {"key": key, "code": code, "fault": row.fault, "seconds": row.seconds}
            append_line(json.dumps(verdict), file)
        progress("building designs", len(found) / len(rows))
    return [found[key] for key in keys]


def code_hash(family: Family) -> str:
    """SHA-256 over the sources that decide what a build of this family gives."""
    own = Path(str(sys.modules[type(family).__module__].__file__))
    folders = [Path(str(package.__file__)).parent for package in (contract, geometry, exchange)]
    if own.parent.name == family.name:
        folders.append(own.parent)
    files = {own, Path(str(limits.__file__)), *(path for folder in folders for path in folder.rglob("*.py"))}
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _key(parameters: Mapping[str, float]) -> str:
    text = json.dumps({k: float(v).hex() for k, v in sorted(parameters.items())})
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _kept(file: Path | None, code: str) -> dict[str, dict[str, Any]]:
    """Verdicts of the same code; a last line that an interruption cut short is not there."""
    if file is None or not file.exists():
        return {}
    verdicts = [line.data for line in read_lines(file)]
    return {str(v["key"]): v for v in verdicts if v.get("code") == code and {"key", "fault"} <= v.keys()}


def _with(row: SampledDesign, verdict: Mapping[str, Any]) -> SampledDesign:
    fault = str(verdict["fault"])
    return replace(row, valid=not fault, fault=fault, seconds=verdict.get("seconds"))


def _build(
    family: str, todo: Sequence[tuple[str, SampledDesign]]
) -> Iterator[tuple[str, SampledDesign, bool]]:
    """Each design with its verdict, and whether its check ended by itself, in the order in which they end."""
    from ..design.geometry.worker import KernelPool

    pools = [KernelPool() for _ in range(min(os.cpu_count() or 1, len(todo)))]
    if not pools:
        return
    free: queue.SimpleQueue[KernelPool] = queue.SimpleQueue()
    for pool in pools:
        free.put(pool)
    with ExitStack() as stack:
        for pool in pools:
            stack.enter_context(pool)
        threads = stack.enter_context(ThreadPoolExecutor(len(pools)))
        stack.callback(_stop, threads, pools)
        jobs = {threads.submit(_build_one, family, free, row): key for key, row in todo}
        for job in as_completed(jobs):
            yield jobs[job], *job.result()


def _stop(threads: ThreadPoolExecutor, pools: Sequence[KernelPool]) -> None:
    """Drop what waits and end what runs, so that an interruption leaves nothing behind."""
    threads.shutdown(wait=False, cancel_futures=True)
    for pool in pools:
        pool.abort()


def _build_one(
    family: str, free: queue.SimpleQueue[KernelPool], row: SampledDesign
) -> tuple[SampledDesign, bool]:
    pool = free.get()
    began = time.perf_counter()
    judged = True
    try:
        fault = pool.run(exact_fault, family, dict(row.parameters), parameters=row.parameters)
    except BuildError as error:
        fault, judged = error.message, False
    finally:
        free.put(pool)
    return replace(row, valid=not fault, fault=fault, seconds=time.perf_counter() - began), judged
