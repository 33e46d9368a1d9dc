"""A raw table made ready: typed columns, the target, rows in an order of their own, what was found on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....design.arrays import BoolArray, FloatArray, IntArray
from ....design.errors import InputError
from ....design.limits import MIN_TABLE_ROWS
from ....design.messages import listed, say, spelt
from .columns import Column, numbers_of, place, typed
from .encoding import Feature, constant, fit_feature
from .folds import Split, read_split
from .reading import RawTable
from .report import Leak, alike, identifier, leaks, repeats


@dataclass(frozen=True)
class Data:
    """n rows with a target, sorted by what they say, so that their order in the file changes nothing.

    Attributes:
        columns: features by name. features: their encoding, from the rows that train.
        y: target (n,). lines: in the file. groups: rows that are held out together (n,).
        train, calibrate, test: masks (n,); `test` is empty without a split.
    """

    target: str
    unit: str
    group: str
    columns: tuple[Column, ...]
    features: tuple[Feature, ...]
    y: FloatArray
    lines: IntArray
    groups: IntArray
    train: BoolArray
    calibrate: BoolArray
    test: BoolArray
    split: Split | None
    leaks: tuple[Leak, ...]
    remarks: tuple[str, ...]
    counts: dict[str, float]


def prepare(table: RawTable, features: Sequence[str], target: str, group: str = "", split: str = "") -> Data:
    """The data of one target.

    Args:
        features: names of columns; all others, but leaking ones, when empty.

    Raises:
        InputError: unknown columns, a target that is no number, too few rows, nothing to learn from.
    """
    at = place(table, target, "--target")
    y = numbers_of(table, at, "--target")
    by = place(table, group, "--group") if group else None
    parts = read_split(table, split) if split else None
    named = list(dict.fromkeys(place(table, f, "--features") for f in features))
    if at in named:
        raise InputError(say("--features: {name!r} is the target itself", name=table.names[at]))
    own = {at, by, *(i for i, n in enumerate(table.names) if parts is not None and n in (parts.name, parts.ids))}
    places = named or [i for i in range(len(table.names)) if i not in own]
    columns = [typed(table, i) for i in sorted(places, key=lambda i: table.names[i])]
    remarks: list[str] = [*table.remarks, *(c.remark for c in columns if c.remark)]
    if by is not None and by in places:
        remarks.append(say("{column} is both a feature and the group that is held out", column=spelt(table.names[by])))
    there = np.isfinite(y)
    counts = {"rows": float(len(y)), "without_target": float((~there).sum())}
    if not there.any() or there.sum() < MIN_TABLE_ROWS:
        raise InputError(
            say(
                "{path}: {count} rows have a value of {target}; at least {least} are needed",
                path=table.path,
                count=int(there.sum()),
                target=table.names[at],
                least=MIN_TABLE_ROWS,
            )
        )
    if np.ptp(y[there]) == 0:
        raise InputError(say("--target: {name!r} is {value:g} in every row", name=table.names[at], value=float(y[there][0])))
    columns, dropped = _useful(columns, there, chosen=bool(named))
    remarks += dropped
    keys = _keys(columns, len(y))
    order = np.lexsort((*reversed(np.nan_to_num(keys, nan=-1.234e300).T), y))
    order = order[np.lexsort(tuple(reversed(np.nan_to_num(keys[order], nan=-1.234e300).T)))]
    order = order[there[order]]
    taken = [_taken(c, order) for c in columns]
    y, keys = y[order], keys[order]
    same = alike(keys)
    groups = same if by is None else alike(_keys([typed(table, by)], len(table))[order])
    everything = np.ones(len(y), dtype=np.bool_)
    train = everything if parts is None else parts.train[order]
    calibrate = ~everything if parts is None else parts.calibrate[order]
    test = ~everything if parts is None else parts.test[order]
    drop, again, scatter = repeats(same[train], y[train])
    train = train.copy()
    train[np.flatnonzero(train)[drop]] = False
    counts |= {"duplicates": float(drop.sum()), "repeated_inputs": float(again), "repeat_scatter": scatter}
    if drop.any():
        remarks.append(say("{count} rows stand there twice; one of each is kept", count=int(drop.sum())))
    if again:
        remarks.append(
            say("{count} rows repeat the features of another one with another {target}; they scatter by {scatter:.3g}",
                count=again, target=table.names[at], scatter=scatter)
        )  # fmt: skip
    known = int(np.isin(same[test], same[train]).sum())
    if known:
        remarks.append(say("{count} test rows have the features of a row that trains", count=known))
    if train.sum() < MIN_TABLE_ROWS:
        raise InputError(
            say("{count} different rows train; at least {least} are needed", count=int(train.sum()), least=MIN_TABLE_ROWS)
        )
    found = leaks([_taken(c, np.flatnonzero(train)) for c in taken], y[train], table.names[at])
    if not named:
        away = {c for leak in found if len(leak.columns) == 1 for c in leak.columns}
        if away and len(away) < len(taken):
            taken = [c for c in taken if c.name not in away]
            remarks.append(say("left out because they give the target away: {columns}", columns=listed(map(spelt, sorted(away)))))
    fitted = [(c, fit_feature(c, train)) for c in taken]
    still = [c.name for c, f in fitted if constant(f)]
    fitted = [(c, f) for c, f in fitted if not constant(f)]
    if still:
        remarks.append(say("left out because they are the same in every row: {columns}", columns=listed(map(spelt, still))))
    if not fitted:
        raise InputError(say("no column is left to learn {target} from", target=table.names[at]))
    return Data(
        target=table.names[at],
        unit=table.units[at],
        group="" if by is None else table.names[by],
        columns=tuple(c for c, _ in fitted),
        features=tuple(f for _, f in fitted),
        y=y,
        lines=np.array(table.lines, dtype=np.int64)[order],
        groups=groups,
        train=train,
        calibrate=calibrate,
        test=test,
        split=parts,
        leaks=found,
        remarks=tuple(remarks),
        counts=counts,
    )


def _useful(columns: Sequence[Column], there: BoolArray, chosen: bool) -> tuple[list[Column], list[str]]:
    """Columns without those that name rows; a named one is refused instead of dropped silently."""
    names = [c.name for c in columns if identifier(c)]
    kept = [c for c in columns if c.name not in names]
    if names and not kept:
        raise InputError(say("--features: {columns} only name the rows", columns=listed(map(spelt, names))))
    said = [say("left out because they name the rows: {columns}", columns=listed(map(spelt, names)))] if names else []
    return kept, list(said)


def _keys(columns: Sequence[Column], count: int) -> FloatArray:
    """Rows as numbers, categories by their place in the alphabet (count x d)."""
    found = [
        c.numbers if c.numbers is not None else np.unique(np.array(c.texts), return_inverse=True)[1].astype(np.float64)
        for c in columns
    ]
    return np.column_stack(found) if found else np.zeros((count, 1))


def _taken(column: Column, order: IntArray) -> Column:
    if column.numbers is None:
        return replace(column, texts=tuple(column.texts[i] for i in order))
    return replace(column, numbers=column.numbers[order])
