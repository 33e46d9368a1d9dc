"""Learn one column of a table from others: members judged on rows held out, weighed, recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ....design.arrays import FloatArray, IntArray
from ....design.errors import InputError
from ....design.messages import say
from ....design.statistics import r_squared
from ...trust.prediction import COVERAGE
from . import ridge
from .data import Data, prepare
from .domain import coordinates, fit_domain
from .encoding import matrix, owners
from .folds import FOLDS, group_folds
from .members import Member, Weights, candidates
from .model import TableModel
from .reading import RawTable
from .stack import Stacked, disagreement, fit_interval, stack

_SHOWN = 600  # held-out rows that the record keeps for its picture
_SHUFFLED = 400  # rows on which a column's weight is judged
_ALL_FOLDS = 600  # rows up to which the learning curve is measured on every fold
_CURVE = (0.25, 0.5)  # shares of the rows at which the learning curve is measured, beside all of them

Progress = Callable[[str, float], None]


def train_table(
    table: RawTable,
    features: Sequence[str],
    target: str,
    *,
    group: str = "",
    split: str = "",
    folds: int = FOLDS,
    seed: int = 0,
    progress: Progress = lambda stage, share: None,
) -> TableModel:
    """A model of `target` from `features` (all other columns that do not leak, when empty), with its record.

    Args:
        group: a column; rows with the same value are held out together.
        split: see :func:`.folds.read_split`; its test rows give the scores, and never train.
        folds: of the cross-validation, 2 to 20.

    Raises:
        InputError: see :func:`.data.prepare`; a number of folds out of bounds.
    """
    if not 2 <= folds <= 20:
        raise InputError(say("--folds must be 2 to 20, not {count}", count=folds))
    data = prepare(table, features, target, group, split)
    z = matrix(data.features, data.columns)
    rows = np.flatnonzero(data.train)
    x, y = z[rows], data.y[rows]
    fold = group_folds(data.groups[rows], folds, seed)
    tried = candidates(y)
    held = _held_out(tried, x, y, fold, seed, progress)
    held, tried = _sound(held, tried, y)
    found = stack(held, y, fold)
    kept = [m for m, w in zip(tried, found.weights, strict=True) if w > 0]
    mix = found.weights[found.weights > 0]
    progress("learning from every row", 0.0)
    weights = {m.name: m.learn(x, y, seed) for m in kept}
    answers = np.column_stack([m.predict(weights[m.name], z) for m in kept])
    judged, scores = _judged(data, z, answers, found, held[:, found.weights > 0], fold, mix)
    interval = judged.pop("interval")
    sobol = _sobol(data, kept, weights, mix, x, seed)
    domain = fit_domain(data.features, coordinates(data.features, data.columns)[rows], sobol)
    info = {
        "kind": "table",
        "target": data.target,
        "unit": data.unit,
        "group": data.group,
        "file": table.path.name,
        "seed": seed,
        "features": [f.to_json() for f in data.features],
        "data": {
            **data.counts,
            "trained_on": len(rows),
            "tested_on": int(data.test.sum()),
            "groups": len(np.unique(data.groups[rows])),
            "separator": table.separator,
            "encoding": table.encoding,
            "target_low": float(y.min()),
            "target_high": float(y.max()),
            "target_mean": float(y.mean()),
            "target_std": float(y.std()),
        },
        "split": None if data.split is None else {"name": data.split.name, "ids": data.split.ids},
        "folds": len(np.unique(fold)),
        "fold_scores": [
            {"fold": int(f), **_score(y[fold == f], found.value[fold == f], found.half[fold == f])}
            for f in np.unique(fold)
        ],
        "members": [
            {"name": m.name, "title": m.title, "weight": float(w), **_score(y, held[:, j])}
            for j, (m, w) in enumerate(zip(tried, found.weights, strict=True))
        ],
        "coverage_nominal": COVERAGE,
        **scores,
        **judged,
        "interval": {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(interval).items()},
        "domain": domain.to_json(),
        "sobol_total": {
            f.name: float(s) for f, s in sorted(zip(data.features, sobol, strict=True), key=lambda p: -p[1])
        },
        "learning_curve": _curve(kept, mix, x, y, fold, data.groups[rows], found, seed, progress),
        "leaks": [leak.to_json() for leak in data.leaks],
        "remarks": list(data.remarks),
    }
    progress("learning from every row", 1.0)
    return TableModel(info, tuple(data.features), weights, mix, interval, domain, data.lines[rows], y)


def _held_out(
    tried: Sequence[Member], x: FloatArray, y: FloatArray, fold: IntArray, seed: int, progress: Progress
) -> FloatArray:
    """Each member's answers about rows that it did not see (n x k)."""
    found = np.empty((len(y), len(tried)))
    every = np.unique(fold)
    for i, f in enumerate(every):
        progress("cross-validation", i / len(every))
        out = fold == f
        for j, member in enumerate(tried):
            found[out, j] = member.predict(member.learn(x[~out], y[~out], seed), x[out])
    progress("cross-validation", 1.0)
    return found


def _sound(held: FloatArray, tried: Sequence[Member], y: FloatArray) -> tuple[FloatArray, tuple[Member, ...]]:
    """Without members that are worse than the mean, unless all are."""
    good = np.isfinite(held).all(0) & (((held - y[:, None]) ** 2).mean(0) < y.var())
    if not good.any():
        good[int(np.argmin(((held - y[:, None]) ** 2).mean(0)))] = True
    return held[:, good], tuple(m for m, g in zip(tried, good, strict=True) if g)


