"""Small tables for the tests of `maquette train`: made, written in many ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

NOISE = 0.3


def made(rows: int = 90, seed: int = 1) -> dict[str, list[str]]:
    """y = 3 sin(a) + b + a step by material + noise of `NOISE`; cells as text, by column."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0, 3, rows), rng.uniform(-1, 1, rows)
    kind = rng.choice(["steel", "aluminium", "wood"], rows)
    step = np.array([{"steel": 2.0, "aluminium": 0.0, "wood": -1.0}[k] for k in kind])
    y = 3 * np.sin(a) + b + step + NOISE * rng.normal(size=rows)
    return {
        "a": [f"{v:.6f}" for v in a],
        "b": [f"{v:.6f}" for v in b],
        "kind": [str(k) for k in kind],
        "y": [f"{v:.6f}" for v in y],
    }


def write(
    path: Path,
    columns: Mapping[str, Sequence[str]],
    separator: str = ",",
    encoding: str = "utf-8",
    comma: bool = False,
) -> Path:
    """The table as a file; `comma`: decimal commas."""
    lines = [separator.join(columns)]
    for cells in zip(*columns.values(), strict=True):
        lines.append(separator.join(c.replace(".", ",") if comma else c for c in cells))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path
