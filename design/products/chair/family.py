"""The chair as a product family."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from ...arrays import FloatArray
from ...family.contract import Broken, DefaultWish, Family, Measure, box_of
from ...family.dimensions import Dimension, Dimensioned, around
from ...family.frame import DrawnView, Frame
from ...family.lexicon import Lexicon
from ...family.photographs import VIEWS, View
from ...geometry.manifolds import united
from ...geometry.mesh import Mesh, MeshPart
from ...geometry.solid import SolidPart
from ...structures.structure import Structure
from ...structures.verdict import why
from .archetypes import ARCHETYPES
from .declaration import ChairParameters
from .dimensions import dimensioned, in_space
from .lexicon import LEXICON
from .measures import LEVEL_OF, MEASURES, measures_of, spread_of
from .pieces import pieces
from .rules import broken_rules
from .structure import solved, structure


class Chair(Family):
    """Stools, side chairs and armchairs of timber, tube and shells."""

    name: ClassVar[str] = "chair"
    title: ClassVar[str] = "Chair"
    noun: ClassVar[str] = "chair"
    declaration: ClassVar[type] = ChairParameters
    lexicon: ClassVar[Lexicon] = LEXICON
    sketched_by: ClassVar[Literal["model", "artist"]] = "artist"
    studies: ClassVar[Sequence[str]] = ("structure",)
    kinds: ClassVar[Sequence[str]] = ("base", "back_kind", "arms", "frame_material")
    steered_by: ClassVar[Sequence[str]] = (
        "seat_height",
        "seat_width",
        "seat_depth",
        "back_angle",
        "overall_width",
        "overall_depth",
        "overall_height",
        "usable_depth",
        "mass",
        "material_cost",
        "stack_pitch",
        "stability",
        "safety_factor",
    )
    edit_examples: ClassVar[Mapping[str, str]] = {
        "en": "raise the seat by 20 mm, keep the back angle",
        "zh": "座高增加20毫米，靠背角度不变",
    }
    examples: ClassVar[Sequence[str]] = (
        "a light stacking chair for a café, seat at 450 mm, at most 4 kg, passes the contract strength test",
        "a wooden dining chair with a high back, at most 6 kg",
        "a bar stool, seat at 760 mm, stable",
        "一把轻便的可叠放椅子，座高450毫米，不超过4公斤",
        "一把木制餐椅，高靠背，不超过6公斤",
    )
    default_wishes: ClassVar[Sequence[DefaultWish]] = (
        DefaultWish(
            "stands_safely",
            "stability",
            "stable after EN 1022",
            ("any stability",),
            ("稳定性不限",),
            at_least=1.0,
        ),
    )
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = ARCHETYPES
    measure_list: ClassVar[Sequence[Measure]] = MEASURES
    #: 3072 mm x 1536 mm: a bar chair of 1250 mm stands in it
    frame: ClassVar[Frame] = Frame(
        2.25,
        (
            DrawnView("three_quarter", (-0.80, -0.62, 0.30), 0.89, (0.38, 0.80, 0.46)),
            DrawnView("side", (0.0, -1.0, 0.0), 0.93),
        ),
        open=True,
        picture=(480, 672),
        coarser=2,
    )
    #: from above the seat, so that it is seen
    eyes: ClassVar[Mapping[str, View]] = VIEWS | {
        "three_quarter": View((-0.80, -0.62, 0.28), parallel=False),
        "three_quarter_rear": View((0.80, -0.62, 0.28), parallel=False),
    }
    symmetry: ClassVar[Literal["", "y"]] = "y"

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return broken_rules(values)

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        return [
            MeshPart(p.name, p.shape.mesh(), p.colour, p.role, p.stuff.name, p.finish) for p in pieces(values)
        ]

    def hull(self, values: Mapping[str, float]) -> Mesh:
        """Everything as one body; tubes are full."""
        return united(p.shape.mesh(full=True) for p in pieces(values))

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        return [
            SolidPart(p.name, p.shape.solid(), p.colour, p.stuff.name, p.stuff.density, p.role, p.finish)
            for p in pieces(values)
        ]

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        first, *rest = [p.shape.solid(full=True) for p in pieces(values)]
        (solid,) = first.fuse(*rest).Solids()
        return solid

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return measures_of(values, [m.name for m in MEASURES])

    def structure(self, values: Mapping[str, float]) -> Structure:
        """Under the static tests of EN 16139 level 1."""
        return structure(values)

    def fine_structure(self, values: Mapping[str, float]) -> Structure:
        from .skins import refined_structure

        return refined_structure(values)

    def why(self, values: Mapping[str, float], measure: str) -> str:
        """Which part decides a safety factor, and by what."""
        level = LEVEL_OF.get(measure)
        return why(solved(values, level)) if level else ""

    def spread(self, values: Mapping[str, float], measure: str) -> tuple[float, float] | None:
        return spread_of(values, measure)

    def measures_of(self, values: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
        return measures_of(values, names)

    def dimensions(self, parts: Sequence[MeshPart], values: Mapping[str, float]) -> Dimensioned:
        return dimensioned(parts, values, self.frame.mm_per_pixel)

    def dimensions_in_space(self, values: Mapping[str, float]) -> tuple[Dimension, ...]:
        box = self.outline(values).mesh.bounds
        return in_space(values, around(box, self.frame.mm_per_pixel))

    def box_measures(self, boxes: Mapping[str, FloatArray]) -> dict[str, float]:
        low, high = box_of(boxes)
        return {
            "overall_width": float(high[1] - low[1]),
            "overall_depth": float(high[0] - low[0]),
            "overall_height": float(high[2]),
        }
