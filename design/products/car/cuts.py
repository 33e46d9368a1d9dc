"""Arches, wheels and mirrors joined with only that part of the skin which they touch.

A boolean's cost grows with the triangles that it is given. So a *block* of the skin's grid around the tool is
closed by a cone to a far apex inside the car, the boolean is made with this small solid, and its surface
without the cone takes the block's place in the skin: the border's points are the same, so the whole closes.
Only the right side is cut; the left one mirrors it. Where a block finds no room (designs that break a rule)
the functions return None and :mod:`.hull` works with the whole skin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import BoolArray, FloatArray, IntArray
from ...geometry.manifolds import to_manifold
from ...geometry.mesh import Mesh, mirrored
from .clip import Arch, clipped
from .definition import Definition
from .hull_parts import arch_inner, axle_places, kept_mirror, wheel_disc
from .skin import FAST, Skin, cap_points, kept_skin_faces, skin

CLEAR_MM = 12.0  # between a tool and its block's border; more than the cone narrows along the deepest tool
INSIDE_MM = 2.0  # of skin beside the part of a wheel that no longer counts
ROUND_MM = 12.0  # of skin around its tread, where a chord of the skin may come nearer than its ends
APEX_MM = 20_000.0  # of the apex from the plane of symmetry: so far that the cone is nearly a prism


@dataclass(frozen=True)
class Block:
    """A closed piece of the right side: a part of the skin's grid, and a cone.

    Attributes:
        place: first and last station, first and last column of the ring.
        solid: `manifold3d.Manifold`.
        border: (k, 2) station and column of the points that it shares with the rest of the skin.
        points: (k, 3) those points, mm.
    """

    place: tuple[int, int, int, int]
    solid: Any
    border: IntArray
    points: FloatArray


def room(
    s: Skin, low: tuple[float, float, float], high: tuple[float, float]
) -> tuple[int, int, int, int] | None:
    """First and last station, first and last column of the ring's right half around a tool that reaches from
    `low` (x, y, z) to `high` (x, z), mm, and outwards."""
    right = s.right
    x, y, z = right[..., 0], right[..., 1], right[..., 2]
    beside = (z < high[1] + CLEAR_MM) & (z > low[2] - CLEAR_MM) & (y > low[1] - CLEAR_MM)
    ahead = ((x < low[0] - CLEAR_MM) | ~beside).all(axis=1) & (x.min(axis=1) < low[0])
    behind = ((x > high[0] + CLEAR_MM) | ~beside).all(axis=1) & (x.max(axis=1) > high[0])
    if not ahead.any() or not behind.any():
        return None
    i0, i1 = int(np.flatnonzero(ahead)[-1]), int(np.flatnonzero(behind)[0])
    touched = np.flatnonzero(beside[i0 : i1 + 1].any(axis=0))
    if i1 <= i0 or len(touched) == 0 or touched[0] == 0 or touched[-1] == right.shape[1] - 1:
        return None
    return i0, i1, int(touched[0]) - 1, int(touched[-1]) + 1


def block(s: Skin, low: tuple[float, float, float], high: tuple[float, float]) -> Block | None:
    """The block around a tool that reaches from `low` (x, y, z) to `high` (x, z), mm, and outwards."""
    place = room(s, low, high)
    if place is None:
        return None
    i0, i1, j0, j1 = place
    first, right = s.top.shape[1] // 2, s.right
    i, j = np.arange(i0, i1 + 1), np.arange(j0, j1 + 1)
    around = np.concatenate(
        [
            np.stack([i[:-1], np.full(len(i) - 1, j0)], axis=1),
            np.stack([np.full(len(j) - 1, i1), j[:-1]], axis=1),
            np.stack([i[:0:-1], np.full(len(i) - 1, j1)], axis=1),
            np.stack([np.full(len(j) - 1, i0), j[:0:-1]], axis=1),
        ]
    )
    grid = right[i0 : i1 + 1, j0 : j1 + 1]
    rows, columns = grid.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, e = (
        index[:-1, :-1].ravel(),
        index[1:, :-1].ravel(),
        index[1:, 1:].ravel(),
        index[:-1, 1:].ravel(),
    )
    edge = index[around[:, 0] - i0, around[:, 1] - j0]
    apex = [0.5 * (low[0] + high[0]), -APEX_MM, float(grid[:, 0, 2].mean())]
    cone = np.stack([np.roll(edge, -1), edge, np.full(len(edge), rows * columns)], axis=1)
    points = np.concatenate([grid.reshape(-1, 3), [apex]])

    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, e], axis=1), cone])
    return Block(
        (i0, i1, j0 + first, j1 + first),
        to_manifold(Mesh(points, faces)),
        np.stack([around[:, 0], around[:, 1] + first], axis=1),
        right[around[:, 0], around[:, 1]],
    )


def arch_blocks(d: Definition) -> list[Block | None]:
    """Blocks around the right wheel arches, front then rear; the wheels have room in them too."""
    return d.once("arch blocks", lambda: [block(skin(d, FAST), *reach) for reach in _arch_reach(d)])


def _arch_reach(d: Definition) -> list[tuple[tuple[float, float, float], tuple[float, float]]]:
    """From where to where the right arches reach, front then rear, mm (see :func:`room`)."""
    r = d.arch_radius
    return [((x - r, arch_inner(d, y), -np.inf), (x + r, d.z_axle + r)) for x, y in axle_places(d)]


def cut_body(d: Definition) -> Mesh | None:
    """The fast skin with its wheel arches cut and the roof panel's pocket, exactly closed."""
    from .roof import pocket

    s = skin(d, FAST)
    n, m = s.ring.shape[:2]
    first, right = s.top.shape[1] // 2, s.right
    there, keep = np.ones((2, n - 1, m), dtype=bool)
    start = s.ring.size // 3 + 2 * (s.nose.shape[0] - 2) * (s.nose.shape[1] - 2)
    inner, floor = pocket(d, s, there, start)
    arches, own = [], []
    for (x, y), reach in zip(axle_places(d), _arch_reach(d), strict=True):
        place = room(s, *reach)
        if place is None:
            return None
        i0, i1, j0, j1 = place
        if not keep[i0:i1, j0 + first : j1 + first].all():
            return None
        for columns in (np.arange(j0, j1) + first, (first - np.arange(j0 + 1, j1 + 1)) % m):
            keep[i0:i1, columns] = False
        part = there[i0:i1, j0 + first : j1 + first]
        grid = right[i0 : i1 + 1, j0 : j1 + 1]
        arches.append(Arch(grid, part, x, d.z_axle, d.arch_radius, arch_inner(d, y)))
        i, j = np.arange(i0, i1 + 1)[:, None] * m, np.arange(j0, j1 + 1)
        own.append(np.stack([(i + first + j).ravel(), (i + (first - j) % m).ravel()]))
    cut = clipped(arches)
    if cut is None:
        return None
    points, own_faces = cut
    more = start + len(inner) + np.arange(2 * len(points)).reshape(2, -1)
    on_right, on_left = np.concatenate([*own, more], axis=1)
    keep &= there
    added = np.concatenate([floor.ravel(), on_right[own_faces.ravel()], on_left[own_faces[:, ::-1].ravel()]])
    used = np.ones(start + len(inner) + 2 * len(points), dtype=bool)
    used[: n * m] = _beside(keep).ravel()
    used[added] = True
    number = np.cumsum(used)
    number -= 1
    ring = s.ring.reshape(-1, 3).take(np.flatnonzero(used[: n * m]), axis=0)
    vertices = np.concatenate([ring, *cap_points(s), inner, points, mirrored(points)])
    faces = kept_skin_faces(s, keep, number, len(added) // 3)
    faces[len(faces) - len(added) // 3 :] = number.take(added, mode="clip").reshape(-1, 3)
    return Mesh(vertices, faces)


def _beside(keep: BoolArray) -> BoolArray:
    """Which points (n, m) of closed rings touch a quad of `keep` (n - 1, m); the first and last ring do."""
    wide = keep.copy()
    wide[:, 1:] |= keep[:, :-1]
    wide[:, 0] |= keep[:, -1]
    found = np.ones((len(keep) + 1, keep.shape[1]), dtype=bool)
    np.logical_or(wide[1:], wide[:-1], out=found[1:-1])
    return found


def skin_numbers(s: Skin) -> tuple[float, float]:
    """Volume, mm3, and area, mm2, inside and of :func:`.skin.skin_mesh`, from the right half.

    The mesh splits a quad of the right side along one diagonal and its image on the left along the other.
    The volume is the flux of (0, y, 0), to which the plane of symmetry adds nothing.
    """
    half, body = s.top.shape[1] // 2, s.right
    volume = area = 0.0
    for grid, sign in ((body, 1.0), (s.nose[:, half:], 1.0), (s.tail[:, half:], -1.0)):
        a, b, c, e = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
        if grid is not body:
            b, e = e, b
        for p, q, r in ((a, b, c), (a, c, e), (a, b, e), (b, c, e)):
            u, v = q - p, r - p
            nx = u[..., 1] * v[..., 2] - u[..., 2] * v[..., 1]
            ny = u[..., 2] * v[..., 0] - u[..., 0] * v[..., 2]
            nz = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
            area += 0.5 * float(np.sqrt(nx * nx + ny * ny + nz * nz).sum())
            volume += sign * float((ny * (p[..., 1] + q[..., 1] + r[..., 1])).sum()) / 6.0
    return volume, area


def hull_numbers(d: Definition) -> tuple[float, float] | None:
    """Volume, mm3, and area, mm2, of the closed hull: what each tool adds to the skin, on both sides.

    The left side's quads have the other diagonals; here a tool meets the right side's on both. Over 60 random
    designs that moves the volume by at most 4.3e-7 of itself and the area by at most 1.2e-5.
    """
    import manifold3d

    s = skin(d, FAST)
    right = kept_mirror(d)
    box = right.bounding_box()
    tools = [(right, block(s, (box[0], box[1], box[2]), (box[3], box[5])))]
    top = max(_inside_above(s, d, x, y) for x, y in axle_places(d))
    wide = 4.0 * d.wheel_radius
    level = manifold3d.Manifold.cube([wide, wide, top]).translate([-0.5 * wide, -0.5 * wide, -d.z_axle])
    low_part = wheel_disc(d) ^ level
    for (x, y), b in zip(axle_places(d), arch_blocks(d), strict=True):
        tools.append((low_part.translate([x, y, d.z_axle]), b))
    volume, area = skin_numbers(s)
    for tool, b in tools:
        if b is None:
            return None
        common = b.solid ^ tool
        volume += 2.0 * (tool.volume() - common.volume())
        area += 2.0 * (tool.surface_area() - common.surface_area())
    return volume, area


def _inside_above(s: Skin, d: Definition, x: float, y: float) -> float:
    """Height, mm, above which the wheel about (x, y) lies inside the skin and so adds nothing to the hull."""
    right = s.right
    r, outer = d.wheel_radius, y + 0.5 * d.p["tyre_width"]
    near = np.flatnonzero((np.abs(right[..., 0] - x) < r + CLEAR_MM).any(axis=1))
    part = right[max(int(near[0]) - 1, 0) : int(near[-1]) + 2]
    fine = _halved(_halved(part, 0), 1)
    away = np.hypot(fine[..., 0] - x, fine[..., 2] - d.z_axle)
    inside = (away > r + ROUND_MM) | (fine[..., 1] > outer + INSIDE_MM)
    nearer = int(np.argmin(inside.all(axis=0)))  # the highest column that comes nearer
    highest = d.z_axle + r
    if nearer == 0:
        return highest
    return min(highest, float(part[:, (nearer - 1) // 2, 2].max()) + INSIDE_MM)


def _halved(grid: FloatArray, axis: int) -> FloatArray:
    """A grid with the middles between neighbours along `axis` put in."""
    a = np.swapaxes(grid, 0, axis)
    found = np.empty((2 * len(a) - 1, *a.shape[1:]))
    found[::2], found[1::2] = a, 0.5 * (a[1:] + a[:-1])
    return np.swapaxes(found, 0, axis)
