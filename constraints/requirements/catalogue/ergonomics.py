"""People's sizes that a brief's words stand for, each with its source.

SAE J1100's effective head room (H61-1 front, H61-2 rear) runs from the H-point (SgRP) to the headlining along
a line 8 degrees behind the vertical, plus 102 mm, about the height of the H-point above the compressed
cushion. So a head room equal to a sitter's erect sitting height lets him sit upright under the headlining;
he loses some centimetres more in the relaxed posture of a car seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A limit that words stand for: quantity, at least this value, and where the value comes from."""

    quantity: str
    at_least: float
    unit: str
    source: str


TALL_FRONT = Figure(
    "head_room_front",
    965.0,
    "mm",
    "erect sitting height of the 95th-percentile British man aged 19 to 65, 965 mm (Pheasant, Bodyspace)",
)
TALL_REAR = Figure(
    "head_room_rear",
    945.0,
    "mm",
    "the same man relaxed by 20 mm; the rear head room of roomy saloons (Honda Accord 37.2 in, Tesla Model 3 "
    "37.7 in, manufacturers' H61-2)",
)
#: "head room for tall passengers": both rows
TALL_PASSENGERS: Sequence[Figure] = (TALL_FRONT, TALL_REAR)
