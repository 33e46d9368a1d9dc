"""What may be chosen of a chair: seat, back, frame, stretchers, arms.

What a part is made of and how it is built changes mass and strength, so these are whole numbers and not named
choices, which change looks only: materials are numbered from light to heavy, bases from four legs to one bent
tube. Pages and reports show the words for each number; more of them stand in the lexicon ("sled base").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ...family.parameters import Choice, Range

SEAT, BACK, FRAME, STRETCHERS, ARMS, LOOKS = "seat", "back", "frame", "stretchers", "arms", "looks"

LEGS, SLED, CANTILEVER = 1, 2, 3  # base
TIMBER, ALUMINIUM, STEEL = 1, 2, 3  # frame_material
PLASTIC, PLYWOOD, SOLID = 1, 2, 3  # seat_material
ROUND, SQUARE = 1, 2  # leg_section
NO_BACK, SLATS, SPINDLES, PANEL, HOOP, SHELL = range(6)  # back_kind
NO_STRETCHERS, SIDES, H_FORM, BOX = range(4)  # stretchers

#: words for those numbers, in their order
SEATS, FRAMES = ("plastic", "plywood", "solid_wood"), ("timber", "aluminium", "steel")
BASES, SECTIONS = ("four_legs", "sled_base", "cantilever_base"), ("round", "square")
BACKS = ("none", "slats", "spindles", "panel", "hoop", "one_shell")
STRETCHING, RESTS = ("none", "at_the_sides", "as_an_h", "all_round"), ("none", "arm_rests")

FRAME_COLOURS = ("natural", "black", "white", "chrome", "grey", "red", "green", "blue", "walnut", "ash")
SEAT_COLOURS = (
    "natural",
    "black",
    "white",
    "walnut",
    "cane",
    "grey",
    "red",
    "green",
    "blue",
    "yellow",
    "ash",
)


@dataclass(frozen=True)
class ChairParameters:
    """One space from the stool to the armchair."""

    seat_height: Annotated[
        float, Range(340, 800, 455, "mm", "Ground to the top of the seat's front edge, nobody sitting.", SEAT)
    ]
    seat_width: Annotated[float, Range(370, 530, 420, "mm", "Across the seat at its front.", SEAT)]
    seat_depth: Annotated[float, Range(320, 480, 410, "mm", "Front to rear edge, along the seat.", SEAT)]
    seat_angle: Annotated[float, Range(0, 8, 3, "deg", "Fall of the seat to the rear.", SEAT)]
    seat_dish: Annotated[float, Range(0, 22, 10, "mm", "Hollow of the seat from front to rear.", SEAT)]
    seat_thickness: Annotated[float, Range(6, 32, 11, "mm", "Thickness of the seat.", SEAT)]
    seat_roundness: Annotated[
        float,
        Range(
            0.08, 0.95, 0.35, "1", "Radius of the seat's corners as a share of half its smaller side.", SEAT
        ),
    ]
    seat_taper: Annotated[float, Range(0, 90, 30, "mm", "How much narrower the seat is at the rear.", SEAT)]
    seat_material: Annotated[
        int, Range(1, 3, 2, "1", "Seat and back: 1 plastic, 2 plywood, 3 solid.", SEAT, words=SEATS)
    ]
    back_kind: Annotated[
        int,
        Range(
            0,
            5,
            3,
            "1",
            "0 none, 1 slats, 2 spindles, 3 panel, 4 hoop, 5 one shell with the seat.",
            BACK,
            words=BACKS,
        ),
    ]
    back_height: Annotated[
        float, Range(280, 520, 360, "mm", "Height of the seat's front edge to the top of the back.", BACK)
    ]
    back_width: Annotated[float, Range(280, 460, 380, "mm", "Between the posts at the top.", BACK)]
    back_angle: Annotated[float, Range(4, 24, 13, "deg", "Lean of the back from the vertical.", BACK)]
    back_curve: Annotated[float, Range(0, 55, 25, "mm", "Hollow of the back across its width.", BACK)]
    back_roundness: Annotated[
        float,
        Range(
            0.05,
            0.95,
            0.4,
            "1",
            "Rounding of the back's upper corners: 0 as tight as can be made, 1 a full arch.",
            BACK,
        ),
    ]
    back_opening: Annotated[float, Range(90, 200, 150, "mm", "Seat to the lowest slat or panel.", BACK)]
    back_members: Annotated[int, Range(2, 9, 3, "1", "Slats or spindles.", BACK)]
    base: Annotated[int, Range(1, 3, 1, "1", "1 four legs, 2 sled, 3 cantilever.", FRAME, words=BASES)]
    frame_material: Annotated[
        int, Range(1, 3, 3, "1", "1 timber, 2 aluminium, 3 steel tube.", FRAME, words=FRAMES)
    ]
    leg_size: Annotated[float, Range(18, 36, 22, "mm", "Diameter or side of a leg at the seat.", FRAME)]
    leg_section: Annotated[int, Range(1, 2, 1, "1", "1 round, 2 square.", FRAME, words=SECTIONS)]
    leg_taper: Annotated[
        float, Range(0.5, 1.0, 0.8, "1", "Foot over top of straight legs; bent tube keeps its size.", FRAME)
    ]
    wall: Annotated[float, Range(1.2, 3.5, 1.5, "mm", "Wall of the tube.", FRAME, shapes_hull=False)]
    leg_inset: Annotated[
        float,
        Range(-20, 40, -8, "mm", "Seat's corner to the middle of a leg, inwards along both sides.", FRAME),
    ]
    front_splay: Annotated[float, Range(0, 14, 5, "deg", "Lean of the front legs forward.", FRAME)]
    rear_splay: Annotated[float, Range(0, 20, 10, "deg", "Lean of the rear legs to the rear.", FRAME)]
    side_splay: Annotated[float, Range(0, 12, 4, "deg", "Lean of the legs outward.", FRAME)]
    bend_radius: Annotated[float, Range(50, 110, 65, "mm", "Of bends, to the middle of the tube.", FRAME)]
    stretchers: Annotated[
        int,
        Range(
            0,
            3,
            0,
            "1",
            "Between legs: 0 none, 1 at the sides, 2 as an H, 3 all round.",
            STRETCHERS,
            words=STRETCHING,
        ),
    ]
    stretcher_height: Annotated[
        float,
        Range(0.2, 0.6, 0.35, "1", "Height of the stretchers as a share of the seat height.", STRETCHERS),
    ]
    arms: Annotated[int, Range(0, 1, 0, "1", "0 none, 1 arm rests.", ARMS, words=RESTS)]
    arm_height: Annotated[
        float,
        Range(170, 270, 215, "mm", "Height of the seat's front edge to the top of the arm rests.", ARMS),
    ]
    frame_colour: Annotated[
        str, Choice(FRAME_COLOURS, "black", "Colour of the frame; natural is bare timber or metal.", LOOKS)
    ]
    seat_colour: Annotated[
        str,
        Choice(
            SEAT_COLOURS, "natural", "Colour of seat and back; natural is bare wood or undyed plastic.", LOOKS
        ),
    ]
