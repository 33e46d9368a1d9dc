"""A desk lamp: a family that is nothing like a vehicle.

A foot on the desk, an upright post, a jointed arm that swings out to one side and tilts, and a shade that
hangs at its end: no nose at x = 0, no mirror plane, no wheels. The origin is the middle of the foot.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import numpy as np

from maquette.design.arrays import FloatArray
from maquette.design.family.contract import Broken, Family, Measure, Outline
from maquette.design.family.frame import DrawnView, Frame
from maquette.design.family.lexicon import Lexicon, QuantityWords, plain_lexicon
from maquette.design.family.parameters import Choice, Range
from maquette.design.geometry.mesh import Mesh, MeshPart, joined
from maquette.design.geometry.solid import SolidPart

FOOT, STAND, SHADE = "foot", "stand", "shade"
AROUND = 96  # corners of a round section
FOOT_MM, POST_MM, ARM_MM = 18.0, 9.0, 6.5  # height of the foot, radii of the tubes
JOINT_MM, JOINT_LONG_MM, MOST_JOINTS = 11.0, 16.0, 5  # radius and length of an arm's joint
INTO_MM = 30.0  # height of the shade above the arm's end
BULB_MM, BULB_OUT_MM = 18.0, 12.0  # radius of the bulb, and how far it stands out below the shade
GRAVITY = 9.81  # m/s2

GREEN, STEEL, WHITE, BLACK = (
    (0.12, 0.38, 0.30, 1.0),
    (0.62, 0.63, 0.65, 1.0),
    (0.97, 0.95, 0.86, 1.0),
    (0.05, 0.05, 0.05, 1.0),
)
DENSITIES = {"steel": 7850.0, "aluminium": 2700.0, "glass": 2500.0, "plastic": 1050.0}
SHADE_FILL = 0.03  # share of the shade's body that is sheet


@dataclass(frozen=True)
class LampParameters:
    """Foot, post, arm and shade, and the kind of its switch."""

    foot_diameter: Annotated[float, Range(140, 220, 180, "mm", "Outer diameter of the foot.", FOOT)]
    post_height: Annotated[float, Range(170, 270, 220, "mm", "Desk to the top of the post.", STAND)]
    arm_length: Annotated[float, Range(130, 240, 180, "mm", "Post to the middle of the shade.", STAND)]
    arm_swing: Annotated[float, Range(15, 70, 35, "deg", "Turn of the arm away from the eye.", STAND)]
    arm_tilt: Annotated[float, Range(-5, 25, 12, "deg", "Rise of the arm from level.", STAND)]
    arm_joints: Annotated[int, Range(1, MOST_JOINTS, 2, "1", "Joints along the arm.", STAND)]
    shade_diameter: Annotated[float, Range(110, 190, 150, "mm", "Lower edge of the shade.", SHADE)]
    shade_height: Annotated[float, Range(70, 120, 95, "mm", "Lower to upper edge of the shade.", SHADE)]
    switch: Annotated[str, Choice(("button", "dial"), "button", "Form of the switch on the foot.", FOOT)]


@dataclass(frozen=True)
class Piece:
    """A round piece from `a` to `b` (mm) with the radius at either end, and what it is made of."""

    name: str
    a: tuple[float, float, float]
    b: tuple[float, float, float]
    radii: tuple[float, float]
    look: tuple[tuple[float, float, float, float], str, str, Any]
    hull: bool = True

    @property
    def volume(self) -> float:
        """mm3."""
        r, s = self.radii
        return math.pi / 3.0 * math.dist(self.a, self.b) * (r * r + r * s + s * s)


def pieces(v: Mapping[str, float]) -> list[Piece]:
    """The lamp, from the desk upwards."""
    painted = (GREEN, "body", "steel", "paint")
    top, end = v["post_height"], shade_middle(v)
    low = (end[0], end[1], end[2] + INTO_MM - v["shade_height"])
    wide = 0.5 * v["shade_diameter"]
    joint = (0.0, 0.0, top - POST_MM)
    foot = 0.5 * v["foot_diameter"]
    dial = v.get("switch", 0.0) == 1.0
    place = (-0.6 * foot, -0.4 * foot, FOOT_MM - 4.0)
    return [
        Piece("foot", (0.0, 0.0, 0.0), (0.0, 0.0, FOOT_MM), (foot, foot), painted),
        Piece("post", (0.0, 0.0, 5.0), (0.0, 0.0, top), (POST_MM, POST_MM), (STEEL, "", "steel", "metal")),
        Piece("arm", joint, end, (ARM_MM, ARM_MM), (STEEL, "", "aluminium", "metal")),
        Piece("shade", low, (low[0], low[1], end[2] + INTO_MM), (wide, 0.45 * wide), painted),
        Piece(
            "bulb", (low[0], low[1], low[2] - BULB_OUT_MM), (low[0], low[1], low[2] + 20.0),
            (BULB_MM, BULB_MM), (WHITE, "", "glass", "lamp"),
        ),
        Piece(
            "switch", place, (place[0], place[1], FOOT_MM + (12.0 if dial else 5.0)),
            (11.0, 11.0) if dial else (6.0, 5.0), (BLACK, "", "plastic", "plastic"), hull=False,
        ),
        *joints(joint, end, v["arm_joints"]),
    ]  # fmt: skip


def joints(root: tuple[float, float, float], end: tuple[float, float, float], count: float) -> list[Piece]:
    """The arm's joints, evenly between its ends."""
    start, way = np.array(root), np.subtract(end, root)
    half = 0.5 * JOINT_LONG_MM * way / np.linalg.norm(way)
    found = []
    for k in range(1, int(count) + 1):
        middle = start + way * k / (int(count) + 1)
        a, b = (tuple(map(float, middle + side * half)) for side in (-1.0, 1.0))
        look = (BLACK, "", "plastic", "plastic")
        found.append(Piece(f"joint {k}", a, b, (JOINT_MM, JOINT_MM), look))  # type: ignore[arg-type]
    return found


