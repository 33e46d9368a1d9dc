"""Exact surfaces through clean point grids, and closed solids sewn from them (CadQuery's kernel).

Neighbouring grids that share a border row and its parameters get the very same border curve, so the sewn
shell needs no gap closing. Interpolating, never approximating: an approximation would leave the border rows.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..arrays import FloatArray
from ..errors import BuildError

SEWING_MM = 0.02
Slopes = tuple[FloatArray | None, FloatArray | None]
Fixed = tuple[FloatArray, FloatArray]
NATURAL: Slopes = (None, None)


def chord_parameters(points: FloatArray) -> FloatArray:
    """Shared parameters in 0..1 for the first axis of a grid (n, m, 3): mean chord length."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=2).mean(axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(along / along[-1])


def surface_face(
    grid: FloatArray, u: FloatArray | None = None, v: FloatArray | None = None, slopes: Slopes = NATURAL
) -> Any:
    """`TopoDS_Face` of the bicubic B-spline surface through `grid` (n, m, 3), mm.

    Args:
        u, v: parameters (n,), (m,) of rows and columns, increasing; give neighbours the same ones.
        slopes: as for :func:`surface`.
    """
    from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeFace

    maker = BRepBuilderAPI_MakeFace(surface(grid, u, v, slopes), 1e-6)
    if not maker.IsDone():
        raise BuildError("the kernel could not make a face from a clean grid")
    return maker.Face()


def piece_cuts(u: FloatArray, pieces: int) -> list[float]:
    """Where to cut one surface into about `pieces` faces: both ends, and the knots nearest to equal shares.

    Booleans look only at faces that a tool can reach, so several short faces are cut in half the time of a
    long one; the surface, and so every highlight, stays the same.
    """
    knots = u[2:-2]
    inner = {float(knots[np.argmin(np.abs(knots - w))]) for w in np.linspace(0.0, 1.0, pieces + 1)[1:-1]}
    return [float(u[0]), *sorted(inner), float(u[-1])]


def surface_pieces(
    grid: FloatArray, u: FloatArray, v: FloatArray, cuts: list[float], slopes: Slopes = NATURAL
) -> list[Any]:
    """One face for each gap between following values of u in `cuts`, all of the one surface."""
    from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeFace

    whole = surface(grid, u, v, slopes)
    faces = []
    for start, end in itertools.pairwise(cuts):
        part = whole.Copy()
        part.Segment(start, end, float(v[0]), float(v[-1]), 1e-9, 1e-9)
        faces.append(BRepBuilderAPI_MakeFace(part, 1e-6).Face())
    return faces


def end_slopes(grid: FloatArray, u: FloatArray) -> FloatArray:
    """Derivatives along u, (2, m, 3), of the cubic through `grid` (n, m, 3) at its first and last row."""
    from scipy.interpolate import make_interp_spline

    return np.asarray(make_interp_spline(u, grid, k=3, axis=0).derivative()(u[[0, -1]]))


def through(
    grid: FloatArray, u: FloatArray | None = None, v: FloatArray | None = None, slopes: Slopes = NATURAL
) -> tuple[tuple[FloatArray, FloatArray], tuple[int, int], FloatArray]:
    """The bicubic spline through `grid`: knots along u and v, degrees, and poles.

    Args:
        u, v, slopes: as for :func:`surface`.
    """
    from scipy.interpolate import make_interp_spline

    u = chord_parameters(grid) if u is None else u
    v = chord_parameters(np.swapaxes(grid, 0, 1)) if v is None else v
    degrees = min(3, len(u) - 1), min(3, len(v) - 1)
    along_u, along_v = slopes
    along = make_interp_spline(u, grid, k=degrees[0], axis=0, bc_type=_ends(along_u))
    if along_v is not None:  # as poles along u, like the grid
        twist = None if along_u is None else end_slopes(np.swapaxes(along_v, 0, 1), u)
        sides = make_interp_spline(u, np.swapaxes(along_v, 0, 1), k=degrees[0], axis=0, bc_type=_ends(twist))
        along_v = np.swapaxes(sides.c, 0, 1)
    # SciPy puts the axis that it interpolates first
    rows = np.swapaxes(along.c, 0, 1)
    across = make_interp_spline(v, rows, k=degrees[1], axis=0, bc_type=_ends(along_v))
    poles = np.ascontiguousarray(np.swapaxes(across.c, 0, 1))
    return (np.asarray(along.t), np.asarray(across.t)), degrees, poles


def _ends(slopes: FloatArray | None) -> Any:
    return None if slopes is None else ([(1, slopes[0])], [(1, slopes[1])])


def surface(
    grid: FloatArray, u: FloatArray | None = None, v: FloatArray | None = None, slopes: Slopes = NATURAL
) -> Any:
    """`Geom_BSplineSurface` through `grid`; arguments as for :func:`surface_face`.

    Args:
        slopes: derivatives that it shall have at its borders: along u at the first and last row (2, m, 3),
            along v at the first and last column (2, n, 3); None leaves a direction to the spline.
    """
    from OCP.Geom import Geom_BSplineSurface
    from OCP.gp import gp_Pnt
    from OCP.TColgp import TColgp_Array2OfPnt

    (t_u, t_v), (degree_u, degree_v), poles = through(grid, u, v, slopes)
    table = TColgp_Array2OfPnt(1, len(poles), 1, poles.shape[1])
    for i, row in enumerate(poles.tolist()):
        for j, (x, y, z) in enumerate(row):
            table.SetValue(i + 1, j + 1, gp_Pnt(x, y, z))
    knots_u, mults_u = _knots(t_u)
    knots_v, mults_v = _knots(t_v)
    return Geom_BSplineSurface(table, knots_u, knots_v, mults_u, mults_v, degree_u, degree_v)


def _knots(t: FloatArray) -> tuple[Any, Any]:
    from OCP.TColStd import TColStd_Array1OfInteger, TColStd_Array1OfReal

    values, counts = np.unique(t, return_counts=True)
    knots, mults = TColStd_Array1OfReal(1, len(values)), TColStd_Array1OfInteger(1, len(values))
    for k, (value, count) in enumerate(zip(values.tolist(), counts.tolist(), strict=True)):
        knots.SetValue(k + 1, value)
        mults.SetValue(k + 1, count)
    return knots, mults


def sewn_solid(faces: list[Any]) -> Any:
    """`cadquery.Solid` bounded by `faces`, oriented outwards.

    Raises:
        BuildError: when the faces do not close.
    """
    import cadquery as cq
    from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeSolid, BRepBuilderAPI_Sewing
    from OCP.BRepLib import BRepLib
    from OCP.TopAbs import TopAbs_SHELL
    from OCP.TopExp import TopExp_Explorer
    from OCP.TopoDS import TopoDS

    sewing = BRepBuilderAPI_Sewing(SEWING_MM)
    for face in faces:
        sewing.Add(face)
    sewing.Perform()
    explorer = TopExp_Explorer(sewing.SewedShape(), TopAbs_SHELL)
    if not explorer.More() or sewing.NbFreeEdges():
        raise BuildError(f"the skin does not close: {sewing.NbFreeEdges()} free edges")
    solid = BRepBuilderAPI_MakeSolid(TopoDS.Shell_s(explorer.Current())).Solid()
    BRepLib.OrientClosedSolid_s(solid)
    return cq.Solid(solid)
