"""The dark insides of the wheel arches: a wall that follows the arch out to the skin, and a back plate."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Mesh, shared
from .definition import Definition
from .hull_parts import arch_inner
from .panels import BLACK, Panel, panel_mesh
from .spots import ARCH_POINTS, liner_feet, spots

LINER_MM = 3.0
CLEAR_MM = 0.4  # between liner and body
LIP_MM = 5.0  # by which the wall ends inside the skin
PLASTIC = ("polypropylene", 950.0)


def _around(d: Definition, x: float) -> FloatArray:
    """(5, ARCH_POINTS): what :attr:`.spots.Spots.arches` has of the axle at x."""
    found: FloatArray = spots(d).arches[int(x != d.x_front_axle)]
    return found


def wall(d: Definition, x: float, y: float) -> Panel:
    """The wall around a right wheel whose centre plane is at y; its outer edge follows the skin."""
    ahead, up, xs, zs, beside = _around(d, x)[..., None]
    start = arch_inner(d, y) + LINER_MM + 1.0
    end = np.maximum(beside - LIP_MM, start + 40.0)
    points, inwards = np.empty((ARCH_POINTS, 3, 3)), np.zeros((ARCH_POINTS, 3, 3))
    points[..., 0], points[..., 2] = xs, zs
    points[..., 1] = start + (end - start) * np.array([0.0, 0.5, 1.0])
    inwards[..., 0], inwards[..., 2] = -ahead, -up
    return Panel("arch liner", BLACK, points, inwards, CLEAR_MM, LINER_MM, *PLASTIC)


def wall_mesh(d: Definition, x: float, y: float) -> Mesh:
    """The fast wall."""
    return panel_mesh(wall(d, x, y)).mesh


def back_mesh(d: Definition, x: float, y: float) -> Mesh:
    """The fast back plate: a disc without what lies below the foot."""
    r, inner = d.arch_radius - CLEAR_MM, arch_inner(d, y) + 0.5
    ahead, up = _around(d, x)[:2]
    rims = np.empty((2, ARCH_POINTS, 3))
    rims[..., 0], rims[..., 2] = x + r * ahead, d.z_axle + r * up
    rims[0, :, 1], rims[1, :, 1] = inner, inner + LINER_MM
    return Mesh(rims.reshape(-1, 3), _plate_faces(ARCH_POINTS))


@lru_cache(maxsize=1)
def _plate_faces(n: int) -> IntArray:
    """Triangles of a plate over a convex polygon of n points: back face, front face, rim."""
    k, following = np.arange(n), np.roll(np.arange(n), -1)
    fan = np.stack([np.zeros(n - 2, dtype=np.int64), k[1:-1], k[2:]], axis=1)
    sides = np.concatenate(
        [np.stack([k, k + n, following], axis=1), np.stack([following, k + n, following + n], axis=1)]
    )
    return shared(np.concatenate([fan, fan[:, ::-1] + n, sides]))


def back_solid(d: Definition, x: float, y: float) -> Any:
    """The exact back plate."""
    import cadquery as cq

    r, inner = d.arch_radius - CLEAR_MM, arch_inner(d, y) + 0.5
    low = liner_feet(d)[int(x != d.x_front_axle)]
    disc = cq.Solid.makeCylinder(r, LINER_MM, cq.Vector(x, inner, d.z_axle), cq.Vector(0, 1, 0))
    corner = cq.Vector(x - 2.0 * r, inner - 10.0, low - 2.0 * r)
    return disc.cut(cq.Solid.makeBox(4.0 * r, LINER_MM + 20.0, 2.0 * r, corner))
