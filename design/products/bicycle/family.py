"""The bicycle frame as a :class:`~maquette.design.family.contract.Family`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from ...family.contract import Broken, Family, Measure, Outline
from ...family.dimensions import Dimension, Dimensioned
from ...family.frame import DrawnView, Frame
from ...family.lexicon import Lexicon
from ...family.parameters import indexed
from ...family.photographs import IN_USE, VIEWS, View
from ...geometry.manifolds import united
from ...geometry.mesh import Mesh, MeshPart, joined
from ...geometry.solid import SolidPart
from ...structures.structure import Structure
from .archetypes import ARCHETYPES
from .declaration import BicycleParameters
from .definition import BRIDGES, FIXED_TUBES, define, spare_bridge
from .dimensions import dimensioned, in_space
from .looks import look
from .materials import alloy
from .measures import MEASURES, measures, spread_of
from .rules import broken_rules
from .tubes import COARSE, plate_mesh, rod_mesh, tube_mesh


class Bicycle(Family):
    """Bare bicycle frame of metal tubes, without fork, wheels and parts."""

    name: ClassVar[str] = "bicycle"
    title: ClassVar[str] = "Bicycle frame"
    noun: ClassVar[str] = "bicycle frame"
    declaration: ClassVar[type] = BicycleParameters
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {
        name: indexed(BicycleParameters, body) for name, body in ARCHETYPES.items()
    }
    measure_list: ClassVar[Sequence[Measure]] = MEASURES
    #: 1613 mm x 806 mm around the bottom bracket
    frame: ClassVar[Frame] = Frame(
        2.1,
        (
            DrawnView("side", (0.0, -1.0, 0.0), 0.90),
            DrawnView("three_quarter", (0.60, -0.78, 0.24), 0.88, (0.38, 0.80, 0.46)),
        ),
        ground=False,
        open=True,
    )
    #: the head tube lies at large x, and the chain's side is the one to show
    eyes: ClassVar[Mapping[str, View]] = VIEWS | {
        "three_quarter": View((0.60, -0.78, 0.20), parallel=False),
        "three_quarter_rear": View((-0.60, -0.78, 0.24), parallel=False),
        IN_USE: View((0.40, -0.91, 0.10)),
        "front": VIEWS["rear"],
        "rear": VIEWS["front"],
    }
    symmetry: ClassVar[Literal["", "y"]] = "y"
    sketched_by: ClassVar[Literal["model", "artist"]] = "artist"
    studies: ClassVar[Sequence[str]] = ("structure",)
    steered_by: ClassVar[Sequence[str]] = (
        "stack",
        "reach",
        "head_angle",
        "seat_angle",
        "chain_stay_length",
        "wheelbase",
        "effective_top_tube",
        "standover",
        "rider_height",
        "tyre_clearance",
        "mass",
        "safety_factor",
        "bottom_bracket_stiffness",
    )
    pictures: ClassVar[Sequence[str]] = ("side", "three_quarter", "three_quarter_rear", "top")
    edit_examples: ClassVar[Mapping[str, str]] = {
        "en": "head angle 1 degree less, keep the reach",
        "zh": "头管角减小1度，后下叉不变",
    }
    examples: ClassVar[Sequence[str]] = (
        "a steel gravel frame for a rider of 182 cm, under 2.2 kg, stiff at the bottom bracket",
        "a light titanium endurance road frame, stack at least 580 mm, tyre clearance at least 35 mm",
        "an aluminium city step-through frame with a low standover",
        "a slack hardtail frame, head angle 66 degrees, reach at least 450 mm",
        "钢制砾石公路车架，重量不超过2.2公斤",
        "钛合金耐力公路车架，轮胎间隙至少35毫米",
    )

    @property
    def lexicon(self) -> Lexicon:
        from .lexicon import LEXICON

        return LEXICON

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return broken_rules(values)

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        d = define(values)
        material = alloy(values).name
        found = [(t.name, tube_mesh(t, d.tubes)) for t in d.tubes.values()]
        found += [(p.name, plate_mesh(p)) for p in d.plates]
        parts = []
        for name, mesh in found:
            colour, role, finish = look(name, values)
            parts.append(MeshPart(name, mesh, colour, role, material, finish))
        return parts

    def in_use(self, values: Mapping[str, float]) -> list[MeshPart]:
        from .in_use import parts_in_use

        return parts_in_use(values)

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        """As many points for all frames: a bridge that this one lacks lies inside its seat tube."""
        d = define(values)
        spare = spare_bridge(d)
        tubes = [d.tubes.get(name, spare) for name in (*FIXED_TUBES, *BRIDGES)]
        meshes = [tube_mesh(t, d.tubes, COARSE) for t in tubes] + [plate_mesh(p) for p in d.plates]
        return Outline(joined(meshes), {})

    def hull(self, values: Mapping[str, float]) -> Mesh:
        d = define(values)
        return united([*(rod_mesh(t) for t in d.tubes.values()), *(plate_mesh(p) for p in d.plates)])

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        from .exact import solid_parts

        return solid_parts(define(values))

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        from .exact import hull_shape

        return hull_shape(define(values))

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return measures(define(values))

    def measures_of(self, values: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
        return measures(define(values), names)

    def spread(self, values: Mapping[str, float], measure: str) -> tuple[float, float] | None:
        return spread_of(define(values), measure)

    def structure(self, values: Mapping[str, float]) -> Structure:
        from .structure import structure

        return structure(values)

    def fine_structure(self, values: Mapping[str, float]) -> Structure:
        from .skins import refined_structure

        return refined_structure(values)

    def dimensions(self, parts: Sequence[MeshPart], values: Mapping[str, float]) -> Dimensioned:
        return dimensioned(parts, define(values), self.frame.mm_per_pixel)

    def dimensions_in_space(self, values: Mapping[str, float]) -> tuple[Dimension, ...]:
        return in_space(define(values))
