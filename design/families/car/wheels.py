"""Tyres and rims: profiles for the fast mesh (manifold) and the exact solid (kernel)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import Mesh, shared, triangles
from .definition import Definition

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SPOKES = 5
SEGMENTS = 64
#: tyre section height / section width (between the usual 40 and 45 series)
ASPECT = 0.42


@dataclass(frozen=True)
class WheelShape:
    """Outlines about the wheel's centre; outer face towards +y, mm.

    Attributes:
        tyre, rim, disc: closed outlines (k, 2) of (radius, y) to revolve about y.
        windows: closed outlines (k, 2) of (x, z) to cut through the rim's face.
        road: height of the road below the centre.
    """

    tyre: FloatArray
    rim: FloatArray
    disc: FloatArray
    windows: list[FloatArray]
    road: float


def wheel_shape(d: Definition) -> WheelShape:
    """Outlines of one car's wheels."""
    radius, width = d.wheel_radius, d.p["tyre_width"]
    seat = seat_radius(d)
    half = width / 2.0
    shoulder = min(0.16 * width, 0.12 * radius)
    a = np.linspace(0.0, np.pi / 2.0, 6)
    round_out = np.stack([radius - shoulder * (1 - np.sin(a)), half - shoulder * (1 - np.cos(a))], axis=1)
    bead = half - 0.07 * width
    tyre = np.concatenate([[[seat, -bead]], round_out * [1.0, -1.0], round_out[::-1], [[seat, bead]]])
    lip, barrel = seat - 0.5, seat - 16.0
    face, dish = half - 0.10 * width, 0.10 * width
    hub = 0.20 * seat
    rim = np.array(
        [
            [0.0, face - dish - 34.0],
            [hub, face - dish - 34.0],
            [barrel - 14.0, face - 30.0],
            [barrel, face - 44.0],
            [barrel, -bead + 8.0],
            [lip, -bead],
            [lip, face + 3.0],
            [barrel - 4.0, face + 3.0],
            [barrel - 14.0, face - 6.0],
            [hub * 1.15, face - dish],
            [hub * 0.7, face - dish + 6.0],
            [0.0, face - dish + 6.0],
        ]
    )
    disc = np.array(
        [
            [0.0, face - dish - 78.0],
            [0.86 * barrel, face - dish - 78.0],
            [0.86 * barrel, face - dish - 50.0],
            [0.0, face - dish - 50.0],
        ]
    )
    return WheelShape(tyre, rim, disc, _windows(hub * 1.45, barrel - 22.0), -d.z_axle)


def _windows(inner: float, outer: float) -> list[FloatArray]:
    """Openings between paired spokes: a wide one and a narrow one in turn."""
    pitch = 2.0 * np.pi / SPOKES
    found = []
    for k in range(SPOKES):
        for centre, low, high, start in ((0.0, 0.10, 0.30, inner), (pitch / 2, 0.012, 0.17, inner * 1.5)):
            middle = k * pitch + centre
            arc = np.linspace(-high, high, 7)
            tip = np.linspace(low, -low, 4)
            angles = np.concatenate([arc, tip]) + middle
            radii = np.concatenate([np.full(len(arc), outer), np.full(len(tip), start)])
            found.append(np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1))
    return found


def seat_radius(d: Definition) -> float:
    """Where the tyre sits on the rim: the radius at which a drawing changes from dark to light, mm."""
    radius = d.wheel_radius
    return radius - max(0.235 * radius, min(ASPECT * d.p["tyre_width"], 0.34 * radius))


def fast_wheel(shape: WheelShape) -> tuple[Mesh, Mesh, Mesh]:
    """Tyre, rim and brake disc as meshes about the wheel's centre; the road flattens the tyre."""
    angle: FloatArray = np.linspace(0.0, 2.0 * np.pi, SEGMENTS, endpoint=False, dtype=np.float64)
    tyre = turned(shape.tyre, angle)
    tyre[..., 2] = np.maximum(tyre[..., 2], shape.road)
    around = Mesh(tyre.reshape(-1, 3), _closed_strips(*tyre.shape[:2]))
    return around, fast_rim(shape), spun(shape.disc, angle)


