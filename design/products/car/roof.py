"""A roof of its own colour: a thin panel let into the body, flush with the skin.

Between two stations behind the windscreen's and before the rear glass's border the body's top lies
:data:`DEEP_MM` lower, and a panel of that thickness fills the pocket; so body and roof are both closed, touch
without sharing volume, and nothing becomes higher.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import BoolArray, FloatArray, IntArray
from ...geometry.bspline import Fixed
from ...geometry.mesh import Colour, Mesh, MeshPart, triangles
from .definition import Definition
from .glass import backlight_lines, windscreen_lines
from .panels import GLASS, Panel, panel, panel_mesh
from .skin import Skin, skin_faces, skin_points

DEEP_MM = 4.0  # of the pocket, and of the panel in it
GLOSS_BLACK: Colour = (0.018, 0.018, 0.021, 1.0)


def roof_span(d: Definition, s: Skin) -> tuple[int, int] | None:
    """First and last station of the roof panel; None where the roof is painted with the body.

    Its ends lie under the borders of the screens, so that no line of paint shows between them.
    """
    if d.choice("roof") == "body_colour":
        return None
    (_, _), (front, bow) = windscreen_lines(d)
    (rear, rear_bow), _ = backlight_lines(d)
    first = int(np.searchsorted(s.body_x, front + min(bow, 0.0), side="right")) - 1
    last = int(np.searchsorted(s.body_x, rear + max(rear_bow, 0.0)))
    return first, last


def roof_panel(d: Definition, s: Skin) -> Panel | None:
    """The panel: its outer face is the skin."""
    span = roof_span(d, s)
    if span is None:
        return None
    part = slice(span[0], span[1] + 1)
    glass = d.choice("roof") == "glass"
    return Panel(
        "roof glass" if glass else "roof",
        GLASS if glass else GLOSS_BLACK,
        s.top[part],
        _normals(s)[part],
        -DEEP_MM,
        DEEP_MM,
        *(("glass", 2500.0) if glass else ("steel sheet", 7850.0)),
    )


def roof_mesh(d: Definition, s: Skin) -> list[MeshPart]:
    """The fast panel, or nothing."""
    p = roof_panel(d, s)
    return [] if p is None else [panel_mesh(p)]


def pocket(d: Definition, s: Skin, keep: BoolArray, start: int) -> tuple[FloatArray, IntArray]:
    """Floor and walls of the pocket: vertices (k, 3), numbered from `start`, and triangles that also use the
    ring's own numbers; the quads between stations that it replaces are taken out of `keep` (n - 1, m)."""
    p, span = roof_panel(d, s), roof_span(d, s)
    if p is None or span is None:
        return np.empty((0, 3)), np.empty((0, 3), dtype=np.int64)
    first, last = span
    rows, columns = p.points.shape[:2]
    keep[first:last, : columns - 1] = False
    outer = np.arange(first, last + 1)[:, None] * s.ring.shape[1] + np.arange(columns)
    inner = start + np.arange(rows * columns).reshape(rows, columns)
    floor = np.stack([inner[:-1, :-1], inner[1:, :-1], inner[1:, 1:], inner[:-1, 1:]], axis=-1)
    rim, low = (np.concatenate([g[:, 0], g[-1, 1:], g[-2::-1, -1], g[0, -2:0:-1]]) for g in (outer, inner))
    walls = np.stack([rim, np.roll(rim, -1), np.roll(low, -1), low], axis=1)
    faces = triangles(np.concatenate([floor.reshape(-1, 4), walls]))
    return (s.top[first : last + 1] - DEEP_MM * _normals(s)[first : last + 1]).reshape(-1, 3), faces


def pocketed_skin(d: Definition, s: Skin) -> Mesh:
    """The closed skin with its pocket."""
    n, m = s.ring.shape[:2]
    keep = np.ones((n - 1, m), dtype=bool)
    count = s.ring.size // 3 + sum((len(c) - 2) * (c.shape[1] - 2) for c in (s.nose, s.tail))
    points, more = pocket(d, s, keep, count)
    return Mesh(np.concatenate([skin_points(s), points]), np.concatenate([skin_faces(s, keep), more]))


# -- exact --------------------------------------------------------------------------------------------


def pocket_faces(
    s: Skin, span: tuple[int, int], made: tuple[FloatArray, FloatArray, Fixed], cuts: list[float]
) -> list[Any]:
    """The kernel's faces of the pocket: its floor and four walls, the long ones in pieces as `cuts` of u say.

    Floor and long walls are cut from surfaces over the whole length, so their borders are the very curves of
    the top's own pieces.

    Args:
        made: parameters along and across the top, and its end slopes.
    """
    from ...geometry.bspline import end_slopes, surface_face, surface_pieces

    first, last = span
    u, across, (top, edges) = made
    lower = s.top - DEEP_MM * _normals(s)
    through = np.array([0.0, 1.0])
    below = (end_slopes(lower, u), end_slopes(np.swapaxes(lower, 0, 1), across))
    faces = surface_pieces(lower, u, across, cuts, below)
    for column in (0, -1):
        wall = np.stack([s.top[:, column], lower[:, column]], axis=1)
        slopes = np.stack([top[:, column], below[0][:, column]], axis=1)
        faces += surface_pieces(wall, u, through, cuts, (slopes, None))
    for row in (first, last):
        slopes = np.stack([edges[:, row], below[1][:, row]], axis=1)
        wall = np.stack([s.top[row], lower[row]])
        faces.append(surface_face(wall, through, across, (None, slopes)))
    return faces


def _normals(s: Skin) -> FloatArray:
    """(n, t, 3): outward normals of the whole top."""

    def find() -> FloatArray:
        whole = panel("roof", GLOSS_BLACK, s.top, (0.0, 0.0, 1.0))
        same = np.array_equal(whole.points, s.top)
        return whole.normals if same else whole.normals[::-1]

    return s.of.once(("roof normals", s.top.shape, s.body_x.tobytes()), find)
