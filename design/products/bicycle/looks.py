"""Colour, role and finish of the frame's parts."""

from __future__ import annotations

from collections.abc import Mapping

from ...geometry.mesh import Colour, FinishName
from .declaration import PAINTS
from .materials import alloy

PAINT: Mapping[str, Colour] = {
    "gloss": (0.06, 0.23, 0.36, 1.0),
    "dark": (0.07, 0.07, 0.08, 1.0),
    "signal": (0.78, 0.16, 0.05, 1.0),
}


def look(part: str, values: Mapping[str, float]) -> tuple[Colour, str, FinishName]:
    """Colour, role and finish: dropouts stay bare, everything is bare with the raw finish."""
    paint = PAINTS[int(values.get("paint", 0.0))]
    bare = alloy(values).colour
    if "dropout" in part:
        return bare, "proud", "metal"
    if paint == "raw":
        return bare, "body", "metal"
    return PAINT[paint], "body", "paint"
