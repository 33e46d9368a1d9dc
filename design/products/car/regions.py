"""Places on a car in words, for what a picture shows and the fitted body does not."""

from __future__ import annotations

import numpy as np

from ...arrays import FloatArray
from ...family.contract import Outline, Region
from ...family.frame import Frame
from ...messages import Message, say

NEAR_WHEEL = 1.9  # radii of the rim within which a place is around its wheel


def region(frame: Frame, outline: Outline, view: str, place: tuple[float, float], sideways: bool) -> Region:
    """See :meth:`maquette.design.family.contract.Family.region`."""
    middle = frame.middle(outline.mesh.bounds)
    flat = frame.project(outline.mesh.vertices, middle, view)
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    along, down = (place[0] - left) / (right - left), (place[1] - top) / (bottom - top)
    if down > 0.45:
        for name in ("front", "rear"):
            rim = frame.project(outline.borders[f"{name} rim"].points, middle, view)
            if _within(rim, place):
                return Region(say("front wheel") if name == "front" else say("rear wheel"), open=True)
    return Region(_name(along, down, sideways))


def _within(rim: FloatArray, place: tuple[float, float]) -> bool:
    centre = rim.mean(axis=0)
    radius = float(np.hypot(*(rim - centre).T).max())
    return float(np.hypot(*(np.array(place) - centre))) < NEAR_WHEEL * radius


def _name(along: float, down: float, sideways: bool) -> Message:
    if sideways and (along < 0.12 or along > 0.88):
        return say("nose") if along < 0.5 else say("tail")
    if down > 0.72:
        if along < 0.25:
            return say("underside in front")
        return say("underside behind") if along > 0.75 else say("underside in the middle")
    if along < 0.28:
        return say("bonnet")
    if along < 0.42:
        return say("windscreen")
    return say("roof") if along < 0.78 else say("tail")
