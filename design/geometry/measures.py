"""Numbers of a body: from its triangles in milliseconds, and from its exact solid through the kernel.

The frontal area is the true projection: the area of the body's shadow along x, overlaps counted once and
holes left out. The shadow's outline is found from the edges between faces that look towards the viewer and
faces that look away, and filled by the number of times it winds around a point; so it is exact for the
triangles, whatever the number of bodies that overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import FloatArray, IntArray
from ..errors import BuildError
from ..limits import INTEGRATION_RELATIVE, TESSELLATION_MM, TESSELLATION_RAD
from .manifolds import to_manifold
from .mesh import Mesh, joined

_PLANE = {"x": (1, 2), "y": (0, 2), "z": (0, 1)}  # columns that span the plane seen along the axis


# -- from triangles ---------------------------------------------------------------------------------


def frontal_area(mesh: Mesh) -> float:
    """Area of the shadow along x, m^2. `mesh` in mm, closed pieces (they may overlap).

    >>> from maquette.design.family.registry import get_family
    >>> ahmed = get_family("ahmed")
    >>> round(frontal_area(ahmed.hull(ahmed.defaults())), 3)  # 0.389 m x 0.288 m
    0.112
    """
    return projected_area(mesh, "x") * 1e-6


def projected_area(mesh: Mesh, axis: str = "x") -> float:
    """Area of the shadow along `axis`, mm^2."""
    return float(sum(_signed_area(p) for p in silhouette(mesh, axis)))


def silhouette(mesh: Mesh, axis: str = "x") -> list[FloatArray]:
    """Outline of the shadow along `axis`: closed polygons (k, 2) in mm, outer ones counter-clockwise.

    The columns are (y, z) along x, (x, z) along y and (x, y) along z. Holes run clockwise.
    """
    from manifold3d import CrossSection, FillRule

    points = np.ascontiguousarray(mesh.vertices[:, _PLANE[axis]])
    corners = points[mesh.faces]  # m x 3 x 2
    u, v = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    seen = mesh.faces[u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] > 0]
    loops = [points[loop] for loop in _boundary_loops(seen, len(points))]
    outline = CrossSection(loops, FillRule.Positive)
    return [np.asarray(p, dtype=np.float64) for p in outline.to_polygons()]


def enclosed_volume(mesh: Mesh) -> float:
    """Volume of a closed hull, m^3."""
    return mesh.volume * 1e-9


def asymmetry(mesh: Mesh) -> float:
    """Share of a closed mesh's volume that has no mirror image across y = 0, 0 to 1."""
    body = to_manifold(mesh)
    return float((body - to_manifold(mesh.mirrored())).volume() / body.volume())


def _boundary_loops(faces: IntArray, n: int) -> list[IntArray]:
    """Closed vertex loops around `faces` (m x 3): their directed edges, less those that run the other way.

    Where faces touch along an edge (the kernel's slivers do), the edge stands there more than once, so edges
    are counted against their opposites one by one: what is left leaves each vertex as often as it arrives.
    """
    if len(faces) == 0:
        return []
    start, end = faces[:, [0, 1, 2]].ravel(), faces[:, [1, 2, 0]].ravel()
    edges, place = np.unique(np.minimum(start, end) * n + np.maximum(start, end), return_inverse=True)
    surplus = np.bincount(place, weights=np.sign(end - start), minlength=len(edges)).astype(np.int64)
    low, high = np.divmod(np.repeat(edges, np.abs(surplus)), n)
    upward = np.repeat(surplus > 0, np.abs(surplus))
    start, end = np.where(upward, low, high), np.where(upward, high, low)
    following: dict[int, list[int]] = {}
    for a, b in zip(start.tolist(), end.tolist(), strict=True):
        following.setdefault(a, []).append(b)
    loops: list[IntArray] = []
    while following:
        first = next(iter(following))
        loop = [first]
        while (nexts := following.get(loop[-1])) is not None:
            step = nexts.pop()
            if not nexts:
                del following[loop[-1]]
            if step == first:
                break
            loop.append(step)
        loops.append(np.array(loop, dtype=np.int64))
    return loops


def _signed_area(polygon: FloatArray) -> float:
    x, y = polygon[:, 0], polygon[:, 1]
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


