"""Production cars and their published dimensions: what the family's proportions are measured against.

The table is ``road_cars.csv`` beside this file. Each row names where its figures were looked up or checked;
"general knowledge" means just that: makers' published figures as remembered, within about 1 %.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ...errors import InputError

TABLE = "road_cars.csv"
#: width/aspect ratio in %, rim in inches (ISO 4000-1 designation), with or without the speed symbol
_TYRE = re.compile(r"(\d{3})/(\d{2})\s?Z?R(\d{2})")


@dataclass(frozen=True)
class RoadCar:
    """A car as its maker sells it; lengths in mm, None where nothing reliable was found.

    Attributes:
        name, year: model and the year it came out. kind: body type. drive: combustion or electric.
        width: without mirrors.
        tyre: size of a usual trim.
        source: where the figures come from.
    """

    name: str
    year: int
    kind: str
    drive: str
    length: float
    width: float
    height: float
    wheelbase: float
    front_overhang: float | None
    rear_overhang: float | None
    ground_clearance: float | None
    tyre: str
    source: str

    @property
    def tyre_diameter(self) -> float:
        """Outer diameter of the unloaded tyre, mm."""
        return tyre_diameter(self.tyre)

    @property
    def label(self) -> str:
        """``VW Golf 8 (2019)``."""
        return f"{self.name} ({self.year})"


def tyre_diameter(size: str) -> float:
    """Outer diameter, mm, of a tyre size: rim in inches x 25.4 + 2 x width x aspect ratio (ISO 4000-1).

    Raises:
        InputError: not a size like 225/45R18.
    """
    match = _TYRE.fullmatch(size.strip())
    if match is None:
        raise InputError(f"tyre size {size!r} is not of the form 225/45R18")
    width, aspect, rim = (int(group) for group in match.groups())
    return 25.4 * rim + 0.02 * width * aspect


@cache
def road_cars() -> tuple[RoadCar, ...]:
    """The table, in its order."""
    text = files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    return tuple(_car(row) for row in csv.DictReader(text.splitlines()))


def _car(row: dict[str, str]) -> RoadCar:
    def known(column: str) -> float | None:
        return float(row[column]) if row[column] else None

    return RoadCar(
        row["name"],
        int(row["year"]),
        row["kind"],
        row["drive"],
        float(row["length"]),
        float(row["width"]),
        float(row["height"]),
        float(row["wheelbase"]),
        known("front_overhang"),
        known("rear_overhang"),
        known("ground_clearance"),
        row["tyre"],
        row["source"],
    )
