"""The smallest family from outside: a box. The contract suite's own tests bend it in single places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from maquette.design.family.contract import Broken, Family, Measure
from maquette.design.family.frame import Frame
from maquette.design.family.parameters import Range
from maquette.design.geometry.measures import enclosed_volume, frontal_area
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.design.geometry.solid import SolidPart

_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (-0.5, 0.5) for z in (0, 1)], dtype=np.float64)
_FACES = np.array(
    [
        *([0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]),
        *([2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]),
    ],
    dtype=np.int64,
)
COLOUR = (0.7, 0.3, 0.2, 1.0)


def box_mesh(length: float, width: float, height: float) -> Mesh:
    """A box of these sides in mm: nose at x = 0, y = 0 in the middle, standing on the ground."""
    return Mesh(_CORNERS * np.array([length, width, height]), _FACES)


@dataclass(frozen=True)
class BrickParameters:
    """Three sides."""

    length: Annotated[float, Range(100, 300, 200, "mm", "Side along x.", "size")]
    width: Annotated[float, Range(50, 150, 100, "mm", "Side along y.", "size")]
    height: Annotated[float, Range(30, 100, 60, "mm", "Side along z.", "size")]


class Brick(Family):
    """A box with one rule."""

    name = "brick"
    title = "Brick"
    declaration = BrickParameters
    frame = Frame(0.6, origin="nose")
    symmetry = "y"
    archetypes = {"long": {"length": 290.0}}  # noqa: RUF012 - the contract declares a ClassVar
    measure_list = (
        Measure("frontal_area", "m2", "Projected area along x."),
        Measure("volume", "m3", "Enclosed volume."),
    )

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        ratio = values["height"] / values["width"]
        if ratio > 1.2:
            return [Broken("not-a-tower", f"height is {ratio:.2f} of the width, at most 1.2; lower height")]
        return []

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [MeshPart("block", self.hull(values), COLOUR)]

    def hull(self, values: Mapping[str, float]) -> Mesh:
        return box_mesh(values["length"], values["width"], values["height"])

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        return [SolidPart("block", self.hull_solid(values), COLOUR)]

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        import cadquery as cq

        sides = values["length"], values["width"], values["height"]
        return cq.Workplane().box(*sides).translate((sides[0] / 2, 0, sides[2] / 2)).val()

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        hull = self.hull(values)
        return {"frontal_area": frontal_area(hull), "volume": enclosed_volume(hull)}