# -- from exact solids --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SolidNumbers:
    """What the kernel says of a shape: volume m^3, area m^2, box (2, 3) mm, centroid (3,) mm."""

    volume: float
    area: float
    bounds: FloatArray
    centroid: FloatArray


def solid_numbers(shape: Any) -> SolidNumbers:
    """Volume, area, tight bounding box and centroid of a `cadquery.Shape` (mm)."""
    from OCP.BRepGProp import BRepGProp
    from OCP.GProp import GProp_GProps

    volume, area = _volume_of(shape), GProp_GProps()
    BRepGProp.SurfaceProperties_s(shape.wrapped, area, INTEGRATION_RELATIVE, False)
    centre = volume.CentreOfMass()
    return SolidNumbers(
        volume=volume.Mass() * 1e-9,
        area=area.Mass() * 1e-6,
        bounds=solid_bounds(shape),
        centroid=np.array([centre.X(), centre.Y(), centre.Z()]),
    )


def solid_volume(shape: Any) -> float:
    """Volume of a `cadquery.Shape`, mm^3, as :func:`solid_numbers` finds it."""
    return float(_volume_of(shape).Mass())


def _volume_of(shape: Any) -> Any:
    """Volume properties by adaptive integration.

    The kernel's plain one, which `Shape.Volume` takes, is 1 to 3 % off on a mirror or a door seam and moves
    by 3e-5 between equal shapes, before and after STEP.
    """
    from OCP.BRepGProp import BRepGProp
    from OCP.GProp import GProp_GProps

    found = GProp_GProps()
    BRepGProp.VolumeProperties_s(shape.wrapped, found, INTEGRATION_RELATIVE, False, False)
    return found


#: by how much a face's box may stand out from its edges before it is looked at on a grid of so many places
HOLE_MM, FACE_GRID = 0.25, (241, 121)


def solid_bounds(shape: Any) -> FloatArray:
    """Tight bounding box of a `cadquery.Shape`, (2, 3), mm, without the kernel's tolerance gap.

    The kernel finds a B-spline face's own box in some 0.1 s. So only faces are asked whose control points
    reach beyond the box of those asked before them, the farthest first: the others cannot widen it.
    """
    faces = shape.Faces()
    if not faces:
        raise BuildError("the shape is empty: it has no bounding box")
    reach = np.array([_outwards(face, tight=False) for face in faces])
    found = np.full(6, -np.inf)
    while len(reach):
        beyond = reach - np.where(np.isfinite(found), found, reach.min(axis=0) - 1.0)
        if beyond.max() <= 0.0:
            break
        next_one = int(beyond.max(axis=1).argmax())
        found = np.maximum(found, _outwards(faces.pop(next_one), tight=True))
        reach = np.delete(reach, next_one, axis=0)
    return np.stack([-found[:3], found[3:]])


def _outwards(face: Any, tight: bool) -> FloatArray:
    """How far a face reaches along -x, -y, -z, x, y, z, (6,), mm: exactly, or at most."""
    from OCP.Bnd import Bnd_Box
    from OCP.BRepBndLib import BRepBndLib

    box = Bnd_Box()
    if tight:
        # (useTriangulation, useShapeTolerance) off: triangles stand inside a convex skin, tolerances outside.
        BRepBndLib.AddOptimal_s(face.wrapped, box, False, False)
    else:
        BRepBndLib.Add_s(face.wrapped, box, False)
    if box.IsVoid():
        raise BuildError("a face of the shape has no bounding box")
    reach = _reach_of(box)
    return _seen_reach(face, reach) if tight else reach


def _reach_of(box: Any) -> FloatArray:
    """How far a `Bnd_Box` reaches along -x, -y, -z, x, y, z, (6,), mm."""
    low, high = box.CornerMin(), box.CornerMax()
    return np.array([-low.X(), -low.Y(), -low.Z(), high.X(), high.Y(), high.Z()])


