"""Carry CFD runs over to a changed parameter declaration: same flow, same hull, other names for it.

With the code of the old declaration (a checkout of it), write the hulls that were simulated:

    python -m maquette.surrogate.runs.carry --family car --runs assets/data/car_runs.parquet \\
        --write-hulls OLD.npz

With the new code, give every run the design of now whose hull lies closest, and keep those that moved little:

    python -m maquette.surrogate.runs.carry --family car --runs assets/data/car_runs.parquet \\
        --old-hulls OLD.npz --out assets/data/car_runs.parquet

A run stays when the root mean square of the distance between the two hulls, over points spread by area on
both, is below `--most-mm`. Its coefficients and its reference area stay those of the hull that was simulated:
they belong together. How far the frontal area of the design of now is off is printed, and left at that: a
body moved so little has the coefficient, not the force, of the one beside it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...design.arrays import AnyArray, read_npz, replace_npz
from ...design.errors import BuildError, InputError, ParameterError, answers_errors
from ...design.family.contract import Family
from ...design.family.earlier import find_earlier, notes_of
from ...design.family.registry import get_family
from ...design.geometry.mesh import Mesh
from ...design.processes import in_processes
from ..studies.record import Observation
from .carry_fit import carry_over
from .dataset import by_fidelity, design_key, read_any, write_runs

MOST_MM = 5.0
SPREAD = 0.9  # of the range on the wider side of where the body is as before, that new parameters take
HASH, VERTICES, FACES = "declaration_hash", ".vertices", ".faces"


@dataclass(frozen=True)
class Fate:
    """What became of one design.

    Attributes:
        key: of the old parameters (:func:`.dataset.design_key`).
        values: parameters of now, None where there is no such design.
        rms, p95, largest, before: distance of the hulls, mm; `before` is the rms before any fit.
        area: frontal area of the hull of now, m^2.
        notes: what was done to the parameters before the fit; `reason`: why it leaves, "" where it stays.
    """

    key: str
    values: dict[str, float] | None
    rms: float
    p95: float
    largest: float
    before: float
    area: float
    notes: tuple[str, ...]
    reason: str


def write_hulls(
    family: Family, runs: Sequence[Observation], path: Path, progress: Callable[[str], None]
) -> int:
    """Write the hull of every design of the runs (float32, mm), and the declaration's hash; how many."""
    columns: dict[str, AnyArray] = {HASH: np.array(family.declaration_hash)}
    designs = {design_key(run.parameters): run.parameters for run in runs}
    for key, values in designs.items():
        hull = family.hull(values)
        columns[key + VERTICES] = hull.vertices.astype(np.float32)
        columns[key + FACES] = hull.faces.astype(np.int32)
    replace_npz(path, **columns)
    progress(f"{path}: {len(designs)} hulls of declaration {family.declaration_hash[:16]}")
    return len(designs)


def fates(
    family: Family,
    runs: Sequence[Observation],
    hulls: Path,
    most_mm: float = MOST_MM,
    workers: int = 1,
    progress: Callable[[str], None] = print,
) -> dict[str, Fate]:
    """The fate of every design of the runs, by its key.

    Raises:
        InputError: the hulls are of no declaration that the family has or had, or one is missing.
    """
    columns = read_npz(hulls)
    made = str(columns.get(HASH, ""))
    if made != family.declaration_hash and find_earlier(family.earlier, made) is None:
        raise InputError(
            f"{hulls}: hulls of declaration {made[:16] or 'none'}, which {family.name!r} never had"
        )
    jobs = []
    for key, values in {design_key(run.parameters): run.parameters for run in runs}.items():
        if key + VERTICES not in columns or key + FACES not in columns:
            raise InputError(f"{hulls}: no hull of design {key}; write them anew with --write-hulls")
        job = (family.name, key, dict(values), columns[key + VERTICES], columns[key + FACES], most_mm)
        jobs.append(job)
    found, started = dict[str, Fate](), time.perf_counter()
    for fate in in_processes(_fate, jobs, workers):
        found[fate.key] = fate
        if len(found) % 20 == 0 or len(found) == len(jobs):
            progress(f"{len(found)} of {len(jobs)} designs after {time.perf_counter() - started:.0f} s")
    return found


def _fate(job: tuple[str, str, dict[str, float], AnyArray, AnyArray, float]) -> Fate:
    name, key, old, vertices, faces, most_mm = job
    family, nan = get_family(name), float("nan")
    values, done = family.upgrade(old)
    notes = notes_of(done)
    try:
        start = family.validate(values)
        hull = Mesh(np.asarray(vertices, dtype=np.float64), np.asarray(faces, dtype=np.int64))
        carried = carry_over(family, hull, start)
        for apart in spread_starts(family, key, start, [n for n in done if n in start and n not in old]):
            tried = carry_over(family, hull, {**start, **apart}, apart)
            if tried.moved.rms < most_mm and not family.broken_rules(tried.values):
                carried = tried
                break
    except (ParameterError, BuildError) as error:
        return Fate(key, None, nan, nan, nan, nan, nan, notes, str(error))
    moved = carried.moved
    broken = family.broken_rules(carried.values)
    reason = ""
    if moved.rms >= most_mm:
        reason = "moved too far"
    elif broken:
        reason = f"breaks {broken[0].rule}"
    return Fate(
        key, carried.values, moved.rms, moved.p95, moved.largest, carried.before.rms, carried.frontal_area,
        notes, reason,
    )  # fmt: skip


