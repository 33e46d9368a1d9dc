"""One training loop for every network: resumable, seeded, with its loss curve.

Step k draws everything it needs from a generator seeded by (seed, k), and its batch from a permutation
seeded by (seed, epoch): so a run that was stopped and resumed gives the same weights as an unbroken one
(on the same machine, with a length given in steps; with a length in minutes the learning rate follows the
clock). Checkpoints hold weights, averaged weights, optimiser and counters; SIGTERM writes one and stops.
"""

from __future__ import annotations

import copy
import csv
import json
import math
import platform
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from ...arrays import IntArray
from ...files import whole_file
from ..generate.sampling import half_precision
from .data import Progress
from .stopping import Stop

LOG_EVERY = 20  # steps in one row of the curve
CURVE_FIELDS = ("step", "seconds", "loss", "rate", "items_per_second")


@dataclass(frozen=True)
class Recipe:
    """How long and how fast a network learns.

    Attributes:
        minutes: training time, over all parts of an interrupted run; ignored when `steps` is given. On a CPU
            it is time at work (:func:`working_time`): other programs do not shorten the training.
        steps: exact length.
        rate: peak learning rate, reached after `warm_up` steps and then following a cosine to nought.
        ema: decay of the averaged weights, lower in the first steps.
        checkpoint_minutes, sample_minutes: how often a checkpoint and a picture of samples are written.
        bfloat16: matrix products in bfloat16 (autocast) where the machine has it in hardware; elsewhere a
            step takes three times as long with it.
        compiled: fuse element-wise work with torch.compile (needs a C++ compiler; a minute to begin with).
    """

    batch: int
    rate: float
    minutes: float = 1.0
    steps: int | None = None
    warm_up: int = 100
    ema: float = 0.999
    clip: float = 1.0
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = 0.0
    seed: int = 0
    checkpoint_minutes: float = 3.0
    sample_minutes: float = 5.0
    bfloat16: bool = True
    compiled: bool = False

    def done(self, step: int, seconds: float) -> float:
        """Share of the training that lies behind, 0 to 1."""
        share = step / self.steps if self.steps is not None else seconds / (60.0 * self.minutes)
        return min(1.0, share)


class Task(Protocol):
    """What is learnt: the networks by component name, the loss of a batch, and what is looked at."""

    name: str
    networks: nn.ModuleDict

    def count(self) -> int:
        """Examples to learn from."""

    def loss(self, networks: nn.ModuleDict, rows: IntArray, generator: torch.Generator) -> Tensor:
        """Scalar loss of those examples; everything random comes from `generator`."""

    def held_out(self, networks: nn.ModuleDict) -> dict[str, float]:
        """Figures on examples that are never learnt from."""

    def picture(self, networks: nn.ModuleDict, path: Path) -> None:
        """Write samples beside the truth as a PNG; nothing where there is nothing to see."""


@dataclass(frozen=True)
class Outcome:
    """Where a training stands: counters, and whether it reached its end."""

    steps: int
    seconds: float
    loss: float
    finished: bool


def train(
    task: Task,
    recipe: Recipe,
    work: Path,
    device: str = "cpu",
    progress: Progress = print,
    stop: Stop | None = None,
    command: str = "",
) -> Outcome:
    """Train until the recipe's end or a stop, going on from the checkpoint if there is one.

    Writes `checkpoints/<name>.pt`, `curves/<name>.csv`, pictures under `samples/<name>/`, and the averaged
    weights under `trained/<component>/`; at the end the facts in `trained/<name>.json`.
    """
    stop = stop or Stop()
    state = State.start(task, recipe, device)
    checkpoint = work / "checkpoints" / f"{task.name}.pt"
    if state.read(checkpoint):
        progress(f"{task.name}: going on from step {state.step} after {state.seconds / 60:.1f} minutes")
    curve = Curve(work / "curves" / f"{task.name}.csv", state.step)
    losses: list[float] = []
    row = (state.step, state.seconds)
    saved = shown = state.seconds
    before, started = state.seconds, working_time(device)
    with stop.listening():
        while not stop.asked and (done := recipe.done(state.step, state.seconds)) < 1.0:
            losses.append(_step(task, state, recipe, done, device))
            state.step += 1
            state.seconds = before + working_time(device) - started
            if state.step % LOG_EVERY == 0:
                pace = recipe.batch * (state.step - row[0]) / max(state.seconds - row[1], 1e-9)
                state.loss, losses, row = float(np.mean(losses)), [], (state.step, state.seconds)
                rate = state.optimiser.param_groups[0]["lr"]
                curve.add(state.step, state.seconds, state.loss, rate, pace)
                if state.step % (5 * LOG_EVERY) == 0:
                    progress(
                        f"{task.name}: step {state.step}, {state.seconds / 60:.1f} min, "
                        f"loss {state.loss:.5f}, {pace:.1f}/s"
                    )
            if state.seconds - saved > 60.0 * recipe.checkpoint_minutes:
                state.write(checkpoint, work / "trained", recipe)
                saved = state.seconds
            if state.seconds - shown > 60.0 * recipe.sample_minutes:
                _picture(task, state, work)
                shown = state.seconds
    state.loss = float(np.mean(losses)) if losses and math.isnan(state.loss) else state.loss
    outcome = Outcome(state.step, state.seconds, state.loss, recipe.done(state.step, state.seconds) >= 1.0)
    state.write(checkpoint, work / "trained", recipe)
    if outcome.finished:
        _picture(task, state, work)
        facts = _facts(task, state, recipe, outcome, device, command)
        path = work / "trained" / f"{task.name}.json"
        path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        progress(f"{task.name}: finished, step {state.step}; held out {facts['held_out']}")
    else:
        progress(f"{task.name}: stopped at step {state.step}; the same command goes on from here")
    return outcome


