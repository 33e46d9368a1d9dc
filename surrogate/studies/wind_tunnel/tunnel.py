"""Where the air is: the tunnel around a body, its blocks and its refinement boxes (metres)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ....design.arrays import FloatArray
from ....design.errors import InputError
from ....design.geometry.mesh import Mesh
from ....design.messages import say
from .recipe import BLOCKAGE, DOWNSTREAM, UPSTREAM, Level

GROUND_TOLERANCE = 1.0  # mm: vertices this close to the ground stand on it
HUG = (0.17, 0.5)  # background cells from the body within which cells are as fine as on it, and as near it
HUGGED = -0.85  # lengths ahead of the body at which the near box of a hugged one begins: it is its wake's
SLENDERNESS = 3.12  # length over root of frontal area, of the Ahmed body and of an ordinary car


@dataclass(frozen=True)
class Box:
    """An axis-aligned box (m) refined to `level`."""

    name: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    level: int


@dataclass(frozen=True)
class Domain:
    """The half tunnel y > 0, ground at z = 0 (m).

    Attributes:
        low, high: corners; cells: background cells along x, y, z.
        boxes: refinement boxes; inside: a point in the air, on no cell face.
        blockage: frontal area over section.
        hug: (distance from the body, m, refinement level within it), the nearest first; empty for none.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    cells: tuple[int, int, int]
    boxes: tuple[Box, ...]
    inside: tuple[float, float, float]
    blockage: float
    hug: tuple[tuple[float, int], ...] = ()


def size_of(length: float, area: float) -> float:
    """Size (m) that cells are shares of, from length (m) and frontal area (m2)."""
    return math.sqrt(length * SLENDERNESS * math.sqrt(area))


def domain_of(
    body: FloatArray, area: float, level: Level, size: float | None = None, hug: bool = False
) -> Domain:
    """The tunnel for a body.

    Args:
        body: (2, 3) bounding box, m.
        area: frontal area of the full body, m2.
        level: mesh level.
        size: that cells are shares of, m. Given, cells also lie at whole multiples of their size from the
            origin: bodies of one family are cut by the same cells. The body's own when None.
        hug: the body is wrapped in fine cells by their distance from it instead of by a box, which takes or
            drops whole layers of cells when it moves a little; the box that stays lies behind the body.
    """
    (x0, _, z0), (x1, y1, z1) = body
    length = float(x1 - x0)
    h = level.base * (size_of(length, area) if size is None else size)
    side = math.sqrt(0.5 * area / BLOCKAGE)
    ny = max(math.ceil(side / h), math.ceil(2.5 * y1 / h))
    nz = max(math.ceil(side / h), math.ceil(2.5 * z1 / h))
    start = float(x0 - UPSTREAM * length)
    if size is not None:
        start = h * math.floor(start / h)
    nx = math.ceil((x1 + DOWNSTREAM * length - start) / h)
    low = (start, 0.0, 0.0)
    high = (low[0] + nx * h, ny * h, nz * h)
    gap = max(float(z0), 0.03 * length)
    boxes = (
        _around("wake", body, length, (0.30, 1.00, 0.10, 0.12), level.wake),
        _around("near", body, length, ((HUGGED if hug else 0.06), 0.30, 0.03, 0.03), level.near),
        Box("underbody", (float(x0), 0.0, 0.0), (float(x1), float(y1), gap), level.underbody),
    )
    inside = (low[0] + 0.3137 * h, 0.5171 * h, high[2] - 0.4713 * h)
    near = tuple((h * share, n) for share, n in zip(HUG, (level.surface, level.near), strict=True))
    blockage = 0.5 * area / (high[1] * high[2])
    return Domain(low, high, (nx, ny, nz), boxes, inside, blockage, near if hug else ())


def _around(name: str, body: FloatArray, length: float, margin: tuple[float, ...], level: int) -> Box:
    """A box from the ground up, `margin` (ahead, behind, beside, above; lengths) wider than the body."""
    ahead, behind, beside, above = (length * m for m in margin)
    low = (float(body[0, 0] - ahead), 0.0, 0.0)
    return Box(
        name, low, (float(body[1, 0] + behind), float(body[1, 1] + beside), float(body[1, 2] + above)), level
    )


def grounded(mesh: Mesh) -> Mesh:
    """Vertices that stand on the ground pushed through it, so that tyre patches are cut, not grazed."""
    vertices = mesh.vertices.copy()
    span = float(np.ptp(vertices[:, 0]))
    vertices[np.abs(vertices[:, 2]) < GROUND_TOLERANCE, 2] = -0.01 * span
    return Mesh(vertices, mesh.faces)


def check_mesh(mesh: Mesh) -> None:
    """Refuse what cannot be put into the tunnel.

    Raises:
        InputError: open, empty, non-finite, below the ground, not centred on y = 0, or of absurd size.
    """
    if len(mesh.faces) == 0 or not np.all(np.isfinite(mesh.vertices)):
        raise InputError(say("mesh is empty or holds numbers that are not finite; give a closed body in mm"))
    if not mesh.is_watertight:
        raise InputError(say("mesh is not watertight; CFD needs a closed surface"))
    (x0, y0, z0), (x1, y1, _) = mesh.bounds
    if not 100.0 <= x1 - x0 <= 30000.0:
        raise InputError(f"mesh is {x1 - x0:.4g} mm long; allowed 100 to 30000 mm (is it in metres?)")
    if z0 < -GROUND_TOLERANCE:
        raise InputError(f"mesh reaches {-z0:.1f} mm below the ground; its lowest point must have z >= 0")
    if abs(y0 + y1) > 0.02 * (y1 - y0):
        raise InputError(f"mesh spans y {y0:.0f} to {y1:.0f} mm; the body must be centred on y = 0")
