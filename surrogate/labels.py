"""The surrogate's first output as a column of the concept model's training data.

    python -m maquette.surrogate.labels out/concepts/designs.npz

Reads ``values`` (N, P; own units, declaration order) and adds for a car ``label_drag_coefficient`` (N,)
float32: the shipped surrogate's mean at the fidelity that users see, and ``label_drag_coefficient_model``,
its version. The layer below knows nothing of studies; it learns whatever ``label_*`` columns it finds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ..design.arrays import Float32Array, FloatArray, read_npz, replace_npz
from ..design.errors import InputError, answers_errors
from ..design.limits import MAX_SAMPLES
from .models.surrogate import Surrogate, load_surrogate

LABEL = "label_"
#: designs in one prediction: a few megabytes of covariances
BATCH = 2_000


def labels(
    surrogate: Surrogate, values: FloatArray, progress: Callable[[str], None] = lambda _: None
) -> Float32Array:
    """Mean of the study's first output (N,) of designs (N, P; own units, declaration order)."""
    found, name = [], surrogate.study.headline.name
    for start in range(0, len(values), BATCH):
        batch = surrogate.predict(values[start : start + BATCH])
        found.append(batch.value[name].astype(np.float32))
        if start and start % (5 * BATCH) == 0:
            progress(f"{start} of {len(values)} designs")
    return np.concatenate(found)


def label_file(path: Path, surrogate: Surrogate, progress: Callable[[str], None] = print) -> Float32Array:
    """Add the column to an npz file, in one replacement of the file; returns the column.

    Raises:
        InputError: the file cannot be read, or its `values` are not designs of the surrogate's family.
    """
    columns = read_npz(path)
    values = np.asarray(columns.get("values", np.empty(0)), dtype=np.float64)
    p = len(surrogate.family.parameters)
    if values.ndim != 2 or values.shape[1] != p or not 1 <= len(values) <= MAX_SAMPLES:
        raise InputError(
            f"{path}: values has shape {values.shape}; allowed (1 to {MAX_SAMPLES}, {p}) for family "
            f"{surrogate.family.name!r}"
        )
    started = time.perf_counter()
    label, name = labels(surrogate, values, progress), LABEL + surrogate.study.headline.name
    columns |= {name: label, f"{name}_model": np.array(surrogate.version)}
    replace_npz(path, **columns)
    progress(
        f"{path}: {name} of {len(label)} designs by {surrogate.version}, {label.min():.3f} to "
        f"{label.max():.3f} (mean {label.mean():.3f}) after {time.perf_counter() - started:.0f} s"
    )
    return label


@answers_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Add the mean of the surrogate's first output to a file of designs."""
    parser = argparse.ArgumentParser(prog="python -m maquette.surrogate.labels", description=main.__doc__)
    parser.add_argument("file", type=Path, help=".npz with values (N, P) in own units")
    parser.add_argument("--family", default="car")
    arguments = parser.parse_args(argv)
    surrogate = load_surrogate(arguments.family, local=False)
    label_file(arguments.file, surrogate, lambda text: print(text, flush=True))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
