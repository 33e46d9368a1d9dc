"""The coarse outlines of the designs that the concept model learns from, in shards on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import ByteArray, FloatArray, read_npz, replace_npz
from ...family.contract import Family
from ...family.parameters import as_values
from ...family.registry import get_family
from ...processes import in_processes
from ..generate.outline_guide import coverage, fine_guide
from .data import Designs, Progress

SHARD = 250  # designs in a shard


def packed_guides(family: Family, values: FloatArray) -> ByteArray:
    """Finished guides of designs (m, P) in all views in packed bits: (m, views, PLANES, height, width / 8)"""
    made = [
        [
            np.packbits(fine_guide(family, as_values(family.declaration, row), view), axis=-1)
            for view in family.frame.names
        ]
        for row in values
    ]
    return np.array(made, dtype=np.uint8)


def make_guides(
    family: Family, designs: Designs, work: Path, count: int, workers: int = 2, progress: Progress = print
) -> None:
    """Guides of the first `count` designs in every view, in shards `guides/00000.npz`; those that are there
    already are kept."""
    jobs: list[tuple[Any, ...]] = []
    starts = range(0, count, SHARD)
    for index, start in enumerate(starts):
        path = work / "guides" / f"{index:05d}.npz"
        rows = designs.values[start : min(start + SHARD, count)]
        if not path.exists() or len(read_npz(path)["guides"]) < len(rows):
            jobs.append((family.name, rows, str(path)))
    done = len(starts) - len(jobs)
    for _ in in_processes(_guide_shard, jobs, workers):
        done += 1
        progress(f"guides: shard {done} of {len(starts)}")


def read_guides(work: Path, count: int) -> ByteArray:
    """(count, views, PLANES, height, width) of the first designs."""
    paths = sorted((work / "guides").glob("[0-9]*.npz"))
    return np.concatenate([read_npz(path)["guides"] for path in paths[: -(-count // SHARD)]])[:count]


def _guide_shard(job: tuple[str, FloatArray, str]) -> int:
    name, rows, path = job
    family = get_family(name)
    made = [
        [
            coverage(fine_guide(family, as_values(family.declaration, row), view))
            for view in family.frame.names
        ]
        for row in rows
    ]
    replace_npz(Path(path), guides=np.array(made, dtype=np.uint8))
    return len(made)
