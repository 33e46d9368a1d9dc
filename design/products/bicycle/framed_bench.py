"""Agreement with FRAMED's published results, printed as tables.

``python -m maquette.design.products.bicycle.framed_bench --data DIR``, DIR with FRAMED's ``frames.csv``;
with ``--learn`` what models gain from the beams.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import InputError, answers_errors
from .framed import FLIP_MM, OUTPUTS, THIN_SEAT_TUBE_MM, outputs, seat_tube_as_told, values_of


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The table's rows by column.

    Raises:
        InputError: the folder has no ``frames.csv``.
    """
    path = folder / "frames.csv"
    if not path.is_file():
        raise InputError(f"{path}: no such file; FRAMED's table is not shipped, give its folder with --data")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(rows: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], Counter[str]]:
    """Results of all rows that can be drawn: published and ours (n, 10), flags (n,); and refusals by rule."""
    published, ours, told, up, refused, place, why = [], [], [], [], [], [], Counter[str]()
    for k, row in enumerate(rows):
        read = values_of(row)
        why.update(read.refused or ("none",))
        if not read.values:
            continue
        as_told = seat_tube_as_told(row)
        values = read.values if as_told else {**read.values, "seat_tube_wall": THIN_SEAT_TUBE_MM}
        try:
            found = outputs(row, values)
        except InputError:
            why["no-section"] += 1
            continue
        published.append([float(row[o]) for o in OUTPUTS])
        ours.append([found[o] for o in OUTPUTS])
        told.append(as_told)
        up.append(values["bottom_bracket_drop"] < FLIP_MM)
        refused.append(any(r != "inside-our-ranges" for r in read.refused))
        place.append(k)
    table = {
        "published": np.array(published), "ours": np.array(ours), "told": np.array(told), "up": np.array(up),
        "refused": np.array(refused), "row": np.array(place),
    }  # fmt: skip
    return table, why


def report(table: dict[str, Any], why: Counter[str]) -> str:
    """The tables in words."""
    from scipy.stats import spearmanr

    y, x, told, up = (table[k] for k in ("published", "ours", "told", "up"))
    safe = (y[:, 7] > 1.0) & (y[:, 8] > 1.0)
    groups = {
        "all": np.ones(len(y), dtype=bool),
        "as told": told,
        "as told, pulled down": told & ~up,
        "as told, lifted": told & up,
        "as told, both safe": told & safe,
        "0.9 mm seat tube": ~told,
    }
    lines = ["Rank correlation of our beams with FRAMED's results", ""]
    lines.append(f"{'':30s}" + "".join(f"{name:>22s}" for name in groups))
    lines.append(f"{'frames':30s}" + "".join(f"{int(k.sum()):22d}" for k in groups.values()))
    for j, output in enumerate(OUTPUTS):
        cells = []
        for k in groups.values():
            cells.append(f"{spearmanr(x[k, j], y[k, j])[0]:22.3f}" if k.sum() > 2 else f"{'':22s}")
        lines.append(f"{output:30s}" + "".join(cells))
    lines += ["", "As told: published over ours, and the frames that are off by more than twice"]
    for j, output in enumerate(OUTPUTS):
        ratio = np.abs(y[told, j] / x[told, j])
        middle = float(np.median(ratio))
        less, more = ratio < 0.5 * middle, ratio > 2.0 * middle
        near = ~(less | more)
        rank = spearmanr(x[told, j][near], y[told, j][near])[0]
        lines.append(
            f"{output:30s} median {middle:.2f}, less than half {int(less.sum())}, over twice "
            f"{int(more.sum())}, rank correlation of the others {rank:.3f}"
        )
    lines.append("")
    for name, k in (("as told", told), ("0.9 mm seat tube", ~told)):
        off = np.abs(x[k, 9] / y[k, 9] - 1.0)
        lines.append(
            f"mass, {name}: median error {np.median(off):.1%}, nine in ten within {np.quantile(off, 0.9):.1%}"
        )
    lines += ["", "Rows by the rules that refuse them (a row may break several):"]
    lines += [f"{n:6d}  {rule}" for rule, n in why.most_common()]
    return "\n".join(lines)


def learned(rows: Sequence[dict[str, Any]]) -> str:
    """R2 and mean absolute error on held-out rows (one in five) of ridge and boosted trees, on the table's
    parameters alone and with our beams' outputs beside them, and of trees that learn what share the published
    result is of ours."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import RidgeCV
    from sklearn.metrics import mean_absolute_error, r2_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    plain, extra, target = [], [], []
    for row in rows:
        read = values_of(row)
        if not read.values:
            continue
        try:
            found = outputs(row, read.values)
            thin = outputs(row, {**read.values, "seat_tube_wall": THIN_SEAT_TUBE_MM})
        except InputError:
            continue
        names = [c for c in row if c not in ("frame", "Material", *OUTPUTS)]
        kinds = [float(row["Material"] == m) for m in ("Steel", "Aluminum", "Titanium")]
        plain.append([float(row[c]) for c in names] + kinds)
        extra.append([*found.values(), *(found if seat_tube_as_told(row) else thin).values()])
        target.append([float(row[o]) for o in OUTPUTS])
    parameters, beams, y = np.array(plain), np.array(extra), np.array(target)
    low, high = np.quantile(beams, (0.01, 0.99), axis=0)
    beams = np.clip(beams, low, high)  # frames that hardly hold together would rule a straight line
    own = beams[:, len(OUTPUTS) :]
    held = np.random.default_rng(0).permutation(len(y))[: len(y) // 5]
    kept = np.setdiff1d(np.arange(len(y)), held)
    both = np.concatenate([parameters, beams], axis=1)
    heads = ("ridge", "ridge + beams", "trees", "trees + beams", "trees of the ratio")
    lines = [f"{len(kept)} rows to learn from, {len(held)} held out: R2 (MAE)"]
    lines.append(f"{'':30s}" + "".join(f"{n:>24s}" for n in heads))
    for j, output in enumerate(OUTPUTS):
        ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-3, 4, 15)))
        trees = HistGradientBoostingRegressor(random_state=0)
        said = [
            m.fit(x[kept], y[kept, j]).predict(x[held]) for m in (ridge, trees) for x in (parameters, both)
        ]
        scale = own[:, j]
        ratio = np.clip(y[:, j] / np.where(np.abs(scale) < 1e-9, 1e-9, scale), -4.0, 4.0)
        said.append(trees.fit(both[kept], ratio[kept]).predict(both[held]) * scale[held])
        true = y[held, j]
        cells = [f"{r2_score(true, p):.3f} ({mean_absolute_error(true, p):.2e})" for p in said]
        lines.append(f"{output:30s}" + "".join(f"{c:>24s}" for c in cells))
    return "\n".join(lines)


@answers_errors
def main(words: Sequence[str] | None = None) -> int:
    """Print the tables; 2 where the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with FRAMED's frames.csv")
    parser.add_argument(
        "--learn", action="store_true", help="models on parameters, without and with our beams"
    )
    parser.add_argument("--every", type=int, default=1, help="take one row in so many")
    given = parser.parse_args(words)
    rows = rows_of(given.data)[:: given.every]
    print(learned(rows) if given.learn else report(*run(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
