"""A campaign in rounds, each planned with what the rounds before have taught.

    python -m maquette.surrogate.rounds --family car -n 1000 --fidelity medium --out out/campaign

A third of every round fills the space, a third lies where designers work (around the archetypes, and what the
sketch model draws of words), and a third where searches go and where the surrogate knows least. Planned
designs are written down before they run (``plan.jsonl``), so a stopped campaign goes on with the same ones.
`make campaign` keeps one going in the background. Its runs are kept in the project by

    python -m maquette.surrogate.runs.dataset car out/campaign/runs.jsonl \\
        --out assets/data/car_runs.parquet

and taken up from there on a machine that has none.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..design.arrays import FloatArray
from ..design.errors import InputError, ModelError, answers_errors
from ..design.family.contract import Family
from ..design.family.parameters import as_row, from_unit_cube, to_unit_cube
from ..design.family.registry import get_family
from ..design.json_lines import append_line, read_lines
from .models.surrogate import Surrogate, load_surrogate
from .runs.campaign import RUNS_FILE, Runner, run_campaign
from .runs.dataset import (
    append_run,
    fields_path,
    read_fields,
    read_jsonl,
    read_runs,
    shipped_data_path,
    usable,
)
from .runs.plan import Values, around_archetypes, cleaned, filling
from .studies.fields import pack
from .studies.record import Observation
from .studies.registry import simulate_design, study_of

PLAN_FILE = "plan.jsonl"
ROUND = 60  # designs planned at a time: 20 fill, 20 where designers work, 20 where searches go
ENOUGH = 120  # settled runs of the recipe from which the campaign trains a surrogate of its own
CANDIDATES = 2000  # designs of which the least known are taken
#: of a search's stand-in: share of the parameters that a brief holds, moves tried at a time and how many of
#: the best are kept, how often, and the standard deviation of the first moves, share of each range
HELD, MOVES, BEST, WALKS, START_STEP = 0.4, 150, 12, 10, 0.15
APART = 0.08  # least root mean square distance of a round's chosen designs in the unit cube


def plan_round(family: Family, number: int, seed: int, surrogate: Surrogate | None) -> list[Values]:
    """The designs of round `number`, in an order that mixes its thirds.

    Args:
        surrogate: what is known so far; without one the last third fills the space too.
    """
    third = ROUND // 3
    fill = list(islice(filling(family, seed), 2 * number * third, 2 * (number + 1) * third))
    near = around_archetypes(family, seed) if family.archetypes else filling(family, seed + 1)
    half = third // 2
    working = list(islice(near, number * third, (number + 1) * third))
    drawn = sketched(family, half, 1000 * seed + number)
    working[: len(drawn)] = drawn
    led = list(fill[third:])
    if surrogate is not None:
        pool = _candidates(family, seed, number)
        won = _searched(family, surrogate, third - half, 1000 * seed + number)
        led = [*won, *_picked(family, pool, surrogate, half, _unsure, beside=won)]
    return [design for trio in zip(fill[:third], working, led, strict=False) for design in trio]


def sketched(family: Family, n: int, seed: int) -> list[Values]:
    """Bodies that the family's sketch model draws of n prompts; fewer, or none, where it has none."""
    from ..design.concepts.generate.loading import load_concepts, shipped_folder

    if not shipped_folder(family.name).is_dir():
        return []
    import torch

    from ..design.concepts.training.captions import held_out_prompts

    prompts = [text for text, _ in held_out_prompts(n, seed, family)]
    pipe = load_concepts(family)
    found = pipe(prompts, output_type="concept", generator=torch.Generator().manual_seed(seed))
    rows = [as_row(family.declaration, design) for design in found.designs]
    return [d for d in (cleaned(family, row) for row in rows) if not family.broken_rules(d)]


def _candidates(family: Family, seed: int, number: int) -> list[Values]:
    some = CANDIDATES // 2
    near = around_archetypes(family, seed + 7919 * (number + 1), 0.3) if family.archetypes else iter(())
    return [*islice(near, some), *islice(filling(family, seed + 7919 * (number + 1)), some)]


