"""A closed skin around any triangles: gaps up to a width are bridged, everything inside is swallowed.

The space outside is flooded from the box's border, stopped by a layer of half the width around the surface
(a morphological closing). Near the surface the skin's place comes from the triangle itself, not from the
grid: the field is the distance to the nearest point's plane, whose outer side is where the flood stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import AnyArray, FloatArray
from ...geometry.manifolds import from_manifold
from ...geometry.mesh import Mesh
from ...geometry.surface_points import surface_points

CELLS = 240  # along the longest side
GAPS = (0.01, 0.02, 0.04)  # of the longest side: widths that are bridged, tried in order
ENOUGH = 0.9  # of the volume that the widest gap encloses, from which a narrower one is taken
LEAST_VOLUME = 0.02  # of the box: a thinner body is a sheet
FAITHFUL = 0.006  # of the longest side: root mean square distance of the skin from the triangles at most
SIMPLIFIED = 0.05  # of a cell, by which triangles may be joined
NEAR = 1.6  # cells from the surface within which the triangles themselves say where the skin is


@dataclass(frozen=True)
class Wrapped:
    """A skin.

    Attributes:
        mesh: closed. gap: width that was bridged, in the mesh's unit. cell: of the grid.
        off: root mean square distance of the skin from the triangles, bridged gaps included.
    """

    mesh: Mesh
    gap: float
    cell: float
    off: float


def wrapped(mesh: Mesh) -> Wrapped | str:
    """The skin, or why there is none: ``sheet`` (it encloses nothing), ``open`` (a larger opening)."""
    from scipy.ndimage import distance_transform_edt
    from scipy.spatial import cKDTree

    span = float(np.ptp(mesh.vertices, axis=0).max())
    cell = span / CELLS
    points, normals, _ = surface_points(mesh, 0.7 * cell)
    margin = 3 + int(np.ceil(0.5 * GAPS[-1] * CELLS))
    low = points.min(axis=0) - margin * cell
    shape = tuple(int(n) for n in np.ceil(np.ptp(points, axis=0) / cell).astype(int) + 2 * margin + 1)
    place = np.round((points - low) / cell).astype(np.int64)
    free = np.ones(shape, dtype=bool)
    free[tuple(place.T)] = False
    away = distance_transform_edt(free).astype(np.float32)  # cells from the surface
    widest = _solid(away, 0.5 * GAPS[-1] * CELLS)
    most = float((widest > 0.5).sum())
    box = float(np.prod(np.ptp(points, axis=0) / cell + 1.0))
    if most < LEAST_VOLUME * box:
        return "sheet"
    for gap in GAPS:
        depth = widest if gap == GAPS[-1] else _solid(away, 0.5 * gap * CELLS)
        if (depth > 0.5).sum() >= ENOUGH * most:
            break
    field = depth - 0.5
    near = np.argwhere((np.abs(field) < 2.0) & (away < NEAR))
    here = low + near * cell
    tree = cKDTree(points)
    _, nearest = tree.query(here, workers=1)
    inward = np.stack([g[tuple(near.T)] for g in np.gradient(depth)], axis=-1)
    facing = normals[nearest]
    outward = np.where(np.einsum("ij,ij->i", facing, inward) > 0.0, -1.0, 1.0)
    plane = -outward * np.einsum("ij,ij->i", here - points[nearest], facing) / cell
    field[tuple(near.T)] = np.clip(plane, -2.5, 2.5)
    skin = _skin(field, low, cell)
    if skin is None:
        return "sheet"
    samples = surface_points(skin, 2.0 * cell)
    off, _ = tree.query(samples[0], workers=1)
    rms = float(np.sqrt(np.average(off**2, weights=samples[2])))
    if rms > FAITHFUL * span:
        return "open"
    return Wrapped(skin, gap * span, cell, rms)


def _solid(away: AnyArray, radius: float) -> AnyArray:
    """Cells that the flood does not reach, grown back: how deep each lies inside, in cells (0 outside)."""
    from scipy.ndimage import distance_transform_edt, label

    regions, _ = label(away > radius)
    outside = regions == regions[0, 0, 0]
    inside = distance_transform_edt(~outside).astype(np.float32) - np.float32(radius)
    return np.asarray(np.clip(inside, -radius, None))


def _skin(field: AnyArray, low: FloatArray, cell: float) -> Mesh | None:
    """The largest closed surface on which a field is zero, inside positive."""
    from manifold3d import Error, Manifold
    from manifold3d import Mesh as Triangles
    from scipy.ndimage import gaussian_filter
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    smooth = gaussian_filter(field.astype(np.float32), 0.6)
    smooth[np.abs(smooth) < 1e-3] = -1e-3
    smooth[[0, -1]] = smooth[:, [0, -1]] = smooth[:, :, [0, -1]] = -1.0
    image = vtkImageData()
    image.SetDimensions(*smooth.shape)
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(smooth.ravel(order="F")), deep=1))
    contour = vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.SetValue(0, 0.0)
    contour.ComputeNormalsOff()
    contour.ComputeGradientsOff()
    contour.Update()
    made = contour.GetOutput()
    if made.GetNumberOfPolys() == 0:
        return None
    vertices = vtk_to_numpy(made.GetPoints().GetData()).astype(np.float32)
    faces = vtk_to_numpy(made.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    triangles = Triangles(vertices, np.ascontiguousarray(faces, dtype=np.uint32))
    triangles.merge()
    solid = Manifold(triangles)
    if solid.status() != Error.NoError:
        return None
    if solid.volume() < 0.0:
        solid = Manifold(Triangles(vertices, np.ascontiguousarray(faces[:, ::-1], dtype=np.uint32)))
    parts = solid.decompose()
    if not parts:
        return None
    whole = from_manifold(max(parts, key=lambda s: s.volume()).simplify(SIMPLIFIED))
    skin = Mesh(low + cell * whole.vertices, whole.faces)
    return skin if skin.is_watertight and skin.volume > 0.0 else None
