"""Pressure on a body's surface: read from a finished case, laid on the vertices of the mesh that was solved.

Kept as the pressure coefficient in half precision on the vertices with y >= 0, in their order in the mesh;
the other half is its mirror image.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....design.arrays import BoolArray, FloatArray
from ....design.geometry.mesh import Mesh, face_vectors

PRESSURE = "pressure_coefficient"
FUNCTION = "surfacePressure"
HALF = 1e-3  # mm: vertices this far beyond the plane of symmetry still count as on it
NEIGHBOURS = 4  # places whose values another takes the mean of
NEAREST = 1e-4  # m, below which a face's centre is the vertex itself


def sampling() -> str:
    """The entry of controlDict's functions that writes the pressure on the body with the last fields."""
    return (
        f"    {FUNCTION}\n    {{\n        type surfaces;\n        libs (\"libsampling.so\");\n"
        "        executeControl writeTime;\n        writeControl writeTime;\n"
        "        surfaceFormat raw;\n        fields (p);\n        interpolationScheme cell;\n"
        "        surfaces ( body { type patch; patches (body); interpolate false; } );\n    }\n"
    )  # fmt: skip


def read_pressure(case: Path, speed: float) -> tuple[FloatArray, FloatArray] | None:
    """What the last fields of a case hold: (n, 3) centres of the body's cell faces, m, of the half model, and
    (n,) pressure coefficients there; None where none were written."""
    written = [p for p in (case / "postProcessing" / FUNCTION).glob("*/*.raw") if _time(p) is not None]
    if not written:
        return None
    rows = np.loadtxt(max(written, key=lambda p: _time(p) or 0.0), comments="#", ndmin=2)
    if rows.shape[1] < 4 or len(rows) < NEIGHBOURS:
        return None
    return rows[:, :3], rows[:, 3] / (0.5 * speed**2)


def _time(path: Path) -> float | None:
    return float(path.parent.name) if re.fullmatch(r"[0-9.]+", path.parent.name) else None


def upper_half(mesh: Mesh) -> BoolArray:
    """(n,) which vertices of a mesh a kept pressure is for."""
    return np.asarray(mesh.vertices[:, 1] >= -HALF)


def on_vertices(mesh: Mesh, centres: FloatArray, values: FloatArray) -> NDArray[np.float16]:
    """Values at cell faces' centres (m) laid on the vertices of :func:`upper_half` (mm)."""
    points = np.asarray(mesh.vertices[upper_half(mesh)] * 1e-3)
    return laid(centres, values, points, NEAREST).astype(np.float16)


def laid(known: FloatArray, values: FloatArray, wanted: FloatArray, least: float = 1e-3) -> FloatArray:
    """Values (n,) at known places (n, k) laid on wanted ones (m, k): means of the :data:`NEIGHBOURS` nearest,
    nearer ones counting more, though none more than at a distance of `least`."""
    from scipy.spatial import cKDTree

    away, nearest = cKDTree(known).query(wanted, k=NEIGHBOURS)
    weights = 1.0 / np.maximum(away, least) ** 2
    return np.asarray((weights * values[nearest]).sum(axis=1) / weights.sum(axis=1))


def on_all(mesh: Mesh, half: FloatArray | NDArray[np.float16]) -> FloatArray:
    """(n,) values on every vertex of a mesh from those of one half; NaN throughout where `half` is another
    mesh's."""
    from scipy.spatial import cKDTree

    kept = upper_half(mesh)
    full = np.full(len(mesh.vertices), np.nan)
    if len(half) != int(kept.sum()):
        return full
    full[kept] = half
    if not kept.all():
        mirrored = mesh.vertices[~kept] * np.array([1.0, -1.0, 1.0])
        _, nearest = cKDTree(mesh.vertices[kept]).query(mirrored)
        full[~kept] = full[kept][nearest]
    return full


def pressure_drag(mesh: Mesh, values: FloatArray, area: float) -> float:
    """Drag coefficient of the pressure on a closed mesh alone: what the kept values are checked against.

    Args:
        values: pressure coefficients on the vertices. area: reference area, m2.
    """
    corners = mesh.vertices[mesh.faces]
    normals = 0.5 * face_vectors(corners)
    return float(-(values[mesh.faces].mean(axis=1) * normals[:, 0]).sum() * 1e-6 / area)
