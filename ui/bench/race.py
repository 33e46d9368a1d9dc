"""Our sampler beside Optuna's, pymoo's and BoTorch's on problems with known answers and on a brief.

    python -m maquette.ui.bench.race --out race.jsonl [--problems spring osy car ...]
        [--samplers screening gp botorch ...] [--seeds 10] [--trials 300] [--fronts FOLDER] [--table]

Every run is a line of the file; a run that is there is not repeated, so the race goes on where it stopped.
Seconds are the processor's, of one thread with `OMP_NUM_THREADS=1`: a busy machine does not change them.
`--table` prints medians over seeds. Regret is the best value found above the best known one, relative to it;
for fronts the share of the true front's hypervolume that is missing. pymoo and BoTorch run where they are
installed (they are no part of Maquette).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ...constraints.search.front import hypervolume
from ...design.errors import InputError, answers_errors
from ...design.json_lines import append_line, read_lines
from .race_peers import BOTORCH, LIMITS, PYMOO, botorch, evolve
from .race_problems import PROBLEMS, Problem

MARKS = (50, 100, 150, 200, 300, 500, 1000, 2000, 3000)  # trials after which the best so far is noted
CAR = (
    "a low fastback under 4.7 m, at most 1.42 m high and at most 1.85 m wide, wheelbase at least 2.8 m, "
    "ground clearance at least 140 mm, front head room at least 940 mm, boot at least 400 l, "
    "drag coefficient at most 0.30"
)
SAMPLERS = ("screening", "tpe", "gp", "nsgaii")


class Marks:
    """Notes the regret and the seconds at each mark while points come in."""

    def __init__(self, problem: Problem, trials: int, front: Path | None) -> None:
        self.problem, self.trials, self.front = problem, trials, front
        self.began = time.process_time()
        self.told = 0
        self.points: list[list[float]] = []
        self.marks: dict[str, list[float]] = {}

    def tell(self, objectives: Sequence[float], limits: Sequence[float]) -> None:
        """The next trial's objectives and constraint values (at most 0: met)."""
        self.told += 1
        if all(limit <= 0.0 for limit in limits):
            self.points.append([float(v) for v in objectives])
        if self.told in MARKS or self.told == self.trials:
            seconds = time.process_time() - self.began
            self.marks[str(self.told)] = [regret(self.problem, self.points, self.front), seconds]
            self.began = time.process_time() - seconds  # the clock stands still meanwhile


def race(problem: Problem, sampler: str, seed: int, trials: int, front: Path | None) -> dict[str, Any]:
    """One run on a public problem: regret and seconds at each mark."""
    marks = Marks(problem, trials, front)
    if sampler in PYMOO:
        evolve(problem, sampler, seed, trials, marks.tell)
    else:
        _asked(problem, sampler, seed, trials, marks)
    return {"marks": marks.marks}