def _low(surrogate: Surrogate, matrix: FloatArray) -> FloatArray:
    """What a search that trusts the model half a sigma too much would prefer, smaller is better."""
    first = surrogate.study.headline
    batch = surrogate.predict(matrix)
    return first.sign * batch.value[first.name] - 0.5 * batch.sigma[first.name]


def _unsure(surrogate: Surrogate, matrix: FloatArray) -> FloatArray:
    return -surrogate.predict(matrix).sigma[surrogate.study.headline.name]


Score = Callable[[Surrogate, FloatArray], FloatArray]


def _searched(family: Family, surrogate: Surrogate, n: int, seed: int) -> list[Values]:
    """Winners of n searches as briefs ask for them: each begins at a body like those that designers work on,
    holds some of its parameters, and moves the others to what the model believes best.

    Twelve such winners taught the drag model more than a hundred designs of the other thirds (BENCHMARKS,
    "Searches, audited"): a search ends where its model errs to the good side.
    """
    rng = np.random.default_rng([seed, 4242])
    starts = around_archetypes(family, seed + 104729) if family.archetypes else filling(family, seed + 104729)
    found: list[Values] = []
    for start in islice(starts, n):
        row = as_row(family.declaration, start)
        free = rng.uniform(size=len(row)) >= HELD
        designs, step = [start], START_STEP
        for _ in range(WALKS):
            matrix = np.array([as_row(family.declaration, d) for d in designs])
            order = np.argsort(_low(surrogate, matrix), kind="stable")[:BEST]
            designs = [designs[i] for i in order]
            unit = to_unit_cube(family.declaration, matrix[order])[rng.integers(len(order), size=MOVES)]
            moved = from_unit_cube(
                family.declaration, np.clip(unit + step * free * rng.normal(size=unit.shape), 0.0, 1.0)
            )
            best = np.argsort(_low(surrogate, moved), kind="stable")[:BEST]
            fresh = [cleaned(family, r) for r in moved[best]]
            designs += [d for d in fresh if not family.broken_rules(d)]
            step *= 0.75
        found += _picked(family, designs, surrogate, 1, _low, beside=found)
    return found


def _picked(
    family: Family,
    pool: Sequence[Values],
    surrogate: Surrogate,
    n: int,
    score: Score,
    beside: Sequence[Values] = (),
) -> list[Values]:
    """The n best designs of a pool that lie apart from each other and from those `beside`."""
    matrix = np.array([as_row(family.declaration, d) for d in [*pool, *beside]])
    unit = to_unit_cube(family.declaration, matrix)
    chosen: list[int] = []
    taken = list(range(len(pool), len(unit)))
    for i in np.argsort(score(surrogate, matrix[: len(pool)]), kind="stable").tolist():
        away = [np.sqrt(np.mean((unit[i] - unit[j]) ** 2)) for j in taken]
        if all(a >= APART for a in away):
            chosen.append(i)
            taken.append(i)
        if len(chosen) == n:
            break
    return [pool[i] for i in chosen]


def known_so_far(family: Family, runs: Sequence[Observation], recipe: str, folder: Path) -> Surrogate | None:
    """A surrogate of the campaign's runs and the project's once there are :data:`ENOUGH`, else the shipped
    one, if any."""
    from .models.train import train_surrogate

    kept = shipped_data_path(family.name)
    every = {run.run_id: run for run in [*(read_runs(kept) if kept.is_file() else []), *runs]}
    own = [run for run in every.values() if run.recipe == recipe and usable(run)]
    try:
        if len(own) >= ENOUGH:
            train_surrogate(family, own, folder, progress=lambda _: None, command="a round of the campaign")
            return load_surrogate(family, folder, local=False)
        return load_surrogate(family, local=False)
    except ModelError:
        return None


def planned(file: Path) -> Iterator[Values]:
    """Designs of a plan file, in order.

    Raises:
        InputError: a damaged line: without it every design after it would take another's place.
    """
    if file.is_file():
        for line in read_lines(file, refuse=True):
            yield line.data


