"""The fast bodies: the skin with its wheel arches cut, and the closed hull for CFD."""

from __future__ import annotations

from typing import Any

from ...geometry.manifolds import from_manifold, to_manifold
from ...geometry.mesh import Mesh
from .cuts import cut_body, hull_numbers
from .definition import Definition
from .hull_parts import arch_drum, axle_places, mirror, wheels
from .skin import FAST, Detail, skin, skin_mesh


def hull_manifold(d: Definition, detail: Detail = FAST) -> Any:
    """Body with closed arches, wheels and mirrors as one solid."""
    import manifold3d

    right = mirror(d)  # before the body: manifold3d orders a union's faces by the age of what it joins
    body = to_manifold(skin_mesh(skin(d, detail)))
    parts = [body, wheels(d), right, right.mirror([0.0, 1.0, 0.0])]
    return manifold3d.Manifold.batch_boolean(parts, manifold3d.OpType.Add)


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
