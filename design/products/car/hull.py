"""The fast bodies: the skin with its wheel arches, the wheels and mirrors, and the closed hull for CFD."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ...arrays import FloatArray
from ...errors import BuildError
from ...geometry.mesh import Mesh
from .cuts import cut_body, hull_numbers
from .definition import Definition
from .skin import FAST, Detail, skin, skin_mesh

ROUND = 56  # segments of a wheel
MIRROR_MM = (105.0, 112.0, 66.0)  # half axes of a mirror's housing of scale 1


def to_manifold(mesh: Mesh) -> Any:
    """`manifold3d.Manifold` of a closed mesh."""
    import manifold3d

    solid = manifold3d.Manifold(
        manifold3d.Mesh64(
            np.ascontiguousarray(mesh.vertices, dtype=np.float64),
            np.ascontiguousarray(mesh.faces, dtype=np.uint64),
        )
    )
    if solid.status() != manifold3d.Error.NoError:
        raise BuildError(f"the skin is not a closed surface ({solid.status().name})")
    return solid


def from_manifold(solid: Any) -> Mesh:
    """Mesh of a manifold."""
    out = solid.to_mesh64()
    return Mesh(
        np.asarray(out.vert_properties[:, :3], dtype=np.float64), np.asarray(out.tri_verts, dtype=np.int64)
    )


def tyre_profile(radius: float, width: float) -> FloatArray:
    """Outline of a tyre's half section: (k, 2) of (radius, offset across), from inner to outer face, mm."""
    shoulder = min(0.16 * width, 0.12 * radius)
    angles = np.linspace(0.0, np.pi / 2.0, 6)
    outer = np.stack(
        [radius - shoulder * (1 - np.sin(angles)), width / 2 - shoulder * (1 - np.cos(angles))], axis=1
    )
    return np.concatenate([outer * [1.0, -1.0], outer[::-1]])


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
        x = d.x_cowl + 0.42 * (d.x_header - d.x_cowl)
        belt, scale = float(d.belt(x)), d.p["mirror_scale"]
        y = float(d.half_width(np.asarray(x), np.asarray(belt + 40.0))) + 118.0 * scale
        return x, y, belt + 62.0 + 28.0 * scale

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


def hull_manifold(d: Definition, detail: Detail = FAST) -> Any:
    """Body with closed arches, wheels and mirrors as one solid."""
    import manifold3d

    right = mirror(d)  # before the body: manifold3d orders a union's faces by the age of what it joins
    body = to_manifold(skin_mesh(skin(d, detail)))
    parts = [body, wheels(d), right, right.mirror([0.0, 1.0, 0.0])]
    return manifold3d.Manifold.batch_boolean(parts, manifold3d.OpType.Add)


def arch_inner(d: Definition, y: float) -> float:
    """y of the inner end of the arch around a right wheel whose centre plane is at y, mm."""
    return y - d.p["tyre_width"] / 2.0 - 70.0


def arch_drum(d: Definition, x: float, y: float) -> Any:
    """What a right wheel's arch takes from the body."""
    import manifold3d

    inner = arch_inner(d, y)
    drum = manifold3d.Manifold.cylinder(1200.0 - inner, d.arch_radius, d.arch_radius, 72)
    return drum.rotate([-90.0, 0.0, 0.0]).translate([x, inner, d.z_axle])


def body_manifold(d: Definition, detail: Detail = FAST) -> Any:
    """The body with its wheel arches cut and the roof panel's pocket."""
    import manifold3d

    from .roof import pocketed_skin

    body = to_manifold(pocketed_skin(d, skin(d, detail)))
    right = [arch_drum(d, x, y) for x, y in axle_places(d)]
    cuts = [side for drum in right for side in (drum, drum.mirror([0.0, 1.0, 0.0]))]
    return body - manifold3d.Manifold.batch_boolean(cuts, manifold3d.OpType.Add)


def body_mesh(d: Definition) -> Mesh:
    """The fast body with its wheel arches cut, as a closed mesh."""
    quick = cut_body(d)
    return from_manifold(body_manifold(d)) if quick is None else quick


def hull_size(d: Definition) -> tuple[float, float]:
    """Volume, mm3, and area, mm2, of the fast hull (:func:`hull_manifold`) without building it."""
    quick = hull_numbers(d)
    if quick is not None:
        return quick
    hull = hull_manifold(d)
    return float(hull.volume()), float(hull.surface_area())