def working_time(device: str) -> float:
    """Seconds that count as training: of the clock, or on a CPU of this process's share of a thread.

    Differences mean something, and only in one process with one number of threads. On a machine that is busy
    otherwise the clock would end a training after a few steps.
    """
    if device != "cpu":
        return time.perf_counter()
    return time.process_time() / torch.get_num_threads()


@dataclass
class State:
    """What changes while training, and what a checkpoint holds."""

    networks: nn.ModuleDict
    averaged: nn.ModuleDict
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    loss: float = math.nan

    @staticmethod
    def start(task: Task, recipe: Recipe, device: str) -> State:
        """Fresh optimiser and averages of the task's networks."""
        networks = task.networks.to(device).train()
        averaged = copy.deepcopy(networks).requires_grad_(False).eval()
        optimiser = torch.optim.AdamW(
            networks.parameters(),
            lr=recipe.rate,
            betas=recipe.betas,
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        if recipe.compiled:
            for network in networks.values():
                network.compile()
        return State(networks, averaged, optimiser)

    def read(self, path: Path) -> bool:
        """Take everything from a checkpoint, if there is one."""
        if not path.exists():
            return False
        saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        self.networks.load_state_dict(saved["networks"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step, self.seconds, self.loss = int(saved["step"]), float(saved["seconds"]), float(saved["loss"])
        return True

    def write(self, path: Path, trained: Path, recipe: Recipe) -> None:
        """Write the checkpoint, in one replacement, and the averaged networks in diffusers' layout."""
        path.parent.mkdir(parents=True, exist_ok=True)
        saved = {
            "networks": self.networks.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "loss": self.loss,
            "recipe": json.dumps(asdict(recipe)),
        }
        with whole_file(path) as part, part.open("wb") as file:  # by path, its random name would be inside
            torch.save(saved, file)
        for name, network in self.averaged.items():
            network.save_pretrained(trained / name)  # type: ignore[operator]


def batch_rows(n: int, batch: int, step: int, seed: int) -> IntArray:
    """Examples of one step: every example once per epoch, in an order of the epoch's own."""
    places = np.arange(step * batch, (step + 1) * batch)
    epochs, places = np.divmod(places, n)
    orders = {e: np.random.default_rng([seed, int(e)]).permutation(n) for e in np.unique(epochs)}
    return np.array([orders[e][p] for e, p in zip(epochs, places, strict=True)], dtype=np.int64)


def _step(task: Task, state: State, recipe: Recipe, done: float, device: str) -> float:
    """One update; returns the loss."""
    step = state.step
    rate = recipe.rate * min(1.0, (step + 1) / recipe.warm_up) * 0.5 * (1.0 + math.cos(math.pi * done))
    for group in state.optimiser.param_groups:
        group["lr"] = rate
    generator = torch.Generator().manual_seed(recipe.seed * 1_000_003 + step)
    rows = batch_rows(task.count(), recipe.batch, step, recipe.seed)
    with half_precision(torch.device(device)) if recipe.bfloat16 else nullcontext():
        loss = task.loss(state.networks, rows, generator)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.networks.parameters(), recipe.clip)
    state.optimiser.step()
    decay = min(recipe.ema, (1 + step) / (10 + step))
    averaged, current = list(state.averaged.parameters()), list(state.networks.parameters())
    get_ema_multi_avg_fn(decay)(averaged, current, None)  # type: ignore[no-untyped-call]
    return float(loss.detach())


# -- files -----------------------------------------------------------------------------------------------


class Curve:
    """The loss curve as CSV; rows beyond the step that training resumes from are dropped."""

    def __init__(self, path: Path, step: int) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [r for r in read_curve(path) if r["step"] <= step] if path.exists() and step else []
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(CURVE_FIELDS)
            writer.writerows([r[f] for f in CURVE_FIELDS] for r in rows)

    def add(self, step: int, seconds: float, loss: float, rate: float, pace: float) -> None:
        """Append one row."""
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow([step, round(seconds, 2), f"{loss:.6g}", f"{rate:.4g}", round(pace, 1)])


def read_curve(path: Path) -> list[dict[str, float]]:
    """Rows of a curve file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def _picture(task: Task, state: State, work: Path) -> None:
    with torch.inference_mode():
        task.picture(state.averaged, work / "samples" / task.name / f"{state.step:06d}.png")


def _facts(
    task: Task, state: State, recipe: Recipe, outcome: Outcome, device: str, command: str
) -> Mapping[str, Any]:
    with torch.inference_mode():
        held_out = task.held_out(state.averaged)
    return {
        "name": task.name,
        "examples": task.count(),
        "parameters": {k: sum(p.numel() for p in m.parameters()) for k, m in state.averaged.items()},
        "recipe": asdict(recipe),
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 1),
        "items_per_second": round(recipe.batch * outcome.steps / max(outcome.seconds, 1e-9), 1),
        "loss": outcome.loss,
        "held_out": held_out,
        "device": device,
        "threads": torch.get_num_threads(),
        "versions": {
            "python": platform.python_version(),
            **{m: version(m) for m in ("numpy", "torch", "diffusers")},
        },
        "command": command,
    }
