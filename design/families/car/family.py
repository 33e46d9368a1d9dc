"""The car as a :class:`~maquette.design.family.Family`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from ...earlier import Earlier, upgraded
from ...family import Broken, Family, Measure, Outline
from ...geometry.mesh import Mesh, MeshPart
from ...geometry.solid import SolidPart
from ...parameters import validate
from .archetypes import ARCHETYPES
from .declaration import CarParameters
from .definition import define
from .earlier import EARLIER
from .packaging import MEASURES, measures, shape_features
from .rules import broken_rules
from .wake import wake_features


class Car(Family):
    """Passenger car body with wheels, glass, lamps and mirrors."""

    name: ClassVar[str] = "car"
    title: ClassVar[str] = "Passenger car"
    declaration: ClassVar[type] = CarParameters
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = ARCHETYPES
    measure_list: ClassVar[Sequence[Measure]] = MEASURES
    earlier: ClassVar[Sequence[Earlier]] = EARLIER

    def validate(self, values: Mapping[str, Any]) -> dict[str, float]:
        """As the contract says; `overall_length` (L103) may stand in place of `rear_overhang`."""
        return validate(self.declaration, _with_overhang(values))

    def upgrade(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        return upgraded(self.parameters, self.earlier, _with_overhang(values))

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        return broken_rules(values)

    def hull(self, values: Mapping[str, float]) -> Mesh:
        from .hull import from_manifold, hull_manifold

        return from_manifold(hull_manifold(define(values)))

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        from .body import mesh_parts

        return mesh_parts(define(values))

    def outline(self, values: Mapping[str, float], view: str = "side") -> Outline:
        from .outline import outline

        return outline(values, view)

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