def _seen_reach(face: Any, reach: FloatArray) -> FloatArray:
    """`reach` of a face as far as the face is really there: of one with a hole, read from a file, the kernel
    bounds in some directions what the hole has taken away."""
    from OCP.Bnd import Bnd_Box
    from OCP.BRepBndLib import BRepBndLib
    from OCP.BRepTopAdaptor import BRepTopAdaptor_FClass2d
    from OCP.gp import gp_Pnt2d
    from OCP.TopAbs import TopAbs_OUT

    from .patches import patch_of_face

    rim = Bnd_Box()
    for edge in face.Edges():
        BRepBndLib.AddOptimal_s(edge.wrapped, rim, False, False)
    if rim.IsVoid():
        return reach
    edges = _reach_of(rim)
    doubted = np.flatnonzero(reach > edges + HOLE_MM)
    patch = patch_of_face("", face.wrapped) if len(doubted) else None
    if patch is None:
        return reach
    inside = BRepTopAdaptor_FClass2d(face.wrapped, 1e-6)
    u, v = (np.linspace(*patch.domain[k], FACE_GRID[k]) for k in (0, 1))
    points = patch.grid(u, v)[0].reshape(-1, 3)
    found = reach.copy()
    for k in doubted.tolist():
        along = points[:, k % 3] * (-1.0 if k < 3 else 1.0)
        found[k] = edges[k]
        for n in np.argsort(-along).tolist():
            if along[n] <= edges[k]:
                break
            place = gp_Pnt2d(float(u[n // len(v)]), float(v[n % len(v)]))
            if inside.Perform(place) != TopAbs_OUT:
                found[k] = reach[k] if reach[k] - along[n] < HOLE_MM else along[n]
                break
    return found


def mesh_of_solid(shape: Any, tolerance: float = TESSELLATION_MM, angle: float = TESSELLATION_RAD) -> Mesh:
    """Triangles of a `cadquery.Shape`, welded across faces, degenerate ones dropped.

    Args:
        tolerance: chord error, mm.
        angle: greatest angle between neighbouring facets, rad (below 0.05 the kernel can run for minutes).
    """
    from OCP.BRep import BRep_Tool
    from OCP.BRepMesh import BRepMesh_IncrementalMesh
    from OCP.TopAbs import TopAbs_REVERSED
    from OCP.TopLoc import TopLoc_Location

    # `Shape.tessellate` takes its tolerance as a share of each edge's length; here it is millimetres.
    BRepMesh_IncrementalMesh(shape.wrapped, tolerance, False, angle, False)
    meshes = []
    for face in shape.Faces():
        location = TopLoc_Location()
        found = BRep_Tool.Triangulation_s(face.wrapped, location)
        if found is None:
            raise BuildError("the kernel left a face without triangles")
        move = location.Transformation()
        points = [found.Node(k + 1).Transformed(move) for k in range(found.NbNodes())]
        faces = (
            np.array([found.Triangle(k + 1).Get() for k in range(found.NbTriangles())], dtype=np.int64) - 1
        )
        if face.wrapped.Orientation() == TopAbs_REVERSED:
            faces = faces[:, ::-1]
        meshes.append(Mesh(np.array([(p.X(), p.Y(), p.Z()) for p in points]), faces))
    if not meshes:
        raise BuildError("the shape has no faces: nothing to tessellate")
    return welded(joined(meshes))


def closes(mesh: Mesh) -> bool:
    """True when each directed edge is met by as many opposite ones: no gap, though slivers may touch.

    `Mesh.is_watertight` asks for exactly one opposite, which the kernel's slivers at cut edges do not keep.
    """
    start, end = mesh.faces[:, [0, 1, 2]].ravel(), mesh.faces[:, [1, 2, 0]].ravel()
    n = len(mesh.vertices)
    return bool(len(start) and np.array_equal(np.sort(start * n + end), np.sort(end * n + start)))


def welded(mesh: Mesh, tolerance: float = 1e-3) -> Mesh:
    """The mesh with vertices closer than `tolerance` mm merged and triangles that thereby vanish dropped."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    n = len(mesh.vertices)
    pairs = cKDTree(mesh.vertices).query_pairs(tolerance, output_type="ndarray")
    near = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, group = connected_components(near, directed=False)
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    faces: IntArray = inverse[mesh.faces].astype(np.int64)
    a, b, c = faces.T
    return Mesh(mesh.vertices[first], faces[(a != b) & (b != c) & (c != a)])
