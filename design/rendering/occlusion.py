"""How much of the sky each point of a body sees, from depth pictures taken along many directions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Float32Array, FloatArray, IntArray

DIRECTIONS = 40
RESOLUTION = 320  # pixels across a depth picture
LIFT = 0.018  # m that a point is lifted off its surface before the test


def sky_directions(count: int = DIRECTIONS) -> FloatArray:
    """(count, 3) unit vectors spread evenly over the upper half of the sphere (Fibonacci)."""
    index = np.arange(count) + 0.5
    z = 0.03 + 0.97 * index / count
    turn = np.pi * (1.0 + 5.0**0.5) * index
    r = np.sqrt(1.0 - z * z)
    return np.stack([r * np.cos(turn), r * np.sin(turn), z], axis=1)


def sky_seen_by(
    questions: list[tuple[FloatArray, FloatArray]], triangles: FloatArray, count: int = DIRECTIONS
) -> list[FloatArray]:
    """Share of the sky's light that reaches each point, 0 (shut in) to 1 (free), (n,) for each question.

    Args:
        questions: (n, 3) points to ask at (m) and the unit normals there.
        triangles: (m, 3, 3) everything that can stand in the way, m.
        count: depth pictures of the triangles that are taken.

    Light comes evenly from the upper half sphere, weighted by its cosine to the normal. A point that
    looks down and sees no sky gets 1 here: the floor's light is the caller's business.
    """
    low, high = triangles.reshape(-1, 3).min(axis=0), triangles.reshape(-1, 3).max(axis=0)
    centre, radius = 0.5 * (low + high), 0.5 * float(np.linalg.norm(high - low)) + 0.05
    lit = [np.zeros(len(p)) for p, _ in questions]
    total = [np.full(len(p), 1e-9) for p, _ in questions]
    lifted = [p + LIFT * n for p, n in questions]
    window, camera = _depth_window(triangles, centre, radius)
    try:
        for direction in sky_directions(count):
            right, upward = _across(direction)
            depth = _depth_picture(window, camera, direction, upward, radius)
            for k, (_, normals) in enumerate(questions):
                weight = np.clip(normals @ direction, 0.0, None)
                local = lifted[k] - centre
                free = _free(depth, local @ right, local @ upward, local @ direction, radius)
                lit[k] += weight * free
                total[k] += weight
    finally:
        window.Finalize()
    return [np.where(t > 1e-6, s / t, 1.0) for s, t in zip(lit, total, strict=True)]


def _across(direction: FloatArray) -> tuple[FloatArray, FloatArray]:
    helper = np.array([0.0, 0.0, 1.0]) if abs(direction[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    right = np.cross(helper, direction)
    right /= np.linalg.norm(right)
    return right, np.cross(direction, right)


def _free(depth: Float32Array, u: FloatArray, v: FloatArray, w: FloatArray, radius: float) -> FloatArray:
    """1 where nothing lies nearer to the light, softened over the neighbouring pixels."""
    n = depth.shape[0]
    x = (u / radius + 1.0) * 0.5 * n - 0.5
    y = (v / radius + 1.0) * 0.5 * n - 0.5
    here = radius - w  # distance from the picture's near plane
    x0, y0 = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = x - x0, y - y0
    total = np.zeros(len(u))
    for dx, wx in ((0, 1 - fx), (1, fx)):
        for dy, wy in ((0, 1 - fy), (1, fy)):
            inside = (x0 + dx >= 0) & (x0 + dx < n) & (y0 + dy >= 0) & (y0 + dy < n)
            seen = depth[np.clip(y0 + dy, 0, n - 1), np.clip(x0 + dx, 0, n - 1)]
            total += wx * wy * np.where(inside, here <= seen + LIFT, True)
    return total


def _depth_window(triangles: FloatArray, centre: FloatArray, radius: float) -> tuple[Any, Any]:
    from .vtk_tools import off_screen, triangle_data

    window, renderer = off_screen((RESOLUTION, RESOLUTION))
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    mapper = vtkPolyDataMapper()
    mapper.SetInputData(triangle_data(*_welded((triangles.reshape(-1, 3) - centre) / radius)))
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    renderer.AddActor(actor)
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    camera.SetParallelScale(1.0)
    camera.SetFocalPoint(0.0, 0.0, 0.0)
    return window, camera


def _welded(corners: FloatArray) -> tuple[FloatArray, IntArray]:
    """Places (n, 3) and faces (m, 3) of unshared corners (3m, 3): a fifth of the points to transform."""
    grid = np.round(corners * 1e5).astype(np.int64) + (1 << 20)
    key = (grid[:, 0] << 42) ^ (grid[:, 1] << 21) ^ grid[:, 2]
    _, first, back = np.unique(key, return_index=True, return_inverse=True)
    return corners[first], back.reshape(-1, 3)


def _depth_picture(
    window: Any, camera: Any, direction: FloatArray, upward: FloatArray, radius: float
) -> Float32Array:
    """Distance (m) from the plane `radius` towards the light to the first surface, (n, n)."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkFloatArray

    camera.SetPosition(*(direction * 2.0))
    camera.SetViewUp(*upward)
    camera.SetClippingRange(1.0, 3.0)
    window.Render()
    values = vtkFloatArray()
    width, height = window.GetSize()
    window.GetZbufferData(0, 0, width - 1, height - 1, values)
    depth = vtk_to_numpy(values).reshape(height, width)
    return np.where(depth >= 1.0, np.float32(1e9), depth * np.float32(2.0 * radius)).astype(np.float32)
