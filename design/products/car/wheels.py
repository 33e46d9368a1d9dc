"""Tyres, rims and brakes: outlines for the fast mesh and the exact solids, about the wheel's centre."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray, IntArray
from ...geometry.mesh import Colour, Mesh, shared, triangles
from .definition import Definition
from .hull_parts import tyre_shoulder
from .rims import exact_rim, fast_rim, hub_back

SEGMENTS = 72
#: tyre section height / section width, as the trade sizes of new cars have it (235/45 R18, 255/40 R20)
ASPECT = 0.42
#: least and most of the tyre's radius that is sidewall: rims of 0.70 to 0.745 of the tyre's diameter
SIDEWALL = (0.255, 0.30)
CALLIPER_DEG = (-28.0, 34.0)  # where the calliper begins and ends, from the rear towards the top

#: finish of each rim: bright alloy, or the darker ones that bold spokes are sold in
RIM_COLOURS: dict[str, Colour] = {
    "five_spoke": (0.40, 0.41, 0.43, 1.0),
    "turbine": (0.50, 0.51, 0.53, 1.0),
    "mesh": (0.36, 0.37, 0.39, 1.0),
    "six_spoke": (0.48, 0.49, 0.50, 1.0),
}
ALLOY: Colour = (0.66, 0.68, 0.70, 1.0)
CALLIPER_PAINT: Colour = (0.22, 0.22, 0.23, 1.0)


def _arc(angle: FloatArray) -> FloatArray:
    """(2, n): cosines and sines of angles (n,)."""
    return np.array([np.cos(angle), np.sin(angle)])


CIRCLE = _arc(np.linspace(0.0, 2.0 * np.pi, SEGMENTS, endpoint=False))
CALLIPER_ARC = _arc(np.radians(np.linspace(*CALLIPER_DEG, 12)))


@dataclass(frozen=True)
class WheelShape:
    """Outlines about the wheel's centre; outer face towards +y, mm.

    Attributes:
        tyre, disc: closed outlines (k, 2) of (radius, y) to revolve about y.
        calliper: closed outline (k, 2) of (radius, y) to revolve over :data:`CALLIPER_DEG`.
        rim: name of its drawing (see :mod:`.rims`); `seat` its radius and `width` the tyre's.
        road: height of the road below the centre.
    """

    tyre: FloatArray
    disc: FloatArray
    calliper: FloatArray
    rim: str
    seat: float
    width: float
    road: float


def wheel_shape(d: Definition) -> WheelShape:
    """Outlines of one car's wheels. The tyre lies inside the hull's (:func:`.hull_parts.tyre_profile`)."""
    radius, width = d.wheel_radius, d.p["tyre_width"]
    seat = seat_radius(d)
    shoulder = tyre_shoulder(radius, width)
    wall = float(shoulder[0, 0]) - seat
    # from the bead over the rim's guard, a shallow valley and the bulge to the shoulder
    side = np.array(
        [
            [seat, 0.43 * width],
            [seat + 0.05 * wall, 0.455 * width],
            [seat + 0.28 * wall, 0.482 * width],
            [seat + 0.40 * wall, 0.480 * width],
            [seat + 0.72 * wall, 0.496 * width],
        ]
    )
    right = np.concatenate([side, shoulder])
    tyre = np.concatenate([right * [1.0, -1.0], right[::-1]])
    rim = d.choice("rim")
    hub = hub_back(rim) * width - 0.5
    plate, hat, shield = 0.80 * seat, 0.42 * seat, 0.915 * seat
    disc = np.array(
        [
            [0.0, -0.27 * width],
            [shield, -0.27 * width],
            [shield, -0.255 * width],
            [0.5 * plate, -0.245 * width],
            [0.5 * plate, -0.20 * width],
            [plate, -0.20 * width],
            [plate, -0.09 * width],
            [hat + 0.02 * seat, -0.09 * width],
            [hat, hub],
            [0.0, hub],
        ]
    )
    foot, top = 0.50 * seat, 0.865 * seat
    calliper = np.array(
        [
            [foot, -0.085 * width],
            [top, -0.085 * width],
            [top, 0.01 * width],
            [0.82 * seat, 0.05 * width],
            [0.60 * seat, 0.05 * width],
            [foot, 0.0],
        ]
    )
    return WheelShape(tyre, disc, calliper, rim, seat - 0.5, width, -d.z_axle)


def seat_radius(d: Definition) -> float:
    """Where the tyre sits on the rim: the radius at which a drawing changes from dark to light, mm."""
    radius = d.wheel_radius
    low, high = SIDEWALL
    return radius - min(max(low * radius, ASPECT * d.p["tyre_width"]), high * radius)


def rim_colour(name: str) -> Colour:
    return RIM_COLOURS.get(name, ALLOY)


def fast_wheel(shape: WheelShape) -> tuple[Mesh, Mesh, Mesh, Mesh]:
    """Tyre, rim, brake disc and calliper as meshes; the road flattens the tyre."""
    tyre = turned(shape.tyre, CIRCLE)
    tyre[..., 2] = np.maximum(tyre[..., 2], shape.road)
    around = Mesh(tyre.reshape(-1, 3), _closed_strips(*tyre.shape[:2]))
    rim = fast_rim(shape.rim, shape.seat, shape.width)
    part = turned(shape.calliper, CALLIPER_ARC)
    calliper = Mesh(part.reshape(-1, 3), _sector_faces(*part.shape[:2]))
    return around, rim, spun(shape.disc, CIRCLE), calliper


@lru_cache(maxsize=8)
def _closed_strips(count: int, around: int) -> IntArray:
    """Triangles of a torus of `count` rings of `around` vertices."""
    rings = np.arange(count * around).reshape(count, around)
    return shared(triangles(strips(np.concatenate([rings, rings[:1]]))))


@lru_cache(maxsize=8)
def _sector_faces(count: int, along: int) -> IntArray:
    """Triangles of a closed convex outline of `count` points at `along` angles, with both ends."""
    index = np.arange(count * along).reshape(count, along)
    after = np.roll(index, -1, axis=0)
    quads = np.stack([index[:, :-1], after[:, :-1], after[:, 1:], index[:, 1:]], axis=-1).reshape(-1, 4)
    fan = np.arange(1, count - 1)
    first, last = index[:, 0], index[:, -1]
    start = np.stack([first[np.zeros_like(fan)], first[fan + 1], first[fan]], axis=1)
    end = np.stack([last[np.zeros_like(fan)], last[fan], last[fan + 1]], axis=1)
    return shared(np.concatenate([triangles(quads), start, end]))


def turned(outline: FloatArray, arc: FloatArray) -> FloatArray:
    """An outline (k, 2) of (radius, y) at the cosines and sines (2, n) of angles about y: (k, n, 3)."""
    found = np.empty((len(outline), arc.shape[1], 3))
    found[..., 0], found[..., 2] = outline[:, :1] * arc[0], outline[:, :1] * arc[1]
    found[..., 1] = outline[:, 1:]
    return found


def strips(rings: IntArray) -> IntArray:
    """Quads (n, 4) between following rings (k, n) of vertices, outward where the outline's y rises."""
    after = np.roll(rings, -1, axis=1)
    return np.stack([rings[:-1], rings[1:], after[1:], after[:-1]], axis=-1).reshape(-1, 4)


