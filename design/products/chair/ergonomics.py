"""Whom a chair fits.

British adults of 19 to 65 years: S. Pheasant, C. Haslegrave, "Bodyspace", 3rd ed. (2006), table 2.4, measured
after ISO 7250-1 (popliteal height 4.2.12, buttock-popliteal length 4.4.7 of the 1996 edition): mean and
standard deviation in mm, normal; quoted from memory. Shoes add 25 mm to a foot.
"""

from __future__ import annotations

import math

SHOES_MM = 25.0
POPLITEAL_HEIGHT = ((440.0, 29.0), (400.0, 27.0))  # men, women
BUTTOCK_POPLITEAL = ((495.0, 32.0), (480.0, 30.0))
KNEE_GAP_MM = 20.0  # between the seat's front edge and the hollow of the knee


def _above(limit: float, people: tuple[tuple[float, float], ...]) -> float:
    """Share of adults, half of them men, whose measure is at least `limit`."""
    return sum(0.5 * math.erfc((limit - m) / s / math.sqrt(2.0)) for m, s in people) / len(people)


def feet_on_floor(seat_height: float) -> float:
    """Share of adults, in shoes, whose feet reach the ground when they sit: 0 to 1."""
    return _above(seat_height - SHOES_MM, POPLITEAL_HEIGHT)


def backs_supported(depth: float) -> float:
    """Share of adults who reach a back `depth` mm behind the seat's front edge without their knees
    pressed."""
    return _above(depth + KNEE_GAP_MM, BUTTOCK_POPLITEAL)


def knee_clearance(depth: float) -> float:
    """mm from the seat's front edge to the hollow of the knee of an average adult whose back touches a back
    `depth` mm behind that edge."""
    return sum(m for m, _ in BUTTOCK_POPLITEAL) / len(BUTTOCK_POPLITEAL) - depth
