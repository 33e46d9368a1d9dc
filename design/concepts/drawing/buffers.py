"""What a drawing knows of a body: which part, which way it faces and how far, at every pixel.

One VTK pass per view at twice the drawing's size: vertex colours carry the normal's right and up components
and the part's number, the depth buffer the distance. One window per process and size is kept, its triangles
are swapped. Orthographic at the fixed scale of :mod:`..frame`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...geometry.mesh import MeshPart
from ...geometry.shading import GLASS, LAMP, METAL, RUBBER, finish_of
from ...geometry.views import VIEWS as CAMERAS
from ...geometry.vtk_tools import off_screen, quiet_stderr
from ..frame import FINE, GROUND_ROW, MM_PER_PIXEL, VIEWS

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: share of the height from the top at which the ground under the car's middle lies
ANCHOR_ROW = {"side": GROUND_ROW, "three_quarter": 0.76}
SAMPLES = 2  # buffer pixels per drawing pixel and axis
DEPTH = (1000.0, 17000.0)  # mm from the eye: near and far end of the depth buffer
EYE_DISTANCE = 9000.0  # mm
MAX_PARTS = 254
SHARP = 0.82  # cosine: a face that lies further from its corners' mean normal is drawn flat
CHINK = 255  # the part number of a small hole that one can look through, between rim and brake for example
CHINK_PIXELS = 220  # drawing pixels at FINE

#: what a part's surface is for the pen; NOTHING is the paper
NOTHING, BODY, WINDOW, TYRE, RIM, LAMP_GLASS, DARK, LIGHT, SEAM, DISC = range(10)
KINDS = 10
PROUD = 8.0  # mm by which everything but the body is moved to the eye, so that it wins where they touch
MARGIN = (56, 24)  # pixels of paper kept round the body: columns, rows


@dataclass(frozen=True)
class Buffers:
    """One view of one body, cut to the part of the picture round it: `h, w`; `H, W` = SAMPLES times as much.

    Attributes:
        corner: (column, row) of the cut's first pixel in the picture.
        parts: (H, W) uint8: 0 paper, CHINK a small hole, else number of the part + 1.
        kinds: (H, W) uint8: NOTHING, BODY, WINDOW ...
        cover: (KINDS, h, w) float32: share of each pixel that each kind covers.
        normal: (3, h, w) float32: unit normal in the picture's right, up, towards-the-eye axes; 0 on paper.
        world_up: (h, w) float32: vertical component of the normal.
        depth: (H, W) float32: mm from the eye; far end on paper.
        scale: drawing pixels per mm.
        anchor: (column, row) of the ground under the car's middle, drawing pixels from the cut's corner.
        plan: half length and half width of the body, drawing pixels.
    """

    view: str
    corner: tuple[int, int]
    parts: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    cover: Field
    normal: Field
    world_up: Field
    depth: Field
    scale: float
    anchor: tuple[float, float]
    plan: tuple[float, float]

    @property
    def solid(self) -> Field:
        """(h, w) share of each pixel that the body with everything on it covers."""
        return np.asarray(1.0 - self.cover[NOTHING], dtype=np.float32)


def axes_of(view: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Right, up and towards-the-eye unit vectors of a view's picture, in car coordinates."""
    direction, up, _ = CAMERAS[view]
    back = np.asarray(direction) / np.linalg.norm(direction)
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    return right, np.cross(back, right), back


def kind_of(part: MeshPart, paint: tuple[float, float, float, float]) -> int:
    """What the pen makes of a part: painted like the body, or by its name, or by how light it is."""
    if part.colour == paint:
        return BODY
    finish = finish_of(part.name)
    for kind, known in ((WINDOW, GLASS), (TYRE, RUBBER), (LAMP_GLASS, LAMP)):
        if finish is known:
            return kind
    lightness = sum(part.colour[:3]) / 3.0
    if finish is METAL:
        return RIM if lightness > 0.3 else DISC
    if "seam" in part.name.lower():
        return SEAM
    return LIGHT if lightness > 0.5 else DARK


def check(parts: Sequence[MeshPart], view: str, size: tuple[int, int]) -> None:
    """Raise InputError for an unknown view, an odd size or an empty body."""
    if view not in VIEWS:
        raise InputError(f"view {view!r} is not known; choose from {', '.join(VIEWS)}")
    if size[0] != 2 * size[1] or not 64 <= size[0] <= 3072:
        raise InputError(f"drawing size {size[0]}x{size[1]}; twice as wide as high, width 64 to 3072")
    if not 0 < len(parts) <= MAX_PARTS or not any(len(p.mesh.faces) for p in parts):
        raise InputError(f"{len(parts)} parts to draw; at least one triangle, at most {MAX_PARTS} parts")


