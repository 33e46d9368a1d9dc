"""The body's silhouette in any sketch, drawing, scan, or photo on a plain background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .picture import BoolImage

Box = tuple[float, float, float, float]


def box_of(mask: BoolImage) -> Box:
    """Left, top, right, bottom (pixel edges) of a silhouette that is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def foreground_box(ink: NDArray[np.uint8], paint: NDArray[np.uint8]) -> Box:
    """Box of a clean drawing's body from its two channels: paint, and dark ink (tyres, glass, contour)."""
    mask = (paint > 100) | (ink < 110)
    return box_of(mask) if mask.any() else (0.0, 0.0, float(ink.shape[1]), float(ink.shape[0]))
