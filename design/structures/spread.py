"""Where nine in ten of the products lie whose strength or stiffness was worked out on beams.

Two things spread it. Pieces of one material differ: its `scatter`, from the sources of
:mod:`.materials`. And beams are not the walls that they stand for: each family states between which ratios
of beam over shell nine in ten of its designs lay (`maquette.surrogate.studies.structure.agreement` measures
them). Both are taken as independent of each other and to act on the logarithm. Loads are those of a standard
and spread nothing; joints, fatigue and impact are not in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from .materials import NINE_IN_TEN
from .solve import Solved
from .verdict import critical

#: what can be told of a solved structure, as families and the study `structure` call it
SAFETY, STRESS, DEFLECTION = "safety_factor", "peak_stress", "max_deflection"
#: ratio of beam over shell, by number: low and high end of nine in ten designs
Ratios = Mapping[str, tuple[float, float]]


def spread(
    solved: Solved, name: str, value: float, beam_over_shell: Ratios, stiffness: bool = False
) -> tuple[float, float]:
    """Low and high end of nine in ten for the number `name` of a solved structure.

    Args:
        value: of that number. stiffness: it grows with Young's modulus, as deflections fall with it.
    """
    low, high = beam_over_shell[name]
    pieces = (1.0, 1.0)
    if name == SAFETY:
        pieces = critical(solved).material.pieces
    elif name != STRESS:
        most = NINE_IN_TEN * max(m.material.scatter[0] for m in solved.structure.members)
        pieces = (1.0 - most, 1.0 + most) if stiffness else (1.0 / (1.0 + most), 1.0 / (1.0 - most))
    return value * math.exp(-_both(high, 1.0 / pieces[0])), value * math.exp(_both(1.0 / low, pieces[1]))


def _both(*ratios: float) -> float:
    """Independent shares of one step of the logarithm; none pulls the other way."""
    return math.hypot(*(max(math.log(r), 0.0) for r in ratios))
