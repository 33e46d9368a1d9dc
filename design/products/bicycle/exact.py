"""The same tubes and plates as exact solids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import BuildError
from ...geometry.solid import SolidPart, guarded
from ...messages import say
from .definition import AXLE_MM, Definition, Plate, Tube
from .looks import look
from .materials import alloy


def solid_parts(d: Definition) -> list[SolidPart]:
    """Every part as an exact solid in place.

    Raises:
        BuildError: naming the part at which the kernel failed, with the parameters.
    """
    kind = alloy(d.p)
    found = []
    for t in d.tubes.values():
        shape = _guard(t.name, d, lambda t=t: _mitred(t, d))  # type: ignore[misc]
        colour, role, finish = look(t.name, d.p)
        found.append(SolidPart(t.name, shape, colour, kind.name, kind.material.density, role, finish))
    for plate in d.plates:
        shape = _guard(plate.name, d, lambda plate=plate: _plate(plate))  # type: ignore[misc]
        colour, role, finish = look(plate.name, d.p)
        found.append(SolidPart(plate.name, shape, colour, kind.name, kind.material.density, role, finish))
    return found


def hull_shape(d: Definition) -> Any:
    """The frame's outside as one solid, its tubes filled.

    Raises:
        BuildError: the kernel failed.
    """

    def build() -> Any:
        first, *rest = [_rod(t, t.radius) for t in d.tubes.values()]
        joined = first.fuse(*rest, *[_plate(p) for p in d.plates])
        return _largest(joined.fix())

    return _guard("hull", d, build)


def _rod(t: Tube, radius: float, more: float = 0.0) -> Any:
    """A cylinder on the tube's axis, longer by `more` mm at either end."""
    import cadquery as cq

    along = t.axes[0]
    start = cq.Vector(*(t.a - more * along))
    return cq.Solid.makeCylinder(radius, t.length + 2.0 * more, start, cq.Vector(*along))


def _mitred(t: Tube, d: Definition) -> Any:
    shape = _rod(t, t.radius)
    if t.radius > t.wall:
        shape = shape.cut(_rod(t, t.radius - t.wall))
    for name in dict.fromkeys((*t.cut_a, *t.cut_b)):
        cutter = d.tubes[name]
        shape = _largest(shape.cut(_rod(cutter, cutter.radius, cutter.radius)))
    return _largest(shape)


def _plate(plate: Plate) -> Any:
    import cadquery as cq

    def at(x: float, z: float) -> Any:
        return cq.Vector(float(x), plate.inner, float(z))

    wire = cq.Wire.makePolygon([at(x, z) for x, z in plate.outline], close=True)
    thick = plate.outer - plate.inner
    slab = cq.Solid.extrudeLinear(wire, [], cq.Vector(0.0, thick, 0.0))
    hole = cq.Solid.makeCylinder(AXLE_MM, thick, at(*plate.axle), cq.Vector(0.0, 1.0, 0.0))
    return _largest(slab.cut(hole))


def _largest(shape: Any) -> Any:
    """The main solid: what a cut leaves beyond the tube that it meets is scrap."""
    solids = shape.Solids()
    if not solids:
        raise BuildError(say("the kernel left no solid"))
    return max(solids, key=lambda s: s.Volume())


def _guard(name: str, d: Definition, build: Callable[[], Any]) -> Any:
    return guarded(say("frame"), name, d.p, build)
