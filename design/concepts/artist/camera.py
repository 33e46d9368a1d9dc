"""The camera: one VTK pass gives normals, part numbers and depth of a body, in a fixed frame.

Vertex colours carry the normal's right and up components and the part's number. One window per process and
size is kept and its triangles are swapped; unlit, no smoothing of edges, orthographic at the fixed scale of
the family's frame.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import ByteArray, Float32Array, FloatArray, IntArray
from ...family.frame import Frame
from ...geometry.mesh import MeshPart
from ...rendering.vtk_tools import off_screen, quiet_stderr, triangle_data

SAMPLES = 2  # buffer pixels per drawing pixel and axis
NOMINAL = 7.5  # mm a pixel for which the lengths below are stated; they go with a frame's own scale
DEPTH = (1000.0, 17000.0)  # mm from the eye: near and far end of the depth buffer
EYE_DISTANCE = 9000.0  # mm
#: mm by which everything but the body is moved to the eye, so that it wins where they touch; what is proud
#: of another part twice as far
PROUD = 8.0
SHARP = 0.82  # cosine: a face that lies further from its corners' mean normal is drawn flat


def depths(frame: Frame) -> tuple[float, float]:
    """Near and far end of the depth buffer in a frame, mm from the eye."""
    larger = frame.mm_per_pixel / NOMINAL
    return DEPTH[0] * larger, DEPTH[1] * larger


def middle_of(body: MeshPart, frame: Frame) -> FloatArray:
    """The point (3,) that pictures of a body show in their middle column, at the view's row."""
    low, high = body.mesh.bounds
    if frame.origin == "own":
        return np.zeros(3)
    return np.asarray(0.5 * (low + high) * np.array([1.0, 1.0, 0.0]))


def painted(parts: Sequence[MeshPart]) -> MeshPart:
    """The first part in the role of the body, else the one with the largest box."""
    for part in parts:
        if part.role == "body" and len(part.mesh.faces):
            return part
    return max(
        parts, key=lambda p: float(np.prod(np.ptp(p.mesh.bounds, axis=0))) if len(p.mesh.faces) else -1
    )


@dataclass(frozen=True)
class _Stage:
    window: Any
    camera: Any
    mapper: Any
    process: int


_STAGES: dict[tuple[int, int], _Stage] = {}


def _stage(size: tuple[int, int]) -> _Stage:
    """The window of this process for that many pixels: made once, MSAA off, unlit."""
    known = _STAGES.get(size)
    if known is not None and known.process == os.getpid():
        return known
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    window, renderer = off_screen(size)
    mapper = vtkPolyDataMapper()
    mapper.SetScalarModeToUsePointData()
    mapper.SetColorModeToDirectScalars()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    renderer.AddActor(actor)
    camera = renderer.GetActiveCamera()
    camera.SetParallelProjection(True)
    _STAGES[size] = _Stage(window, camera, mapper, os.getpid())
    return _STAGES[size]