@lru_cache(maxsize=8)
def _closed_strips(count: int, around: int) -> IntArray:
    """Triangles of a torus of `count` rings of `around` vertices."""
    rings = np.arange(count * around).reshape(count, around)
    return shared(triangles(strips(np.concatenate([rings, rings[:1]]))))


def turned(outline: FloatArray, angle: FloatArray) -> FloatArray:
    """An outline (k, 2) of (radius, y) at angles (n,) about y: (k, n, 3)."""
    r, y = outline[:, :1], np.broadcast_to(outline[:, 1:], (len(outline), len(angle)))
    return np.stack([r * np.cos(angle), y, r * np.sin(angle)], axis=-1)


def strips(rings: IntArray) -> IntArray:
    """Quads (n, 4) between following rings (k, n) of vertices, outward where the outline's y rises."""
    after = np.roll(rings, -1, axis=1)
    return np.stack([rings[:-1], rings[1:], after[1:], after[:-1]], axis=-1).reshape(-1, 4)


def spun(outline: FloatArray, angle: FloatArray) -> Mesh:
    """An outline (k, 2) of (radius, y) turned about y; its first and last points lie on the axis, y rises."""
    points = turned(outline[1:-1], angle).reshape(-1, 3)
    poles = np.array([[0.0, outline[0, 1], 0.0], [0.0, outline[-1, 1], 0.0]])
    return Mesh(np.concatenate([points, poles]), _spun_faces(len(outline) - 2, len(angle)))


@lru_cache(maxsize=8)
def _spun_faces(count: int, around: int) -> IntArray:
    """Triangles over `count` rings of `around` vertices and two poles after them."""
    rings = np.arange(count * around).reshape(count, around)
    return shared(np.concatenate([triangles(strips(rings)), *_poles(rings[0], rings[-1], rings.size)]))


def _poles(first: IntArray, last: IntArray, pole: int) -> list[IntArray]:
    """Fans that close the first and last ring (n,) with vertices `pole` and `pole` + 1."""
    low, high = np.full(len(first), pole), np.full(len(last), pole + 1)
    return [
        np.stack([low, first, np.roll(first, -1)], axis=1),
        np.stack([high, np.roll(last, -1), last], axis=1),
    ]


def _across_pitch() -> tuple[FloatArray, FloatArray, float, float]:
    """Angles of the rim's grid lines over half a pitch, at barrel and hub; that half, and the pitch."""
    pitch = 2.0 * np.pi / SPOKES
    half = pitch / 2.0
    far = np.array([0.0, 0.1, 0.2, 0.3, 0.353, 0.405, half - 0.17, half - 0.113, half - 0.057])
    tip = np.array([0.0, 0.033, 0.067, 0.1, 0.29, 0.46, half - 0.012, half - 0.008, half - 0.004])
    return far, tip, half, pitch


def fast_rim(shape: WheelShape) -> Mesh:
    """The rim, its web between hub and barrel a grid of rows and columns in which windows are left out.

    A wide window and a narrow one (:func:`_windows`) fill a pitch; grid lines follow their edges.
    """
    wide, narrow = (np.hypot(*w[7]) for w in shape.windows[:2])  # radii of the openings' inner ends
    outer = float(np.hypot(*shape.windows[0][0]))
    far, tip, half, pitch = _across_pitch()

    def whole(right: FloatArray, middle: float) -> FloatArray:
        sector = np.concatenate([right, [middle], pitch - right[:0:-1]])
        return np.asarray((sector + pitch * np.arange(SPOKES)[:, None]).ravel())

    edge, neck = whole(far, half), whole(tip, half)
    t = (narrow - wide) / (outer - wide)
    at = [  # the web's points seen along the axis, row by row from hub to barrel
        wide * _unit(neck),
        (1.0 - t) * wide * _unit(neck) + t * outer * _unit(edge),
        outer * _unit(edge),
    ]
    own = len(far) - 3
    column = np.arange(len(edge)) % (2 * len(far))
    beside_narrow = (column >= own) & (column <= 2 * len(far) - own)
    at[1][beside_narrow] = narrow * _unit(neck[beside_narrow])

    rings = turned(shape.rim[1:-1], edge)  # back of the web between rings 0 and 1, front between 7 and 8
    web = []
    for hub, barrel in ((1, 2), (9, 8)):
        y = np.interp([np.hypot(*p.T) for p in at], *shape.rim[[hub, barrel]].T)
        web.append(np.stack([[p[:, 0] for p in at], y, [p[:, 1] for p in at]], axis=-1))
    points = np.concatenate([rings.reshape(-1, 3), *(side.reshape(-1, 3) for side in web)])
    poles = np.array([[0.0, shape.rim[0, 1], 0.0], [0.0, shape.rim[-1, 1], 0.0]])
    faces, used = _rim_faces(len(rings), len(edge))
    return Mesh(np.concatenate([points, poles])[used], faces)