def shade_middle(v: Mapping[str, float]) -> tuple[float, float, float]:
    """End of the arm on the shade's axis, mm."""
    swing, tilt = math.radians(v["arm_swing"]), math.radians(v["arm_tilt"])
    out = v["arm_length"] * math.cos(tilt)
    rise = v["arm_length"] * math.sin(tilt)
    return out * math.cos(swing), out * math.sin(swing), v["post_height"] - POST_MM + rise


def piece_mesh(p: Piece) -> Mesh:
    """Closed triangles of a piece, always as many."""
    a, b = np.array(p.a), np.array(p.b)
    along = (b - a) / np.linalg.norm(b - a)
    first = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
    first /= np.linalg.norm(first)
    turn = np.linspace(0.0, 2.0 * np.pi, AROUND, endpoint=False)
    ring: FloatArray = np.outer(np.cos(turn), first) + np.outer(np.sin(turn), np.cross(along, first))
    points = np.concatenate([a + p.radii[0] * ring, b + p.radii[1] * ring, a[None], b[None]])
    i = np.arange(AROUND)
    j = (i + 1) % AROUND
    low, high = np.full(AROUND, 2 * AROUND), np.full(AROUND, 2 * AROUND + 1)
    faces = [(i, j, j + AROUND), (i, j + AROUND, i + AROUND), (j, i, low), (i + AROUND, j + AROUND, high)]
    return Mesh(points, np.concatenate([np.stack(f, axis=1) for f in faces]).astype(np.int64))


def piece_solid(p: Piece) -> Any:
    """The same exactly."""
    import cadquery as cq

    a, b = cq.Vector(*p.a), cq.Vector(*p.b)
    height = math.dist(p.a, p.b)
    if p.radii[0] == p.radii[1]:
        return cq.Solid.makeCylinder(p.radii[0], height, a, b - a)
    return cq.Solid.makeCone(*p.radii, height, a, b - a)


def _lexicon() -> Lexicon:
    """What the names say, and the counts of its joints."""
    names = tuple(LampParameters.__dataclass_fields__)[:-1]
    plain = plain_lexicon("lamp", names, (), ("reading", "bedside"))
    words = {
        "en": ("few joints", "several joints", "many joints"),
        "zh": ("关节少", "关节数量适中", "关节多"),
    }
    tongues = {
        language: replace(
            plain.tongues[language],
            attributes={**plain.tongues[language].attributes, "arm_joints": words[language]},
        )
        for language in ("en", "zh")
    }
    counts = QuantityWords(
        synonyms={"arm_joints": "joints, joint, 关节"},
        sizes={1: "many", -1: "few"},
    )
    return replace(plain, tongues=tongues, quantities=counts)


