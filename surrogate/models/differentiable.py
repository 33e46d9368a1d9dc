"""Performance as a differentiable function: a small network distilled from the surrogate's mean.

    drag = response("car")
    drag(z)                                   # z (b, P) in [-1, 1] -> the study's first output (b,)

    python -m maquette.surrogate.models.differentiable --family car --out assets/models/car_response

The surrogate itself sees shape numbers (slopes, wake heights) that a family computes design by design, so
no gradient flows through it. This network sees the concept vector alone and repeats the surrogate's mean at
the level that users see, over designs that keep the family's rules. It steers sketches; what is reported of
a body is always the surrogate's own prediction, with its interval. The second command makes it anew (a
minute), and must be run after every training of the surrogate: a network of another surrogate or another
parameter declaration is refused.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...design.arrays import FloatArray, IntArray
from ...design.errors import InputError, ModelError, answers_errors
from ...design.family.contract import Family
from ...design.family.parameters import (
    as_row,
    as_values,
    from_unit_cube,
    rounded_unit,
    to_unit_cube,
    whole_columns,
)
from ...design.family.registry import DEFAULT_FAMILY, get_family
from ...design.statistics import r_squared
from .store import load_model, save_model
from .surrogate import Surrogate, load_surrogate

if TYPE_CHECKING:
    from torch import Tensor


KIND = "distilled response"
#: width of the two hidden layers
WIDTH = 160
#: each design around a named body has one spread, drawn between these (share of a parameter's range)
JITTER = (0.02, 0.20)
#: draws per design wanted before a family counts as one that refuses nearly everything
DRAWS_PER_DESIGN = 50
#: of the surrogate's central differences, in the unit cube
SLOPE_STEP = 0.02


@dataclass(frozen=True)
class Recipe:
    """How a network is made.

    Attributes:
        designs: for training, an even number; half uniform, half around the named bodies.
        held_out: as many again, never trained on, from which the accuracy is stated.
        slopes: of the held-out ones, on how many the slopes are compared too.
        epochs, batch, rate: of AdamW with a one-cycle schedule.
        seed: of the designs, the first weights and the order.
    """

    designs: int = 20_000
    held_out: int = 2_000
    slopes: int = 64
    epochs: int = 80
    batch: int = 256
    rate: float = 3e-3
    seed: int = 0


def response(family: str | Family = DEFAULT_FAMILY, folder: Path | None = None) -> Callable[[Tensor], Tensor]:
    """The study's first output (b,) of concept vectors z (b, P) in [-1, 1], differentiable in z.

    Args:
        folder: of the network; the shipped one (``assets/models/<family>_response``) when None.

    Raises:
        ModelError: there is none, it is damaged, or was made for another declaration or surrogate.
    """
    known = get_family(family) if isinstance(family, str) else family
    return _load(known, folder or shipped_folder(known.name))


def shipped_folder(family: str) -> Path:
    """Where the family's network lies in the package."""
    return Path(str(files("maquette.assets"))) / "models" / f"{family}_response"


def remake(family: str) -> str:
    """The command that makes a family's network anew."""
    maker = "python -m maquette.surrogate.models.differentiable"
    return f"{maker} --family {family} --out assets/models/{family}_response"


def distil(
    surrogate: Surrogate,
    out: Path,
    recipe: Recipe | None = None,
    progress: Callable[[str], None] = print,
    command: str = "",
) -> dict[str, Any]:
    """Train the network of a surrogate, write it with its card into `out`, return what the card holds."""
    import torch

    recipe = recipe or Recipe()
    torch.set_num_threads(1)
    started = time.perf_counter()
    family = surrogate.family
    unit = accepted_designs(family, recipe.designs + recipe.held_out, recipe.seed)
    progress(f"{len(unit)} designs that keep the rules after {time.perf_counter() - started:.0f} s")
    matrix = from_unit_cube(family.declaration, unit)
    label = surrogate.predict(matrix).value[surrogate.study.headline.name]
    progress(f"labelled by the surrogate after {time.perf_counter() - started:.0f} s")
    columns = np.array([j for j, p in enumerate(family.parameters) if p.range.shapes_hull])
    n = recipe.designs
    weights = _train(2.0 * unit[:n, columns] - 1.0, label[:n], recipe, progress)
    predict = _network(columns, weights)
    with torch.no_grad():
        said = predict(torch.from_numpy(2.0 * unit[n:] - 1.0)).numpy()
    info = {
        "kind": KIND,
        "family": family.name,
        "quantity": surrogate.study.headline.name,
        "level": surrogate.levels[-1],
        "declaration_hash": family.declaration_hash,
        "surrogate": surrogate.version,
        "columns": columns.tolist(),
        "recipe": vars(recipe),
        "label_std": float(label[:n].std()),
        "held_out": _scores(said, label[n:]),
        "slopes": _slopes(surrogate, predict, unit[n : n + recipe.slopes], columns),
        "command": command or remake(family.name),
        "versions": {"python": platform.python_version(), **{m: version(m) for m in ("numpy", "torch")}},
        "train_seconds": round(time.perf_counter() - started, 1),
    }
    full = save_model(out, info, weights)
    (out / "README.md").write_text(card_text(full), encoding="utf-8")
    held = full["held_out"]["all"]
    progress(
        f"held out: R2 {held['r2']:.4f}, MAE {held['mae']:.5f}; written to {out} "
        f"after {full['train_seconds']} s"
    )
    return full


