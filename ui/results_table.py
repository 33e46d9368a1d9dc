"""What the verbs on anybody's table return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .results import Result


@dataclass(frozen=True)
class TrainResult(Result):
    """A model of one column of a table.

    Attributes:
        r2, mae, coverage: on the test rows of the split, else cross-validated. judged_on: which of them.
        baseline: the same of the mean and of a linear model.
        folds: of the cross-validation. fold_scores: of each.
        model: folder with the model and its card. members: the kept models with their weights and scores.
        leaks: features that give the target away. remarks: what was left out or assumed.
        rows: counts of rows: all, trained on, tested on, duplicates, without target.
    """

    target: str
    unit: str
    r2: float | None
    mae: float
    coverage: float
    judged_on: str
    baseline: Mapping[str, Any]
    folds: int
    fold_scores: tuple[Mapping[str, Any], ...]
    model: Path
    card: Path
    members: tuple[Mapping[str, Any], ...]
    features: tuple[str, ...]
    split: Mapping[str, str] | None
    leaks: tuple[Any, ...]
    remarks: tuple[str, ...]
    rows: Mapping[str, float]
    learning_curve: tuple[Mapping[str, Any], ...]
    sobol_total: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class PredictTableResult(Result):
    """Predictions of every row of a table.

    Attributes:
        predictions: by target, one answer a row.
        in_domain: every row is inside. outside: how many are not.
        measured: R², mean absolute error, coverage where the table holds the target itself; else None.
        file: the table with its predictions beside it; None where none was asked for.
    """

    table: Path
    model: Path
    target: str
    unit: str
    predictions: Mapping[str, tuple[Any, ...]]
    in_domain: bool
    outside: int
    measured: Mapping[str, float] | None
    file: Path | None = None
