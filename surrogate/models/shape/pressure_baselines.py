"""What a model of surface pressure is measured against: the nearest run's pressure, and the runs' mean.

A place of a body is its share of length, half width and height with its outward normal; a run's pressure is
laid on common places, and from there on another body's, by nearness.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....design.arrays import FloatArray, IntArray
from ....design.geometry.mesh import Mesh
from ...studies.wind_tunnel.pressure import laid
from .pressure import normals_of, relative_l2

PLACES = 6_000
SIDEWAYS, UPWARD, LOOK = 0.35, 0.35, 0.12  # of width, height and normal against the length, in distances


def baseline_errors(
    places: Sequence[FloatArray],
    truth: Sequence[FloatArray],
    area: Sequence[FloatArray],
    along: FloatArray,
    fold: IntArray,
) -> dict[str, float]:
    """Mean relative L2 error over runs held out, by baseline.

    Args:
        places, truth, area: of each run's vertices, (n_i, 6), (n_i,), (n_i,). along: directions (N, k), by
            which the nearest run is found. fold: of each run (N,).
    """
    middle = places[int((along**2).sum(axis=1).argmin())]
    common = middle[:: max(1, len(middle) // PLACES)]
    rows = np.stack([laid(p, t, common) for p, t in zip(places, truth, strict=True)])
    errors: dict[str, list[float]] = {"nearest": [], "mean": []}
    for k in range(len(rows)):
        rest = np.flatnonzero(fold != fold[k])
        near = rest[int(((along[rest] - along[k]) ** 2).sum(axis=1).argmin())]
        for name, values in (("nearest", rows[near]), ("mean", rows[rest].mean(axis=0))):
            errors[name].append(relative_l2(laid(common, values, places[k]), truth[k], area[k]))
    return {name: float(np.mean(v)) for name, v in errors.items()}


def places_of(mesh: Mesh) -> FloatArray:
    """(v, 6) where each vertex lies and looks, the left side mirrored to the right one."""
    low, high = mesh.bounds
    length, width, height = high[0] - low[0], 0.5 * (high[1] - low[1]), high[2]
    normals = normals_of(mesh) * np.where(mesh.vertices[:, 1:2] < 0.0, [1.0, -1.0, 1.0], 1.0)
    place = np.stack(
        [
            (mesh.vertices[:, 0] - low[0]) / length,
            SIDEWAYS * np.abs(mesh.vertices[:, 1]) / width,
            UPWARD * mesh.vertices[:, 2] / height,
        ],
        axis=1,
    )
    return np.hstack([place, LOOK * normals])
