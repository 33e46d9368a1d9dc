"""Stress and shift on the skin of a product, for pictures: each point moves with the part nearest to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from .solve import Solved


@dataclass(frozen=True, eq=False)
class OnSurface:
    """At p points: stress (p,), MPa, what it is held to (p,), MPa, and shift (p, 3), mm."""

    stress: FloatArray
    strength: FloatArray
    shift: FloatArray


def on_surface(solved: Solved, case: int, points: FloatArray) -> OnSurface:
    """Stress and shift of points in space under a load case.

    A point belongs to the place along a member, or the corner or middle of a triangle, that lies nearest; it
    takes the stress of that place and moves with it as a stiff body does. Between the nodes of a member the
    shift is that of its ends, bent as a cubic.

    Args:
        case: number of the load case. points: (p, 3) mm.
    """
    from scipy.spatial import cKDTree

    s, b = solved.structure, solved.beams
    i, j = b.ends[:, 0], b.ends[:, 1]
    t = np.linspace(0.0, 1.0, 9)
    moved = solved.displacements[case]
    start, end = s.nodes[i], s.nodes[j]
    places = start[:, None] + t[None, :, None] * (end - start)[:, None]
    shift, turn = _bent(moved[i], moved[j], end - start, t)
    stations = b.places / b.lengths[:, None]
    rows = [np.interp(t, x, row) for x, row in zip(stations, solved.stress[case], strict=True)]
    stress = np.array(rows).reshape(-1, len(t))
    corners = solved.shells.corners
    sheets = _with_middles(moved[corners])
    every = np.concatenate([places.reshape(-1, 3), _with_middles(s.nodes[corners])])
    shifts = np.concatenate([shift.reshape(-1, 3), sheets[:, :3]])
    turns = np.concatenate([turn.reshape(-1, 3), sheets[:, 3:]])
    stresses = np.concatenate([stress.ravel(), np.repeat(solved.plate_stress[case], 4)])
    strengths = [m.material.strength for m in s.members for _ in t]
    strengths += [s.plates[k].material.strength for k in solved.shells.part for _ in range(4)]
    _, nearest = cKDTree(every).query(points)
    arm = points - every[nearest]
    shift = shifts[nearest] + np.cross(turns[nearest], arm)
    return OnSurface(stresses[nearest], np.array(strengths)[nearest], shift)


def _with_middles(corners: FloatArray) -> FloatArray:
    """(4 t, k) of the corners (t, 3, k) of triangles and, behind each three, their mean."""
    whole = np.concatenate([corners, corners.mean(axis=1, keepdims=True)], axis=1)
    return whole.reshape(-1, corners.shape[2])


def _bent(a: FloatArray, b: FloatArray, way: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shift and turn (m, t, 3) between ends that move by `a` and `b` (m, 6): a cubic across the axis whose
    slopes are the ends' turns."""
    s = t[None, :, None]
    rise_a, rise_b = np.cross(a[:, 3:], way)[:, None], np.cross(b[:, 3:], way)[:, None]
    p, q = a[:, None, :3], b[:, None, :3]
    hermite = (
        (2 * s**3 - 3 * s**2 + 1) * p
        + (s**3 - 2 * s**2 + s) * rise_a
        + (3 * s**2 - 2 * s**3) * q
        + (s**3 - s**2) * rise_b
    )
    axis = way[:, None] / np.linalg.norm(way, axis=1)[:, None, None]
    straight = p + s * (q - p)
    along = np.sum((straight - hermite) * axis, axis=2, keepdims=True) * axis
    return hermite + along, a[:, None, 3:] + s * (b - a)[:, None, 3:]
