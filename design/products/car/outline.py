"""The car's coarse stand-in for fitting to pictures: milliseconds, point by point the same for all cars."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Border, Outline
from ...geometry.mesh import Mesh, closed_rings, joined, mirrored
from .definition import Definition, fresh
from .glass import FRAME_MM, backlight_lines, daylight, screen_points, windscreen_lines
from .hull_parts import axle_places, mirror_axes, mirror_place
from .sides import LIP_MM, arch_cladding_mm
from .skin import Detail, skin, skin_mesh
from .wheels import seat_radius

COARSE = Detail(stations=46, end=6, top=7, corner=4, glass=3, shoulder=3, side=5, sill=4)
ROUND = 32
EDGE = 230  # stations of its top's edge


def outline(values: Mapping[str, float], view: str) -> Outline:
    """Skin and four wheels, borders of the left side's glass and wheels; beside the side view also mirrors
    and the screens' borders."""
    d = fresh(values)
    d.once("station density", lambda: _even(d))
    pieces = [skin_mesh(skin(d, COARSE)), *_wheels(d)]
    if view != "side":  # from the side they stand before the glass
        pieces += _mirrors(d)
    borders = {"side glass": Border(_glass_border(d))}
    if view != "side":
        across = np.linspace(-1.0, 1.0, 21)
        s = np.concatenate([across, [1.0] * 8, across[::-1], [-1.0] * 8])
        up = np.linspace(0.0, 1.0, 10)[1:-1]
        t = np.concatenate([np.zeros(21), up, np.ones(21), up[::-1]])
        for name, lines in (("windscreen", windscreen_lines(d)), ("rear window", backlight_lines(d))):
            borders[name] = Border(screen_points(d, lines, s, t, EDGE))
    seat = seat_radius(d)
    for name, (x, y) in zip(("front", "rear"), axle_places(d), strict=True):
        centre = np.array([x, -y - 0.5 * d.p["tyre_width"], d.z_axle])
        around = centre + seat * _circle(np.linspace(0.0, 2.0 * np.pi, ROUND, endpoint=False))
        borders[f"{name} rim"] = Border(around, dark_inside=False)
        arch = centre + (d.arch_radius + _cladding(d)) * _circle(
            np.linspace(0.15 * np.pi, 0.85 * np.pi, ROUND)
        )
        borders[f"{name} arch"] = Border(arch, closed=False)
    return Outline(joined(pieces), borders)


def _cladding(d: Definition) -> float:
    """How far the ring around an arch reaches (see :func:`.sides.arches`), mm."""
    width = arch_cladding_mm(d)
    return 1.0 + (width if width >= 12.0 else LIP_MM)


def _even(d: Definition) -> tuple[FloatArray, FloatArray]:
    """Stations closer together where hood, roof and tail turn; cheap beside the fast mesh's own rule."""
    corners = (0.0, d.x_cowl, d.x_header, d.x_roof_peak, d.x_roof_end, d.x_deck, d.length)
    start, end = d.nose_insets[0], d.length - d.tail_insets[0]
    x = np.linspace(start, end, 120)
    weight = 1.0 + 1.5 * np.exp(-(((x[:, None] - np.array(corners)) / 90.0) ** 2)).sum(axis=1)
    return x, np.concatenate([[0.0], np.cumsum(0.5 * (weight[1:] + weight[:-1]))])


def _circle(angle: FloatArray) -> FloatArray:
    """(n, 3) unit circle about y."""
    return np.stack([np.cos(angle), np.zeros_like(angle), np.sin(angle)], axis=1)


def _glass_border(d: Definition) -> FloatArray:
    """Upper border of the left side's window frame front to rear, then the lower one back: (92, 3)."""
    opening = daylight(d, 176, EDGE)
    x = np.linspace(float(opening.x[0]), float(opening.x[-1]), 46)
    low, high = opening.between(x)
    xs, zs = np.concatenate([x, x[::-1]]), np.concatenate([high + FRAME_MM, low[::-1] - FRAME_MM])
    return mirrored(d.place(xs, d.half_width(xs, zs), zs))


def _wheels(d: Definition) -> list[Mesh]:
    """Closed discs flattened by the road, left and right."""
    half, radius = 0.5 * d.p["tyre_width"], d.wheel_radius
    rim = radius * _circle(np.linspace(0.0, 2.0 * np.pi, ROUND, endpoint=False))
    inner = rim * 0.94
    side = np.array([0.0, half, 0.0])
    shoulder = np.array([0.0, 0.86 * half, 0.0])
    disc = np.concatenate([inner - side, rim - shoulder, rim + shoulder, inner + side])
    faces = closed_rings(4, ROUND)
    found = []
    for x, y in axle_places(d):
        for place in (-y, y):
            points = disc + np.array([x, place, d.z_axle])
            points[:, 2] = np.maximum(points[:, 2], 0.0)
            found.append(Mesh(points, faces))
    return found


def _mirrors(d: Definition) -> list[Mesh]:
    centre, axes = np.array(mirror_place(d)), np.array(mirror_axes(d))
    along = np.array([-0.98, -0.8, -0.45, 0.0, 0.30])
    rings = [
        np.stack([np.full(12, a), r * np.cos(t), r * np.sin(t)], axis=1)
        for a in along
        for r, t in [(np.sqrt(1.0 - a * a), np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False))]
    ]
    right = Mesh(centre + axes * np.concatenate(rings), closed_rings(len(along), 12))
    return [right, right.mirrored()]
