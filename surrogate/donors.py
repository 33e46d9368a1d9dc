"""Fields of finished runs that later ones start from: a folder of trimmed cases, one for each design.

A car whose neighbour has been solved settles two to four times sooner from the neighbour's field than from
uniform air, and stays in its flow state.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

PLACE = "design.json"
MOST = 120  # cases kept, some 10 MB each; the oldest goes first
NEAR = 0.25  # root mean square of the differences over the unit cube up to which a field is a neighbour's


def keep_donor(case: Path, folder: Path, place: FloatArray) -> Path:
    """Move a finished case, trimmed to its mesh and last fields, into the folder.

    Args:
        case: of a run that was kept. place: its design in the unit cube, (d,).
    """
    times = sorted((p for p in case.iterdir() if p.name.isdigit()), key=lambda p: int(p.name))
    keep = {"system", "constant", times[-1].name} if times else set()
    for path in case.iterdir():
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(case / "constant" / "triSurface", ignore_errors=True)
    (case / PLACE).write_text(json.dumps([round(float(v), 6) for v in place]), encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / case.name
    shutil.rmtree(target, ignore_errors=True)
    part = folder / f".{case.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.move(case, part)
    os.replace(part, target)
    kept = sorted((p.stat().st_mtime, p) for p in folder.glob("[!.]*") if p.is_dir())
    for _, old in kept[:-MOST]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def nearest_donor(folder: Path, place: FloatArray) -> tuple[Path | None, float]:
    """The kept case whose design is nearest in the unit cube, and how far it is (root mean square); None
    where none is nearer than :data:`NEAR`."""
    best, least = None, NEAR
    for file in sorted(folder.glob(f"[!.]*/{PLACE}")):
        try:
            there = np.array(json.loads(file.read_text(encoding="utf-8")), dtype=np.float64)
        except (OSError, ValueError):
            continue  # gone, or being replaced
        if there.shape != place.shape:
            continue
        apart = float(np.sqrt(np.mean((there - place) ** 2)))
        if apart < least:
            best, least = file.parent, apart
    return best, least if best is not None else float("inf")