def spun(outline: FloatArray, arc: FloatArray) -> Mesh:
    """An outline (k, 2) of (radius, y) turned about y; its first and last points lie on the axis, y rises."""
    points = turned(outline[1:-1], arc).reshape(-1, 3)
    poles = np.array([[0.0, outline[0, 1], 0.0], [0.0, outline[-1, 1], 0.0]])
    return Mesh(np.concatenate([points, poles]), _spun_faces(len(outline) - 2, arc.shape[1]))


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


def exact_wheel(shape: WheelShape) -> tuple[Any, Any, Any, Any]:
    """Tyre, rim, brake disc and calliper as `cadquery.Solid`."""
    import cadquery as cq

    def revolved(outline: FloatArray, angle: float = 360.0) -> Any:
        wire = cq.Wire.makePolygon([cq.Vector(r, y, 0.0) for r, y in outline.tolist()], close=True)
        return cq.Solid.revolve(wire, [], angle, cq.Vector(0, 0, 0), cq.Vector(0, -1, 0))

    size = 4.0 * float(np.abs(shape.tyre).max())
    road = cq.Solid.makeBox(size, size, size, cq.Vector(-size / 2, -size / 2, shape.road - size))
    tyre = _one(revolved(shape.tyre).cut(road))
    start, end = CALLIPER_DEG
    calliper = revolved(shape.calliper, end - start).rotate(cq.Vector(0, 0, 0), cq.Vector(0, -1, 0), start)
    return tyre, exact_rim(shape.rim, shape.seat, shape.width), revolved(shape.disc), calliper


def _one(shape: Any) -> Any:
    """The single solid of a boolean's result."""
    solids = shape.Solids()
    return solids[0] if len(solids) == 1 else shape
