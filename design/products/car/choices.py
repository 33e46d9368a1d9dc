"""The car's named options: details that change its looks and not its hull.

Each list stands in the order in which interfaces show it; design files hold the names, never the places.
"""

from __future__ import annotations

FRONT_LAMPS = ("slim", "blade", "round", "twin_round", "hook", "stacked", "light_bar")
REAR_LAMPS = ("wrap", "light_bar", "round", "vertical", "hook")
GRILLES = ("closed", "slot", "wide", "shield", "split", "slats")
RIMS = (
    "twin_five",
    "five_spoke",
    "six_spoke",
    "ten_spoke",
    "multi_spoke",
    "turbine",
    "mesh",
    "aero_disc",
)
MIRRORS = ("classic", "slim", "square")
DOOR_HANDLES = ("flush", "bow", "hidden")
ROOFS = ("body_colour", "black", "glass")
TRIMS = ("black", "bright", "body_colour")
DOORS = ("four", "two")

#: name of the choice to its options; the first one is what a design has that says nothing
CHOICES: dict[str, tuple[str, ...]] = {
    "front_lamps": FRONT_LAMPS,
    "rear_lamps": REAR_LAMPS,
    "grille": GRILLES,
    "rim": RIMS,
    "mirrors": MIRRORS,
    "door_handles": DOOR_HANDLES,
    "roof": ROOFS,
    "trim": TRIMS,
    "doors": DOORS,
}
