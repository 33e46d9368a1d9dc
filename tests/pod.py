"""A tiny car-like family with closed-form measures, and a predictor with a known answer, for quick tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from maquette.design.family.contract import Broken, Family, Measure
from maquette.design.family.lexicon import Lexicon
from maquette.design.family.parameters import Range, as_row, bounds_of, names_of
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.design.geometry.solid import SolidPart
from maquette.design.products.car.lexicon import LEXICON
from maquette.surrogate.trust.prediction import COVERAGE, HALF_WIDTH, Batch, Prediction

BODY = "body"


@dataclass(frozen=True)
class PodParameters:
    """A box on wheels, named as the car's parameters are."""

    wheelbase: Annotated[float, Range(2250, 3300, 2800, "mm", "Distance between the axles.", BODY, "L101")]
    front_overhang: Annotated[float, Range(650, 1000, 850, "mm", "Ahead of the front axle.", BODY)]
    rear_overhang: Annotated[float, Range(520, 1200, 920, "mm", "Behind the rear axle.", BODY)]
    overall_width: Annotated[float, Range(1600, 2020, 1840, "mm", "Width.", BODY, "W103")]
    overall_height: Annotated[float, Range(1300, 1850, 1450, "mm", "Height.", BODY, "H100")]
    ground_clearance: Annotated[float, Range(105, 250, 145, "mm", "Below the floor.", BODY)]
    windscreen_angle: Annotated[float, Range(42, 66, 59, "deg", "From the vertical.", BODY)]
    backlight_angle: Annotated[float, Range(14, 72, 32, "deg", "From the horizontal.", BODY)]
    tyre_diameter: Annotated[float, Range(560, 800, 670, "mm", "Outer diameter.", BODY)]
    spoiler: Annotated[float, Range(0, 60, 12, "mm", "Lip height.", BODY)]
    belt_slope: Annotated[float, Range(-0.5, 3.5, 1.2, "deg", "Wedge.", BODY)]
    belt_ratio: Annotated[float, Range(0.54, 0.7, 0.62, "1", "Belt line height as a share.", BODY)]
    mirror_scale: Annotated[float, Range(0.6, 1.3, 1.0, "1", "Size of the mirrors.", BODY)]


class Pod(Family):
    """Every measure is a formula; nothing is meshed."""

    name: ClassVar[str] = "pod"
    title: ClassVar[str] = "Pod"
    studies: ClassVar[Sequence[str]] = ("wind_tunnel",)
    declaration: ClassVar[type] = PodParameters
    archetypes: ClassVar[Mapping[str, Mapping[str, float]]] = {
        "city_car": {"wheelbase": 2350.0, "front_overhang": 680.0, "rear_overhang": 560.0},
        "fastback": {"overall_height": 1430.0, "backlight_angle": 18.0, "rear_overhang": 980.0},
        "notchback": {"overall_height": 1440.0, "backlight_angle": 28.0},
        "estate": {"overall_height": 1470.0, "backlight_angle": 55.0},
        "suv": {"overall_height": 1660.0, "ground_clearance": 205.0, "backlight_angle": 55.0},
        "large_suv": {"overall_height": 1776.0, "ground_clearance": 238.0, "wheelbase": 2980.0},
        "large_saloon": {"wheelbase": 3150.0, "overall_height": 1490.0},
    }
    measure_list: ClassVar[Sequence[Measure]] = (
        Measure(
            "overall_length",
            "mm",
            "Sum of overhangs and wheelbase.",
            sum_of=("front_overhang", "wheelbase", "rear_overhang"),
        ),
        Measure("frontal_area", "m2", "Width times height above the floor.", better="less"),
        Measure("head_room_front", "mm", "Over the front seat.", better="more"),
        Measure("head_room_rear", "mm", "Over the rear seat.", better="more"),
        Measure("luggage_volume", "l", "Behind the rear axle.", better="more"),
        Measure("cabin_volume", "m3", "Between the axles.", better="more"),
        Measure("body_mass", "kg", "Area times a thickness.", better="less"),
        Measure("approach_angle", "deg", "Ahead of the front tyre.", better="more"),
    )
    calls: int = 0
    lexicon: Lexicon = LEXICON  # its names are the car's

    def broken_rules(self, values: Mapping[str, float]) -> list[Broken]:
        if values["overall_height"] - values["ground_clearance"] < 1100.0:
            return [Broken("room-above-floor", "less than 1100 mm above the floor; raise overall_height")]
        return []

    def measures(self, values: Mapping[str, float]) -> dict[str, float]:
        self.calls += 1
        v = values
        inside = v["overall_height"] - v["ground_clearance"]
        return {
            "overall_length": v["front_overhang"] + v["wheelbase"] + v["rear_overhang"],
            "frontal_area": 0.84e-6 * v["overall_width"] * inside,
            "head_room_front": inside - 330.0,
            "head_room_rear": inside - 375.0 + 2.0 * (v["backlight_angle"] - 20.0),
            "luggage_volume": 0.45e-6 * v["rear_overhang"] * v["overall_width"] * (inside - 650.0),
            "cabin_volume": 0.55e-9 * v["wheelbase"] * v["overall_width"] * inside,
            "body_mass": 30e-6 * (v["wheelbase"] + 1700.0) * (v["overall_width"] + inside),
            "approach_angle": 12.0 + 0.08 * v["ground_clearance"] - 0.02 * (v["front_overhang"] - 850.0),
        }

    def mesh(self, values: Mapping[str, float]) -> list[MeshPart]:
        raise NotImplementedError

    def hull(self, values: Mapping[str, float]) -> Mesh:
        raise NotImplementedError

    def solid(self, values: Mapping[str, float]) -> list[SolidPart]:
        raise NotImplementedError

    def hull_solid(self, values: Mapping[str, float]) -> Any:
        raise NotImplementedError


