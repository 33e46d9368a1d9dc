"""Surface pressure of a shape, point by point, by boosted trees that the runs' own surfaces were grown from.

Ten thousand pressures a run teach what one drag number does not: a point is told where it lies, how the body
looks and bends there, how steeply the roof, the side and the floor close about and ahead of it, and the whole
body's numbers. So a shape is answered on its own surface: nothing is carried over from another one's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ....design.arrays import AnyArray, FloatArray
from ....design.geometry.mesh import Mesh, face_vectors
from ....design.geometry.surface_points import surface_points
from ..table.trees import answer, grow
from .domain import ShapeDomain
from .learners import block_of
from .numbers import SPACING, bridged

MODES = 16  # of the whole body's directions
POINTS = 800  # of a run's surface that trees are grown from, where there is much of it or it faces the air
TREES = 250
GROWTH = {
    "learning_rate": 0.1, "num_leaves": 64, "max_depth": 10, "min_data_in_leaf": 40, "max_bin": 63,
    "feature_fraction": 0.25, "bagging_fraction": 0.6, "lambda_l2": 5.0, "min_data_in_bin": 3,
}  # fmt: skip
STATIONS = 48  # along x, of the outlines that slopes are taken from
BEND = 12  # points about a vertex that tell how the surface bends
BEHIND = 60.0  # mm ahead of the tail's end, where its height is taken
MIDDLE = 0.15  # of half the width: the centreline's points


@dataclass(frozen=True)
class PressureModel:
    """Boosted trees over a point's numbers and its body's, as arrays."""

    trees: Mapping[str, AnyArray]

    def at(self, mesh: Mesh, whole: FloatArray) -> FloatArray:
        """Pressure coefficient on every vertex (v,) of a mesh whose body's numbers are `whole` (k,)."""
        return self.of(point_numbers(mesh), whole)

    def of(self, points: FloatArray, whole: FloatArray) -> FloatArray:
        """The same (n,) of points' numbers (n, p)."""
        return answer(self.trees, _beside(points, whole))


def fit_pressure(
    points: Sequence[FloatArray], values: Sequence[FloatArray], wholes: FloatArray, seed: int = 0
) -> PressureModel:
    """From the runs' points' numbers (n_i, p), the pressures there (n_i,), and the bodies' numbers (N, k)."""
    rows = np.vstack([_beside(p, whole) for p, whole in zip(points, wholes, strict=True)])
    return PressureModel(grow(rows, np.concatenate(values), seed, GROWTH, TREES))


def whole_of(names: Sequence[str], numbers: FloatArray, domain: ShapeDomain) -> FloatArray:
    """(m, k) what the trees see of whole bodies with these numbers (m, p): the first of their directions,
    and the named numbers."""
    named = np.array([block_of(n) == "core" for n in names])
    return np.hstack([domain.along(numbers)[0][:, :MODES], numbers[:, named]])


def drawn(mesh: Mesh, chosen: AnyArray, seed: int) -> AnyArray:
    """Up to :data:`POINTS` of the `chosen` vertices: half by the area about them, half by how much of it the
    air meets along x."""
    area, facing = vertex_areas(mesh)[chosen], np.abs(normals_of(mesh)[chosen, 0])
    weight = area / area.sum() + area * facing / (area * facing).sum()
    count = min(POINTS, int((weight > 0.0).sum()))
    return np.random.default_rng(seed).choice(chosen, count, replace=False, p=weight / weight.sum())


def point_numbers(mesh: Mesh, chosen: AnyArray | None = None) -> FloatArray:
    """(n, 27) numbers of a body's vertices, all or the chosen ones; nose first, on its ground."""
    at_vertex = np.arange(len(mesh.vertices)) if chosen is None else chosen
    vertices, normal = mesh.vertices[at_vertex], normals_of(mesh)[at_vertex]
    low, high = mesh.bounds
    length, half, height = high[0] - low[0], 0.5 * (high[1] - low[1]), high[2]
    across = 0.5 * (low[1] + high[1])
    points, looks, _ = surface_points(mesh, SPACING * length)
    px, py, pz = points[:, 0] - low[0], np.abs(points[:, 1] - across), points[:, 2]
    x, y, z = vertices[:, 0] - low[0], np.abs(vertices[:, 1] - across), vertices[:, 2]
    at = np.clip((px / length * STATIONS).astype(np.int64), 0, STATIONS - 1)
    middle = py < MIDDLE * half
    stations = (np.arange(STATIONS) + 0.5) / STATIONS * length

    def most(values: FloatArray, where: AnyArray) -> FloatArray:
        found = np.full(STATIONS, np.nan)
        np.fmax.at(found, at[where], values[where])
        return bridged(found)

    every = np.ones(len(px), dtype=bool)
    top, crown, side = most(pz, every), most(pz, middle), most(py, every)
    under, floor = -most(-pz, every), -most(-pz, middle)

    def of(line: FloatArray, ahead: float = 0.0) -> FloatArray:
        return np.asarray(np.interp(x - ahead, stations, line))

    def steep(line: FloatArray) -> FloatArray:
        return np.asarray(np.degrees(np.arctan(np.gradient(line, stations))))

    tail = float(np.interp(length - BEHIND, stations, crown))
    return np.column_stack(
        [
            x / length, x * 1e-3, (length - x) * 1e-3, y / half, z / height, z * 1e-3,
            normal[:, 0], np.where(vertices[:, 1] < across, -1.0, 1.0) * normal[:, 1], normal[:, 2],
            *_bends(vertices, normal, points, looks, SPACING * length),
            of(top) - z, of(side) - y, z - of(under), of(crown) / height, of(side) / half, of(floor) / height,
            of(steep(crown)), of(steep(crown), 150.0), of(steep(crown), 400.0), of(steep(side)),
            of(steep(side), 300.0), of(steep(floor)), of(steep(floor), 300.0), tail - z,
        ]
    )  # fmt: skip


def _bends(
    vertices: FloatArray, normal: FloatArray, points: FloatArray, looks: FloatArray, spacing: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """About each vertex, of few and of more points: how alike the surface looks, and how far it lies outside
    of the vertex's own plane."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(points).query(vertices, k=BEND)
    found = []
    for k in (BEND // 3, BEND):
        found.append(np.linalg.norm(looks[near[:, :k]].mean(axis=1), axis=1))
        away = points[near[:, :k]].mean(axis=1) - vertices
        found.append(np.einsum("ij,ij->i", away, normal) / spacing)
    return found[0], found[1], found[2], found[3]


def _beside(points: FloatArray, whole: FloatArray) -> FloatArray:
    return np.hstack([points, np.broadcast_to(whole, (len(points), len(whole)))])


def normals_of(mesh: Mesh) -> FloatArray:
    """(v, 3) unit normals of the vertices, by the area of the triangles about them."""
    normals = np.zeros_like(mesh.vertices)
    vectors = face_vectors(mesh.vertices[mesh.faces])
    for k in range(3):
        np.add.at(normals, mesh.faces[:, k], vectors)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30))


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
