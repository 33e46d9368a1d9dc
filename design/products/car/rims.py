"""Eight rims, drawn once in units of the wheel and scaled to each car.

A rim is an outline turned about the wheel's axis, with openings cut through its face. Everything is drawn in
*units*: radii as shares of the rim's radius, offsets along the axis as shares of the tyre's width. A car's
rim is the drawn one stretched, so the fast mesh is cut once for each drawing and costs a multiplication then.

Each drawing repeats `fold` times around the axis; the exact rim is cut in one such sector and its faces are
turned and sewn, so that thirty openings cost the kernel little more than six.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...geometry.manifolds import from_manifold, to_manifold
from ...geometry.mesh import Mesh, shared
from .openings import OPENINGS, Opening

SEGMENTS = 90  # of the fast rim around the axis: a multiple of every fold
BOLT_CIRCLE, BOLT_RADIUS, BOLT_DEPTH = 0.175, 0.030, 0.05  # units; the recesses in which the bolts sit
BARREL = 0.938  # inner radius of the barrel behind the face


@dataclass(frozen=True)
class Face:
    """How a rim's face lies, in units.

    Attributes:
        fold: the drawing repeats this often.
        dish: how far the hub lies behind the rim's edge; `middle` share of it that is left at radius 0.6.
        thick: of the spokes along the axis; `cap` radius of the centre cap.
    """

    fold: int = 5
    dish: float = 0.17
    middle: float = 0.42
    thick: float = 0.125
    cap: float = 0.105


FACES: dict[str, Face] = {
    "twin_five": Face(dish=0.19),
    "five_spoke": Face(dish=0.21, middle=0.50, thick=0.15),
    "six_spoke": Face(fold=6, dish=0.13, middle=0.40, thick=0.15, cap=0.13),
    "ten_spoke": Face(dish=0.20, middle=0.45),
    "multi_spoke": Face(dish=0.22, middle=0.50, thick=0.115),
    "turbine": Face(dish=0.16, middle=0.45),
    "mesh": Face(dish=0.20, middle=0.40, thick=0.11),
    "aero_disc": Face(dish=0.075, middle=0.55, thick=0.085, cap=0.12),
}


def outline(name: str) -> FloatArray:
    """Closed outline (k, 2) of (radius, offset along the axis), units, without openings.

    It starts on the axis behind the hub, runs over the back, the barrel and the lip, and ends on the cap.
    """
    f = FACES[name]
    edge, bead = 0.392, 0.43
    hub, middle = edge - f.dish, edge - f.middle * f.dish
    back = hub - f.thick - 0.03
    return np.array(
        [
            [0.0, back],
            [0.25, back],
            [0.60, middle - f.thick],
            [BARREL - 0.03, edge - f.thick],
            [BARREL, edge - f.thick - 0.07],
            [BARREL, -bead + 0.035],
            [0.995, -bead],
            [0.995, 0.414],
            [0.962, 0.418],
            [BARREL + 0.012, edge],
            [0.60, middle],
            [0.25, hub + 0.006],
            [f.cap + 0.012, hub],
            [f.cap, hub + 0.030],
            [0.0, hub + 0.040],
        ]
    )


def hub_back(name: str) -> float:
    """Offset along the axis of the hub's rear face, units: what the brake disc is bolted to."""
    return float(outline(name)[0, 1])


def cuts(name: str) -> list[Opening]:
    """Openings and bolt recesses of one sector, units; the rest are turned copies."""
    f = FACES[name]
    middle = np.pi / f.fold
    angle = np.linspace(0.0, 2.0 * np.pi, 9)[:-1]
    bolt = BOLT_CIRCLE * np.array([np.cos(middle), np.sin(middle)])
    around = bolt + BOLT_RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    depth = outline(name)[-3, 1] - BOLT_DEPTH
    return [*OPENINGS[name], Opening(around, 0.0, depth)]


def ends(o: Opening) -> tuple[FloatArray, FloatArray, float, float]:
    """Front and back polygon (k, 2) of (x, z) of an opening and their offsets along the axis, units."""
    front, low = 0.46, 0.02 if o.floor is None else o.floor
    return o.around, inset(o.around, o.draft), front, low


def inset(around: FloatArray, by: float) -> FloatArray:
    """A counter-clockwise polygon (k, 2) with every side moved inwards by `by`."""
    if by == 0.0:
        return around
    along = np.roll(around, -1, axis=0) - around
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    before = np.roll(along, 1, axis=0)
    normal, normal_before = (np.stack([-a[:, 1], a[:, 0]], axis=1) for a in (along, before))
    together = 1.0 + (normal * normal_before).sum(axis=1, keepdims=True)
    return np.asarray(around + by * (normal + normal_before) / together)


