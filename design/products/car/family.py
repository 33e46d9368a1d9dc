"""The car as a :class:`~maquette.design.family.contract.Family`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Broken, DefaultWish, Family, Measure, Outline, Region
from ...family.dimensions import Dimension, Dimensioned, around
from ...family.earlier import Earlier, upgraded
from ...family.frame import Frame
from ...family.lexicon import Lexicon
from ...family.parameters import indexed, validate
from ...geometry.mesh import Mesh, MeshPart
from ...geometry.solid import SolidPart
from ...messages import marked
from .archetypes import ARCHETYPES
from .boxes import box_measures
from .declaration import CarParameters
from .definition import define, fresh
from .dimensions import dimensioned, wheelbase_in_space
from .earlier import EARLIER
from .packaging import MEASURES, QUICK_MEASURES, measures, shape_features
from .proportions import distances, proportion_words, ratios
from .rules import broken_rules
from .wake import wake_features

if TYPE_CHECKING:
    from ...geometry.surface_plan import SurfacePlan

ROAD_PROPORTIONS = DefaultWish(
    name="road_proportions",
    quantity="proportion_distance",
    says=marked("proportions like cars on the road"),
    lift=(
        "any proportions",
        "any proportion",
        "unusual proportions",
        "unusual proportions allowed",
        "free proportions",
        "proportions free",
        "proportions do not matter",
        "proportions don't matter",
    ),
    lift_unspaced=("比例不限", "不限比例", "任意比例", "比例随意", "比例不拘"),
    at_most=1.0,
)


class Car(Family):
    """Passenger car body with wheels, glass, lamps and mirrors."""

    name: ClassVar[str] = "car"
    title: ClassVar[str] = "Passenger car"
    noun: ClassVar[str] = "car"
    studies: ClassVar[Sequence[str]] = ("wind_tunnel",)
    edit_examples: ClassVar[Mapping[str, str]] = {
        "en": "lower the roof by 20 mm, keep the wheelbase",
        "zh": "车顶降低20毫米，轴距不变",
    }
    examples: ClassVar[Sequence[str]] = (
        "A calm, low fastback under 4.7 m with a wheelbase of at least 2.8 m, drag coefficient at most 0.30, "
        "ground clearance at least 140 mm, head room for tall passengers",
        "a practical, upright estate with a large boot, no longer than 4.8 m",
        "a rugged SUV with big wheels, ground clearance at least 210 mm",
        "a small friendly city car, at most 3.7 m long, head room front at least 960 mm",
        "一辆低矮沉稳的溜背车，车长不超过4.7米，轴距至少2.8米，风阻系数不超过0.30",
        "一辆实用的旅行车，行李厢至少500升，车长不超过4.8米",
        "一辆粗犷的SUV，大车轮，离地间隙至少210毫米",
    )
    steered_by: ClassVar[Sequence[str]] = (
        "overall_length",
        "overall_width",
        "overall_height",
        "wheelbase",
        "ground_clearance",
        "drag_coefficient",
        "head_room_front",
        "head_room_rear",
        "luggage_volume",
        "cabin_volume",
        "frontal_area",
        "body_mass",
    )
    declaration: ClassVar[type] = CarParameters
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {
        name: indexed(CarParameters, body) for name, body in ARCHETYPES.items()
    }
    measure_list: ClassVar[Sequence[Measure]] = MEASURES
    earlier: ClassVar[Sequence[Earlier]] = EARLIER
    #: 5760 mm x 2880 mm
    frame: ClassVar[Frame] = Frame(7.5, origin="nose")
    symmetry: ClassVar[Literal["", "y"]] = "y"
    box_notes: ClassVar[str] = "The overall width leaves the mirrors out, the ground clearance the wheels."
    pictures: ClassVar[Sequence[str]] = (*Family.pictures, "detail_front")
    default_wishes: ClassVar[Sequence[DefaultWish]] = (ROAD_PROPORTIONS,)
    quick_measures: ClassVar[Collection[str]] = QUICK_MEASURES

    @property
    def lexicon(self) -> Lexicon:
        from .lexicon import LEXICON

        return LEXICON

    def validate(self, values: Mapping[str, Any]) -> dict[str, float]:
        """As the contract says; `overall_length` (L103) may stand in place of `rear_overhang`."""
        return validate(self.declaration, _with_overhang(values))

    def upgrade(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        return upgraded(self.parameters, self.earlier, _with_overhang(values))

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return broken_rules(values)

    def hull(self, values: Mapping[str, float]) -> Mesh:
        from ...geometry.manifolds import from_manifold
        from .hull import hull_manifold

        return from_manifold(hull_manifold(define(values)))

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        from .body import mesh_parts

        return mesh_parts(define(values))

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        from .outline import outline

        return outline(values, view)

    def region(
        self, values: Mapping[str, float], view: str, place: tuple[float, float], sideways: bool
    ) -> Region:
        from .regions import region

        return region(self.frame, self.outline(values, view), view, place, sideways)

    def dimensions(self, parts: Sequence[MeshPart], values: Mapping[str, float]) -> Dimensioned:
        return dimensioned(parts)

    def dimensions_in_space(self, values: Mapping[str, float]) -> tuple[Dimension, ...]:
        length = values["front_overhang"] + values["wheelbase"] + values["rear_overhang"]
        half = 0.5 * values["overall_width"]  # with plates and arch lips, which the outline does without
        box = np.array([[0.0, -half, 0.0], [length, half, values["overall_height"]]])
        return (*around(box, self.frame.mm_per_pixel), wheelbase_in_space(values, -half))

    def axles(self, values: Mapping[str, float]) -> tuple[float, float]:
        return values["front_overhang"], values["front_overhang"] + values["wheelbase"]

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        from .exact import solid_parts

        return solid_parts(define(values))

    def surface_plan(self, values: Mapping[str, float]) -> SurfacePlan:
        from .surface_plan import surface_plan

        return surface_plan(define(values))

    def surface_solid(self, values: Mapping[str, float]) -> Any:
        from .exact import painted_body

        # a roof panel of its own lies in the very surface of the body, whose pocket's walls are meant edges
        return painted_body(define({**values, "roof": 0.0}))

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        from .exact import hull_shape

        return hull_shape(define(values))

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        return measures(define(values))

    def measures_of(self, values: Mapping[str, float], names: Collection[str]) -> dict[str, float]:
        return measures(define(values), names)

    def quick(self, rows: FloatArray) -> Mapping[str, FloatArray]:
        """Without :func:`define`: its memory is for designs that are measured."""
        names = [p.name for p in self.parameters]
        found = [ratios(fresh(dict(zip(names, row, strict=True)))) for row in rows.tolist()]
        return {"proportion_distance": distances(np.array(found))}

    def why(self, values: Mapping[str, float], measure: str) -> str:
        return proportion_words(define(values)) if measure == "proportion_distance" else ""

    def box_measures(self, boxes: Mapping[str, FloatArray]) -> dict[str, float]:
        return box_measures(boxes)

    def features(self, values: Mapping[str, float]) -> dict[str, float]:
        """Dimensionless shape numbers that help the surrogate; cheap, no mesh."""
        definition = define(values)
        return {**shape_features(definition), **wake_features(definition)}


def _with_overhang(values: Mapping[str, Any]) -> dict[str, Any]:
    """`rear_overhang` in place of an `overall_length` that is given instead."""
    given = dict(values)
    if "overall_length" in given and "rear_overhang" not in given:
        length, front, base = (given.get(k) for k in ("overall_length", "front_overhang", "wheelbase"))
        if all(isinstance(v, (int, float)) for v in (length, front, base)):
            given["rear_overhang"] = length - front - base  # type: ignore[operator]
            del given["overall_length"]
    return given