def spread_starts(
    family: Family, key: str, start: Mapping[str, float], new: Sequence[str]
) -> list[dict[str, float]]:
    """Values of the parameters that are `new`, away from where the body is as before: drawn at random by the
    design's `key`, then half and a quarter of the way there.

    A model that saw a new parameter at one value only would know nothing beside it. So each design takes
    another value of it, wherever the other parameters can make up for it within the distance that is allowed.
    """
    if not new:
        return []
    rng = np.random.default_rng([int(key[:8], 16)])
    limits = {p.name: p.range for p in family.parameters}
    far = {}
    for name in new:
        ends = limits[name].low - start[name], limits[name].high - start[name]
        far[name] = SPREAD * float(rng.random()) * (ends[1] if ends[1] >= -ends[0] else ends[0])
    return [
        {n: limits[n].nearest(start[n] + share * way) for n, way in far.items()} for share in (1.0, 0.5, 0.25)
    ]


def carried_runs(
    family: Family, runs: Sequence[Observation], found: dict[str, Fate], made: str
) -> list[Observation]:
    """The runs whose designs stay, under the declaration of now.

    Args:
        made: hash of the declaration that they were described under.
    """
    kept = []
    for run in runs:
        fate = found[design_key(run.parameters)]
        if fate.values is None or fate.reason:
            continue
        values = {p.name: fate.values[p.name] for p in family.parameters}
        same = made == family.declaration_hash and fate.rms == 0.0
        kept.append(
            replace(
                run,
                parameters=values,
                carried_from=run.carried_from if same else run.carried_from or made,
                moved_mm=run.moved_mm + fate.rms,
            )
        )
    return kept


def summary(runs: Sequence[Observation], found: dict[str, Fate], most_mm: float) -> list[str]:
    """What is printed: how many stay, by which measure of the distance, and how far the areas are off."""
    of_run = [found[design_key(run.parameters)] for run in runs]
    lines = []
    good = [run.converged for run in runs]
    for name, doc in (("rms", "root mean square"), ("p95", "95th percentile"), ("largest", "largest")):
        value = np.array([getattr(f, name) for f in of_run])
        near = value < most_mm
        lines.append(
            f"{doc} of the distance below {most_mm:g} mm: {int(near.sum())} of {len(runs)} runs "
            f"({int((near & good).sum())} converged); median {np.nanmedian(value):.2f} mm, "
            f"largest {np.nanmax(value):.2f} mm"
        )
    before = np.array([f.before for f in of_run])
    lines.append(f"before the fit the median of the root mean square was {np.nanmedian(before):.2f} mm")
    stay = [(run, f) for run, f in zip(runs, of_run, strict=True) if not f.reason]
    levels = by_fidelity(run for run, _ in stay)
    lines.append(
        f"stay: {len(stay)} of {len(runs)} runs ("
        + ", ".join(f"{level} {len(runs)}" for level, runs in levels.items())
        + f"), {sum(run.converged for run, _ in stay)} of them converged"
    )
    reasons = Counter(" ".join(f.reason.split()[:6]) for f in of_run if f.reason)
    lines += [f"leave: {count} runs, {reason}" for reason, count in reasons.most_common()]
    if stay:
        off = np.array([f.area / run.details["frontal_area"] - 1.0 for run, f in stay])
        lines.append(
            f"frontal area of now against the simulated one: mean {100 * off.mean():+.2f} %, "
            f"at most {100 * np.abs(off).max():.2f} %"
        )
    return lines


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Carry CFD runs over to a changed parameter declaration."""
    parser = argparse.ArgumentParser(prog="python -m maquette.surrogate.runs.carry", description=main.__doc__)
    parser.add_argument("--family", default="car")
    parser.add_argument("--runs", type=Path, required=True, help=".parquet or .jsonl")
    parser.add_argument("--write-hulls", type=Path, help="write the hulls of the runs with the code of now")
    parser.add_argument("--old-hulls", type=Path, help="hulls that the old code wrote")
    parser.add_argument("--out", type=Path, help=".parquet of the runs that stay")
    parser.add_argument("--report", type=Path, help=".json of what became of every design")
    parser.add_argument("--most-mm", type=float, default=MOST_MM)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args(argv)
    family = get_family(arguments.family)
    runs = [run for run in read_any(arguments.runs) if run.family == family.name]
    if not runs:
        raise InputError(f"{arguments.runs}: no runs of family {family.name!r}")

    def progress(text: str) -> None:
        print(text, flush=True)

    if arguments.write_hulls:
        write_hulls(family, runs, arguments.write_hulls, progress)
        return 0
    if not (arguments.old_hulls and arguments.out):
        raise InputError("give --write-hulls FILE.npz, or --old-hulls FILE.npz and --out FILE.parquet")
    found = fates(family, runs, arguments.old_hulls, arguments.most_mm, arguments.workers, progress)
    made = str(read_npz(arguments.old_hulls)[HASH])
    for line in summary(runs, found, arguments.most_mm):
        progress(line)
    if arguments.report:
        arguments.report.parent.mkdir(parents=True, exist_ok=True)
        arguments.report.write_text(json.dumps([vars(f) for f in found.values()], indent=1) + "\n")
    write_runs(carried_runs(family, runs, found, made), arguments.out)
    progress(f"written to {arguments.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