class Lamp(Family):
    """Desk lamp with an arm to one side."""

    name: ClassVar[str] = "lamp"
    title: ClassVar[str] = "Desk lamp"
    noun: ClassVar[str] = "desk lamp"
    lexicon: ClassVar[Lexicon] = _lexicon()  # type: ignore[misc]
    declaration: ClassVar[type] = LampParameters
    #: 1037 mm x 518 mm: the lamp's own foot stands in the middle column
    frame: ClassVar[Frame] = Frame(
        1.35,
        (
            DrawnView("side", (0.0, -1.0, 0.0), 0.92),
            DrawnView("three_quarter", (-0.5, -0.8, 0.30), 0.84, (0.38, 0.80, 0.46)),
        ),
    )
    pictures: ClassVar[Sequence[str]] = ("three_quarter", "side")
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {
        "reading": {"arm_joints": 4, "arm_length": 220.0, "shade_diameter": 125.0, "foot_diameter": 210.0},
        "bedside": {"post_height": 180.0, "arm_length": 140.0, "shade_diameter": 170.0},
    }
    measure_list: ClassVar[Sequence[Measure]] = (
        Measure("tube_length", "mm", "Post and arm laid end to end.", sum_of=("post_height", "arm_length")),
        Measure("overall_height", "mm", "Desk to the highest point."),
        Measure("reach", "mm", "Middle of the foot to the middle of the shade.", better="more"),
        Measure("mass", "kg", "Of all parts, the shade of sheet.", better="less"),
        Measure("tipping_force", "N", "Push down on the shade that lifts the foot's edge.", better="more"),
        Measure("hull_volume", "m3", "Volume of the closed hull."),
    )

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        force = tipping_force(values)
        if force < 4.0:
            reason = f"a push of {force:.1f} N on the shade tips it, at least 4 N are needed"
            return [Broken("stands-upright", f"{reason}; raise foot_diameter or lower arm_length")]
        return []

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [MeshPart(p.name, piece_mesh(p), *p.look) for p in pieces(values)]

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        """As many points for all lamps: the joints that this one lacks lie inside its post."""
        lacking = MOST_JOINTS - int(values["arm_joints"])
        spare = Piece(
            "spare", (0.0, 0.0, 30.0), (0.0, 0.0, 40.0), (2.0, 2.0), (BLACK, "", "plastic", "plastic")
        )
        return Outline(joined([piece_mesh(p) for p in [*pieces(values), *[spare] * lacking]]), {})

    def hull(self, values: Mapping[str, float]) -> Mesh:
        from manifold3d import Manifold, Mesh64

        whole = Manifold()
        for p in pieces(values):
            if p.hull:
                mesh = piece_mesh(p)
                whole += Manifold(Mesh64(mesh.vertices, mesh.faces.astype(np.uint64)))
        out = whole.to_mesh64()
        return Mesh(out.vert_properties[:, :3].astype(np.float64), out.tri_verts.astype(np.int64))

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        found = []
        for p in pieces(values):
            colour, role, material, finish = p.look
            shape = piece_solid(p)
            found.append(SolidPart(p.name, shape, colour, material, DENSITIES[material], role, finish))
        return found

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        first, *rest = [piece_solid(p) for p in pieces(values) if p.hull]
        (solid,) = first.fuse(*rest).Solids()
        return solid

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        x, y, z = shade_middle(values)
        return {
            "tube_length": values["post_height"] + values["arm_length"],
            "overall_height": max(values["post_height"], z + INTO_MM),
            "reach": math.hypot(x, y),
            "mass": sum(masses(values).values()),
            "tipping_force": tipping_force(values),
            "hull_volume": self.hull(values).volume * 1e-9,
        }


def masses(v: Mapping[str, float]) -> dict[str, float]:
    """Of each part, kg."""
    return {
        p.name: p.volume * 1e-9 * DENSITIES[p.look[2]] * (SHADE_FILL if p.name == "shade" else 1.0)
        for p in pieces(v)
    }


def tipping_force(v: Mapping[str, float]) -> float:
    """Downward force on the shade's middle, N, that lifts the foot's far edge off the desk."""
    x, y, _ = shade_middle(v)
    out, foot = math.hypot(x, y), 0.5 * v["foot_diameter"]
    held = 0.0
    for p, mass in zip(pieces(v), masses(v).values(), strict=True):
        along = 0.5 * ((p.a[0] + p.b[0]) * x + (p.a[1] + p.b[1]) * y) / out
        held += mass * GRAVITY * (foot - along)
    return held / (out - foot)
