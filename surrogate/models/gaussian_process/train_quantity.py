"""Training one quantity: choose its model, score it on held-out designs, calibrate it, fit it to all runs.

Imports torch (through :mod:`.fit`), so only training imports this module, and inside functions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....design.arrays import FloatArray
from ....design.family.contract import Family
from ...studies.contract import Output
from ...studies.record import Observation
from ...trust.calibration import calibrate
from .features import Feature, features_of
from .fit import fit
from .kernel import KernelSpec
from .options import Options
from .process import Table
from .select import (
    BASELINES,
    CANDIDATES,
    cross_validate,
    cross_validate_baseline,
    folds_of,
    network_ensemble,
    predict_rows,
    score,
)
from .targets import Target, design_matrix, table_of

SELECTION_FOLDS = 6
CURVE_FOLDS = 5
#: starts of the final fit
RESTARTS = 3
NETWORK = "network ensemble (for comparison)"
DERIVED = " + derived features"


@dataclass(frozen=True)
class Trained:
    """One trained quantity: what ``model.json`` says of it, the model, and the held-out designs' noise-free
    sigmas at the top level."""

    about: dict[str, Any]
    target: Target
    sigma_top: FloatArray


@dataclass(frozen=True)
class Choice:
    """The candidate that won, and the scores of all."""

    label: str
    spec: KernelSpec
    features: tuple[Feature, ...]
    table: Table
    scores: dict[str, dict[str, float]]


def train_target(
    family: Family,
    levels: tuple[str, ...],
    output: Output,
    runs: Sequence[Observation],
    options: Options,
    progress: Callable[[str], None],
) -> Trained:
    """Train one output on converged runs of `levels`."""
    quantity = output.name

    def say(text: str) -> None:
        progress(f"{quantity}: {text}")

    choice = choose(family, levels, output, runs, options, say)
    table = choice.table
    top = table.level == table.top
    plain = table_of(family, levels, quantity, features_of(family, design_matrix(family, runs), False), runs)

    count = min(len(np.unique(table.group[top])), options.most_folds)
    folds = folds_of(table, count, options.seed + 1)
    held = cross_validate(table, choice.spec, folds)
    calibration = calibrate(table.truth - held.mean, held.sigma, top)
    scores = {"gp": _scores(table, held.mean)}
    for label, baseline in BASELINES.items():
        scores[label] = _scores(table, cross_validate_baseline(plain, baseline, folds))
    say(
        f"{choice.label} chosen; held-out MAE {scores['gp']['top']['mae']:.5f} (linear "
        f"{scores['linear (ridge)']['top']['mae']:.5f}), R2 {scores['gp']['top']['r2']:.3f}, coverage "
        f"{calibration.coverage:.2f} over {calibration.runs} {levels[-1]} runs"
    )
    posterior = fit(table, choice.spec, RESTARTS)
    target = Target(
        posterior=posterior,
        features=choice.features,
        factor=calibration.factor,
        spread=float(table.truth[top].std()),
        label_noise=float(np.median(table.label_noise[top])),
    )
    about = {
        "unit": output.unit,
        "model": choice.label,
        "kernel": dataclasses.asdict(choice.spec),
        "features": [dataclasses.asdict(f) for f in choice.features],
        "log": table.log,
        "mean": posterior.mean,
        "scale": posterior.scale,
        "spread": target.spread,
        "label_noise": target.label_noise,
        "learned_noise": {level: float(posterior.noise(None, i)) for i, level in enumerate(levels)},
        "calibration": dataclasses.asdict(calibration),
        "selection": choice.scores,
        "folds": int(count),
        "scores": scores,
        "learning_curve": learning_curve(table, choice.spec, options),
    }
    return Trained(about, target, held.sigma_top)


def choose(
    family: Family,
    levels: tuple[str, ...],
    output: Output,
    runs: Sequence[Observation],
    options: Options,
    say: Callable[[str], None],
) -> Choice:
    """The best candidate with the family's derived features, then that one again on the parameters alone.

    Thirty top-level runs alone would choose at random between close candidates: the score is the sum of the
    mean absolute errors over the top level's runs and over all runs. A network ensemble is scored beside the
    candidates for comparison.
    """
    matrix, quantity, log = design_matrix(family, runs), output.name, output.low > 0.0
    found: dict[str, Choice] = {}
    scores: dict[str, dict[str, float]] = {}

    def total(label: str) -> float:
        return scores[label]["mae_top"] + scores[label]["mae_all"]

    def note(label: str, table: Table, mean: FloatArray) -> None:
        top = table.level == table.top
        own, every = score(table.truth[top], mean[top]), score(table.truth, mean)
        scores[label] = {"mae_top": own.mae, "mae_all": every.mae}
        say(f"{label}: held-out MAE {own.mae:.5f} at {levels[-1]}, {every.mae:.5f} over all runs")

    def compete(label: str, suffix: str) -> None:
        features = features_of(family, matrix, derive=bool(suffix))
        table = table_of(family, levels, quantity, features, runs, log)
        folds = folds_of(table, SELECTION_FOLDS, options.seed)
        note(label + suffix, table, cross_validate(table, CANDIDATES[label], folds).mean)
        found[label + suffix] = Choice(label + suffix, CANDIDATES[label], features, table, scores)

    labels = options.candidates or tuple(CANDIDATES)
    derived = any(f.derived for f in features_of(family, matrix, derive=True))
    if len(labels) == 1 and not derived:
        features = features_of(family, matrix, derive=False)
        table = table_of(family, levels, quantity, features, runs, log)
        return Choice(labels[0], CANDIDATES[labels[0]], features, table, {})
    for label in labels:
        compete(label, DERIVED if derived else "")
    if derived:
        compete(min(found, key=total).removesuffix(DERIVED), "")
    chosen = found[min(found, key=total)]
    folds = folds_of(chosen.table, SELECTION_FOLDS, options.seed)
    plain = table_of(family, levels, quantity, chosen.features, runs)
    note(NETWORK, plain, cross_validate_baseline(plain, network_ensemble, folds))
    return chosen


def learning_curve(table: Table, spec: KernelSpec, options: Options) -> list[dict[str, float]]:
    """Held-out errors when only n designs train (their runs at every level)."""
    top = table.level == table.top
    top_designs, every = np.unique(table.group[top]), np.unique(table.group)
    folds = folds_of(table, CURVE_FOLDS, options.seed + 2)
    curve = []
    for wanted in (*(n for n in options.curve if n < len(every)), len(every)):
        mean, used = np.empty(table.size), 0
        for fold in range(CURVE_FOLDS):
            out = folds == fold
            rng = np.random.default_rng([options.seed, wanted, fold])
            pool = np.unique(table.group[~out])
            share = min(1.0, wanted / len(pool))
            chosen = []
            for part in (np.intersect1d(pool, top_designs), np.setdiff1d(pool, top_designs)):
                count = max(min(4, len(part)), round(share * len(part)))
                chosen.append(rng.permutation(part)[:count])
            designs = np.concatenate(chosen)
            used += len(designs)
            keep = ~out & np.isin(table.group, designs)
            mean[out] = predict_rows(fit(table.rows(keep), spec, restarts=1), table.rows(out))[0]
        own, all_runs = score(table.truth[top], mean[top]), score(table.truth, mean)
        curve.append(
            {
                "designs": round(used / CURVE_FOLDS),
                "mae_top": own.mae,
                "r2_top": own.r2,
                "mae_all": all_runs.mae,
            }
        )
    return curve


def _scores(table: Table, mean: FloatArray) -> dict[str, Any]:
    """Held-out errors at the top level and over all runs."""
    top = table.level == table.top
    return {
        "top": dataclasses.asdict(score(table.truth[top], mean[top])),
        "all": dataclasses.asdict(score(table.truth, mean)),
    }
