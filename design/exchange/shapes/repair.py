"""A closed surface from triangles as they come: welded, cleaned, turned outward, small holes filled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...arrays import AnyArray, IntArray
from ...errors import BuildError
from ...geometry.manifolds import from_manifold, to_manifold
from ...geometry.mesh import Mesh, face_vectors, used_only

WELD_SHARE = 2e-6  # of the diagonal: corners so close are one
SMALL_HOLE = 0.03  # of the diagonal: a rim of such a box is filled flat
LEAST_PIECE = 1e-6  # of the box's volume: a smaller closed piece is dust


@dataclass(frozen=True)
class Repaired:
    """A mesh and what was done to it.

    Attributes:
        mesh: welded, outward as far as it can be told; closed where `closed`.
        closed: one closed surface, or several that were united.
        duplicates, collapsed: triangles that were dropped. turned: triangles that looked the other way.
        holes, open_rims: rims filled, and left. pieces: separate surfaces in the file.
        united: closed pieces joined to one body.
    """

    mesh: Mesh
    closed: bool
    duplicates: int = 0
    collapsed: int = 0
    turned: int = 0
    holes: int = 0
    open_rims: int = 0
    pieces: int = 1
    united: int = 0


def repaired(mesh: Mesh) -> Repaired:
    """The mesh welded and cleaned; closed where small repairs do."""
    found = _cleaned(mesh)
    mesh, turned = _aligned(found.mesh)
    found = replace(found, mesh=mesh, turned=turned, pieces=int(_pieces(mesh).max()) + 1)
    mesh, holes, left = _filled(mesh)
    found = replace(found, mesh=mesh, holes=holes, open_rims=left)
    if left or not mesh.is_watertight:
        return replace(found, closed=False)
    return _outward(found)


def _cleaned(mesh: Mesh) -> Repaired:
    size = float(np.linalg.norm(np.ptp(mesh.vertices[mesh.faces].reshape(-1, 3), axis=0)))
    step = max(WELD_SHARE * size, 1e-12)
    _, first, place = np.unique(
        np.round(mesh.vertices / step).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    faces = place.reshape(-1)[mesh.faces].astype(np.int64)
    a, b, c = faces.T
    whole = (a != b) & (b != c) & (c != a)
    faces = faces[whole]
    _, kept = np.unique(np.sort(faces, axis=1), axis=0, return_index=True)
    once = faces[np.sort(kept)]
    clean = used_only(Mesh(mesh.vertices[first], once))
    return Repaired(clean, False, len(faces) - len(once), int((~whole).sum()))


def _edges(mesh: Mesh) -> tuple[AnyArray, IntArray, AnyArray]:
    """Each half edge's undirected edge (3 m,), its face, and whether it runs upward."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, axis=1).ravel()
    key = np.minimum(start, end) * len(mesh.vertices) + np.maximum(start, end)
    _, edge = np.unique(key, return_inverse=True)
    return edge, np.repeat(np.arange(len(mesh.faces)), 3), start < end


def _neighbours(mesh: Mesh) -> tuple[IntArray, AnyArray]:
    """Pairs of faces that share an edge nobody else has (k, 2), and whether they run it the same way."""
    edge, face, upward = _edges(mesh)
    order = np.argsort(edge, kind="stable")
    counts = np.bincount(edge)
    first = np.cumsum(counts)[counts == 2] - 2
    one, two = order[first], order[first + 1]
    return np.stack([face[one], face[two]], axis=1), upward[one] == upward[two]


