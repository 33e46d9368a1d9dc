"""The few VTK calls that every picture needs. VTK is imported inside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..arrays import FloatArray, IntArray
from ..errors import MissingComponentError
from .cameras import Camera

HOW_TO_GET_OPENGL = "on Debian: apt-get install libgl1 libegl1 libgl1-mesa-dri"


def off_screen(size: tuple[int, int]) -> tuple[Any, Any]:
    """A window that shows on no screen, and its renderer with a clear background.

    Raises:
        MissingComponentError: VTK or an OpenGL driver is missing.
    """
    try:
        import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  (registers the OpenGL backend)
        from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow
    except ImportError as error:
        raise MissingComponentError(f"pictures need VTK and OpenGL ({error}); {HOW_TO_GET_OPENGL}") from error

    with quiet_stderr():
        renderer = vtkRenderer()
        renderer.SetBackground(0.0, 0.0, 0.0)
        renderer.SetBackgroundAlpha(0.0)
        window = vtkRenderWindow()
        window.SetOffScreenRendering(1)
        window.SetShowWindow(False)
        window.SetAlphaBitPlanes(1)
        window.SetMultiSamples(0)
        window.SetSize(*size)
        window.AddRenderer(renderer)
        if not window.SupportsOpenGL():
            raise MissingComponentError(f"no OpenGL for pictures; {HOW_TO_GET_OPENGL}")
    return window, renderer


def aim(renderer: Any, camera: Camera) -> None:
    """Let the renderer see what the camera sees."""
    view = renderer.GetActiveCamera()
    view.SetPosition(*camera.eye)
    view.SetFocalPoint(*camera.centre)
    view.SetViewUp(*camera.up)
    view.SetParallelProjection(camera.parallel)
    view.SetParallelScale(camera.half_height)
    view.SetViewAngle(camera.angle)
    renderer.ResetCameraClippingRange()


def triangle_data(corners: FloatArray, faces: IntArray | None = None, precise: bool = False) -> Any:
    """`vtkPolyData` of triangles.

    Args:
        corners: (n, 3) points. faces: (m, 3) indices into them; None: every three corners are a triangle.
        precise: keep double precision, where distances are taken.
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    points = vtkPoints()
    kind = np.float64 if precise else np.float32
    points.SetData(numpy_to_vtk(np.ascontiguousarray(corners, dtype=kind), deep=True))
    index = np.arange(len(corners), dtype=np.int64) if faces is None else faces.astype(np.int64).ravel()
    cells = vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(index, deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(cells)
    return data


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """VTK prints a warning about the missing display straight to file descriptor 2; keep it out."""
    saved = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(sink)
        os.close(saved)
