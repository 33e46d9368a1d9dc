"""How the skin's six exact surfaces meet without an edge: their parameters, and their slopes on the borders.

Splines through neighbouring grids share their border, but each has its own idea of how to leave it. So the
slopes there are given: across the long borders those of one spline around the whole section, and at the ends
those that lie in the plane of nose and tail, which the definition knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import FloatArray
from ...geometry.bspline import Fixed, chord_parameters, end_slopes
from ...geometry.mesh import mirrored
from .skin import Skin

PROBE_MM = 0.1  # step of the differences that give the ends' normals


@dataclass(frozen=True)
class SkinSlopes:
    """Slopes of every surface of the skin, as :func:`...geometry.bspline.surface` takes them."""

    top: Fixed
    side: Fixed
    floor: Fixed
    nose: Fixed
    tail: Fixed

    @property
    def left_side(self) -> Fixed:
        """Of the left side: the mirrored right one."""
        along, down = self.side
        return mirrored(along), mirrored(down)


def skin_parameters(s: Skin) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Parameters of the skin's surfaces: along the car, across the top (alike to the left and right), and
    down the side."""
    u = chord_parameters(np.concatenate([s.top, s.side, s.floor], axis=1))
    across = chord_parameters(np.swapaxes(s.top, 0, 1))
    return u, 0.5 * (across - across[::-1] + 1.0), chord_parameters(np.swapaxes(s.side, 0, 1))


def skin_slopes(s: Skin) -> SkinSlopes:
    """The slopes with which the surfaces meet; neighbours have the same plane on their border."""
    u, across, down = skin_parameters(s)
    top_right, side_top, side_low, floor_right = _around(s, across, down)
    over = np.array([-mirrored(top_right), top_right])
    under = np.array([floor_right, -mirrored(floor_right)])
    flank = np.array([side_top, side_low])
    long = [end_slopes(g, u) for g in (s.top, s.side, s.floor)]
    top, side, floor = (
        _in_plane(e, end_normals(s, g)) for e, g in zip(long, (s.top, s.side, s.floor), strict=True)
    )
    around = (top, over), (side, flank), (floor, under)
    nose, tail = (_cap_slopes(s, around, k, across, down) for k in (0, -1))
    return SkinSlopes(*around, nose, tail)


def end_normals(s: Skin, rows: FloatArray) -> FloatArray:
    """(2, m, 3): unit normals of the caps where `rows` (n, m, 3), a grid of the skin, ends on them."""
    return np.array([_normals_at(s, k, rows[k]) for k in (0, -1)])


def _normals_at(s: Skin, k: int, points: FloatArray) -> FloatArray:
    """(m, 3): unit normals of the flat end at station k, bent, at `points` (m, 3) of it."""
    x, (_, y, z) = np.asarray(s.body_x[k]), points.T
    by_y, by_z = (
        (s.of.place(x, y + a, z + b) - s.of.place(x, y - a, z - b))[:, 0] / (2.0 * PROBE_MM)
        for a, b in ((PROBE_MM, 0.0), (0.0, PROBE_MM))
    )
    normal = np.stack([np.ones_like(y), -by_y, -by_z], axis=1)
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))


def _in_plane(slopes: FloatArray, normals: FloatArray) -> FloatArray:
    return np.asarray(slopes - (slopes * normals).sum(axis=-1, keepdims=True) * normals)


def _around(s: Skin, across: FloatArray, down: FloatArray) -> list[FloatArray]:
    """Slopes (n, 3) across the long borders: of the top at its right edge, of the side at its upper and lower
    edge, of the floor at its right edge."""
    from scipy.interpolate import make_interp_spline

    ring = np.swapaxes(s.right, 0, 1)
    w = chord_parameters(ring)
    at = [s.top.shape[1] // 2, s.top.shape[1] // 2 + s.side.shape[1] - 1]
    round_ = np.asarray(make_interp_spline(w, ring, k=3, axis=0).derivative()(w[at]))
    unit = round_ / np.linalg.norm(round_, axis=-1, keepdims=True)
    own = [
        (end_slopes(np.swapaxes(g, 0, 1), v)[k], unit[b])
        for g, v, k, b in (
            (s.top, across, 1, 0),
            (s.side, down, 0, 0),
            (s.side, down, 1, 1),
            (s.floor, across, 0, 1),
        )
    ]
    found = [np.linalg.norm(e, axis=-1, keepdims=True) * way for e, way in own]
    for (e, _), f in zip(own, found, strict=True):
        f[[0, -1]] = e[[0, -1]]
    return found


def _cap_slopes(
    s: Skin, around: tuple[Fixed, Fixed, Fixed], k: int, across: FloatArray, down: FloatArray
) -> Fixed:
    """Slopes of nose (k = 0) or tail (-1): its own, laid into the planes in which the surfaces around it
    (`around`: top, side and floor) leave their shared borders; its corners are left alone, for there its
    borders run on into each other."""
    grid = s.nose if k == 0 else s.tail
    rows, columns = end_slopes(grid, down), end_slopes(np.swapaxes(grid, 0, 1), across)
    of_top, of_side, of_floor = around
    side = _planes(s.side[k], down, of_side, k)
    top = _planes(s.top[k], across, of_top, k)
    floor = _planes(s.floor[k], across, of_floor, k)[::-1]
    inner = slice(1, -1)
    for slopes, normals in ((rows, np.array([top, floor])), (columns, np.array([mirrored(side), side]))):
        slopes[:, inner] = _in_plane(slopes[:, inner], normals[:, inner])
    return rows, columns


def _planes(border: FloatArray, v: FloatArray, slopes: Fixed, k: int) -> FloatArray:
    """Unit normals (m, 3) of a surface on its end k, at the points `border` (m, 3) there: across the very
    curve that runs through them, which strays from the definition where points crowd."""
    from scipy.interpolate import CubicSpline

    along, ends = slopes
    curve = CubicSpline(v, border, bc_type=((1, ends[0, k]), (1, ends[1, k])))
    normals = np.cross(curve(v, 1), along[k])
    return np.asarray(normals / np.linalg.norm(normals, axis=1, keepdims=True))
