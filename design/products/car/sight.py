"""What the car's front lets be seen: how high its dipped beams stand, and the road over the hood.

UN R48 says where lamps may be; UN R125 what a driver must see forwards, from two points V1 and V2 that stand
above the design H-point (SgRP). Only what the outer shape decides is measured.
"""

from __future__ import annotations

import numpy as np

from .definition import Definition
from .face import BEAM, face_of
from .lamps import head_lamps
from .skin import Skin
from .wrap import wraps

#: V2 of UN R125, annex 4, for a seat back of 25 deg: behind and above the H-point, mm
V2_BEHIND_MM, V2_ABOVE_MM = 68.0, 589.0


def beam_heights(d: Definition, s: Skin) -> tuple[float, float]:
    """Lowest and highest point of the dipped-beam lamps above the ground, mm (UN R48, 6.2.4.2)."""
    face = face_of(d, wraps(s)[0])
    beams = [p for p in head_lamps(d, face).patches if p.colour == BEAM]
    z = np.concatenate([panel.points[..., 2].ravel() for panel in face.laid(beams)])
    return float(z.min()), float(z.max())


def view_over_hood(d: Definition, h_point: tuple[float, float]) -> float:
    """How far below the horizontal the hood lets V2 see, deg (UN R125, 5.1.3: planes 4 deg below V2 are free
    but for pillars, wipers and the steering wheel)."""
    x = np.linspace(0.0, d.x_cowl, 160)
    ahead = h_point[0] + V2_BEHIND_MM - x
    below = h_point[1] + V2_ABOVE_MM - d.profile(x)
    return float(np.degrees(np.arctan2(below, ahead)).min())
