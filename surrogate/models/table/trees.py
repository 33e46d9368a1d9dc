"""Boosted trees: grown by LightGBM, kept as plain arrays and answered by NumPy, without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....design.arrays import AnyArray, FloatArray, IntArray
from ....design.errors import MissingComponentError
from ....design.messages import quoted, say

WHOLE = ("column", "left", "right", "roots", "depth")  # arrays of whole numbers
_BLOCK = 512  # rows answered at once
_FEW = 300  # rows up to which fewer trees with larger steps do


def fit_boosted(z: FloatArray, u: FloatArray, seed: int) -> dict[str, AnyArray]:
    """Weights of boosted trees from columns `z` (n x p) and target `u` (n,)."""
    return grow(z, u, seed, {"num_leaves": int(np.clip(len(u) // 150, 6, 31))}, 800)


def fit_random(z: FloatArray, u: FloatArray, seed: int) -> dict[str, AnyArray]:
    """The same with larger trees whose splits are drawn instead of searched (Geurts, Ernst and Wehenkel,
    "Extremely randomized trees", Machine Learning 63, 2006), boosted."""
    own = {"num_leaves": int(np.clip(len(u) // 60, 8, 31)), "extra_trees": True}
    return grow(z, u, seed, own, 1_000)


def grow(z: FloatArray, u: FloatArray, seed: int, own: dict[str, Any], rounds: int) -> dict[str, AnyArray]:
    """Weights of `rounds` trees; `own`: LightGBM's options that differ from ours."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:
        raise MissingComponentError(
            say(
                "lightgbm cannot be loaded ({why}); pip install lightgbm, on Debian apt-get install libgomp1",
                why=quoted(error),
            )
        ) from error
    mean, scale = float(u.mean()), float(u.std()) or 1.0
    fast = len(u) <= _FEW
    options = {
        "learning_rate": 0.08 if fast else 0.04,
        "objective": "l2",
        "min_data_in_leaf": int(np.clip(len(u) // 200, 2, 20)),
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 1.0,
        "verbose": -1,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,  # threads that wait for a busy core cost more than they bring
        "min_data_in_bin": 1,
        "seed": seed,
        **own,
    }
    data = lightgbm.Dataset(z, (u - mean) / scale, params={"verbose": -1})
    booster = lightgbm.train(options, data, rounds // 3 if fast else rounds)
    grown = [t["tree_structure"] for t in booster.dump_model()["tree_info"]]
    return {**flattened(grown), "level": np.array([mean, scale])}


def answer(weights: Mapping[str, AnyArray], z: FloatArray) -> FloatArray:
    """Predicted target of rows `z` (m x p), shape (m,)."""
    column, limit = weights["column"], weights["limit"]
    left, right, roots = weights["left"], weights["right"], weights["roots"]
    found = np.empty(len(z))
    for i in range(0, len(z), _BLOCK):
        block = z[i : i + _BLOCK]
        at = np.tile(roots, (len(block), 1))
        rows = np.arange(len(block))[:, None]
        for _ in range(int(weights["depth"][0])):
            at = np.where(block[rows, column[at]] <= limit[at], left[at], right[at])
        found[i : i + _BLOCK] = limit[at].sum(1) if len(roots) else 0.0
    return np.asarray(weights["level"][0] + weights["level"][1] * found)


def flattened(trees: list[dict[str, Any]]) -> dict[str, AnyArray]:
    """Nodes of all trees one after another; a leaf points to itself and holds its value as its limit."""
    column: list[int] = []
    limit: list[float] = []
    left: list[int] = []
    right: list[int] = []
    deepest = 0

    def add(node: Mapping[str, Any], depth: int) -> int:
        nonlocal deepest
        deepest = max(deepest, depth)
        here = len(column)
        leaf = "split_feature" not in node
        column.append(0 if leaf else int(node["split_feature"]))
        limit.append(float(node["leaf_value"] if leaf else node["threshold"]))
        left.append(here)
        right.append(here)
        if not leaf:
            left[here] = add(node["left_child"], depth + 1)
            right[here] = add(node["right_child"], depth + 1)
        return here

    roots = [add(tree, 0) for tree in trees]
    whole: dict[str, IntArray] = {
        "column": np.array(column, dtype=np.int64),
        "left": np.array(left, dtype=np.int64),
        "right": np.array(right, dtype=np.int64),
        "roots": np.array(roots, dtype=np.int64),
        "depth": np.array([deepest], dtype=np.int64),
    }
    return {**whole, "limit": np.array(limit, dtype=np.float64)}
