"""What the map of :mod:`.push_pull` needs of a mesh: normals, areas, mirrored pairs, neighbours' averages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...design.arrays import FloatArray, IntArray
from ...design.geometry.mesh import Mesh, corner_angles, face_vectors, mirrored

#: steps of the averaging, and the largest share of a vertex that a step takes from its neighbours
STEPS, TAKEN = 3, 0.5
#: farthest that the partner of a vertex may stand from its mirror image, as a share of the body's size
PAIRED = 1e-6


@dataclass(frozen=True)
class Averaging:
    """Averages over neighbours, self-adjoint: the integral of f times the average of g is that of the average
    of f times g.

    Attributes:
        normals: (V, 3) outward, mirrored where the vertices are. areas: (V,) around each vertex, m2.
        edges: (E, 2) neighbours. flow: (E,) what a step exchanges between them, m2.
    """

    normals: FloatArray
    areas: FloatArray
    edges: IntArray
    flow: FloatArray

    def of(self, values: FloatArray) -> FloatArray:
        """The averages of values (..., V)."""
        found = np.array(values, dtype=np.float64)
        a, b = self.edges.T
        count, held = len(self.areas), self.areas > 0
        for row in found.reshape(-1, count):
            for _ in range(STEPS):
                moved = self.flow * (row[b] - row[a])
                change = np.bincount(a, moved, count) - np.bincount(b, moved, count)
                row[held] += change[held] / self.areas[held]
        return found


def averaging(mesh: Mesh) -> Averaging:
    """The averaging on a mesh (mm): between vertices that share an edge, or whose mirror images do."""
    normals, areas = vertex_normals(mesh)
    edges = np.sort(mesh.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    pair = mirror_pairs(mesh)
    if pair is not None:
        normals = normals + mirrored(normals[pair])
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = normals / np.where(length > 0, length, 1.0)
        areas = 0.5 * (areas + areas[pair])
        edges = np.concatenate([edges, np.sort(pair[edges], axis=1)])
    edges = np.unique(edges, axis=0)
    edges = edges[edges[:, 0] != edges[:, 1]]
    degree = np.maximum(np.bincount(edges.ravel(), minlength=len(areas)), 1)
    flow = TAKEN * np.min((areas / degree)[edges], axis=1)
    return Averaging(normals, areas, edges, flow)


def turned_outward(mesh: Mesh) -> Mesh:
    """The mesh with every closed piece counter-clockwise seen from outside; open pieces stay as they are."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(mesh.vertices)
    edges = mesh.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    links = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    pieces, piece = connected_components(links, directed=False)
    there, back = edges[:, 0] * count + edges[:, 1], edges[:, 1] * count + edges[:, 0]
    is_open = np.bincount(piece[edges[~np.isin(there, back), 0]], minlength=pieces) > 0
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    volume = np.bincount(piece[mesh.faces[:, 0]], np.einsum("ij,ij->i", a, np.cross(b, c)), pieces)
    faces = mesh.faces.copy()
    turned = ((volume < 0) & ~is_open)[piece[faces[:, 0]]]
    faces[turned] = faces[turned, ::-1]
    return Mesh(mesh.vertices, faces)


def mirror_pairs(mesh: Mesh) -> IntArray | None:
    """(V,) the vertex at each one's mirror image in y = 0; None where they do not stand in pairs."""
    from scipy.spatial import cKDTree

    distance, pair = cKDTree(mesh.vertices).query(mirrored(mesh.vertices))
    size = float(np.ptp(mesh.vertices, axis=0).max())
    if distance.max() > PAIRED * size or not np.array_equal(pair[pair], np.arange(len(pair))):
        return None
    return np.asarray(pair, dtype=np.int64)


def vertex_normals(mesh: Mesh) -> tuple[FloatArray, FloatArray]:
    """Outward unit normals (V, 3), triangles weighted by their angle at the vertex so that the diagonal of a
    flat quad does not matter (Thuermer and Wuethrich, "Computing vertex normals from polygonal facets", J.
    Graphics Tools 3, 1998), and a third of the triangles' areas (V,), m2."""
    corner = mesh.vertices[mesh.faces]
    facets = face_vectors(corner)
    twice = np.linalg.norm(facets, axis=1)
    unit = facets / np.where(twice > 0, twice, 1.0)[:, None]
    angle = corner_angles(corner).T.ravel()
    count, index = len(mesh.vertices), mesh.faces.T.ravel()
    summed = np.stack([np.bincount(index, angle * np.tile(unit[:, k], 3), count) for k in range(3)], axis=1)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    areas = np.bincount(index, np.tile(twice, 3), count) / 6.0
    return summed / np.where(length > 0, length, 1.0), areas * 1e-6
