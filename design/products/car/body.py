"""The car's parts in both bodies: the fast coloured mesh and the exact solids, under the same names."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...errors import BuildError
from ...geometry.bspline import chord_parameters
from ...geometry.mesh import Colour, MeshPart, mirrored
from .definition import Definition
from .envelope import held
from .face import face_of
from .face import laid as laid_faces
from .glass import screens, side_glass
from .hull import body_mesh
from .hull_parts import arch_inner, axle_places, mirror_axes, mirror_place
from .liners import PLASTIC, back_mesh, wall_mesh
from .looks import mesh_part
from .mirrors import piece_mesh
from .mirrors import pieces as mirror_pieces
from .nose import nose_patches
from .panels import BLACK, PAINT, Joined, Panel, both_sides, joined, laid, left, panel_meshes, turned
from .roof import pocket_faces, roof_mesh, roof_span
from .seams import skin_parameters, skin_slopes
from .sides import arches, handles, hood_seams, rocker, seams, underbody
from .skin import FAST, Skin, skin
from .tail import tail_patches
from .wheels import CALLIPER_PAINT, fast_wheel, rim_colour, wheel_shape
from .wrap import wraps

RUBBER: Colour = (0.035, 0.035, 0.04, 1.0)
IRON: Colour = (0.10, 0.10, 0.105, 1.0)
STEEL = ("steel sheet", 7850.0)  # of the body, kg/m3
SKIN_PIECES = 6  # faces lengthwise of each long surface (see piece_cuts)

CORNERS = ("front left", "front right", "rear left", "rear right")


def panels(d: Definition, s: Skin) -> list[Panel]:
    """Every thin part, both sides; those on nose and tail lie on the skin's points."""
    both, right, _ = _panels(d, s)
    return [*both, *both_sides(right)]


def _panels(d: Definition, s: Skin) -> tuple[list[Panel], list[Panel], Joined]:
    """The panels across the car, and those of its right side; points and normals of all of them."""
    nose, tail = wraps(s)
    sides = [*side_glass(d), *seams(d), *hood_seams(d), *handles(d)]
    sheets = [*sides, *arches(d), *screens(d), underbody(d)]
    grids = laid(d, sheets)
    sheet, grid = rocker(d, s)
    sheets.insert(len(sides), sheet)
    grids.insert(len(sides), grid)
    faces = face_of(d, nose), face_of(d, tail)
    drawn = (faces[0], nose_patches(d, faces[0])), (faces[1], tail_patches(d, faces[1]))
    every = [*turned(sheets, grids), *laid_faces(drawn)]
    right = [p for p in every if p.name.endswith("right")]
    both = [p for p in every if not p.name.endswith("right")]
    lines = joined([*both, *right])
    fitted = held(d, [*both, *right], lines)
    return fitted[: len(both)], fitted[len(both) :], lines


def mesh_parts(d: Definition) -> list[MeshPart]:
    """The fast body."""
    s = skin(d, FAST)
    parts = [
        mesh_part("body", body_mesh(d), PAINT, STEEL[0]),
        *roof_mesh(d, s),
        *panel_meshes(*_panels(d, s)),
    ]
    for p in mirror_pieces(d):
        mesh, (material, _) = piece_mesh(p), p.material
        parts.append(mesh_part(p.name, mesh, p.colour, material))
        parts.append(mesh_part(left(p.name), mesh.mirrored(), p.colour, material))
    meshes = dict(zip(wheel_parts(d), fast_wheel(wheel_shape(d)), strict=True))
    # a rim is turned, so that its drawing is one; a calliper has a left twin
    twins = {
        label: m.mirrored() if "calliper" in label else m.turned() for (label, _, _), m in meshes.items()
    }
    insides = {
        place: (("arch liner", wall_mesh(d, *place)), ("arch liner back", back_mesh(d, *place)))
        for place in axle_places(d)
    }
    for name, (x, y), side in corners(d):
        for (label, colour, (stuff, _)), mesh in meshes.items():
            placed = (mesh if side > 0 else twins[label]).moved((x, side * y, d.z_axle))
            parts.append(mesh_part(f"{label} {name}", placed, colour, stuff))
        for label, mesh in insides[x, y]:
            lining = mesh if side > 0 else mesh.mirrored()
            parts.append(mesh_part(f"{label} {name}", lining, BLACK, PLASTIC[0]))
    return parts


def wheel_parts(d: Definition) -> list[tuple[str, Colour, tuple[str, float]]]:
    """Name, colour and material (with kg/m3) of what :func:`.wheels.fast_wheel` returns."""
    return [
        ("tyre", RUBBER, ("rubber", 1150.0)),
        ("rim", rim_colour(d.choice("rim")), ("aluminium alloy", 2700.0)),
        ("brake disc", IRON, ("cast iron", 7200.0)),
        ("brake calliper", CALLIPER_PAINT, ("aluminium alloy", 2700.0)),
    ]


def corners(d: Definition) -> list[tuple[str, tuple[float, float], float]]:
    """Each wheel's name, (x, y) of the right one on its axle, and side (-1 left, 1 right)."""
    front, rear = axle_places(d)
    return [
        (name, front if name.startswith("front") else rear, -1.0 if name.endswith("left") else 1.0)
        for name in CORNERS
    ]


