"""All exact parts of a car, and its exact closed hull."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import BuildError
from ...geometry.solid import SolidPart, guarded
from ...messages import say
from .body import (
    STEEL,
    body_solid,
    corners,
    mirror_solid,
    panel_solid,
    panels,
    roof_solid,
    single,
    skin_solid,
    wheel_parts,
)
from .definition import Definition
from .hull_parts import axle_places, tyre_profile
from .liners import PLASTIC, back_solid, wall
from .looks import dressed_solids
from .mirrors import piece_solid
from .mirrors import pieces as mirror_pieces
from .panels import BLACK, PAINT
from .roof import roof_panel, roof_span
from .skin import EXACT, skin
from .wheels import exact_wheel, wheel_shape

#: mm of room for the kernel's intersections, tried in turn: one of 500 random cars needs some
ROOM_MM = (None, 1e-3, 1e-2)


def solid_parts(d: Definition) -> list[SolidPart]:
    """Every part as an exact solid in place.

    Raises:
        BuildError: naming the part at which the kernel failed, with the parameters.
    """
    import cadquery as cq

    s = skin(d, EXACT)
    parts = [SolidPart("body", painted_body(d), PAINT, *STEEL)]
    roof, span = roof_panel(d, s), roof_span(d, s)
    if roof is not None and span is not None:
        shape = _guard(roof.name, d, lambda: single(roof_solid(s, span), roof.name))
        parts.append(SolidPart(roof.name, shape, roof.colour, roof.material, roof.density))
    for p in panels(d, s):
        shape = _guard(p.name, d, lambda p=p: single(panel_solid(p), p.name))  # type: ignore[misc]
        parts.append(SolidPart(p.name, shape, p.colour, p.material, p.density))
    for piece in mirror_pieces(d):
        right = _guard(piece.name, d, lambda piece=piece: single(piece_solid(piece), piece.name))  # type: ignore[misc]
        name = piece.name.replace("right", "left")
        parts.append(SolidPart(piece.name, right, piece.colour, *piece.material))
        parts.append(SolidPart(name, right.mirror("XZ"), piece.colour, *piece.material))
    insides = {place: _insides(d, *place) for place in axle_places(d)}
    solids = _guard("wheel", d, lambda: exact_wheel(wheel_shape(d)))
    for name, (x, y), side in corners(d):
        turn = 0.0 if side > 0 else 180.0
        place = cq.Location(cq.Vector(x, side * y, d.z_axle), cq.Vector(0, 0, 1), turn)
        for (label, colour, material), shape in zip(wheel_parts(d), solids, strict=True):
            if "calliper" in label and side < 0:
                placed = shape.mirror("XZ").moved(cq.Location(cq.Vector(x, side * y, d.z_axle)))
            else:
                placed = shape.moved(place)
            parts.append(SolidPart(f"{label} {name}", placed, colour, *material))
        for label, solid in insides[x, y]:
            shape = solid if side > 0 else solid.mirror("XZ")
            parts.append(SolidPart(f"{label} {name}", shape, BLACK, *PLASTIC))
    return dressed_solids(parts)


def painted_body(d: Definition) -> Any:
    """Exact solid of the part "body": the skin with its wheel arches."""
    return _guard("body", d, lambda: body_solid(d, skin(d, EXACT)))


def hull_shape(d: Definition) -> Any:
    """Exact solid of the CFD hull: closed body, wheels flattened by the road, mirrors."""
    import cadquery as cq

    def build() -> Any:
        body = skin_solid(skin(d, EXACT))
        outline = tyre_profile(d.wheel_radius, d.p["tyre_width"]).tolist()
        points = [(0.0, outline[0][1]), *outline, (0.0, outline[-1][1])]
        wire = cq.Wire.makePolygon([cq.Vector(r, y, 0.0) for r, y in points], close=True)
        disc = cq.Solid.revolve(wire, [], 360.0, cq.Vector(0, 0, 0), cq.Vector(0, 1, 0))
        size = 4.0 * d.wheel_radius
        road = cq.Solid.makeBox(size, size, size, cq.Vector(-size / 2, -size / 2, -d.z_axle - size))
        wheel = single(disc.cut(road), "wheel")
        right = mirror_solid(d)
        tools = [right, right.mirror("XZ")]
        for x, y in axle_places(d):
            tools += [wheel.moved(cq.Location(cq.Vector(x, side * y, d.z_axle))) for side in (1.0, -1.0)]
        return _joined(body, tools)

    return _guard("hull", d, build)


def _joined(body: Any, tools: list[Any]) -> Any:
    """One solid of the body and what touches it.

    The kernel may leave a wheel beside the body where their surfaces almost coincide; it is asked again with
    some room then.
    """
    for room in ROOM_MM:
        try:
            return single(body.fuse(*tools, tol=room), "hull")
        except BuildError as error:
            failure = error
    raise failure


def _insides(d: Definition, x: float, y: float) -> list[tuple[str, Any]]:
    """Name and solid of what lines the arch around a right wheel."""
    around, behind = "arch liner", "arch liner back"
    return [
        (around, _guard(around, d, lambda: single(panel_solid(wall(d, x, y)), around))),
        (behind, _guard(behind, d, lambda: single(back_solid(d, x, y), behind))),
    ]


def _guard(name: str, d: Definition, build: Callable[[], Any]) -> Any:
    return guarded(say("car"), name, d.p, build)