def accepted_designs(family: Family, n: int, seed: int) -> FloatArray:
    """`n` designs (n x d) in the unit cube that keep the rules, alternately uniform and around named bodies.

    Raises:
        InputError: when the rules refuse nearly the whole space.
    """
    rng = np.random.default_rng(seed)
    d = len(family.parameters)
    bodies = [
        to_unit_cube(family.declaration, as_row(family.declaration, family.defaults() | dict(body)))
        for body in family.archetypes.values()
    ]
    found: list[FloatArray] = []
    for _ in range(n * DRAWS_PER_DESIGN):
        if bodies and len(found) % 2:
            body = bodies[rng.integers(len(bodies))]
            unit = np.clip(body + rng.uniform(*JITTER) * rng.standard_normal(d), 0.0, 1.0)
        else:
            unit = rng.random(d)
        unit = rounded_unit(family.declaration, unit)
        row = from_unit_cube(family.declaration, unit)
        if family.broken_rules(as_values(family.declaration, row)):
            continue
        found.append(unit)
        if len(found) == n:
            return np.array(found)
    raise InputError(
        f"family {family.name!r} accepted {len(found)} of {n * DRAWS_PER_DESIGN} draws: its rules refuse "
        f"nearly the whole declared space"
    )


def card_text(info: Mapping[str, Any]) -> str:
    """The card in Markdown."""
    what = info["quantity"].replace("_", " ")
    names = {"all": "all", "uniform": "uniform over the space", "bodies": "around the named bodies"}
    rows = [
        f"| {names[key]} | {s['n']} | {s['r2']:.4f} | {s['mae']:.5f} | {s['worst']:.4f} |"
        for key, s in info["held_out"].items()
    ]
    return "\n".join(
        [
            f"# {what.capitalize()} of the {info['family']} family as a differentiable function",
            "",
            f"A network of {WIDTH} + {WIDTH} units that repeats the mean of the surrogate "
            f"`{info['surrogate']}` ({what} at the fidelity `{info['level']}`) as a function of "
            "the concept vector, so that a gradient can steer a sketch. It knows no more than that "
            "surrogate does, and says nothing of its uncertainty: a body's reported number is the "
            "surrogate's.",
            "",
            f"Made by `{info['command']}` in {info['train_seconds']:.0f} s (one thread) from "
            f"{info['recipe']['designs']} designs that keep the rules, half uniform over the space, half "
            f"around the named bodies. Agreement with the surrogate on designs held out (standard deviation "
            f"of the labels {info['label_std']:.4f}):",
            "",
            "| designs | n | R² | mean error | largest error |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Slopes against the surrogate's central differences on {info['slopes']['n']} of them: mean "
            f"cosine {info['slopes']['cosine_mean']:.3f}, worst tenth {info['slopes']['cosine_p10']:.3f}.",
            "",
        ]
    )


# -- the network ---------------------------------------------------------------------------------------


def _network(columns: IntArray, weights: Mapping[str, FloatArray]) -> Callable[[Tensor], Tensor]:
    """The predictor as a function of plain tensors, in the input's device and float32 or float64."""
    import torch

    index = torch.from_numpy(columns)
    held = {key: torch.from_numpy(value) for key, value in weights.items()}

    def predict(z: Tensor) -> Tensor:
        """The output (b,) of concept vectors z (b, P)."""
        at = {key: value.to(device=z.device, dtype=z.dtype) for key, value in held.items()}
        return _forward(z.index_select(-1, index.to(z.device)), at) * at["scale"] + at["mean"]

    return predict


def _forward(x: Tensor, at: Mapping[str, Tensor]) -> Tensor:
    """Scaled output (b,) of inputs (b, p): two hidden layers beside a straight line."""
    from torch.nn.functional import linear, silu

    hidden = silu(linear(x, at["in.weight"], at["in.bias"]))
    hidden = silu(linear(hidden, at["mid.weight"], at["mid.bias"]))
    return (linear(hidden, at["out.weight"], at["out.bias"]) + linear(x, at["skip.weight"])).squeeze(-1)