def _asked(problem: Problem, sampler: str, seed: int, trials: int, marks: Marks) -> None:
    """Trials of an ordinary Optuna study."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    objectives = 1 if problem.best is not None else 2
    study = optuna.create_study(
        directions=["minimize"] * objectives, sampler=_sampler(sampler, seed, objectives)
    )
    for _ in range(trials):
        trial = study.ask()
        values = {
            n: trial.suggest_int(n, int(a), int(b)) if n in problem.whole else trial.suggest_float(n, a, b)
            for n, (a, b) in problem.bounds.items()
        }
        found, limits = problem.judge(values)
        for j, limit in enumerate(limits):
            trial.set_constraint(f"c{j:02d}", float(limit))
        if sampler == BOTORCH:
            trial.set_user_attr(LIMITS, [float(limit) for limit in limits])
        study.tell(trial, [float(v) for v in found])
        marks.tell(found, limits)


def regret(problem: Problem, points: Sequence[Sequence[float]], front: Path | None) -> float:
    """How far the points stay behind the known answer, 0 at best; 1 for fronts without a point, else inf."""
    if problem.best is not None:
        return min((p[0] for p in points), default=float("inf")) / problem.best - 1.0
    if front is None:
        raise InputError(f"{problem.name}: the true fronts are needed (--fronts FOLDER)")
    found = hypervolume(np.array(points).reshape(-1, len(problem.reference)), problem.reference)
    return 1.0 - found / _whole(front / problem.front, problem.reference)


@cache
def _whole(front: Path, reference: tuple[float, ...]) -> float:
    """Hypervolume of a true front."""
    return hypervolume(np.loadtxt(front), reference)


def race_brief(brief: str, sampler: str, seed: int, trials: int) -> dict[str, Any]:
    """One run of a search: the merit of the best design at each mark, lower is better."""
    from ...constraints.requirements.sentence import parse
    from ...constraints.search.loop import SearchProgress
    from ...constraints.search.search import search
    from ...design.family.registry import get_family
    from ...surrogate.models.surrogate import load_surrogate

    family = get_family("car")
    read = parse(brief, family).brief
    began = time.process_time()
    marks: dict[str, list[float]] = {}

    def note(state: SearchProgress) -> None:
        if state.done in MARKS or state.done == trials:
            drag = state.best.get("drag_coefficient", float("nan"))
            marks[str(state.done)] = [drag if state.feasible else float("inf"), time.process_time() - began]

    search(
        replace(read, seed=seed),
        load_surrogate("car"),
        trials=trials,
        sampler=sampler,
        progress=note,
        family=family,
    )
    return {"marks": marks}


def _sampler(name: str, seed: int, objectives: int) -> Any:
    from ...constraints.search.sampler import ScreeningSampler
    from ...constraints.search.samplers import OURS, check_sampler, of_optuna

    if name == BOTORCH:
        return botorch(seed, objectives)
    check_sampler(name)
    return ScreeningSampler(seed=seed) if name == OURS else of_optuna(name, seed)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Medians over seeds, one line for each problem, sampler and mark."""
    groups: dict[tuple[str, str, int], list[tuple[float, float]]] = {}
    for row in rows:
        for mark, (value, seconds) in row["marks"].items():
            groups.setdefault((row["problem"], row["sampler"], int(mark)), []).append((value, seconds))
    lines = [
        "| problem | sampler | trials | seeds | median | worst | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for (problem, sampler, mark), found in sorted(groups.items()):
        values = [v for v, _ in found]
        median, worst = statistics.median(values), max(values)
        seconds = statistics.median(s for _, s in found)
        lines.append(
            f"| {problem} | {sampler} | {mark} | {len(found)} | {median:.3g} | {worst:.3g} | {seconds:.1f} |"
        )
    return "\n".join(lines)


@answers_errors
def main(argv: list[str] | None = None) -> int:
    """Run what is missing; print the table when asked."""
    parser = argparse.ArgumentParser(prog="python -m maquette.ui.bench.race", description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--problems", nargs="*", default=[*PROBLEMS, "car"])
    parser.add_argument("--samplers", nargs="*", default=list(SAMPLERS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--fronts", type=Path, metavar="FOLDER")
    parser.add_argument("--table", action="store_true")
    a = parser.parse_args(argv)
    rows = [line.data for line in read_lines(a.out)] if a.out.is_file() else []
    done = {(r["problem"], r["sampler"], r["seed"], r["trials"]) for r in rows}
    for seed in range(a.seeds):
        for problem in a.problems:
            for sampler in a.samplers:
                if (problem, sampler, seed, a.trials) in done:
                    continue
                if problem == "car":
                    ran = race_brief(CAR, sampler, seed, a.trials)
                else:
                    ran = race(PROBLEMS[problem], sampler, seed, a.trials, a.fronts)
                found = {"problem": problem, "sampler": sampler, "seed": seed, "trials": a.trials} | ran
                append_line(json.dumps(found), a.out)
                rows.append(found)
                print(found, file=sys.stderr)
    if a.table:
        print(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
