"""The dark insides of the wheel arches: a wall that follows the arch out to the skin, and a back plate."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Mesh, shared
from .definition import Definition
from .hull_parts import arch_inner
from .panels import BLACK, Panel, panel_mesh

LINER_MM = 3.0
CLEAR_MM = 0.4  # between liner and body
LIP_MM = 5.0  # by which the wall ends inside the skin
FOOT_MM = 6.0  # and above the floor
POINTS = 45  # along the arch
PLASTIC = ("polypropylene", 950.0)


def foot(d: Definition, x: float) -> float:
    """Height at which the liner around the axle at x ends, just above the floor, mm."""
    r = d.arch_radius
    beside = float(d.bottom(np.array([x - 0.9 * r, x, x + 0.9 * r])).max())
    return min(max(beside + FOOT_MM, d.z_axle - 0.94 * r), d.z_axle + 0.2 * r)


def angles(d: Definition, x: float) -> FloatArray:
    """(POINTS,) around the axle from the foot behind over the top to the foot ahead, rad."""
    end = math.asin((foot(d, x) - d.z_axle) / d.arch_radius)
    return np.linspace(end, math.pi - end, POINTS)


def skin_beside(d: Definition, x: FloatArray, z: FloatArray) -> FloatArray:
    """Half-width that the skin surely has at (x, z), each (n,), the rounding of its sill included, mm."""
    wide = d.half_width(x, np.minimum(z, d.top(x, 0.4 * d.p["overall_width"]) - 60.0))
    low = d.bottom(x)
    reach = 1.25 * d.p["sill_radius"]
    t = np.minimum(np.maximum((low + reach - z) / reach, 0.0), 1.0)
    return np.asarray(wide - 1.2 * reach * (1.0 - np.sqrt(1.0 - t * t)))


def bows(d: Definition) -> dict[float, FloatArray]:
    """By each axle's x (5, POINTS): outwards along x and z at :func:`angles`, x and z on the arch there, and
    half-width of the skin beside it, mm."""

    def find() -> dict[float, FloatArray]:
        axles = d.x_front_axle, d.x_rear_axle
        a = np.array([angles(d, x) for x in axles])
        found = np.empty((2, 5, POINTS))
        found[:, 0], found[:, 1] = np.cos(a), np.sin(a)
        found[:, 2:4] = d.arch_radius * found[:, :2]
        found[:, 2] += np.array([axles]).T
        found[:, 3] += d.z_axle
        x, z = found[:, 2].ravel(), found[:, 3].ravel()
        found[:, 4] = skin_beside(d, x, z).reshape(2, POINTS)
        return dict(zip(axles, found, strict=True))

    return d.once("liners", find)


def wall(d: Definition, x: float, y: float) -> Panel:
    """The wall around a right wheel whose centre plane is at y; its outer edge follows the skin."""
    ahead, up, xs, zs, beside = bows(d)[x][..., None]
    start = arch_inner(d, y) + LINER_MM + 1.0
    end = np.maximum(beside - LIP_MM, start + 40.0)
    points, inwards = np.empty((POINTS, 3, 3)), np.zeros((POINTS, 3, 3))
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
    ahead, up = bows(d)[x][:2]
    rims = np.empty((2, POINTS, 3))
    rims[..., 0], rims[..., 2] = x + r * ahead, d.z_axle + r * up
    rims[0, :, 1], rims[1, :, 1] = inner, inner + LINER_MM
    return Mesh(rims.reshape(-1, 3), _plate_faces(POINTS))


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

    r, inner, low = d.arch_radius - CLEAR_MM, arch_inner(d, y) + 0.5, foot(d, x)
    disc = cq.Solid.makeCylinder(r, LINER_MM, cq.Vector(x, inner, d.z_axle), cq.Vector(0, 1, 0))
    corner = cq.Vector(x - 2.0 * r, inner - 10.0, low - 2.0 * r)
    return disc.cut(cq.Solid.makeBox(4.0 * r, LINER_MM + 20.0, 2.0 * r, corner))
