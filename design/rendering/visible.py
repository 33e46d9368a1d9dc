"""Which region of each part shows in a view straight along an axis.

One picture with a depth test tells at every pixel which part is nearest. A part's region there, a pixel
wider, cut to the part's exact outline, is what shows of it: exact wherever the part ends, and within a
pixel (a few hundredths of a millimetre on an A3 sheet) where another part covers it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import BoolArray, FloatArray, IntArray, level_runs
from ..errors import InputError
from ..geometry.measures import silhouette
from ..geometry.mesh import Mesh, MeshPart, face_vectors

PIXELS = 2400  # along a picture's longer side
EDGE = 6  # pixels of paper round the body
#: view: which axes of the body run across, up and towards the eye, and their signs
AXES = {
    "side": ((0, 2, 1), (1.0, 1.0, -1.0)),
    "front": ((1, 2, 0), (-1.0, 1.0, -1.0)),
    "rear": ((1, 2, 0), (1.0, 1.0, 1.0)),
    "top": ((0, 1, 2), (1.0, 1.0, 1.0)),
}
MOST_PARTS = 65_000


def regions(parts: Sequence[MeshPart], view: str, proud: float) -> list[list[FloatArray]]:
    """Polygons (k, 2) in mm across and up the picture of what shows of each part; holes run the other way.

    Args:
        parts: those with triangles, mm. Faces that look away from the eye hide nothing.
        proud: mm by which every part but the largest counts as nearer, since panels lie on a body or a hair
            under its skin.

    Raises:
        InputError: more parts than can be told apart. MissingComponentError: no OpenGL on this machine.
    """
    from scipy.ndimage import find_objects

    if len(parts) > MOST_PARTS:
        raise InputError(f"{len(parts)} parts to draw; at most {MOST_PARTS}")
    meshes = [_turned(part.mesh, view) for part in parts]
    fronts = [face_vectors(m.vertices[m.faces])[:, 2] > 0.0 for m in meshes]
    base = int(np.argmax([np.prod(np.ptp(m.bounds, axis=0)) for m in meshes]))
    lift = [0.0 if k == base else proud * (2.0 if p.role == "proud" else 1.0) for k, p in enumerate(parts)]
    numbers, corner, pixel = _picture(meshes, fronts, lift)
    found: list[list[FloatArray]] = [[] for _ in parts]
    for k, place in enumerate(find_objects(numbers, len(parts))):
        if place is not None:
            start = corner + pixel * np.array([place[1].start, place[0].start])
            front = Mesh(meshes[k].vertices, meshes[k].faces[fronts[k]])
            found[k] = _region(numbers[place] == k + 1, start, pixel, front)
    return found


def _turned(mesh: Mesh, view: str) -> Mesh:
    """The mesh in the picture's axes: right, up, towards the eye."""
    columns, signs = AXES[view]
    faces = mesh.faces if _right_handed(view) else mesh.faces[:, ::-1]
    return Mesh(mesh.vertices[:, columns] * np.array(signs), faces)


def _right_handed(view: str) -> bool:
    columns, signs = AXES[view]
    return bool(np.linalg.det(np.eye(3)[list(columns)] * np.array(signs)[:, None]) > 0.0)


def _region(mask: BoolArray, corner: FloatArray, pixel: float, front: Mesh) -> list[FloatArray]:
    """The part's exact outline, as far as its pixels show."""
    from manifold3d import CrossSection, FillRule

    left, low, right, top = _runs(mask).T
    corners = np.stack([left, low, right, low, right, top, left, top], axis=1).reshape(-1, 4, 2)
    seen = CrossSection(list(corner + pixel * corners), FillRule.NonZero).simplify(0.75 * pixel)
    whole = CrossSection(silhouette(front, "z"), FillRule.NonZero)
    return [np.asarray(p, dtype=np.float64) for p in (seen.offset(pixel) ^ whole).to_polygons()]


def _runs(mask: BoolArray) -> IntArray:
    """Boxes (n, 4) of columns and rows (left, low, right, top) that fill the mask: one a row's run."""
    row, left, right = level_runs(mask)
    return np.stack([left, row, right, row + 1], axis=1)


def _picture(
    meshes: Sequence[Mesh], fronts: Sequence[BoolArray], lift: Sequence[float]
) -> tuple[IntArray, FloatArray, float]:
    """Number of the nearest part + 1 at every pixel, lowest row first; the picture's lower left corner (2,),
    and the size of a pixel, mm."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    from .vtk_tools import off_screen, quiet_stderr, triangle_data

    bounds = np.array([m.bounds for m in meshes])
    low, high = bounds[:, 0].min(axis=0), bounds[:, 1].max(axis=0)
    pixel = float(np.max(high[:2] - low[:2])) / (PIXELS - 2 * EDGE)
    wide, tall = (int(np.ceil(s / pixel)) + 2 * EDGE for s in high[:2] - low[:2])
    size = (wide, tall)
    corner = low[:2] - EDGE * pixel
    corners = [
        m.vertices[m.faces[front]].reshape(-1, 3) + np.array([0.0, 0.0, up])
        for m, front, up in zip(meshes, fronts, lift, strict=True)
    ]
    number = np.repeat(np.arange(1, len(meshes) + 1), [len(c) for c in corners])
    colours = np.stack([number % 256, number // 256, np.zeros_like(number)], axis=1).astype(np.uint8)
    middle = np.array([*(corner + 0.5 * pixel * np.array(size)), 0.0])
    data = triangle_data(np.concatenate(corners) - middle)
    data.GetPointData().SetScalars(numpy_to_vtk(colours, deep=True))
    window, renderer = off_screen(size)  # registers the mapper that draws
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetScalarModeToUsePointData()
    mapper.SetColorModeToDirectScalars()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    renderer.AddActor(actor)
    camera = renderer.GetActiveCamera()
    near, far = float(high[2]) + 2.0 * max(lift) + 1.0, float(low[2]) - 1.0
    camera.SetParallelProjection(True)
    camera.SetParallelScale(0.5 * pixel * size[1])
    camera.SetFocalPoint(0.0, 0.0, 0.0)
    camera.SetPosition(0.0, 0.0, near + 1.0)
    camera.SetViewUp(0.0, 1.0, 0.0)
    camera.SetClippingRange(1.0, near + 1.0 - far)
    found = vtkUnsignedCharArray()
    try:
        with quiet_stderr():
            window.Render()
            window.GetPixelData(0, 0, size[0] - 1, size[1] - 1, 0, found, 0)
        image = vtk_to_numpy(found).reshape(size[1], size[0], 3).astype(np.int32)
    finally:
        window.Finalize()
    return image[..., 0] + 256 * image[..., 1], corner, pixel
