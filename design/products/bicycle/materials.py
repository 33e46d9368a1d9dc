"""What frames are made of: three alloys, numbered as the parameter `material` counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...geometry.mesh import Colour
from ...structures.materials import MATERIALS, Material

STEEL, ALUMINIUM, TITANIUM = 1, 2, 3


@dataclass(frozen=True)
class Alloy:
    """An alloy of frames.

    Attributes:
        name: as parts carry it. material: its numbers.
        most_slender: diameter over wall beyond which a tube dents in use (builders call them beer cans from
            50 on; thin steel main tubes reach 70).
        plate: thickness of its dropouts, mm. colour: bare.
    """

    name: str
    material: Material
    most_slender: float
    plate: float
    colour: Colour


ALLOYS: Mapping[int, Alloy] = {
    STEEL: Alloy("steel", MATERIALS["steel_4130"], 80.0, 6.0, (0.50, 0.51, 0.53, 1.0)),
    ALUMINIUM: Alloy("aluminium", MATERIALS["aluminium_6061"], 60.0, 8.0, (0.74, 0.75, 0.77, 1.0)),
    TITANIUM: Alloy("titanium", MATERIALS["titanium_3al25v"], 65.0, 7.0, (0.58, 0.55, 0.51, 1.0)),
}


def alloy(values: Mapping[str, float]) -> Alloy:
    """Of a design."""
    return ALLOYS[int(values["material"])]
