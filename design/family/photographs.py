"""From where bodies are photographed: the named views, and those that a product sees otherwise than a car.

A car's eye kneels a metre above the ground and its nose lies at small x. A family whose product is seen from
elsewhere gives its own, beside the others: `eyes = VIEWS | {"three_quarter": View(...)}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .frame import Vector

IN_USE = "in_use"  # name of the picture of a body among what it is used with
#: low and high share of the body's box along x, y and z
Window = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class View:
    """A named way to look at a body.

    Attributes:
        direction: from the body to the eye. A perspective one without a rise is taken from where a
            photographer kneels, about a metre above the ground.
        up: what points up in the picture.
        parallel: orthographic.
        window: the part of the body's box that fills the picture; the whole body when None.
    """

    direction: Vector
    up: Vector = (0.0, 0.0, 1.0)
    parallel: bool = True
    window: Window | None = None


VIEWS: dict[str, View] = {
    "side": View((0.0, -1.0, 0.0)),
    "front": View((-1.0, 0.0, 0.0)),
    "rear": View((1.0, 0.0, 0.0)),
    "top": View((0.0, 0.0, 1.0), (0.0, 1.0, 0.0)),
    "three_quarter": View((-0.76, -0.65, 0.0), parallel=False),
    "three_quarter_rear": View((0.76, -0.65, 0.0), parallel=False),
    "detail_front": View((-0.80, -0.60, 0.0), parallel=False, window=((0.0, 0.27), (0.0, 0.62), (0.0, 0.66))),
    "detail_rear": View((0.80, -0.60, 0.0), parallel=False, window=((0.74, 1.0), (0.0, 0.62), (0.05, 0.78))),
}
