"""The drawings that the concept model learns from, in shards on disk.

Every design is drawn in each view, in two styles drawn at random, finished; a shard keeps them at the
frame's base size (area average). The first designs' drawings are kept finished too, for the sharpener:

    drawings/00000.npz      design, view, style, seed (n,); pictures (n, 2, height, width) uint8
    fine/00000.npz          the same, three times as large
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import ByteArray, Float32Array, FloatArray, IntArray, read_npz, replace_npz
from ...errors import InputError
from ...family.contract import Family
from ...family.parameters import as_values
from ...family.registry import get_family
from ...files import whole_file
from ...processes import in_processes
from ..artist.frame import STYLES, shrink
from ..networks.options import option_names
from .data import Designs, Progress

SHARD = 125  # designs in a shard
PLAN = "plan.json"
#: every drawing is made with the same pen: hatching, streaks and wobble are then a function of the body and
#: the picture's place, and not noise that the drawer would have to invent
PEN = 0
STYLES_PER_VIEW = 2  # a view's buffers are its cost; a second style is nearly free


@dataclass(frozen=True)
class Drawings:
    """n drawings in memory.

    Attributes:
        design: (n,) index into the designs.
        view, style: (n,) index into the family's views and STYLES.
        pictures: (n, 2, height, width) uint8: ink, paint.
    """

    design: IntArray
    view: IntArray
    style: IntArray
    pictures: ByteArray

    def __len__(self) -> int:
        return len(self.design)

    def take(self, rows: IntArray) -> Drawings:
        """Those rows."""
        return Drawings(self.design[rows], self.view[rows], self.style[rows], self.pictures[rows])


def make_drawings(
    family: Family,
    designs: Designs,
    work: Path,
    count: int,
    fine: int,
    seed: int = 0,
    workers: int = 2,
    progress: Progress = print,
    name: str = "drawings",
) -> None:
    """Draw the first `count` designs; keep the first `fine` of them at full size as well.

    Shards that are there already are kept, so an interrupted run goes on where it stopped.

    Raises:
        InputError: the folder holds drawings of another plan.
    """
    if not 1 <= count <= len(designs) or not 0 <= fine <= count:
        raise InputError(
            f"count is {count} and fine is {fine}; there are {len(designs)} designs, and 0 <= fine <= count"
        )
    _agree(work / name, designs, seed)
    jobs: list[tuple[Any, ...]] = []
    each = len(family.frame.views) * STYLES_PER_VIEW
    for index, start in enumerate(range(0, count, SHARD)):
        end = min(start + SHARD, count)
        kept = max(0, min(end, fine) - start)
        base_path, fine_path = shard_path(work, name, index), shard_path(work, "fine", index)
        if base_path.exists() and len(read_npz(base_path)["design"]) >= (end - start) * each:
            continue
        rows = designs.values[start:end]
        options = designs.options[start:end]
        jobs.append((family.name, rows, options, start, seed, str(base_path), str(fine_path), kept))
    total = -(-count // SHARD)
    done = total - len(jobs)
    for _ in in_processes(_draw_shard, jobs, workers):
        done += 1
        progress(f"{name}: shard {done} of {total}")


def read_drawings(folder: Path, limit: int | None = None) -> Drawings:
    """Every shard of a folder, in order; at most about `limit` drawings.

    Raises:
        InputError: there are none.
    """
    parts: list[dict[str, Any]] = []
    n = 0
    for path in sorted(folder.glob("[0-9]*.npz")):
        parts.append(read_npz(path))
        n += len(parts[-1]["design"])
        if limit is not None and n >= limit:
            break
    if not parts:
        raise InputError(f"{folder}: no drawings; make them with --stage drawings")
    whole = {key: np.concatenate([p[key] for p in parts]) for key in ("design", "view", "style", "pictures")}
    return Drawings(
        whole["design"].astype(np.int64),
        whole["view"].astype(np.int64),
        whole["style"].astype(np.int64),
        whole["pictures"].astype(np.uint8, copy=False),
    )


def shard_path(work: Path, name: str, index: int) -> Path:
    """Where a shard lies."""
    return work / name / f"{index:05d}.npz"


def _agree(folder: Path, designs: Designs, seed: int) -> None:
    frame = get_family(designs.family).frame
    plan = {
        "family": designs.family,
        "declaration_hash": designs.declaration_hash,
        "designs_seed": designs.seed,
        "seed": seed,
        "pen": PEN,
        "styles_per_view": STYLES_PER_VIEW,
        "sizes": [list(frame.picture), list(frame.base)],
        "views": list(frame.names),
        "styles": list(STYLES),
        "options": list(option_names(get_family(designs.family))),
    }
    path = folder / PLAN
    if path.exists():
        there = json.loads(path.read_text(encoding="utf-8"))
        if {"options": plan["options"]} | there != plan:  # options were once not written down
            raise InputError(f"{folder}: holds drawings of another plan (see {PLAN}); delete it to draw anew")
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plan, indent=2) + "\n", encoding="utf-8")


def _draw_shard(job: tuple[str, FloatArray, IntArray, int, int, str, str, int]) -> int:
    """Draw the designs `rows` (n, P) with their `options` (n, C), whose first has index `start`; keep `fine`
    of them at full size."""
    name, rows, options, start, seed, base_path, fine_path, fine = job
    from ..artist.draw import draw_many

    family = get_family(name)
    columns: dict[str, list[int]] = {"design": [], "view": [], "style": [], "seed": []}
    small: list[ByteArray] = []
    large: list[ByteArray] = []
    names, views = [c.name for c in family.choices], family.frame.names
    for offset, row in enumerate(rows):
        rng = np.random.default_rng([seed, start + offset])
        requests = [
            (view, STYLES[int(k)], PEN)
            for view in views
            for k in np.sort(rng.permutation(len(STYLES))[:STYLES_PER_VIEW])
        ]
        chosen = dict(zip(names, options[offset].tolist(), strict=True)) if len(options) else {}
        parts = family.mesh(as_values(family.declaration, row, chosen))
        for (view, style, pen), drawing in zip(
            requests, draw_many(parts, family.frame, requests), strict=True
        ):
            picture = np.stack([drawing.ink, drawing.paint])
            small.append(shrink(picture))
            if offset < fine:
                large.append(picture)
            columns["design"].append(start + offset)
            columns["view"].append(views.index(view))
            columns["style"].append(STYLES.index(style))
            columns["seed"].append(pen)
    about = {key: np.array(column, dtype=np.int64) for key, column in columns.items()}
    if large:
        kept = {key: column[: len(large)] for key, column in about.items()}
        replace_npz(Path(fine_path), **kept, pictures=np.stack(large))
    replace_npz(Path(base_path), **about, pictures=np.stack(small))
    return len(small)


def split(n: int, held_out: int) -> tuple[IntArray, IntArray]:
    """Rows to learn from, and the last `held_out` rows, which nothing is fitted to."""
    held_out = min(held_out, n // 4)
    return np.arange(n - held_out), np.arange(n - held_out, n)


def as_signed(pictures: ByteArray) -> Float32Array:
    """uint8 pictures to float32 in [-1, 1]."""
    return np.asarray(pictures, dtype=np.float32) / np.float32(127.5) - np.float32(1.0)


def as_bytes(pictures: Float32Array) -> ByteArray:
    """Inverse of :func:`as_signed`, clipped."""
    return np.asarray(np.rint((np.clip(pictures, -1.0, 1.0) + 1.0) * 127.5), dtype=np.uint8)


def contact_sheet(pictures: Sequence[Sequence[ByteArray]], path: Path, gap: int = 6) -> None:
    """Write rows of (2, H, W) drawings as one PNG: ink over a grey where paint is."""
    from PIL import Image

    tiles = [[_tile(p) for p in row] for row in pictures]
    height, width = tiles[0][0].shape
    columns = max(map(len, tiles))
    sheet = np.full((len(tiles) * (height + gap) + gap, columns * (width + gap) + gap), 255, dtype=np.uint8)
    for i, row in enumerate(tiles):
        for j, tile in enumerate(row):
            top, left = gap + i * (height + gap), gap + j * (width + gap)
            sheet[top : top + height, left : left + width] = tile
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part:
        Image.fromarray(sheet).save(part, format="PNG")


def _tile(drawing: ByteArray) -> ByteArray:
    ink, paint = drawing[0].astype(np.float32), drawing[1].astype(np.float32) / 255.0
    return np.asarray(np.rint(ink * (1.0 - 0.25 * paint)), dtype=np.uint8)
