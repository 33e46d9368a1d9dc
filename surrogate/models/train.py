"""Train a family's surrogate of a study: choose the model, calibrate it, draw its limits, write its card.

    python -m maquette.surrogate.models.train --family car --out assets/models/car

Everything the card states is computed here, from held-out designs, and stored in ``model.json``.
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ...design.arrays import FloatArray
from ...design.errors import InputError, answers_errors
from ...design.family.contract import Family
from ...design.family.parameters import bounds_of, to_unit_cube
from ...design.family.registry import get_family
from ..runs.dataset import merge_runs, read_any, read_runs, runs_hash, shipped_data_path, usable
from ..runs.rows import misfit
from ..studies.contract import Study
from ..studies.record import Observation
from ..studies.registry import study_of
from ..trust.validity import fit_domain
from .card import write_card
from .gaussian_process.options import Options
from .gaussian_process.targets import Target, design_matrix
from .store import save_model
from .surrogate import assemble, designs_of, gradients, stored_weights

logger = logging.getLogger(__name__)


#: a fidelity is predicted, or learned from, only with at least this many designs
FEWEST_DESIGNS = 8
#: about this many designs give the mean slopes that weigh the parameters
SLOPES = 16


def train_surrogate(
    family: Family,
    runs: Sequence[Observation],
    out: Path,
    options: Options | None = None,
    progress: Callable[[str], None] = print,
    command: str = "",
    study: Study | None = None,
) -> dict[str, Any]:
    """Train on `runs` of a study (the family's first when None), write model and card into `out`, return what
    ``model.json`` holds.

    Uses one thread, and no random numbers but the seeded folds and the baseline networks' seeds.

    Raises:
        InputError: when there are too few converged runs.
    """
    import torch

    from .gaussian_process.train_quantity import train_target

    torch.set_num_threads(1)
    options = options or Options()
    started = time.perf_counter()
    study = study or study_of(family)
    kept, levels = training_runs(family, runs, study)
    progress(
        f"{len(kept)} converged runs of {len(designs_of(kept, levels))} designs at "
        + ", ".join(f"{level} ({sum(r.fidelity == level for r in kept)})" for level in levels)
    )
    targets, weights = {}, {}
    models: dict[str, Target] = {}
    latent: dict[str, FloatArray] = {}
    for output in study.learned:
        name = output.name
        trained = train_target(family, levels, output, kept, options, progress)
        targets[name], models[name], latent[name] = trained.about, trained.target, trained.sigma_top
        weights[f"{name}.x"] = models[name].posterior.table.x
        weights.update({f"{name}.h.{k}": v for k, v in models[name].posterior.h.items()})

    designs = designs_of(kept, levels)
    unit = to_unit_cube(family.declaration, design_matrix(family, designs))
    shaping = np.array([p.range.shapes_hull for p in family.parameters])
    some = unit[:: max(1, len(unit) // SLOPES)]
    slopes = gradients(family, models, some)
    relevance = np.where(shaping, np.maximum(np.abs(slopes[study.headline.name]).mean(0), 1e-12), 0.0)
    names = tuple(p.name for p in family.parameters)
    domain = fit_domain(names, unit, relevance, latent)
    for key in ("weight", "low", "high", "slack"):
        weights[f"domain.{key}"] = getattr(domain, key)
    weights["runs.parameters"] = design_matrix(family, kept)
    weights |= stored_weights(study, kept)

    low, high = bounds_of(family.declaration)
    info = {
        "family": family.name,
        "study": study.name,
        "declaration_hash": family.declaration_hash,
        "parameters": [
            {"name": p.name, "unit": p.range.unit, "low": float(a), "high": float(b)}
            for p, a, b in zip(family.parameters, low, high, strict=True)
        ],
        "levels": list(levels),
        "recipes": sorted({run.recipe for run in kept}),
        "runs": {"id": [run.run_id for run in kept], "fidelity": [run.fidelity for run in kept]},
        "data": _data_facts(kept, runs, levels, study),
        "targets": targets,
        "domain": {
            "reach": domain.reach,
            "sigma": domain.sigma,
            "inside": _share_inside(domain, unit, models, family),
        },
        "sensitivities": {
            name: dict(sorted(zip(names, np.abs(s).mean(0).tolist(), strict=True), key=lambda pair: -pair[1]))
            for name, s in slopes.items()
        },
        "seed": options.seed,
        "command": command or f"python -m maquette.surrogate.models.train --family {family.name} --out {out}",
        "versions": {
            "python": platform.python_version(),
            **{m: version(m) for m in ("numpy", "scipy", "torch", "gpytorch", "safetensors")},
        },
        "train_seconds": round(time.perf_counter() - started, 1),
    }
    full = save_model(out, info, weights)
    surrogate = assemble(family, full, weights, kept)
    write_card(surrogate, out)
    progress(f"written to {out} after {full['train_seconds']} s")
    return full


def training_runs(
    family: Family, runs: Sequence[Observation], study: Study
) -> tuple[list[Observation], tuple[str, ...]]:
    """The runs that may train, and the fidelities (lowest first) that have enough of them.

    Raises:
        InputError: when no level has `FEWEST_DESIGNS` designs.
    """
    names = {p.name for p in family.parameters}
    good = []
    for run in merge_runs(runs):
        if (run.family, run.study) != (family.name, study.name) or not usable(run):
            continue  # counted in the card
        amiss = misfit(run) or ("" if set(run.parameters) == names else "it lacks parameters of the looks")
        if amiss:
            logger.warning("run %s left out: %s", run.run_id, amiss)
        else:
            good.append(run)
    known = study.levels
    counts = {level: len(designs_of([r for r in good if r.fidelity == level], known)) for level in known}
    levels = tuple(level for level in known if counts[level] >= FEWEST_DESIGNS)
    if not levels:
        raise InputError(
            f"family {family.name!r} has {len(good)} usable runs; training needs at least {FEWEST_DESIGNS} "
            f"designs at one fidelity (run `maquette campaign {family.name}` first)"
        )
    return [run for run in good if run.fidelity in levels], levels


def _data_facts(
    kept: Sequence[Observation], runs: Sequence[Observation], levels: Sequence[str], study: Study
) -> dict[str, Any]:
    first = study.headline.name
    facts: dict[str, Any] = {"sha256": runs_hash(kept), "given": len(runs), "used": len(kept), "levels": {}}
    for level in levels:
        of_level = [run for run in kept if run.fidelity == level]
        value = np.array([run.outputs[first] for run in of_level])
        cells = [run.details["cells"] for run in of_level if "cells" in run.details]
        facts["levels"][level] = {
            "runs": len(of_level),
            "not_usable": sum(run.fidelity == level for run in runs) - len(of_level),
            "cells_median": int(np.median(cells)) if cells else 0,
            "seconds_median": float(np.median([run.seconds for run in of_level])),
            "hours": float(sum(run.seconds for run in of_level) / 3600),
            "mean": float(value.mean()),
            "std": float(value.std()),
            "min": float(value.min()),
            "max": float(value.max()),
            "noise_median": float(np.median([run.noise[first] for run in of_level])),
        }
    return facts


def _share_inside(
    domain: Any, unit: FloatArray, models: Mapping[str, Target], family: Family
) -> dict[str, float]:
    """Share of random rule-keeping designs that the domain accepts, and of corners of the space."""
    from ...design.family.parameters import as_values, from_unit_cube
    from .gaussian_process.features import feature_matrix

    rng = np.random.default_rng(0)
    d = unit.shape[1]
    fresh: list[FloatArray] = []
    while len(fresh) < 300:
        batch = from_unit_cube(family.declaration, rng.random((300, d)))
        kept = [row for row in batch if not family.broken_rules(as_values(family.declaration, row))]
        if not kept:
            break
        fresh.extend(kept)
    corners = from_unit_cube(family.declaration, rng.integers(0, 2, (300, d)).astype(np.float64))
    shares = {}
    for label, matrix in (("random designs", np.array(fresh[:300])), ("random corners", corners)):
        if len(matrix) == 0:
            continue
        sigma = {
            name: t.posterior.predict(feature_matrix(family, t.features, matrix))[1]
            for name, t in models.items()
        }
        ratios = domain.ratios(to_unit_cube(family.declaration, matrix), sigma)
        shares[label] = float((np.max(list(ratios.values()), axis=0) <= 1).mean())
    return shares


def load_training_data(family: str, sources: Sequence[Path]) -> list[Observation]:
    """Runs from the files named (.parquet or .jsonl), or the shipped ones when none is named."""
    if sources:
        return merge_runs(*(read_any(p) for p in sources))
    path = shipped_data_path(family)
    if not path.is_file():
        raise InputError(f"{path}: there are no shipped runs of {family!r}; name files with --runs")
    return read_runs(path)


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Train the surrogate of a family from runs of a study."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.surrogate.models.train", description=main.__doc__
    )
    parser.add_argument("--family", default="car")
    parser.add_argument("--study", default="", help="of the family; its first without")
    parser.add_argument("--out", type=Path, help="default: assets/models/<family>")
    parser.add_argument(
        "--runs", type=Path, nargs="+", default=[], help=".parquet or .jsonl; default: shipped data"
    )
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    words = ["python -m maquette.surrogate.models.train", *(sys.argv[1:] if argv is None else argv)]
    runs = load_training_data(arguments.family, arguments.runs)
    family = get_family(arguments.family)
    train_surrogate(
        family,
        runs,
        arguments.out or Path("assets/models") / arguments.family,
        Options(seed=arguments.seed),
        lambda text: print(text, flush=True),
        " ".join(words),
        study_of(family, arguments.study),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
