"""How the flat nose and tail of body coordinates are bent into crowned faces: shifts along x."""

from __future__ import annotations

import numpy as np

from ...arrays import FloatArray
from .body_surfaces import BodySurfaces
from .curves import step
from .room import ROOM_END

#: how far nose and tail bow beyond their flat faces at most, mm; a face's own edges stay below it
LEAN_MM, BOW_MM = 56.0, 90.0
#: how far a raked tail leans at most above its own edge, mm: more would fold a roof that ends near it
RAKE_MM = 260.0


def nose_shift(d: BodySurfaces, x: FloatArray, y: FloatArray, z: FloatArray) -> FloatArray:
    """By how much a point near the nose moves rearward, mm: the corners' sweep and the face's bow."""
    p, reach = d.p, d.nose_reach
    q = (y / (p["overall_width"] / 2.0)) ** 2
    near_nose = 1.0 - step(x - 0.5 * reach, 0.5 * reach)
    low, high = d.nose_span
    lean = 38.0 * ((z - (low + 0.42 * (high - low))) / (0.5 * (high - low))) ** 2
    sweep = p["nose_sweep"] * q * (0.75 + 0.25 * q)
    # the lean ends along the hood so that its slope only falls: no hollow behind the nose
    leaning = np.maximum(1.0 - x / reach, 0.0)
    return np.asarray(near_nose * (sweep + ROOM_END) + leaning * leaning * leaning * _at_most(lean, LEAN_MM))


def tail_bend(d: BodySurfaces, y: FloatArray, z: FloatArray) -> FloatArray:
    """How far the tail's face lies ahead of its flat one at (y, z), mm: rake, bow and crown."""
    half = d.p["overall_width"] / 2.0
    low, high = d.tail_span
    up = (z - 0.5 * (low + high)) / (0.5 * (high - low))
    under = np.maximum(-up, 0.0)
    bow = 26.0 * up * up + 40.0 * (under * under * under)  # the bumper tucks in below
    rake = _at_most(np.tan(np.radians(d.p["tail_rake"])) * (z - low), RAKE_MM)
    return np.asarray(rake + _at_most(bow, BOW_MM) + (45.0 + 0.5 * d.p["tail_roundness"]) * (y / half) ** 2)


def _at_most(t: FloatArray, most: float) -> FloatArray:
    """t bent smoothly so as to stay below `most`."""
    q = t * (1.0 / most)
    for _ in range(3):
        q = q * q
    return np.asarray(t / np.sqrt(np.sqrt(np.sqrt(1.0 + q))))
