"""Train a family's shape model from the hulls of its runs, and write its card.

    python -m maquette.surrogate.models.shape.train --family car --out assets/models/car_shape

Everything the card states is computed here, from whole designs held out, and stored in ``model.json``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ....design.arrays import BoolArray, FloatArray, IntArray
from ....design.concepts.fit.shape import surface_distance
from ....design.errors import InputError, answers_errors
from ....design.exchange.shapes.axes import profiles_of
from ....design.family.contract import Family
from ....design.family.registry import get_family
from ....design.geometry.mesh import Mesh
from ....design.statistics import r_squared
from ...runs.dataset import design_key, fields_path, read_fields, runs_hash, shipped_data_path
from ...studies.contract import Study
from ...studies.record import Observation
from ...studies.registry import study_of
from ...studies.wind_tunnel.pressure import PRESSURE, upper_half
from ...trust.calibration import conformal_quantile
from ...trust.prediction import COVERAGE
from ..store import save_model
from ..table import ridge
from ..table.folds import group_folds
from ..train import load_training_data, training_runs
from .card import write_card
from .domain import fit_shape_domain
from .learners import CANDIDATES, learn
from .model import KIND, PREFIX, keys_of
from .numbers import shape_numbers
from .pressure import (
    drawn,
    fit_pressure,
    point_numbers,
    relative_l2,
    vertex_areas,
    whole_of,
)
from .pressure_baselines import baseline_errors, places_of

FOLDS = 10
GROUP_SHARE = 0.12  # of the runs, that a group left out holds
PARTS = 5  # that the runs are held out in for the pressure
JUDGED = 4  # every so manyth vertex of a run held out is judged
NEAREST_BY = 12  # directions by which the nearest run is found
APART = 40  # runs whose distance to the nearest other hull is measured


def train_shape_model(
    family: Family,
    runs: Sequence[Observation],
    out: Path,
    fields: Mapping[str, Mapping[str, Any]],
    command: str,
    study: Study | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train on the dearest fidelity of `runs`, write model and card into `out`, return the record.

    Args:
        fields: of the runs on the vertices of their hulls, by run and name.

    Raises:
        InputError: too few runs.
    """
    started = time.perf_counter()
    study = study or study_of(family)
    kept, levels = training_runs(family, runs, study)
    kept = [run for run in kept if run.fidelity == levels[-1]]
    progress(f"{len(kept)} runs at {levels[-1]}; making their hulls")
    hulls = [family.hull(run.parameters) for run in kept]
    named = [shape_numbers(mesh) for mesh in hulls]
    names = tuple(named[0])
    numbers = np.array([[row[n] for n in names] for row in named])
    keys = np.array([keys_of(row) for row in named])
    progress(f"{len(names)} numbers of each")
    domain = fit_shape_domain(numbers, keys)
    groups = np.unique([design_key(run.parameters) for run in kept], return_inverse=True)[1]
    fold = group_folds(groups.astype(np.int64), FOLDS, seed)
    arrays: dict[str, Any] = {
        f"domain.{k}": getattr(domain, k)
        for k in ("middle", "scale", "axes", "back", "anchors", "low", "high")
    }
    arrays["profiles"] = np.stack([profiles_of(mesh) for mesh in hulls])
    outputs = {}
    for output in study.learned:
        y = np.array([run.outputs[output.name] for run in kept])
        about, level, slopes = _output(names, numbers, y, fold, domain)
        outputs[output.name] = {"unit": output.unit, "level": level, **about}
        arrays |= {f"slopes.{output.name}": slopes, f"values.{output.name}": y}
        progress(f"{output.name}: R2 {about['r2']:.3f}, MAE {about['mae']:.4f}, {about['baselines']}")
    places = domain.along(numbers)[0]
    pressure, more = _pressure(kept, hulls, whole_of(names, numbers, domain), fields, fold, progress)
    arrays |= more
    left_out = _groups_left_out(numbers, keys, names)
    progress(f"groups left out: {left_out}")
    near = domain.distances(places)[0][:, 1]
    lengths = numbers[:, names.index("length")]
    some = range(0, len(kept), max(1, len(kept) // APART))
    apart = [surface_distance(hulls[i], hulls[near[i]])[0] / lengths[i] for i in some]
    info = {
        "kind": KIND,
        "family": family.name,
        "study": study.name,
        "fidelity": levels[-1],
        "recipes": sorted({run.recipe for run in kept}),
        "declaration_hash": family.declaration_hash,
        "runs": [run.run_id for run in kept],
        "numbers": list(names),
        "data_sha256": runs_hash(kept),
        "folds": FOLDS,
        "outputs": outputs,
        "pressure": pressure,
        "limits": {
            "rest": domain.rest,
            "reach": domain.reach,
            "neighbours_apart": float(np.median(apart)),
        },
        "groups_left_out": left_out,
        "seed": seed,
        "command": command,
        "train_seconds": round(time.perf_counter() - started, 1),
    }
    full = save_model(out, info, arrays)
    write_card(full, out)
    progress(f"written to {out} after {full['train_seconds']} s")
    return full


def _output(
    names: Sequence[str], numbers: FloatArray, y: FloatArray, fold: IntArray, domain: Any
) -> tuple[dict[str, Any], float, FloatArray]:
    """Scores of one output on designs held out, and the model of all runs: level and slopes (p,)."""
    z = np.clip((numbers - domain.middle) / domain.scale, -4.0, 4.0)
    held = {name: np.empty(len(y)) for name in CANDIDATES}
    baselines = {name: np.empty(len(y)) for name in ("mean", "linear", "nearest")}
    core = [j for j, n in enumerate(names) if not n.rpartition("_")[2].isdigit()]
    for f in np.unique(fold):
        out = fold == f
        for name, candidate in CANDIDATES.items():
            level, slopes = learn(candidate, names, z[~out], y[~out])
            held[name][out] = level + z[out] @ slopes
        baselines["mean"][out] = y[~out].mean()
        baselines["linear"][out] = ridge.answer(
            ridge.fit_linear(z[np.ix_(~out, core)], y[~out]), z[np.ix_(out, core)]
        )
        away = ((z[out][:, None, core] - z[~out][None, :, core]) ** 2).sum(axis=2)
        baselines["nearest"][out] = y[~out][away.argmin(axis=1)]
    said = np.mean(list(held.values()), axis=0)
    off = np.abs(said - y)
    covered = np.empty(len(y), dtype=bool)
    for f in np.unique(fold):
        out = fold == f
        covered[out] = off[out] <= _half(off[~out])
    learned = [learn(c, names, z, y) for c in CANDIDATES.values()]
    about = {
        **_score(y, said),
        "coverage": float(covered.mean()),
        "half_width": _half(off),
        "rows": len(y),
        "members": {name: _score(y, p) for name, p in held.items()},
        "baselines": {name: _score(y, p) for name, p in baselines.items()},
        "held_out": [[float(a), float(b)] for a, b in zip(y, said, strict=True)],
    }
    level = float(np.mean([level for level, _ in learned]))
    return about, level, np.mean([slopes for _, slopes in learned], axis=0)


def _half(off: FloatArray) -> float:
    return conformal_quantile(off, np.ones(len(off)), 1.0, COVERAGE)


def _score(truth: FloatArray, said: FloatArray) -> dict[str, float]:
    error = float(np.abs(truth - said).mean())
    return {"r2": round(r_squared(truth, said), 4), "mae": round(error, 5)}


def _pressure(
    runs: Sequence[Observation],
    hulls: Sequence[Mesh],
    wholes: FloatArray,
    fields: Mapping[str, Mapping[str, Any]],
    fold: IntArray,
    progress: Callable[[str], None],
) -> tuple[dict[str, Any], dict[str, FloatArray]]:
    """The pressure model's record and arrays; nothing where too few runs kept their pressure."""
    halves = [np.flatnonzero(upper_half(mesh)) for mesh in hulls]
    have = [
        i for i, run in enumerate(runs) if len(fields.get(run.run_id, {}).get(PRESSURE, ())) == len(halves[i])
    ]
    if len(have) < 3 * FOLDS:
        return {}, {}
    progress(f"surface pressure of {len(have)} runs")
    x, part = wholes[have], fold[have] % PARTS
    points, values, judged = [], [], []
    for i in have:
        mesh, half = hulls[i], halves[i]
        known = np.asarray(fields[runs[i].run_id][PRESSURE], dtype=np.float64)
        some, seen = drawn(mesh, half, i), slice(i % JUDGED, None, JUDGED)
        told = point_numbers(mesh, np.concatenate([some, half[seen]]))
        points.append(told[: len(some)])
        values.append(known[np.searchsorted(half, some)])
        truth, area = known[seen], vertex_areas(mesh)[half[seen]]
        judged.append((told[len(some) :], places_of(mesh)[half[seen]], truth, area))
    numbers, places, truths, areas = zip(*judged, strict=True)
    progress("their points' numbers")
    errors = np.empty(len(have))
    for f in np.unique(part):
        rest, out = np.flatnonzero(part != f), np.flatnonzero(part == f)
        model = fit_pressure([points[k] for k in rest], [values[k] for k in rest], x[rest])
        errors[out] = [relative_l2(model.of(numbers[k], x[k]), truths[k], areas[k]) for k in out]
        progress(f"surface pressure: part {f + 1} of {PARTS} held out, relative L2 {errors[out].mean():.3f}")
    found = {"ours": float(errors.mean()), **baseline_errors(places, truths, areas, x[:, :NEAREST_BY], part)}
    progress(f"surface pressure, relative L2: {found}")
    model = fit_pressure(points, values, x)
    rounded = {name: round(value, 4) for name, value in found.items()}
    return {"runs": len(have), "relative_l2": rounded}, {PREFIX + k: v for k, v in model.trees.items()}


def _groups_left_out(numbers: FloatArray, keys: FloatArray, names: Sequence[str]) -> dict[str, Any]:
    """Share of a kind of body that is refused when none of its kind trained, and of ordinary ones."""
    length, height, _, clearance, tail = keys.T
    count = max(2, round(GROUP_SHARE * len(keys)))

    def most(value: FloatArray) -> BoolArray:
        return np.asarray(value >= np.sort(value)[-count])

    kinds = {
        "SUV-like (highest)": most(height),
        "high off the ground": most(clearance),
        "estate-like (highest tail)": most(tail),
        "very short": most(-length),
        "very low": most(-height),
    }
    found = {}
    rng = np.random.default_rng(0)
    for name, group in kinds.items():
        rest = np.flatnonzero(~group)
        part = rng.permutation(len(rest)) % 5
        refused = []
        for k in range(5):
            domain = fit_shape_domain(numbers[rest[part != k]], keys[rest[part != k]])
            out = rest[part == k]
            ratios = domain.ratios(numbers[out], keys[out])
            refused += (np.max(list(ratios.values()), axis=0) > 1.0).tolist()
        domain = fit_shape_domain(numbers[rest], keys[rest])
        ratios = domain.ratios(numbers[group], keys[group])
        found[name] = {
            "of": int(group.sum()),
            "refused": round(float((np.max(list(ratios.values()), axis=0) > 1.0).mean()), 4),
            "ordinary_refused": round(float(np.mean(refused)), 4),
        }
    return found


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Train the shape model of a family from runs of a study."""
    parser = argparse.ArgumentParser(
        prog="python -m maquette.surrogate.models.shape.train", description=main.__doc__
    )
    parser.add_argument("--family", default="car")
    parser.add_argument("--study", default="", help="of the family; its first without")
    parser.add_argument("--out", type=Path, help="default: assets/models/<family>_shape")
    parser.add_argument(
        "--runs", type=Path, help="a .parquet with its fields beside it; default: shipped data"
    )
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args(argv)
    words = ["python -m maquette.surrogate.models.shape.train", *(sys.argv[1:] if argv is None else argv)]
    family = get_family(a.family)
    if not family.studies:
        raise InputError(f"family {family.name!r} is put through no study")
    runs = load_training_data(a.family, [a.runs] if a.runs else [])
    fields = read_fields(fields_path(a.runs or shipped_data_path(a.family)))
    train_shape_model(
        family,
        runs,
        a.out or Path("assets/models") / f"{a.family}_shape",
        fields,
        " ".join(words),
        study_of(family, a.study),
        a.seed,
        lambda text: print(text, flush=True),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