def _train(
    x: FloatArray, y: FloatArray, recipe: Recipe, progress: Callable[[str], None]
) -> dict[str, FloatArray]:
    """Weights that repeat y (n,) at x (n, p), by AdamW in float32."""
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(recipe.seed)
    mean, scale = float(y.mean()), float(y.std())
    shapes = {
        "in": (WIDTH, x.shape[1]),
        "mid": (WIDTH, WIDTH),
        "out": (1, WIDTH),
        "skip": (1, x.shape[1]),
    }
    at: dict[str, nn.Parameter] = {}
    for name, shape in shapes.items():
        start = torch.randn(shape, generator=generator) * (1.4 / shape[1] ** 0.5)
        at[f"{name}.weight"] = nn.Parameter(start if name != "skip" else torch.zeros(shape))
        if name != "skip":
            at[f"{name}.bias"] = nn.Parameter(torch.zeros(shape[0]))
    xs, ys = torch.from_numpy(x).float(), torch.from_numpy((y - mean) / scale).float()
    steps = recipe.epochs * (len(xs) // recipe.batch)
    optimiser = torch.optim.AdamW(at.values(), lr=recipe.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps)

    for epoch in range(recipe.epochs):
        order = torch.randperm(len(xs), generator=generator)
        total = 0.0
        for start in range(0, steps // recipe.epochs * recipe.batch, recipe.batch):
            rows = order[start : start + recipe.batch]
            loss = (_forward(xs[rows], at) - ys[rows]).square().mean()
            optimiser.zero_grad()
            torch.autograd.backward([loss])
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        if (epoch + 1) % 20 == 0:
            progress(f"epoch {epoch + 1}: loss {total * recipe.epochs / steps:.5f}")
    weights = {key: value.detach().double().numpy() for key, value in at.items()}
    return weights | {"mean": np.array(mean), "scale": np.array(scale)}


def _scores(said: FloatArray, truth: FloatArray) -> dict[str, dict[str, float]]:
    """R2 and errors over all held-out designs and over each half of the mix (they alternate)."""

    def of(part: slice) -> dict[str, float]:
        error, label = said[part] - truth[part], truth[part]
        return {
            "n": len(label),
            "r2": r_squared(label, said[part]),
            "mae": float(np.abs(error).mean()),
            "worst": float(np.abs(error).max()),
        }

    return {"all": of(slice(None)), "uniform": of(slice(0, None, 2)), "bodies": of(slice(1, None, 2))}


def _slopes(
    surrogate: Surrogate,
    predict: Callable[[Tensor], Tensor],
    unit: FloatArray,
    columns: IntArray,
) -> dict[str, float]:
    """Cosine between the network's gradient and the surrogate's central differences, design by design, over
    the real numbers (whole ones have no gradient)."""
    import torch

    z = torch.from_numpy(2.0 * unit - 1.0).requires_grad_()
    (slope,) = torch.autograd.grad(predict(z).sum(), z)
    n, d = unit.shape
    columns = np.array([k for k in columns if k not in whole_columns(surrogate.family.declaration)])
    step = SLOPE_STEP * np.eye(d)[columns]
    rows = np.concatenate([unit[:, None] + step, unit[:, None] - step]).reshape(-1, d).clip(0.0, 1.0)
    value = surrogate.predict(from_unit_cube(surrogate.family.declaration, rows))
    up, down = value.value[surrogate.study.headline.name].reshape(2, n, len(columns))
    a, b = slope.numpy()[:, columns], up - down
    cosine = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return {"n": n, "cosine_mean": float(cosine.mean()), "cosine_p10": float(np.quantile(cosine, 0.1))}


@cache
def _load(family: Family, folder: Path) -> Callable[[Tensor], Tensor]:
    if not folder.is_dir():
        raise ModelError(f"{folder}: there is no response network; make one with `{remake(family.name)}`")
    info, weights = load_model(folder)
    if info.get("kind") != KIND or info.get("family") != family.name:
        raise ModelError(f"{folder}: not a response network of family {family.name!r}")
    _same(folder, family, "parameter declaration", info["declaration_hash"], family.declaration_hash)
    _same(folder, family, "surrogate", info["surrogate"], load_surrogate(family, local=False).version)
    return _network(np.array(info["columns"], dtype=np.int64), weights)


def _same(folder: Path, family: Family, what: str, made: str, now: str) -> None:
    if made != now:
        raise ModelError(
            f"{folder}: made for another {what} ({made[:16]}, now {now[:16]}); make it anew with "
            f"`{remake(family.name)}`"
        )


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Distil the family's surrogate into a differentiable function."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.surrogate.models.differentiable", description=main.__doc__
    )
    parser.add_argument("--family", default="car")
    parser.add_argument("--out", type=Path, help="default: assets/models/<family>_response")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    words = ["python -m maquette.surrogate.models.differentiable", *(sys.argv[1:] if argv is None else argv)]
    distil(
        load_surrogate(arguments.family, local=False),
        arguments.out or Path("assets/models") / f"{arguments.family}_response",
        Recipe(seed=arguments.seed),
        lambda text: print(text, flush=True),
        " ".join(words),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