def photograph(
    parts: Sequence[MeshPart], frame: Frame, view: str, size: tuple[int, int], shaded: bool = True
) -> tuple[ByteArray, Float32Array]:
    """(H, W, 3) colours (normal right, normal up, part) and (H, W) depth in mm.

    Without `shaded` only the part is set, and the depth is empty.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray

    wide, high = size[0] * SAMPLES, size[1] * SAMPLES
    stage = _stage((wide, high))
    seen = frame.view(view)
    axes = seen.axes()
    _, up, back = axes
    larger = frame.mm_per_pixel / NOMINAL
    near_end, far_end = depths(frame)
    shown = frame.picture[1] * frame.mm_per_pixel  # height of the picture, mm
    centre = middle_of(painted(parts), frame) + up * (seen.anchor_row - 0.5) * shown
    stage.camera.SetFocalPoint(*centre)
    stage.camera.SetPosition(*(centre + back * (EYE_DISTANCE * larger)))
    stage.camera.SetViewUp(*up)
    stage.camera.SetParallelScale(0.5 * shown)
    stage.camera.SetClippingRange(near_end, far_end)
    stage.mapper.SetInputData(_triangles(parts, axes, PROUD * larger, shaded))
    colours, depth = vtkUnsignedCharArray(), vtkFloatArray()
    with quiet_stderr():
        stage.window.Render()
        stage.window.GetPixelData(0, 0, wide - 1, high - 1, 0, colours, 0)
        if shaded:
            stage.window.GetZbufferData(0, 0, wide - 1, high - 1, depth)
    pixels = vtk_to_numpy(colours).reshape(high, wide, 3)[::-1]
    if not shaded:
        return pixels, np.empty((0, 0), dtype=np.float32)
    far = vtk_to_numpy(depth).reshape(high, wide)[::-1]
    return pixels, np.asarray(near_end + (far_end - near_end) * far, dtype=np.float32)


def _triangles(
    parts: Sequence[MeshPart],
    axes: tuple[FloatArray, FloatArray, FloatArray],
    proud: float,
    shaded: bool,
) -> Any:
    """`vtkPolyData` of the triangles that face the eye, vertex colours as in :func:`photograph`; parts on the
    body moved `proud` mm to the eye."""
    from vtkmodules.util.numpy_support import numpy_to_vtk

    right, up, back = (axis.astype(np.float32) for axis in axes)
    body = painted(parts)
    points, faces, numbers, start = [], [], [], 0
    for index, part in enumerate(parts):
        if not len(part.mesh.faces):
            continue
        place = part.mesh.vertices.astype(np.float32)
        nearer = 0.0 if part is body else 2.0 * proud if part.role == "proud" else proud
        points.append(place + np.float32(nearer) * back)
        faces.append(part.mesh.faces + start)
        numbers.append(np.full(len(part.mesh.vertices), index + 1, dtype=np.uint8))
        start += len(part.mesh.vertices)
    vertices, corners = np.concatenate(points), np.concatenate(faces)
    a, b, c = (vertices[corners[:, k]] for k in range(3))
    facing = np.cross(b - a, c - a)
    seen = facing @ back > 0.0
    corners, facing = corners[seen], facing[seen]
    owner = np.concatenate(numbers)
    if shaded:
        vertices, corners, colours = _shaded(vertices, corners, facing, owner, (right, up, back))
    else:
        colours = np.stack([owner, owner, owner], axis=1)
    data = triangle_data(vertices, corners)
    data.GetPointData().SetScalars(numpy_to_vtk(colours, deep=True))
    return data


def _shaded(
    vertices: Float32Array,
    corners: IntArray,
    facing: Float32Array,
    owner: ByteArray,
    axes: tuple[Float32Array, Float32Array, Float32Array],
) -> tuple[Float32Array, IntArray, ByteArray]:
    """Vertices, corners and vertex colours with normals smoothed over all but sharp edges.

    Args:
        facing: (m, 3) area vectors of the faces, all turned to the eye. owner: (n,) part of each vertex.
    """
    # by how much a face is seen, so that the inside of an arch does not bend the shading of its edge
    facing = facing * ((facing @ axes[2]) / np.linalg.norm(facing, axis=1))[:, None]
    right, up, back = axes
    start = len(vertices)
    weight = np.zeros((3, start))
    columns = np.ascontiguousarray(corners.T)
    shares = [facing @ vector for vector in (right, up, back)]
    for axis in range(3):
        for corner in range(3):
            weight[axis] += np.bincount(columns[corner], shares[axis], start)
    smooth = (weight / (np.sqrt(np.square(weight).sum(axis=0)) + 1e-12)).astype(np.float32)
    flat = np.stack(shares)
    flat /= np.sqrt(np.square(flat).sum(axis=0)) + 1e-12
    # at a sharp edge a face keeps its own normal: it gets corners of its own
    worst = np.min([np.einsum("cn,cn->n", smooth[:, columns[k]], flat) for k in range(3)], axis=0)
    sharp = np.flatnonzero(worst < SHARP)
    own = columns[:, sharp].T.ravel()
    corners = corners.copy()
    corners[sharp] = start + np.arange(len(own)).reshape(-1, 3)
    vertices = np.concatenate([vertices, vertices[own]])
    colours = np.empty((len(vertices), 3), dtype=np.uint8)
    colours[:start, :2] = np.round(127.5 + 127.0 * smooth[:2].T)
    colours[start:, :2] = np.round(127.5 + 127.0 * flat[:2, sharp].T).repeat(3, axis=0)
    colours[:start, 2] = owner
    colours[start:, 2] = owner[own]
    return vertices, corners, colours