POD = Pod()


@dataclass(frozen=True)
class PodPredictor:
    """Cd falls with length, lowness, a raked screen and a backlight near 18 degrees; it knows the middle.

    Attributes:
        sigma: standard deviation of every drag coefficient.
        reach: half width of the domain in the unit cube.
    """

    sigma: float = 0.008
    reach: float = 0.5

    def predict(
        self, matrix: NDArray[np.float64], measures: Mapping[str, NDArray[np.float64] | float] = {}
    ) -> Batch:
        low, high = bounds_of(PodParameters)
        unit = (matrix - low) / (high - low)
        u = dict(zip(names_of(PodParameters), unit.T, strict=True))
        cd = (
            0.235
            + 0.05 * u["overall_height"]
            + 0.03 * u["ground_clearance"]
            - 0.03 * u["windscreen_angle"]
            - 0.02 * u["rear_overhang"]
            + 0.08 * (u["backlight_angle"] - 0.07) ** 2
            + 0.02 * (u["spoiler"] - 0.4) ** 2
            + 0.01 * u["mirror_scale"]
        )
        area = np.broadcast_to(np.asarray(measures.get("frontal_area", 1.0), dtype=np.float64), cd.shape)
        sigma = np.full_like(cd, self.sigma)
        distance = np.abs(unit - 0.5).max(axis=1) / self.reach
        value = {"drag_coefficient": cd, "lift_coefficient": 0.3 * cd, "drag_area": cd * area}
        sigmas = {"drag_coefficient": sigma, "lift_coefficient": 3 * sigma, "drag_area": sigma * area}
        return Batch(value, sigmas, distance <= 1.0 + 1e-12, distance)

    def predict_design(
        self, values: Mapping[str, float], measures: Mapping[str, float] = {}
    ) -> dict[str, Prediction]:
        known = {"frontal_area": POD.measures(values)["frontal_area"]} | dict(measures)
        batch = self.predict(as_row(PodParameters, values)[None, :], known)
        return {
            name: Prediction(
                name,
                float(batch.value[name][0]),
                "m2" if name == "drag_area" else "1",
                float(batch.value[name][0] - HALF_WIDTH * batch.sigma[name][0]),
                float(batch.value[name][0] + HALF_WIDTH * batch.sigma[name][0]),
                float(batch.sigma[name][0]),
                COVERAGE,
                bool(batch.in_domain[0]),
                float(batch.distance[0]),
                "" if batch.in_domain[0] else "a parameter lies beyond the simulated designs",
                (),
                "pod",
            )
            for name in batch.value
        }
