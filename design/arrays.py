"""Types of arrays, arrays on disk, and runs in masks."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .files import whole_file

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ByteArray = NDArray[np.uint8]
AnyArray = NDArray[Any]


def replace_npz(path: Path, **columns: AnyArray) -> None:
    """Write an npz file so that nobody ever sees half of it; its folder is made when need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **columns)


def read_npz(path: Path) -> dict[str, AnyArray]:
    """All arrays of an npz file, or InputError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (OSError, ValueError, zipfile.BadZipFile, AttributeError) as error:
        raise InputError(f"{path}: not a readable .npz file ({error})") from error


def level_runs(mask: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Runs of true values in the rows of a mask (h, w): row, first column, and the column behind, (n,) each.

    >>> [a.tolist() for a in level_runs(np.array([[True, True, False], [False, False, True]]))]
    [[0, 1], [0, 2], [2, 3]]
    """
    step = np.diff(np.pad(mask, ((0, 0), (1, 1))).view(np.int8), axis=1)
    row, start = np.nonzero(step == 1)
    return row, start, np.nonzero(step == -1)[1]
