"""Tyres and rims: profiles for the fast mesh (manifold) and the exact solid (kernel)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...geometry.mesh import Mesh
from .definition import Definition

FloatArray = NDArray[np.float64]
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
    seat = radius - max(0.235 * radius, min(ASPECT * width, 0.34 * radius))
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


def fast_wheel(shape: WheelShape) -> tuple[Mesh, Mesh, Mesh]:
    """Tyre, rim and brake disc as meshes about the wheel's centre."""
    import manifold3d

    from .hull import from_manifold

    def revolved(outline: FloatArray) -> Any:
        section = manifold3d.CrossSection([outline], manifold3d.FillRule.NonZero)
        return section.revolve(SEGMENTS).rotate([-90.0, 0.0, 0.0])

    tyre = revolved(shape.tyre).trim_by_plane([0.0, 0.0, 1.0], shape.road)
    openings = manifold3d.CrossSection(
        [np.ascontiguousarray(w * [1.0, -1.0]) for w in shape.windows], manifold3d.FillRule.NonZero
    )
    cut = openings.extrude(400.0).rotate([-90.0, 0.0, 0.0])
    return from_manifold(tyre), from_manifold(revolved(shape.rim) - cut), spun(shape.disc)


def spun(outline: FloatArray) -> Mesh:
    """An outline (k, 2) of (radius, y) turned about y; its first and last points lie on the axis, y rises."""
    angle = np.arange(SEGMENTS) * (2.0 * np.pi / SEGMENTS)
    r, y = outline[1:-1, :1], outline[1:-1, 1:]
    ring = np.stack([r * np.cos(angle), np.broadcast_to(y, (len(r), SEGMENTS)), r * np.sin(angle)], axis=-1)
    poles = np.array([[0.0, outline[0, 1], 0.0], [0.0, outline[-1, 1], 0.0]])
    a = np.arange(len(r) * SEGMENTS).reshape(len(r), SEGMENTS)
    b = np.roll(a, -1, axis=1)
    low, high = np.full(SEGMENTS, a.size), np.full(SEGMENTS, a.size + 1)
    faces = [
        np.stack([a[:-1], a[1:], b[1:]], axis=-1).reshape(-1, 3),
        np.stack([a[:-1], b[1:], b[:-1]], axis=-1).reshape(-1, 3),
        np.stack([low, a[0], b[0]], axis=-1),
        np.stack([high, b[-1], a[-1]], axis=-1),
    ]
    return Mesh(np.concatenate([ring.reshape(-1, 3), poles]), np.concatenate(faces))


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
