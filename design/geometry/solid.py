"""Named exact parts. The kernel itself is imported only by those who build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .mesh import Colour, FinishName


@dataclass(frozen=True)
class SolidPart:
    """A named, coloured exact part.

    Attributes:
        name: part name, the same as the fast mesh's part.
        shape: `cadquery.Shape` holding one valid solid (mm), already in place.
        colour: sRGB RGBA in 0..1.
        material: material name; density_kg_m3 goes with it into the STEP file.
        role, finish: as of the fast mesh's part.
    """

    name: str
    shape: Any
    colour: Colour
    material: str = ""
    density_kg_m3: float = 0.0
    role: str = ""
    finish: FinishName = "paint"
