"""The trained networks as one model in diffusers' folder layout, with card and loss curves.

    model_index.json, <component>/config.json and safetensors, evaluator/, model.json, README.md, loss.svg

Weights are written in half precision; what that changes is measured and stated.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ...errors import InputError
from ...family.contract import Family
from ...reading import read_json
from ..generate.loading import sha256_of
from ..networks.networks import (
    ConceptDrawer,
    ConceptEncoder,
    ConceptPrior,
    ConceptSharpener,
    ConceptTextEncoder,
)
from ..networks.options import option_names
from .card import PEN, card_text, curves_svg
from .data import Progress, read_designs
from .lending import lends
from .loop import read_curve
from .shards import PLAN

#: component folder to its class and the training that made it
COMPONENTS: dict[str, tuple[type[nn.Module], str]] = {
    "text_encoder": (ConceptTextEncoder, "prior"),
    "prior": (ConceptPrior, "prior"),
    "drawer": (ConceptDrawer, "drawer"),
    "sharpener": (ConceptSharpener, "sharpener"),
    "encoder": (ConceptEncoder, "encoder"),
    "evaluator": (ConceptEncoder, "evaluator"),
}
#: components that sketching can do without: a model under way is exported without them, and its card says so
OPTIONAL = ("encoder", "evaluator")
#: bytes that a shipped model may take
MOST_BYTES = 60_000_000


def load_trained(work: Path, name: str) -> Any:
    """A trained network (averaged weights, float32) of the training folder.

    Raises:
        InputError: it has not been trained yet.
    """
    folder = work / "trained" / name
    if not (folder / "config.json").exists():
        raise InputError(f"{folder}: not trained yet; run --stage {COMPONENTS[name][1]} first")
    return COMPONENTS[name][0].from_pretrained(str(folder), local_files_only=True).eval()  # type: ignore[attr-defined]


def export(
    family: Family, work: Path, out: Path, progress: Progress = print, warm: Path | None = None
) -> dict[str, Any]:
    """Write the shipped model; returns what ``model.json`` holds.

    The whole folder is written beside `out` first and then takes its place.

    Args:
        warm: folder of the model whose weights the trainings began from, for the card.

    Raises:
        InputError: a network that sketching needs is missing (of a family that the program's artist may draw
            those that draw are not needed), or the folder is larger than may be shipped.
    """
    from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler

    from ...language.tokenizer import LexiconTokenizer
    from ..generate.pipeline import ConceptPipeline

    networks = _networks(family, work, progress)
    worst = {name: half_precision_error(network) for name, network in networks.items()}
    evaluator = networks.pop("evaluator", None)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export_") as place:
        made = Path(place) / out.name
        pipeline = ConceptPipeline(
            tokenizer=LexiconTokenizer(family.name), scheduler=FlowMatchEulerDiscreteScheduler(), **networks
        )
        pipeline.to(dtype=torch.float16)
        pipeline.save_pretrained(made, safe_serialization=True)
        if evaluator is not None:
            evaluator.half().save_pretrained(made / "evaluator")
        facts = gather(family, work, worst, warm)
        facts["files"] = {
            str(path.relative_to(made)): {
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
            }
            for path in sorted(made.rglob("*.safetensors"))
        }
        (made / "model.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        curves = {name: read_curve(path) for name, path in _curves(work).items()}
        (made / "loss.svg").write_text(curves_svg(curves), encoding="utf-8")
        (made / "README.md").write_text(card_text(facts), encoding="utf-8")
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
        if size > MOST_BYTES:
            raise InputError(f"the model takes {size} bytes; at most {MOST_BYTES} may be shipped")
        if out.exists():
            shutil.rmtree(out)
        shutil.move(made, out)
    progress(f"written to {out}: {size / 1e6:.1f} MB")
    return facts


def _networks(family: Family, work: Path, progress: Progress) -> dict[str, Any]:
    found = {}
    spared = OPTIONAL + (PEN if family.sketched_by == "artist" else ())
    for name in COMPONENTS:
        try:
            found[name] = load_trained(work, name)
        except InputError as error:
            if name not in spared:
                raise
            progress(f"exported without {name}: {error}")
    return found


def gather(
    family: Family, work: Path, half_error: dict[str, float], warm: Path | None = None
) -> dict[str, Any]:
    """Everything that the card states, from the files of the training folder, and of the model before."""
    designs = read_designs(work / "designs.npz", family)
    trained = {}
    for stage in dict.fromkeys(stage for _, stage in COMPONENTS.values()):
        path = work / "trained" / f"{stage}.json"
        if path.exists():
            trained[stage] = json.loads(path.read_text(encoding="utf-8"))
        else:
            trained[stage] = {"name": stage, "unfinished": True}
    before = read_json(warm / "model.json") if warm is not None else {}
    for name, about in trained.items():
        warmed = "--warm-start" in str(about.get("command", "")) and name in before.get("trained", {})
        if warmed and warm is not None and "history" not in about and lends(warm, family, name):
            about["history"] = history_of(before, name)
    plan = work / "drawings" / PLAN
    return {
        "family": family.name,
        "declaration_hash": family.declaration_hash,
        "designs": len(designs),
        "designs_seed": designs.seed,
        "bodies": list(designs.bodies),
        "numbers": list(designs.conditions()[0]),
        "options": list(option_names(family)) if len(designs.options) else [],
        "drawings": json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else {},
        "trained": trained,
        "half_precision_error": half_error,
    }


def history_of(before: Mapping[str, Any], name: str) -> str:
    """What a network's training began from, told from the ``model.json`` of the model before."""
    about = before["trained"][name]
    told = (
        f"begun (`--warm-start`) from the weights of the model of family {before['family']}, declaration "
        f"{before['declaration_hash'][:16]}, {about['seconds'] / 60:.0f} minutes and {about['steps']} steps"
    )
    return f"{told}; those were {about['history']}" if about.get("history") else f"{told}."


def half_precision_error(network: nn.Module) -> float:
    """Largest change of a weight by half precision, over the largest weight of its tensor."""
    worst = 0.0
    for weight in network.state_dict().values():
        if weight.is_floating_point() and weight.numel():
            change = (weight.half().float() - weight.float()).abs().max()
            worst = max(worst, float(change / weight.float().abs().max().clamp_min(1e-12)))
    return worst if np.isfinite(worst) else float("inf")


def _curves(work: Path) -> dict[str, Path]:
    folder = work / "curves"
    names = dict.fromkeys(stage for _, stage in COMPONENTS.values())
    return {name: folder / f"{name}.csv" for name in names if (folder / f"{name}.csv").exists()}
