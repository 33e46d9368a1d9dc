"""The command `train`, and how results on tables are shown."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...design.errors import InputError
from ...design.messages import say
from ..results_table import PredictTableResult, TrainResult
from .calling import whole

if TYPE_CHECKING:
    from .tables_concepts import Page

_SHOWN = 20  # rows of a table of predictions on a terminal


def add_train_command(command: Callable[..., argparse.ArgumentParser]) -> None:
    """`maquette train`."""
    p = command("train", "a model of one column of anybody's table, with its card")
    p.add_argument("data", type=Path, metavar="DATA.csv", help="separators ; , tab |, decimal point or comma")
    p.add_argument(
        "--features",
        type=feature_names,
        default="",
        metavar="A,B,..",
        help="columns to learn from (default: all others that do not give the target away)",
    )
    p.add_argument("--target", required=True, metavar="Y", help="the column to predict")
    p.add_argument("--group", default="", metavar="G", help="rows with the same value are held out together")
    p.add_argument(
        "--split",
        default="",
        metavar="FILE",
        help="which rows train and test: JSON, CSV, FILE#NAME, or a column",
    )
    p.add_argument("--folds", type=whole, default=5, metavar="N", help="of the cross-validation (default 5)")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the model and its card")


def feature_names(text: str) -> list[str]:
    """`A,B,..` as names; a name with a comma in it stands in double quotes.

    >>> feature_names('length, "width, front"')
    ['length', 'width, front']
    """
    import csv

    try:
        found = next(csv.reader([text], skipinitialspace=True, strict=True)) if text.strip() else []
    except csv.Error as error:
        raise InputError(say("--features {text!r}: a quotation mark is not closed", text=text)) from error
    return [n.strip() for n in found if n.strip()]


def show_train(page: Page, r: TrainResult) -> None:
    """Scores beside the baselines, members, leaks, remarks."""
    unit = f" [{r.unit}]" if r.unit else ""
    rows = [("this model", _r2(r.r2), f"{r.mae:.4g}", f"{r.coverage:.1%}")]
    rows += [(f"{n} (baseline)", _r2(s["r2"]), f"{s['mae']:.4g}", "") for n, s in r.baseline.items()]
    page.table((f"{r.target}{unit}, {r.judged_on}", "R²>", "mean abs. error>", "90 % interval holds>"), rows)
    shown = [(m["title"], f"{m['weight']:.2f}", _r2(m["r2"]), f"{m['mae']:.4g}") for m in r.members]
    page.table(("member, cross-validation", "weight>", "R²>", "mean abs. error>"), shown)
    for leak in r.leaks:
        page.line(f"LEAK: {leak['text']}")
    for remark in r.remarks:
        page.line(f"note: {remark}")
    page.line(
        f"{r.rows['trained_on']:.0f} rows train, {r.folds} folds, {r.seconds:.0f} s; model in {r.model}, "
        f"card {r.card}"
    )


def show_predictions(page: Page, r: PredictTableResult) -> None:
    """Value, interval, domain, nearest rows."""
    found = r.predictions[r.target]
    unit = f" [{r.unit}]" if r.unit else ""
    rows = [
        (
            p.line,
            f"{p.value:.5g}",
            f"{p.lower:.5g} to {p.upper:.5g}",
            f"{'inside' if p.in_domain else 'OUTSIDE'} ({p.distance:.2f})",
            ", ".join(f"line {e.line}: {e.value:.4g}" for e in p.evidence[:2]),
        )
        for p in found[:_SHOWN]
    ]
    page.table(("line>", f"{r.target}{unit}>", "90 % interval", "domain", "nearest rows that trained"), rows)
    if len(found) > _SHOWN:
        page.line(f"... and {len(found) - _SHOWN} more rows (--json or --out FILE shows all)")
    for p in [p for p in found if not p.in_domain][:5]:
        page.line(f"line {p.line} is outside: {p.reason}")
    if r.measured is not None:
        m = r.measured
        page.line(
            f"against the table's own {r.target}: R² {m['r2']:.3f}, mean abs. error {m['mae']:.4g}, "
            f"interval holds {m['coverage']:.1%}"
        )
    if r.file is not None:
        page.line(f"written to {r.file}")


def _r2(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
