"""Materials of structures, with their scatter and where the numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: standard deviations to either side of the mean within which nine in ten normal numbers lie
NINE_IN_TEN = 1.6449


@dataclass(frozen=True)
class Material:
    """What a part is made of.

    Attributes:
        name: key of :data:`MATERIALS`.
        E: Young's modulus, MPa; along the grain of wood. G: shear modulus, MPa. nu: Poisson's ratio.
        density: kg/m3.
        strength: MPa, what stress is held to: yield or 0.2 % proof of metals and plastics, bending strength
            of wood.
        shear: MPa, the same in pure shear; 0: strength over the root of 3 (von Mises).
        scatter: coefficient of variation of E and of strength from piece to piece.
        least: `strength` is what a standard or maker promises, which 19 of 20 pieces exceed; else the mean.
        source: where the numbers stand.
    """

    name: str
    E: float
    G: float
    nu: float
    density: float
    strength: float
    scatter: tuple[float, float]
    source: str
    shear: float = 0.0
    least: bool = False

    @property
    def pieces(self) -> tuple[float, float]:
        """What nine in ten pieces bear, as shares of `strength`."""
        step = NINE_IN_TEN * self.scatter[1]
        return (1.0, (1.0 + step) / (1.0 - step)) if self.least else (1.0 - step, 1.0 + step)

    @property
    def shear_weight(self) -> float:
        """What shear stress is multiplied by to count as direct stress: the root of 3 (von Mises)."""
        return self.strength / self.shear if self.shear else 3.0**0.5


_EN3 = "EN 1993-1-1:2005, 3.2 and table 3.1; scatter: JCSS Probabilistic Model Code, 3.02"
_WOOD = (
    "mean of clear wood at 12 % moisture; G over E, shear strength of the American kin and scatter: USDA "
    "Wood Handbook FPL-GTR-282, tables 5-1, 5-3 and 5-6"
)
_TABLE = (
    Material(
        "steel_4130", 205e3, 80e3, 0.285, 7850, 460, (0.03, 0.07),
        "AISI 4130 annealed at 865 °C, MatWeb and SolidWorks' library (FRAMED's steel)",
    ),
    Material("steel_s235", 210e3, 81e3, 0.3, 7850, 235, (0.03, 0.07), _EN3, least=True),
    Material("steel_s355", 210e3, 81e3, 0.3, 7850, 355, (0.03, 0.07), _EN3, least=True),
    Material(
        "stainless_304", 200e3, 76.9e3, 0.3, 7900, 230, (0.04, 0.08),
        "EN 1993-1-4:2006, 2.1, 1.4301 as cold rolled strip", least=True,
    ),
    Material(
        "aluminium_6061", 70e3, 27e3, 0.3, 2700, 240, (0.03, 0.08),
        "EN 1999-1-1:2007, 3.2.5 and table 3.2b, EN AW-6061 T6 extruded", least=True,
    ),
    Material(
        "aluminium_7005", 72e3, 27e3, 0.33, 2780, 290, (0.03, 0.08),
        "EN 755-2, EN AW-7005 T6 extruded", least=True,
    ),
    Material(
        "titanium_3al25v", 100e3, 38.5e3, 0.3, 4480, 724, (0.03, 0.06),
        "AMS 4944, cold worked and stress relieved tube, 105 ksi", least=True,
    ),
    Material("beech", 14310, 1080, 0.45, 710, 110, (0.22, 0.16), f"wood-database.com; {_WOOD}", 13.9),
    Material("oak", 10600, 860, 0.4, 675, 97, (0.22, 0.16), f"wood-database.com; {_WOOD}", 13.8),
    Material("ash", 12310, 950, 0.44, 680, 103, (0.22, 0.16), f"wood-database.com; {_WOOD}", 13.2),
    Material(
        "birch_plywood", 8700, 620, 0.05, 680, 38, (0.1, 0.15),
        "Handbook of Finnish Plywood, 3.1, birch of 1.4 mm plies, 12 mm: mean of both directions, "
        "characteristic strengths", 9.5, least=True,
    ),
    Material(
        "polypropylene", 1500, 528, 0.42, 905, 33, (0.07, 0.06),
        "ISO 527 of moulding homopolymers, makers' data sheets; minutes of load, no creep",
    ),
    Material(
        "polypropylene_glass", 4500, 1650, 0.36, 1040, 60, (0.08, 0.08),
        "ISO 527 of homopolymer with 20 % of short glass fibre, data sheets; minutes of load, no creep",
    ),
)  # fmt: skip
#: by name
MATERIALS: Mapping[str, Material] = {m.name: m for m in _TABLE}
