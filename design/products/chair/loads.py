"""The tests that seats are put to: places and forces of EN 1728:2012, levels of the standards for use.

Levels: EN 12520 (domestic), EN 16139:2013 table 1, level 1 (general use: offices, hotels, cafes, public
rooms) and level 2 (severe use: barracks, night clubs, waiting rooms). The standards are sold, not published.
Seen in print: that EN 16139:2013 has one table of tests, of which numbers 1, 2, 4, 6 to 10 and 12 to 14 are
safety tests (its clauses 4.5 and 6, xueke.org/wenku/56297_10.html); that EN 12520:2015 loads the seat in the
middle, with the back, and 100 mm behind its front edge (tentangkayu.com/2022/04, a furniture maker's notes on
the tests); every clause number of EN 1728 below (the list of tests in a furniture laboratory's reporting
program, public on GitHub, which gives EN 1022:2018, 7.3.1 to 7.3.6, too); of the forces, at level 1 of EN
16139:2013 the seat's 1600 N, ten times, and its front edge's 1300 N (report 5F013838C of SP Technical
Research Institute of Sweden, 2015-09-17, as public code cites it), and the seat's 1300 N of EN 12520 (public
code); of the back's, that ISO 7173 has 560 N beside 1300 N on the seat (public code again). All other forces
stand here from memory and from notes of the project; no public copy of the tables was found in twenty-six
searches: they are to be checked before anybody certifies by them. EN 16139:2025 has been
published since. Only static tests are computed; fatigue, impact, drop and creep are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Level = Literal["domestic", "general", "severe"]
STANDARD: Mapping[Level, str] = {
    "domestic": "EN 12520:2015",
    "general": "EN 16139:2013 level 1",
    "severe": "EN 16139:2013 level 2",
}


@dataclass(frozen=True)
class Test:
    """A static test: clause of EN 1728:2012 and the force in N at each level."""

    name: str
    clause: str
    force: Mapping[Level, float]

    def source(self, level: Level) -> str:
        """Where its load stands."""
        return f"EN 1728:2012, {self.clause}; {STANDARD[level]}"


def _levels(domestic: float, general: float, severe: float) -> Mapping[Level, float]:
    return MappingProxyType({"domestic": domestic, "general": general, "severe": severe})


SEAT_AND_BACK = Test("seat and back", "6.4", _levels(1300.0, 1600.0, 2000.0))
ON_BACK = _levels(450.0, 560.0, 700.0)  # with the load on the seat
FRONT_EDGE = Test("front edge", "6.5", _levels(1300.0, 1300.0, 1600.0))
LEGS_FORWARD = Test("legs forward", "6.15", _levels(400.0, 500.0, 620.0))
LEGS_SIDEWAYS = Test("legs sideways", "6.16", _levels(300.0, 400.0, 500.0))
ON_SEAT = _levels(1000.0, 1000.0, 1250.0)  # on the seat while the legs are tried
ARMS_SIDEWAYS = Test("arms sideways", "6.10", _levels(300.0, 400.0, 900.0))
ARM_DOWN = Test("arm down", "6.11", _levels(700.0, 750.0, 1000.0))
FOOT_REST = Test("foot rest", "6.8", _levels(1000.0, 1300.0, 1600.0))

#: mm: seat loading point before the back; on a stool before the seat's rear edge likewise
BEFORE_BACK = 175.0
#: mm: back loading point above the seat, or below the top of the back where that is lower
ABOVE_SEAT, BELOW_TOP = 300.0, 100.0
FROM_FRONT = 100.0  # mm: front edge test
ASIDE = 100.0  # mm from the middle, of the load on the seat while legs are tried sideways
ARM_FROM_FRONT = 100.0  # mm
HIGH_SEAT = 600.0  # mm: from this height a seat's stretchers are foot rests
