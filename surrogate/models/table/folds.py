"""Rows held out: by row, by group, or as an official split file says."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ....design.arrays import BoolArray, IntArray
from ....design.errors import InputError
from ....design.limits import MAX_TABLE_BYTES
from ....design.messages import say
from .reading import RawTable

FOLDS = 5
_PARTS = {
    "train": "train", "training": "train", "fit": "train",
    "val": "calibrate", "valid": "calibrate", "validation": "calibrate", "dev": "calibrate",
    "test": "test", "testing": "test", "holdout": "test", "held_out": "test",
}  # fmt: skip
_IDS = ("run", "id", "name", "case", "design", "sample", "index", "row", "frame", "key")


@dataclass(frozen=True)
class Split:
    """Which rows learn, calibrate the interval, and test (n,) each; rows in none are left out."""

    train: BoolArray
    calibrate: BoolArray
    test: BoolArray
    name: str
    ids: str


def group_folds(groups: IntArray, count: int, seed: int) -> IntArray:
    """A fold for each row (n,), rows of one group together, folds about equally large.

    Raises:
        InputError: fewer than two groups.
    """
    found, sizes = np.unique(groups, return_counts=True)
    if len(found) < 2:
        raise InputError(say("at least two different rows or groups are needed to hold some out"))
    count = min(count, len(found))
    order = np.random.default_rng(seed).permutation(len(found))
    order = order[np.argsort(-sizes[order], kind="stable")]
    load = np.zeros(count)
    fold_of = np.empty(len(found), dtype=np.int64)
    for g in order:
        fold_of[g] = int(np.argmin(load))
        load[fold_of[g]] += sizes[g]
    return fold_of[np.searchsorted(found, groups)]


def read_split(table: RawTable, given: str) -> Split:
    """The split that a file, a part of a file (`FILE#full`) or a column of the table says.

    A JSON object of lists (`{"train": [...], "test": [...]}`, also `full_train`, `full_test`, ...), or a CSV
    with the part in a column, in the table's order or beside an id. Ids are values of a column of the table,
    with or without its name before them (`run_12`), or row numbers from 0.

    Raises:
        InputError: unreadable, no test or no train rows, unknown ids, rows in two parts.
    """
    place, _, wanted = given.partition("#")
    if given in table.names:
        return _of_labels(given, table.cells[table.names.index(given)], "")
    path = Path(place)
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise InputError(say("--split: {path} is too large", path=path))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            say("--split: {path} is neither a readable file nor a column of the table", path=path)
        ) from error
    if path.suffix.lower() == ".json":
        return _of_json(table, path, text, wanted)
    return _of_csv(table, path, text)


def _of_json(table: RawTable, path: Path, text: str, wanted: str) -> Split:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InputError(say("--split: {path} is not valid JSON", path=path)) from error
    if isinstance(data, list):
        return _of_labels(str(path), [str(v) for v in data], "row order")
    if not isinstance(data, Mapping):
        raise InputError(
            say("--split: {path} must hold an object with lists under train and test", path=path)
        )
    splits: dict[str, dict[str, list[Any]]] = {}
    for key, ids in data.items():
        name, _, part = str(key).lower().rpartition("_")
        if name and part not in _PARTS:
            name, part = "", str(key).lower()
        if part in _PARTS and isinstance(ids, list):
            splits.setdefault(name, {})[_PARTS[part]] = ids
    whole = {n: s for n, s in splits.items() if {"train", "test"} <= set(s)}
    chosen = wanted.lower() or (next(iter(whole)) if len(whole) == 1 else "full" if "full" in whole else "")
    if chosen not in whole:
        names = ", ".join(sorted(n for n in whole if n)) or "train, test"
        raise InputError(
            say(
                "--split: {path} has no split {name!r}; it has {names} (say FILE#NAME)",
                path=path,
                name=chosen,
                names=names,
            )
        )
    parts = whole[chosen]
    every = [str(i) for ids in parts.values() for i in ids]
    rows, column = _rows_of(table, every, path)
    return _checked(
        {part: [r for i in ids for r in rows[str(i)]] for part, ids in parts.items()},
        len(table),
        f"{path.name}#{chosen}" if chosen else path.name,
        column,
    )


def _of_csv(table: RawTable, path: Path, text: str) -> Split:
    rows = [r for r in csv.reader(text.splitlines(), delimiter=";" if ";" in text[:500] else ",") if any(r)]
    width = len(rows[0]) if rows else 0
    labelled = [
        j
        for j in range(width)
        if sum(r[j].strip().lower() in _PARTS for r in rows if j < len(r)) >= len(rows) - 1
    ]
    if not labelled:
        raise InputError(say("--split: {path} has no column that says train or test for each row", path=path))
    at = labelled[0]
    if rows[0][at].strip().lower() not in _PARTS:
        rows = rows[1:]
    if width == 1:
        return _of_labels(str(path), [r[at] for r in rows], "row order")
    beside = 0 if at else 1
    found, column = _rows_of(table, [r[beside].strip() for r in rows], path)
    parts: dict[str, list[int]] = {}
    for r in rows:
        parts.setdefault(_PARTS[r[at].strip().lower()], []).extend(found[r[beside].strip()])
    return _checked(parts, len(table), path.name, column)


def _of_labels(name: str, labels: Sequence[str], ids: str) -> Split:
    parts: dict[str, list[int]] = {}
    for i, label in enumerate(labels):
        part = _PARTS.get(label.strip().lower())
        if part:
            parts.setdefault(part, []).append(i)
    return _checked(parts, len(labels), name, ids)


def _rows_of(table: RawTable, ids: Sequence[str], path: Path) -> tuple[dict[str, list[int]], str]:
    """Rows of each id, and the column that holds them."""
    likely = [n for word in _IDS for n in table.names if n.casefold() == word]
    for name in dict.fromkeys([*likely, *table.names]):
        place: dict[str, list[int]] = {}
        for i, cell in enumerate(table.cells[table.names.index(name)]):
            for spelt in (cell, f"{name}_{cell}", f"run_{cell}"):
                place.setdefault(spelt, []).append(i)
        known = sum(i in place for i in ids)
        if known >= 0.95 * len(ids):
            return {i: place.get(i, []) for i in ids}, name
    if all(i.isdigit() and int(i) < len(table) for i in ids):
        return {i: [int(i)] for i in ids}, "row numbers from 0"
    lost = next((i for i in ids if not (i.isdigit() and int(i) < len(table))), "")
    raise InputError(
        say(
            "--split: {path} names rows, such as {row!r}, that no column of the table holds",
            path=path,
            row=lost,
        )
    )


def _checked(parts: Mapping[str, Sequence[int]], count: int, name: str, ids: str) -> Split:
    masks = {part: np.zeros(count, dtype=np.bool_) for part in ("train", "calibrate", "test")}
    for part, rows in parts.items():
        if rows and max(rows) >= count:
            raise InputError(
                say(
                    "--split: {name} speaks of {count} rows or more than the table has",
                    name=name,
                    count=max(rows) + 1,
                )
            )
        masks[part][list(rows)] = True
    both = (masks["train"] & masks["test"]) | (masks["calibrate"] & masks["test"])
    if both.any():
        raise InputError(
            say(
                "--split: {name} has {count} rows both in train and in test", name=name, count=int(both.sum())
            )
        )
    if masks["train"].sum() == 0 or masks["test"].sum() == 0:
        raise InputError(say("--split: {name} leaves no rows to train or none to test", name=name))
    masks["calibrate"] &= ~masks["train"]
    return Split(masks["train"], masks["calibrate"], masks["test"], name, ids)
