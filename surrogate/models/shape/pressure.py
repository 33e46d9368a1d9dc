"""Surface pressure of a shape from the runs' own: carried over by place and by where the surface looks.

A place of a body is its share of length, half width and height with its outward normal; the pressure there
in every run gives the run's row on common places. A shape's row is a ridge regression on its numbers, and is
laid on its vertices from the nearest common places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....design.arrays import BoolArray, FloatArray
from ....design.geometry.mesh import Mesh, face_vectors
from ...studies.wind_tunnel.pressure import laid

PLACES = 6_000
SIDEWAYS, UPWARD, LOOK = 0.35, 0.35, 0.12  # of width, height and normal against the length, in distances
MODES = 12
PENALTY = 30.0


@dataclass(frozen=True)
class PressureModel:
    """Common places (n, 6), the runs' mean pressure there (n,), and its change along directions (k, n)."""

    places: FloatArray
    mean: FloatArray
    slopes: FloatArray

    def at(self, mesh: Mesh, along: FloatArray) -> FloatArray:
        """Pressure coefficient on every vertex of a mesh (v,) whose numbers lie at `along` (k,)."""
        return laid(self.places, self.mean + np.clip(along, -3.0, 3.0) @ self.slopes, places_of(mesh))


def places_of(mesh: Mesh) -> FloatArray:
    """(v, 6) where each vertex lies and looks, the left side mirrored to the right one."""
    low, high = mesh.bounds
    length, width, height = high[0] - low[0], 0.5 * (high[1] - low[1]), high[2]
    normals = np.zeros_like(mesh.vertices)
    vectors = face_vectors(mesh.vertices[mesh.faces])
    for k in range(3):
        np.add.at(normals, mesh.faces[:, k], vectors)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    side = np.where(mesh.vertices[:, 1] < 0.0, -1.0, 1.0)
    normals[:, 1] *= side
    place = np.stack(
        [
            (mesh.vertices[:, 0] - low[0]) / length,
            SIDEWAYS * np.abs(mesh.vertices[:, 1]) / width,
            UPWARD * mesh.vertices[:, 2] / height,
        ],
        axis=1,
    )
    return np.hstack([place, LOOK * normals])


def fit_pressure(rows: FloatArray, along: FloatArray, places: FloatArray) -> PressureModel:
    """From the runs' rows (N, n) at common places (n, 6) and their directions (N, k)."""
    mean = rows.mean(axis=0)
    x = along
    slopes = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ (rows - mean))
    return PressureModel(places, mean, slopes)


def common_places(mesh: Mesh, upper: BoolArray) -> FloatArray:
    """Places spread over one half of a body, about :data:`PLACES` of them."""
    chosen = np.flatnonzero(upper)
    return places_of(mesh)[chosen[:: max(1, len(chosen) // PLACES)]]


def relative_l2(said: FloatArray, truth: FloatArray, area: FloatArray) -> float:
    """Root of the squared difference over the squared truth, by area."""
    return float(np.sqrt((area * (said - truth) ** 2).sum() / (area * truth**2).sum()))


def vertex_areas(mesh: Mesh) -> FloatArray:
    """(v,) mm^2, a third of the triangles about each vertex."""
    third = np.linalg.norm(face_vectors(mesh.vertices[mesh.faces]), axis=1) / 6.0
    found = np.zeros(len(mesh.vertices))
    for k in range(3):
        np.add.at(found, mesh.faces[:, k], third)
    return found