def painted(parts: Sequence[MeshPart]) -> MeshPart:
    """The part called body, else the one with the largest box."""
    for part in parts:
        if part.name == "body" and len(part.mesh.faces):
            return part
    return max(
        parts, key=lambda p: float(np.prod(np.ptp(p.mesh.bounds, axis=0))) if len(p.mesh.faces) else -1
    )


def render_buffers(parts: Sequence[MeshPart], view: str, size: tuple[int, int] = FINE) -> Buffers:
    """The buffers of one view.

    Raises:
        InputError: see :func:`check`. MissingComponentError: no OpenGL on this machine.
    """
    check(parts, view, size)
    body = painted(parts)
    low, high = body.mesh.bounds
    right, up, back = axes_of(view)
    middle = np.array([0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), 0.0])
    scale = size[0] / (FINE[0] * MM_PER_PIXEL)
    anchor = (0.5 * size[0], ANCHOR_ROW[view] * size[1])
    colours, depth = _photograph(parts, (right, up, back), middle, ANCHOR_ROW[view], size)
    (left, top), (stop_x, stop_y) = _cut(colours[..., 2], size)
    rows, columns = slice(top * SAMPLES, stop_y * SAMPLES), slice(left * SAMPLES, stop_x * SAMPLES)
    colours, depth = colours[rows, columns], np.ascontiguousarray(depth[rows, columns])
    numbers = np.ascontiguousarray(colours[..., 2])
    _fill_chinks(numbers)
    table = np.zeros(256, dtype=np.uint8)
    table[CHINK] = DISC
    for index, part in enumerate(parts):
        table[index + 1] = kind_of(part, body.colour)
    cover = _covers(table[numbers])
    normal = _normals(colours, 1.0 - cover[NOTHING])
    world_up = right[2] * normal[0] + up[2] * normal[1] + back[2] * normal[2]
    return Buffers(
        view, (left, top), numbers, table[numbers], cover, normal, np.asarray(world_up, dtype=np.float32),
        depth, scale, (anchor[0] - left, anchor[1] - top),
        (0.5 * scale * float(high[0] - low[0]), 0.5 * scale * float(high[1] - low[1])),
    )  # fmt: skip