# -- fast ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def unit_rim(name: str) -> Mesh:
    """The drawing as a closed mesh in units, axis along y, outer face towards +y."""
    import manifold3d

    section = manifold3d.CrossSection([outline(name)], manifold3d.FillRule.NonZero)
    rim = section.revolve(SEGMENTS).rotate([-90.0, 0.0, 0.0])
    tools = [_prism(o) for o in cuts(name)]
    sector = manifold3d.Manifold.batch_boolean(tools, manifold3d.OpType.Add)
    fold = FACES[name].fold
    turned = [sector.rotate([0.0, 360.0 * k / fold, 0.0]) for k in range(fold)]
    mesh = from_manifold(rim - manifold3d.Manifold.batch_boolean(turned, manifold3d.OpType.Add))
    return Mesh(mesh.vertices, shared(mesh.faces))


def fast_rim(name: str, radius: float, width: float) -> Mesh:
    """The rim of `radius` for a tyre of `width`, mm, about the wheel's centre."""
    unit = unit_rim(name)
    return Mesh(unit.vertices * np.array([radius, width, radius]), unit.faces)


def _prism(o: Opening) -> Any:
    """The opening's solid as a manifold."""
    import manifold3d

    front, back, high, low = ends(o)
    n = len(front)
    vertices = np.empty((2 * n, 3))
    vertices[:n, [0, 2]], vertices[:n, 1] = front, high
    vertices[n:, [0, 2]], vertices[n:, 1] = back, low
    cap = np.asarray(manifold3d.triangulate([front]), dtype=np.int64)
    i = np.arange(n)
    j = (i + 1) % n
    side = np.concatenate([np.stack([i, i + n, j], axis=1), np.stack([j, i + n, j + n], axis=1)])
    faces = np.concatenate([cap[:, ::-1], cap + n, side[:, ::-1]])
    return to_manifold(Mesh(vertices, faces))


# -- exact --------------------------------------------------------------------------------------------


def exact_rim(name: str, radius: float, width: float) -> Any:
    """The same rim as a `cadquery.Solid`."""
    import cadquery as cq

    from ...geometry.bspline import sewn_solid

    fold = FACES[name].fold
    pitch = 2.0 * np.pi / fold
    points = [cq.Vector(r * radius, y * width, 0.0) for r, y in outline(name).tolist()]
    wire = cq.Wire.makePolygon(points, close=True)
    axis = cq.Vector(0, 0, 0), cq.Vector(0, -1, 0)
    sector = cq.Solid.revolve(wire, [], 360.0 / fold, *axis)
    tools = []
    for o in cuts(name):
        angle = np.arctan2(o.around[:, 1], o.around[:, 0])
        for turn in (-1, 0, 1):
            if (angle + turn * pitch).max() > 0.0 and (angle + turn * pitch).min() < pitch:
                tools.append(_solid(o, radius, width).rotate(*axis, np.degrees(turn * pitch)))
    piece = sector.cut(*tools)
    faces = [face for face in piece.Faces() if not _on_border(face, pitch, radius)]
    turned = [face.rotate(*axis, 360.0 * k / fold).wrapped for k in range(fold) for face in faces]
    return sewn_solid(turned)


def _solid(o: Opening, radius: float, width: float) -> Any:
    """The opening's solid: flat faces only."""
    import cadquery as cq

    front, back, high, low = ends(o)
    near = [cq.Vector(x * radius, high * width, z * radius) for x, z in front.tolist()]
    far = [cq.Vector(x * radius, low * width, z * radius) for x, z in back.tolist()]
    loops = [near, far]
    for k in range(len(near)):
        loops.append([near[k - 1], near[k], far[k], far[k - 1]])
    faces = [cq.Face.makeFromWires(cq.Wire.makePolygon(loop, close=True)) for loop in loops]
    return cq.Solid.makeSolid(cq.Shell.makeShell(faces))


def _on_border(face: Any, pitch: float, radius: float) -> bool:
    """Whether a face lies in one of the two planes that bound the sector."""
    if face.geomType() != "PLANE":
        return False
    corners = np.array([v.toTuple() for v in face.Vertices()])
    for angle in (0.0, pitch):
        if np.abs(corners[:, 2] * np.cos(angle) - corners[:, 0] * np.sin(angle)).max() < 1e-6 * radius:
            return True
    return False
