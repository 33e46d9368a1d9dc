"""The frame's walls as shells on their middle faces, mitred as the exact tubes are, welded where they end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...structures.materials import Material
from ...structures.skins import (
    Seat,
    Skin,
    Weld,
    around,
    refined,
    ring,
    ring_triangles,
    stations,
)
from ...structures.structure import Structure
from .definition import AXLE_MM, Definition, Plate, Tube, define
from .materials import alloy
from .structure import drafted
from .tubes import circle, ends

SIZE_MM = 4.0  # of triangles at joints
SLACK_MM = 1.0  # beyond half the walls, that parts still touch
PLATE_RINGS = 9  # of points between the axle's hole and a dropout's outline


def refined_structure(values: Mapping[str, float], size: float = SIZE_MM) -> Structure:
    """The loaded frame of :func:`.structure.structure` on shells."""
    d = define(values)
    draft, structure = drafted(d)
    shell = d.tubes["bottom bracket shell"]
    seats = [Seat(draft.node(d.points["bracket"]), shell.name, np.stack([shell.a, shell.b]))]
    return refined(structure, skins(d, alloy(values).material, size), welds(d), seats, ("seat cluster",))


def skins(d: Definition, material: Material, size: float = SIZE_MM) -> list[Skin]:
    """The middle faces of all tubes and dropouts; what ends on a part comes after it."""
    tubes = [t for t in d.tubes.values() if not t.name.endswith(("stay", "bridge"))]
    plates = [_plate(p, material, size) for p in d.plates]
    rest = [t for t in d.tubes.values() if t not in tubes]
    return [
        *(_tube(t, d, material, size) for t in tubes), *plates, *(_tube(t, d, material, size) for t in rest)
    ]  # fmt: skip


def welds(d: Definition) -> list[Weld]:
    """Every mitred end on the tubes that it meets, the stays on the dropouts in their slots."""
    found = [
        Weld(t.name, on, 0.5 * d.tubes[on].wall + SLACK_MM)
        for t in d.tubes.values()
        for on in dict.fromkeys((*t.cut_a, *t.cut_b))
    ]
    for plate in d.plates:
        side = plate.name.split()[0]
        gap = 0.5 * (plate.outer - plate.inner) + SLACK_MM
        found += [Weld(f"{side} {kind} stay", plate.name, gap) for kind in ("chain", "seat")]
    return found


def _tube(t: Tube, d: Definition, material: Material, size: float) -> Skin:
    wall = min(t.wall, 0.95 * t.radius)
    radius = t.radius - 0.5 * wall
    n = around(radius, size)
    lines = radius * ring(n) @ np.stack(t.axes[1:])
    start, end = ends(t, d.tubes, lines)
    joints = [0.0, t.length, *_joints(t, d)]
    share = stations(t.length, joints, size) / t.length
    along = start + share[:, None] * (end - start)  # (rows, n)
    points = t.a + lines + along[..., None] * t.axes[0]
    return Skin(t.name, points.reshape(-1, 3), ring_triangles(len(share), n), wall, material, n)


def _joints(t: Tube, d: Definition) -> list[float]:
    """Where other tubes end on it, mm from its start."""
    found = []
    for other in d.tubes.values():
        for end, cuts in ((other.a, other.cut_a), (other.b, other.cut_b)):
            if t.name in cuts:
                middle = float((end - t.a) @ t.axes[0])
                found += [middle - other.radius, middle, middle + other.radius]
    return [min(max(s, 0.0), t.length) for s in found]


def _plate(p: Plate, material: Material, size: float) -> Skin:
    """From the hole to the outline along rays from the axle."""
    outline = p.outline[::2]
    n = len(outline)
    hole = p.axle + AXLE_MM * circle(n)
    share = np.linspace(0.0, 1.0, PLATE_RINGS)[:, None, None]
    flat = hole + share * (outline - hole)
    middle = np.full((PLATE_RINGS, n), 0.5 * (p.inner + p.outer))
    points = np.stack([flat[..., 0], middle, flat[..., 1]], axis=-1).reshape(-1, 3)
    return Skin(p.name, points, ring_triangles(PLATE_RINGS, n), p.outer - p.inner, material, n)
