"""The bench for wind-tunnel recipes: runs its cases with any recipe, keeps every run, prints what each gives.

    B="python -m maquette.surrogate.studies.wind_tunnel.bench"
    $B --recipe maquette-rans-gentle --level coarse --hardest
    $B --table

Resumable: a run that is in the file is not done again; Ctrl-C keeps what is finished. Runs go into
assets/data/wind_tunnel.jsonl, one line each.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ....design.errors import InputError, SolverError, answers_errors
from ....design.family.registry import get_family
from ..contract import Work
from .bench_cases import COPIES, GROUPS, HARDEST, Case, case_key, cases
from .bench_runs import BenchRun, append_run, read_bench
from .bench_table import table
from .forces import History, window_means
from .recipe import RECIPES, Recipe
from .simulate import AREA, DRAG, LIFT, simulate
from .study import WindTunnel

OUT = Path(__file__).resolve().parents[3] / "assets" / "data" / "wind_tunnel.jsonl"
MEANS = 50  # iterations of the windows whose means are kept


def run_case(case: Case, recipe: Recipe, level: str, cancel: threading.Event) -> BenchRun:
    """One case in the tunnel. A solver that fails is a run that did not settle."""
    family = get_family(case.family)
    body = WindTunnel().problem(family, case.values)
    key = case_key(recipe.name, level, case)
    area = family.measures(case.values)[AREA]
    kept: list[History] = []
    about = (key, recipe.name, level, case.group, case.design, case.variant)
    try:
        run = simulate(
            body, level, key.replace("/", "-").replace(" ", "_"), recipe=recipe, area=area,
            work=Work(cancel=cancel), watch_history=kept.append,
        )  # fmt: skip
    except SolverError as error:
        nan = float("nan")
        return BenchRun(*about, nan, nan, area, False, str(error), nan, nan, 0, 0, nan, ())
    means = tuple(round(float(m), 5) for m in window_means(kept[0], MEANS))
    found = run.details
    return BenchRun(
        *about, run.outputs[DRAG], run.outputs[LIFT], area, run.converged, run.reason, found["drift"],
        run.noise[DRAG], int(found["iterations"]), int(found["cells"]), round(run.seconds, 1), means,
    )  # fmt: skip


def run_bench(
    wanted: Sequence[Case],
    recipe: Recipe,
    level: str,
    out: Path = OUT,
    workers: int = 2,
    progress: Callable[[BenchRun, int], None] | None = None,
) -> dict[str, BenchRun]:
    """Run the cases that `out` does not hold, `workers` at a time; all runs by key.

    Raises:
        InputError: the recipe has no such level.
        KeyboardInterrupt: interrupted; finished runs are saved, running ones killed.
    """
    if level not in recipe.levels:
        raise InputError(f"recipe {recipe.name!r} has no level {level!r}; it has {', '.join(recipe.levels)}")
    found = read_bench(out)
    todo = [c for c in wanted if case_key(recipe.name, level, c) not in found]
    left = len(todo)
    out.parent.mkdir(parents=True, exist_ok=True)
    cancel, book = threading.Event(), threading.Lock()

    def one(case: Case) -> None:
        nonlocal left
        run = run_case(case, recipe, level, cancel)
        with book:
            found[run.key] = run
            append_run(run, out)
            left -= 1
            if progress is not None:
                progress(run, left)

    with ThreadPoolExecutor(workers) as pool:
        try:
            for future in as_completed([pool.submit(one, case) for case in todo]):
                future.result()
        except BaseException:
            cancel.set()
            pool.shutdown(cancel_futures=True)
            raise
    return found


def _tell(run: BenchRun, left: int) -> None:
    state = "settled" if run.settled else f"NOT SETTLED ({run.reason})"
    print(
        f"{run.key}: Cd {run.cd:.4f}, {run.iterations} iterations, {run.seconds:.0f} s, {state}; {left} left",
        flush=True,
    )


@answers_errors
def main(arguments: Sequence[str] | None = None) -> int:
    """Command line of the bench."""
    parser = argparse.ArgumentParser(prog="python -m maquette.surrogate.studies.wind_tunnel.bench")
    parser.add_argument("--recipe", default="maquette-rans-gentle", help=f"of {', '.join(RECIPES)}")
    parser.add_argument("--level", default="coarse")
    parser.add_argument("--groups", default="copies", help=f"of {', '.join(GROUPS)}, with commas")
    parser.add_argument("--designs", default="", help="cars of the bench, with commas; all without")
    parser.add_argument("--hardest", action="store_true", help=f"only {', '.join(HARDEST)}")
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--table", action="store_true", help="only print what the file holds")
    given = parser.parse_args(arguments)
    if not given.table:
        if given.recipe not in RECIPES:
            raise InputError(f"recipe {given.recipe!r} is not known; choose from {', '.join(RECIPES)}")
        designs = HARDEST if given.hardest else tuple(n for n in given.designs.split(",") if n)
        wanted = cases(given.groups.split(","), designs, given.copies)
        run_bench(wanted, RECIPES[given.recipe], given.level, given.out, given.workers, _tell)
    print(table(list(read_bench(given.out).values())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
