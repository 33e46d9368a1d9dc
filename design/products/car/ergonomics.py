"""People's sizes that a brief's words stand for, each with its source.

SAE J1100's effective head room (H61-1 front, H61-2 rear) runs from the H-point (SgRP) to the headlining along
a line 8 degrees behind the vertical, plus 102 mm, about the height of the H-point above the compressed
cushion. So a head room equal to a sitter's erect sitting height lets him sit upright under the headlining;
he loses some centimetres more in the relaxed posture of a car seat.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...family.lexicon import Figure

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

_TALL = tuple(
    f"{a} {b}"
    for a in ("tall", "very tall", "big")
    for b in ("passengers", "people", "occupants", "adults", "persons", "men", "folk", "friends")
)
_ROOMS = ("head room", "headroom", "room", "space", "enough head room", "enough headroom", "head clearance")
_DRIVERS = ("tall drivers", "a tall driver", "very tall drivers", "the tall driver")
_ROWS = {"front": TALL_FRONT, "rear": TALL_REAR, "back": TALL_REAR}
#: phrases for room above tall heads, to the rows meant
FIGURES: Mapping[str, tuple[Figure, ...]] = {
    **{f"{r} for {t}": (TALL_FRONT, TALL_REAR) for r in _ROOMS for t in _TALL},
    **{f"{r} for {t} in the {s}": (row,) for r in _ROOMS for t in _TALL for s, row in _ROWS.items()},
    **{
        f"{s} {r} for {t}": (_ROWS[s],)
        for s in ("front", "rear")
        for r in ("head room", "headroom")
        for t in _TALL
    },
    **{f"{r} for {t}": (TALL_FRONT,) for r in _ROOMS for t in _DRIVERS},
}
