"""The verbs on anybody's table: learn one of its columns, predict it for other rows."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError
from ...design.files import write_text
from ...design.messages import say
from ..output import prepare_folder
from ..progress import Progress, silent
from ..results_table import PredictTableResult, TrainResult

if TYPE_CHECKING:
    from ...surrogate.models.table.model import RowPrediction
    from ...surrogate.models.table.reading import RawTable

FOLDS = 5


def train(
    data: Path | str,
    features: Sequence[str],
    target: str,
    out: Path | str,
    *,
    group: str = "",
    split: Path | str = "",
    folds: int = FOLDS,
    seed: int = 0,
    progress: Progress = silent,
) -> TrainResult:
    """Learn one column of a table from others; the model and its card are written to `out`.

    Args:
        data: a text table: any usual separator, encoding and decimal sign.
        features: names of columns; all others that do not give the target away, when empty.
        group: a column; rows with the same value are held out together.
        split: which rows train and test: a file (JSON or CSV, `FILE#NAME` for one of several) or a column.
        folds: of the cross-validation.

    Raises:
        InputError: the file, unknown columns (naming the nearest), a target that is no number, too few rows.
        MissingComponentError: LightGBM cannot be loaded.
    """
    from ...surrogate.models.table.card import HTML_NAME
    from ...surrogate.models.table.reading import read_table
    from ...surrogate.models.table.train import train_table

    began = time.perf_counter()
    table = read_table(Path(data))
    folder = prepare_folder(Path(out))
    model = train_table(
        table, features, target, group=group, split=str(split), folds=folds, seed=seed, progress=progress
    )
    model.save(folder)
    info = model.info
    counts = ("rows", "trained_on", "tested_on", "duplicates", "without_target", "repeated_inputs")
    same = (
        "target",
        "unit",
        "r2",
        "mae",
        "coverage",
        "judged_on",
        "baseline",
        "folds",
        "split",
        "sobol_total",
    )
    lists = ("fold_scores", "members", "leaks", "remarks", "learning_curve")
    told: dict[str, Any] = {n: info[n] for n in same} | {n: tuple(info[n]) for n in lists}
    return TrainResult(
        **told,
        features=tuple(f["name"] for f in info["features"]),
        rows={n: info["data"][n] for n in counts},
        model=folder,
        card=folder / HTML_NAME,
        seconds=time.perf_counter() - began,
    )


def predict_table(
    table: Path | str, model: Path | str | None, *, out: Path | None = None, progress: Progress = silent
) -> PredictTableResult:
    """Predict the target of a trained model for every row of a table.

    Args:
        model: the folder that :func:`train` wrote.
        out: also write the table with value, interval, inside or not and the reason beside it, as CSV.

    Raises:
        InputError: the file, no model named, a feature is missing or is no number.
        ModelError: no model of a table, or a damaged one.
    """
    from ...surrogate.models.table.model import load_table_model, measured
    from ...surrogate.models.table.reading import read_table

    if model is None:
        raise InputError(
            say("{path} is a table: --model DIR must name a model that `maquette train` made", path=table)
        )
    progress("predicting", 0.0)
    loaded = load_table_model(Path(model))
    raw = read_table(Path(table))
    found = loaded.predict(raw)
    truth = loaded.truth(raw)
    if out is not None:
        _write(out, raw, loaded.target, found)
    progress("predicting", 1.0)
    return PredictTableResult(
        table=Path(table),
        model=Path(model),
        target=loaded.target,
        unit=str(loaded.info["unit"]),
        predictions={loaded.target: found},
        in_domain=all(r.in_domain for r in found),
        outside=sum(not r.in_domain for r in found),
        measured=None if truth is None else measured(truth, found),
        file=out,
    )


def is_table(path: Path | str) -> bool:
    """Whether a file is a table of text by its name."""
    from ...surrogate.models.table.reading import SUFFIXES

    return Path(path).suffix.lower() in SUFFIXES


def _write(path: Path, raw: RawTable, target: str, found: Sequence[RowPrediction]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    added = ("predicted", "lower", "upper", "inside", "reason")
    writer.writerow([*map(_safe, raw.headers), *(f"{target} {a}" for a in added)])
    for cells, r in zip(zip(*raw.cells, strict=True), found, strict=True):
        own: list[Any] = [
            f"{r.value:.9g}",
            f"{r.lower:.9g}",
            f"{r.upper:.9g}",
            "yes" if r.in_domain else "no",
        ]
        writer.writerow([*map(_safe, cells), *own, r.reason])
    write_text(path, text.getvalue())


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    risky = cell[:1] in ("=", "@") or (
        cell[:1] in ("+", "-") and not cell[1:2].isdigit() and cell[1:2] not in (".", ",")
    )
    return f"'{cell}" if risky and len(cell) > 1 else cell
