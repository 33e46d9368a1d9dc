"""One run of the bench, and the file that keeps them."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from ....design.json_lines import append_line, read_lines


@dataclass(frozen=True)
class BenchRun:
    """One finished run of the bench.

    Attributes:
        key: :func:`.bench_cases.case_key`. recipe, level, group, design, variant: what was run.
        cd, cl, area: coefficients, and frontal area, m2; NaN where the run gave none.
        settled, reason, drift: what the recipe's rule says; std: scatter of its windows' means.
        iterations, cells, seconds: of one core.
        means: of Cd over following windows of :data:`.bench.MEANS` iterations, from the start.
    """

    key: str
    recipe: str
    level: str
    group: str
    design: str
    variant: str
    cd: float
    cl: float
    area: float
    settled: bool
    reason: str
    drift: float
    std: float
    iterations: int
    cells: int
    seconds: float
    means: tuple[float, ...]


def read_bench(path: Path) -> dict[str, BenchRun]:
    """Runs by key; the last of a key counts, a line that is no run is left out."""
    found: dict[str, BenchRun] = {}
    if not path.is_file():
        return found
    for line in read_lines(path):
        try:
            run = BenchRun(**{**line.data, "means": tuple(line.data["means"])})
        except (TypeError, KeyError):
            continue
        found[run.key] = run
    return found


def append_run(run: BenchRun, path: Path) -> None:
    """One more line, on disk before the next run begins."""
    append_line(json.dumps(dataclasses.asdict(run)), path)
