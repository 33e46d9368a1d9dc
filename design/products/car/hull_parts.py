"""Wheels, mirrors and wheel arches as the hull has them: their places and sizes, and their solids."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from .definition import Definition
from .spots import mirror_x, spots

ROUND = 56  # segments of a wheel
MIRROR_MM = (105.0, 112.0, 66.0)  # half axes of a mirror's housing of scale 1


def tyre_profile(radius: float, width: float) -> FloatArray:
    """Outline of a tyre's half section: (k, 2) of (radius, offset across), from inner to outer face, mm."""
    outer = tyre_shoulder(radius, width)
    return np.concatenate([outer * [1.0, -1.0], outer[::-1]])


def tyre_shoulder(radius: float, width: float) -> FloatArray:
    """The rounding from a tyre's side to its tread: (k, 2) of (radius, offset across), mm."""
    round_mm = min(0.16 * width, 0.12 * radius)
    angles = np.linspace(0.0, np.pi / 2.0, 6)
    return np.stack(
        [radius - round_mm * (1 - np.sin(angles)), width / 2 - round_mm * (1 - np.cos(angles))], axis=1
    )


def axle_places(d: Definition) -> list[tuple[float, float]]:
    """(x, y of the wheel's centre plane) of the right wheels, front then rear, mm."""
    return [(x, d.track(x) / 2.0) for x in (d.x_front_axle, d.x_rear_axle)]


def wheel_disc(d: Definition) -> Any:
    """A closed wheel about its own centre, axis along y (as CFD sees it), before the road flattens it."""
    import manifold3d

    outline = tyre_profile(d.wheel_radius, d.p["tyre_width"])
    points = np.concatenate([[[0.0, outline[0, 1]]], outline, [[0.0, outline[-1, 1]]]])
    section = manifold3d.CrossSection([points], manifold3d.FillRule.NonZero)
    return section.revolve(ROUND).rotate([-90.0, 0.0, 0.0])


def wheels(d: Definition) -> Any:
    """Four closed wheels standing on the road: flat contact patches at z = 0."""
    import manifold3d

    disc = wheel_disc(d)
    placed = [disc.translate([x, side * y, d.z_axle]) for x, y in axle_places(d) for side in (-1.0, 1.0)]
    both = manifold3d.Manifold.batch_boolean(placed, manifold3d.OpType.Add)
    return both.trim_by_plane([0.0, 0.0, 1.0], 0.0)


def mirror_place(d: Definition) -> tuple[float, float, float]:
    """Centre of the right mirror's housing, mm."""

    def find() -> tuple[float, float, float]:
        x, scale = mirror_x(d), d.p["mirror_scale"]
        return x, spots(d).mirror + 118.0 * scale, float(d.belt(x)) + 62.0 + 28.0 * scale

    return d.once("mirror place", find)


def mirror_axes(d: Definition) -> tuple[float, float, float]:
    """Half axes of the mirror's housing along x, y, z, mm."""
    a, b, c = MIRROR_MM
    s = d.p["mirror_scale"]
    return a * s, b * s, c * s


@lru_cache(maxsize=1)
def _unit_mirror() -> Any:
    """The right mirror of scale 1 about its centre, on a stalk a metre long; evaluated, see `kept_mirror`."""
    import manifold3d

    a, b, c = MIRROR_MM
    housing = manifold3d.Manifold.sphere(1.0, 28).scale([a, b, c])
    housing = housing.trim_by_plane([-1.0, 0.0, 0.0], -0.30 * a)
    stalk = manifold3d.Manifold.cylinder(1000.0, 1.0, 1.0, 20).rotate([90.0, 0.0, 0.0])
    stalk = stalk.scale([0.40 * a, 1.0, 0.26 * c]).translate([-0.05 * a, 0.0, -0.52 * c])
    whole = housing + stalk
    whole.num_tri()
    return whole


def mirror(d: Definition) -> Any:
    """The right mirror: a housing cut flat behind, on a stalk that ends inside the body."""
    x, y, z = mirror_place(d)
    s = d.p["mirror_scale"]
    keep = float(d.half_width(np.asarray(x), np.asarray(z))) - 90.0
    return _unit_mirror().scale([s, s, s]).trim_by_plane([0.0, 1.0, 0.0], keep - y).translate([x, y, z])


def kept_mirror(d: Definition) -> Any:
    """:func:`mirror`, built once for each definition.

    Evaluated at once: manifold3d would order a later union's vertices by whether it has been.
    """

    def build() -> Any:
        solid = mirror(d)
        solid.num_tri()
        return solid

    return d.once("mirror", build)


def arch_inner(d: Definition, y: float) -> float:
    """y of the inner end of the arch around a right wheel whose centre plane is at y, mm."""
    return y - d.p["tyre_width"] / 2.0 - 70.0


def arch_drum(d: Definition, x: float, y: float) -> Any:
    """What a right wheel's arch takes from the body."""
    import manifold3d

    inner = arch_inner(d, y)
    drum = manifold3d.Manifold.cylinder(1200.0 - inner, d.arch_radius, d.arch_radius, 72)
    return drum.rotate([-90.0, 0.0, 0.0]).translate([x, inner, d.z_axle])