@lru_cache(maxsize=2)
def _rim_faces(count: int, n: int) -> tuple[IntArray, NDArray[np.bool_]]:
    """Triangles of :func:`fast_rim`, `count` rings of n vertices and its web, and which vertices they use."""
    half = n // (2 * SPOKES)
    own = half - 3
    column = np.arange(n) % (2 * half)
    column = np.minimum(column, 2 * half - 1 - column)  # of cells, the pitch's halves alike
    keep = np.ones((4, n), dtype=bool)
    keep[1:3, column < 3] = False
    keep[2, column >= own] = False
    base = np.arange(count * n).reshape(-1, n)
    start = base.size
    back = np.concatenate([base[:1], start + np.arange(3 * n).reshape(3, n), base[1:2]])
    front = np.concatenate([base[8:9], start + 3 * n + np.arange(3 * n).reshape(3, n), base[7:8]])
    kept = keep.ravel()
    quads = [strips(base[1:8]), strips(base[8:]), strips(back)[kept], strips(front)[kept][:, ::-1]]
    for shift, axis in ((-1, 1), (1, 1), (-1, 0), (1, 0)):
        near = np.roll(keep, shift, axis=axis)
        open_row, open_column = np.nonzero(keep & ~near)
        following = (open_column + 1) % n
        p, q = {
            (-1, 1): ((open_row + 1, following), (open_row, following)),
            (1, 1): ((open_row, open_column), (open_row + 1, open_column)),
            (-1, 0): ((open_row + 1, open_column), (open_row + 1, following)),
            (1, 0): ((open_row, following), (open_row, open_column)),
        }[shift, axis]
        quads.append(np.stack([back[q], back[p], front[p], front[q]], axis=1))
    total = (count + 6) * n
    faces = np.concatenate([triangles(np.concatenate(quads)), *_poles(base[0], base[-1], total)])
    used = np.zeros(total + 2, dtype=bool)
    used[faces.ravel()] = True
    return shared((np.cumsum(used) - 1)[faces]), used


def _unit(angle: FloatArray) -> FloatArray:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def exact_wheel(shape: WheelShape) -> tuple[Any, Any, Any]:
    """Tyre, rim and brake disc as `cadquery.Solid` about the wheel's centre."""
    import cadquery as cq

    def revolved(outline: FloatArray) -> Any:
        wire = cq.Wire.makePolygon([cq.Vector(r, y, 0.0) for r, y in outline.tolist()], close=True)
        return cq.Solid.revolve(wire, [], 360.0, cq.Vector(0, 0, 0), cq.Vector(0, 1, 0))

    size = 4.0 * float(np.abs(shape.tyre).max())
    road = cq.Solid.makeBox(size, size, size, cq.Vector(-size / 2, -size / 2, shape.road - size))
    tyre = _one(revolved(shape.tyre).cut(road))
    cuts = []
    for window in shape.windows:
        wire = cq.Wire.makePolygon([cq.Vector(x, 0.0, z) for x, z in window.tolist()], close=True)
        cuts.append(cq.Solid.extrudeLinear(wire, [], cq.Vector(0, 400, 0)))
    return tyre, _one(revolved(shape.rim).cut(*cuts)), revolved(shape.disc)


def _one(shape: Any) -> Any:
    """The single solid of a boolean's result."""
    solids = shape.Solids()
    return solids[0] if len(solids) == 1 else shape
