"""The frame's parameters: the one declaration that everything else reads.

The geometry is that of FRAMED (Regenwetter, Weaver, Ahmed, arXiv 2201.10459) and of BikeCAD before it, with
stack and reach in place of stack and the down tube's length. Angles are those that frame builders give: from
the horizontal, a slacker one smaller. Walls are the same along a tube.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ...family.parameters import Choice, Range

GEOMETRY, JOINTS, TUBES, WALLS, REAR, FINISH = "geometry", "joints", "tubes", "walls", "rear end", "finish"

BRIDGE, METALS = ("none", "one"), ("steel", "aluminium", "titanium")  # names of whole numbers
PAINTS = ("gloss", "raw", "dark", "signal", "green", "ivory", "sky", "sand")


def _tube(low: float, high: float, usual: float, doc: str) -> Range:
    return Range(low, high, usual, "mm", doc, TUBES)


def _wall(high: float, usual: float, doc: str, hull: bool = False) -> Range:
    return Range(0.6, high, usual, "mm", doc, WALLS, shapes_hull=hull)


@dataclass(frozen=True)
class BicycleParameters:
    """A diamond frame of round tubes, from a low step-through to a hardtail."""

    stack: Annotated[
        float, Range(510, 670, 575, "mm", "Bottom bracket up to the top of the head tube.", GEOMETRY)
    ]
    reach: Annotated[
        float, Range(340, 470, 388, "mm", "Bottom bracket forward to the top of the head tube.", GEOMETRY)
    ]
    head_angle: Annotated[
        float, Range(65, 75, 72, "deg", "Steering axis from the horizontal; less is slacker.", GEOMETRY)
    ]
    seat_angle: Annotated[float, Range(69, 78, 73.5, "deg", "Seat tube from the horizontal.", GEOMETRY)]
    head_tube_length: Annotated[float, Range(110, 225, 150, "mm", "Lower to upper end.", GEOMETRY)]
    seat_tube_length: Annotated[float, Range(380, 620, 510, "mm", "Bottom bracket to its top.", GEOMETRY)]
    chain_stay_length: Annotated[
        float, Range(400, 480, 428, "mm", "Bottom bracket to the rear axle.", GEOMETRY)
    ]
    bottom_bracket_drop: Annotated[
        float, Range(25, 85, 70, "mm", "Bottom bracket below the line of the axles.", GEOMETRY)
    ]
    head_tube_lower: Annotated[
        float, Range(28, 60, 40, "mm", "Down tube's axis above the head tube's lower end.", JOINTS)
    ]
    head_tube_upper: Annotated[
        float, Range(18, 56, 32, "mm", "Top tube's axis below the head tube's upper end.", JOINTS)
    ]
    seat_tube_extension: Annotated[
        float, Range(16, 300, 45, "mm", "Top tube's axis below the seat tube's top.", JOINTS)
    ]
    seat_stay_drop: Annotated[
        float, Range(14, 180, 50, "mm", "Seat stays' axis below the seat tube's top.", JOINTS)
    ]
    seat_stay_spread: Annotated[
        float, Range(8, 22, 12, "mm", "Seat stay's axis beside the seat tube's axis.", JOINTS)
    ]
    chain_stay_inset: Annotated[
        float, Range(8, 20, 13, "mm", "Chain stay's axis inside the end of the shell.", JOINTS)
    ]
    head_tube_diameter: Annotated[float, _tube(36, 58, 44, "Head tube, outside.")]
    top_tube_diameter: Annotated[float, _tube(24, 42, 28.6, "Top tube, outside.")]
    down_tube_diameter: Annotated[float, _tube(28, 48, 35, "Down tube, outside.")]
    seat_tube_diameter: Annotated[float, _tube(27, 42, 31.8, "Seat tube, outside.")]
    chain_stay_diameter: Annotated[float, _tube(14, 25, 19, "Chain stays, outside.")]
    seat_stay_diameter: Annotated[float, _tube(10, 22, 14, "Seat stays, outside.")]
    bridge_diameter: Annotated[float, _tube(8, 20, 12, "Bridges between the stays, outside.")]
    shell_diameter: Annotated[float, _tube(38, 54, 42, "Bottom bracket shell, outside.")]
    shell_width: Annotated[float, Range(68, 100, 73, "mm", "Bottom bracket shell, face to face.", REAR)]
    dropout_spacing: Annotated[
        float, Range(110, 150, 135, "mm", "Rear hub's length over its locknuts.", REAR)
    ]
    seat_stay_bridge_offset: Annotated[
        float, Range(345, 400, 362, "mm", "Rear axle to the seat stays' bridge.", REAR)
    ]
    chain_stay_bridge_offset: Annotated[
        float, Range(345, 400, 362, "mm", "Rear axle to the chain stays' bridge.", REAR)
    ]
    seat_stay_bridge: Annotated[
        int, Range(0, 1, 1, "1", "A bridge between the seat stays.", REAR, words=BRIDGE)
    ]
    chain_stay_bridge: Annotated[
        int, Range(0, 1, 1, "1", "A bridge between the chain stays.", REAR, words=BRIDGE)
    ]
    head_tube_wall: Annotated[float, _wall(4, 1.6, "Wall of the head tube.")]
    top_tube_wall: Annotated[float, _wall(2.5, 0.8, "Wall of the top tube.")]
    down_tube_wall: Annotated[float, _wall(2.5, 0.9, "Wall of the down tube.")]
    seat_tube_wall: Annotated[float, _wall(2.5, 0.9, "Wall of the seat tube.")]
    chain_stay_wall: Annotated[float, _wall(2.5, 0.9, "Wall of the chain stays.")]
    seat_stay_wall: Annotated[float, _wall(2.5, 0.8, "Wall of the seat stays.")]
    shell_wall: Annotated[float, _wall(5, 2.5, "Wall of the bottom bracket shell.")]
    material: Annotated[int, Range(1, 3, 1, "1", "1 steel, 2 aluminium, 3 titanium.", TUBES, words=METALS)]
    paint: Annotated[str, Choice(PAINTS, "gloss", "How the tubes are finished.", FINISH)]