def _judged(
    data: Data,
    z: FloatArray,
    answers: FloatArray,
    found: Stacked,
    held: FloatArray,
    fold: IntArray,
    mix: FloatArray,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The interval and what was held out, and the scores: of the test rows with a split, else by folds."""
    rows = np.flatnonzero(data.train)
    y = data.y[rows]
    level, size = float(y.mean()), float(y.std())
    interval, value = found.interval, answers @ mix
    more = data.calibrate
    if more.any():  # rows for validation never train; they tell how wide the interval must be
        interval = fit_interval(
            np.concatenate([found.value, value[more]]),
            np.concatenate([disagreement(held), disagreement(answers[more])]),
            np.concatenate([y - found.value, data.y[more] - value[more]]),
            level,
            size,
        )
    elif found.weights.size != mix.size:
        interval = fit_interval(found.value, disagreement(held), y - found.value, level, size)
    if data.test.any():
        out = data.test
        half = interval.half(value[out], disagreement(answers[out]))
        truth, said, lines = data.y[out], value[out], data.lines[out]
        mean = np.full(len(truth), level)
        linear = ridge.answer(ridge.fit_linear(z[rows], y), z[out])
    else:
        truth, said, half, lines = y, found.value, found.half, data.lines[rows]
        mean, linear = np.empty(len(y)), np.empty(len(y))
        for f in np.unique(fold):
            o = fold == f
            mean[o] = y[~o].mean()
            linear[o] = ridge.answer(ridge.fit_linear(z[rows][~o], y[~o]), z[rows][o])
    scores = {
        **_score(truth, said, half),
        "half_width": float(half.mean()),
        "judged_on": "test rows of the split" if data.test.any() else "cross-validation",
        "baseline": {"mean": _score(truth, mean), "linear": _score(truth, linear)},
    }
    worst = np.argsort(-np.abs(said - truth), kind="stable")[:5]
    shown = np.unique(np.linspace(0, len(truth) - 1, min(_SHOWN, len(truth))).astype(np.int64))
    judged = {
        "interval": interval,
        "failures": [
            {"line": int(lines[i]), "truth": float(truth[i]), "value": float(said[i]), "half": float(half[i])}
            for i in worst
        ],
        "by_fifth": _by_fifth(truth, said, half),
        "held_out": [[float(truth[i]), float(said[i]), float(half[i])] for i in shown],
    }
    return judged, scores


def _by_fifth(truth: FloatArray, said: FloatArray, half: FloatArray) -> list[dict[str, float]]:
    edges = np.quantile(truth, [0.2, 0.4, 0.6, 0.8])
    part = np.searchsorted(edges, truth, side="right")
    return [
        {
            "low": float(truth[part == k].min()),
            "high": float(truth[part == k].max()),
            **_score(truth[part == k], said[part == k], half[part == k]),
        }
        for k in range(5)
        if (part == k).any()
    ]


def _score(truth: FloatArray, said: FloatArray, half: FloatArray | None = None) -> dict[str, Any]:
    """R², mean absolute error, rows and, with half widths, coverage. R² is None for a constant truth."""
    found: dict[str, Any] = {
        "r2": r_squared(truth, said) if np.ptp(truth) > 0 else None,
        "mae": float(np.abs(truth - said).mean()),
        "rows": len(truth),
    }
    if half is not None:
        found["coverage"] = float((np.abs(truth - said) <= half).mean())
    return found


def _sobol(
    data: Data, kept: Sequence[Member], weights: dict[str, Weights], mix: FloatArray, x: FloatArray, seed: int
) -> FloatArray:
    """Total Sobol index of each column on the model, over the rows as they are (d,).

    Jansen's estimator with a column shuffled among rows (Jansen, "Analysis of variance designs for model
    output", Computer Physics Communications 117, 1999); columns that go together share what they say.
    """
    rng = np.random.default_rng(seed)
    some = np.sort(rng.permutation(len(x))[:_SHUFFLED])
    base = x[some]

    def ask(z: FloatArray) -> FloatArray:
        return np.asarray(np.column_stack([m.predict(weights[m.name], z) for m in kept]) @ mix)

    value = ask(base)
    spread = max(float(value.var()), 1e-300)
    found = []
    for own in owners(data.features):
        moved = base.copy()
        moved[:, own] = base[rng.permutation(len(base)), own]
        found.append(float(((ask(moved) - value) ** 2).mean()) / (2.0 * spread))
    return np.array(found)


def _curve(
    kept: Sequence[Member],
    mix: FloatArray,
    x: FloatArray,
    y: FloatArray,
    fold: IntArray,
    groups: IntArray,
    found: Stacked,
    seed: int,
    progress: Progress,
) -> list[dict[str, Any]]:
    """Error on held-out rows from growing shares of the other folds' rows, drawn by group.

    On every fold of a small table, on the first one of a large table.
    """
    folds = np.unique(fold) if len(y) <= _ALL_FOLDS else np.array([0])
    judged = np.isin(fold, folds)
    points = []
    for share in _CURVE:
        progress("learning curve", share)
        said, counts = np.full(len(y), np.nan), []
        for f in folds:
            out = fold == f
            names = np.unique(groups[~out])
            order = np.random.default_rng(seed).permutation(len(names))
            few = names[order[: max(2, round(share * len(names)))]]
            some = ~out & np.isin(groups, few)
            if some.sum() < 12 or np.ptp(y[some]) == 0:
                break
            answers = [m.predict(m.learn(x[some], y[some], seed), x[out]) for m in kept]
            said[out] = np.column_stack(answers) @ mix
            counts.append(int(some.sum()))
        if np.isfinite(said[judged]).all():
            points.append({"trained_on": round(np.mean(counts)), **_score(y[judged], said[judged])})
    every = round(np.mean([(fold != f).sum() for f in folds]))
    return [*points, {"trained_on": every, **_score(y[judged], found.value[judged])}]