def _pieces(mesh: Mesh) -> IntArray:
    """(m,) number of the connected surface that each face belongs to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edge, face, _ = _edges(mesh)
    order = np.argsort(edge, kind="stable")
    same = edge[order][1:] == edge[order][:-1]
    a, b = face[order][1:][same], face[order][:-1][same]
    n = len(mesh.faces)
    _, piece = connected_components(coo_array((np.ones(len(a), dtype=bool), (a, b)), shape=(n, n)), False)
    return np.asarray(piece, dtype=np.int64)


def _aligned(mesh: Mesh) -> tuple[Mesh, int]:
    """Faces turned so that neighbours agree, as few as possible in each piece; how many were turned."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    pairs, clash = _neighbours(mesh)
    if not clash.any():
        return mesh, 0
    n = len(mesh.faces)
    data = np.where(clash, 2, 1)
    graph = coo_array((data, (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    graph = graph + graph.T
    count, piece = connected_components(graph, directed=False)
    flip = np.zeros(n, dtype=bool)
    weight: dict[tuple[int, int], int] = {}
    for (i, j), d in zip(pairs.tolist(), data.tolist(), strict=True):
        weight[i, j] = weight[j, i] = d
    firsts = np.unique(piece, return_index=True)[1]
    for root in firsts.tolist():
        order, before = breadth_first_order(graph, root, directed=False)
        for k in order[1:].tolist():
            flip[k] = flip[before[k]] ^ (weight[int(before[k]), k] == 2)
    share = np.bincount(piece, weights=flip, minlength=count) / np.bincount(piece, minlength=count)
    flip ^= share[piece] > 0.5
    faces = mesh.faces.copy()
    faces[flip] = faces[flip][:, ::-1]
    return Mesh(mesh.vertices, faces), int(flip.sum())


def _rims(mesh: Mesh) -> tuple[list[IntArray], int]:
    """Closed loops of half edges without an opposite, and how many such edges run in no clean loop."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, axis=1).ravel()
    n = len(mesh.vertices)
    alone = ~np.isin(start * n + end, end * n + start)
    follow: dict[int, int] = {}
    tangled = 0
    for a, b in zip(end[alone].tolist(), start[alone].tolist(), strict=True):  # the hole runs the other way
        if a in follow:
            tangled += 1
        follow[a] = b
    loops = []
    while follow:
        first, here = next(iter(follow.items()))
        loop = [first]
        del follow[first]
        while here != first and here in follow:
            loop.append(here)
            here = follow.pop(here)
        if here == first:
            loops.append(np.array(loop, dtype=np.int64))
        else:
            tangled += len(loop)
    return loops, tangled


def _filled(mesh: Mesh) -> tuple[Mesh, int, int]:
    """Small rims closed by a fan about their middle; how many were closed and how many left."""
    loops, tangled = _rims(mesh)
    size = float(np.linalg.norm(np.ptp(mesh.vertices, axis=0)))
    vertices, faces, filled, left = [mesh.vertices], [mesh.faces], 0, int(tangled > 0)
    count = len(mesh.vertices)
    for loop in loops:
        rim = mesh.vertices[loop]
        if len(loop) < 3 or float(np.linalg.norm(np.ptp(rim, axis=0))) > SMALL_HOLE * size:
            left += 1
            continue
        if len(loop) == 3:
            faces.append(loop[None])
        else:
            vertices.append(rim.mean(axis=0)[None])
            faces.append(np.stack([loop, np.roll(loop, -1), np.full(len(loop), count)], axis=1))
            count += 1
        filled += 1
    return Mesh(np.concatenate(vertices), np.concatenate(faces)), filled, left


def _outward(found: Repaired) -> Repaired:
    """Closed pieces turned outward, dust dropped, several united to one body."""
    piece = _pieces(found.mesh)
    mesh = found.mesh
    corners = mesh.vertices[mesh.faces] - mesh.vertices.mean(axis=0)
    signed = np.einsum("ij,ij->i", corners[:, 0], face_vectors(corners)) / 6.0
    volume = np.bincount(piece, weights=signed)
    faces = mesh.faces.copy()
    inward = volume[piece] < 0.0
    faces[inward] = faces[inward][:, ::-1]
    box = float(np.prod(np.ptp(mesh.vertices, axis=0)))
    alive = np.flatnonzero(np.abs(volume) > LEAST_PIECE * box)
    if len(alive) == 0:
        return replace(found, closed=False)
    found = replace(found, turned=found.turned + int(inward.sum()))
    if len(alive) == 1:
        only = Mesh(mesh.vertices, faces[piece == alive[0]])
        return replace(found, mesh=used_only(only), closed=True)
    whole = united([used_only(Mesh(mesh.vertices, faces[piece == k])) for k in alive.tolist()])
    if whole is None:
        return replace(found, mesh=Mesh(mesh.vertices, faces), closed=False)
    return replace(found, mesh=whole, closed=True, united=len(alive))


def united(meshes: list[Mesh]) -> Mesh | None:
    """Closed meshes as one closed surface; None where they are no sound solids or do not hang together."""
    from manifold3d import Error, Manifold, OpType

    try:
        solids = [to_manifold(m) for m in meshes]
    except BuildError:
        return None
    whole = Manifold.batch_boolean(solids, OpType.Add)
    if whole.status() != Error.NoError or whole.is_empty():
        return None
    parts = sorted(whole.decompose(), key=lambda s: -s.volume())
    if sum(s.volume() for s in parts[1:]) > 0.2 * parts[0].volume():
        return None
    found = from_manifold(whole)
    return found if found.is_watertight else None
