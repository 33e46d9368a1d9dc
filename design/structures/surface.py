"""Stress and shift on the skin of a product, for pictures: each point moves with the part nearest to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import FloatArray
from .solve import Solved

MARKS = 9  # places along a member by which the nearest one is found


@dataclass(frozen=True, eq=False)
class OnSurface:
    """At p points: stress (p,), MPa, what it is held to (p,), MPa, and shift (p, 3), mm."""

    stress: FloatArray
    strength: FloatArray
    shift: FloatArray


def on_surface(solved: Solved, case: int, points: FloatArray) -> OnSurface:
    """Stress and shift of points in space under a load case.

    A point belongs to the member, or the corner or middle of a triangle, that lies nearest. On a member it
    takes the stress beside it and moves as a stiff body with the section there: between the nodes the middle
    line is bent as a cubic, and sections stay square to it. On a triangle it moves with the nearest corner or
    middle.

    Args:
        case: number of the load case. points: (p, 3) mm.
    """
    from scipy.spatial import cKDTree

    s, b = solved.structure, solved.beams
    moved = solved.displacements[case]
    start = s.nodes[b.ends[:, 0]]
    way = s.nodes[b.ends[:, 1]] - start
    t = np.linspace(0.0, 1.0, MARKS)
    marks = (start[:, None] + t[None, :, None] * way[:, None]).reshape(-1, 3)
    corners = solved.shells.corners
    sheets = _with_middles(moved[corners])
    _, nearest = cKDTree(np.concatenate([marks, _with_middles(s.nodes[corners])])).query(points)
    found = OnSurface(np.empty(len(points)), np.empty(len(points)), np.empty((len(points), 3)))

    on = np.flatnonzero(nearest < len(marks))
    m = nearest[on] // MARKS
    share = np.sum((points[on] - start[m]) * way[m], axis=1) / np.sum(way[m] ** 2, axis=1)
    share = np.clip(share, 0.0, 1.0)
    shift, turn = _bent(moved[b.ends[m, 0]], moved[b.ends[m, 1]], way[m], share)
    found.shift[on] = shift + np.cross(turn, points[on] - start[m] - share[:, None] * way[m])
    stations = b.places / b.lengths[:, None]
    for k in np.unique(m):
        here = m == k
        found.stress[on[here]] = np.interp(share[here], stations[k], solved.stress[case, k])
    found.strength[on] = np.array([x.material.strength for x in s.members])[m]

    on = np.flatnonzero(nearest >= len(marks))
    at = nearest[on] - len(marks)
    places = _with_middles(s.nodes[corners])[at]
    found.shift[on] = sheets[at, :3] + np.cross(sheets[at, 3:], points[on] - places)
    found.stress[on] = solved.plate_stress[case, at // 4]
    strengths = np.array([p.material.strength for p in s.plates])
    found.strength[on] = strengths[solved.shells.part[at // 4]]
    return found


def _with_middles(corners: FloatArray) -> FloatArray:
    """(4 t, k) of the corners (t, 3, k) of triangles and, behind each three, their mean."""
    whole = np.concatenate([corners, corners.mean(axis=1, keepdims=True)], axis=1)
    return whole.reshape(-1, corners.shape[2])


def _bent(a: FloatArray, b: FloatArray, way: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shift and turn (p, 3) at shares `t` (p,) between ends that move by `a` and `b` (p, 6): across the axis
    a cubic whose slopes are the ends' turns, along and about it straight."""
    s = t[:, None]
    length = np.linalg.norm(way, axis=1)[:, None]
    axis = way / length
    p, q = a[:, :3], b[:, :3]
    rise_a, rise_b = np.cross(a[:, 3:], way), np.cross(b[:, 3:], way)
    cubic = (
        (2 * s**3 - 3 * s**2 + 1) * p
        + (s**3 - 2 * s**2 + s) * rise_a
        + (3 * s**2 - 2 * s**3) * q
        + (s**3 - s**2) * rise_b
    )
    slope = (
        (6 * s**2 - 6 * s) * (p - q) + (3 * s**2 - 4 * s + 1) * rise_a + (3 * s**2 - 2 * s) * rise_b
    ) / length
    straight = p + s * (q - p)
    along = np.sum((straight - cubic) * axis, axis=1, keepdims=True) * axis
    twist = np.sum((a[:, 3:] + s * (b - a)[:, 3:]) * axis, axis=1, keepdims=True) * axis
    return cubic + along, twist + np.cross(axis, slope)
