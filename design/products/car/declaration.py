"""The car's parameters: the one declaration that everything else reads.

The proportions are the SAE J1100 dimensions that do not contradict each other: wheelbase and the two
overhangs are free and the overall length (L103) is their sum; width and wheel inset are free and the track
(W101) follows. Heights inside the body are given relative to each other (belt ratio, cowl rise, deck rise)
so that nearly every point of the space is a car.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ...family.parameters import Choice, Range
from .choices import DOOR_HANDLES, DOORS, FRONT_LAMPS, GRILLES, MIRRORS, REAR_LAMPS, RIMS, ROOFS, TRIMS

PROPORTIONS, WHEELS, FRONT = "proportions", "wheels", "front"
GREENHOUSE, REAR, UNDERBODY, DETAILS = "greenhouse", "rear", "underbody", "details"


@dataclass(frozen=True)
class CarParameters:
    """A passenger car body, city car to large saloon, fastback, notchback, estate and SUV."""

    wheelbase: Annotated[
        float, Range(2250, 3300, 2800, "mm", "Distance between the axles.", PROPORTIONS, "L101")
    ]
    front_overhang: Annotated[
        float,
        Range(680, 1000, 850, "mm", "Front axle to the foremost point of the body.", PROPORTIONS, "L104"),
    ]
    rear_overhang: Annotated[
        float,
        Range(550, 1200, 920, "mm", "Rear axle to the rearmost point of the body.", PROPORTIONS, "L105"),
    ]
    overall_width: Annotated[
        float, Range(1620, 2020, 1840, "mm", "Widest point of the body without mirrors.", PROPORTIONS, "W103")
    ]
    overall_height: Annotated[
        float, Range(1230, 2000, 1450, "mm", "Ground to the roof's highest point.", PROPORTIONS, "H100")
    ]
    ground_clearance: Annotated[
        float,
        Range(105, 250, 145, "mm", "Ground to the flat underbody between the axles.", PROPORTIONS, "H156"),
    ]
    tyre_diameter: Annotated[
        float, Range(570, 800, 680, "mm", "Outer diameter of the unloaded tyre.", WHEELS)
    ]
    tyre_width: Annotated[float, Range(165, 285, 225, "mm", "Section width of the tyre.", WHEELS)]
    wheel_inset: Annotated[
        float, Range(0, 45, 8, "mm", "How far the tyre's outer face stands inside the body side.", WHEELS)
    ]
    wheel_arch_gap: Annotated[
        float, Range(25, 70, 38, "mm", "Radial gap between tyre and wheel arch.", WHEELS, shapes_hull=False)
    ]
    fender_flare: Annotated[
        float, Range(0, 45, 20, "mm", "How far the arches swell out of the body side.", WHEELS)
    ]
    nose_height: Annotated[
        float,
        Range(
            0.58, 0.94, 0.80, "1", "Height of the hood's leading edge as a share of the cowl height.", FRONT
        ),
    ]
    nose_roundness: Annotated[
        float, Range(60, 280, 120, "mm", "Length over which the nose rounds into hood and sides.", FRONT)
    ]
    nose_sweep: Annotated[
        float,
        Range(
            60, 280, 170, "mm", "Plan-view taper front: how far the front corners lie behind the nose.", FRONT
        ),
    ]
    hood_crown: Annotated[
        float, Range(0, 60, 25, "mm", "Lengthwise bow of the hood above its straight line.", FRONT)
    ]
    cowl_setback: Annotated[
        float,
        Range(
            -0.06,
            0.30,
            0.16,
            "1",
            "A-pillar base: windscreen base behind the front axle, share of wheelbase.",
            FRONT,
        ),
    ]
    cowl_rise: Annotated[
        float, Range(-20, 100, 50, "mm", "Cowl (hood's rear end) above the belt line.", FRONT)
    ]
    belt_ratio: Annotated[
        float,
        Range(
            0.48,
            0.67,
            0.60,
            "1",
            "Belt line height as a share of the body's height above the floor.",
            GREENHOUSE,
        ),
    ]
    belt_slope: Annotated[
        float, Range(-0.5, 3.5, 1.2, "deg", "Rise of the belt line towards the rear (wedge).", GREENHOUSE)
    ]
    windscreen_angle: Annotated[
        float, Range(40, 68, 60, "deg", "Windscreen slope from the vertical.", GREENHOUSE, "A121-1")
    ]
    roof_peak: Annotated[
        float,
        Range(
            0.1,
            0.6,
            0.3,
            "1",
            "Highest point of the roof, share of the way from header to roof end.",
            GREENHOUSE,
        ),
    ]
    roof_camber: Annotated[float, Range(10, 90, 40, "mm", "Bow of the roof across the car.", GREENHOUSE)]
    roof_end_drop: Annotated[
        float, Range(15, 130, 70, "mm", "How far the roof has come down at its rear end.", GREENHOUSE)
    ]
    tumblehome: Annotated[
        float,
        Range(10, 32, 22, "deg", "Lean of the side glass inwards from the vertical.", GREENHOUSE, "W122"),
    ]
    shoulder_width: Annotated[
        float, Range(5, 90, 40, "mm", "Step from the body side to the side glass at the belt.", GREENHOUSE)
    ]
    side_crown: Annotated[
        float, Range(10, 90, 40, "mm", "Bulge of the body side: how far sill tucks in.", GREENHOUSE)
    ]
    side_sculpture: Annotated[
        float,
        Range(
            0,
            35,
            10,
            "mm",
            "Depth of the hollow in the doors between shoulder and sill, which catches the light.",
            GREENHOUSE,
        ),
    ]
    crease_sharpness: Annotated[
        float,
        Range(
            0,
            1,
            0.5,
            "1",
            "Edges of wings, shoulders, pillars and screens: soft (0) to crisp (1).",
            GREENHOUSE,
        ),
    ]
    backlight_angle: Annotated[
        float, Range(14, 78, 32, "deg", "Slope of the rear glass from the horizontal.", REAR)
    ]
    deck_length: Annotated[
        float, Range(20, 560, 220, "mm", "Rear deck from the base of the rear glass to the tail.", REAR)
    ]
    deck_rise: Annotated[
        float, Range(-60, 125, 45, "mm", "Height of the deck above the belt line at the rear glass.", REAR)
    ]
    boat_tail_angle: Annotated[
        float,
        Range(0, 12, 5, "deg", "Plan-view taper rear: inward angle of the sides behind the rear axle.", REAR),
    ]
    tail_roundness: Annotated[
        float, Range(25, 140, 60, "mm", "Length over which the sides round into the tail.", REAR)
    ]
    tail_rake: Annotated[
        float, Range(-4, 18, 6, "deg", "Lean of the tail face forward from the vertical.", REAR)
    ]
    spoiler: Annotated[
        float, Range(0, 60, 12, "mm", "Height of the lip at the trailing edge of deck or roof.", REAR)
    ]
    diffuser_angle: Annotated[
        float, Range(0, 14, 9, "deg", "Upward slope of the underbody at the rear.", UNDERBODY)
    ]
    chin_rise: Annotated[
        float, Range(0, 120, 55, "mm", "Height of the front lip above the underbody.", UNDERBODY)
    ]
    lamp_height: Annotated[
        float, Range(60, 180, 110, "mm", "Height of the head lamps.", DETAILS, shapes_hull=False)
    ]
    front_lamps: Annotated[
        str,
        Choice(
            FRONT_LAMPS,
            FRONT_LAMPS[0],
            "Signature of the head lamps: what the face is known by at night.",
            DETAILS,
        ),
    ]
    rear_lamps: Annotated[str, Choice(REAR_LAMPS, REAR_LAMPS[0], "Signature of the tail lamps.", DETAILS)]
    grille: Annotated[
        str,
        Choice(
            GRILLES,
            GRILLES[0],
            "What stands between the head lamps: nothing, a slot, or an air intake of some form.",
            DETAILS,
        ),
    ]
    rim: Annotated[str, Choice(RIMS, RIMS[0], "Spokes or disc of the wheels.", DETAILS)]
    mirrors: Annotated[str, Choice(MIRRORS, MIRRORS[0], "Form of the door mirrors' housings.", DETAILS)]
    door_handles: Annotated[
        str,
        Choice(
            DOOR_HANDLES,
            DOOR_HANDLES[0],
            "Handles flush with the door, standing out as a bow, or not to be seen.",
            DETAILS,
        ),
    ]
    roof: Annotated[
        str, Choice(ROOFS, ROOFS[0], "Roof panel in body colour, in black (two-tone), or of glass.", DETAILS)
    ]
    trim: Annotated[
        str,
        Choice(
            TRIMS,
            TRIMS[0],
            "Finish of window frames and strips: black, bright metal, or body colour.",
            DETAILS,
        ),
    ]
    doors: Annotated[str, Choice(DOORS, DOORS[0], "Number of side doors.", DETAILS, free=False)]