# -- exact --------------------------------------------------------------------------------------------


def skin_solid(s: Skin, span: tuple[int, int] | None = None) -> Any:
    """Closed exact solid of the skin: six B-spline surfaces that share their borders; between the stations
    `span` with the pocket for a roof panel."""
    from ...geometry.bspline import piece_cuts, sewn_solid, surface_face, surface_pieces

    u, across, down = skin_parameters(s)
    slopes = skin_slopes(s)
    ends = [] if span is None else [float(u[k]) for k in span]
    cuts = sorted({*piece_cuts(u, SKIN_PIECES), *ends})
    long = (
        (s.side, down, slopes.side),
        (s.floor, across, slopes.floor),
        (mirrored(s.side), down, slopes.left_side),
    )
    faces = [face for grid, v, ends_on in long for face in surface_pieces(grid, u, v, cuts, ends_on)]
    if span is None:
        faces += surface_pieces(s.top, u, across, cuts, slopes.top)
    else:
        for part in ([c for c in cuts if c <= ends[0]], [c for c in cuts if c >= ends[1]]):
            faces += surface_pieces(s.top, u, across, part, slopes.top)
        faces += pocket_faces(s, span, (u, across, slopes.top), [c for c in cuts if ends[0] <= c <= ends[1]])
    caps = [surface_face(s.nose, down, across, slopes.nose), surface_face(s.tail, down, across, slopes.tail)]
    return sewn_solid([*faces, *caps])


def roof_solid(s: Skin, span: tuple[int, int]) -> Any:
    """The exact roof panel that fills the pocket."""
    from ...geometry.bspline import sewn_solid, surface_pieces

    u, across, _ = skin_parameters(s)
    cuts = [float(u[k]) for k in span]
    slopes = skin_slopes(s)
    lid = surface_pieces(s.top, u, across, cuts, slopes.top)
    return sewn_solid([*lid, *pocket_faces(s, span, (u, across, slopes.top), cuts)])


def body_solid(d: Definition, s: Skin) -> Any:
    """The painted body: skin with four wheel arches cut, and the roof panel's pocket."""
    import cadquery as cq

    drums = []
    for x, y in axle_places(d):
        inner = arch_inner(d, y)
        for side in (1.0, -1.0):
            drums.append(
                cq.Solid.makeCylinder(
                    d.arch_radius, 1200.0 - inner, cq.Vector(x, side * inner, d.z_axle), cq.Vector(0, side, 0)
                )
            )
    return single(skin_solid(s, roof_span(d, s)).cut(*drums), "body")


def panel_solid(p: Panel) -> Any:
    """Exact thin solid of a panel."""
    from ...geometry.bspline import sewn_solid, surface_face

    inner, outer = p.inner, p.outer
    u, v = chord_parameters(p.points), chord_parameters(np.swapaxes(p.points, 0, 1))
    through = np.array([0.0, 1.0])
    rims = [
        (np.stack([inner[:, 0], outer[:, 0]], axis=1), u),
        (np.stack([inner[:, -1], outer[:, -1]], axis=1), u),
        (np.stack([inner[0], outer[0]], axis=1), v),
        (np.stack([inner[-1], outer[-1]], axis=1), v),
    ]
    faces = [surface_face(inner, u, v), surface_face(outer, u, v)]
    faces += [surface_face(grid, along, through) for grid, along in rims]
    return sewn_solid(faces)


def mirror_solid(d: Definition) -> Any:
    """Exact right mirror of the hull."""
    import cadquery as cq

    x, y, z = mirror_place(d)
    a, b, c = mirror_axes(d)
    # Poles along x make the flat rear a latitude: a cut across the seam does not survive STEP.
    latitude = math.degrees(math.asin(0.30))
    ball = cq.Solid.makeSphere(1.0, cq.Vector(0, 0, 0), cq.Vector(1, 0, 0), -90, latitude, 360)
    housing = ball.transformGeometry(cq.Matrix([[a, 0, 0, 0], [0, b, 0, 0], [0, 0, c, 0]]))
    keep = float(d.half_width(np.asarray(x), np.asarray(z))) - 90.0 - y
    ellipse = cq.Wire.makeEllipse(
        0.40 * a, 0.26 * c, cq.Vector(-0.05 * a, keep, -0.52 * c), cq.Vector(0, 1, 0), cq.Vector(1, 0, 0)
    )
    stalk = cq.Solid.extrudeLinear(ellipse, [], cq.Vector(0, -keep, 0))
    return single(housing.fuse(stalk), "mirror right").moved(cq.Location(cq.Vector(x, y, z)))


def single(shape: Any, name: str) -> Any:
    """The one valid solid in a boolean's result.

    Raises:
        BuildError: when there is none, more than one, or the kernel calls it invalid.
    """
    solids = shape.Solids()
    if len(solids) != 1 or not solids[0].isValid() or solids[0].Volume() <= 0.0:
        raise BuildError(f"{name}: the kernel returned {len(solids)} solids or an invalid one")
    return solids[0]