def run_rounds(
    family: Family, n: int, fidelity: str, out: Path, tell: Callable[[str], None], *, seed: int = 0,
    recipe: str = "", runner: Runner = simulate_design, **asked: Any,
) -> None:  # fmt: skip
    """Rounds until the plan holds n designs, all of them simulated.

    Args:
        recipe: of the study; its current one when "". asked: `study`, `workers`, `scheduler` as of
            :class:`.runs.campaign.CampaignRequest`.
    """
    plan_file, began = out / PLAN_FILE, time.monotonic()
    study = study_of(family, asked.get("study", ""))
    first, recipe = study.headline, recipe or study.recipe
    done_before = 0

    def progress(done: int, total: int, run: Observation) -> None:
        nonlocal done_before
        done_before += 1
        left = (n - done) * (time.monotonic() - began) / done_before
        value = f"{first.symbol or first.name} {run.outputs[first.name]:.4f}"
        state = value if run.converged else f"NOT SETTLED ({run.reason})"
        tell(f"{done} of {n}, about {left / 3600:.1f} h left: {run.run_id} {state}, {run.seconds:.0f} s")

    while True:
        designs = list(planned(plan_file))
        state = run_campaign(
            family, len(designs), fidelity, out, progress=progress, recipe=recipe, designs=designs[:n],
            runner=runner, **asked,
        )  # fmt: skip
        if len(designs) >= n:
            tell(f"finished: {state.done} settled, {state.failed} did not, {state.remaining} left")
            return
        runs = read_jsonl(out / RUNS_FILE) if (out / RUNS_FILE).is_file() else []
        number = len(designs) // ROUND
        tell(f"planning round {number + 1}")
        surrogate = known_so_far(family, runs, recipe, out / "model")
        for design in plan_round(family, number, seed, surrogate):
            append_line(json.dumps(design), plan_file)


def taken_up(family: Family, recipe: str, out: Path, kept: Path | None = None) -> int:
    """On a machine where the campaign has no runs yet, those that the project holds (`kept`, else the
    package's); how many there were."""
    kept = kept or shipped_data_path(family.name)
    if (out / RUNS_FILE).is_file() or not kept.is_file():
        return 0
    fields = read_fields(fields_path(kept))
    runs = [run for run in read_runs(kept) if run.recipe == recipe]
    for run in runs:
        packed = {name: pack(values) for name, values in fields.get(run.run_id, {}).items()}
        append_run(replace(run, fields=packed), out / RUNS_FILE)
        append_line(json.dumps(run.parameters), out / PLAN_FILE)
    return len(runs)


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run a campaign in rounds; the same command goes on where it stopped."""
    parser = argparse.ArgumentParser(prog="python -m maquette.surrogate.rounds", description=main.__doc__)
    parser.add_argument("--family", default="car")
    parser.add_argument("-n", type=int, default=1000, help="designs")
    parser.add_argument("--study", default="", help="of the family; its first without")
    parser.add_argument("--fidelity", default="medium")
    parser.add_argument("--recipe", default="", help="of the study; its current one without")
    parser.add_argument("--workers", type=int, default=2, help="runs side by side on this machine")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a dask scheduler to run on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("out/campaign"))
    given = parser.parse_args(argv)
    if given.n < 1:
        raise InputError(f"n is {given.n}; allowed 1 or more")
    given.out.mkdir(parents=True, exist_ok=True)
    family = get_family(given.family)
    recipe = given.recipe or study_of(family, given.study).recipe
    before = taken_up(family, recipe, given.out)
    if before:
        print(f"taken up: {before} runs that the project holds", flush=True)
    try:
        run_rounds(
            family, given.n, given.fidelity, given.out, lambda text: print(text, flush=True), seed=given.seed,
            recipe=recipe, study=given.study, workers=given.workers, scheduler=given.scheduler,
        )  # fmt: skip
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
