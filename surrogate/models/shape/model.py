"""The shape model: what it is kept as, what it says of a mesh, and of how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from ....design.arrays import FloatArray
from ....design.errors import ModelError
from ....design.geometry.mesh import Mesh
from ....design.messages import Message, say
from ...trust.prediction import COVERAGE, HALF_WIDTH, Evidence, Prediction
from ...trust.validity import widened
from ..store import load_model
from ..table.trees import WHOLE
from .domain import ShapeDomain
from .numbers import shape_numbers
from .pressure import PressureModel, whole_of

KIND = "shape"
PREFIX = "pressure."  # what the arrays of its pressure model begin with
FARTHEST = 3.0  # beyond so many limits an interval grows no more


@dataclass(frozen=True)
class ShapeModel:
    """A family's study learned from the numbers of its runs' hulls.

    Attributes:
        info: the record (data, scores, baselines, limits). names: of the numbers (p,).
        level, slopes: by output, its value is level + (numbers - middle) / scale . slopes.
        values: of the runs by output (N,). domain, pressure: see there. profiles: of the runs, for axes.
    """

    info: Mapping[str, Any]
    names: tuple[str, ...]
    level: Mapping[str, float]
    slopes: Mapping[str, FloatArray]
    values: Mapping[str, FloatArray]
    domain: ShapeDomain
    pressure: PressureModel | None
    profiles: FloatArray

    @property
    def version(self) -> str:
        """Family and weights: ``car shape 1f0c2a9b77e0``."""
        return f"{self.info['family']} shape {self.info['weights_sha256'][:12]}"

    @property
    def neighbours_apart(self) -> float:
        """Usual root mean square distance between a run's hull and the nearest other's, share of the length:
        a body that lies nearer to the family than that is as well known as one of the family's own."""
        return float(self.info["limits"]["neighbours_apart"])

    def predict(self, mesh: Mesh) -> dict[str, Prediction]:
        """Every output of a closed mesh, mm, nose first, on its ground; by its numbers alone."""
        named = shape_numbers(mesh)
        numbers = np.array([[named[n] for n in self.names]])
        keys = keys_of(named)[None]
        ratios = {k: float(v[0]) for k, v in self.domain.ratios(numbers, keys).items()}
        distance = float(max(ratios.values()))
        why: list[Message] = self.domain.why(keys[0], ratios)
        places, _ = self.domain.along(numbers)
        order, away = self.domain.distances(places)
        unit = np.clip((numbers[0] - self.domain.middle) / self.domain.scale, -4.0, 4.0)
        found = {}
        for name, about in self.info["outputs"].items():
            value = self.level[name] + float(unit @ self.slopes[name])
            spread = float(self.values[name].std())
            value = float(np.clip(value, self.values[name].min() - spread, self.values[name].max() + spread))
            plain = np.array([about["half_width"] / HALF_WIDTH])
            sigma = float(widened(plain, np.array([min(distance, FARTHEST)]), spread)[0])
            evidence = tuple(
                Evidence(self.info["runs"][i], self.info["fidelity"], float(d), float(self.values[name][i]))
                for i, d in zip(order[0, :5], away[0, :5], strict=True)
            )
            found[name] = Prediction(
                name, value, about["unit"], value - HALF_WIDTH * sigma, value + HALF_WIDTH * sigma, sigma,
                COVERAGE, distance <= 1.0, distance, "; ".join(why), evidence, self.version,
            )  # fmt: skip
        return found

    def pressure_on(self, mesh: Mesh) -> FloatArray | None:
        """Pressure coefficient on every vertex (v,); None where no run kept its pressure."""
        if self.pressure is None:
            return None
        named = shape_numbers(mesh)
        numbers = np.array([[named[n] for n in self.names]])
        return self.pressure.at(mesh, whole_of(self.names, numbers, self.domain)[0])


def keys_of(named: Mapping[str, float]) -> FloatArray:
    """The numbers that say how large and stretched a body is, (5,), as of :data:`.domain.KEYS`."""
    length = named["length"]
    height = length * named["height_of_length"]
    return np.array(
        [
            length,
            height,
            length * named["width_of_length"],
            height * named["clearance_of_height"],
            height * named["crown_18"],
        ]
    )


def shipped_shape_model_path(family: str) -> Path:
    """Where a family's shape model lies in the package."""
    return Path(str(files("maquette.assets"))) / "models" / f"{family}_shape"


@lru_cache(maxsize=4)
def load_shape_model(folder: Path) -> ShapeModel:
    """Read a model that :mod:`.train` wrote.

    Raises:
        ModelError: missing, damaged, or of another kind.
    """
    info, arrays = load_model(folder)
    if info.get("kind") != KIND:
        raise ModelError(say("{folder}: is no model of shapes", folder=folder))
    try:
        names = list(info["outputs"])
        domain = ShapeDomain(
            **{
                k: arrays[f"domain.{k}"]
                for k in ("middle", "scale", "axes", "back", "anchors", "low", "high")
            },
            rest=info["limits"]["rest"],
            reach=info["limits"]["reach"],
        )
        pressure = None
        trees = {k.removeprefix(PREFIX): v for k, v in arrays.items() if k.startswith(PREFIX)}
        if trees:
            pressure = PressureModel({k: v.astype(np.int64) if k in WHOLE else v for k, v in trees.items()})
        return ShapeModel(
            info,
            tuple(info["numbers"]),
            {n: float(info["outputs"][n]["level"]) for n in names},
            {n: arrays[f"slopes.{n}"] for n in names},
            {n: arrays[f"values.{n}"] for n in names},
            domain,
            pressure,
            arrays["profiles"],
        )
    except (KeyError, TypeError) as error:
        raise ModelError(
            say("{folder}: the model is incomplete ({what})", folder=folder, what=str(error))
        ) from error
