"""Speed, memory and quality, measured on this machine and printed as ratios where a ratio says more.

    python -m maquette.ui.bench.bench [--only geometry|surrogate|concepts|design|studio] [--brief TEXT]
                                [--family car] [--json] [--skip-design] [--concept-model DIR] [--sheet DIR]

Leaves with 1 when a promise does not hold. Run it on an idle machine; each number names what it is.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...design.errors import ModelError, answers_errors
from ...design.family.contract import Family
from ...design.family.registry import get_family
from ..doctor import machine_name
from ..output import plain
from ..progress import seconds_text

SENTENCE = (
    "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
    "ground clearance at least 140 mm, head room for tall passengers"
)


PARTS = ("geometry", "surrogate", "concepts", "design", "studio")
#: random designs over which the geometry is timed, each once
DESIGNS = 5
_MOVES = itertools.count(1)


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        name, value, unit: what was measured.
        at_most, at_least: the promise, None where there is none.
        detail: the numbers behind it.
    """

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


@answers_errors
def main(argv: list[str] | None = None) -> int:
    """Measure, print, and return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.bench", description=main.__doc__)
    parser.add_argument("--family", default="car")
    parser.add_argument("--brief", default=SENTENCE)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--skip-design", action="store_true", help="leave the whole run of `maquette design` out"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be repeated")
    parser.add_argument("--concept-model", type=Path, metavar="DIR", help="instead of the shipped one")
    parser.add_argument("--concept-designs", type=Path, metavar="FILE", help="its training designs (.npz)")
    parser.add_argument("--sheet", type=Path, metavar="DIR", help="for pictures of the concepts measured")
    a = parser.parse_args(argv)
    rows = _measured(a)
    if a.json:
        print(
            json.dumps(
                plain({"machine": machine_name(), "rows": rows, "holds": [r.holds for r in rows]}), indent=2
            )
        )
    else:
        _print(rows)
    return 0 if all(r.holds for r in rows) else 1


def _measured(a: argparse.Namespace) -> list[Row]:
    """The rows of every part that is asked for."""
    family = get_family(a.family)
    parts = a.only or [part for part in PARTS if part != "design" or not a.skip_design]
    rows: list[Row] = []
    if "geometry" in parts:
        rows += geometry_rows(family)
    if "surrogate" in parts:
        rows += surrogate_rows(family)
    if "concepts" in parts:
        from .concepts import concept_rows

        try:
            rows += concept_rows(family, a.concept_model, a.sheet, a.concept_designs)
        except ModelError as error:
            if a.only or a.concept_model:
                raise
            print(f"no concept model to measure: {error}", file=sys.stderr)
    if "design" in parts:
        rows += design_rows(a.brief)
    if "studio" in parts:
        from .studio import studio_rows

        rows += studio_rows()
    return rows


def geometry_rows(family: Family) -> list[Row]:
    """Fast body against exact build of the same design, exact build against the bare kernel.

    Each design is timed by itself, the fast body on both sides of the exact one, so that a machine which
    slows down for a while slows both.
    """
    from ...design.geometry.worker import KernelPool

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
            quick = statistics.median([*before, *_fast_seconds(family, values)])
            fast.append(quick)
            exact.append((parts, hull))
            ratios.append((parts + hull) / quick)
            bare.append((parts / kernel, kernel))
    parts, hull = (statistics.median(column) for column in zip(*exact, strict=True))
    between = f"{min(ratios):.0f} to {max(ratios):.0f} over {DESIGNS} random designs"
    kernel = statistics.median(seconds for _, seconds in bare)
    over = statistics.median(share for share, _ in bare)
    return [
        Row(
            "fast mesh and measures", statistics.median(fast) * 1e3, "ms", detail=f"{DESIGNS} random designs"
        ),
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


def _fast_seconds(family: Family, values: Mapping[str, float], repeats: int = 5) -> list[float]:
    """Seconds of the fast mesh with its measures, each time moved a little, so that nothing kept fits it."""
    times = []
    for _ in range(repeats):
        fresh = {k: v * (1.0 + 1e-9 * next(_MOVES)) for k, v in values.items()}
        began = time.perf_counter()
        family.mesh(fresh)
        family.measures(fresh)
        times.append(time.perf_counter() - began)
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


def surrogate_rows(family: Family) -> list[Row]:
    """One prediction with interval, and CFD time over prediction time."""
    from ...surrogate.models.surrogate import load_surrogate
    from ...surrogate.runs.dataset import load_runs

    try:
        surrogate = load_surrogate(family, local=False)
    except ModelError as error:
        print(f"no surrogate to measure: {error}", file=sys.stderr)
        return []
    values = family.defaults()
    area = family.measures(values)["frontal_area"]
    once = _median(lambda: surrogate.predict_design(values, area), 50)
    rows = [Row("one prediction with interval and evidence", once * 1e3, "ms", at_most=5.0)]
    for level in surrogate.levels:
        times = [
            run.seconds for run in load_runs(family.name, local=False) if run.level == level and run.seconds
        ]
        if times:
            typical = statistics.median(times)
            detail = f"median {seconds_text(typical)} of {len(times)} runs"
            rows.append(Row(f"{level} CFD / one prediction", typical / once, "x", detail=detail))
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
        with _Peak(process.pid) as peak:
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


class _Peak:
    """Greatest proportional memory of a process and its descendants, looked at every fifth of a second."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.2):
            self.bytes = max(self.bytes, sum(proportional_bytes(p) for p in _descendants(self._pid)))


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found, open_ids = [], [pid]
    while open_ids:
        found.append(open_ids.pop())
        open_ids += parents.get(found[-1], [])
    return found


def proportional_bytes(pid: int) -> float:
    """Memory of a process, what it shares counted in proportion; 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) * 1024
    except OSError:
        pass
    return 0.0


def _median(work: Callable[[], object], repeats: int) -> float:
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _print(rows: list[Row]) -> None:
    print(f"machine: {machine_name()}")
    for r in rows:
        limit = f"at most {r.at_most:g}" if r.at_most is not None else ""
        limit = f"at least {r.at_least:g}" if r.at_least is not None else limit
        mark = ("ok" if r.holds else "MISSED") if limit else ""
        print(f"{r.name:50s} {r.value:12.4g} {r.unit:3s} {limit:13s} {mark:7s} {r.detail}".rstrip())


if __name__ == "__main__":
    from .bench import main as importable  # workers look functions up by module, which __main__ is not

    raise SystemExit(importable())
