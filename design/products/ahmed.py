"""The Ahmed body: the reference shape of vehicle aerodynamics, as a small family.

Standard body (S. R. Ahmed, G. Ramm, G. Faltin, SAE 840300, 1984): 1044 x 389 x 288 mm, 50 mm above the
ground, front edges rounded with 100 mm, a rear slant of 222 mm along its surface at 0 to 40 degrees. The
stilts of the wind-tunnel model are left out (their drag, about 0.016 to 0.025, is not in our coefficients).

One definition gives both bodies: at `x` behind the nose every side lies ``inset(x)`` inside the box, and
the roof falls along the slant. The section is a rectangle everywhere, so that the exact solid is the side
profile (extruded across) cut with the plan profile (extruded upwards).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..arrays import FloatArray
from ..family.contract import Broken, Family, Measure
from ..family.dimensions import Dimension, Dimensioned
from ..family.frame import Frame
from ..family.lexicon import Lexicon, QuantityWords
from ..family.parameters import Range
from ..geometry.mesh import Mesh, MeshPart, closed_rings
from ..geometry.solid import SolidPart
from ..messages import say

BODY, NOSE, TAIL = "body", "nose", "tail"
COLOUR = (0.78, 0.80, 0.83, 1.0)
NOSE_STATIONS = 33
MATERIAL = "model board"
DENSITY_KG_M3 = 650.0  # model board, the usual material of tunnel models

QUANTITIES = QuantityWords(
    synonyms={
        "overall_length": "total length, body length",
        "overall_width": "total width, body width",
        "overall_height": "total height, body height",
        "ground_clearance": "ride height, floor clearance, underbody clearance",
        "frontal_area": "front area, projected area, projected frontal area, frontal cross section",
        "wetted_area": "surface area, skin area, body surface",
        "hull_volume": "body volume, enclosed volume, outer volume",
    },
    axes={"long": ("overall_length",), "wide": ("overall_width",), "tall": ("overall_height",)},
    bare={"length": ("overall_length", "overall_height", "overall_width"), "area": ("frontal_area",)},
    superlatives={
        (1, "overall_length"): "as large as possible, as big as possible",
        (-1, "overall_length"): "as compact as possible, as small as possible",
    },
    stops="car, cars, vehicle",
)
NAMES_ZH: Mapping[str, str] = {
    "ahmed": "Ahmed 模型", "body": "车身", "nose": "头部", "tail": "尾部", "slant": "斜面",
    "length": "长度", "width": "宽度", "height": "高度", "clearance": "离地间隙", "radius": "前端圆角",
    "nose_radius": "前端圆角", "slant_angle": "斜面角", "slant_length": "斜面长度",
    "overall_length": "车长", "overall_width": "车宽", "overall_height": "车高",
    "ground_clearance": "离地间隙", "frontal_area": "迎风面积", "hull_volume": "车身体积",
    "wetted_area": "表面积", "base_area": "尾面面积", "slant_drop": "斜面落差", "squareback": "方背",
    "slant 12.5": "12.5° 斜背", "slant 25": "25° 斜背", "slant 35": "35° 斜背",
}  # fmt: skip


@dataclass(frozen=True)
class AhmedParameters:
    """The box, its nose radius and its rear slant."""

    length: Annotated[float, Range(800, 1400, 1044, "mm", "Nose to base.", BODY)]
    width: Annotated[float, Range(300, 500, 389, "mm", "Side to side.", BODY)]
    height: Annotated[float, Range(220, 380, 288, "mm", "Underside to roof.", BODY)]
    clearance: Annotated[float, Range(25, 100, 50, "mm", "Ground to the underside.", BODY)]
    radius: Annotated[float, Range(40, 130, 100, "mm", "Rounding of the four front edges.", NOSE)]
    slant_angle: Annotated[float, Range(0, 40, 25, "deg", "Slope of the rear slant from horizontal.", TAIL)]
    slant_length: Annotated[float, Range(100, 300, 222, "mm", "Length of the slant along its surface.", TAIL)]


class Ahmed(Family):
    """Ahmed body with a variable box, nose radius and slant."""

    name: ClassVar[str] = "ahmed"
    title: ClassVar[str] = "Ahmed body"
    noun: ClassVar[str] = "Ahmed body"
    declaration: ClassVar[type] = AhmedParameters
    studies: ClassVar[Sequence[str]] = ("wind_tunnel",)
    reference_speed: ClassVar[float] = 40.0
    frame: ClassVar[Frame] = Frame(2.5, origin="nose")
    symmetry: ClassVar[Literal["", "y"]] = "y"
    pictures: ClassVar[Sequence[str]] = (*Family.pictures, "detail_front")
    edit_examples: ClassVar[Mapping[str, str]] = {"en": "slant angle 5 degrees less, keep the width"}
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {
        "squareback": {"slant_angle": 0.0},
        "slant 12.5": {"slant_angle": 12.5},
        "slant 25": {"slant_angle": 25.0},
        "slant 35": {"slant_angle": 35.0},
    }
    measure_list: ClassVar[Sequence[Measure]] = (
        Measure("overall_length", "mm", "Nose to base."),
        Measure("overall_width", "mm", "Side to side."),
        Measure("overall_height", "mm", "Ground to roof."),
        Measure("ground_clearance", "mm", "Ground to the underside."),
        Measure("frontal_area", "m2", "Projection along the flow, without stilts.", better="less"),
        Measure("hull_volume", "m3", "Enclosed volume."),
        Measure("wetted_area", "m2", "Outer surface.", better="less"),
        Measure("base_area", "m2", "Vertical rear face below the slant."),
        Measure("slant_drop", "mm", "How far the slant comes down from the roof."),
    )

    @property
    def lexicon(self) -> Lexicon:
        return _with_words(super().lexicon)

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        """Rules of a body that is still a box with a nose and a tail."""
        broken: list[Broken] = []
        smallest = min(values["width"], values["height"])
        if 2.0 * values["radius"] > smallest - 20.0:
            broken.append(
                Broken(
                    "nose-keeps-a-face",
                    say(
                        "radius {radius:.0f} mm leaves less than 20 mm of flat nose in a section of "
                        "{section:.0f} mm; reduce radius below {most:.0f} mm",
                        radius=values["radius"],
                        section=smallest,
                        most=(smallest - 20.0) / 2.0,
                    ),
                )
            )
        drop, run = _slant(values)
        if drop > 0.75 * values["height"]:
            broken.append(
                Broken(
                    "slant-leaves-a-base",
                    say(
                        "the slant falls {drop:.0f} mm of a height of {height:.0f} mm (at most three "
                        "quarters); reduce slant_angle or slant_length",
                        drop=drop,
                        height=values["height"],
                    ),
                )
            )
        if run > values["length"] - values["radius"] - 50.0:
            broken.append(
                Broken(
                    "slant-behind-nose",
                    say(
                        "the slant reaches {run:.0f} mm forward into the nose; reduce slant_length or "
                        "lengthen",
                        run=run,
                    ),
                )
            )
        return broken

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        """One part: the body."""
        return [MeshPart("body", self.hull(values), COLOUR, "body", MATERIAL)]

    def dimensions(self, parts: Sequence[MeshPart], values: Mapping[str, float]) -> Dimensioned:
        """With the clearance under the body's middle."""
        found = super().dimensions(parts, values)
        x, y, z = 0.5 * float(found.box[:, 0].sum()), float(found.box[0, 1]), float(found.box[0, 2])
        clearance = Dimension("ground_clearance", "z", (x, y, 0.0), (x, y, z), away=0.0)
        return replace(found, lines=(*found.lines, clearance))

    def hull(self, values: Mapping[str, float]) -> Mesh:
        """Closed surface: rectangles at every station, joined, capped at nose and base."""
        x, half_width, bottom, top = _sections(values)
        corners = np.stack(
            [
                np.stack([x, -half_width, bottom], axis=1),
                np.stack([x, half_width, bottom], axis=1),
                np.stack([x, half_width, top], axis=1),
                np.stack([x, -half_width, top], axis=1),
            ],
            axis=1,
        )  # (n, 4, 3)
        return Mesh(corners.reshape(-1, 3), closed_rings(len(x), 4))

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        """One part: the exact body."""
        return [SolidPart("body", self.hull_solid(values), COLOUR, MATERIAL, DENSITY_KG_M3, "body")]

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        """Side profile extruded across, cut with the plan profile extruded upwards."""
        import cadquery as cq

        length, width, height = values["length"], values["width"], values["height"]
        low, r = values["clearance"], values["radius"]
        high = low + height
        drop, run = _slant(values)
        k = r * (1.0 - math.sqrt(0.5))  # where the arc's middle lies inside the box
        side = (
            cq.Workplane("XZ", origin=(0.0, width, 0.0))
            .moveTo(r, low)
            .threePointArc((k, low + k), (0.0, low + r))
            .lineTo(0.0, high - r)
            .threePointArc((k, high - k), (r, high))
            .lineTo(length - run, high)
            .lineTo(length, high - drop)
            .lineTo(length, low)
            .close()
            .extrude(2.0 * width)
        )
        half = 0.5 * width
        plan = (
            cq.Workplane("XY", origin=(0.0, 0.0, low - 10.0))
            .moveTo(r, -half)
            .threePointArc((k, -half + k), (0.0, -half + r))
            .lineTo(0.0, half - r)
            .threePointArc((k, half - k), (r, half))
            .lineTo(length + 10.0, half)
            .lineTo(length + 10.0, -half)
            .close()
            .extrude(height + 20.0)
        )
        (body,) = side.intersect(plan).clean().solids().vals()
        return body

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        """Closed-form dimensions and areas; volume and wetted area from the fast mesh."""
        hull = self.hull(values)
        drop, _ = _slant(values)
        return {
            "overall_length": values["length"],
            "overall_width": values["width"],
            "overall_height": values["clearance"] + values["height"],
            "ground_clearance": values["clearance"],
            "frontal_area": values["width"] * values["height"] * 1e-6,
            "hull_volume": hull.volume * 1e-9,
            "wetted_area": hull.area * 1e-6,
            "base_area": values["width"] * (values["height"] - drop) * 1e-6,
            "slant_drop": drop,
        }


@cache
def _with_words(plain: Lexicon) -> Lexicon:
    """Its parameters' names as words, with the names that people use for its measures."""
    chinese = replace(plain.tongue("zh"), names=NAMES_ZH)
    return replace(plain, tongues={**plain.tongues, "zh": chinese}, quantities=QUANTITIES)


def _slant(values: Mapping[str, float]) -> tuple[float, float]:
    """Fall and horizontal run of the slant, mm."""
    angle = math.radians(values["slant_angle"])
    return values["slant_length"] * math.sin(angle), values["slant_length"] * math.cos(angle)


def _sections(values: Mapping[str, float]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Stations x, half widths, undersides and roofs, each (n,), mm."""
    r, length, low = values["radius"], values["length"], values["clearance"]
    drop, run = _slant(values)
    angle: FloatArray = np.linspace(0.0, 0.5 * np.pi, NOSE_STATIONS)
    inset = np.concatenate([r * (1.0 - np.sin(angle)), np.zeros(2)])
    x = np.concatenate([r * (1.0 - np.cos(angle)), [length - run, length]])
    fall = np.zeros_like(x)
    fall[-1] = drop
    return x, 0.5 * values["width"] - inset, low + inset, low + values["height"] - inset - fall
