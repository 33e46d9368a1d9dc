"""Door mirrors as they are seen: a housing on a foot at the belt, with its glass.

The hull for the wind tunnel keeps its own simple mirror (:func:`.hull_parts.mirror`); these stand where it
stands and reach exactly as far out, so that a choice of mirror changes neither a flow run nor a stated width.
Every piece is a stack of rings, each an ellipse-like curve: triangles for the fast body, B-spline halves with
flat ends for the exact one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.mesh import Colour, Mesh, closed_rings
from .definition import Definition
from .hull_parts import mirror_axes, mirror_place
from .panels import BLACK, GLASS, PAINT

AROUND = 40  # points of a ring
#: of a housing's rings from the rounded front to the flat rear: share of the section (k, 1), place along x
_ROUND = np.radians([14.0, 24.0, 36.0, 50.0, 66.0, 84.0])
GROW = np.concatenate([np.sin(_ROUND) ** 0.62, [1.0, 0.985]])[:, None]
ALONG = np.concatenate([-np.cos(_ROUND), [0.22, 0.42]])

BULGE_MM = 0.46  # of an exact housing beyond its points, on either side


@dataclass(frozen=True)
class Style:
    """Half axes of the housing as shares of the hull mirror's, and its look.

    Attributes:
        long, wide, tall: along x, y and z.
        corner: 2 is an ellipse; more is squarer.
        sweep: how far the outer end lies behind the inner one, share of the width.
        foot: half length and half height of the foot, mm.
        painted: in the body's colour unless the roof is black; black when False.
    """

    long: float
    wide: float
    tall: float
    corner: float
    sweep: float
    foot: tuple[float, float]
    painted: bool


STYLES: dict[str, Style] = {
    "classic": Style(0.78, 0.98, 0.92, 2.9, 0.16, (34.0, 9.0), True),
    "slim": Style(0.86, 0.99, 0.34, 2.4, 0.20, (26.0, 8.0), False),
    "square": Style(0.80, 0.92, 1.22, 4.0, 0.08, (36.0, 13.0), True),
}


@dataclass(frozen=True)
class Piece:
    """A stack of closed rings (k, n, 3), mm, with flat ends; its name (right side), colour and material."""

    name: str
    rings: FloatArray
    colour: Colour
    material: tuple[str, float]


def pieces(d: Definition) -> list[Piece]:
    """Housing, glass and foot of the right mirror."""
    style = STYLES[d.choice("mirrors")]
    x, y, z = mirror_place(d)
    a, b, c = mirror_axes(d)
    # so that every style reaches as far out as the hull's, the stated width: by half of what an exact housing
    # bulges between its points beyond it, by half short of it
    y += (1.0 - style.wide) * b - 0.5 * BULGE_MM
    a, b, c = style.long * a, style.wide * b, style.tall * c
    housing = _rings(a * ALONG, GROW * [b, c], style, b)
    glass = _rings(a * np.array([0.423, 0.45]), np.array([[0.90 * b, 0.86 * c]] * 2), style, b)
    place = np.array([x, y, z])
    painted = style.painted and d.choice("roof") != "black"
    found = [
        Piece("mirror right", housing + place, PAINT if painted else BLACK, ("polypropylene", 950.0)),
        Piece("mirror glass right", glass + place, GLASS, ("glass", 2500.0)),
        Piece("mirror foot right", _foot(d, style, place, (a, b, c)), BLACK, ("polypropylene", 950.0)),
    ]
    return found


def _rings(along: FloatArray, half: FloatArray, style: Style, b: float) -> FloatArray:
    """Upright rings at `along` (k,), of half axes (k, 2) in y and z: (k, AROUND, 3) about the centre."""
    ring = _ring(style.corner)
    points = np.empty((len(along), AROUND, 3))
    points[..., 1:] = ring * half[:, None, :]
    points[..., 2] *= 1.0 - 0.10 * points[..., 1] / b  # the outer end is lower
    points[..., 0] = along[:, None] + style.sweep * points[..., 1]
    return points


@lru_cache(maxsize=8)
def _ring(corner: float) -> FloatArray:
    """(AROUND, 2) of |u|^corner + |v|^corner = 1."""
    t = np.linspace(0.0, 2.0 * np.pi, AROUND, endpoint=False)
    u, v = np.cos(t), np.sin(t)
    size = (np.abs(u) ** corner + np.abs(v) ** corner) ** (-1.0 / corner)
    ring = np.stack([u * size, v * size], axis=1)
    ring.flags.writeable = False
    return ring


def _foot(d: Definition, style: Style, place: FloatArray, axes: tuple[float, float, float]) -> FloatArray:
    """Rings of the arm from the door's skin to the housing's lower inner side."""
    a, b, c = axes
    long, tall = style.foot
    scale = d.p["mirror_scale"]
    long, tall = long * scale, tall * scale
    z0 = float(d.belt(place[0])) + 34.0
    skin = float(d.half_width(np.asarray(place[0]), np.asarray(z0 - tall))) + 1.0
    end = place + np.array([-0.02 * a, -0.50 * b, -0.72 * c])
    start = np.array([place[0] + 0.06 * a, skin, min(z0, end[2] - 4.0)])
    reach = max(end[1] - start[1], 12.0)
    t = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    ring = _ring(2.6)
    points = np.empty((len(t), AROUND, 3))
    rise = end[2] - start[2]
    points[..., 0] = (start[0] + t * (end[0] - start[0]))[:, None] - ring[:, 0] * (long * (1.0 - 0.2 * t))[
        :, None
    ]
    points[..., 1] = (start[1] + reach * t)[:, None]
    points[..., 2] = (start[2] + rise * t**1.6)[:, None] + ring[:, 1] * (tall * (1.0 + 0.15 * t))[:, None]
    return points


def piece_mesh(p: Piece) -> Mesh:
    """Closed triangles of a piece: its rings, and a fan over each end."""
    return Mesh(p.rings.reshape(-1, 3), closed_rings(*p.rings.shape[:2]))


def piece_solid(p: Piece) -> Any:
    """The piece as a `cadquery.Solid`: two B-spline halves and two flat ends."""
    from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeEdge, BRepBuilderAPI_MakeFace, BRepBuilderAPI_MakeWire

    from ...geometry.bspline import chord_parameters, sewn_solid, surface

    half = AROUND // 2
    closed = np.concatenate([p.rings, p.rings[:, :1]], axis=1)
    u = chord_parameters(p.rings)
    halves = [closed[:, : half + 1], closed[:, half:]]
    surfaces = [surface(h, u, chord_parameters(np.swapaxes(h[-2:], 0, 1))) for h in halves]
    faces = [BRepBuilderAPI_MakeFace(s, 1e-6).Face() for s in surfaces]
    for end in (0.0, 1.0):
        edges = [BRepBuilderAPI_MakeEdge(s.UIso(end)).Edge() for s in surfaces]
        wire = BRepBuilderAPI_MakeWire(*edges).Wire()
        faces.append(BRepBuilderAPI_MakeFace(wire, True).Face())
    return sewn_solid(faces)