def _cut(numbers: NDArray[np.uint8], size: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and past-the-last (column, row) of the body with paper round it; all when there is no body."""
    seen = numbers[::SAMPLES, ::SAMPLES] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return (0, 0), size
    first = (max(int(columns[0]) - MARGIN[0], 0), max(int(rows[0]) - MARGIN[1], 0))
    return first, (
        min(int(columns[-1]) + MARGIN[0] + 1, size[0]), min(int(rows[-1]) + MARGIN[1] + 1, size[1]),
    )  # fmt: skip


def _fill_chinks(numbers: NDArray[np.uint8]) -> None:
    """Mark small enclosed bits of paper (in place): the outline goes round the whole."""
    from scipy.ndimage import label

    paper = numbers[::SAMPLES, ::SAMPLES] == 0
    marks, count = label(paper)
    sizes = np.bincount(marks.ravel(), minlength=count + 1)
    sizes[0] = 0
    small = (sizes > 0) & (sizes < CHINK_PIXELS)
    rows, columns = np.nonzero(small[marks])
    for down in range(-1, SAMPLES + 1):
        for right in range(-1, SAMPLES + 1):
            y = np.clip(rows * SAMPLES + down, 0, numbers.shape[0] - 1)
            x = np.clip(columns * SAMPLES + right, 0, numbers.shape[1] - 1)
            hole = numbers[y, x] == 0
            numbers[y[hole], x[hole]] = CHINK


def _covers(kinds: NDArray[np.uint8]) -> Field:
    """(KINDS, h, w) share of every SAMPLES x SAMPLES block: counted in four bits a kind, all at once."""
    count = (np.uint64(1) << (np.arange(KINDS, dtype=np.uint64) * np.uint64(4)))[kinds]
    count = count[0::2, 0::2] + count[1::2, 0::2] + count[0::2, 1::2] + count[1::2, 1::2]
    out = np.empty((KINDS, *count.shape), dtype=np.float32)
    for kind in range(KINDS):
        np.multiply((count >> np.uint64(4 * kind)).astype(np.uint8) & 15, np.float32(0.25), out=out[kind])
    return out


def _normals(colours: NDArray[np.uint8], solid: Field) -> Field:
    out = np.empty((3, *solid.shape), dtype=np.float32)
    full = np.maximum(solid, 0.25)
    for axis in range(2):
        channel = colours[..., axis].astype(np.uint16)
        total = channel[0::2, 0::2] + channel[1::2, 0::2] + channel[0::2, 1::2] + channel[1::2, 1::2]
        out[axis] = np.where(solid > 0, (total / (4.0 * full) - 127.5) / 127.0, 0.0)
    flat = out[0] ** 2 + out[1] ** 2
    out[2] = np.where(solid > 0, np.sqrt(np.maximum(1.0 - flat, 0.0)), 0.0)
    return out


# -- VTK ----------------------------------------------------------------------------------------------


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


def _photograph(
    parts: Sequence[MeshPart],
    axes: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    middle: NDArray[np.float64],
    row: float,
    size: tuple[int, int],
) -> tuple[NDArray[np.uint8], Field]:
    """(H, W, 3) colours (normal right, normal up, part) and (H, W) depth in mm."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkFloatArray, vtkUnsignedCharArray

    wide, high = size[0] * SAMPLES, size[1] * SAMPLES
    stage = _stage((wide, high))
    _, up, back = axes
    shown = FINE[1] * MM_PER_PIXEL  # height of the picture, mm
    centre = middle + up * (row - 0.5) * shown
    stage.camera.SetFocalPoint(*centre)
    stage.camera.SetPosition(*(centre + back * EYE_DISTANCE))
    stage.camera.SetViewUp(*up)
    stage.camera.SetParallelScale(0.5 * shown)
    stage.camera.SetClippingRange(*DEPTH)
    stage.mapper.SetInputData(_triangles(parts, axes))
    colours, depth = vtkUnsignedCharArray(), vtkFloatArray()
    with quiet_stderr():
        stage.window.Render()
        stage.window.GetPixelData(0, 0, wide - 1, high - 1, 0, colours, 0)
        stage.window.GetZbufferData(0, 0, wide - 1, high - 1, depth)
    pixels = vtk_to_numpy(colours).reshape(high, wide, 3)[::-1]
    far = vtk_to_numpy(depth).reshape(high, wide)[::-1]
    return pixels, np.asarray(DEPTH[0] + (DEPTH[1] - DEPTH[0]) * far, dtype=np.float32)


def _triangles(
    parts: Sequence[MeshPart], axes: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
) -> Any:
    """`vtkPolyData` of the triangles that face the eye, vertex colours as in :func:`_photograph`."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    right, up, back = (axis.astype(np.float32) for axis in axes)
    body = painted(parts)
    points, faces, numbers, start = [], [], [], 0
    for index, part in enumerate(parts):
        if not len(part.mesh.faces):
            continue
        place = part.mesh.vertices.astype(np.float32)
        nearer = 0.0 if part is body else 2.0 * PROUD if finish_of(part.name) is METAL else PROUD
        points.append(place + np.float32(nearer) * back)
        faces.append(part.mesh.faces + start)
        numbers.append(np.full(len(part.mesh.vertices), index + 1, dtype=np.uint8))
        start += len(part.mesh.vertices)
    vertices, corners = np.concatenate(points), np.concatenate(faces)
    a, b, c = (vertices[corners[:, k]] for k in range(3))
    facing = np.cross(b - a, c - a)
    seen = facing @ back > 0.0
    corners, facing = corners[seen], facing[seen]
    # by how much a face is seen, so that the inside of an arch does not bend the shading of its edge
    facing *= ((facing @ back) / np.linalg.norm(facing, axis=1))[:, None]
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
    corners[sharp] = start + np.arange(len(own)).reshape(-1, 3)
    vertices = np.concatenate([vertices, vertices[own]])
    colours = np.empty((len(vertices), 3), dtype=np.uint8)
    colours[:start, :2] = np.round(127.5 + 127.0 * smooth[:2].T)
    colours[start:, :2] = np.round(127.5 + 127.0 * flat[:2, sharp].T).repeat(3, axis=0)
    colours[:start, 2] = np.concatenate(numbers)
    colours[start:, 2] = colours[own, 2]
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(np.ascontiguousarray(corners).ravel(), deep=True))
    where = vtkPoints()
    where.SetData(numpy_to_vtk(vertices, deep=True))
    data = vtkPolyData()
    data.SetPoints(where)
    data.SetPolys(cells)
    data.GetPointData().SetScalars(numpy_to_vtk(colours, deep=True))
    return data
