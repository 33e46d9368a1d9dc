"""What chairs are made of: density, price, looks.

Tube of steel is the high-strength kind of EN 10305-3 (E355), of aluminium 6061-T6. Densities and strengths
are those of :mod:`...structures.materials`. Prices are the materials' alone, euro a kilogram of 2024, from
general knowledge (mills' and merchants' lists differ by a third), with the share that is cut away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...geometry.mesh import Colour, FinishName
from ...structures.materials import MATERIALS, Material
from . import declaration as d


@dataclass(frozen=True)
class Stuff:
    """A material of a chair.

    Attributes:
        name: as parts carry it. structural: its name among :data:`...structures.materials.MATERIALS`.
        price: euro/kg, bought. waste: share that is cut away.
        colour, finish: bare.
    """

    name: str
    structural: str
    price: float
    waste: float
    colour: Colour
    finish: FinishName

    @property
    def material(self) -> Material:
        """Its density, stiffness and strength."""
        return MATERIALS[self.structural]

    @property
    def density(self) -> float:
        """kg/m3."""
        return self.material.density


FRAME: Mapping[int, Stuff] = {
    d.TIMBER: Stuff("beech", "beech", 2.2, 0.45, (0.79, 0.60, 0.40, 1.0), "plastic"),
    d.ALUMINIUM: Stuff("aluminium", "aluminium_6061", 4.5, 0.05, (0.80, 0.81, 0.83, 1.0), "metal"),
    d.STEEL: Stuff("steel", "steel_s355", 1.8, 0.05, (0.62, 0.63, 0.65, 1.0), "metal"),
}
SEAT: Mapping[int, Stuff] = {
    d.PLASTIC: Stuff(
        "glass-filled polypropylene", "polypropylene_glass", 2.2, 0.03, (0.90, 0.89, 0.86, 1.0), "plastic"
    ),
    d.PLYWOOD: Stuff("birch plywood", "birch_plywood", 3.0, 0.25, (0.85, 0.70, 0.50, 1.0), "plastic"),
    d.SOLID: Stuff("beech", "beech", 2.2, 0.45, (0.79, 0.60, 0.40, 1.0), "plastic"),
}
GLIDE = Stuff("polypropylene", "polypropylene", 1.8, 0.03, (0.10, 0.10, 0.10, 1.0), "plastic")
COLOURS: Mapping[str, Colour] = {
    "black": (0.055, 0.055, 0.06, 1.0), "white": (0.93, 0.93, 0.91, 1.0), "chrome": (0.80, 0.82, 0.84, 1.0),
    "grey": (0.42, 0.43, 0.44, 1.0), "red": (0.66, 0.10, 0.08, 1.0), "green": (0.16, 0.33, 0.24, 1.0),
    "blue": (0.12, 0.25, 0.46, 1.0), "yellow": (0.88, 0.66, 0.13, 1.0), "walnut": (0.36, 0.22, 0.13, 1.0),
    "cane": (0.83, 0.68, 0.44, 1.0), "ash": (0.87, 0.77, 0.62, 1.0),
}  # fmt: skip


def look(stuff: Stuff, colour: str) -> tuple[Colour, FinishName]:
    """Colour and finish of a part of that material with a colour of the lists of choices."""
    if colour == "natural":
        return stuff.colour, stuff.finish
    if colour == "chrome":
        return COLOURS[colour], "metal"
    return COLOURS[colour], "paint" if stuff.finish == "metal" else "plastic"
