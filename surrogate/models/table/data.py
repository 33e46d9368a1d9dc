"""A raw table made ready: typed columns, the target, rows in their own order, what was found on the way."""

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
    y = _target(table, at)
    by = place(table, group, "--group") if group else None
    parts = read_split(table, split) if split else None
    named = list(dict.fromkeys(place(table, f, "--features") for f in features))
    if at in named:
        raise InputError(say("--features: {name!r} is the target itself", name=table.names[at]))
    own = {at, by} | {
        i for i, n in enumerate(table.names) if parts is not None and n in (parts.name, parts.ids)
    }
    places = named or [i for i in range(len(table.names)) if i not in own]
    columns = [typed(table, i) for i in sorted(places, key=lambda i: table.names[i])]
    remarks: list[str] = [*table.remarks, *(c.remark for c in columns if c.remark)]
    if by is not None and by in places:
        name = spelt(table.names[by])
        remarks.append(say("{column} is both a feature and the group that is held out", column=name))
    columns = _without_names(columns, remarks)
    there = np.isfinite(y)
    keys = _keys(columns, len(y))
    order = _own_order(keys, y)
    order = order[there[order]]
    taken = [_taken(c, order) for c in columns]
    y, same = y[order], alike(keys[order])
    train = np.ones(len(y), dtype=np.bool_) if parts is None else parts.train[order]
    none = np.zeros(len(y), dtype=np.bool_)
    calibrate, test = (none, none) if parts is None else (parts.calibrate[order], parts.test[order])
    counts = {"rows": float(len(there)), "without_target": float((~there).sum())}
    train = _once(train, same, y, table.names[at], counts, remarks)
    known = int(np.isin(same[test], same[train]).sum())
    if known:
        remarks.append(say("{count} test rows have the features of a row that trains", count=known))
    learning = np.flatnonzero(train)
    found = leaks([_taken(c, learning) for c in taken], y[train], table.names[at])
    if not named:
        taken = _without_leaks(taken, found, remarks)
    fitted = _that_say_something([(c, fit_feature(c, train)) for c in taken], table.names[at], remarks)
    return Data(
        target=table.names[at],
        unit=table.units[at],
        group="" if by is None else table.names[by],
        columns=tuple(c for c, _ in fitted),
        features=tuple(f for _, f in fitted),
        y=y,
        lines=np.array(table.lines, dtype=np.int64)[order],
        groups=same if by is None else alike(_keys([typed(table, by)], len(table))[order]),
        train=train,
        calibrate=calibrate,
        test=test,
        split=parts,
        leaks=found,
        remarks=tuple(remarks),
        counts=counts,
    )


def _target(table: RawTable, at: int) -> FloatArray:
    y = numbers_of(table, at, "--target")
    there = np.isfinite(y)
    if there.sum() < MIN_TABLE_ROWS:
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
        only = float(y[there][0])
        raise InputError(
            say("--target: {name!r} is {value:g} in every row", name=table.names[at], value=only)
        )
    return y


def _once(
    train: BoolArray, same: IntArray, y: FloatArray, target: str, counts: dict[str, float], remarks: list[str]
) -> BoolArray:
    """Rows that train, each whole row once; what was found is counted and remarked."""
    drop, again, scatter = repeats(same[train], y[train])
    train = train.copy()
    train[np.flatnonzero(train)[drop]] = False
    counts |= {"duplicates": float(drop.sum()), "repeated_inputs": float(again)}
    if drop.any():
        remarks.append(say("{count} rows stand there twice; one of each is kept", count=int(drop.sum())))
    if again:
        remarks.append(
            say(
                "{count} rows repeat another one with another {target}; they scatter by {scatter:.3g}",
                count=again,
                target=target,
                scatter=scatter,
            )
        )
    if train.sum() < MIN_TABLE_ROWS:
        few = int(train.sum())
        raise InputError(
            say("{count} different rows train; at least {least} are needed", count=few, least=MIN_TABLE_ROWS)
        )
    return train


def _without_leaks(columns: Sequence[Column], found: Sequence[Leak], remarks: list[str]) -> list[Column]:
    """Columns that nobody asked for by name and that alone give the target away are left out."""
    away = {c for leak in found if len(leak.columns) == 1 for c in leak.columns}
    kept = [c for c in columns if c.name not in away]
    if not away or not kept:
        return list(columns)
    shown = listed(map(spelt, sorted(away)))
    remarks.append(say("left out because they give the target away: {columns}", columns=shown))
    return kept


def _that_say_something(
    fitted: Sequence[tuple[Column, Feature]], target: str, remarks: list[str]
) -> list[tuple[Column, Feature]]:
    still = [c.name for c, f in fitted if constant(f)]
    kept = [(c, f) for c, f in fitted if not constant(f)]
    if still:
        shown = listed(map(spelt, still))
        remarks.append(say("left out because they are the same in every row: {columns}", columns=shown))
    if not kept:
        raise InputError(say("no column is left to learn {target} from", target=target))
    return kept


def _without_names(columns: Sequence[Column], remarks: list[str]) -> list[Column]:
    names = [c.name for c in columns if identifier(c)]
    kept = [c for c in columns if c.name not in names]
    shown = listed(map(spelt, names))
    if names and not kept:
        raise InputError(say("--features: {columns} only name the rows", columns=shown))
    if names:
        remarks.append(say("left out because they name the rows: {columns}", columns=shown))
    return kept


def _own_order(keys: FloatArray, y: FloatArray) -> IntArray:
    """Rows by what they say, first column first, the target last."""
    filled = np.nan_to_num(keys, nan=-1.234e300)
    return np.asarray(np.lexsort((y, *reversed(filled.T))), dtype=np.int64)


def _keys(columns: Sequence[Column], count: int) -> FloatArray:
    """Rows as numbers, categories by their place in the alphabet (count x d)."""
    found = [
        c.numbers
        if c.numbers is not None
        else np.unique(np.array(c.texts), return_inverse=True)[1].astype(np.float64)
        for c in columns
    ]
    return np.column_stack(found) if found else np.zeros((count, 1))


def _taken(column: Column, order: IntArray) -> Column:
    if column.numbers is None:
        return replace(column, texts=tuple(column.texts[i] for i in order))
    return replace(column, numbers=column.numbers[order])
