"""The car's rear around its lamps: lid, plate, badge bar, valance with blades, reflectors."""

from __future__ import annotations

import numpy as np

from .definition import Definition
from .face import (
    BLACK,
    CLEAR,
    LAYERS,
    METAL,
    ON_PANEL,
    SATIN,
    SEAM_LAYER,
    Face,
    Loft,
    Patch,
    block,
    strip,
)
from .lamps import Lamps
from .nose import PLATE_MM, bar, frame_colour, plate
from .tail_lamps import tail_lamps

SEAM_MM = 5.0


def tail_patches(d: Definition, face: Face) -> list[Patch]:
    """Right lamps, reflector and lid line, and the plate, badge bar and valance of both sides."""
    lamps = tail_lamps(d, face)
    plate_low = 0.455 * face.tall
    found = [*lamps.patches, *plate("rear", plate_low), *_lid(face, lamps), *_valance(face)]
    above = plate_low + PLATE_MM[1] + 0.045 * face.tall
    room = min(lamps.ceiling, lamps.low if lamps.inner < 160.0 else lamps.ceiling) - above
    if room > 22.0:
        found.append(bar("rear badge", frame_colour(d), 95.0, 95.0, above, above + 11.0, 0, METAL))
    return found


def _lid(face: Face, lamps: Lamps) -> list[Patch]:
    """The right half of the lid's shut line: along the bumper and up to the lamp, or beside it."""
    low = 0.345 * face.tall
    beside = lamps.low >= lamps.ceiling
    s = lamps.inner - 22.0 if beside else face.corner - 0.13 * face.half
    high = 0.965 * face.tall if beside else _under(face, lamps, s)
    path = [(0.3, low), (s - 14.0, low), (s, high)]
    return [
        Patch("lid seam right", BLACK, *strip(path, SEAM_MM, 34.0, 22.0), SEAM_LAYER),
    ]


def _under(face: Face, lamps: Lamps, s: float) -> float:
    """Lowest height of lamps within 40 mm of s, less a little; the lid line ends there, mm."""
    near = [p.z[np.abs(p.s - s) < 40.0] for p in lamps.patches if p.name.startswith("tail l")]
    return float(min((z.min() for z in near if z.size), default=0.93 * face.tall)) - 9.0


def _valance(face: Face) -> list[Patch]:
    """Dark lower bumper with blades, and the right reflector above its end."""
    tall, corner, half = face.tall, face.corner, face.half
    low, high = 0.018 * tall, 0.195 * tall
    end = min(corner + 0.10 * half, face.reach(low, high))
    drop = 0.30 * (high - low)
    field = Loft(
        ((0.0, low), (0.55 * end, low), (end - 10.0, low + 0.1 * drop)),
        ((0.0, high), (0.72 * end, high), (end, high - drop)),
    )
    found = [Patch("rear valance", BLACK, *field.grid(shape=(44, 9)), LAYERS[0])]
    for k, share in enumerate((0.10, 0.27, 0.44)):
        s = share * half
        grid = block((s - 4.0, low + 6.0), (s + 4.0, high - 0.34 * (high - low)), 5.0 * share, (3, 6))
        found.append(Patch(f"diffuser blade {k + 1} right", SATIN, *grid, LAYERS[ON_PANEL]))
    a, b = corner - 0.22 * half, corner - 0.03 * half
    z = high + 0.028 * tall
    reflector = block((a, z), (b, z + 15.0), 0.0, (9, 3))
    found.append(Patch("rear reflector right", (0.42, 0.01, 0.012, 1.0), *reflector, LAYERS[0], CLEAR))
    return found
