"""Train a family's concept model: one resumable command, on CPU or GPU.

    python -m maquette.design.concepts.training.train --family car --out assets/models/car_concepts \\
        --work out/concepts

Stages, in order: `designs` (parameters, numbers), `drawings`, `prior` (with its text encoder), `encoder` (and
the evaluator, which learns from other designs), `drawer`, `sharpener`, `export`. Every stage goes on from
where it stopped; SIGTERM saves. Between `designs` and `prior`, `python -m maquette.surrogate.labels
WORK/designs.npz` adds the predicted performance as a number that can be asked.

After a change of the parameter declaration `--warm-start assets/models/car_concepts` starts every training
from the model of the declaration before (see :mod:`.warm_start`), at half the rate; a model of another family
lends how drawings look.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InputError, answers_errors
from ...family.contract import Family
from ...family.registry import get_family
from ..artist.frame import shrink
from .data import Designs, Progress, make_designs, read_designs, write_designs
from .guide_shards import make_guides, packed_guides, read_guides
from .lending import lends
from .shards import make_drawings, read_drawings
from .stopping import Stop

if TYPE_CHECKING:
    from .loop import Recipe, Task

STAGES = ("designs", "drawings", "prior", "encoder", "drawer", "sharpener", "export")
#: designs and drawings of the evaluator come from this many seeds further on
OTHER_SEED = 1000
OTHER = "other_"
#: minutes of each training on two cores; `--minutes` gives another length
MINUTES = {"prior": 8.0, "encoder": 10.0, "evaluator": 6.0, "drawer": 50.0, "sharpener": 8.0}


@dataclass(frozen=True)
class Plan:
    """What the command line asks for.

    Attributes:
        designs, drawings, fine: designs to make, how many of them to draw, and to keep at full size.
        minutes, steps: length of a training, instead of its usual one.
        compiled: train with torch.compile.
        warm: folder of a model whose weights trainings start from, made for any declaration of the family.
    """

    family: Family
    out: Path
    work: Path
    designs: int = 40_000
    drawings: int = 9_000
    fine: int = 750
    minutes: float | None = None
    steps: int | None = None
    device: str = "cpu"
    compiled: bool = False
    workers: int = 2
    seed: int = 0
    command: str = ""
    warm: Path | None = None

    def designs_of(self, prefix: str = "") -> Designs:
        """The designs on disk."""
        return read_designs(self.work / f"{prefix}designs.npz", self.family)


def run_stage(stage: str, plan: Plan, progress: Progress, stop: Stop) -> bool:
    """Do one stage; False when it was stopped before its end."""
    if stage in {"designs", "drawings"}:

        def watched(text: str) -> None:
            progress(text)
            stop.check()

        with stop.listening():
            (_designs if stage == "designs" else _drawings)(plan, watched)
        return True
    if stage == "export":
        from .export import export

        export(plan.family, plan.work, plan.out, progress, plan.warm)
        return True
    names = ("encoder", "evaluator") if stage == "encoder" else (stage,)
    return all(_train(name, plan, progress, stop) for name in names)


def _designs(plan: Plan, progress: Progress) -> None:
    for prefix, count, seed in (
        ("", plan.designs, plan.seed),
        (OTHER, _others(plan), plan.seed + OTHER_SEED),
    ):
        path = plan.work / f"{prefix}designs.npz"
        if path.exists():
            progress(f"{path}: {len(read_designs(path, plan.family))} designs are there already")
            continue
        started = time.perf_counter()
        designs = make_designs(plan.family, count, seed, plan.workers, progress)
        write_designs(designs, path)
        progress(f"{path}: {count} designs after {time.perf_counter() - started:.0f} s")


def _drawings(plan: Plan, progress: Progress) -> None:
    make_drawings(
        plan.family, plan.designs_of(), plan.work, plan.drawings, plan.fine, plan.seed, plan.workers, progress
    )
    make_drawings(
        plan.family, plan.designs_of(OTHER), plan.work, _others(plan), 0, plan.seed + OTHER_SEED,
        plan.workers, progress, OTHER + "drawings",
    )  # fmt: skip
    make_guides(plan.family, plan.designs_of(), plan.work, plan.drawings, plan.workers, progress)


def _others(plan: Plan) -> int:
    return max(2, plan.drawings // 4)


def _train(name: str, plan: Plan, progress: Progress, stop: Stop) -> bool:
    from .loop import train

    if name == "prior" and not plan.designs_of().labels:
        progress(
            "designs.npz has no labels: performance cannot be asked (python -m maquette.surrogate.labels)"
        )
    seed = plan.seed + (17 if name == "evaluator" else 0)
    recipe = replace(_recipe(name), seed=seed, compiled=plan.compiled)
    if plan.minutes is not None:
        recipe = replace(recipe, minutes=plan.minutes)
    if plan.steps is not None:
        recipe = replace(recipe, steps=plan.steps)
    task = _TASKS[name](plan, recipe.seed)
    if plan.warm is not None and lends(plan.warm, plan.family, name):
        from . import warm_start as warm

        recipe = replace(recipe, rate=warm.RATE * recipe.rate, warm_up=warm.WARM_UP)
        if not (plan.work / "checkpoints" / f"{name}.pt").exists():
            warm.warm_start(task.networks, plan.warm, plan.family, progress)
    return train(task, recipe, plan.work, plan.device, progress, stop, plan.command).finished


def _recipe(name: str) -> Recipe:
    from .loop import Recipe

    minutes = MINUTES[name]
    if name == "prior":
        return Recipe(batch=512, rate=1e-3, minutes=minutes, betas=(0.9, 0.99))
    if name == "drawer":
        return Recipe(batch=32, rate=1.5e-3, minutes=minutes, warm_up=200)
    if name == "sharpener":
        return Recipe(batch=16, rate=2e-3, minutes=minutes, ema=0.998)
    return Recipe(batch=64, rate=1.5e-3, minutes=minutes, weight_decay=0.01, ema=0.998)


def _prior(plan: Plan, seed: int) -> Task:
    from .tasks import PriorTask

    return PriorTask(plan.family, plan.designs_of(), seed)


def _drawer(plan: Plan, seed: int) -> Task:
    from .tasks import DrawerTask

    drawings = read_drawings(plan.work / "drawings")
    guides = read_guides(plan.work, int(drawings.design.max()) + 1)
    return DrawerTask(plan.family, plan.designs_of(), drawings, guides, seed)


def _sharpener(plan: Plan, seed: int) -> Task:
    """Learns from what the trained drawer leaves behind; from degraded drawings alone before there is one."""
    from ..networks.networks import ConceptDrawer
    from .tasks_pictures import SharpenerTask, finished_by_drawer

    fine = read_drawings(plan.work / "fine")
    designs, count = plan.designs_of(), int(fine.design.max()) + 1
    folder = plan.work / "trained" / "drawer"
    drawn = None
    if (plan.work / "trained" / "drawer.json").exists():
        drawer = ConceptDrawer.from_pretrained(str(folder), local_files_only=True).to(plan.device).eval()
        seen = read_guides(plan.work, count)
        drawn = finished_by_drawer(drawer, fine, shrink(fine.pictures), designs, seen, seed)
    return SharpenerTask(fine, packed_guides(plan.family, designs.values[:count]), seed, drawn)


def _encoder(plan: Plan, seed: int) -> Task:
    from .tasks_pictures import EncoderTask

    drawings = read_drawings(plan.work / "drawings")
    return EncoderTask("encoder", plan.family, plan.designs_of(), drawings, seed)


def _evaluator(plan: Plan, seed: int) -> Task:
    from .tasks_pictures import EncoderTask

    drawings = read_drawings(plan.work / f"{OTHER}drawings")
    designs = plan.designs_of(OTHER)
    return EncoderTask("evaluator", plan.family, designs, drawings, seed, widths=(16, 32, 64, 112, 176))


_TASKS: dict[str, Callable[[Plan, int], Task]] = {
    "prior": _prior,
    "drawer": _drawer,
    "sharpener": _sharpener,
    "encoder": _encoder,
    "evaluator": _evaluator,
}


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Train a family's concept model, stage by stage; every stage goes on from where it stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.design.concepts.training.train", description=main.__doc__
    )
    parser.add_argument("--family", default="car")
    parser.add_argument("--out", type=Path, default=None, help="default assets/models/<family>_concepts")
    parser.add_argument("--work", type=Path, default=Path("out/concepts"), help="training data, checkpoints")
    parser.add_argument("--stage", default="all", choices=("all", *STAGES))
    parser.add_argument("--minutes", type=float, help="length of each training; with `all`, of the drawer's")
    parser.add_argument("--steps", type=int, help="exact length of each training instead")
    parser.add_argument("--designs", type=int, default=Plan.designs)
    parser.add_argument("--drawings", type=int, default=Plan.drawings, help="how many of the designs to draw")
    parser.add_argument("--fine", type=int, default=Plan.fine, help="how many to keep at full size too")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument(
        "--compile", action="store_true", help="fuse with torch.compile (needs a C++ compiler)"
    )
    parser.add_argument(
        "--warm-start", type=Path, metavar="MODEL", help="folder of a model to start from, of any declaration"
    )
    parser.add_argument("--threads", type=int, default=0, help="0: one per core")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    try:
        return _run(arguments, shlex.join(argv if argv is not None else sys.argv[1:]))
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", file=sys.stderr)
        return 1


def _run(arguments: argparse.Namespace, words: str) -> int:
    if arguments.minutes is not None and arguments.minutes <= 0:
        raise InputError(f"--minutes is {arguments.minutes:g}; allowed more than 0")
    threads = arguments.threads or os.cpu_count() or 1
    family = get_family(arguments.family)
    plan = Plan(
        family,
        arguments.out or Path("assets/models") / f"{family.name}_concepts",
        arguments.work,
        arguments.designs,
        arguments.drawings,
        arguments.fine,
        arguments.minutes,
        arguments.steps,
        compiled=arguments.compile,
        workers=threads,
        seed=arguments.seed,
        warm=arguments.warm_start,
        command=f"python -m maquette.design.concepts.training.train {words}".strip(),
    )
    started = time.perf_counter()

    def progress(text: str) -> None:
        print(f"[{time.perf_counter() - started:7.0f} s] {text}", flush=True)

    stages = STAGES if arguments.stage == "all" else (arguments.stage,)
    if set(stages) - {"designs", "drawings"}:
        plan = replace(plan, device=_device(arguments.device, threads))
    stop = Stop()
    for stage in stages:
        length = plan.minutes if arguments.stage != "all" or stage == "drawer" else None
        if not run_stage(stage, replace(plan, minutes=length), progress, stop):
            return 1
    return 0


def _device(asked: str, threads: int) -> str:
    import torch

    torch.set_num_threads(threads)
    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return asked


if __name__ == "__main__":
    raise SystemExit(main())
