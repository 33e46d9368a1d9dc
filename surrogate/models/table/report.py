"""What is suspicious in a table: columns that give the target away, rows that stand there twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ....design.arrays import BoolArray, FloatArray, IntArray
from ....design.messages import listed, say, spelt
from ....design.statistics import r_squared
from .columns import Column

EXACT = 1.0 - 1e-6  # R² from which a column, or a sum of columns, is the target itself
NEAR = 0.99  # R² from which one column alone nearly determines the target
_LEAST = 30  # rows from which "nearly" is judged


@dataclass(frozen=True)
class Leak:
    """Columns that give the target away; `kind`: equal, order, determines, sum or product."""

    columns: tuple[str, ...]
    kind: str
    r2: float
    text: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON object."""
        return asdict(self)


def leaks(columns: Sequence[Column], y: FloatArray, target: str) -> tuple[Leak, ...]:
    """Leaking features of a target (n,), single ones first, then exact sums and products of the others."""
    found = [leak for c in columns if (leak := _single(c, y, target)) is not None]
    if not found:
        together = _together(columns, y, target)
        found += [together] if together else []
    return tuple(found)


def _single(column: Column, y: FloatArray, target: str) -> Leak | None:  # noqa: PLR0911 - one way each
    from scipy.stats import rankdata

    if column.numbers is None:
        return _category(column, y, target)
    there = np.isfinite(column.numbers)
    x, v = column.numbers[there], y[there]
    if len(x) < 8 or np.ptp(x) == 0 or np.ptp(v) == 0:
        return None
    name = spelt(column.name)
    straight = float(np.corrcoef(x, v)[0, 1] ** 2)
    if straight >= EXACT:
        text = say(
            "{column} is {target} itself, or a multiple of it (R² {r2:.6f})",
            column=name,
            target=target,
            r2=straight,
        )
        return Leak((column.name,), "equal", straight, text)
    if len(x) < _LEAST or len(np.unique(x)) < _LEAST / 2:
        return None
    order = float(np.corrcoef(rankdata(x), rankdata(v))[0, 1] ** 2)
    if order >= 0.9999:
        text = say(
            "{column} puts the rows in the order of {target} (R² of the ranks {r2:.5f})",
            column=name,
            target=target,
            r2=order,
        )
        return Leak((column.name,), "order", order, text)
    curve = max(straight, _held_out(x, v))
    if curve >= NEAR:
        text = say(
            "{column} alone nearly determines {target} (R² {r2:.3f})", column=name, target=target, r2=curve
        )
        return Leak((column.name,), "determines", curve, text)
    return None


def _held_out(x: FloatArray, v: FloatArray) -> float:
    """R² of a line between the neighbours of each row, in the column's order."""
    order = np.argsort(x, kind="stable")
    a, b = x[order], v[order]
    width = a[2:] - a[:-2]
    share = np.where(width > 0, (a[1:-1] - a[:-2]) / np.where(width > 0, width, 1.0), 0.5)
    guess = b[:-2] + share * (b[2:] - b[:-2])
    return 1.0 - float(((b[1:-1] - guess) ** 2).sum()) / max(float(((b - b.mean()) ** 2).sum()), 1e-300)


def _category(column: Column, y: FloatArray, target: str) -> Leak | None:
    levels, at, counts = np.unique(np.array(column.texts), return_inverse=True, return_counts=True)
    again = counts[at] > 1  # a level of one row explains that row and nothing else
    if len(levels) < 2 or again.sum() < _LEAST:
        return None
    sums = np.bincount(at, weights=y)
    others = (sums[at] - y)[again] / (counts[at][again] - 1)
    v = y[again]
    r2 = 1.0 - float(((v - others) ** 2).sum()) / max(float(((v - v.mean()) ** 2).sum()), 1e-300)
    if r2 < NEAR:
        return None
    text = say(
        "{column} alone nearly determines {target} (R² {r2:.3f})",
        column=spelt(column.name),
        target=target,
        r2=r2,
    )
    return Leak((column.name,), "determines", r2, text)


def _together(columns: Sequence[Column], y: FloatArray, target: str) -> Leak | None:
    numeric = [c for c in columns if c.numbers is not None and np.ptp(np.nan_to_num(c.numbers)) > 0]
    if not numeric:
        return None
    x = np.column_stack([np.asarray(c.numbers) for c in numeric])
    there = np.isfinite(x).all(1)
    x, v = x[there], y[there]
    if len(v) < 3 * x.shape[1] + 8 or np.ptp(v) == 0:
        return None
    ways = [("sum", x, v)]
    if (x > 0).all() and (v > 0).all():
        ways.append(("product", np.log(x), np.log(v)))
    for kind, p, q in ways:
        spread = p.std(0)
        if not (spread > 0).all():
            continue
        z = np.column_stack([(p - p.mean(0)) / spread, np.ones(len(q))])
        slopes, *_ = np.linalg.lstsq(z, q, rcond=None)
        r2 = r_squared(q, z @ slopes)
        if r2 < 1.0 - 1e-9:
            continue
        share = np.abs(slopes[:-1]) / q.std()
        used = [c.name for c, s in zip(numeric, share, strict=True) if s > 1e-4]
        shown = listed(map(spelt, used))
        if kind == "sum":
            text = say("{target} is a sum of {columns} (R² {r2:.9f})", target=target, columns=shown, r2=r2)
        else:
            text = say(
                "{target} is a product of powers of {columns} (R² {r2:.9f})",
                target=target,
                columns=shown,
                r2=r2,
            )
        return Leak(tuple(used), kind, r2, text)
    return None


def alike(keys: FloatArray) -> IntArray:
    """A number for each row (n x d), the same where rows are the same, in order of first appearance."""
    _, first, at = np.unique(
        np.nan_to_num(keys, nan=-1.234e300), axis=0, return_index=True, return_inverse=True
    )
    rank = np.argsort(np.argsort(first))
    return np.asarray(rank[at.reshape(-1)], dtype=np.int64)


def repeats(same_inputs: IntArray, y: FloatArray) -> tuple[BoolArray, int, float]:
    """Rows to drop because they stand there before, how many repeat only the inputs, and their scatter.

    The scatter is the pooled standard deviation of the target among rows of equal inputs; nan without any.
    """
    whole = alike(np.column_stack([same_inputs.astype(np.float64), y]))
    _, first = np.unique(whole, return_index=True)
    drop = np.ones(len(y), dtype=np.bool_)
    drop[first] = False
    _, at, counts = np.unique(same_inputs[~drop], return_inverse=True, return_counts=True)
    v = y[~drop]
    again = counts[at] > 1
    if not again.any():
        return drop, 0, float("nan")
    means = (np.bincount(at, weights=v) / counts)[at]
    freedom = int(again.sum()) - int((counts > 1).sum())
    scatter = float(np.sqrt(((v - means)[again] ** 2).sum() / freedom))
    return drop, int(again.sum()) - int((counts > 1).sum()), scatter


def identifier(column: Column) -> bool:
    """Whether a column of texts names its rows instead of describing them."""
    if column.numbers is not None:
        return False
    given = [t for t in column.texts if t]
    return len(given) >= 12 and len(set(given)) > 0.5 * len(given)
