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
    "green": (0.05, 0.24, 0.15, 1.0),
    "ivory": (0.88, 0.84, 0.72, 1.0),
    "sky": (0.40, 0.64, 0.74, 1.0),
    "sand": (0.66, 0.53, 0.36, 1.0),
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
